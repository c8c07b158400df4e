"""Which pages are related: by the links between them, then by what they share. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from igny8.writer.types import Head

LIMIT = 6


def related_items(contents: Sequence[Head]) -> dict[str, tuple[str, ...]]:
    """Return item id → ids of at most LIMIT related items, the nearest first.

    First those that an item links to, then those that link to it, then others of its cluster. An
    item that has none of these takes its neighbours in time within its rarest term.
    """
    names = _names(contents)
    outgoing = {item.id: _targets(item, names) for item in contents}
    incoming: dict[str, list[str]] = defaultdict(list)
    clusters: dict[str, list[str]] = defaultdict(list)
    for item in contents:
        for target in outgoing[item.id]:
            incoming[target].append(item.id)
        if item.cluster_id:
            clusters[item.cluster_id].append(item.id)
    near: _Neighbours | None = None
    found: dict[str, tuple[str, ...]] = {}
    for item in contents:
        linked = chain(
            outgoing[item.id], incoming[item.id], clusters.get(item.cluster_id or "", ())
        )
        ids = _others(item, linked)
        if not ids:
            near = near or _Neighbours(contents)
            ids = _others(item, near.of(item))
        found[item.id] = ids
    return found


def _others(item: Head, ids: Iterable[str]) -> tuple[str, ...]:
    kept: dict[str, None] = {}
    for each in ids:
        if each != item.id:
            kept[each] = None
            if len(kept) == LIMIT:
                break
    return tuple(kept)


def _names(contents: Sequence[Head]) -> Mapping[str, str]:
    """Slug → id, of slugs that only one item has."""
    counts = Counter(item.slug for item in contents)
    return {item.slug: item.id for item in contents if counts[item.slug] == 1}


def _targets(item: Head, names: Mapping[str, str]) -> list[str]:
    found = []
    for link in item.links:
        if link.startswith("igny8:"):
            found.append(link[6:])
            continue
        name = link.rstrip("/").rpartition("/")[2].removesuffix(".md")
        if name in names:
            found.append(names[name])
    return found


class _Neighbours:
    """Items that share a term, in the order of their dates."""

    def __init__(self, contents: Sequence[Head]) -> None:
        self._by_term: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._places: dict[tuple[tuple[str, str], str], int] = {}
        for item in sorted(contents, key=lambda each: (str(each.published_on), each.id)):
            for term in _shared(item):
                self._places[term, item.id] = len(self._by_term[term])
                self._by_term[term].append(item.id)

    def of(self, item: Head) -> Iterable[str]:
        """Return the items nearest in time within the rarest term that others have too."""
        terms = [term for term in _shared(item) if len(self._by_term[term]) > 1]
        if not terms:
            return ()
        rarest = min(terms, key=lambda term: (len(self._by_term[term]), term))
        members, place = self._by_term[rarest], self._places[rarest, item.id]
        window = range(max(0, place - LIMIT), min(len(members), place + LIMIT + 1))
        return [members[at] for at in sorted(window, key=lambda at: (abs(at - place), at))]


def _shared(item: Head) -> list[tuple[str, str]]:
    tags = [("tag", label.casefold()) for label in item.tags]
    return list(dict.fromkeys(tags + [("category", label.casefold()) for label in item.categories]))
