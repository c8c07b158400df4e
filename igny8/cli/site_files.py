"""A site's own files: pictures, documents, downloads."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from igny8 import sitebuilder
from igny8.cli.command import Cli, SiteOption, command
from igny8.cli.output import Listing, Result
from igny8.safety.paths import write_atomically

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__
)


@command(app, "list", logs=False)
def list_(cli: Cli, site: SiteOption) -> Listing:
    """List a site's files. State: kept, missing, changed, or loose (in the folder only)."""
    return Listing(
        sitebuilder.site_files(cli.ctx, site),
        ("path", "media_type", "size", "width", "height", "alt", "state"),
        id_field="path",
        empty="no files yet; add some with `igny8 sitebuilder files add PATH`",
    )


@command(app, "add")
def add(
    cli: Cli,
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders with all in them.")],
    site: SiteOption,
    into: Annotated[str, typer.Option("--into", help="Folder below files/.")] = "",
    alt: Annotated[
        str | None,
        typer.Option("--alt", help="What a picture shows, in words.", show_default=False),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put them in the place of other files.")
    ] = False,
) -> Result:
    """Take files into a site; pages link to them as /files/NAME.

    Example: igny8 sitebuilder files add workshop.jpg --site fernhill --alt "The workshop at noon"
    """
    outcome = sitebuilder.add_site_files(
        cli.ctx, site, paths, into=into, alt=alt, is_replacing=replace
    )
    lines = []
    for added in outcome.done:
        said = "added" if added.is_new else "unchanged"
        lost = f", without {', '.join(added.removed)}" if added.removed else ""
        lines.append(f"{added.file.url} {said}{lost}")
    new = sum(added.is_new for added in outcome.done)
    return Result(
        {"added": new, "unchanged": len(outcome.done) - new, "files": outcome.done},
        lines,
        problems=outcome.problems,
    )


@command(app, "get", logs=False)
def get(
    cli: Cli,
    name: Annotated[str, typer.Argument(help="Its path, or its address on the site.")],
    site: SiteOption,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write a copy there.", show_default=False)
    ] = None,
) -> Result:
    """Show a file's facts and where it lies, checked by its hash; or copy it.

    Example: igny8 sitebuilder files get workshop.jpg --site fernhill --out copy.jpg
    """
    file, location = sitebuilder.site_file(cli.ctx, site, name)
    if out is not None:
        target = out / location.name if out.is_dir() else out
        if target.exists():
            cli.confirm(f"Replace {target}?")
        write_atomically(target, location.read_bytes())
        location = target
    size = f", {file.width} × {file.height}" if file.width and file.height else ""
    lines = [str(location), f"{file.url}: {file.media_type}, {file.size:,} bytes{size}"]
    if file.alt:
        lines.append(f"shows: {file.alt}")
    return Result({"file": file, "location": location}, lines)


@command(app, "describe")
def describe(
    cli: Cli,
    name: Annotated[str, typer.Argument(help="Its path, or its address on the site.")],
    alt: Annotated[str, typer.Argument(help="What it shows, in words; empty for ornaments.")],
    site: SiteOption,
) -> Result:
    """Give a picture the text that stands for it where it can't be seen.

    Example: igny8 sitebuilder files describe workshop.jpg "The workshop at noon" --site fernhill
    """
    file = sitebuilder.describe_site_file(cli.ctx, site, name, alt)
    return Result(file, [f"{file.url} shows: {file.alt}" if file.alt else f"{file.url}: ornament"])


@command(app, "remove")
def remove(
    cli: Cli,
    names: Annotated[list[str], typer.Argument(help="Paths, or addresses on the site.")],
    site: SiteOption,
) -> Result:
    """Remove files from a site.

    Example: igny8 sitebuilder files remove workshop.jpg --site fernhill --yes
    """
    cli.confirm(f"Remove {', '.join(names)} from {site}?")
    outcome = sitebuilder.remove_site_files(cli.ctx, site, names)
    return Result(
        {"removed": outcome.done},
        [f"/files/{path} removed" for path in outcome.done],
        problems=outcome.problems,
    )
