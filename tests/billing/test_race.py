"""Eight processes spend one account's last credits: just so many succeed as can be paid."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from books import assert_sound, hold, settle

from igny8 import accounts, billing
from igny8.app import App, Who
from igny8.context import Context

_PROCESSES, _COST = 8, 7
# Two transactions a turn, as an AI call has them. `careless` is the control: it reads the balance,
# changes it and writes it back, on a store that has no constraint to stop it.
_RACE = """
import os
import sys
from datetime import UTC, datetime
import igny8.schema
from igny8.billing.ledger import Stamp, grant
from books import hold, settle
from igny8.billing.models import BalanceRow
from igny8.core.errors import InsufficientCredits
from igny8.db import Database
from sqlalchemy import select, update

url, account, cost, count, way = sys.argv[1:]
cost = int(cost)

def guarded(turn):
    with database.write(account) as session:
        held = hold(session, cost, f"{name}:{turn}")
    with database.write(account) as session:
        settle(session, held, cost)

def careless(turn):
    with database.read(account) as session:
        available = session.scalar(select(BalanceRow.available))
    if available < cost:
        raise InsufficientCredits(cost, available, what="race")
    with database.write(account) as session:
        session.execute(update(BalanceRow).values(available=available - cost))

def replenish(turn):
    stamp = Stamp("racer", "run_race", datetime(2031, 1, 1, tzinfo=UTC))
    with database.write(account) as session:
        if not grant(session, stamp, 500, key="monthly:2031-01", reason="plan"):
            raise InsufficientCredits(0, 0, what="race")

racers = []
gate, opener = os.pipe()
for number in range(int(count)):
    if not (racer := os.fork()):
        os.close(opener)
        database, name = Database(url), f"racer-{number}"
        os.read(gate, 1)  # until all are there
        won = 0
        while True:
            try:
                globals()[way](won)
            except InsufficientCredits:
                break
            won += 1
        os.write(1, f"{won}\\n".encode())  # in one piece
        os._exit(0)
    racers.append(racer)
os.close(opener)
sys.exit(any(os.waitpid(racer, 0)[1] for racer in racers))
"""


def _race(url: str, account: str, way: str) -> int:
    """Return how often all racers together succeeded."""
    ran = subprocess.run(
        [sys.executable, "-c", _RACE, url, account, str(_COST), str(_PROCESSES), way],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    won = [int(line) for line in ran.stdout.splitlines()]
    assert len(won) == _PROCESSES
    return sum(won)


@pytest.fixture
def url(store_url: str | None, workspace: Path) -> str:
    return store_url or f"sqlite:///{workspace / '.igny8' / 'store.db'}"


@pytest.fixture
def last_credits(ctx: Context) -> int:
    """Spend all but a few credits: no multiple of the cost, so that the last try must fail."""
    few = _PROCESSES * 5 * _COST + 3
    most = billing.balance(ctx).available - few
    with ctx.write() as session:
        settle(session, hold(session, most), most)
    return few


def test_eight_processes_never_spend_more_than_there_is(
    ctx: Context, url: str, last_credits: int
) -> None:
    assert _race(url, ctx.account.id, "guarded") == last_credits // _COST
    assert billing.balance(ctx).available == last_credits % _COST
    assert_sound(ctx)


def test_the_race_does_overspend_where_nothing_guards_the_balance(
    ctx: Context, url: str, last_credits: int
) -> None:
    assert _race(url, ctx.account.id, "careless") > last_credits // _COST
    assert billing.prove(ctx).faults  # and the proof tells


def test_eight_processes_make_the_first_grant_of_an_account_once(
    app: App, ctx: Context, url: str
) -> None:
    accounts.create_account(
        app.database,
        app.clock,
        slug="new",
        name="New",
        owner_email="o@new.example",
        monthly_credits=500,
    )
    new = app.context(Who(account="new"))
    assert _race(url, new.account.id, "replenish") == 1
    assert billing.balance(new).available == 500
    assert_sound(new)
