"""The metered runner: what an AI call costs when it works, fails, is refused or is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from books import ASKED, FIRST_GRANT, Answer, ai_function, assert_sound, hold

from igny8 import accounts, billing
from igny8.accounts import Role
from igny8.ai.fake import FakeProvider
from igny8.app import App, Who
from igny8.context import Context
from igny8.core.errors import (
    AIError,
    AIOutputError,
    AIRefused,
    Busy,
    Conflict,
    ExternalError,
    InsufficientCredits,
)

ANSWER = Answer(answer="yes")


@pytest.fixture
def provider() -> FakeProvider:
    return FakeProvider()


@pytest.fixture
def metered(app: App, ctx: Context, provider: FakeProvider) -> Context:
    """The owner's context with the fake provider."""
    del ctx  # gives the owner a token where tokens count
    return app.context(provider=provider)


def ask(
    ctx: Context, folder: Path, *, key: str = "work-1", units: int = 500, used: int = 300
) -> int:
    """Ask once, as a service does: the charge is in the transaction that saves the product."""
    with ctx.ai.run(ai_function(folder), ASKED, key=key, subject="s", units=units) as reply:
        assert reply.output == ANSWER
        with ctx.write() as session:
            return reply.charge(session, used)


def test_a_call_is_held_at_its_estimate_and_charged_for_what_it_used(
    metered: Context, provider: FakeProvider, tmp_path: Path
) -> None:
    held: list[int] = []

    def answer(request: object) -> Answer:
        held.append(billing.balance(metered).held)
        return ANSWER

    provider.enqueue(answer)
    assert ask(metered, tmp_path) == 3  # 300 words at 1 credit a hundred
    assert held == [5]  # an estimate of 500 words
    assert billing.balance(metered) == billing.Balance(FIRST_GRANT - 3, 0, 3)
    (used,) = billing.usage(metered)
    assert (used.function, used.units, used.credits, used.provider) == ("tests.ask", 300, 3, "fake")
    assert used.input_tokens > 0
    assert billing.spent_by_function(metered) == {"tests.ask": 3}
    assert_sound(metered)


