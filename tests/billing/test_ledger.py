"""The ledger: what holds, settlements, releases, grants and expiry do to the books."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from books import DAY, FIRST_GRANT, NOW, assert_sound, give, hold, left, settle, spend, stamp
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from igny8 import billing
from igny8.billing import EntryKind, ledger
from igny8.context import Context
from igny8.core.errors import Conflict, InsufficientCredits, InvalidInput


def balance(ctx: Context) -> tuple[int, int, int]:
    now = billing.balance(ctx)
    return now.available, now.held, now.spent


def test_a_hold_moves_credits_aside_and_a_settlement_spends_them(ctx: Context) -> None:
    with ctx.write() as session:
        held = hold(session, 30)
    assert balance(ctx) == (FIRST_GRANT - 30, 30, 0)
    assert_sound(ctx, open_holds=1)
    with ctx.write() as session:
        assert settle(session, held, 30) == 30
    assert balance(ctx) == (FIRST_GRANT - 30, 0, 30)
    assert_sound(ctx)


def test_what_a_settlement_does_not_use_is_released(ctx: Context) -> None:
    with ctx.write() as session:
        assert settle(session, hold(session, 30), 12) == 12
    assert balance(ctx) == (FIRST_GRANT - 12, 0, 12)
    assert left(ctx) == {"plan": FIRST_GRANT - 12}
    assert_sound(ctx)


def test_a_settlement_never_exceeds_its_hold(ctx: Context) -> None:
    with ctx.write() as session:
        assert settle(session, hold(session, 30), 31_000) == 30
    assert balance(ctx) == (FIRST_GRANT - 30, 0, 30)
    assert_sound(ctx)


def test_a_release_gives_everything_back_and_happens_once(ctx: Context) -> None:
    with ctx.write() as session:
        held = hold(session, 30)
        assert ledger.release(session, stamp(), held.id)
        assert not ledger.release(session, stamp(), held.id)
    assert balance(ctx) == (FIRST_GRANT, 0, 0)
    assert_sound(ctx)


def test_a_hold_ends_once(ctx: Context) -> None:
    with ctx.write() as session:
        held = hold(session, 30)
        settle(session, held, 10)
        assert not ledger.release(session, stamp(), held.id)
    with pytest.raises(Conflict, match="has ended already"), ctx.write() as session:
        ledger.settle(session, stamp(), held.id, 10)
    assert balance(ctx) == (FIRST_GRANT - 10, 0, 10)
    assert_sound(ctx)


def test_work_that_was_paid_is_never_held_for_again(ctx: Context) -> None:
    with ctx.write() as session:
        spend(session, 5, "article 1")
    with pytest.raises(Conflict, match="was paid already"), ctx.write() as session:
        hold(session, 5, "article 1")
    with ctx.write() as session:
        ledger.release(session, stamp(), hold(session, 5, "article 2").id)
        spend(session, 5, "article 2")  # what was released may be tried again
    assert balance(ctx) == (FIRST_GRANT - 10, 0, 10)
    assert_sound(ctx)


def test_a_hold_beyond_the_balance_says_what_is_needed_and_changes_nothing(ctx: Context) -> None:
    with pytest.raises(InsufficientCredits) as refused, ctx.write() as session:
        hold(session, FIRST_GRANT + 1)
    assert (refused.value.needed, refused.value.available) == (FIRST_GRANT + 1, FIRST_GRANT)
    assert refused.value.exit_status == 5
    assert "credits grant" in (refused.value.hint or "")
    assert balance(ctx) == (FIRST_GRANT, 0, 0)
    with ctx.write() as session:
        hold(session, FIRST_GRANT)  # the last credit can be spent
    assert balance(ctx) == (0, FIRST_GRANT, 0)


def test_a_failed_transaction_leaves_no_entry(ctx: Context) -> None:
    with pytest.raises(ZeroDivisionError), ctx.write() as session:
        spend(session, 5, "article")
        raise ZeroDivisionError
    assert balance(ctx) == (FIRST_GRANT, 0, 0)
    assert [entry.kind for entry in billing.history(ctx)] == [EntryKind.GRANT]
    assert_sound(ctx)


def test_the_same_grant_key_grants_once(ctx: Context) -> None:
    assert give(ctx, 50, "invoice-1")
    assert not give(ctx, 50, "invoice-1")
    assert balance(ctx)[0] == FIRST_GRANT + 50
    assert_sound(ctx)


def test_the_same_grant_key_with_another_amount_is_a_conflict(ctx: Context) -> None:
    give(ctx, 50, "invoice-1")
    with pytest.raises(Conflict, match="with 50 credits, not 60"):
        give(ctx, 60, "invoice-1")
    assert balance(ctx)[0] == FIRST_GRANT + 50


def test_grants_are_used_by_priority_then_soonest_expiry(ctx: Context) -> None:
    give(ctx, 10, "later", priority=1, expires_at=NOW + 9 * DAY)
    give(ctx, 10, "never", priority=1)
    give(ctx, 10, "sooner", priority=1, expires_at=NOW + 3 * DAY)
    give(ctx, 10, "first", priority=0)
    order = []
    for number in range(5):
        before = left(ctx)
        with ctx.write() as session:
            spend(session, 10, f"work {number}")
        order += [key for key, amount in left(ctx).items() if amount != before[key]]
    assert order == ["first", "sooner", "later", "never", "plan"]
    assert_sound(ctx)


def test_a_release_gives_the_same_slices_back(ctx: Context) -> None:
    give(ctx, 10, "a", priority=0)
    give(ctx, 10, "b", priority=1)
    before = left(ctx)
    with ctx.write() as session:
        held = hold(session, 25)
    assert left(ctx) == {"a": 0, "b": 0, "plan": FIRST_GRANT - 5}
    with ctx.write() as session:
        ledger.release(session, stamp(), held.id)
    assert left(ctx) == before
    assert_sound(ctx)


def test_a_partly_used_hold_was_paid_from_the_first_grants(ctx: Context) -> None:
    give(ctx, 10, "a", priority=0)
    give(ctx, 10, "b", priority=1)
    with ctx.write() as session:
        settle(session, hold(session, 25), 13)
    assert left(ctx) == {"a": 0, "b": 7, "plan": FIRST_GRANT}
    assert_sound(ctx)


def test_what_is_left_of_a_grant_expires(ctx: Context) -> None:
    give(ctx, 10, "short", priority=0, expires_at=NOW + DAY)
    with ctx.write() as session:
        spend(session, 4, "in time")
        assert ledger.expire_due(session, stamp(NOW + DAY)) == 1
        assert ledger.expire_due(session, stamp(NOW + DAY)) == 0
    assert balance(ctx) == (FIRST_GRANT, 0, 4)
    assert left(ctx) == {"short": 0, "plan": FIRST_GRANT}
    assert_sound(ctx)


def test_an_expired_grant_can_not_be_spent(ctx: Context) -> None:
    give(ctx, 10, "short", priority=0, expires_at=NOW + DAY)
    with pytest.raises(InsufficientCredits), ctx.write() as session:
        hold(session, FIRST_GRANT + 1, at=NOW + DAY)


def test_held_credits_of_an_expired_grant_can_be_settled_but_do_not_come_back(
    ctx: Context,
) -> None:
    give(ctx, 10, "short", priority=0, expires_at=NOW + DAY)
    with ctx.write() as session:
        held = hold(session, 10)
    with ctx.write() as session:
        ledger.expire_due(session, stamp(NOW + 2 * DAY))
        assert settle(session, held, 6, NOW + 2 * DAY) == 6
    assert balance(ctx) == (FIRST_GRANT, 0, 6)  # the other 4 expired as they were released
    assert left(ctx) == {"short": 0, "plan": FIRST_GRANT}
    assert_sound(ctx)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE billing_ledger_entries SET amount = 1",
        "UPDATE billing_ledger_entries SET reason = 'mine'",
        "DELETE FROM billing_ledger_entries",
    ],
)
def test_entries_can_not_be_changed_or_deleted(ctx: Context, statement: str) -> None:
    with pytest.raises(DBAPIError, match="ledger entries are immutable"), ctx.write() as session:
        session.execute(text(statement))
    assert_sound(ctx)


def test_history_is_told_newest_first(ctx: Context) -> None:
    with ctx.write() as session:
        settle(session, hold(session, 9), 4)
    kinds = [entry.kind for entry in billing.history(ctx)]
    assert kinds == [EntryKind.RELEASE, EntryKind.SETTLE, EntryKind.HOLD, EntryKind.GRANT]
    assert [e.amount for e in billing.history(ctx, kinds=[EntryKind.SETTLE])] == [4]
    assert len(billing.history(ctx, limit=2)) == 2


@pytest.mark.parametrize(
    "asked",
    [
        lambda ctx: billing.grant(ctx, 0, reason="nothing"),
        lambda ctx: billing.grant(ctx, -5, reason="less"),
        lambda ctx: billing.grant(ctx, 5, reason="late", expires_at=ctx.clock.now()),
        lambda ctx: billing.grant(ctx, 5, reason="x" * 500),
        lambda ctx: billing.grant(ctx, 5, reason="long key", key="x" * 500),
        lambda ctx: billing.grant(ctx, 2**40, reason="more than there is"),
    ],
)
def test_a_grant_that_makes_no_sense_is_refused(
    ctx: Context, asked: Callable[[Context], bool]
) -> None:
    with pytest.raises(InvalidInput):
        asked(ctx)
    assert balance(ctx) == (FIRST_GRANT, 0, 0)
