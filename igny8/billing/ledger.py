"""The ledger: append-only entries and one guarded balance row.

Every function joins its caller's transaction. Money moves by one conditional UPDATE, never by
read, change, write back; what the balance row says is proved against the entries by `prove`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from igny8.billing.models import BalanceRow, EntryRow, GrantRow, UsageRow
from igny8.billing.types import Balance, EntryKind, Hold, Proof
from igny8.core.errors import Conflict, InsufficientCredits
from igny8.core.ids import new_id
from igny8.db import Session


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who moved credits, in which run, when."""

    actor: str
    run_id: str
    at: datetime


def grant(
    session: Session,
    stamp: Stamp,
    amount: int,
    *,
    key: str,
    reason: str,
    priority: int = 100,
    expires_at: datetime | None = None,
) -> bool:
    """Give credits once for each `key`. Return whether this call gave them.

    The same key with another amount is a Conflict: somebody means two things by one name.
    """
    _lock_balance(session)
    earlier = session.scalar(select(GrantRow).where(GrantRow.key == key))
    if earlier is not None:
        if earlier.amount != amount:
            raise Conflict(
                f"grant `{key}` was made with {earlier.amount} credits, not {amount}",
                hint="use another key",
                code="billing.key-reused",
            )
        return False
    row = GrantRow(
        id=new_id("grant"),
        amount=amount,
        remaining=amount,
        priority=priority,
        expires_at=expires_at,
        key=key,
        reason=reason,
        created_at=stamp.at,
    )
    session.add(row)
    session.flush()
    _move(session, available=amount)
    _enter(
        session, stamp, EntryKind.GRANT, amount, key=f"grant:{key}", grant_id=row.id, reason=reason
    )
    return True


def hold(
    session: Session,
    stamp: Stamp,
    amount: int,
    *,
    work: str,
    function: str,
    subject: str,
    site_id: str | None,
) -> Hold:
    """Set credits aside for `work`. Raises InsufficientCredits, and Conflict if it was paid."""
    _lock_balance(session)
    expire_due(session, stamp)
    attempts = session.execute(
        select(EntryRow.kind, func.count()).where(EntryRow.work == work).group_by(EntryRow.kind)
    )
    counts: dict[str, int] = {row[0]: row[1] for row in attempts}
    if counts.get(EntryKind.SETTLE):
        raise Conflict(f"`{work}` was paid already", code="billing.already-charged")
    if not _move(session, available=-amount, held=amount):
        raise InsufficientCredits(amount, balance(session).available, what=function)
    entry = _enter(
        session,
        stamp,
        EntryKind.HOLD,
        amount,
        key=f"hold:{work}:{counts.get(EntryKind.HOLD, 0) + 1}",
        work=work,
        allocation=_take_from_grants(session, amount),
        function=function,
        subject=subject,
        site_id=site_id,
    )
    return Hold(entry.id, amount, site_id)


def settle(session: Session, stamp: Stamp, hold_id: str, amount: int) -> int:
    """Spend `amount` of a hold, at most all of it, and release the rest. Return what was spent."""
    _lock_balance(session)
    held = _open_hold(session, hold_id)
    spent = min(amount, held.amount)
    _move(session, held=-spent)
    _enter(session, stamp, EntryKind.SETTLE, spent, key=f"settle:{hold_id}", of=held)
    if spent < held.amount:
        _give_back(session, stamp, held, held.amount - spent)
    return spent


def release(session: Session, stamp: Stamp, hold_id: str) -> bool:
    """End a hold without spending. Return False if it had ended already."""
    _lock_balance(session)
    if _ended(session, hold_id):
        return False
    held = session.get_one(EntryRow, hold_id)
    _give_back(session, stamp, held, held.amount)
    return True


def open_holds(
    session: Session, *, site_id: str | None = None, work: str | None = None
) -> list[Hold]:
    """Holds that nobody settled or released; of one site or piece of work if given."""
    ends = select(EntryRow.hold_id).where(EntryRow.hold_id.is_not(None))
    query = select(EntryRow.id, EntryRow.amount, EntryRow.site_id).where(
        EntryRow.kind == EntryKind.HOLD, EntryRow.id.not_in(ends)
    )
    if site_id is not None:
        query = query.where(EntryRow.site_id == site_id)
    if work is not None:
        query = query.where(EntryRow.work == work)
    return [Hold(*row) for row in session.execute(query.order_by(EntryRow.id))]


