"""Use cases of internal links: suggest, apply, undo, list, graph. Free: no AI is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Sequence
from dataclasses import dataclass

from igny8 import accounts, writer
from igny8.accounts import Need, Site
from igny8.context import Context, record_event
from igny8.core.errors import Conflict
from igny8.linker import graph as graphs
from igny8.linker import store
from igny8.linker.candidates import suggest
from igny8.linker.graph import Graph
from igny8.linker.index import Index
from igny8.linker.injection import existing_links, href_of, inject, target_of
from igny8.linker.selection import select
from igny8.linker.store import Change, ChangeSet
from igny8.linker.types import BodyFormat, Candidate, Limits, Link, Page, Selection
from igny8.writer import Content, Linking


@dataclass(frozen=True, slots=True)
class Suggested:
    """What a run would add, with each page's body before and after."""

    selection: Selection
    titles: dict[str, str]
    slugs: dict[str, str]
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True, slots=True)
class Applied:
    """What a run added. `run` is what `undo` takes; None when there was nothing to add."""

    run: str | None
    link_count: int
    page_count: int


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


def suggestions(ctx: Context, site_slug: str, limits: Limits | None = None) -> Suggested:
    """What `apply` would add now. Changes nothing."""
    site = accounts.site(ctx, site_slug, Need.READ)
    return _suggest(ctx, site, limits or limits_for(ctx, site.slug))


def apply(ctx: Context, site_slug: str, limits: Limits | None = None) -> Applied:
    """Add the suggested links to all items of a site, as one run that `undo` takes back.

    A second run finds every item linked as it is and changes nothing.
    """
    site = accounts.site(ctx, site_slug, Need.WRITE)
    with ctx.lock(f"site {site.slug}", f"linker apply {site.slug}"):
        with ctx.read() as session:
            items = [i for i in writer.all_contents(session, site.id) if i.is_linkable]
        open_ids = {i.id for i in items if i.linking is not Linking.LINKED}
        if not open_ids:
            return Applied(None, 0, 0)
        found = _suggest(ctx, site, limits or limits_for(ctx, site.slug))
        # Items that were linked as they stand keep their bodies: their links are settled.
        chosen = [c for c in found.selection.chosen if c.source_id in open_ids]
        return _save(ctx, site, found, chosen, open_ids)


def undo(ctx: Context, site_slug: str, run: str | None = None) -> tuple[ChangeSet, int]:
    """Take a run back: each body gets its exact bytes again. The last run unless one is named.

    Raises Conflict, and changes nothing, if somebody has edited a body since.
    """
    site = accounts.site(ctx, site_slug, Need.WRITE)
    with ctx.lock(f"site {site.slug}", f"linker undo {site.slug}"), ctx.write() as session:
        if run is None:
            open_runs = [c for c in store.change_sets(session, site.id) if not c.is_undone]
            if not open_runs:
                raise Conflict(f"site `{site.slug}` has no run to take back")
            run = open_runs[0].id
        found = store.change_set(session, site.id, run)
        if found.is_undone:
            raise Conflict(f"run {run} was taken back already")
        changes = store.changes(session, run)
        edited = []
        for change in changes:
            item = writer.content_by_id(session, change.content_id)
            if item.body_hash != change.after_hash:
                edited.append(item.slug)
        if edited:
            raise Conflict(
                f"{', '.join(edited[:5])} changed since run {run}",
                hint="take later runs back first, or restore a version with `writer restore`",
                code="linker.edited-since",
            )
        for change in changes:
            writer.revise_content(
                session,
                change.content_id,
                by=ctx.actor.email,
                reason=f"links of run {run} taken back",
                at=ctx.clock.now(),
                fields={"body": change.before},
                keeps_optimized=True,
            )
            writer.mark_unlinked(session, change.content_id)
        store.undo(session, run)
        record_event(ctx, session, "linker.run-undone", subject=run, site_id=site.id)
    return found, len(changes)


def runs(ctx: Context, site_slug: str) -> list[ChangeSet]:
    """A site's runs, newest first."""
    site = accounts.site(ctx, site_slug, Need.READ)
    with ctx.read() as session:
        return store.change_sets(session, site.id)


def links(ctx: Context, site_slug: str) -> list[SiteLink]:
    """Every internal link that stands in a site's bodies."""
    site = accounts.site(ctx, site_slug, Need.READ)
    with ctx.read() as session:
        items = writer.all_contents(session, site.id)
        added = store.added_pairs(session, site.id)
    slugs = {item.id: item.slug for item in items}
    return [
        SiteLink(
            slugs[link.source_id],
            slugs.get(link.target_id or ""),
            link.anchor,
            link.origin,
            link.href,
        )
        for link in _site_links(items, ctx.config.site(site.slug).identity.base_url, added)
    ]


def graph(ctx: Context, site_slug: str) -> list[GraphRow]:
    """Each page's place in the link graph: orphans first, then weak pages, then by rank."""
    site = accounts.site(ctx, site_slug, Need.READ)
    with ctx.read() as session:
        items = [i for i in writer.all_contents(session, site.id) if i.is_linkable]
        added = store.added_pairs(session, site.id)
    found = _graph(items, ctx.config.site(site.slug).identity.base_url, added)
    slugs = {item.id: item.slug for item in items}
    orphans, weak = set(found.orphans), set(found.weak)
    rows = [
        GraphRow(
            slugs[page],
            found.incoming_count(page),
            found.outgoing_count(page),
            found.depth.get(page),
            round(found.rank[page], 5),
            page in orphans,
            page in weak,
        )
        for page in found.pages
    ]
    return sorted(rows, key=lambda r: (not r.is_orphan, not r.is_weak, -r.rank, r.page))


