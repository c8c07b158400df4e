"""What one check of `igny8_score` finds. How much it weighs stands in `scoring`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from igny8.optimizer.types import Gate, Span

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Verdict:
    """A check's outcome: score 0 to 1, what was seen, one fix, where, and a gate if it sets one."""

    score: float
    message: str
    fix: str = ""
    evidence: tuple[Span, ...] = ()
    gate: Gate | None = None


def steps(number: float, full: float, half: float) -> float:
    """Score what should be high: 1 from `full`, 0.5 from `half`, else 0."""
    return 1.0 if number >= full else 0.5 if number >= half else 0.0


def limits(number: float, full: float, half: float) -> float:
    """Score what should be low: 1 up to `full`, 0.5 up to `half`, else 0."""
    return 1.0 if number <= full else 0.5 if number <= half else 0.0


def shown(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the first places, enough to find and mend."""
    return tuple(span for span, _ in zip(spans, range(_SHOWN), strict=False))


def plural(number: int, noun: str) -> str:
    """Return `1 link`, `2 links`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
