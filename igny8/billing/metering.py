"""A runner around a runner: hold the price, run, settle in the caller's transaction, or release."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pydantic import BaseModel

from igny8.ai.function import AIFunction
from igny8.ai.runner import Answer, MadeWith, Runner
from igny8.billing import ledger
from igny8.billing.costs import Cost, price
from igny8.billing.models import UsageRow
from igny8.billing.types import Hold
from igny8.context import LockHolder
from igny8.core.clock import Clock
from igny8.core.ids import new_id
from igny8.db import Session

In = TypeVar("In", bound=BaseModel)
Out = TypeVar("Out", bound=BaseModel)


@dataclass(slots=True)
class Reply(Generic[Out]):
    """A validated reply with its price still held."""

    answer: Answer[Out]
    _charge: Callable[[Session, int], int]
    is_charged: bool = field(default=False)

    @property
    def output(self) -> Out:
        """The validated output."""
        return self.answer.output

    @property
    def made_with(self) -> MadeWith:
        """Prompt, provider and model that made it."""
        return self.answer.made_with

    def charge(self, session: Session, units: int) -> int:
        """Settle the price of `units` in the transaction that saves the product."""
        spent = self._charge(session, units)
        self.is_charged = True
        return spent


class MeteredRunner:
    """Runs AI functions for one account and one actor."""

    def __init__(  # noqa: PLR0913
        self,
        runner: Runner,
        *,
        actor: str,
        run_id: str,
        clock: Clock,
        write: Callable[[], AbstractContextManager[Session]],
        is_writing: Callable[[], bool],
        lock: LockHolder,
        costs: Mapping[str, Cost],
        rate: int,
    ) -> None:
        self._runner = runner
        self._actor = actor
        self._run_id = run_id
        self._clock = clock
        self._write = write
        self._is_writing = is_writing
        self._lock = lock
        self._costs = costs
        self._rate = rate
        self._swept: set[str | None] = set()

    def price(self, function: AIFunction[In, Out], units: int) -> int:
        """Credits that `units` of this function cost with the configured provider."""
        return price(self._costs[function.cost_key], units, self._rate)

    @contextmanager
    def run(
        self,
        function: AIFunction[In, Out],
        data: In,
        *,
        key: str,
        subject: str,
        units: int,
        site: str | None = None,
        site_id: str | None = None,
    ) -> Iterator[Reply[Out]]:
        """Hold, ask, yield; release whatever the block did not charge. See `MeteredAI.run`."""
        if self._is_writing():
            raise RuntimeError(
                f"{function.name} was called inside a write: nobody else could write"
            )
        # Holding the site means that any open hold on it belongs to a run that died.
        with self._lock(f"site {site}" if site else "account", function.name):
            held = self._hold(function, key, subject, units, site_id)
            try:
                answer = self._runner.run(function, data, site=site, request_id=key)
                reply = Reply(answer, self._settler(function, answer, held, subject, site_id))
                yield reply
            except BaseException:
                self._release(held)
                raise
            if reply.is_charged:
                self._runner.forget(key)
            else:
                self._release(held)

    def _hold(
        self,
        function: AIFunction[In, Out],
        key: str,
        subject: str,
        units: int,
        site_id: str | None,
    ) -> Hold:
        with self._write() as session:
            if site_id is not None and site_id not in self._swept:
                for dead in ledger.open_holds(session, site_id=site_id):
                    ledger.release(session, self._stamp(), dead.id)
            for dead in ledger.open_holds(session, work=key):
                ledger.release(session, self._stamp(), dead.id)
            held = ledger.hold(
                session,
                self._stamp(),
                self.price(function, units),
                work=key,
                function=function.name,
                subject=subject,
                site_id=site_id,
            )
        self._swept.add(site_id)
        return held

    def _settler(
        self,
        function: AIFunction[In, Out],
        answer: Answer[Out],
        held: Hold,
        subject: str,
        site_id: str | None,
    ) -> Callable[[Session, int], int]:
        def settle(session: Session, units: int) -> int:
            spent = ledger.settle(session, self._stamp(), held.id, self.price(function, units))
            session.add(
                UsageRow(
                    id=new_id("use"),
                    hold_id=held.id,
                    function=function.name,
                    subject=subject,
                    site_id=site_id,
                    units=units,
                    credits=spent,
                    input_tokens=answer.usage.input_tokens,
                    output_tokens=answer.usage.output_tokens,
                    provider=answer.made_with.provider,
                    model=answer.made_with.model,
                    created_at=self._clock.now(),
                )
            )
            return spent

        return settle

    def _release(self, held: Hold) -> None:
        with self._write() as session:
            ledger.release(session, self._stamp(), held.id)

    def _stamp(self) -> ledger.Stamp:
        return ledger.Stamp(self._actor, self._run_id, self._clock.now())
