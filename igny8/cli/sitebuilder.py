"""Blueprints and pages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from igny8 import sitebuilder
from igny8.cli.command import Cli, SiteOption, command
from igny8.cli.output import Listing, Result

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__
)


@command(app, "generate")
def generate(
    cli: Cli,
    site: SiteOption,
    again: Annotated[
        bool, typer.Option("--again", help="Replace the blueprint that is there.")
    ] = False,
) -> Result:
    """Write a blueprint for a site from its content and knowledge files.

    Example: igny8 sitebuilder generate --site fernhill
    """
    if again:
        cli.confirm("Replace the blueprint, edits included?")
    made = sitebuilder.generate(cli.ctx, site, again=again)
    said = f"{made.path} written" if made.is_new else f"{made.path} is there already"
    return Result(made, [said], next=f"igny8 sitebuilder apply --site {site}")


@command(app, "apply")
def apply(cli: Cli, site: SiteOption) -> Result:
    """Check the blueprint and store it as the version that builds use.

    Example: igny8 sitebuilder apply --site fernhill
    """
    version, is_new = sitebuilder.apply(cli.ctx, site)
    said = "applied" if is_new else "unchanged"
    return Result(
        {"version": version.version, "applied": is_new},
        [f"blueprint version {version.version} {said}"],
        next=f"igny8 build {site}",
    )


@command(app, "pages", logs=False)
def pages(cli: Cli, site: SiteOption) -> Listing:
    """List the pages that a build makes now."""
    rows = [
        {
            "path": page.path,
            "title": page.title,
            "kind": page.kind,
            "template": page.template,
            "words": page.word_count,
            "id": page.id,
        }
        for page in sitebuilder.pages(cli.ctx, site)
    ]
    return Listing(rows, ("path", "kind", "title", "words"), id_field="path")


@command(app, "gallery")
def gallery(
    cli: Cli,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="Folder; gallery in the workspace otherwise.", show_default=False
        ),
    ] = None,
    layout: Annotated[
        str | None, typer.Option("--layout", help="This one only.", show_default=False)
    ] = None,
) -> Result:
    """Build a site that shows every block in every layout, scheme and state.

    Example: igny8 sitebuilder gallery --out /srv/gallery
    """
    from igny8.renderer import build_gallery

    root = cli.app.config.root
    made = build_gallery(root, (out or root / "gallery").resolve(), layout)
    count, folder = len(made.layouts), made.start.parent
    return Result(
        {
            "start": str(made.start),
            "layouts": list(made.layouts),
            "pages": made.page_count,
            "written": made.written.written_count,
            "removed": made.written.removed_count,
        },
        [f"{made.page_count} pages of {count} layouts in {folder}"],
        next=f"python -m http.server --directory {folder}",
    )
