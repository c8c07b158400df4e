"""The link graph of a site: who links to whom, orphans, depth, PageRank. Suggests nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from igny8.linker.phrases import exact_anchors, normal
from igny8.linker.types import Link, Page

_FEW_IN = 3
_FEW_OUT = 2
_DAMPING = 0.85
_ROUNDS = 60
_PRECISION = 1e-9
_HOME_SLUGS = frozenset({"", "/", "home", "index"})


@dataclass(frozen=True, slots=True)
class Graph:
    """A site's internal links, seen at once. Ids are sorted wherever they stand in a row.

    `outgoing` and `incoming` hold a page's links by place; links of a page to itself and broken
    ones are in neither. `targets` and `sources` are the other ends, each once. `depth` is the
    fewest clicks from a home page, without the pages that no path reaches. `rank` adds up to 1.
    """

    pages: tuple[str, ...]
    outgoing: Mapping[str, tuple[Link, ...]]
    incoming: Mapping[str, tuple[Link, ...]]
    targets: Mapping[str, tuple[str, ...]]
    sources: Mapping[str, tuple[str, ...]]
    depth: Mapping[str, int]
    rank: Mapping[str, float]
    orphans: tuple[str, ...]
    weak: tuple[str, ...]
    broken: tuple[Link, ...]
    names: Mapping[str, Page]

    def incoming_count(self, page_id: str) -> int:
        """Return how many pages link to this one."""
        return len(self.sources.get(page_id, ()))

    def outgoing_count(self, page_id: str) -> int:
        """Return to how many pages this one links."""
        return len(self.targets.get(page_id, ()))

    def exact_count(self, page_id: str) -> int:
        """Return how many incoming links have the page's title or focus keyphrase as anchor."""
        links = self.incoming.get(page_id, ())
        exact = exact_anchors(self.names[page_id]) if links else frozenset()
        return sum(1 for link in links if normal(link.anchor) in exact)

    def made_count(self, page_id: str) -> int:
        """Return how many incoming links the linker has made."""
        return sum(1 for link in self.incoming.get(page_id, ()) if link.origin == "linker")


def build(pages: Sequence[Page], links: Iterable[Link], home: Collection[str] = ()) -> Graph:
    """Return the graph of `links` between `pages`.

    Clicks are counted from the pages of `home` (ids), else from those whose slug says home, else
    from the pillar pages. Orphans have no incoming link; weak pages have fewer than three or
    link to fewer than two; only linkable pages that are no start count as either. A link is
    broken when its target is none of `pages`.
    """
    ids = tuple(sorted({page.id for page in pages}))
    known = frozenset(ids)
    outgoing: dict[str, list[Link]] = {page: [] for page in ids}
    incoming: dict[str, list[Link]] = {page: [] for page in ids}
    broken = []
    for link in sorted(links, key=lambda link: (link.source_id, link.start, link.end, link.href)):
        if link.target_id is None or link.target_id not in known:
            broken.append(link)
        elif link.source_id != link.target_id and link.source_id in known:
            outgoing[link.source_id].append(link)
            incoming[link.target_id].append(link)
    targets = {p: tuple(sorted({str(x.target_id) for x in outgoing[p]})) for p in ids}
    sources = {p: tuple(sorted({x.source_id for x in incoming[p]})) for p in ids}
    starts = _starts(pages, home)
    judged = sorted({p.id for p in pages if p.is_linkable} - starts)
    return Graph(
        pages=ids,
        outgoing={page: tuple(found) for page, found in outgoing.items()},
        incoming={page: tuple(found) for page, found in incoming.items()},
        targets=targets,
        sources=sources,
        depth=click_depth(targets, starts),
        rank=page_rank(targets),
        orphans=tuple(page for page in judged if not sources[page]),
        weak=tuple(p for p in judged if len(sources[p]) < _FEW_IN or len(targets[p]) < _FEW_OUT),
        broken=tuple(broken),
        names={page.id: page for page in pages},
    )


def click_depth(targets: Mapping[str, Sequence[str]], starts: Iterable[str]) -> dict[str, int]:
    """Return the fewest clicks from any of `starts` to every page that can be reached."""
    depth = dict.fromkeys(sorted(starts), 0)
    queue = deque(depth)
    while queue:
        page = queue.popleft()
        for target in targets.get(page, ()):
            if target not in depth:
                depth[target] = depth[page] + 1
                queue.append(target)
    return depth


def page_rank(targets: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """Return every page's PageRank (damping 0.85); a page without links gives to all alike."""
    if not targets:
        return {}
    pages = sorted(targets)
    number = {page: index for index, page in enumerate(pages)}
    links_out = [len(targets[page]) for page in pages]
    sources: list[list[int]] = [[] for _ in pages]
    for page in pages:
        for target in targets[page]:
            sources[number[target]].append(number[page])
    size = len(pages)
    rank = [1 / size] * size
    for _ in range(_ROUNDS):
        stuck = sum(value for value, count in zip(rank, links_out, strict=True) if not count)
        base = (1 - _DAMPING + _DAMPING * stuck) / size
        shares = [
            _DAMPING * value / count if count else 0.0
            for value, count in zip(rank, links_out, strict=True)
        ]
        fresh = [sum(map(shares.__getitem__, found), base) for found in sources]
        moved = sum(abs(a - b) for a, b in zip(rank, fresh, strict=True))
        rank = fresh
        if moved < _PRECISION:
            break
    return dict(zip(pages, rank, strict=True))


def missing_cluster_links(pages: Sequence[Page], graph: Graph) -> list[tuple[str, str]]:
    """Return the (source, target) links that the contract of clusters asks for and that lack.

    Every member links to its cluster's pillar, in its own locale, and the pillar to every member.
    """
    pillars: dict[tuple[str, str], list[str]] = {}
    for page in pages:
        if page.is_pillar and page.is_linkable and page.cluster_id is not None:
            pillars.setdefault((page.cluster_id, page.locale), []).append(page.id)
    missing = []
    for page in pages:
        if page.cluster_id is None or page.is_pillar or not page.is_linkable:
            continue
        for pillar in pillars.get((page.cluster_id, page.locale), []):
            for source, target in ((page.id, pillar), (pillar, page.id)):
                if target not in graph.targets.get(source, ()):
                    missing.append((source, target))
    return sorted(missing)


def _starts(pages: Sequence[Page], home: Collection[str]) -> frozenset[str]:
    known = {page.id for page in pages}
    choices = (
        known & set(home),
        {page.id for page in pages if page.slug.lower() in _HOME_SLUGS},
        {page.id for page in pages if page.is_pillar},
    )
    return frozenset(next((choice for choice in choices if choice), set()))