def _suggest(ctx: Context, site: Site, limits: Limits) -> Suggested:
    with ctx.read() as session:
        items = [i for i in writer.all_contents(session, site.id) if i.is_linkable]
        added = store.added_pairs(session, site.id)
    pages = _pages(items)
    index = Index(pages)
    site_graph = _graph(items, ctx.config.site(site.slug).identity.base_url, added)
    found = []
    for number, page in enumerate(pages, 1):
        found.append(suggest(page, index, site_graph, limits))
        ctx.report.step("links", number, len(pages))
    selection = select(found, site_graph, limits)
    by_source: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in selection.chosen:
        by_source[candidate.source_id].append(candidate)
    bodies = {page.id: page for page in pages}
    after = {
        source: inject(
            bodies[source].body,
            bodies[source].body_format,
            [(c.start, c.end, href_of(c.target_id)) for c in chosen],
        )
        for source, chosen in by_source.items()
    }
    return Suggested(
        selection,
        {item.id: item.title for item in items},
        {item.id: item.slug for item in items},
        {source: bodies[source].body for source in by_source},
        after,
    )


def _save(
    ctx: Context, site: Site, found: Suggested, chosen: Sequence[Candidate], open_ids: set[str]
) -> Applied:
    now = ctx.clock.now()
    sources = sorted({candidate.source_id for candidate in chosen})
    with ctx.write() as session:
        run = None
        if chosen:
            made = store.add_change_set(session, site.id, len(chosen), by=ctx.actor.email, at=now)
            run = made.id
            for source in sources:
                item = writer.revise_content(
                    session,
                    source,
                    by=ctx.actor.email,
                    reason=f"linked (run {run})",
                    at=now,
                    fields={"body": found.after[source]},
                    keeps_optimized=True,
                )
                store.add_change(session, run, Change(source, found.before[source], item.body_hash))
            store.add_links(session, site.id, run, chosen, now)
            record_event(
                ctx, session, "linker.links-added", subject=run, site_id=site.id, links=len(chosen)
            )
        for content_id in sorted(open_ids):
            writer.mark_linked(session, content_id)
    return Applied(run, len(chosen), len(sources))


def _pages(items: Sequence[Content]) -> list[Page]:
    pillars = _pillars(items)
    return [
        Page(
            id=item.id,
            slug=item.slug,
            title=item.title,
            body=item.body,
            body_format="html" if item.body_format == "html" else "markdown",
            locale=item.locale,
            entity_type=item.entity_type,
            keywords=item.keywords,
            cluster_id=item.cluster_id,
            is_pillar=item.id in pillars,
            is_linkable=item.is_linkable,
        )
        for item in items
    ]


def _pillars(items: Sequence[Content]) -> set[str]:
    """Of each cluster the page that sells, else the first written."""
    rank = {"service": 0, "product": 1, "taxonomy": 2, "page": 3, "post": 4}
    best: dict[str, Content] = {}
    for item in sorted(items, key=lambda i: (rank.get(i.entity_type, 9), i.id)):
        if item.cluster_id:
            best.setdefault(item.cluster_id, item)
    return {item.id for item in best.values()}


def _site_links(
    items: Sequence[Content], base_url: str, added: Container[tuple[str, str]]
) -> list[Link]:
    """Internal links of all bodies; those of `added` (source, target) are the linker's own.

    The cap on links that a page receives counts the linker's, those of earlier runs too.
    """
    known = {item.id for item in items}
    by_slug = {item.slug: item.id for item in items}
    found = []
    for item in items:
        body_format: BodyFormat = "html" if item.body_format == "html" else "markdown"
        for link in existing_links(item.body, body_format):
            target = target_of(link.href)
            if target is None:
                target = _by_address(link.href, by_slug, base_url)
                if target is None:
                    continue
            found.append(
                Link(
                    source_id=item.id,
                    target_id=target if target in known else None,
                    anchor=link.anchor,
                    href=link.href,
                    start=link.start,
                    end=link.end,
                    origin="linker" if (item.id, target) in added else "human",
                )
            )
    return found


def _by_address(href: str, by_slug: dict[str, str], base_url: str) -> str | None:
    """The page that an address of this site names: `/a/b/`, `b.md`, `../b.html` or absolute."""
    path = href.removeprefix(base_url.rstrip("/"))
    if "://" in path or path.startswith(("#", "mailto:", "tel:", "//")):
        return None
    name = path.partition("#")[0].partition("?")[0].rstrip("/").rpartition("/")[2]
    for suffix in (".md", ".html", ".htm"):
        name = name.removesuffix(suffix)
    return by_slug.get(name)


def _graph(items: Sequence[Content], base_url: str, added: Container[tuple[str, str]]) -> Graph:
    return graphs.build(_pages(items), _site_links(items, base_url, added))
