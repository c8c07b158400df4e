"""`igny8 serve`."""

from __future__ import annotations

import webbrowser
from typing import Annotated
from urllib.parse import urlsplit

import typer

from igny8 import renderer
from igny8.cli.command import Cli, command
from igny8.cli.output import say

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@command(app, "serve")
def serve(
    cli: Cli,
    site: str,
    port: Annotated[int, typer.Option("--port", help="0 is any.", min=0, max=65535)] = 8080,
    open_: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Preview a site on this machine; it is rebuilt and reloaded when a file changes.

    Example: igny8 serve fernhill --open
    """
    from igny8.web.preview import serve as run

    cli.site = site
    ctx = cli.ctx
    renderer.build(ctx, site)
    config = ctx.config
    folders = [config.site_folder(site), config.root / "layouts", config.root / "templates"]
    # The output lies below the site's folder: watching it would see our own writing.
    watched = [
        path
        for folder in folders
        if folder.is_dir()
        for path in ([folder] if folder.name != site else sorted(folder.iterdir()))
        if path.name not in ("output", "releases")
    ]
    database = cli.app.database.path
    watched += [database] if database else []

    def started(url: str) -> None:
        say(f"{site} is at {url} (Ctrl-C ends it)")
        if open_:
            webbrowser.open(url)

    def rebuild() -> None:
        # A fresh context: settings may have changed with the files. Closed again at once: while
        # it is open, what another command writes stays in SQLite's log and nobody sees a change.
        try:
            renderer.build(cli.ctx, site)
        finally:
            cli.close()

    output = renderer.output_folder(ctx, site)
    base_path = urlsplit(config.site(site).identity.base_url).path.rstrip("/") + "/"
    cli.close()
    run(
        output,
        base_path=base_path,
        rebuild=rebuild,
        watched=watched,
        port=port,
        on_start=started,
    )
