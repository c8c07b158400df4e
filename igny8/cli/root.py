"""The root command: groups by name, loaded when they are used. Imports nothing that is slow."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup

from igny8 import __version__


class Entry(NamedTuple):
    """Where a command or group lives, and the one line that `--help` says of it."""

    module: str
    help: str
    needs: str | None = None  # the igny8 module that must be switched on


COMMANDS = {
    "init": Entry("igny8.cli.workspace", "Make a workspace with a store, an account and credits"),
    "demo": Entry("igny8.cli.demo", "Run the whole line on the example business, offline"),
    "status": Entry("igny8.cli.status", "Show where everything stands and what comes next"),
    "run": Entry("igny8.cli.run", "Run the line for a site, from where it stands"),
    "build": Entry("igny8.cli.build", "Build a site into static HTML", "sitebuilder"),
    "check": Entry("igny8.cli.check", "Check a built site for faults", "sitebuilder"),
    "serve": Entry("igny8.cli.serve", "Preview a site and reload on change", "sitebuilder"),
    "doctor": Entry("igny8.cli.doctor", "Check that everything igny8 needs is in order"),
}
GROUPS = {
    "account": Entry("igny8.cli.account", "Accounts of this store"),
    "user": Entry("igny8.cli.user", "Users, roles and tokens"),
    "site": Entry("igny8.cli.site", "Sites and their sectors"),
    "module": Entry("igny8.cli.module", "Switch modules on and off"),
    "credits": Entry("igny8.cli.credits", "Balance, history, grants and proof"),
    "thinker": Entry("igny8.cli.thinker", "Prompts, author profiles, strategies", "thinker"),
    "planner": Entry("igny8.cli.planner", "Keywords, clusters, ideas", "planner"),
    "writer": Entry("igny8.cli.writer", "Tasks and content", "writer"),
    "linker": Entry("igny8.cli.linker", "Internal links", "linker"),
    "optimizer": Entry("igny8.cli.optimizer", "Analysis and rewrites", "optimizer"),
    "sitebuilder": Entry("igny8.cli.sitebuilder", "Blueprints and pages", "sitebuilder"),
    "publisher": Entry("igny8.cli.publisher", "Targets, releases, rollback", "publisher"),
    "db": Entry("igny8.cli.db", "Upgrade, check and back up the store"),
    "config": Entry("igny8.cli.config", "Settings and where they come from"),
    "plugins": Entry("igny8.cli.plugins", "Installed adapters and providers"),
}


class LazyGroup(TyperGroup):
    """Names from the tables above; the module behind a name is imported when it is used."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Commands first, then groups, without those that are switched off."""
        off = _disabled(ctx)
        return [name for name, entry in {**COMMANDS, **GROUPS}.items() if entry.needs not in off]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a stand-in that knows its name and help: enough to list."""
        del ctx
        entry = {**COMMANDS, **GROUPS}.get(cmd_name)
        return TyperCommand(cmd_name, help=entry.help) if entry else None

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:
        """Import what was named. A switched-off module says how to switch it on."""
        self.commands = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
        name = args[0]
        entry = {**COMMANDS, **GROUPS}.get(name)
        if entry is None:
            return super().resolve_command(ctx, args)
        if entry.needs in _disabled(ctx):
            typer.echo(f"error: module `{entry.needs}` is switched off", err=True)
            typer.echo(f"hint: switch it on with `igny8 module enable {entry.needs}`", err=True)
            raise typer.Exit(1)
        module = importlib.import_module(entry.module)
        command: Any = typer.main.get_command(module.app)
        command.name = name
        return name, command, args[1:]


app = typer.Typer(
    name="igny8",
    cls=LazyGroup,
    help="From a keyword export to a published, interlinked, optimised web site.",
    epilog="Start with `igny8 demo`, or `igny8 init` in an empty folder.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    # Rich's help loads a Markdown parser: twice the time for the page that is asked for most.
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"igny8 {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version and exit."
    ),
) -> None:
    """From a keyword export to a published, interlinked, optimised web site."""
    del version


def main() -> None:
    """Run the command line."""
    app()


def _disabled(ctx: Any) -> frozenset[str | None]:
    """Modules switched off for the account that this command line names."""
    if "igny8_disabled" in ctx.meta:
        return ctx.meta["igny8_disabled"]  # type: ignore[no-any-return]
    workspace = _option("--workspace") or os.environ.get("IGNY8_WORKSPACE")
    start = Path(workspace) if workspace else Path.cwd()
    roots = [start] if workspace else [start, *start.parents]
    root_folder = next((r for r in roots if (r / "igny8.toml").is_file()), None)
    off: frozenset[str | None] = frozenset()
    if root_folder and (root_folder / ".igny8" / "modules.json").is_file():
        from igny8.config.switches import disabled

        account = _option("--account") or os.environ.get("IGNY8_WORKSPACE__ACCOUNT")
        off = frozenset(disabled(root_folder / ".igny8", account or _account(root_folder)))
    ctx.meta["igny8_disabled"] = off
    return off


def _option(name: str) -> str | None:
    """Read one option off the command line before it is parsed: the groups depend on it."""
    words = sys.argv[1:]
    for index, word in enumerate(words):
        if word == name and index + 1 < len(words):
            return words[index + 1]
        if word.startswith(f"{name}="):
            return word.partition("=")[2]
    return None


def _account(root_folder: Path) -> str | None:
    import tomllib  # here: `--help` needs it only where modules are switched off

    try:
        settings = tomllib.loads((root_folder / "igny8.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    account = settings.get("workspace", {}).get("account")
    return account if isinstance(account, str) else None
