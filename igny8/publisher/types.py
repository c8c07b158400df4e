"""Values that the publisher takes and returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class DeploymentStatus(StrEnum):
    """How a deployment ended. `unknown`: it was cut off, and the target must be asked."""

    STARTED = "started"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    ROLLED_BACK = "rolled_back"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a site is published."""

    id: str
    name: str
    adapter: str
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """What publishing would change on a target. Paths, sorted."""

    target: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged_count: int

    @property
    def is_empty(self) -> bool:
        """Whether the target holds just this already."""
        return not (self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class Deployment:
    """One release on one target."""

    id: str
    target: str
    release: str
    status: DeploymentStatus
    added: int
    changed: int
    removed: int
    problem: str | None
    by: str
    created_at: datetime
    ended_at: datetime | None
