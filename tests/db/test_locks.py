"""Locks between real processes: one works, others are told who does, a dead one holds nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from stores import OWNER, TestApp, give_token

from igny8 import accounts
from igny8.app import App
from igny8.context import Context
from igny8.core.errors import Busy

Run = Callable[..., Any]
_HOLDER = """
import sys
import time
from pathlib import Path
from igny8.app import App

app = App(Path(sys.argv[1]))
with app.context().lock(sys.argv[2], "tests hold it"):
    print("held", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def held_elsewhere(app: App, name: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until the block ends."""
    environ = dict(os.environ)
    if not app.database.is_sqlite:
        environ["IGNY8_TOKEN"] = give_token(app.database, "acme", OWNER) or ""
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(app.config.root), name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environ,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    try:
        yield process
    finally:
        process.communicate("\n", timeout=20)


def test_one_run_works_on_a_site_and_the_other_is_told_who_does(
    app: App, ctx: Context, igny8: Run
) -> None:
    accounts.add_site(ctx, "shop")
    with held_elsewhere(app, "site shop") as holder:
        ran = igny8("site", "remove", "shop", "--yes")
        assert ran.status == 75
        assert "site shop is held by `tests hold it`" in ran.err
        assert f"process {holder.pid}" in ran.err
        assert "since " in ran.err
        assert igny8("site", "list", "--format", "ids").out == "shop\n"  # reading is free
        with ctx.lock("site other", "work"):
            pass  # and so is every other site
    assert igny8("site", "remove", "shop", "--yes").status == 0


def test_a_lock_dies_with_its_process(app: App, ctx: Context) -> None:
    with held_elsewhere(app, "site shop") as holder:
        with pytest.raises(Busy), ctx.lock("site shop", "work"):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait(20)
        _eventually(lambda: _try(ctx, "site shop"))


def test_a_lock_is_free_again_after_a_failure(app: App, ctx: Context) -> None:
    with pytest.raises(ZeroDivisionError), ctx.lock("site shop", "work"):
        raise ZeroDivisionError
    with TestApp(app.config.root) as second, second.context().lock("site shop", "work"):
        pass


def test_a_lock_is_taken_once_by_a_run_and_the_services_it_calls(app: App, ctx: Context) -> None:
    with TestApp(app.config.root) as second, ctx.lock("site shop", "outer"):
        other = second.context()
        with ctx.lock("site shop", "inner"):
            pass
        with pytest.raises(Busy, match="`outer`"), other.lock("site shop", "work"):
            pass  # the inner block has not given it up
    with TestApp(app.config.root) as second, second.context().lock("site shop", "work"):
        pass


@pytest.mark.parametrize(
    ("one", "two"), [("site a-b", "site a b"), ("site account", "account"), ("site x", "site-x")]
)
def test_names_that_look_alike_are_different_locks(
    app: App, ctx: Context, one: str, two: str
) -> None:
    with (
        TestApp(app.config.root) as second,
        ctx.lock(one, "work"),
        second.context().lock(two, "work"),
    ):
        pass


def test_two_accounts_may_work_on_sites_of_one_name(app: App, ctx: Context) -> None:
    accounts.create_account(
        app.database,
        app.clock,
        slug="acme-site",
        name="Other",
        owner_email="o@other.example",
        monthly_credits=0,
    )
    from igny8.app import Who

    with TestApp(app.config.root) as second:
        other = second.context(Who(account="acme-site"))
        with ctx.lock("site shop", "work"), other.lock("site shop", "work"):
            pass


def test_a_holder_that_left_no_note_is_still_respected(
    app: App, ctx: Context, workspace: Path
) -> None:
    with held_elsewhere(app, "site shop"):
        for note in (workspace / ".igny8" / "locks").glob("*.json"):
            note.write_text("{")
        with pytest.raises(Busy, match="is held by "), ctx.lock("site shop", "work"):
            pass


@pytest.mark.parametrize(
    "backend", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
def test_another_machine_is_told_who_holds_a_lock(app: App, ctx: Context, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "igny8.toml").write_text((app.config.root / "igny8.toml").read_text())
    purpose = "writer generate --site shop --limit 50 --a-long-option"
    with TestApp(elsewhere) as second:
        other = second.context()
        with (
            ctx.lock("site shop", purpose),
            pytest.raises(Busy, match=rf"`writer generate --site.*process {os.getpid()} on"),
            other.lock("site shop", "work"),
        ):
            pass
        with other.lock("site shop", "work"):
            pass


def _try(ctx: Context, name: str) -> bool:
    try:
        with ctx.lock(name, "work"):
            return True
    except Busy:
        return False


def _eventually(succeeds: Callable[[], bool]) -> None:
    """Postgres needs a moment to see that a client is gone."""
    deadline = time.monotonic() + 10
    while not succeeds():
        assert time.monotonic() < deadline
        time.sleep(0.02)
