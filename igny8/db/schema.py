"""Which schema a store has and which one this igny8 needs, without loading Alembic."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from igny8.core.errors import ConfigError
from igny8.db.reader import Reader


@cache
def head() -> str:
    """The newest revision this igny8 knows: its migrations are numbered."""
    names = (entry.name for entry in files("igny8.migrations").joinpath("versions").iterdir())
    return max(m.group(1) for name in names if (m := re.match(r"(\d{4})_\w+\.py$", name)))


def revision(reader: Reader) -> str | None:
    """The store's revision, or None for an empty store."""
    if reader.path is not None and not reader.path.exists():
        return None
    try:
        found = reader.rows("SELECT version_num FROM alembic_version")
    except ConfigError as error:
        if error.code == "db.needs-upgrade":
            return None
        raise
    return str(found[0][0]) if found else None


def require_current(reader: Reader) -> None:
    """Raise ConfigError, with the way out, unless the store fits this igny8."""
    path = reader.path
    if path is not None and not path.exists():
        raise ConfigError(
            f"there is no store at {path}",
            hint="make it with `igny8 db upgrade`, restore a backup with `igny8 db restore`, or "
            "build from exported files with `igny8 build SITE --files`",
            code="db.missing",
        )
    found = revision(reader)
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
