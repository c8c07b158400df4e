"""The raw replies of paid calls, on disk before anybody reads them. Knows no provider.

A call to a model cannot be part of a transaction. So the intent is written first, then the call
is made, then its raw reply is written, and only then is it read. A run that was killed in between
finds the reply when it makes the same request again, and does not pay twice. One file per request.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from igny8.ai.provider import Reply, Request, TextProvider, Usage
from igny8.core.clock import Clock
from igny8.core.errors import ConfigError

KEPT = timedelta(days=7)


class Journal:
    """Files in one folder that only its owner may read."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._is_swept = False

    def open(self, request: Request, provider: TextProvider) -> Entry:
        """Find what is known of this request, and write down that it is about to be made.

        Raises ConfigError when the folder cannot be written: better now than after the call.
        """
        entry = Entry(self._folder, request, provider, self._clock.now())
        if not entry.is_paid:
            return entry
        try:
            self._sweep()
            entry.restore()
            entry.write()
        except OSError as error:
            raise ConfigError(
                f"raw replies cannot be kept in {self._folder}: {error.strerror}",
                hint="make the folder writable; no call was made",
                code="ai.no-journal",
            ) from error
        return entry

    def forget(self, request_id: str) -> None:
        """Remove the replies of a request whose product has been saved."""
        for path in self._folder.glob(f"{_short_hash(request_id)}-*.json"):
            path.unlink(missing_ok=True)

    def _sweep(self) -> None:
        """Remove what is too old to be reused. Rejected replies stay: a person wants them."""
        if self._is_swept:
            return
        self._is_swept = True
        for path in sorted(self._folder.glob("*.json")):
            recorded = None if path.name.startswith("rejected-") else _read(path)
            if recorded is not None and not _is_fresh(recorded, self._clock.now()):
                path.unlink(missing_ok=True)


class Entry:
    """One request and the replies it has had so far, oldest first.

    A call that costs nothing is made again rather than recorded; only its rejection is written.
    """

    def __init__(
        self, folder: Path, request: Request, provider: TextProvider, now: datetime
    ) -> None:
        self.replies: list[Reply] = []
        self.is_paid = provider.model is not None
        self._facts: dict[str, Any] = {
            "request_id": request.request_id,
            "function": request.function.name,
            "provider": provider.name,
            "model": provider.model,
        }
        asked = json.dumps([self._facts, [asdict(message) for message in request.messages]])
        name = f"{_short_hash(request.request_id)}-{_short_hash(asked)}"
        self._path = folder / f"{name}.json"
        self._rejected = folder / f"rejected-{request.function.name}-{name}.json"
        self._facts["at"] = now.isoformat()

    def restore(self) -> None:
        """Take over the replies of an earlier, interrupted run of the same request."""
        recorded = _read(self._path)
        if recorded is not None:
            self._facts["at"] = recorded["at"]
            self.replies = [_reply(reply) for reply in recorded["replies"]]

    def record(self, reply: Reply) -> None:
        """Keep a reply that has just arrived."""
        self.replies.append(reply)
        if self.is_paid:
            with contextlib.suppress(OSError):  # the reply in hand is worth more than its copy
                self.write()

    def write(self, problems: Sequence[str] = ()) -> None:
        """Write the file whole."""
        replies = [asdict(reply) for reply in self.replies]
        recorded = {**self._facts, "problems": list(problems), "replies": replies}
        _write_atomically(self._path, json.dumps(recorded, indent=1))

    def reject(self, problems: Sequence[str]) -> Path | None:
        """Put the replies aside, with what is wrong, where no run takes them up again.

        Returns the file, or None when it could not be written.
        """
        try:
            self.write(problems)
            self._path.replace(self._rejected)
        except OSError:
            return None
        return self._rejected


def _read(path: Path) -> dict[str, Any] | None:
    try:
        recorded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        datetime.fromisoformat(recorded["at"])
        [_reply(reply) for reply in recorded["replies"]]
    except (FileNotFoundError, ValueError, LookupError, TypeError):
        return None  # not there, or not ours
    return recorded


def _is_fresh(recorded: dict[str, Any], now: datetime) -> bool:
    return now - datetime.fromisoformat(recorded["at"]) < KEPT


def _reply(recorded: dict[str, Any]) -> Reply:
    return Reply(**{**recorded, "usage": Usage(**recorded["usage"])})


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _write_atomically(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = path.with_suffix(".tmp")
    with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
