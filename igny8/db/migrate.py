"""Bring a store to the schema of this igny8, check it, copy it. Imports Alembic: `db` only."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, inspect

from igny8.core.errors import ConfigError, ExternalError, InvalidInput
from igny8.db.database import Database, in_our_words
from igny8.db.schema import head, revision


def upgrade(database: Database) -> tuple[str | None, str]:
    """Apply what is missing, in one transaction. Return the revision before and after."""
    before = revision(database.reader)
    if before is not None and before > head():
        raise ConfigError(
            f"the store is at {before}, newer than this igny8 ({head()})", hint="upgrade igny8"
        )
    writing = database.engine.execution_options(igny8_write=True)
    with in_our_words(), writing.begin() as connection:
        command.upgrade(_alembic(connection), "head")
    return before, head()


def differences(database: Database, metadata: MetaData) -> list[str]:
    """What the store's tables lack of the models, or have besides them."""
    with in_our_words(), database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found: list[Any] = compare_metadata(context, metadata)
    return [_told(difference) for difference in found]


def integrity(database: Database) -> list[str]:
    """Faults that SQLite itself finds; Postgres keeps its own house."""
    if not database.is_sqlite:
        return []
    with in_our_words(), database.engine.connect() as connection:
        rows = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check")]
        foreign = list(connection.exec_driver_sql("PRAGMA foreign_key_check"))
    return [row for row in rows if row != "ok"] + [f"dangling row in {row[0]}" for row in foreign]


def backup(database: Database, target: Path) -> int:
    """Copy the store into `target` while others use it. Return the bytes written."""
    if target.exists():
        raise InvalidInput(f"{target} exists already", hint="name a new file")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    try:
        if database.path is not None:
            _copy_sqlite(database.path, part)
            with closing(sqlite3.connect(part)) as copy:
                copy.execute("PRAGMA journal_mode = DELETE")  # one file, readable anywhere
        else:
            _dump_postgres(database, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target.stat().st_size


def restore(database: Database, source: Path) -> None:
    """Replace a SQLite store by a backup of it, after checking that the backup is whole."""
    path = database.path
    if path is None:
        raise InvalidInput(
            "igny8 restores SQLite stores", hint="use pg_restore for a Postgres store"
        )
    if not source.is_file():
        raise InvalidInput(f"{source} does not exist")
    _require_whole(source)
    database.close()
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        # As one transaction in the store itself: readers and a kill find the old or the new.
        _require_free(path, database.patience)
        _copy_sqlite(source, path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise ExternalError(
                f"the store can't be replaced now: {error}",
                retryable=True,
                hint="end what else uses it, check its permissions, and run it again",
            ) from error
        _replace_damaged(source, path)


def _require_whole(source: Path) -> None:
    try:
        with closing(_opened(source)) as connection:
            (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
            connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise InvalidInput(f"{source} is no backup of a store: {error}") from error
    if verdict != "ok":
        raise InvalidInput(f"{source} is damaged: {verdict}")


def _require_free(path: Path, patience: float) -> None:
    # Copying into the store would wait for another writer for ever.
    with closing(sqlite3.connect(path, timeout=patience, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")


def _replace_damaged(source: Path, path: Path) -> None:
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    _copy_sqlite(source, part)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    part.replace(path)


def _copy_sqlite(source: Path, target: Path) -> None:
    with closing(_opened(source)) as original, closing(sqlite3.connect(target)) as copy:
        original.backup(copy)


def _opened(path: Path) -> sqlite3.Connection:
    # Not read-only: a store in WAL mode whose last user has left could not be opened so.
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True)


def _dump_postgres(database: Database, target: Path) -> None:
    url = database.engine.url.set(drivername="postgresql")
    try:
        subprocess.run(  # noqa: S603  (fixed program, our own URL)
            ["pg_dump", "--format=custom", f"--file={target}"],  # noqa: S607
            env=_libpq(url),
            check=True,
            capture_output=True,
            text=True,
        )
    except FileNotFoundError as error:
        raise ConfigError(
            "pg_dump is not installed", hint="install the PostgreSQL client tools"
        ) from error
    except subprocess.CalledProcessError as error:
        raise ConfigError(f"pg_dump failed: {error.stderr.strip()}") from error


def _libpq(url: Any) -> dict[str, str]:
    # In the environment, not in the arguments: other users can read a process's arguments.
    named = {
        "PGHOST": url.host or url.query.get("host"),
        "PGPORT": url.port,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    return {**os.environ, **{key: str(value) for key, value in named.items() if value}}


def _alembic(connection: Any) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", "igny8:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _told(difference: Any) -> str:
    if isinstance(difference, list):
        difference = difference[0]
    what, *rest = difference
    return f"{what}: {', '.join(str(getattr(r, 'name', r)) for r in rest if r is not None)}"


def tables(database: Database) -> list[str]:
    """Names of the store's tables."""
    return sorted(inspect(database.engine).get_table_names())
