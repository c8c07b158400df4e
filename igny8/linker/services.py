"""Use cases that read: suggest links, list them, draw the graph. Free: no AI is asked."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from igny8 import accounts
from igny8.accounts import Need, Site
from igny8.context import Context
from igny8.core.errors import NotFound
from igny8.core.report import Reporter, Silent
from igny8.linker import reads
from igny8.linker.candidates import suggest
from igny8.linker.graph import Graph, build
from igny8.linker.injection import href_of, inject
from igny8.linker.items import Addresses, links_of, pages_of
from igny8.linker.reading import decode
from igny8.linker.selection import select
from igny8.linker.survey import Site as Surveyed
from igny8.linker.survey import Survey, survey
from igny8.linker.types import (
    Candidate,
    Limits,
    Link,
    Page,
    Reason,
    Rejection,
    Selection,
    Suggestions,
)
from igny8.linker.workers import spread, uncollected
from igny8.writer.batches import ItemHead, bodies, item_heads

_WORTH_A_PROCESS = 60
_EVERY = 20  # pages between two words to the user


@dataclass(frozen=True, slots=True)
class Suggested:
    """What a run would add. `bodies` are (before, after) of the pages that would change, by id."""

    selection: Selection
    titles: Mapping[str, str]
    slugs: Mapping[str, str]
    page_count: int
    bodies: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SiteLink:
    """A link between two pages of a site. `origin` is linker or human."""

    source: str
    target: str | None
    anchor: str
    origin: str
    href: str


@dataclass(frozen=True, slots=True)
class GraphRow:
    """A page's place in the graph. `depth` is clicks from a start; None: no path leads there."""

    page: str
    incoming: int
    outgoing: int
    depth: int | None
    rank: float
    is_orphan: bool
    is_weak: bool


@dataclass(frozen=True, slots=True)
class View:
    """A site as one run sees it: its items that are not archived, and all links between them."""

    site: Site
    items: Sequence[ItemHead]
    pages: Mapping[str, Page]
    survey: Survey
    links: Sequence[Link]
    graph: Graph


def limits_for(ctx: Context, site_slug: str, *, max_per_page: int | None = None) -> Limits:
    """The site's limits; 0 for `max_per_page` lifts all caps, for measuring."""
    if max_per_page == 0:
        return Limits.lifted()
    site = accounts.site(ctx, site_slug, Need.READ)
    settings = ctx.config.site(site.slug).settings.linker
    return Limits(
        per_words=settings.words_per_link,
        per_page=settings.max_per_page if max_per_page is None else max_per_page,
        incoming_per_run=settings.max_incoming,
        minimum_score=settings.minimum_score,
    )


def suggestions(
    ctx: Context,
    site_slug: str,
    limits: Limits | None = None,
    *,
    names: Sequence[str] = (),
    is_all: bool = False,
    wants_bodies: bool = False,
) -> Suggested:
    """What `apply` would add now. Changes nothing.

    Looked at are the items that the linker has not worked on as they stand; `names` (slugs or ids)
    looks at those alone, `is_all`, and limits that are lifted, at every item.
    """
    site = accounts.site(ctx, site_slug, Need.READ)
    limits = limits or limits_for(ctx, site.slug)
    heads = item_heads(ctx.rows, site.id)
    sources = sources_of(heads, names, is_all=is_all or limits == Limits.lifted())
    view = look(ctx, site, heads, sources)
    selection = choose(ctx, view, sources, limits)
    ids = sorted({candidate.source_id for candidate in selection.chosen})
    before = dict(bodies(ctx.rows, ids)) if wants_bodies else {}
    return Suggested(
        selection,
        {item.id: item.title for item in heads},
        {item.id: item.slug for item in heads},
        len(ids),
        {
            id_: (before[id_], linked(view.pages[id_], before[id_], chosen))
            for id_, chosen in by_source(selection.chosen).items()
            if id_ in before
        },
    )


def links(ctx: Context, site_slug: str) -> list[SiteLink]:
    """Every internal link that stands in a site's bodies."""
    site = accounts.site(ctx, site_slug, Need.READ)
    view = look(ctx, site, item_heads(ctx.rows, site.id))
    slugs = {item.id: item.slug for item in view.items}
    found = sorted(view.links, key=lambda k: (slugs[k.source_id], k.source_id, k.start, k.end))
    return [
        SiteLink(
            slugs[link.source_id],
            slugs.get(link.target_id or ""),
            link.anchor,
            link.origin,
            link.href,
        )
        for link in found
    ]