def expire_due(session: Session, stamp: Stamp) -> int:
    """Take back what is left of grants that have run out. Return how many grants."""
    _lock_balance(session)
    due = session.scalars(
        select(GrantRow).where(GrantRow.expires_at <= stamp.at, GrantRow.remaining > 0)
    ).all()
    for row in due:
        _move(session, available=-row.remaining)
        _enter(
            session,
            stamp,
            EntryKind.EXPIRE,
            row.remaining,
            key=f"expire:{row.id}:{new_id('x')}",
            grant_id=row.id,
            reason="expired",
        )
        row.remaining = 0
    session.flush()
    return len(due)


def balance(session: Session) -> Balance:
    """The account's balance as its guarded row has it."""
    row = session.execute(select(BalanceRow.available, BalanceRow.held)).one_or_none()
    spent = session.scalar(
        select(func.coalesce(func.sum(EntryRow.amount), 0)).where(EntryRow.kind == EntryKind.SETTLE)
    )
    return Balance(row.available if row else 0, row.held if row else 0, spent or 0)


def prove(session: Session) -> Proof:
    """Recompute everything from the entries and say what does not agree."""
    totals = dict.fromkeys(EntryKind, 0)
    entries = 0
    sums = select(EntryRow.kind, func.sum(EntryRow.amount), func.count()).group_by(EntryRow.kind)
    for kind, amount, count in session.execute(sums):
        totals[EntryKind(kind)] = int(amount)
        entries += count
    now = balance(session)
    available = (
        totals[EntryKind.GRANT]
        - totals[EntryKind.HOLD]
        + totals[EntryKind.RELEASE]
        - totals[EntryKind.EXPIRE]
    )
    held = totals[EntryKind.HOLD] - totals[EntryKind.SETTLE] - totals[EntryKind.RELEASE]
    in_grants = int(session.scalar(select(func.coalesce(func.sum(GrantRow.remaining), 0))) or 0)
    used = int(session.scalar(select(func.coalesce(func.sum(UsageRow.credits), 0))) or 0)
    faults = [
        f"{name}: the entries say {proved}, the books say {booked}"
        for name, proved, booked in (
            ("available credits", available, now.available),
            ("held credits", held, now.held),
            ("credits left in grants", available, in_grants),
            ("credits in the usage log", totals[EntryKind.SETTLE], used),
        )
        if proved != booked
    ]
    if now.available < 0 or now.held < 0:
        faults.append(f"a balance is negative: {now.available} available, {now.held} held")
    faults += _unbalanced_holds(session)
    faults += _unbalanced_grants(session)
    faults += _unlogged_settlements(session)
    return Proof(now, entries, len(open_holds(session)), tuple(faults))


def _unbalanced_holds(session: Session) -> list[str]:
    ended = (
        select(EntryRow.hold_id, func.sum(EntryRow.amount).label("total"))
        .where(EntryRow.hold_id.is_not(None))
        .group_by(EntryRow.hold_id)
        .subquery()
    )
    query = (
        select(EntryRow.id, EntryRow.amount, ended.c.total)
        .join(ended, ended.c.hold_id == EntryRow.id)
        .where(EntryRow.amount != ended.c.total)
        .order_by(EntryRow.id)
    )
    return [
        f"hold {row.id}: {row.amount} held, {row.total} settled and released"
        for row in session.execute(query)
    ]


def _unbalanced_grants(session: Session) -> list[str]:
    """What each grant gave, lost and lent, replayed from the entries: see `_give_back`."""
    given: Counter[str] = Counter()
    left: Counter[str] = Counter()
    released: Counter[str | None] = Counter()
    lent: list[tuple[str, list[list[Any]], int]] = []
    entries = select(
        EntryRow.id,
        EntryRow.kind,
        EntryRow.amount,
        EntryRow.grant_id,
        EntryRow.hold_id,
        EntryRow.allocation,
    )
    for entry in session.execute(entries):
        if entry.kind == EntryKind.GRANT:
            given[entry.grant_id] += entry.amount
        elif entry.kind == EntryKind.EXPIRE:
            left[entry.grant_id] -= entry.amount
        elif entry.kind == EntryKind.RELEASE:
            released[entry.hold_id] += entry.amount
        elif entry.kind == EntryKind.HOLD:
            lent.append((entry.id, entry.allocation, entry.amount))
    for hold_id, allocation, amount in lent:
        kept = amount - released[hold_id]
        for grant_id, part in allocation:
            used = min(kept, part)
            left[grant_id] -= used
            kept -= used
    rows = select(GrantRow.id, GrantRow.amount, GrantRow.remaining).order_by(GrantRow.id)
    return [
        f"grant {row.id}: the entries say {proved}, the books say {booked}"
        for row in session.execute(rows)
        if (booked := f"{row.remaining} of {row.amount} left")
        != (proved := f"{given[row.id] + left[row.id]} of {given[row.id]} left")
    ]


