"""Use case of building: everything a build of a site needs, as values. Reads, writes nothing."""

from __future__ import annotations

import functools
from datetime import date
from pathlib import Path

from igny8 import accounts, thinker, writer
from igny8.accounts import Need
from igny8.context import Context
from igny8.core.errors import InvalidInput
from igny8.core.resources import shipped
from igny8.sitebuilder import reading
from igny8.sitebuilder.snapshot import snapshot
from igny8.sitebuilder.structure import Known, Written, structure
from igny8.sitebuilder.types import Page, Person, Snapshot
from igny8.writer import Head, Status


def template_roots(ctx: Context, site_slug: str) -> list[Path]:
    """Where page recipes are looked up: site, workspace, shipped."""
    roots = [
        ctx.config.site_folder(site_slug) / "templates",
        ctx.config.root / "templates",
        shipped("templates"),
    ]
    return list(dict.fromkeys(roots))


def pages(ctx: Context, site_slug: str) -> tuple[Page, ...]:
    """The pages that a build makes now, in order."""
    return take_snapshot(ctx, site_slug).pages


def take_snapshot(ctx: Context, site_slug: str, *, uses_stored: bool = True) -> Snapshot:
    """Everything a build of the site needs, as values, from the applied blueprint.

    A site without one gets the pages that its content calls for. Bodies are read when they are
    asked for: as HTML made when they were saved, or, without `uses_stored`, rendered then.
    """
    site = accounts.site(ctx, site_slug, Need.READ)
    config = ctx.config.site(site.slug)
    identity = config.identity
    statuses = [_status(name) for name in config.settings.build.statuses]
    today = ctx.clock.now().date()
    found = writer.heads(ctx.rows, site.id, statuses)
    items = [item for item in found if _is_due(item, today)]
    version, tree = reading.applied(ctx.rows, site.id) or (0, None)
    if tree is None:
        written = [Written(item.slug, item.title, item.entity_type) for item in items]
        tree = structure(identity.name, site.site_type, identity.tagline, written, Known())
    people = {
        slug: Person(name, role, bio)
        for slug, (name, role, bio) in thinker.signatures(ctx.rows).items()
    }
    read = writer.html if uses_stored else writer.html_anew
    bodies = functools.partial(read, ctx.rows)
    return snapshot(site.slug, identity, tree, version, items, people, bodies)


def _is_due(item: Head, today: date) -> bool:
    is_out = item.published_on is None or item.published_on <= today
    return is_out and (item.expires_on is None or item.expires_on > today)


def _status(name: str) -> Status:
    try:
        return Status(name)
    except ValueError:
        raise InvalidInput(
            f"build.statuses names `{name}`", hint=f"one of {', '.join(Status)}"
        ) from None
