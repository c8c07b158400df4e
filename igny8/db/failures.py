"""What a store's driver says, in our words and with a way out. Knows no driver's library."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from igny8.core.errors import ConfigError, ExternalError


@contextmanager
def in_words() -> Iterator[None]:
    """Turn what a bare driver raises into an error of ours."""
    postgres = sys.modules.get("psycopg")
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise explained(str(error)) from error
    except Exception as error:
        # Imported only when a Postgres store is read.
        postgres = postgres or sys.modules.get("psycopg")
        if postgres is None or not isinstance(error, postgres.Error):
            raise
        is_wrong = isinstance(error, postgres.ProgrammingError)
        text = str(error).strip().splitlines()[0]
        raise explained(text, is_statement_wrong=is_wrong) from error


def explained(text: str, *, is_statement_wrong: bool = False) -> ConfigError | ExternalError:
    """Say in our words what the database's driver said.

    `is_statement_wrong`: the server understood the connection but not the statement.
    """
    lower = text.lower()
    if "not a database" in lower or "malformed" in lower:
        return ConfigError(
            f"the store is damaged: {text}",
            hint="restore a backup with `igny8 db restore FILE`",
            code="db.damaged",
        )
    if "already exists" in lower:
        return ConfigError(
            f"the store holds what igny8 did not make: {text}",
            hint="name an empty database in `store.url`",
            code="db.foreign",
        )
    is_missing = is_statement_wrong and "does not exist" in lower
    if "no such table" in lower or "no such column" in lower or is_missing:
        return ConfigError(
            f"the store does not fit this igny8: {text}",
            hint="run `igny8 db upgrade`",
            code="db.needs-upgrade",
        )
    if "disk" in lower and "full" in lower:
        return ConfigError(
            "the disk is full; nothing was written", hint="free some room and run it again"
        )
    if "locked" in lower or "busy" in lower or "lock timeout" in lower:
        return ExternalError(
            "the store is locked by another process",
            retryable=True,
            hint="run it again when the other process has ended",
            code="db.locked",
        )
    if "readonly" in lower or "unable to open" in lower:
        return ConfigError(
            f"the store can't be opened for writing: {text}",
            hint="check the path in `igny8 config show store.url` and its permissions",
            code="db.unwritable",
        )
    return ExternalError(
        f"the store did not answer: {text}",
        retryable=True,
        hint="check `igny8 doctor`",
        code="db.unreachable",
    )
