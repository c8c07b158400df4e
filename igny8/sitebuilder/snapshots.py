"""Use case of building: everything a build of a site needs, as values. Reads, writes nothing."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from igny8 import accounts, thinker, writer
from igny8.accounts import Need, Site
from igny8.config.load import Config, SiteConfig
from igny8.config.model import SiteIdentity
from igny8.context import Context
from igny8.core.errors import InvalidInput
from igny8.core.resources import shipped
from igny8.safety import yaml
from igny8.sitebuilder import blueprint, item_redirects, reading
from igny8.sitebuilder.blueprint import Blueprint
from igny8.sitebuilder.editing import nested
from igny8.sitebuilder.snapshot import snapshot
from igny8.sitebuilder.structure import Known, Written, structure
from igny8.sitebuilder.templates import template_names
from igny8.sitebuilder.types import Bodies, Page, Person, Snapshot
from igny8.writer import Head, Status

AUTHORS = "authors.yaml"


def template_roots(config: Config, site_slug: str) -> list[Path]:
    """Where page recipes are looked up: site, workspace, shipped."""
    roots = [
        config.site_folder(site_slug) / "templates",
        config.root / "templates",
        shipped("templates"),
    ]
    return list(dict.fromkeys(roots))


def pages(ctx: Context, site_slug: str) -> tuple[Page, ...]:
    """The pages that a build makes now, in order."""
    return take_snapshot(ctx, site_slug).pages


def snapshot_of_files(config: Config, site_slug: str, today: date) -> Snapshot:
    """Everything a build needs, from what `site export` wrote: no store is read.

    `content/` holds the items, `authors.yaml` who signs them, `blueprint.yaml` the pages.
    """
    site = config.site(site_slug)
    files = writer.ContentFiles(
        site.folder / "content",
        config.state / "cache" / f"bodies-{site_slug}.db",
        locale=site.identity.locale,
    )
    items = files.heads(_status(name) for name in site.settings.build.statuses)
    path = site.folder / blueprint.FILE
    tree = None
    if path.is_file():
        names = template_names(template_roots(config, site_slug))
        tree = blueprint.parse(path.read_text("utf-8"), file=str(path), templates=names)
    sorted_ = _sorted(items, files.heads([Status.ARCHIVED]), today)
    return _snapshot(site, sorted_, tree, 0, _authors(site), files.html)


def _authors(site: SiteConfig) -> dict[str, tuple[str, str, str]]:
    path = site.folder / AUTHORS
    if not path.is_file():
        return {}
    data = yaml.load(path.read_text("utf-8"), file=str(path))
    if not isinstance(data, dict) or not all(isinstance(each, dict) for each in data.values()):
        raise InvalidInput("authors are a mapping of slugs to name, role and bio", file=str(path))
    return {
        str(slug): (str(a.get("name", slug)), str(a.get("role", "")), str(a.get("bio", "")))
        for slug, a in data.items()
    }


def _snapshot(
    site: SiteConfig,
    items: _Items,
    tree: Blueprint | None,
    version: int,
    authors: Mapping[str, tuple[str, str, str]],
    bodies: Bodies,
    site_type: str = "",
) -> Snapshot:
    identity = site.identity
    if tree is None:
        tree = _default_tree(identity, items.due, site_type)
    people = {slug: Person(*facts) for slug, facts in authors.items()}
    made = snapshot(site.slug, identity, tree, version, items.due, people, bodies)
    return replace(
        made,
        redirects=item_redirects.rules(made, tree, items.due, items.archived),
        gone=item_redirects.gone({page.path for page in made.pages}, tree, items.expired),
    )


def tree_in_use(ctx: Context, site: Site) -> Blueprint:
    """The tree that a build takes now: the applied one, or what the content calls for."""
    found = reading.applied(ctx.rows, site.id)
    if found:
        return replace(found[1], pages=nested(found[1].pages))
    config = ctx.config.site(site.slug)
    statuses = [_status(name) for name in config.settings.build.statuses]
    items = writer.heads(ctx.rows, site.id, statuses)
    return _default_tree(config.identity, items, site.site_type)


def _default_tree(identity: SiteIdentity, items: Sequence[Head], site_type: str) -> Blueprint:
    written = [Written(item.slug, item.title, item.entity_type) for item in items]
    return structure(identity.name, site_type, identity.tagline, written, Known())


def take_snapshot(ctx: Context, site_slug: str, *, uses_stored: bool = True) -> Snapshot:
    """Everything a build of the site needs, as values, from the applied blueprint.

    A site without one gets the pages that its content calls for. Bodies are read when they are
    asked for: as HTML made when they were saved, or, without `uses_stored`, rendered then.
    """
    site = accounts.site(ctx, site_slug, Need.READ)
    config = ctx.config.site(site.slug)
    statuses = [_status(name) for name in config.settings.build.statuses]
    today = ctx.clock.now().date()
    found = writer.heads(ctx.rows, site.id, statuses)
    version, tree = reading.applied(ctx.rows, site.id) or (0, None)
    read = writer.html if uses_stored else writer.html_anew
    bodies = functools.partial(read, ctx.rows)
    authors = thinker.signatures(ctx.rows)
    items = _sorted(found, writer.heads(ctx.rows, site.id, [Status.ARCHIVED]), today)
    return _snapshot(config, items, tree, version, authors, bodies, site.site_type)


@dataclass(frozen=True, slots=True)
class _Items:
    """What is out on a day; what was and has expired; what was and is archived."""

    due: list[Head]
    expired: list[Head]
    archived: list[Head]


def _sorted(found: Sequence[Head], archived: Sequence[Head], today: date) -> _Items:
    return _Items(
        [item for item in found if _is_due(item, today)],
        [item for item in found if _is_over(item, today)],
        # Those that visitors may have seen: their day had come.
        [item for item in archived if item.published_on and item.published_on <= today],
    )


def _is_due(item: Head, today: date) -> bool:
    is_out = item.published_on is None or item.published_on <= today
    return is_out and (item.expires_on is None or item.expires_on > today)


def _is_over(item: Head, today: date) -> bool:
    """Whether an item was out and has expired."""
    end = item.expires_on
    return end is not None and end <= today and (item.published_on or date.min) < end


def _status(name: str) -> Status:
    try:
        return Status(name)
    except ValueError:
        raise InvalidInput(
            f"build.statuses names `{name}`", hint=f"one of {', '.join(Status)}"
        ) from None
