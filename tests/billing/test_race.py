"""Eight processes spend one account's last credits: just so many succeed as can be paid."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from igny8 import billing
from igny8.context import Context

_PROCESSES, _COST = 8, 7

_SPENDER = """
import sys
from igny8.billing import ledger
from igny8.core.clock import Clock
from igny8.core.errors import InsufficientCredits
from igny8.core.ids import new_id
from igny8.db import Database
import igny8.schema
from igny8.billing.models import UsageRow

url, account, cost, name = sys.argv[1:]
database, won = Database(url), 0
sys.stdin.readline()
for turn in range(40):
    stamp = ledger.Stamp("racer", "run_race", Clock().now())
    try:
        with database.write(account) as session:
            held = ledger.hold(
                session, stamp, int(cost), work=f"{name}:{turn}", function="race", subject=name,
                site_id=None,
            )
        with database.write(account) as session:
            spent = ledger.settle(session, stamp, held.id, int(cost))
            session.add(UsageRow(
                id=new_id("use"), hold_id=held.id, function="race", subject=name, site_id=None,
                units=1, credits=spent, input_tokens=0, output_tokens=0, provider="fake",
                model=None, created_at=stamp.at,
            ))
        won += 1
    except InsufficientCredits:
        break
print(won)
"""


def test_eight_processes_never_spend_more_than_there_is(
    ctx: Context, app: object, store_url: str | None, workspace: Path
) -> None:
    url = store_url or f"sqlite:///{workspace / '.igny8' / 'store.db'}"
    available = billing.balance(ctx).available
    keep = _PROCESSES * 5 * _COST + 3  # not a multiple: the last one must fail, not overdraw
    _burn(ctx, available - keep)
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", _SPENDER, url, ctx.account.id, str(_COST), f"racer-{number}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ},
        )
        for number in range(_PROCESSES)
    ]
    for racer in racers:  # all are started before any may begin
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    ends = [racer.communicate(timeout=120) for racer in racers]
    assert [racer.returncode for racer in racers] == [0] * _PROCESSES, [err for _, err in ends]
    assert sum(int(out) for out, _ in ends) == keep // _COST
    proof = billing.prove(ctx)
    assert proof.faults == ()
    assert (proof.balance.available, proof.balance.held) == (keep % _COST, 0)
    assert proof.open_holds == 0


def _burn(ctx: Context, amount: int) -> None:
    from books import hold, settle

    with ctx.write() as session:
        settle(session, hold(session, amount), amount)
