"""Mutual exclusion between processes: locks that die with the process that holds them.

An OS file lock beside a SQLite store, a session-level advisory lock on Postgres. The holder's
note (who, since when, doing what) serves the message, never the decision.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import func, select

from igny8.core.errors import Busy
from igny8.db.database import Database


class Locks:
    """Named locks of one store. Re-entrant within a process, so that a run can call services."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
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
        with self._acquired(name):
            note = self._note(name)
            note.parent.mkdir(parents=True, exist_ok=True)
            note.write_text(
                json.dumps(
                    {
                        "pid": os.getpid(),
                        "host": socket.gethostname(),
                        "purpose": purpose,
                        "since": now.isoformat(timespec="seconds"),
                    }
                )
            )
            self._held[name] = 1
            try:
                yield
            finally:
                self._held[name] = 0
                note.unlink(missing_ok=True)

    def _acquired(self, name: str) -> AbstractContextManager[None]:
        return self._file(name) if self._database.is_sqlite else self._advisory(name)

    @contextmanager
    def _file(self, name: str) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._folder / f"{_file_name(name)}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise self._busy(name) from None
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def _advisory(self, name: str) -> Iterator[None]:
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        # Its own connection: the lock lives as long as that session, whatever writes come and go.
        with self._database.engine.connect() as connection:
            if not connection.scalar(select(func.pg_try_advisory_lock(number))):
                raise self._busy(name)
            connection.commit()
            try:
                yield
            finally:
                connection.execute(select(func.pg_advisory_unlock(number)))
                connection.commit()

    def _note(self, name: str) -> Path:
        return self._folder / f"{_file_name(name)}.json"

    def _busy(self, name: str) -> Busy:
        try:
            note = json.loads(self._note(name).read_text())
            holder = (
                f"`{note['purpose']}` (process {note['pid']} on {note['host']}, "
                f"since {note['since']})"
            )
        except (OSError, ValueError, KeyError):
            holder = "another run"
        return Busy(f"{name} is held by {holder}", hint="run it again when that has ended")


def _file_name(name: str) -> str:
    # Names are slugs and blanks; a sign that no slug has keeps `a b-c` and `a-b c` apart.
    return "".join(c if c.isalnum() or c == "-" else "+" for c in name)
