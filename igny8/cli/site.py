"""Sites and their sectors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from igny8 import accounts, system
from igny8.accounts import HostingType, Need, SiteType
from igny8.cli.command import Cli, DryRunOption, command
from igny8.cli.output import Listing, Result

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__
)
sector_app = typer.Typer(no_args_is_help=True, help="Sectors group a site's keywords and pages.")
app.add_typer(sector_app, name="sector")


@command(app, "list", logs=False)
def list_(cli: Cli) -> Listing:
    """List the sites you may see."""
    columns = ("slug", "site_type", "hosting_type", "created_at")
    return Listing(accounts.sites(cli.ctx), columns, id_field="slug")


@command(app, "add")
def add(
    cli: Cli,
    slug: str,
    name: Annotated[str | None, typer.Option("--name", help="The site's name.")] = None,
    base_url: Annotated[str | None, typer.Option("--base-url", help="Its address.")] = None,
    locale: Annotated[str | None, typer.Option("--locale", help="Its language, en-GB.")] = None,
    layout: Annotated[str | None, typer.Option("--layout", help="One of the layouts.")] = None,
    site_type: Annotated[SiteType, typer.Option("--type", help="Kind.")] = SiteType.MARKETING,
    hosting: Annotated[
        HostingType, typer.Option("--hosting", help="Where it lives.")
    ] = HostingType.STATIC,
) -> Result:
    """Add a site: its row in the store and its folder with a site.toml.

    Example: igny8 site add fernhill --name "Fernhill Cycles" --base-url https://fernhill.example
    """
    given = {"name": name, "base_url": base_url, "locale": locale, "layout": layout}
    made = accounts.add_site(
        cli.ctx,
        slug,
        site_type=site_type,
        hosting_type=hosting,
        identity={key: value for key, value in given.items() if value is not None},
    )
    folder = cli.app.config.site_folder(slug)
    return Result(
        {"site": made, "folder": folder},
        [f"site {slug} added, its files are in {folder}"],
        next=f"igny8 planner import FILE --site {slug}",
    )


@command(app, "show", logs=False)
def show(cli: Cli, slug: str) -> Result:
    """Show a site: what the store and its site.toml say."""
    ctx = cli.ctx
    found = accounts.site(ctx, slug, Need.READ)
    identity = ctx.config.site(slug).identity.model_dump(mode="json")
    lines = [f"{found.slug}: {identity['name']}, {identity['base_url']}, {identity['locale']}"]
    lines.append(f"{found.site_type} on {found.hosting_type}, layout {identity['layout']}")
    return Result({"site": found, "identity": identity}, lines)


@command(app, "set")
def set_(cli: Cli, slug: str, key: str, value: str) -> Result:
    """Change one fact of a site, e.g. `base_url`, `theme.brand`, `writer.approval`.

    Example: igny8 site set fernhill theme.brand "#1f6f54"
    """
    accounts.set_site(cli.ctx, slug, key, value)
    return Result({"site": slug, "key": key, "value": value}, [f"{slug}: {key} is {value} now"])


@command(app, "remove")
def remove(cli: Cli, slug: str) -> Result:
    """Remove a site and all that the store holds of it. Its folder and the ledger stay.

    Example: igny8 site remove fernhill --yes
    """
    cli.confirm(f"Remove site {slug} with all its keywords and content?")
    accounts.remove_site(cli.ctx, slug)
    return Result({"site": slug, "removed": True}, [f"site {slug} removed; its folder stays"])


@command(app, "export")
def export(
    cli: Cli,
    slug: str,
    out: Annotated[
        Path | None, typer.Option("--out", help="Another folder than sites/SLUG/content.")
    ] = None,
) -> Result:
    """Write a site's content as files: front matter and Markdown or HTML.

    Example: igny8 site export fernhill
    """
    cli.site = slug
    ctx = cli.ctx
    system.require_module(ctx, "writer")
    from igny8 import sitebuilder, writer

    changed = writer.export_files(ctx, slug, out)
    if out is None and (authors := sitebuilder.export_authors(ctx, slug)):
        changed.append(authors)
    folder = out or ctx.config.site_folder(slug) / "content"
    return Result(
        {"site": slug, "folder": folder, "written": changed},
        [f"{len(changed)} files written or moved in {folder}; the others were up to date"],
        next=f"igny8 build {slug} --files   # needs no store: for CI",
    )


@command(app, "import")
def import_(cli: Cli, slug: str, dry_run: DryRunOption = False) -> Result:
    """Read a site's content files back from sites/SLUG/content. Equal files change nothing.

    Example: igny8 site import fernhill
    """
    cli.site = slug
    ctx = cli.ctx
    system.require_module(ctx, "writer")
    from igny8 import writer

    folder = ctx.config.site_folder(slug) / "content"
    outcome = writer.import_files(ctx, slug, folder, dry_run=dry_run)
    counts = {"added": 0, "updated": 0, "unchanged": 0}
    for _, verdict in outcome.done:
        counts[verdict] += 1
    said = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    return Result(counts, [f"{said}{' (dry run)' if dry_run else ''}"], problems=outcome.problems)


@command(sector_app, "list", logs=False)
def sector_list(cli: Cli, site: str) -> Listing:
    """List a site's sectors."""
    return Listing(accounts.sectors(cli.ctx, site), ("slug", "name"), id_field="slug")


@command(sector_app, "add")
def sector_add(
    cli: Cli,
    site: str,
    slug: str,
    name: Annotated[str | None, typer.Option("--name", help="Display name.")] = None,
) -> Result:
    """Add a sector to a site.

    Example: igny8 site sector add fernhill e-bikes --name "E-bikes"
    """
    made = accounts.add_sector(cli.ctx, site, slug, name or slug)
    return Result(made, [f"sector {slug} added to {site}"])


@command(sector_app, "remove")
def sector_remove(cli: Cli, site: str, slug: str) -> Result:
    """Remove a sector; what it grouped stays.

    Example: igny8 site sector remove fernhill e-bikes
    """
    accounts.remove_sector(cli.ctx, site, slug)
    return Result({"sector": slug, "removed": True}, [f"sector {slug} removed from {site}"])
