"""Switch modules on and off."""

from __future__ import annotations

from typing import Annotated

import typer

from igny8 import billing, system
from igny8.cli.command import Cli, command
from igny8.cli.output import Listing, Result

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__
)


@command(app, "list", logs=False)
def list_(cli: Cli) -> Listing:
    """List the modules: switch, needs, and credits that their AI functions have used."""
    ctx = cli.ctx
    spent: dict[str, int] = {}
    for function, credits_ in billing.spent_by_function(ctx).items():
        module = function.partition(".")[0]
        spent[module] = spent.get(module, 0) + credits_
    rows = [
        {
            "module": found.module,
            "is_enabled": found.is_enabled,
            "needs": found.needs,
            "needed_by": found.needed_by,
            "credits_used": spent.get(found.module, 0),
            "config": found.config,
        }
        for found in system.modules(ctx)
    ]
    columns = ("module", "is_enabled", "needs", "needed_by", "credits_used")
    return Listing(rows, columns, id_field="module")


@command(app, "enable")
def enable(cli: Cli, module: str) -> Result:
    """Switch a module on, with the modules it needs.

    Example: igny8 module enable linker
    """
    changed = system.switch(cli.ctx, module, on=True)
    said = f"on: {', '.join(changed)}" if changed else f"{module} is on already"
    return Result({"enabled": changed}, [said])


@command(app, "disable")
def disable(
    cli: Cli,
    module: str,
    together: Annotated[bool, typer.Option("--together", help="Also those that need it.")] = False,
) -> Result:
    """Switch a module off: its commands vanish and its code is not loaded.

    Example: igny8 module disable sitebuilder --together
    """
    changed = system.switch(cli.ctx, module, on=False, together=together)
    said = f"off: {', '.join(changed)}" if changed else f"{module} is off already"
    return Result({"disabled": changed}, [said])


@command(app, "show", logs=False)
def show(cli: Cli, module: str) -> Result:
    """Show one module."""
    found = next((m for m in system.modules(cli.ctx) if m.module == module), None)
    if found is None:
        from igny8.core.errors import NotFound

        raise NotFound.named("module", module, system.NEEDS, list_with="igny8 module list")
    lines = [f"{module} is {'on' if found.is_enabled else 'off'}"]
    lines += [f"needs {', '.join(found.needs)}"] if found.needs else []
    lines += [f"needed by {', '.join(found.needed_by)}"] if found.needed_by else []
    lines += [f"{key} = {value}" for key, value in sorted(found.config.items())]
    return Result(found, lines)


@command(app, "set")
def set_(cli: Cli, module: str, key: str, value: str) -> Result:
    """Set one key of a module's own configuration.

    Example: igny8 module set linker owner sam
    """
    return Result(system.configure(cli.ctx, module, key, value), [f"{module}: {key} = {value}"])
