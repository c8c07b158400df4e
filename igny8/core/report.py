"""Where long work says how far it is. The terminal, a log or nothing stands behind it."""

from __future__ import annotations

from typing import Protocol


class Reporter(Protocol):
    """Hears of progress. Must never fail and never decide anything."""

    def step(self, label: str, done: int, total: int) -> None:
        """`done` of `total` items of the work called `label` are finished."""

    def note(self, text: str) -> None:
        """Something the user may want to know now."""


class Silent:
    """Hears and says nothing."""

    def step(self, label: str, done: int, total: int) -> None:
        """Ignore it."""

    def note(self, text: str) -> None:
        """Ignore it."""