@pytest.mark.parametrize(
    "failure",
    [
        AIError("the endpoint is down", retryable=True),
        AIRefused("no"),
        AIOutputError("cut off"),
        ExternalError("the network is away"),
        ZeroDivisionError(),
        KeyboardInterrupt(),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_a_failed_or_refused_call_costs_nothing(
    failure: BaseException, metered: Context, provider: FakeProvider, tmp_path: Path
) -> None:
    def fail(request: object) -> Answer:
        raise failure

    provider.enqueue(fail)
    with pytest.raises(type(failure)):
        ask(metered, tmp_path)
    assert billing.balance(metered) == billing.Balance(FIRST_GRANT, 0, 0)
    assert billing.usage(metered) == []
    assert_sound(metered)
    provider.enqueue(ANSWER)
    assert ask(metered, tmp_path) == 3  # and the same work can be done later


def test_a_reply_that_never_fits_costs_nothing(
    metered: Context, provider: FakeProvider, tmp_path: Path
) -> None:
    provider.enqueue("no json", "still no json")
    with pytest.raises(AIOutputError):
        ask(metered, tmp_path)
    assert billing.balance(metered) == billing.Balance(FIRST_GRANT, 0, 0)
    assert_sound(metered)


def test_a_product_that_could_not_be_saved_costs_nothing(
    metered: Context, provider: FakeProvider, tmp_path: Path
) -> None:
    provider.enqueue(ANSWER)
    call = metered.ai.run(ai_function(tmp_path), ASKED, key="k", subject="s", units=500)
    with pytest.raises(ZeroDivisionError), call as reply, metered.write() as session:
        reply.charge(session, 300)
        raise ZeroDivisionError
    assert billing.balance(metered) == billing.Balance(FIRST_GRANT, 0, 0)
    assert_sound(metered)


def test_a_reply_that_nobody_charges_costs_nothing(
    metered: Context, provider: FakeProvider, tmp_path: Path
) -> None:
    provider.enqueue(ANSWER)
    with metered.ai.run(ai_function(tmp_path), ASKED, key="k", subject="s", units=500):
        pass
    assert billing.balance(metered) == billing.Balance(FIRST_GRANT, 0, 0)
    assert_sound(metered)


def test_a_call_is_never_charged_more_than_was_held(
    metered: Context, provider: FakeProvider, tmp_path: Path
) -> None:
    provider.enqueue(ANSWER)
    assert ask(metered, tmp_path, units=500, used=90_000) == 5
    assert_sound(metered)


def test_the_same_work_is_paid_once_and_not_asked_again(
    metered: Context, provider: FakeProvider, tmp_path: Path
) -> None:
    provider.enqueue(ANSWER)
    ask(metered, tmp_path)
    with pytest.raises(Conflict, match="paid already"):
        ask(metered, tmp_path)
    assert len(provider.history) == 1
    assert billing.balance(metered).spent == 3


def test_without_enough_credits_nobody_is_asked(
    metered: Context, provider: FakeProvider, tmp_path: Path
) -> None:
    with pytest.raises(InsufficientCredits) as refused:
        ask(metered, tmp_path, units=(FIRST_GRANT + 1) * 100)
    assert (refused.value.needed, refused.value.available) == (FIRST_GRANT + 1, FIRST_GRANT)
    assert provider.history == []
    assert_sound(metered)


def test_nobody_is_asked_inside_a_write(
    metered: Context, provider: FakeProvider, tmp_path: Path
) -> None:
    with pytest.raises(RuntimeError, match="inside a write"), metered.write():
        ask(metered, tmp_path)
    assert provider.history == []


def test_the_rate_of_a_provider_multiplies_the_price(
    workspace: Path,
    ctx: Context,
    app: App,
    provider: FakeProvider,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("IGNY8_CREDITS__RATES__FAKE", "4")
    monkeypatch.setenv("IGNY8_CREDITS__COSTS__CONTENT", "2")
    with type(app)(workspace) as dear:
        provider.enqueue(ANSWER)
        assert ask(dear.context(provider=provider), tmp_path) == 3 * 2 * 4


_DIES = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from books import ASKED, ai_function
from igny8 import accounts
from igny8.ai.fake import FakeProvider
from igny8.accounts import Role
from igny8.app import App, Who

def die(request):
    os.kill(os.getpid(), signal.SIGKILL)

app = App(Path(sys.argv[2]))
ctx = app.context(provider=FakeProvider(die))
site = accounts.site(ctx, "shop", accounts.Need.WRITE)
with ctx.ai.run(ai_function(Path(sys.argv[2])), ASKED, key="killed", subject="s", units=500,
                site="shop", site_id=site.id):
    pass
"""


def test_the_next_run_on_the_site_releases_what_a_killed_run_held(
    metered: Context, provider: FakeProvider, workspace: Path, tmp_path: Path
) -> None:
    site = accounts.add_site(metered, "shop")
    died = subprocess.run(
        [sys.executable, "-c", _DIES, str(Path(__file__).parent), str(workspace)],
        env={**os.environ, "IGNY8_TOKEN": _token(metered)},
        capture_output=True,
        text=True,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert billing.balance(metered).held == 5
    assert_sound(metered, open_holds=1)
    provider.enqueue(ANSWER)
    asked = metered.ai.run(
        ai_function(tmp_path),
        ASKED,
        key="next",
        subject="s",
        units=500,
        site="shop",
        site_id=site.id,
    )
    with asked as reply, metered.write() as session:
        reply.charge(session, 500)
    assert billing.balance(metered) == billing.Balance(FIRST_GRANT - 5, 0, 5)
    assert_sound(metered)


def test_holds_of_a_removed_site_can_be_released(metered: Context) -> None:
    site = accounts.add_site(metered, "shop")
    with metered.write() as session:
        hold(session, 7, "of the site", site_id=site.id)
    assert billing.release_dead(metered, None) == 0  # its site is there: a run may be at work
    accounts.remove_site(metered, "shop")
    assert billing.release_dead(metered, None) == 1
    assert billing.balance(metered).held == 0
    assert_sound(metered)


def test_a_running_call_keeps_others_off_its_site(
    metered: Context, provider: FakeProvider, app: App, workspace: Path, tmp_path: Path
) -> None:
    site = accounts.add_site(metered, "shop")
    refused: list[str] = []

    def meanwhile(request: object) -> Answer:
        with type(app)(workspace) as second:
            try:
                billing.release_dead(second.context(), "shop")
            except Busy as error:
                refused.append(error.message)
        return ANSWER

    provider.enqueue(meanwhile)
    asked = metered.ai.run(
        ai_function(tmp_path), ASKED, key="k", subject="s", units=1, site="shop", site_id=site.id
    )
    with asked as reply, metered.write() as session:
        reply.charge(session, 1)
    assert len(refused) == 1
    assert f"process {os.getpid()}" in refused[0]
    assert_sound(metered)


def _token(ctx: Context) -> str:
    return accounts.issue_token(ctx, ctx.actor.email)


def test_who_may_not_see_a_site_does_not_see_what_was_spent_on_it(
    metered: Context, provider: FakeProvider, app: App, tmp_path: Path
) -> None:
    function = ai_function(tmp_path)
    for slug in ("shop", "blog"):
        site = accounts.add_site(metered, slug)
        provider.enqueue(ANSWER)
        asked = metered.ai.run(
            function, ASKED, key=slug, subject=slug, units=1, site=slug, site_id=site.id
        )
        with asked as reply, metered.write() as session:
            reply.charge(session, 1)
    accounts.add_user(metered, "vera@acme.example", Role.VIEWER)
    accounts.grant_access(metered, "vera@acme.example", "shop")
    viewer = app.context(Who(email="vera@acme.example"))
    assert {used.subject for used in billing.usage(metered)} == {"shop", "blog"}
    assert {used.subject for used in billing.usage(viewer)} == {"shop"}
    assert billing.spent_by_function(viewer) == {"tests.ask": 1}
    assert {entry.subject for entry in billing.history(viewer)} == {"shop", None}
    assert billing.balance(viewer) == billing.balance(metered)  # credits are the account's
