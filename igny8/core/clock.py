"""The clock, as a value that is passed in, so that schedules and grants can be tested."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


def _system_now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  (the one place that reads the system's clock)


@dataclass(frozen=True, slots=True)
class Clock:
    """Tells the time in UTC."""

    now: Callable[[], datetime] = _system_now

    @classmethod
    def fixed(cls, moment: datetime) -> Clock:
        """Return a clock that stands still."""
        return cls(now=lambda: moment)
