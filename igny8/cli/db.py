"""Upgrade, check and back up the store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from igny8.cli.command import Cli, command
from igny8.cli.output import Result
from igny8.core.outcome import Problem
from igny8.db import migrate
from igny8.db.schema import head, revision

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__
)


@command(app, "upgrade")
def upgrade(cli: Cli) -> Result:
    """Bring the store to this igny8's schema; a SQLite store is backed up first.

    Example: igny8 db upgrade
    """
    database = cli.app.database
    before = revision(database.reader) if database.path is None or database.path.exists() else None
    kept = None
    if before is not None and before < head() and database.path is not None:
        stamp = f"{cli.app.clock.now():%Y%m%dT%H%M%S}"
        kept = cli.app.config.state / "backups" / f"{before}-{stamp}.db"
        migrate.backup(database, kept)
    before, after = migrate.upgrade(database)
    said = f"the store is at {after}" + ("" if before != after else " already")
    lines = [said] + ([f"the store as it was: {kept}"] if kept else [])
    return Result({"before": before, "after": after, "backup": kept}, lines)


@command(app, "check", logs=False)
def check(cli: Cli) -> Result:
    """Check the store: revision, tables against the models, its own integrity."""
    from igny8.schema import metadata

    database = cli.app.database
    faults = migrate.integrity(database)
    faults += migrate.differences(database, metadata)
    found = revision(database.reader)
    if found != head():
        faults.append(f"revision {found}, this igny8 needs {head()}")
    problems = [
        Problem("db.fault", "store", fault, "run `igny8 db upgrade`, or restore a backup")
        for fault in faults
    ]
    lines = [] if problems else [f"the store is sound (revision {found})"]
    return Result(
        {"revision": found, "faults": faults},
        lines,
        problems=problems,
        exit_status=1 if problems else 0,
    )


@command(app, "backup")
def backup(
    cli: Cli,
    target: Annotated[Path | None, typer.Argument(help="The file to make.")] = None,
) -> Result:
    """Copy the store into one file, while others use it.

    Example: igny8 db backup before-the-move.db
    """
    stamp = f"{cli.app.clock.now():%Y%m%dT%H%M%S}"
    suffix = "db" if cli.app.database.is_sqlite else "dump"
    path = target or cli.app.config.state / "backups" / f"store-{stamp}.{suffix}"
    size = migrate.backup(cli.app.database, path)
    return Result({"backup": path, "bytes": size}, [f"{path} ({size:,} bytes)"])


@command(app, "restore")
def restore(cli: Cli, source: Path) -> Result:
    """Replace a SQLite store by a backup, after checking that the backup is whole.

    Example: igny8 db restore before-the-move.db --yes
    """
    cli.confirm(f"Replace the store by {source}?")
    migrate.restore(cli.app.database, source)
    return Result({"restored": source}, [f"the store is {source} now"], next="igny8 db check")
