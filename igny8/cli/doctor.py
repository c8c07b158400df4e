"""`igny8 doctor`."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from typing import Any

import typer

from igny8.cli.command import Cli, command
from igny8.cli.output import Result, Table
from igny8.core.errors import Igny8Error

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Check = tuple[str, Callable[[Cli], str]]
_LITTLE_ROOM = 500_000_000


@command(app, "doctor", logs=False)
def doctor(cli: Cli) -> Result:
    """Check store, schema, credits, AI provider, plugins and disk; each line says how to mend it.

    Example: igny8 doctor
    """
    rows: list[dict[str, Any]] = []
    for name, check in _CHECKS:
        try:
            rows.append({"check": name, "state": "ok", "found": check(cli), "hint": None})
        except Igny8Error as error:
            rows.append(
                {"check": name, "state": "fail", "found": error.message, "hint": error.hint}
            )
    failed = [row for row in rows if row["state"] == "fail"]
    shown = [[row["state"], row["check"], row["found"]] for row in rows]
    return Result(
        {"checks": rows, "healthy": not failed},
        [f"hint ({row['check']}): {row['hint']}" for row in failed if row["hint"]],
        tables=[Table("", ("state", "check", "found"), shown)],
        exit_status=1 if failed else 0,
    )


def _python(cli: Cli) -> str:
    del cli
    return f"{sys.version.split()[0]}"


def _workspace(cli: Cli) -> str:
    return str(cli.app.config.root)


def _store(cli: Cli) -> str:
    from igny8.db.schema import require_current, revision

    require_current(cli.app.reader)
    return f"{cli.app.database.engine.dialect.name}, schema {revision(cli.app.reader)}"


def _credits(cli: Cli) -> str:
    from igny8 import billing

    proof = billing.prove(cli.ctx)
    if proof.faults:
        raise Igny8Error(proof.faults[0], hint="run `igny8 credits check`")
    return f"{proof.balance.available:,} available, the ledger proves itself"


def _provider(cli: Cli) -> str:
    from igny8.app import provider_for

    provider = provider_for(cli.app.config)
    probe = getattr(provider, "probe", None)
    if probe is None:
        return f"{provider.name}: works offline"
    found = probe()
    return f"{provider.name}: {found.base_url} answers, model {found.model}"


def _plugins(cli: Cli) -> str:
    from igny8.adapters.registry import plugins

    del cli
    found = plugins()
    broken = [plugin for plugin in found if plugin.problem]
    if broken:
        raise Igny8Error(
            f"`{broken[0].name}` can't be loaded: {broken[0].problem}",
            hint="see `igny8 plugins list`",
        )
    return f"{len(found)} installed"


def _disk(cli: Cli) -> str:
    free = shutil.disk_usage(cli.app.config.root).free
    if free < _LITTLE_ROOM:
        raise Igny8Error(f"{free // 1_000_000} MB free", hint="free some room")
    return f"{free / 1e9:.0f} GB free"


_CHECKS: tuple[Check, ...] = (
    ("python", _python),
    ("workspace", _workspace),
    ("store", _store),
    ("credits", _credits),
    ("AI provider", _provider),
    ("plugins", _plugins),
    ("disk", _disk),
)
