from __future__ import annotations

import pytest

from igny8.planner.ideation import (
    Business,
    Subject,
    TargetCluster,
    TargetKeyword,
    ideate,
    ideate_all,
)

BRAKES = Subject(
    title="Brake adjustment and pad replacement",
    kind="service",
    terms=("bike brake adjustment", "replace brake pads", "bike brakes squeaking"),
    sections=(
        ("What brake adjustment costs", "fact"),
        ("Why brakes squeal", "fact"),
        ("How to centre a brake at home", "step"),
        ("Wear limits", "spec"),
        ("Questions about brakes", "qa"),
    ),
    has_price=True,
)
CHAIN = Subject(
    title="Chain wear and cleaning",
    kind="guide",
    terms=("clean a bike chain", "chain wear"),
    sections=(("How chains wear", "fact"), ("Cleaning a chain", "step"), ("Oils", "fact")),
)
LAMP = Subject(
    title="Lumen light set",
    kind="product",
    terms=("bike lights", "usb bike lights"),
    sections=(("To be seen", "fact"), ("Light specification", "spec")),
    has_price=True,
)
BUSINESS = Business(
    subjects=(BRAKES, CHAIN, LAMP),
    places=("Leeds", "Armley"),
    spellings={"leeds": "Leeds", "dot": "DOT", "otley": "Otley", "chevin": "Chevin"},
    locale="en-GB",
)


def cluster(*texts: str, label: str = "") -> TargetCluster:
    keywords = tuple(TargetKeyword(text, volume=1000 - 100 * nth) for nth, text in enumerate(texts))
    return TargetCluster(label or texts[0], keywords)


def title_of(*texts: str, business: Business = BUSINESS) -> str:
    return ideate(cluster(*texts), business)[0].title


def test_a_service_that_people_book_becomes_a_service_page() -> None:
    (idea,) = ideate(cluster("bike brake adjustment leeds", "brake adjustment near me"), BUSINESS)
    assert idea.entity_type == "service"
    assert idea.title.startswith("Brake adjustment and pad replacement")
    assert [s.kind for s in idea.outline] == ["fact", "fact", "step", "spec", "qa"]
    assert idea.outline[0].heading == "What brake adjustment costs"
    assert idea.estimated_words == 70 + sum(section.words for section in idea.outline)
    assert idea.target_keywords[0] in ("bike brake adjustment leeds", "brake adjustment near me")


def test_a_thing_that_people_buy_becomes_a_product_page() -> None:
    (idea,) = ideate(cluster("usb bike lights", "bike lights"), BUSINESS)
    assert idea.entity_type == "product"
    assert idea.title.startswith("Lumen light set")


def test_what_people_ask_becomes_a_post() -> None:
    (idea,) = ideate(cluster("how to clean a bike chain", "why do bike chains wear"), BUSINESS)
    assert idea.entity_type == "post"
    assert idea.questions == ("Why do bike chains wear?",)


def test_three_products_of_one_kind_make_a_taxonomy() -> None:
    lamps = tuple(
        Subject(f"{name} bike light", "product", (f"{name} bike light",))
        for name in ("Front", "Rear", "Dynamo")
    )
    (idea,) = ideate(cluster("bike light", "bike lights leeds"), Business(subjects=lamps))
    assert idea.entity_type == "taxonomy"


def test_askers_and_buyers_get_a_page_each_where_nothing_is_known_of_either() -> None:
    mixed = cluster(
        "piano tuning leeds",
        "piano tuner near me",
        "how to tune a piano",
        "why do pianos go out of tune",
    )
    ideas = ideate(mixed, Business(places=("Leeds",)))
    assert [idea.entity_type for idea in ideas] == ["page", "post"]
    taken = [keyword for idea in ideas for keyword in idea.target_keywords]
    assert sorted(taken) == sorted(keyword.text for keyword in mixed.keywords)


def test_one_page_serves_askers_and_buyers_where_one_subject_is_all_there_is() -> None:
    mixed = cluster(
        "bike brake adjustment leeds",
        "brake pads leeds",
        "why do bike brakes squeak",
        "how to replace brake pads",
    )
    (idea,) = ideate(mixed, BUSINESS)
    assert set(idea.target_keywords) == {keyword.text for keyword in mixed.keywords}


def test_no_two_ideas_own_a_keyword_or_a_title() -> None:
    clusters = [
        cluster("bike brake adjustment", "brake pads leeds"),
        cluster("Bike  brake adjustment", "bike brakes squeaking"),
        cluster("bike brakes squeaking"),
    ]
    ideas = ideate_all(clusters, BUSINESS)
    assert len(ideas) == 2
    keywords = [" ".join(k.lower().split()) for idea in ideas for k in idea.target_keywords]
    assert len(keywords) == len(set(keywords))
    assert len({idea.title for idea in ideas}) == len(ideas)


