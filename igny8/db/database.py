"""Engine and units of work. `read` always rolls back, `write` commits on clean exit."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DataError,
    DBAPIError,
    IntegrityError,
    InternalError,
    NoSuchModuleError,
    NotSupportedError,
    ProgrammingError,
)
from sqlalchemy.orm import Session, sessionmaker

from igny8.core.errors import ConfigError, ExternalError, InvalidInput
from igny8.db import tenancy
from igny8.db.base import Base
from igny8.db.failures import explained
from igny8.db.reader import Reader

__all__ = ["Database", "Session", "insert_rows"]

_WRITE = "igny8_write"
_CHUNK = 2_000
_OTHER_SCHEMA = re.compile("does not exist|already exists")
_PATIENCE = 30  # seconds


class Database:
    """One store: SQLite or Postgres. Made by `app.py`, closed by whoever made it."""

    def __init__(self, url: str, *, root: Path | None = None) -> None:
        self.engine = _engine(url, root)
        self.reader = Reader(url, root)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._writes = sessionmaker(
            self.engine.execution_options(**{_WRITE: True}), expire_on_commit=False
        )
        self._writing = 0

    @property
    def path(self) -> Path | None:
        """The file of a SQLite store."""
        name = self.engine.url.database
        return Path(name) if self.is_sqlite and name else None

    @property
    def patience(self) -> float:
        """Seconds to wait for another writer: `sqlite:///FILE?timeout=SECONDS` sets it."""
        given = self.engine.url.query.get("timeout")
        return float(given) if isinstance(given, str) else _PATIENCE

    @property
    def is_writing(self) -> bool:
        """Whether a write is open: no AI call and no network may happen inside one."""
        return self._writing > 0

    @contextmanager
    def read(self, account_id: str) -> Iterator[Session]:
        """Yield a session that sees one account's rows and changes nothing."""
        with self._open(self._sessions) as session:
            tenancy.scope(session, account_id)
            yield session

    @contextmanager
    def write(self, account_id: str) -> Iterator[Session]:
        """Yield a session in one transaction: all of it or nothing of it stays."""
        with self.operator_write() as session:
            tenancy.scope(session, account_id)
            yield session

    @contextmanager
    def operator_read(self) -> Iterator[Session]:
        """Yield a session that sees every account: only for opening a context and for `db`."""
        with self._open(self._sessions) as session:
            yield session

    @contextmanager
    def operator_write(self) -> Iterator[Session]:
        """Yield a writing session over all accounts: only for making accounts and plans."""
        self._writing += 1
        try:
            with self._open(self._writes) as session:
                yield session
                session.commit()
        finally:
            self._writing -= 1

    @contextmanager
    def _open(self, make: sessionmaker[Session]) -> Iterator[Session]:
        with in_our_words(), make() as session:
            yield session

    def close(self) -> None:
        """Give all connections back."""
        self.reader.close()
        self.engine.dispose()


def insert_rows(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows of the session's account in few statements."""
    account_id = session.info.get(tenancy.ACCOUNT)
    for start in range(0, len(rows), _CHUNK):
        chunk = [{"account_id": account_id, **row} for row in rows[start : start + _CHUNK]]
        session.execute(insert(model), chunk)


@contextmanager
def in_our_words() -> Iterator[None]:
    """Turn what the driver raises about the store or the data into an error of ours.

    A broken constraint or a wrong statement stays as it is: that is a bug, not a condition.
    """
    try:
        yield
    except DataError as error:
        raise InvalidInput(
            f"the store can't keep a value: {_said(error)}",
            hint="shorten it, or remove characters that are no text",
        ) from error
    except (IntegrityError, InternalError, NotSupportedError):
        raise
    except DatabaseError as error:
        if isinstance(error, ProgrammingError) and not _OTHER_SCHEMA.search(str(error.orig)):
            raise
        raise translated(error) from error


def translated(error: DBAPIError) -> ConfigError | ExternalError:
    """Say in our words what the database's driver said."""
    return explained(_said(error), is_statement_wrong=isinstance(error, ProgrammingError))


def _said(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0] if error.orig else str(error)


def _engine(url: str, root: Path | None) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigError(
            "store.url is not a database URL",
            hint="use sqlite:///FILE or postgresql://HOST/NAME",
        ) from error
    if parsed.get_backend_name() == "sqlite":
        name = parsed.database or ""
        if name and name != ":memory:" and root is not None:
            path = (root / name).resolve()
            path.parent.mkdir(parents=True, exist_ok=True)
            parsed = parsed.set(database=str(path))
        waits = {} if "timeout" in parsed.query else {"timeout": _PATIENCE}
        engine = create_engine(parsed, connect_args=waits)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
        try:
            engine = create_engine(parsed, pool_pre_ping=True, connect_args={"connect_timeout": 5})
            event.listen(engine, "connect", _prepare_postgres)
            return engine
        except (ImportError, NoSuchModuleError) as error:
            raise ConfigError(
                "the Postgres driver is not installed",
                hint='install it with `pip install "igny8[postgres]"`',
            ) from error
    raise ConfigError(
        f"igny8 does not know the database `{parsed.get_backend_name()}`",
        hint="use sqlite:///FILE or postgresql://HOST/NAME",
    )


def _prepare_sqlite(connection: sqlite3.Connection, record: object) -> None:
    del record
    # SQLAlchemy begins transactions through the event below; the driver must not add its own.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # the ledger is in here: a power cut may not lose a commit
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_postgres(connection: Any, record: object) -> None:
    del record
    # As long as SQLite waits for another writer; then say so instead of waiting for ever.
    connection.execute(f"SET lock_timeout = '{_PATIENCE}s'")
    connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    # A write takes the writer's place at once: upgrading a read later can fail with `locked`.
    mode = "IMMEDIATE" if connection.get_execution_options().get(_WRITE) else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {mode}")
