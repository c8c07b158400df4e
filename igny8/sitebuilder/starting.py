"""Use case of starters: a site's first blueprint from a ready tree, by rules alone and free."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from igny8 import accounts, writer
from igny8.accounts import Need, Site
from igny8.config.load import Config
from igny8.context import Context
from igny8.core.errors import NotFound
from igny8.safety.paths import write_atomically
from igny8.sitebuilder import addresses
from igny8.sitebuilder import blueprint as blueprints
from igny8.sitebuilder.blueprint import Blueprint
from igny8.sitebuilder.blueprint_file import with_hints
from igny8.sitebuilder.services import known_facts, live_paths, read_file
from igny8.sitebuilder.shelf import roots
from igny8.sitebuilder.snapshots import template_roots
from igny8.sitebuilder.starters import FOLDER, Started, Starter, parse_starter, started
from igny8.sitebuilder.structure import Written
from igny8.sitebuilder.templates import template_names


@dataclass(frozen=True, slots=True)
class Begun:
    """A blueprint that a starter made, or that was there before (`is_new` is False).

    `hints` say what a person should put on a page, `left_out` what a page lacks; both by path.
    """

    path: Path
    starter: str
    page_count: int
    is_new: bool
    hints: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)


def starter_choices(config: Config, site_slug: str | None = None) -> list[Starter]:
    """Return the starters that a site can use, by name: its own, the workspace's, igny8's."""
    known = [root for _, root in roots(config, "templates", site_slug)]
    recipes = template_names(known)
    files: dict[str, Path] = {}
    for root in known:
        for path in sorted((root / FOLDER).glob("*.yaml")):
            files.setdefault(path.stem, path)
    return [
        parse_starter(name, read_file(path), file=str(path), templates=recipes)
        for name, path in sorted(files.items())
    ]


def starter_named(config: Config, site_slug: str | None, name: str) -> Starter:
    """Return one starter. Raises NotFound naming the nearest."""
    known = {starter.name: starter for starter in starter_choices(config, site_slug)}
    if name not in known:
        raise NotFound.named("starter", name, known, list_with="igny8 sitebuilder starters")
    return known[name]


def usual_starter(config: Config, site_slug: str | None, site_type: str) -> Starter:
    """Return the first starter for a type of site. Raises NotFound."""
    known = starter_choices(config, site_slug)
    fit = next((starter for starter in known if site_type in starter.site_types), None)
    if fit is None:
        raise NotFound(
            f"no starter is for a {site_type} site", hint="see `igny8 sitebuilder starters`"
        )
    return fit


def plan(ctx: Context, site: Site, starter: Starter, *, without: Collection[str] = ()) -> Started:
    """Return what a starter makes of a site's content and knowledge; nothing is written."""
    identity = ctx.config.site(site.slug).identity
    with ctx.read() as session:
        items = writer.all_contents(session, site.id)
    return started(
        starter,
        name=identity.name,
        tagline=identity.tagline,
        items=[Written(item.slug, item.title, item.entity_type) for item in items],
        known=known_facts(ctx, site),
        without=without,
    )


def start(
    ctx: Context,
    site_slug: str,
    starter: str | None = None,
    *,
    without: Collection[str] = (),
    again: bool = False,
    dry_run: bool = False,
) -> Begun:
    """Write `blueprint.yaml` from a starter, that of the site's type unless one is named.

    One that is there stays, unless `again`: then the addresses that it gives up lead on.
    """
    site = accounts.site(ctx, site_slug, Need.WRITE)
    chosen = (
        starter_named(ctx.config, site.slug, starter)
        if starter
        else usual_starter(ctx.config, site.slug, site.site_type)
    )
    path = ctx.config.site_folder(site.slug) / blueprints.FILE
    templates = template_names(template_roots(ctx.config, site.slug))
    with ctx.lock(f"site {site.slug}", "sitebuilder generate"):
        before: Blueprint | None = None
        if path.is_file():
            before = blueprints.parse(read_file(path), file=str(path), templates=templates)
            if not again:
                return Begun(path, "", len(list(before.walk())), is_new=False)
        made = plan(ctx, site, chosen, without=without)
        tree = made.blueprint
        if before is not None:
            tree = addresses.kept(before, tree, live_paths(ctx, site)[0])
        text = with_hints(tree, made.hints)
        blueprints.parse(text, file=str(path), templates=templates)
        if not dry_run:
            write_atomically(path, text.encode())
    count = len(list(tree.walk()))
    return Begun(path, chosen.name, count, True, made.hints, made.left_out)
