"""`igny8 build`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from igny8 import renderer
from igny8.cli.command import Cli, command
from igny8.cli.output import Result

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def _from_files(cli: Cli, site: str, out: Path | None, *, is_full: bool) -> renderer.Built:
    now = cli.app.clock.now()
    with cli.app.file_locks.hold(f"files {site}", f"build {site} --files", now):
        return renderer.build_files(cli.app.config, site, now.date(), out=out, is_full=is_full)


@command(app, "build")
def build(
    cli: Cli,
    site: str,
    out: Annotated[Path | None, typer.Option("--out", help="Another folder.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Make every file anew.")] = False,
    files: Annotated[
        bool, typer.Option("--files", help="From exported files alone, without a store.")
    ] = False,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Use no rendered body that is stored.")
    ] = False,
) -> Result:
    """Build a site into static HTML: only what changed is written.

    Example: igny8 build fernhill
    """
    cli.site = site
    if files:
        built = _from_files(cli, site, out, is_full=full)
    else:
        built = renderer.build(cli.ctx, site, out=out, is_full=full, uses_stored=not no_cache)
    written = built.written
    lines = [
        f"{built.page_count} pages: {written.written_count} files written, "
        f"{written.unchanged_count} unchanged, {written.removed_count} removed",
        f"in {built.output_dir}",
    ]
    if built.unresolved:
        lines.append(
            f"{len(built.unresolved)} links lead to pages that are not in this build; "
            "they read as plain text"
        )
    return Result(
        {
            "site": site,
            "output_dir": built.output_dir,
            "pages": built.page_count,
            "written": written.written_count,
            "unchanged": written.unchanged_count,
            "removed": written.removed_count,
            "unresolved": built.unresolved,
        },
        lines,
        problems=built.problems,
        exit_status=0,  # what was left out is said; the site is whole without it
        next=f"igny8 serve {site}",
    )