def _unlogged_settlements(session: Session) -> list[str]:
    settled = (
        select(EntryRow.hold_id, EntryRow.amount)
        .where(EntryRow.kind == EntryKind.SETTLE)
        .subquery()
    )
    query = (
        select(UsageRow.id, UsageRow.credits, settled.c.amount)
        .outerjoin(settled, settled.c.hold_id == UsageRow.hold_id)
        .where(or_(settled.c.amount.is_(None), settled.c.amount != UsageRow.credits))
        .order_by(UsageRow.id)
    )
    return [
        f"usage {row.id}: {row.amount or 0} settled, {row.credits} logged"
        for row in session.execute(query)
    ]


def _lock_balance(session: Session) -> None:
    """Take the account's row first: on Postgres it orders all movements of one account.

    SQLite's writer holds the whole store anyway.
    """
    query = select(BalanceRow.id).with_for_update()
    if session.scalar(query) is not None:
        return
    try:
        with session.begin_nested():
            session.add(BalanceRow(id=new_id("bal"), available=0, held=0))
    except IntegrityError:  # another process made it between the two statements
        session.scalar(query)


def _move(session: Session, *, available: int = 0, held: int = 0) -> bool:
    """Change the balance in one statement. Return False, and change nothing, if it falls short."""
    changed = session.execute(
        update(BalanceRow)
        .where(BalanceRow.available + available >= 0, BalanceRow.held + held >= 0)
        .values(available=BalanceRow.available + available, held=BalanceRow.held + held)
        .execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def _take_from_grants(session: Session, amount: int) -> list[list[Any]]:
    grants = session.scalars(
        select(GrantRow)
        .where(GrantRow.remaining > 0)
        .order_by(
            GrantRow.priority,
            case((GrantRow.expires_at.is_(None), 1), else_=0),
            GrantRow.expires_at,
            GrantRow.id,
        )
    )
    taken: list[list[Any]] = []
    for row in grants:
        if not amount:
            break
        part = min(row.remaining, amount)
        row.remaining -= part
        amount -= part
        taken.append([row.id, part])
    session.flush()
    return taken


def _give_back(session: Session, stamp: Stamp, held: EntryRow, amount: int) -> None:
    _move(session, available=amount, held=-amount)
    _enter(session, stamp, EntryKind.RELEASE, amount, key=f"release:{held.id}", of=held)
    # The last slices taken go back first, so that what is spent came from the first in order.
    left = amount
    for grant_id, part in reversed(held.allocation):
        back = min(left, part)
        row = session.get_one(GrantRow, grant_id)
        row.remaining += back
        left -= back
    session.flush()
    expire_due(session, stamp)


def _open_hold(session: Session, hold_id: str) -> EntryRow:
    if _ended(session, hold_id):
        raise Conflict(f"hold {hold_id} has ended already", code="billing.hold-ended")
    return session.get_one(EntryRow, hold_id)


def _ended(session: Session, hold_id: str) -> bool:
    query = select(EntryRow.id).where(
        or_(EntryRow.key == f"settle:{hold_id}", EntryRow.key == f"release:{hold_id}")
    )
    return session.scalar(query.limit(1)) is not None


def _enter(  # noqa: PLR0913
    session: Session,
    stamp: Stamp,
    kind: EntryKind,
    amount: int,
    *,
    key: str,
    of: EntryRow | None = None,
    work: str | None = None,
    grant_id: str | None = None,
    allocation: list[list[Any]] | None = None,
    function: str | None = None,
    subject: str | None = None,
    site_id: str | None = None,
    reason: str = "",
) -> EntryRow:
    row = EntryRow(
        id=new_id("le"),
        kind=kind,
        amount=amount,
        key=key,
        work=of.work if of else work,
        hold_id=of.id if of else None,
        grant_id=grant_id,
        allocation=allocation or [],
        function=of.function if of else function,
        subject=of.subject if of else subject,
        site_id=of.site_id if of else site_id,
        actor=stamp.actor,
        run_id=stamp.run_id,
        reason=reason,
        created_at=stamp.at,
    )
    session.add(row)
    session.flush()
    return row
