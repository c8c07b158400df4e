"""Which schema a store has and which one this igny8 needs, without loading Alembic."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from sqlalchemy import column, inspect, select, table

from igny8.core.errors import ConfigError
from igny8.db.database import Database

_VERSION = table("alembic_version", column("version_num"))


@cache
def head() -> str:
    """The newest revision this igny8 knows: its migrations are numbered."""
    names = (entry.name for entry in files("igny8.migrations").joinpath("versions").iterdir())
    return max(m.group(1) for name in names if (m := re.match(r"(\d{4})_\w+\.py$", name)))


def revision(database: Database) -> str | None:
    """The store's revision, or None for an empty store."""
    with database.operator_read() as session:
        if not inspect(session.connection()).has_table("alembic_version"):
            return None
        return session.scalar(select(_VERSION.c.version_num))


def require_current(database: Database) -> None:
    """Raise ConfigError, with the way out, unless the store fits this igny8."""
    path = database.path
    if path is not None and not path.exists():
        raise ConfigError(
            f"there is no store at {path}",
            hint="make it with `igny8 db upgrade`, or restore a backup with `igny8 db restore`",
            code="db.missing",
        )
    found = revision(database)
    if found == head():
        return
    if found is not None and found > head():
        raise ConfigError(
            f"the store is at schema {found}, this igny8 knows {head()}",
            hint="upgrade igny8",
            code="db.newer",
        )
    raise ConfigError(
        f"the store is at schema {found or 'none'}, this igny8 needs {head()}",
        hint="run `igny8 db upgrade` (it keeps a backup)",
        code="db.needs-upgrade",
    )
