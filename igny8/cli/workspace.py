"""`igny8 init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from igny8.cli.command import Cli, command
from igny8.cli.output import Result, Style
from igny8.cli.progress import Progress

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@command(app, "init")
def init(
    cli: Cli,
    folder: Annotated[Path, typer.Argument(help="Where; this folder by default.")] = Path(),
    name: Annotated[str, typer.Option("--name", help="Your agency's name.")] = "My agency",
    email: Annotated[
        str, typer.Option("--email", help="The first owner's e-mail address.")
    ] = "owner@localhost",
) -> Result:
    """Make a workspace: igny8.toml, a store, an account with its owner and first credits.

    Example: igny8 init acme --name "Acme Agency" --email you@acme.example --yes
    """
    from igny8.workspace import create

    app_, ctx, made = create(
        cli.workspace or folder, name=name, email=email, slug=cli.account, report=Progress(Style())
    )
    cli.adopt(app_)
    state = "made" if made else "is there already"
    return Result(
        {"workspace": app_.config.root, "account": ctx.account.slug, "created": made},
        lines=[f"workspace {app_.config.root} {state} (account {ctx.account.slug})"],
        next="igny8 site add SLUG --name NAME",
    )
