"""Use cases that write: apply links as one run, and take a run back whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from igny8 import accounts
from igny8.accounts import Need, Site
from igny8.context import Context, record_event
from igny8.core.errors import Conflict
from igny8.linker import store
from igny8.linker.services import View, by_source, choose, limits_for, linked, look, sources_of
from igny8.linker.store import Change, ChangeSet
from igny8.linker.types import Candidate, Limits
from igny8.linker.workers import spread
from igny8.text.bodies import body_to_html
from igny8.writer.batches import NewBody, bodies, item_heads, mark_linked, revise_bodies

_WORTH_A_PROCESS = 30


@dataclass(frozen=True, slots=True)
class Applied:
    """What a run added. `run` is what `undo` takes; None when there was nothing to add."""

    run: str | None
    link_count: int
    page_count: int


def apply(
    ctx: Context,
    site_slug: str,
    limits: Limits | None = None,
    *,
    names: Sequence[str] = (),
    is_all: bool = False,
) -> Applied:
    """Add the links that `suggestions` shows for the same arguments, as one run to take back.

    A second run finds every item linked as it is and changes nothing.
    """
    site = accounts.site(ctx, site_slug, Need.WRITE)
    limits = limits or limits_for(ctx, site.slug)
    with ctx.lock(f"site {site.slug}", f"linker apply {site.slug}"):
        heads = item_heads(ctx.rows, site.id)
        sources = sources_of(heads, names, is_all=is_all or limits == Limits.lifted())
        if not sources:
            return Applied(None, 0, 0)
        view = look(ctx, site, heads, sources)
        chosen = choose(ctx, view, sources, limits).chosen
        return _save(ctx, site, view, chosen, sources)


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
        restored = revise_bodies(
            session,
            [NewBody(c.content_id, c.after_hash, c.before) for c in changes],
            by=ctx.actor.email,
            reason=f"links of run {run} taken back",
            at=ctx.clock.now(),
            is_linked=False,
        )
        edited = {change.content_id for change in changes} - restored.keys()
        if edited:
            slugs = [i.slug for i in item_heads(ctx.rows, site.id) if i.id in edited]
            raise Conflict(
                f"{', '.join(slugs[:5])} changed since run {run}",
                hint="take later runs back first, or restore a version with `writer restore`",
                code="linker.edited-since",
            )
        store.undo(session, run)
        record_event(ctx, session, "linker.run-undone", subject=run, site_id=site.id)
    return found, len(changes)


def runs(ctx: Context, site_slug: str) -> list[ChangeSet]:
    """A site's runs, newest first."""
    site = accounts.site(ctx, site_slug, Need.READ)
    with ctx.read() as session:
        return store.change_sets(session, site.id)


def _save(
    ctx: Context, site: Site, view: View, chosen: Sequence[Candidate], sources: Sequence[str]
) -> Applied:
    now = ctx.clock.now()
    hashes = {item.id: item.body_hash for item in view.items}
    made = _new_bodies(ctx, view, chosen, hashes)
    run = None
    with ctx.write() as session:
        if made:
            run = store.add_change_set(session, site.id, by=ctx.actor.email, at=now).id
            after = revise_bodies(
                session,
                [new for _, new in made],
                by=ctx.actor.email,
                reason=f"linked (run {run})",
                at=now,
                is_linked=True,
            )
            # An item that was edited meanwhile keeps its body, and waits for the next run.
            kept = [candidate for candidate in chosen if candidate.source_id in after]
            store.add_changes(
                session,
                run,
                [
                    Change(new.content_id, before, after[new.content_id])
                    for before, new in made
                    if new.content_id in after
                ],
            )
            store.add_links(session, site.id, run, kept, now)
            record_event(
                ctx, session, "linker.links-added", subject=run, site_id=site.id, links=len(kept)
            )
        changed = {new.content_id for _, new in made}
        mark_linked(session, [(id_, hashes[id_]) for id_ in sources if id_ not in changed])
    if run is None:
        return Applied(None, 0, 0)
    return Applied(run, len(kept), len(after))


def _new_bodies(
    ctx: Context, view: View, chosen: Sequence[Candidate], hashes: dict[str, str]
) -> list[tuple[str, NewBody]]:
    """Make every changed body and its HTML, on all cores: (before, what takes its place)."""
    places = by_source(chosen)

    def work(share: Sequence[str]) -> list[tuple[str, NewBody]]:
        made = []
        for id_, before in bodies(ctx.rows, share):
            page = view.pages[id_]
            body = linked(page, before, places[id_])
            html = body_to_html(body, page.body_format)
            made.append((before, NewBody(id_, hashes[id_], body, html)))
        return made

    shares = spread(work, sorted(places), least=_WORTH_A_PROCESS)
    return sorted((each for share in shares for each in share), key=lambda each: each[1].content_id)