def graph_rows(ctx: Context, site_slug: str) -> list[GraphRow]:
    """Each page's place in the link graph: orphans first, then weak pages, then by rank."""
    site = accounts.site(ctx, site_slug, Need.READ)
    view = look(ctx, site, item_heads(ctx.rows, site.id))
    found = view.graph
    orphans, weak = set(found.orphans), set(found.weak)
    rows = [
        GraphRow(
            view.pages[page].slug,
            found.incoming_count(page),
            found.outgoing_count(page),
            found.depth.get(page),
            round(found.rank[page], 5),
            page in orphans,
            page in weak,
        )
        for page in found.pages
        if view.pages[page].is_linkable
    ]
    return sorted(rows, key=lambda r: (not r.is_orphan, not r.is_weak, -r.rank, r.page))


def sources_of(
    heads: Iterable[ItemHead], names: Sequence[str], *, is_all: bool = False
) -> list[str]:
    """Return the ids of the items that a run looks at. Raises NotFound for a name of none."""
    linkable = [item for item in heads if item.is_linkable]
    if not names:
        return sorted(item.id for item in linkable if is_all or not item.is_linked)
    named: dict[str, list[str]] = defaultdict(list)
    for item in linkable:
        named[item.id].append(item.id)
        named[item.slug].append(item.id)
    for name in names:
        if name not in named:
            raise NotFound.named("content", name, sorted(named), list_with="igny8 writer content")
    return sorted({id_ for name in names for id_ in named[name]})


def look(
    ctx: Context, site: Site, heads: Iterable[ItemHead], sources: Sequence[str] | None = None
) -> View:
    """Return a site's pages and links; with `sources`, also all that suggesting for them takes."""
    items = [item for item in heads if item.status != "archived"]
    pages = pages_of(items, {})
    where = Surveyed(
        pages,
        {item.id: item.body_hash for item in items},
        lambda ids: bodies(ctx.rows, ids),
    )
    path = ctx.config.state / "linker" / f"{site.id}.db"
    known = {page.id: page for page in pages}
    addresses = Addresses(items, ctx.config.site(site.slug).identity.base_url)
    added = reads.added_pairs(ctx.rows, site.id)
    with uncollected():
        found = survey(path, where, sources or (), ctx.report, wants_index=sources is not None)
        site_links = links_of(found.links, addresses, known, added)
        return View(site, items, known, found, site_links, build(pages, site_links))


def choose(ctx: Context, view: View, sources: Sequence[str], limits: Limits) -> Selection:
    """Return which links `sources` would get, and why not others."""
    reporter, process = ctx.report, os.getpid()

    def work(share: Sequence[str]) -> list[_Packed]:
        report: Reporter = reporter if os.getpid() == process else Silent()
        found = []
        for number, (id_, body) in enumerate(bodies(ctx.rows, share), 1):
            seen = decode(view.survey.readings[id_]).scan
            page = replace(view.pages[id_], body=body)
            found.append(_packed(suggest(page, view.survey.index, view.graph, limits, seen)))
            if number % _EVERY == 0 or number == len(share):
                report.step("links", number * len(sources) // len(share), len(sources))
        return found

    with uncollected():
        shares = spread(work, sources, least=_WORTH_A_PROCESS)
        return select([_unpacked(each) for share in shares for each in share], view.graph, limits)


def by_source(chosen: Iterable[Candidate]) -> dict[str, list[Candidate]]:
    """Return the chosen candidates by the page in which they stand."""
    found: defaultdict[str, list[Candidate]] = defaultdict(list)
    for candidate in chosen:
        found[candidate.source_id].append(candidate)
    return dict(found)


def linked(page: Page, body: str, chosen: Iterable[Candidate]) -> str:
    """Return the body of a page with the chosen links in it."""
    places = [(c.start, c.end, href_of(c.target_id)) for c in chosen]
    return inject(body, page.body_format, places)


# Half a million reasons travel between processes as plain tuples, at a third of the time.
_Packed = tuple[Suggestions, list[tuple[str, Reason, str]]]


def _packed(found: Suggestions) -> _Packed:
    reasons = [(r.target_id, r.reason, r.anchor) for r in found.rejections]
    return replace(found, rejections=()), reasons


def _unpacked(packed: _Packed) -> Suggestions:
    found, reasons = packed
    rejections = tuple(Rejection(found.source_id, *each) for each in reasons)
    return replace(found, rejections=rejections)
