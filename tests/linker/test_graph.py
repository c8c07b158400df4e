"""The link graph: counts, orphans, depth, PageRank, broken links, the contract of clusters."""

from __future__ import annotations

import pytest

from igny8.linker.graph import build, click_depth, missing_cluster_links, page_rank
from igny8.linker.types import Link, Page


def page(page_id: str, **more: object) -> Page:
    return Page(page_id, f"slug-{page_id}", f"Title {page_id}", "", **more)  # type: ignore[arg-type]


def link(source: str, target: str | None, anchor: str = "words", start: int = 0) -> Link:
    return Link(source, target, anchor, f"/{target}/", start, start + 9)


def test_counts_take_every_linking_page_once() -> None:
    graph = build(
        [page("a"), page("b"), page("c")],
        [link("a", "b"), link("a", "b", start=20), link("c", "b"), link("b", "a")],
    )
    assert graph.incoming_count("b") == 2
    assert len(graph.incoming["b"]) == 3
    assert graph.outgoing_count("a") == 1
    assert graph.sources["b"] == ("a", "c")


def test_a_link_of_a_page_to_itself_saves_it_from_nothing() -> None:
    graph = build([page("a"), page("b")], [link("a", "a"), link("b", "b")])
    assert graph.orphans == ("a", "b")
    assert not any(graph.outgoing.values())


def test_home_and_unlinkable_pages_are_no_orphans() -> None:
    pages = [page("a"), page("b", is_linkable=False), page("home")]
    assert build(pages, [], home={"home"}).orphans == ("a",)


def test_weak_pages_have_few_links_in_or_out() -> None:
    ids = "abcdef"
    everyone = [link(a, b) for a in ids for b in ids if a != b]
    pages = [page(i) for i in (*ids, "lonely")]
    graph = build(pages, [*everyone, link("lonely", "a"), link("lonely", "b")])
    assert graph.weak == ("lonely",)
    assert graph.orphans == ("lonely",)


def test_broken_links_lead_to_no_page_of_the_site() -> None:
    graph = build([page("a"), page("b")], [link("a", None), link("a", "gone"), link("a", "b")])
    assert [found.target_id for found in graph.broken] == [None, "gone"]


def test_click_depth_is_the_shortest_way_from_any_start() -> None:
    targets = {"home": ["a", "b"], "a": ["c"], "b": ["c", "d"], "c": ["e"], "d": [], "x": ["home"]}
    assert click_depth(targets, ["home"]) == {"home": 0, "a": 1, "b": 1, "c": 2, "d": 2, "e": 3}


def test_depth_counts_from_the_home_page_else_from_pillars() -> None:
    links = [link("a", "b"), link("b", "c")]
    with_home = [Page("a", "index", "Home", ""), page("b", is_pillar=True), page("c")]
    assert build(with_home, links).depth == {"a": 0, "b": 1, "c": 2}
    with_pillar = [page("a"), page("b", is_pillar=True), page("c")]
    assert build(with_pillar, links).depth == {"b": 0, "c": 1}
    assert build([page("a"), page("b"), page("c")], links).depth == {}


def test_page_rank_of_a_ring_is_even_and_adds_up() -> None:
    rank = page_rank({"a": ["b"], "b": ["c"], "c": ["a"]})
    assert rank == pytest.approx({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3})


def test_page_rank_solves_its_equation_with_a_page_that_links_nowhere() -> None:
    targets = {"hub": ["a", "b"], "a": ["hub"], "b": []}
    rank = page_rank(targets)
    assert sum(rank.values()) == pytest.approx(1)
    base = 0.15 / 3 + 0.85 * rank["b"] / 3
    assert rank["hub"] == pytest.approx(base + 0.85 * rank["a"], abs=1e-6)
    assert rank["a"] == pytest.approx(base + 0.85 * rank["hub"] / 2, abs=1e-6)
    assert page_rank({}) == {}


def test_exact_counts_know_titles_and_keywords_in_any_case() -> None:
    target = page("t", keywords=("blue shoes",))
    anchors = ["Blue  Shoes", "title T", "the blue shoes", "shoes"]
    links = [link(f"s{n}", "t", anchor) for n, anchor in enumerate(anchors)]
    graph = build([target, *(page(f"s{n}") for n in range(4))], links)
    assert graph.exact_count("t") == 2


def test_members_and_pillar_owe_each_other_a_link() -> None:
    pages = [
        page("pillar", cluster_id="c", is_pillar=True),
        page("m1", cluster_id="c"),
        page("m2", cluster_id="c"),
        page("fr", cluster_id="c", locale="fr"),
        page("other", cluster_id="d"),
    ]
    graph = build(pages, [link("m1", "pillar"), link("pillar", "m1"), link("pillar", "m2")])
    assert missing_cluster_links(pages, graph) == [("m2", "pillar")]


def test_the_graph_is_the_same_in_any_order_of_pages_and_links() -> None:
    pages = [page(i) for i in "abcd"]
    links = [link("a", "b"), link("b", "c", start=5), link("b", "d"), link("d", "a")]
    assert build(pages, links) == build(pages[::-1], links[::-1])
