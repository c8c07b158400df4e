"""The monthly grant: once a month, whatever cron does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from books import assert_sound
from stores import TestApp

from igny8 import billing
from igny8.context import Context
from igny8.core.clock import Clock


class Time:
    """A clock that tests turn."""

    def __init__(self, now: datetime) -> None:
        self.now = now


@pytest.fixture
def time() -> Time:
    return Time(datetime(2031, 1, 15, tzinfo=UTC))


@pytest.fixture
def later(workspace: Path, time: Time) -> Iterator[Context]:
    """The owner's context, years after the workspace was made."""
    with TestApp(workspace, clock=Clock(now=lambda: time.now)) as app:
        yield app.context()


def months(ctx: Context) -> list[str]:
    """The months that were granted, without the one in which the workspace was made."""
    return [grant.reason.removeprefix("plan, ") for grant in billing.grants(ctx)][1:]


def test_the_month_is_granted_once_however_often_cron_calls(later: Context, time: Time) -> None:
    assert billing.replenish(later)
    for _ in range(60):
        time.now += timedelta(hours=6)
        assert not billing.replenish(later)
    assert months(later) == ["2031-01"]
    assert_sound(later)


@pytest.mark.parametrize(
    ("before", "after", "granted"),
    [
        (datetime(2031, 1, 31, 23, 59, 59, tzinfo=UTC), datetime(2031, 2, 1, tzinfo=UTC), True),
        (datetime(2031, 2, 28, tzinfo=UTC), datetime(2031, 3, 1, tzinfo=UTC), True),
        (datetime(2032, 2, 28, tzinfo=UTC), datetime(2032, 2, 29, tzinfo=UTC), False),
        (datetime(2032, 2, 29, tzinfo=UTC), datetime(2032, 3, 1, tzinfo=UTC), True),
        (datetime(2031, 12, 31, tzinfo=UTC), datetime(2032, 1, 1, tzinfo=UTC), True),
        (datetime(2031, 1, 15, tzinfo=UTC), datetime(2032, 1, 15, tzinfo=UTC), True),
    ],
)
def test_a_new_month_is_a_new_grant(
    later: Context, time: Time, before: datetime, after: datetime, granted: bool
) -> None:
    time.now = before
    assert billing.replenish(later)
    time.now = after
    assert billing.replenish(later) is granted
    assert not billing.replenish(later)
    assert_sound(later)


def test_after_three_months_of_downtime_only_the_current_month_is_granted(
    later: Context, time: Time
) -> None:
    billing.replenish(later)
    time.now = datetime(2031, 4, 20, tzinfo=UTC)
    assert billing.replenish(later)
    assert months(later) == ["2031-01", "2031-04"]


def test_a_clock_set_back_grants_nothing_twice(later: Context, time: Time) -> None:
    billing.replenish(later)
    time.now += timedelta(days=30)
    billing.replenish(later)
    time.now -= timedelta(days=30)
    assert not billing.replenish(later)
    assert months(later) == ["2031-01", "2031-02"]
    assert_sound(later)


def test_replenishing_takes_expired_credits_away(later: Context, time: Time) -> None:
    billing.grant(later, 500, reason="offer", expires_at=time.now + timedelta(days=1))
    before = billing.balance(later).available
    time.now += timedelta(days=2)
    billing.replenish(later)
    assert billing.balance(later).available == before - 500 + 20_000
    assert_sound(later)


def test_a_time_of_another_zone_is_the_same_moment(later: Context, time: Time) -> None:
    offer = datetime(2031, 2, 1, 1, 0, tzinfo=timezone(timedelta(hours=3)))  # still 31 January, UTC
    billing.grant(later, 500, reason="offer", expires_at=offer)
    assert [g.expires_at for g in billing.grants(later)][-1] == offer


def test_the_command_grants_once(ctx: Context, igny8: Callable[..., Any]) -> None:
    del ctx
    for _ in range(3):
        ran = igny8("credits", "replenish")
        assert ran.status == 0
    assert igny8("credits", "check").status == 0
    assert len(igny8("credits", "grants", "--format", "csv").out.splitlines()) <= 3