def test_a_cluster_whose_keywords_are_taken_gives_no_idea() -> None:
    assert ideate(cluster("chain wear"), BUSINESS, owned=["Chain  wear"]) == ()
    assert ideate(TargetCluster("empty", ()), BUSINESS) == ()


@pytest.mark.parametrize(
    ("keyword", "start"),
    [
        ("how to tighten bike headset", "How to tighten a bike headset"),
        ("how to bleed brakes", "How to bleed brakes"),
        ("bleed hydraulic brakes", "How to bleed hydraulic brakes"),
        ("why do my gears slip", "Why do my gears slip?"),
        ("mineral oil or dot fluid", "Mineral oil or DOT fluid: "),
        ("how to store a bike over winter", "How to store a bike over winter"),
    ],
)
def test_titles_are_sentences_a_person_would_write(keyword: str, start: str) -> None:
    idea = ideate(
        TargetCluster(keyword, (TargetKeyword(keyword, 10, ("informational",)),)),
        Business(spellings=BUSINESS.spellings),
    )[0]
    assert idea.title.startswith(start)
    assert len(idea.title) <= 60


def test_a_place_is_cut_off_only_where_the_rest_stands_alone() -> None:
    business = Business(places=("Leeds",), spellings=BUSINESS.spellings)
    assert "in Leeds" in title_of("piano tuner leeds", business=business) or (
        title_of("piano tuner leeds", business=business).startswith("Piano tuner")
    )
    assert title_of("leeds to otley ride", business=business).startswith("Leeds to Otley ride")
    assert title_of("otley chevin climb", business=business).startswith("Otley Chevin climb")


def test_titles_promise_only_what_the_subject_has() -> None:
    bare = Subject("Key cutting", "service", ("key cutting",))
    titles: list[str] = []
    for nth in range(6):
        made = ideate(
            cluster(f"key cutting {nth}", "key cutting"), Business(subjects=(bare,)), titles=titles
        )
        titles += [idea.title for idea in made]
    for word in ("price", "step", "questions", "specification"):
        assert not any(word in title for title in titles)


def test_titles_do_not_all_follow_one_pattern() -> None:
    names = ["piano", "violin", "guitar", "trumpet", "harp", "cello", "flute", "drum"]
    ideas = ideate_all([cluster(f"{name} repair near me") for name in names], Business())
    tails = {idea.title.lower().split(" repair", 1)[1] for idea in ideas}
    assert len(ideas) == len(names)
    assert len(tails) >= 3


def test_a_section_carries_terms_of_the_cluster_nearest_first() -> None:
    (idea,) = ideate(
        cluster("bike brake adjustment", "brake pads leeds", "bike brakes squeal"), BUSINESS
    )
    squeal = next(section for section in idea.outline if section.heading == "Why brakes squeal")
    assert squeal.terms[0] == "bike brakes squeal"
    assert all(4 <= len(section.terms) <= 8 for section in idea.outline)


def test_without_knowledge_the_outline_comes_from_the_keywords() -> None:
    (idea,) = ideate(cluster("piano tuning", "piano string repair", "piano moving"), Business())
    assert [section.heading for section in idea.outline] == ["Piano string repair", "Piano moving"]


def test_the_same_cluster_gives_the_same_ideas_in_any_order_of_keywords() -> None:
    one = cluster("bike brake adjustment", "brake pads leeds")
    other = TargetCluster(one.label, tuple(reversed(one.keywords)))
    assert ideate(one, BUSINESS) == ideate(other, BUSINESS)


def test_a_second_idea_on_one_subject_says_which_title_covers_it() -> None:
    first, second = ideate_all(
        [cluster("bike brake adjustment"), cluster("replace brake pads")], BUSINESS
    )
    assert first.subject == second.subject == BRAKES.title
    assert first.covered_by == ""
    assert second.covered_by == first.title


def test_the_focus_is_the_keyword_that_the_subject_answers() -> None:
    odd = TargetCluster(
        "hire",
        (
            TargetKeyword("canal boat brake hire skipton", 5000),
            TargetKeyword("bike brake adjustment leeds", 100),
            TargetKeyword("brake pads leeds", 90),
        ),
    )
    assert ideate(odd, BUSINESS)[0].target_keywords[0] != "canal boat brake hire skipton"
