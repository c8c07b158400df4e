"""Use cases of credits: balance, grants, history, usage, proof."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from igny8.accounts import Need, monthly_credits, require, sees_all, site, sites
from igny8.billing import ledger
from igny8.billing.models import EntryRow, GrantRow, UsageRow
from igny8.billing.types import Balance, Entry, EntryKind, Grant, Proof, Usage
from igny8.context import Context
from igny8.core.errors import InvalidInput
from igny8.core.ids import new_id

_LONGEST = 180


# Sums of many grants must still fit a 32-bit column.
MOST = 100_000_000


def balance(ctx: Context) -> Balance:
    """What the account has."""
    require(ctx.actor, Need.READ)
    with ctx.read() as session:
        return ledger.balance(session)


def grants(ctx: Context) -> list[Grant]:
    """All grants, in the order in which they are used."""
    require(ctx.actor, Need.READ)
    with ctx.read() as session:
        rows = session.scalars(select(GrantRow).order_by(GrantRow.priority, GrantRow.id))
        return [
            Grant(
                row.id,
                row.amount,
                row.remaining,
                row.priority,
                row.expires_at,
                row.reason,
                row.created_at,
            )
            for row in rows
        ]


def grant(
    ctx: Context,
    amount: int,
    *,
    reason: str,
    key: str | None = None,
    priority: int = 100,
    expires_at: datetime | None = None,
) -> bool:
    """Give the account credits; with a `key`, at most once. Return whether it was new."""
    require(ctx.actor, Need.MANAGE)
    if amount <= 0:
        raise InvalidInput("a grant needs at least 1 credit")
    if amount > MOST:
        raise InvalidInput(f"a grant has at most {MOST:,} credits")
    if expires_at is not None and expires_at <= ctx.clock.now():
        raise InvalidInput("a grant can't expire in the past")
    if len(key or "") > _LONGEST or len(reason) > _LONGEST:
        raise InvalidInput(f"a key or reason has {_LONGEST} characters at most")
    with ctx.write() as session:
        return ledger.grant(
            session,
            _stamp(ctx),
            amount,
            key=key or f"manual:{new_id('k')}",
            reason=reason,
            priority=priority,
            expires_at=expires_at,
        )


def replenish(ctx: Context) -> bool:
    """Give this month's credits of the plan. The key is the month, so it can't happen twice."""
    require(ctx.actor, Need.MANAGE)
    month = f"{ctx.clock.now():%Y-%m}"
    with ctx.write() as session:
        ledger.expire_due(session, _stamp(ctx))
        amount = monthly_credits(session, ctx.account.id)
        if session.scalar(select(GrantRow.id).where(GrantRow.key == f"monthly:{month}")):
            return False  # also when the plan has changed since
        if amount == 0:
            return False
        return ledger.grant(
            session, _stamp(ctx), amount, key=f"monthly:{month}", reason=f"plan, {month}"
        )


def history(ctx: Context, *, kinds: Sequence[EntryKind] = (), limit: int = 50) -> list[Entry]:
    """Ledger entries, newest first; `limit` 0 is all."""
    require(ctx.actor, Need.READ)
    query = select(EntryRow).order_by(EntryRow.id.desc()).limit(limit or None)
    if kinds:
        query = query.where(EntryRow.kind.in_(kinds))
    query = query.where(_is_seen(ctx, EntryRow.site_id))
    with ctx.read() as session:
        return [
            Entry(
                row.id,
                EntryKind(row.kind),
                row.amount,
                row.function,
                row.subject,
                row.actor,
                row.reason,
                row.created_at,
            )
            for row in session.scalars(query)
        ]


def usage(ctx: Context, *, site_id: str | None = None, limit: int = 50) -> list[Usage]:
    """Charged calls, newest first; `limit` 0 is all."""
    require(ctx.actor, Need.READ)
    query = select(UsageRow).order_by(UsageRow.id.desc()).limit(limit or None)
    if site_id is not None:
        query = query.where(UsageRow.site_id == site_id)
    query = query.where(_is_seen(ctx, UsageRow.site_id))
    with ctx.read() as session:
        return [
            Usage(
                row.function,
                row.subject,
                row.site_id,
                row.units,
                row.credits,
                row.input_tokens,
                row.output_tokens,
                row.provider,
                row.model,
                row.created_at,
            )
            for row in session.scalars(query)
        ]


def spent_by_function(ctx: Context, *, site_id: str | None = None) -> dict[str, int]:
    """Credits spent by each AI function."""
    require(ctx.actor, Need.READ)
    query = (
        select(UsageRow.function, func.sum(UsageRow.credits))
        .group_by(UsageRow.function)
        .order_by(UsageRow.function)
    )
    if site_id is not None:
        query = query.where(UsageRow.site_id == site_id)
    query = query.where(_is_seen(ctx, UsageRow.site_id))
    with ctx.read() as session:
        return {function: int(credits_) for function, credits_ in session.execute(query)}


def prove(ctx: Context) -> Proof:
    """Prove the ledger."""
    require(ctx.actor, Need.READ)
    with ctx.read() as session:
        return ledger.prove(session)


def release_dead(ctx: Context, site_slug: str | None) -> int:
    """Release the holds that killed runs left on a site. Return how many.

    Without a site: those of no site, and of sites that were removed since.
    """
    if site_slug is None:
        require(ctx.actor, Need.MANAGE)
        living = {known.id for known in sites(ctx)}
        lock = "account"
    else:
        wanted = site(ctx, site_slug, Need.WRITE).id
        lock = f"site {site_slug}"
    with ctx.lock(lock, "credits check --release"), ctx.write() as session:
        dead = [
            held.id
            for held in ledger.open_holds(session)
            if (held.site_id == wanted if site_slug else held.site_id not in living)
        ]
        return sum(ledger.release(session, _stamp(ctx), hold_id) for hold_id in dead)


def _stamp(ctx: Context) -> ledger.Stamp:
    return ledger.Stamp(ctx.actor.email, ctx.run_id, ctx.clock.now())


def _is_seen(ctx: Context, site_id: InstrumentedAttribute[str | None]) -> ColumnElement[bool]:
    """Leave out what belongs to sites that do not exist for this actor."""
    if sees_all(ctx.actor):
        return true()
    return or_(site_id.is_(None), site_id.in_(ctx.actor.site_ids))
