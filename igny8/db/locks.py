"""Mutual exclusion between processes: locks that die with the process that holds them.

An OS file lock beside a SQLite store, a session-level advisory lock on Postgres. The holder's
note (who, since when, doing what) serves the message, never the decision: a file beside the lock,
or the name of the session that holds it.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from igny8.core.errors import Busy

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from igny8.db.database import Database

_LABEL_PURPOSE = 24  # of the 63 characters that Postgres keeps of a session's name


class Locks:
    """Named locks of one store. Re-entrant within a process, so that a run can call services."""

    def __init__(self, database: Callable[[], Database], folder: Path, *, is_sqlite: bool) -> None:
        self._database = database
        self._is_sqlite = is_sqlite
        self._folder = folder
        self._held: dict[str, int] = {}

    @contextmanager
    def hold(self, name: str, purpose: str, now: datetime) -> Iterator[None]:
        """Hold `name`, or raise Busy at once and say who does."""
        if self._held.get(name):
            self._held[name] += 1
            try:
                yield
            finally:
                self._held[name] -= 1
            return
        with self._acquired(name, purpose, now):
            self._held[name] = 1
            try:
                yield
            finally:
                self._held[name] = 0

    def _acquired(self, name: str, purpose: str, now: datetime) -> AbstractContextManager[None]:
        take = self._file if self._is_sqlite else self._advisory
        return take(name, purpose, now)

    @contextmanager
    def _file(self, name: str, purpose: str, now: datetime) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        note = self._folder / f"{_file_name(name)}.json"
        lock = FileLock(self._folder / f"{_file_name(name)}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise _busy(name, _note_in(note)) from None
        try:
            note.write_text(json.dumps(_note(purpose, now)), encoding="utf-8")
            yield
        finally:
            note.unlink(missing_ok=True)
            lock.release()

    @contextmanager
    def _advisory(self, name: str, purpose: str, now: datetime) -> Iterator[None]:
        from sqlalchemy import func, select

        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        # Its own connection: the lock lives as long as that session, whatever writes come and go.
        with self._database().engine.connect() as connection:
            if not connection.scalar(select(func.pg_try_advisory_lock(number))):
                raise _busy(name, _shown_by_server(connection, number))
            # Other machines can't see a file; the server shows them the session's name.
            label = "|".join(_note(purpose[:_LABEL_PURPOSE], now).values())
            connection.execute(select(func.set_config("application_name", label, False)))
            connection.commit()
            try:
                yield
            finally:
                connection.execute(select(func.pg_advisory_unlock(number)))
                connection.execute(select(func.set_config("application_name", "", False)))
                connection.commit()


def _note(purpose: str, now: datetime) -> dict[str, str]:
    since = now.strftime("%Y%m%dT%H%M%SZ")
    return {
        "pid": str(os.getpid()),
        "since": since,
        "purpose": purpose,
        "host": socket.gethostname(),
    }


def _note_in(path: Path) -> Mapping[str, str]:
    try:
        note = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def _shown_by_server(connection: Connection, number: int) -> Mapping[str, str]:
    # The server keeps a 64-bit lock as two halves.
    high, low = (number >> 32) & 0xFFFFFFFF, number & 0xFFFFFFFF
    label = connection.exec_driver_sql(
        "SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid) "
        "WHERE locktype = 'advisory' AND granted AND objsubid = 1 "
        "AND classid::bigint = %s AND objid::bigint = %s",
        (high, low),
    ).scalar()
    parts = str(label or "").split("|")
    return dict(zip(("pid", "since", "purpose", "host"), parts, strict=False))


def _busy(name: str, note: Mapping[str, str]) -> Busy:
    try:
        since = datetime.strptime(note["since"], "%Y%m%dT%H%M%SZ")  # noqa: DTZ007  (shown as UTC)
        holder = (
            f"`{note['purpose']}` (process {note['pid']} on {note['host']}, "
            f"since {since:%Y-%m-%d %H:%M:%S} UTC)"
        )
    except (KeyError, ValueError, TypeError):
        holder = "another run"
    return Busy(f"{name} is held by {holder}", hint="run it again when that has ended")


def _file_name(name: str) -> str:
    # Names are slugs and blanks; a sign that no slug has keeps `a b-c` and `a-b c` apart.
    return "".join(c if c.isalnum() or c == "-" else "+" for c in name)
