"""What a batch returns: what was done, and what was not with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from igny8.core.errors import Igny8Error

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing a batch could not do. `where` names the item, file or line."""

    code: str
    where: str
    message: str
    hint: str | None = None

    @classmethod
    def of(cls, where: str, error: Igny8Error) -> Problem:
        """Make a problem of an error that stopped one item, not the batch."""
        return cls(code=error.code, where=where, message=error.message, hint=error.hint)


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """Everything done and every problem, in order. A batch never dies at its first failure."""

    done: tuple[T, ...] = ()
    problems: tuple[Problem, ...] = ()
