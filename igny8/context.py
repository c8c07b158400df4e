"""The one value that services are given. Frozen; made in `app.py`; holds no domain logic."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    # Every command makes a context; few use all that it offers.
    from pathlib import Path

    from pydantic import BaseModel

    from igny8.ai.function import AIFunction
    from igny8.ai.runner import MadeWith
    from igny8.config.load import Config
    from igny8.core.clock import Clock
    from igny8.core.report import Reporter
    from igny8.db import Session
    from igny8.db.reader import Rows

In = TypeVar("In", bound="BaseModel")
Out = TypeVar("Out", bound="BaseModel")
Out_co = TypeVar("Out_co", bound="BaseModel", covariant=True)


class Role(StrEnum):
    """What a user may do: viewers read, editors write (both on granted sites), admins manage."""

    OWNER = "owner"
    ADMIN = "admin"
    EDITOR = "editor"
    VIEWER = "viewer"


@dataclass(frozen=True, slots=True)
class Account:
    """The tenant that this context acts for."""

    id: str
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Actor:
    """The user that acts, and the sites that an editor or viewer was granted."""

    user_id: str
    email: str
    role: Role
    site_ids: frozenset[str] = frozenset()


class MeteredReply(Protocol[Out_co]):
    """A validated reply whose price is held. Unless it is charged, it costs nothing."""

    @property
    def output(self) -> Out_co:
        """The validated output."""

    @property
    def made_with(self) -> MadeWith:
        """Prompt, provider and model that made it, to be stored with the product."""

    def charge(self, session: Session, units: int) -> int:
        """Settle the price of `units` in the transaction that saves the product.

        Returns the credits charged: never more than was held.
        """


class MeteredAI(Protocol):
    """Runs AI functions for the account: hold, run, settle, release."""

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
    ) -> AbstractContextManager[MeteredReply[Out]]:
        """Hold the price of at most `units`, ask the provider, give the reply.

        `key` names the work (same key, same work: it is never charged twice). Leaving the block
        without `charge` releases what was held. Raises InsufficientCredits before any call.
        """

    def price(self, function: AIFunction[In, Out], units: int) -> int:
        """Credits that `units` of this function cost with the configured provider."""


class LockHolder(Protocol):
    """Excludes other runs."""

    def __call__(self, name: str, purpose: str) -> AbstractContextManager[None]:
        """Hold `name` for the block; raises Busy at once when another process has it."""


@dataclass(frozen=True, slots=True)
class Context:
    """Who acts for which account, and everything a service may use.

    `store_file` is where the store lies, if it is a local file.
    """

    account: Account
    actor: Actor
    config: Config
    read: Callable[[], AbstractContextManager[Session]]
    rows: Rows
    write: Callable[[], AbstractContextManager[Session]]
    lock: LockHolder
    ai: MeteredAI
    clock: Clock
    report: Reporter
    run_id: str
    store_file: Path | None = None


def record_event(
    ctx: Context,
    session: Session,
    event: str,
    *,
    subject: str,
    site_id: str | None = None,
    **payload: Any,
) -> None:
    """Record in the outbox that the context's actor did something, in the caller's transaction."""
    from igny8.jobs import record

    record(
        session,
        event,
        subject=subject,
        actor=ctx.actor.email,
        run_id=ctx.run_id,
        at=ctx.clock.now(),
        site_id=site_id,
        **payload,
    )
