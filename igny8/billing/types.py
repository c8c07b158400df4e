"""Values that the billing slice takes and returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EntryKind(StrEnum):
    """How a ledger entry moves credits."""

    GRANT = "grant"  # → available
    HOLD = "hold"  # available → held
    SETTLE = "settle"  # held → spent
    RELEASE = "release"  # held → available
    EXPIRE = "expire"  # available → gone


@dataclass(frozen=True, slots=True)
class Balance:
    """Credits of an account. `spent` is all that was ever settled."""

    available: int
    held: int
    spent: int


@dataclass(frozen=True, slots=True)
class Grant:
    """Credits given. Lower `priority` is used first, then the soonest expiry."""

    id: str
    amount: int
    remaining: int
    priority: int
    expires_at: datetime | None
    reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger; never changed, never deleted."""

    id: str
    kind: EntryKind
    amount: int
    function: str | None
    subject: str | None
    actor: str
    reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Hold:
    """Credits set aside for one piece of work."""

    id: str
    amount: int
    site_id: str | None


@dataclass(frozen=True, slots=True)
class Usage:
    """What one AI call used and cost."""

    function: str
    subject: str
    site_id: str | None
    units: int
    credits: int
    input_tokens: int
    output_tokens: int
    provider: str
    model: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Proof:
    """What `credits check` found: nothing in `faults` means the ledger proves itself."""

    balance: Balance
    entries: int
    open_holds: int
    faults: tuple[str, ...]
