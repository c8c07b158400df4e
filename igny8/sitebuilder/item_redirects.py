"""A build's redirects: the blueprint's, and those that items leave when they move or go. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from igny8.sitebuilder import redirects
from igny8.sitebuilder.blueprint import Blueprint
from igny8.sitebuilder.types import Redirect, Snapshot
from igny8.writer.types import Head

_ALIASES = "aliases"


def rules(
    snapshot: Snapshot, blueprint: Blueprint, items: Sequence[Head], archived: Sequence[Head]
) -> tuple[Redirect, ...]:
    """Return all redirects of a snapshot, none with a star in it.

    `aliases` of an item (former slugs or paths, as other generators spell it) lead to its page; the
    path of an archived item leads to the page above. The blueprint's own rules go before either.
    """
    pages = {page.path: page.id for page in snapshot.pages}
    own = {rule.from_path for rule in snapshot.redirects}
    left = dict(_of_aliases(snapshot, items))
    for path, to in _left(blueprint, archived):
        left.setdefault(path, to)
    more = [Redirect(old, to) for old, to in left.items() if old not in own and old not in pages]
    placed = set(pages.values())
    placeless = [item.slug for item in items if item.id not in placed]
    return redirects.expanded([*snapshot.redirects, *more], pages, placeless)


def gone(pages: Collection[str], blueprint: Blueprint, expired: Sequence[Head]) -> tuple[str, ...]:
    """Return the paths that expired items had, sorted; not those that are pages again."""
    return tuple(sorted({path for path, _ in _left(blueprint, expired)}.difference(pages)))


def _of_aliases(snapshot: Snapshot, items: Sequence[Head]) -> Iterator[tuple[str, str]]:
    named = {item.id: item.extra[_ALIASES] for item in items if _ALIASES in item.extra}
    for page in snapshot.pages if named else ():
        for old in redirects.aliases(page.path, named.get(page.id, ())):
            yield old, page.path


def _left(blueprint: Blueprint, items: Sequence[Head]) -> Iterator[tuple[str, str]]:
    """The paths of items that are out no more, each with that of the page above."""
    if not items:
        return
    by_name = {name: item for item in items for name in (item.id, item.slug)}
    gone = {page.path for page in blueprint.walk() if page.content in by_name}
    named = {page.content for page in blueprint.walk() if page.content}
    collectors = {page.collect: page.path for page in blueprint.walk() if page.collect}
    kept = {page.path for page in blueprint.walk()} - gone
    for path in sorted(gone):
        above = path
        while above not in kept and above != "/":
            above = above.rstrip("/").rpartition("/")[0] + "/"
        yield path, above
    for item in items:
        section = collectors.get(item.entity_type)
        if section is not None and not {item.id, item.slug} & named:
            path = f"{section}{item.slug}/"
            yield path, section
            for old in redirects.aliases(path, item.extra.get(_ALIASES, ())):
                yield old, section
