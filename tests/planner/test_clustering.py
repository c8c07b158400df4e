"""Clusters that a person would make, whatever the order of the keywords."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable

import pytest

from igny8.planner.clustering import Candidate, Cluster, Clustering, cluster
from igny8.planner.communities import communities, symmetric

# Labelled by hand: one line is what one page should answer.
PAGES = """
boiler repair; boiler repair leeds; emergency boiler repair; boiler repair cost; boiler repair near me
boiler installation; new boiler installation; boiler installation cost; combi boiler installation
drain unblocking; blocked drain; unblock a drain; blocked drain leeds; how to unblock a drain
bathroom fitting; bathroom fitters; bathroom fitting leeds; small bathroom fitting; bathroom fitters near me
leaking tap; fix a leaking tap; how to fix a leaking tap; leaking tap repair
radiator bleeding; bleed a radiator; how to bleed a radiator; bleeding radiators without a key
espresso machine; best espresso machine; espresso machine for home; small espresso machine
coffee beans; coffee beans online; decaf coffee beans; organic coffee beans; best coffee beans
coffee grinder; burr coffee grinder; manual coffee grinder; best coffee grinder
milk frother; electric milk frother; milk frother for latte; best milk frother
cold brew; cold brew recipe; how to make cold brew; cold brew ratio
coffee subscription; monthly coffee subscription; coffee subscription uk; coffee subscription gift
dog grooming; dog grooming near me; dog grooming leeds; mobile dog grooming; dog grooming prices
puppy training; puppy training classes; puppy training leeds; puppy training tips
dog walking; dog walking services; dog walking leeds; dog walking rates
cat boarding; cat boarding leeds; luxury cat boarding; cat boarding prices
raw dog food; best raw dog food; raw dog food delivery; raw dog food for puppies
"""  # noqa: E501
GROUPS = [line.split("; ") for line in PAGES.strip().splitlines()]
KEYWORDS = [keyword for group in GROUPS for keyword in group]
STRANGERS = ["leeds weather", "quantum chromodynamics", "wedding venues scotland"]


def _cluster(keywords: Iterable[str], **options: object) -> Clustering:
    return cluster([Candidate(k, 100) for k in keywords], **options)  # type: ignore[arg-type]


def _texts(found: Cluster) -> set[str]:
    return {member.text for member in found.members}


def _home(clustering: Clustering, keyword: str) -> Cluster:
    return next(c for c in clustering.clusters if keyword in _texts(c))


def test_clusters_are_the_pages_that_a_person_would_make() -> None:
    found = _cluster(KEYWORDS + STRANGERS)
    pure = [c for c in found.clusters if any(_texts(c) <= set(group) for group in GROUPS)]
    whole = [g for g in GROUPS if any(set(g) <= _texts(c) for c in found.clusters)]
    assert len(pure) >= 0.8 * len(found.clusters)
    assert len(whole) >= 0.8 * len(GROUPS)


def test_every_keyword_is_placed_once_or_left_with_its_reason() -> None:
    found = _cluster(KEYWORDS + STRANGERS)
    placed = [m.text for c in found.clusters for m in c.members]
    left = [u.text for u in found.unclustered]
    assert sorted(placed + left) == sorted(KEYWORDS + STRANGERS)
    assert set(STRANGERS) <= set(left)
    assert all(u.reason and 0 <= u.confidence <= 1 for u in found.unclustered)
    assert all(0 <= m.confidence <= 1 for c in found.clusters for m in c.members)


def test_the_order_of_the_keywords_changes_nothing() -> None:
    candidates = [Candidate(k, n) for n, k in enumerate(KEYWORDS + STRANGERS)]
    expected = cluster(candidates)
    for seed in range(5):
        random.Random(seed).shuffle(candidates)
        assert cluster(candidates) == expected


def test_a_keyword_listed_twice_changes_nothing() -> None:
    once = [Candidate(k, 10) for k in KEYWORDS]
    again = [Candidate(k, 5) for k in KEYWORDS[:20]]
    assert cluster(again + once) == cluster(once)


def test_towns_do_not_make_clusters() -> None:
    services = ["boiler repair", "drain unblocking", "bathroom fitting", "leak detection"]
    towns = ["leeds", "york", "hull", "sheffield"]
    found = _cluster([f"{s} {t}" for s in services for t in towns], places=towns)
    assert [{f"{s} {t}" for t in towns} for s in services] == [
        _texts(_home(found, f"{s} leeds")) for s in services
    ]


def test_named_places_outweigh_the_only_other_word() -> None:
    trades, towns = ["plumber", "roofer", "florist"], ["leeds", "york", "hull"]
    found = _cluster([f"{trade} {town}" for trade in trades for town in towns], places=towns)
    assert {frozenset(_texts(c)) for c in found.clusters} == {
        frozenset(f"{trade} {town}" for town in towns) for trade in trades
    }


def test_variants_are_merged_and_their_volume_is_counted_once() -> None:
    found = cluster(
        [
            Candidate("bike hire leeds", 500),
            Candidate("leeds bike hire", 480),
            Candidate("bicycle hire leeds", 90),
            Candidate("weekly bike hire", 30),
        ]
    )
    (only,) = found.clusters
    assert only.volume == 530
    assert {m.text: m.variant_of for m in only.members} == {
        "bike hire leeds": None,
        "leeds bike hire": "bike hire leeds",
        "bicycle hire leeds": "bike hire leeds",
        "weekly bike hire": None,
    }


def test_a_word_written_apart_and_together_is_one_word() -> None:
    found = _cluster(["ebike battery care", "e-bike battery life", "e bike battery test", "sofa"])
    assert [_texts(c) for c in found.clusters] == [
        {"ebike battery care", "e-bike battery life", "e bike battery test"}
    ]


def test_the_pillar_is_the_much_searched_typical_well_formed_member() -> None:
    found = cluster(
        [
            Candidate("bike service near me", 12_100),
            Candidate("how much does a bike service cost", 9_000),
            Candidate("megastore bike service", 5_400),
            Candidate("bike service leeds", 480),
            Candidate("bike service", 900),
            Candidate("bike service 2026", 20),
        ]
    )
    assert [(c.label, c.pillar) for c in found.clusters] == [("bike service", "bike service")]
    assert found.clusters[0].members[0].text == "bike service"


def _with_intents() -> list[Candidate]:
    knowing = ["how to clean bike chain", "clean bike chain guide", "why clean bike chain",
               "what cleans bike chain", "bike chain cleaning steps"]  # fmt: skip
    buying = ["buy bike chain cleaner", "bike chain cleaner price", "bike chain cleaner deals",
              "bike chain cleaner shop"]  # fmt: skip
    return [Candidate(k, 10, ("informational",)) for k in knowing] + [
        Candidate(k, 10, ("transactional",)) for k in buying
    ]


def test_asking_and_buying_are_kept_apart_where_both_fill_a_page() -> None:
    for found in cluster(_with_intents(), granularity="topic").clusters:
        kinds = {c.intents for c in _with_intents() if c.text in _texts(found)}
        assert len(kinds) == 1


def test_one_question_stays_with_those_who_buy() -> None:
    few = [c for c in _with_intents() if c.intents == ("transactional",)]
    found = cluster([*few, Candidate("bike chain cleaner how to", 10, ("informational",))])
    assert "bike chain cleaner how to" in _texts(found.clusters[0])


def test_locked_keywords_stay_together_and_others_may_join_them() -> None:
    mine = {"boiler repair", "dog walking", "milk frother"}
    found = cluster([Candidate(k, 100, (), "Odds and ends" if k in mine else None)
                     for k in KEYWORDS])  # fmt: skip
    kept = next(c for c in found.clusters if c.label == "Odds and ends")
    assert mine <= _texts(kept)
    assert kept.is_locked
    assert {m.confidence for m in kept.members if m.text in mine} == {1.0}
    assert not any(c.is_locked for c in found.clusters if c is not kept)


def test_keywords_locked_apart_never_meet_even_as_variants() -> None:
    found = cluster(
        [
            Candidate("boiler repair leeds", 10, (), "Leeds"),
            Candidate("leeds boiler repair", 10, (), "Repair"),
            Candidate("boiler repair", 10),
            Candidate("boiler repair cost", 10),
        ]
    )
    assert _texts(_home(found, "boiler repair leeds")) & {"leeds boiler repair"} == set()
    assert {"Leeds", "Repair"} <= {c.label for c in found.clusters}


def test_a_lone_locked_keyword_is_a_cluster() -> None:
    found = cluster([Candidate("quantum chromodynamics", None, (), "Physics")])
    assert [(c.label, c.pillar, c.volume) for c in found.clusters] == [
        ("Physics", "quantum chromodynamics", 0)
    ]


def test_finer_granularity_makes_more_clusters() -> None:
    sizes = [len(_cluster(KEYWORDS, granularity=g).clusters) for g in ("topic", "page", "fine")]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1]


def test_a_topic_is_named_after_its_greatest_cluster() -> None:
    found = _cluster(KEYWORDS)
    for topic in {c.topic for c in found.clusters}:
        about = [c for c in found.clusters if c.topic == topic]
        assert max(about, key=lambda c: c.volume).volume == next(
            c.volume for c in about if c.label == topic
        )
    assert len({c.topic for c in found.clusters}) < len(found.clusters)


@pytest.mark.parametrize("texts", [[], [""], ["!!!", "???"], ["boiler"]])
def test_too_little_to_compare_is_left_alone(texts: list[str]) -> None:
    found = _cluster(texts)
    assert found.clusters == ()
    assert [u.text for u in found.unclustered] == sorted(texts)


def test_labels_are_unique() -> None:
    found = cluster([Candidate(k, 100, (), "boiler repair" if "dog" in k else None)
                     for k in KEYWORDS])  # fmt: skip
    labels = [c.label for c in found.clusters]
    assert len(labels) == len(set(labels))


def test_a_thousand_keywords_take_less_than_a_second() -> None:
    chance = random.Random(3)
    words = [f"{a}{b}" for a in ("bl", "cr", "st", "pr", "gr") for b in ("oat", "ick", "um", "ane")]
    many = sorted({" ".join(chance.sample(words, chance.randint(2, 4))) for _ in range(1_100)})
    start = time.process_time()
    _cluster(many[:1_000])
    assert time.process_time() - start < 2  # measured 0.2; the machine may be busy


def test_communities_hold_where_the_mean_edge_outweighs_the_resolution() -> None:
    near = [[(1, 0.9), (2, 0.9)], [(2, 0.9)], [(3, 0.1)], [(4, 0.9)], []]
    graph = symmetric(near)
    assert communities(graph, 0.3) == [0, 0, 0, 1, 1]
    assert communities(graph, 0.95) == [0, 1, 2, 3, 4]
    assert communities(graph, 0.01) == [0, 0, 0, 0, 0]


def test_anchored_nodes_never_leave_their_anchor() -> None:
    graph = symmetric([[(1, 0.9)], [], [(3, 0.9)], []])
    assert communities(graph, 0.3, {0: "a", 1: "b", 2: "a", 3: "b"}) == [0, 1, 0, 1]


def test_an_empty_graph_has_no_communities() -> None:
    assert communities([], 0.1) == []
