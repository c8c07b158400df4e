"""What the ledger's tests share: one stamp, one invented AI function, a proof."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from sqlalchemy import select

from igny8 import billing
from igny8.ai.function import AIFunction
from igny8.billing import ledger
from igny8.billing.models import GrantRow
from igny8.billing.types import Hold
from igny8.context import Context
from igny8.db import Session

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
FIRST_GRANT = 20_000
PROMPT = """---
version: 1
max_output_tokens: 100
---
## system
Answer.
## user
{{ question }}
"""


class Question(BaseModel):
    question: str


class Answer(BaseModel):
    answer: str


ASKED = Question(question="Is it?")


def ai_function(folder: Path, cost_key: str = "content") -> AIFunction[Question, Answer]:
    file = folder / "ask.md"
    file.write_text(PROMPT)
    return AIFunction(
        "tests.ask", Question, Answer, file, cost_key, offline=lambda q: Answer(answer=q.question)
    )


def stamp(at: datetime = NOW) -> ledger.Stamp:
    return ledger.Stamp("owner@acme.example", "run_1", at)


def hold(
    session: Session,
    amount: int,
    work: str = "work",
    at: datetime = NOW,
    site_id: str | None = None,
) -> Hold:
    return ledger.hold(
        session, stamp(at), amount, work=work, function="tests.ask", subject="s", site_id=site_id
    )


def spend(session: Session, amount: int, work: str, at: datetime = NOW) -> None:
    """Hold and settle as the metered runner does, with the usage row that goes with it."""
    settle(session, hold(session, amount, work, at), amount, at)


def settle(session: Session, held: Hold, amount: int, at: datetime = NOW) -> int:
    from igny8.billing.models import UsageRow
    from igny8.core.ids import new_id

    spent = ledger.settle(session, stamp(at), held.id, amount)
    session.add(
        UsageRow(
            id=new_id("use"),
            hold_id=held.id,
            function="tests.ask",
            subject="s",
            units=1,
            credits=spent,
            input_tokens=0,
            output_tokens=0,
            provider="fake",
            created_at=at,
        )
    )
    session.flush()
    return spent


def give(ctx: Context, amount: int, key: str, **options: Any) -> bool:
    with ctx.write() as session:
        return ledger.grant(session, stamp(), amount, key=key, reason="test", **options)


def left(ctx: Context) -> dict[str, int]:
    """What is left of each grant, by its key; the plan's first month is `plan`."""
    with ctx.read() as session:
        rows = session.execute(select(GrantRow.key, GrantRow.remaining))
        return {"plan" if key.startswith("monthly:") else key: remaining for key, remaining in rows}


def assert_sound(ctx: Context, *, open_holds: int = 0) -> None:
    proof = billing.prove(ctx)
    assert proof.faults == ()
    assert proof.open_holds == open_holds
