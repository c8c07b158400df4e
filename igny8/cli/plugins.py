"""Installed adapters and providers."""

from __future__ import annotations

import typer

from igny8.adapters.registry import plugins
from igny8.cli.command import command
from igny8.cli.output import Listing

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)


@app.callback()
def group() -> None:
    """Installed adapters and providers."""


@command(app, "list", logs=False)
def list_() -> Listing:
    """List plugins by group; a broken one says why."""
    return Listing(plugins(), ("group", "name", "package", "value", "problem"), id_field="name")
