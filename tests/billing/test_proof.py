"""`credits check`: every kind of tampering shows, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from books import FIRST_GRANT, assert_sound, give, hold, settle, spend
from sqlalchemy import text

from igny8 import billing
from igny8.app import App
from igny8.context import Context


def falsify(app: App, *statements: str) -> None:
    """Change the books behind igny8's back: raw SQL, triggers out of the way."""
    with app.database.operator_write() as session:
        if app.database.is_sqlite:
            for what in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER billing_ledger_entries_no_{what}"))
            session.execute(text("PRAGMA ignore_check_constraints = ON"))
        else:
            session.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            assert session.execute(text(statement)).rowcount  # type: ignore[attr-defined]


@pytest.fixture
def busy(ctx: Context) -> Context:
    """Books with something of everything in them, and sound."""
    give(ctx, 100, "first", priority=0)
    give(ctx, 100, "second", priority=1)
    with ctx.write() as session:
        spend(session, 120, "a")
        settle(session, hold(session, 40, "b"), 15)
        hold(session, 7, "c")
    assert_sound(ctx, open_holds=1)
    return ctx


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE billing_balances SET available = available + 1", "available credits"),
        ("UPDATE billing_balances SET held = held + 1", "held credits"),
        ("UPDATE billing_grants SET remaining = remaining - 1 WHERE key = 'second'", "in grants"),
        (
            "UPDATE billing_grants SET remaining = remaining"
            " + CASE key WHEN 'second' THEN 9 ELSE -9 END WHERE key <> 'first'",
            "grant grant_",
        ),
        ("UPDATE billing_grants SET amount = amount + 1 WHERE key = 'first'", "grant grant_"),
        ("UPDATE billing_usage_log SET credits = credits + 1", "usage log"),
        (
            "UPDATE billing_usage_log SET credits = credits"
            " + CASE credits WHEN 120 THEN -1 ELSE 1 END",
            "usage use_",
        ),
        ("DELETE FROM billing_usage_log WHERE credits = 15", "usage log"),
        (
            "UPDATE billing_ledger_entries SET amount = 14 WHERE kind = 'settle' AND amount = 15",
            "hold",
        ),
        ("UPDATE billing_ledger_entries SET amount = amount + 1 WHERE kind = 'grant'", "available"),
        ("DELETE FROM billing_ledger_entries WHERE kind = 'release'", "hold"),
    ],
)
def test_tampering_is_found(app: App, busy: Context, statement: str, told: str) -> None:
    falsify(app, statement)
    faults = billing.prove(busy).faults
    assert any(told in fault for fault in faults), faults


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # Postgres refuses it by itself
def test_a_negative_balance_is_found(app: App, busy: Context) -> None:
    falsify(app, f"UPDATE billing_balances SET available = -{FIRST_GRANT}")
    assert any("negative" in fault for fault in billing.prove(busy).faults)


def test_the_check_command_tells_sound_books_from_false_ones(
    app: App, ctx: Context, igny8: Callable[..., Any]
) -> None:
    sound = igny8("credits", "check")
    assert (sound.status, sound.err) == (0, "")
    assert "proves itself" in sound.out
    falsify(app, "UPDATE billing_balances SET available = available + 1")
    false = igny8("credits", "check")
    assert false.status == 1
    assert "the entries say 20000, the books say 20001" in false.out + false.err


def test_an_open_hold_is_told_and_can_be_released(ctx: Context, igny8: Callable[..., Any]) -> None:
    with ctx.write() as session:
        hold(session, 7, "killed")
    told = igny8("credits", "check")
    assert told.status == 1
    assert "1 hold" in told.out + told.err
    assert igny8("credits", "check", "--release").status == 0
    assert billing.balance(ctx).available == FIRST_GRANT
