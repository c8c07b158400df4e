"""Plain reads through the bare database driver, for work that starts often and reads much: builds.

SQLAlchemy costs a quarter of a second at the start of a process; a build that has one page to write
takes about as long. Every statement names the account it reads for. Writes nothing.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from igny8.core.errors import ConfigError
from igny8.db.failures import in_words

_NAME = re.compile(r":(\w+)")
_PATIENCE = 30.0  # seconds


class Rows(Protocol):
    """Reads rows of one account: the statement holds `:account`, values come by name."""

    def __call__(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        """Return the rows. A list value stands for all its members: `IN (:ids)`."""


class Reader:
    """One store, read directly. A forked process gets a connection of its own."""

    def __init__(self, url: str, root: Path | None = None) -> None:
        self._url = url
        self._root = root
        self._connection: Any = None
        self._process = 0

    @property
    def is_sqlite(self) -> bool:
        """Whether the store is a local file."""
        return self._url.startswith("sqlite")

    @property
    def path(self) -> Path | None:
        """The file of a SQLite store."""
        return sqlite_path(self._url, self._root)

    def account(self, account_id: str) -> Rows:
        """Return the reading function of one account."""

        def rows(sql: str, **values: object) -> list[tuple[Any, ...]]:
            if ":account" not in sql:
                raise ValueError(f"whose rows does this read? {sql}")
            return self.rows(sql, account=account_id, **values)

        return rows

    def rows(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        """Return the rows of all accounts: for the operator, who opens contexts.

        Raises ConfigError, ExternalError in the words of `db.failures`.
        """
        sql, given = _spread(sql, values)
        with in_words():
            if self.is_sqlite:
                return list(self._open().execute(sql, given))
            cursor = self._open().execute(_NAME.sub(r"%(\1)s", sql), given)
            return list(cursor.fetchall())

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None and self._process == os.getpid():
            self._connection.close()
        self._connection = None

    def _open(self) -> Any:
        # A connection must not be shared with the process that this one was forked from.
        if self._connection is None or self._process != os.getpid():
            self._connection = self._sqlite() if self.is_sqlite else self._postgres()
            self._process = os.getpid()
        return self._connection

    def _sqlite(self) -> sqlite3.Connection:
        given = parse_qs(urlsplit(self._url).query).get("timeout")
        # A store that is not there is not made by looking for it.
        connection = sqlite3.connect(
            f"{(self.path or Path()).as_uri()}?mode=rw",
            uri=True,
            timeout=float(given[0]) if given else _PATIENCE,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.execute("PRAGMA query_only=ON")
        return connection

    def _postgres(self) -> Any:
        try:
            import psycopg
        except ImportError as error:
            raise ConfigError(
                "the Postgres driver is not installed",
                hint='install it with `pip install "igny8[postgres]"`',
            ) from error
        scheme, _, rest = self._url.partition("://")
        connection = psycopg.connect(
            f"{scheme.partition('+')[0]}://{rest}", autocommit=True, connect_timeout=5
        )
        connection.execute("SET TIME ZONE 'UTC'")
        connection.execute("SET default_transaction_read_only = on")
        return connection


def sqlite_path(url: str, root: Path | None) -> Path | None:
    """Return the file that a `sqlite:///FILE` URL names, below `root` unless it is absolute."""
    if not url.startswith("sqlite"):
        return None
    name = unquote(url.partition("?")[0].partition("://")[2].removeprefix("/"))
    if not name or name == ":memory:":
        return None
    return (root / name).resolve() if root is not None else Path(name)


def _spread(sql: str, values: dict[str, object]) -> tuple[str, dict[str, object]]:
    given = {key: value for key, value in values.items() if not _is_list(value)}
    for key, value in values.items():
        if not _is_list(value):
            continue
        members = {f"{key}_{n}": each for n, each in enumerate(value)}  # type: ignore[arg-type,var-annotated]
        names = ", ".join(f":{name}" for name in members) or "NULL"
        sql = re.sub(rf":{key}\b", names, sql)
        given |= members
    return sql, given


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))
