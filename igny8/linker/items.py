"""A site's items as pages, and where the links in their bodies lead. Reads no body itself."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence

from igny8.linker.cache import StoredLink
from igny8.linker.injection import target_of
from igny8.linker.types import Link, Origin, Page
from igny8.writer.batches import ItemHead

_SELLING = {"service": 0, "product": 1, "taxonomy": 2, "page": 3, "post": 4}
_ENDINGS = (".md", ".html", ".htm")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|#|//", re.IGNORECASE)


def pages_of(
    items: Iterable[ItemHead], anchors: Mapping[str, Sequence[tuple[str, int]]]
) -> list[Page]:
    """Return the items as pages without bodies, by id; `anchors` are learned ones."""
    ordered = sorted(items, key=lambda item: item.id)
    pillars = _pillars([item for item in ordered if item.is_linkable])
    return [
        Page(
            id=item.id,
            slug=item.slug,
            title=item.title,
            body="",
            body_format="html" if item.body_format == "html" else "markdown",
            locale=item.locale,
            entity_type=item.entity_type,
            keywords=item.keywords,
            cluster_id=item.cluster_id,
            is_pillar=item.id in pillars,
            is_linkable=item.is_linkable,
            anchors=tuple(anchors.get(item.id, ())),
        )
        for item in ordered
    ]


def _pillars(items: Sequence[ItemHead]) -> set[str]:
    """Of each cluster the page that sells, else the first written."""
    best: dict[str, ItemHead] = {}
    for item in sorted(items, key=lambda i: (_SELLING.get(i.entity_type, 9), i.id)):
        if item.cluster_id:
            best.setdefault(item.cluster_id, item)
    return {item.id for item in best.values()}


class Addresses:
    """Finds the item that an address in a body names."""

    def __init__(self, items: Iterable[ItemHead], base_url: str) -> None:
        self._by_slug = {item.slug: item.id for item in items}
        self._base = base_url.rstrip("/")
        self._known: dict[str, tuple[str | None, bool]] = {}

    def target(self, href: str) -> tuple[str | None, bool]:
        """Return the id that `href` names, if any, and whether the address is this site's at all.

        `igny8:<id>` names an item by id; `/a/b/`, `b.md`, `../b.html` and absolute addresses of
        the site name the item with the slug `b`.
        """
        if href not in self._known:
            named = target_of(href)
            self._known[href] = (named, True) if named is not None else self._by_address(href)
        return self._known[href]

    def _by_address(self, href: str) -> tuple[str | None, bool]:
        path = href.removeprefix(self._base)
        if _ELSEWHERE.match(path):
            return None, False
        name = path.partition("#")[0].partition("?")[0].rstrip("/").rpartition("/")[2]
        for ending in _ENDINGS:
            name = name.removesuffix(ending)
        return self._by_slug.get(name), True


def links_of(
    stored: Mapping[str, Sequence[StoredLink]],
    addresses: Addresses,
    known: Container[str],
    added: Container[tuple[str, str]],
) -> list[Link]:
    """Return the internal links of all bodies; those of `added` (source, target) are the linker's.

    A stored link to an item that is none of `known` is broken: its target is None.
    """
    found = []
    for source, links in sorted(stored.items()):
        for href, anchor, start, end in links:
            target, _ = addresses.target(href)
            if target is None:
                continue
            origin: Origin = "linker" if (source, target) in added else "human"
            known_target = target if target in known else None
            found.append(Link(source, known_target, anchor, href, start, end, origin))
    return found
