"""Any sequence of ledger operations leaves sound books that a plain model agrees with."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from books import FIRST_GRANT, NOW, assert_sound, hold, settle, stamp

from igny8 import billing
from igny8.billing import ledger
from igny8.billing.types import Hold
from igny8.context import Context
from igny8.core.errors import InsufficientCredits

_STEPS = 60
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass
class Given:
    """A grant. Lower `order` is used first."""

    order: tuple[int, datetime, int]
    left: int


class Model:
    """What an accountant with a pencil would keep: what is left of each grant, what holds took."""

    def __init__(self) -> None:
        self.grants: list[Given] = []
        self.slices: dict[str, list[tuple[Given, int]]] = {}
        self.spent = 0

    def give(self, amount: int, priority: int, expires_at: datetime | None) -> None:
        self.grants.append(Given((priority, expires_at or NEVER, len(self.grants)), amount))
        self.grants.sort(key=lambda grant: grant.order)

    def expire(self, now: datetime) -> None:
        for grant in self.grants:
            if grant.order[1] <= now:
                grant.left = 0

    @property
    def available(self) -> int:
        return sum(grant.left for grant in self.grants)

    @property
    def held(self) -> int:
        return sum(part for slices in self.slices.values() for _, part in slices)

    def hold(self, name: str, amount: int) -> None:
        self.slices[name] = []
        for grant in self.grants:
            part = min(grant.left, amount)
            self.slices[name].append((grant, part))
            grant.left -= part
            amount -= part

    def end(self, name: str, spent: int, now: datetime) -> None:
        for grant, part in self.slices.pop(name):
            used = min(spent, part)
            spent -= used
            self.spent += used
            grant.left += part - used
        self.expire(now)


@pytest.mark.parametrize("number", range(4))
def test_the_books_stay_sound_under_any_sequence(ctx: Context, number: int) -> None:
    seed = int(os.environ.get("IGNY8_DRILL_SEED") or random.SystemRandom().randrange(10**6))
    print(f"seed {seed}")
    chance = random.Random(f"{seed}-{number}")
    model, now, holds = Model(), NOW, dict[str, Hold]()
    model.give(FIRST_GRANT, 100, None)
    with ctx.write() as session:  # spend most of the plan, so that limits are met
        settle(session, hold(session, FIRST_GRANT - 300, "first"), FIRST_GRANT - 300)
    model.hold("first", FIRST_GRANT - 300)
    model.end("first", FIRST_GRANT - 300, now)
    for step in range(_STEPS):
        now += timedelta(hours=chance.randrange(20))
        with ctx.write() as session:
            match chance.choice(["grant", "hold", "hold", "settle", "release", "expire"]):
                case "grant":
                    amount, priority = chance.randrange(1, 80), chance.randrange(3)
                    ends = chance.choice([None, now + timedelta(days=chance.randrange(1, 9))])
                    options = {"priority": priority, "expires_at": ends}
                    ledger.grant(session, stamp(now), amount, key=f"g{step}", reason="", **options)
                    model.give(amount, priority, ends)
                case "hold":
                    amount = chance.randrange(150)
                    model.expire(now)
                    if amount <= model.available:
                        holds[f"w{step}"] = hold(session, amount, f"w{step}", now)
                        model.hold(f"w{step}", amount)
                    else:
                        with pytest.raises(InsufficientCredits):
                            hold(session, amount, f"w{step}", now)
                case "settle" if holds:
                    name = chance.choice(sorted(holds))
                    asked = chance.randrange(160)
                    spent = settle(session, holds[name], asked, now)
                    assert spent == min(asked, holds.pop(name).amount)
                    model.end(name, spent, now)
                case "release" if holds:
                    name = chance.choice(sorted(holds))
                    assert ledger.release(session, stamp(now), holds.pop(name).id)
                    model.end(name, 0, now)
                case "expire":
                    ledger.expire_due(session, stamp(now))
                    model.expire(now)
        assert_sound(ctx, open_holds=len(holds))
        books = billing.balance(ctx)
        kept = (books.held, books.spent)
        assert kept == (model.held, model.spent), f"step {step}"
        assert books.available >= model.available, f"step {step}"
    with ctx.write() as session:
        ledger.expire_due(session, stamp(now))
    model.expire(now)
    assert billing.balance(ctx).available == model.available
