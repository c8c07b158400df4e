"""What the linker suggests and chooses: by which words, in which order, and why not."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest

from igny8.linker.candidates import WEIGHTS, suggest
from igny8.linker.graph import build
from igny8.linker.index import index_of
from igny8.linker.injection import existing_links, href_of, inject, target_of
from igny8.linker.phrases import Kind, phrases_of
from igny8.linker.selection import select
from igny8.linker.types import Limits, Link, Page, Reason, Selection, Suggestions

NO_FLOOR = replace(Limits.lifted(), minimum_score=0.0)


def page(page_id: str, title: str, body: str = "", **more: object) -> Page:
    return Page(page_id, page_id, title, body, **more)  # type: ignore[arg-type]


def links_of(pages: Iterable[Page], origin: str = "linker") -> list[Link]:
    return [
        Link(p.id, target_of(f.href), f.anchor, f.href, f.start, f.end, origin)  # type: ignore[arg-type]
        for p in pages
        for f in existing_links(p.body, p.body_format)
    ]


def suggest_all(pages: Sequence[Page], limits: Limits) -> list[Suggestions]:
    index, graph = index_of(pages), build(pages, links_of(pages))
    return [suggest(p, index, graph, limits) for p in pages]


def choose(pages: Sequence[Page], limits: Limits) -> Selection:
    return select(suggest_all(pages, limits), build(pages, links_of(pages)), limits)


def apply(pages: Sequence[Page], limits: Limits) -> list[Page]:
    places = defaultdict(list)
    for c in choose(pages, limits).chosen:
        places[c.source_id].append((c.start, c.end, href_of(c.target_id)))
    return [replace(p, body=inject(p.body, p.body_format, places[p.id])) for p in pages]


def anchors(body: str, *targets: Page, source: Page | None = None) -> dict[str, str]:
    """The target of each anchor that a page with this body is offered."""
    origin = replace(source or page("source", "Zebra crossings"), body=body)
    found = suggest_all([origin, *targets], NO_FLOOR)[0]
    return {c.anchor: c.target_id for c in found.candidates}


def reason(body: str, *targets: Page, source: Page | None = None) -> Reason | None:
    """Why the first of `targets` is not offered."""
    origin = replace(source or page("source", "Zebra crossings"), body=body)
    found = suggest_all([origin, *targets], NO_FLOOR)[0]
    return next((r.reason for r in found.rejections if r.target_id == targets[0].id), None)


SHOES = page("shoes", "Trail running shoes")


def test_a_title_is_found_in_another_inflection() -> None:
    assert anchors("Buy a trail running shoe today.", SHOES) == {"trail running shoe": "shoes"}


def test_an_anchor_never_crosses_the_end_of_a_sentence() -> None:
    assert anchors("We like the trail. Running shoes are dear.", SHOES) == {
        "Running shoes": "shoes"
    }
    assert reason("A trail, running: shoes!", SHOES) is Reason.UNNATURAL_ANCHOR


def test_longer_names_keep_shorter_ones_out_of_their_words() -> None:
    short = page("running", "Running")
    body = "Our trail running shoes. And running itself."
    assert anchors(body, SHOES, short) == {"trail running shoes": "shoes", "running": "running"}


def test_a_name_at_the_end_of_a_text_is_found_whole() -> None:
    screen = page("screen", "Smoke screen test")
    smoke, magic = page("smoke", "Smoke"), page("magic", "Magic smoke")
    assert anchors("It is magic smoke", magic, smoke, screen) == {"magic smoke": "magic"}


def test_a_title_is_known_without_its_subtitle_and_lead_in() -> None:
    target = page("roast", "How to Roast Coffee: The Complete Guide")
    assert anchors("You can roast coffee at home.", target) == {"roast coffee": "roast"}
    found = phrases_of(page("x", "A Beginner's Guide to Sourdough Baking (2024)"))
    assert {p.text for p in found if p.kind is Kind.SHORT_TITLE} >= {"Sourdough Baking"}


def test_anchors_hold_no_article_at_their_edge() -> None:
    assert anchors("It came over the network.", page("net", "The network")) == {"network": "net"}


@pytest.mark.parametrize("title", ["X", "7", "Here", "Read more", "The", "Up", "2024"])
def test_a_name_that_tells_nothing_is_never_an_anchor(title: str) -> None:
    body = "Here is X and 7 and 2024, read more, the end is up."
    assert anchors(body, page("target", title)) == {}


def test_an_acronym_needs_its_capitals() -> None:
    target = page("it", "IT")
    assert anchors("Ask the IT people.", target) == {"IT": "it"}
    assert anchors("Ask it again.", target) == {}


def test_signs_belong_to_a_name() -> None:
    assert anchors("Written in C++ and C.", page("cpp", "C++")) == {"C++": "cpp"}
    assert anchors("Send it to /dev/null now.", page("null", "/dev/null")) == {"/dev/null": "null"}


@pytest.mark.parametrize(
    "text", ["a/running/b", "#running", "running.com", "pre-running", "x@running"]
)
def test_a_part_of_a_longer_name_is_no_anchor(text: str) -> None:
    assert anchors(f"Take {text} here.", page("running", "Running")) == {}


def test_quoted_speech_gets_no_links() -> None:
    body = "She said “my trail running shoes are new” and left."
    assert anchors(body, SHOES) == {}


def test_words_without_spaces_are_found() -> None:
    target = page("t", "内部链接", locale="zh")
    source = page("source", "首页", locale="zh")
    assert anchors("请看内部链接的说明", target, source=source) == {"内部链接": "t"}


def test_german_names_are_found_by_german_stems() -> None:
    target = page("t", "Laufschuhe kaufen", locale="de", keywords=("Laufschuh",))
    source = page("source", "Wandern", locale="de")
    assert anchors("Die Laufschuhe passen.", target, source=source) == {"Laufschuhe": "t"}


def test_linker_never_links_a_page_to_itself() -> None:
    source = page("me", "Trail running shoes")
    other = page("other", "Trail running shoes")
    assert anchors("Trail running shoes again.", other, source=source) == {}


@pytest.mark.parametrize(
    ("body", "target", "expected"),
    [
        ("trail running shoes", replace(SHOES, is_linkable=False), Reason.NOT_LINKABLE),
        ("trail running shoes", replace(SHOES, locale="en-GB"), Reason.OTHER_LOCALE),
        ("[x](igny8:shoes) trail running shoes", SHOES, Reason.ALREADY_LINKED),
        ("# Trail running shoes", SHOES, Reason.FORBIDDEN_PLACE),
        ("`trail` running shoes", replace(SHOES, title="Trail boots"), None),
    ],
)
def test_every_refused_target_has_its_reason(
    body: str, target: Page, expected: Reason | None
) -> None:
    assert anchors(body, target) == {}
    assert reason(body, target) is expected


def test_a_silent_page_of_the_same_cluster_is_reported() -> None:
    source = page("source", "Zebra crossings", cluster_id="c")
    assert reason("No word.", replace(SHOES, cluster_id="c"), source=source) is Reason.NOT_IN_TEXT


def test_of_two_pages_with_one_name_the_nearer_in_meaning_is_offered() -> None:
    tree = page("tree", "Java", "island volcano rice coffee harbour")
    code = page("code", "Java", "compiler bytecode class method thread")
    filler = [page(f"f{n}", f"Filler {n}", "unrelated words stand here") for n in range(5)]
    body = "The compiler turns each class and method into bytecode, says Java."
    source = page("source", "Zebra crossings", body)
    found = suggest_all([source, tree, code, *filler], NO_FLOOR)[0]
    assert [c.target_id for c in found.candidates] == ["code"]
    assert {r.target_id: r.reason for r in found.rejections}["tree"] is Reason.BETTER_TARGET


def test_shares_add_up_to_the_score_and_are_all_named() -> None:
    body = "See trail running shoes."
    found = suggest_all([page("source", "Zebra", body), SHOES], NO_FLOOR)[0]
    (candidate,) = found.candidates
    assert sum(candidate.signals.values()) == pytest.approx(candidate.score)
    assert set(candidate.signals) == set(WEIGHTS)
    assert candidate.signals["reference"] == WEIGHTS["reference"]


def test_orphans_cluster_mates_and_references_rank_higher() -> None:
    body = "Running shoes and hiking boots."
    shoes, boots = page("shoes", "Running shoes"), page("boots", "Hiking boots")

    def first(*pages: Page, links: Sequence[Link] = (), text: str = body) -> str:
        source = page("source", "Zebra", text, cluster_id="c")
        every = [source, *pages]
        found = suggest(source, index_of(every), build(every, links), NO_FLOOR)
        return found.candidates[0].target_id

    others = [page(f"o{n}", f"Other {n}") for n in range(3)]
    to_shoes = [Link(o.id, "shoes", "words", "/shoes/", 0, 5) for o in others]
    assert first(shoes, boots, *others, links=to_shoes) == "boots"
    assert first(shoes, replace(boots, cluster_id="c")) == "boots"
    assert first(shoes, boots, text="Running shoes. Compare hiking boots.") == "boots"


@pytest.mark.parametrize(
    "text",
    ["See also [boots](igny8:b), {}.", 'See <a href="igny8:b">boots</a> and {}.', "(cf. {})"],
)
def test_a_reference_is_seen_past_the_links_in_it(text: str) -> None:
    body = text.format("trail running shoes")
    found = suggest_all([page("source", "Zebra", body), SHOES], NO_FLOOR)[0]
    assert found.candidates[0].signals["reference"] == WEIGHTS["reference"]


def test_links_of_people_teach_which_words_to_link() -> None:
    bodies = ["A gadget and a widget."] * 6
    sources = [page(f"s{n}", f"Source {n}", body) for n, body in enumerate(bodies)]
    gadget = page("gadget", "Gadget", anchors=(("gadget", 5),))
    widget = page("widget", "Widget")
    found = suggest_all([*sources, gadget, widget], NO_FLOOR)[0]
    assert [c.target_id for c in found.candidates] == ["gadget", "widget"]
    assert found.candidates[0].signals["habit"] > 0 > found.candidates[1].signals["habit"]


def test_weak_candidates_are_rejected_as_not_relevant() -> None:
    strict = replace(Limits.lifted(), minimum_score=9.0)
    found = suggest_all([page("source", "Zebra", "trail running shoes"), SHOES], strict)[0]
    assert found.candidates == ()
    assert [r.reason for r in found.rejections] == [Reason.LOW_RELEVANCE]


def site(seed: int, size: int = 30) -> list[Page]:
    """A site whose pages name each other, in both formats, some with links already."""
    dice = random.Random(seed)
    nouns = "anchor basket copper dragon engine falcon garden harbor island jungle".split()
    adjectives = "amber bitter clever dusty eager".split()
    names = [f"{a} {n}" for n in nouns for a in adjectives][:size]
    pages = []
    for number, name in enumerate(names):
        blocks = []
        for _ in range(dice.randrange(2, 7)):
            words = ["plain", "words"] * 12 + dice.sample(names, 3)
            words += [f"{dice.choice(names)}s", f"[old](igny8:p{dice.randrange(size)})"][
                : dice.randrange(3)
            ]
            dice.shuffle(words)
            blocks.append(" ".join(words) + ".")
        is_html = number % 3 == 0
        body = (
            "".join(f"<p>{block}</p>\r\n" for block in blocks) if is_html else "\n\n".join(blocks)
        )
        pages.append(
            page(
                f"p{number}",
                name.title(),
                body,
                body_format="html" if is_html else "markdown",
                locale="en" if number % 7 else "en-GB",
                is_linkable=number % 11 != 0,
                cluster_id=f"c{number % 4}",
            )
        )
    return pages


@pytest.mark.parametrize("seed", range(6))
def test_a_run_keeps_every_rule_and_cap(seed: int) -> None:
    pages = site(seed)
    limits = Limits(per_words=40, per_page=3, incoming_per_run=4, minimum_score=0.2)
    by_id = {p.id: p for p in pages}
    standing = {(link.source_id, link.target_id) for link in links_of(pages)}
    linked = apply(pages, limits)
    graph = build(linked, links_of(linked))
    added: Counter[str] = Counter()
    for p in linked:
        found = existing_links(p.body, p.body_format)
        fresh = [f for f in found if (p.id, target_of(f.href)) not in standing]
        targets = [str(target_of(f.href)) for f in fresh]
        added.update(targets)
        assert len(targets) == len(set(targets))
        assert p.id not in targets
        assert all(by_id[t].is_linkable and by_id[t].locale == p.locale for t in targets)
        if fresh:
            words = len(by_id[p.id].body.split())
            assert len(found) <= min(3, max(1, words // 40))
            counts = Counter(f.paragraph for f in found)
            assert all(counts[f.paragraph] == 1 for f in fresh)
    assert added
    for target in added:
        assert len(graph.incoming[target]) <= max(4, sum(1 for _, to in standing if to == target))
    before = build(pages, links_of(pages))
    for target in added:
        share = max(1, len(graph.incoming[target]) // 2)
        assert graph.exact_count(target) <= max(share, before.exact_count(target))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("limits", [Limits(per_words=40, minimum_score=0.2), Limits.lifted()])
def test_a_second_run_changes_nothing(seed: int, limits: Limits) -> None:
    once = apply(site(seed), limits)
    assert once != site(seed)
    assert apply(once, limits) == once


def test_the_choice_is_the_same_in_any_order_of_pages() -> None:
    pages, limits = site(3), Limits(per_words=40, minimum_score=0.2)
    assert choose(pages, limits) == choose(pages[::-1], limits)


def test_other_words_make_room_for_one_more_exact_match() -> None:
    bodies = ["the blue kettle works", "the blue kettle boils", "two blue kettles sing"]
    pages = [page(f"s{n}", f"Story {n}", body) for n, body in enumerate(bodies)]
    pages.append(page("kettle", "Blue kettle"))
    limits = Limits(minimum_score=0.0)
    assert [(c.source_id, c.is_exact) for c in choose(pages, limits).chosen] == [
        ("s0", True),
        ("s2", False),
    ]
    refused = {r.source_id: r.reason for r in choose(pages, limits).rejections}
    assert refused["s1"] is Reason.EXACT_SHARE
    pages.insert(0, page("s3", "Story 3", "three blue kettles hum"))
    assert len(choose(pages, limits).chosen) == 4


def test_a_target_has_one_link_a_page_however_often_it_is_named() -> None:
    body = "\n\n".join(["A trail running shoe here."] * 4)
    pages = [page("source", "Zebra", body), SHOES]
    (chosen,) = choose(pages, replace(Limits.lifted(), minimum_score=0.0)).chosen
    assert chosen.start == body.index("trail")
