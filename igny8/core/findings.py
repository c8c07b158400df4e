"""What a check says: rules, and what was found against them. Printing them is `cli.findings`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from igny8.core.errors import UsageError, nearest


class Severity(Enum):
    """How bad it is, worst first."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return _ORDER.index(self)

    def reaches(self, threshold: Severity) -> bool:
        """Whether this is at least as bad as `threshold`."""
        return self.rank <= threshold.rank


_ORDER = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: the rule it breaks, where (`path` relative to what was checked), and a way out."""

    rule: str
    severity: Severity
    path: str
    line: int | None
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A check with a stable id `family/name`. `summary` says what is wrong where it fires."""

    id: str
    severity: Severity
    summary: str
    hint: str

    @property
    def family(self) -> str:
        """The part of the id that related rules share."""
        return self.id.partition("/")[0]

    def at(self, path: str, message: str, line: int | None = None, *, hint: str = "") -> Finding:
        """Return a finding of this rule, with the rule's own hint unless there is a better one."""
        return Finding(self.id, self.severity, path, line, message, hint or self.hint)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Worst first, then by rule and place; what was found twice is there once."""
    return sorted(
        set(findings),
        key=lambda f: (f.severity.rank, f.rule, f.path, f.line or 0, f.message, f.hint),
    )


def chosen(
    rules: Sequence[Rule], only: Collection[str] = (), ignored: Collection[str] = ()
) -> frozenset[str]:
    """Return the ids that are asked for: all, or `only` these, without those `ignored`.

    A name is a rule's id or a family. Raises UsageError for one that is neither.
    """
    known = {rule.id for rule in rules} | {rule.family for rule in rules}
    for name in (*only, *ignored):
        if name not in known:
            near = nearest(name, known)
            raise UsageError(
                f"there is no rule `{name}`",
                hint=f"did you mean `{near}`?"
                if near
                else f"families: {', '.join(sorted({rule.family for rule in rules}))}",
                code="core.unknown-rule",
            )
    return frozenset(
        rule.id
        for rule in rules
        if (not only or rule.id in only or rule.family in only)
        and not (rule.id in ignored or rule.family in ignored)
    )
