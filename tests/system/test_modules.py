"""Module switches: what needs what, what a switched-off module still does: nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from igny8 import accounts, system
from igny8.accounts import Role
from igny8.app import App, Who
from igny8.context import Context
from igny8.core.errors import AccessDenied, Conflict, ModuleDisabled, NotFound
from igny8.jobs import events

Run = Callable[..., Any]


def test_every_module_is_on_at_first(ctx: Context) -> None:
    assert system.enabled_modules(ctx) == set(system.NEEDS)


def test_a_module_that_others_need_goes_only_together_with_them(ctx: Context) -> None:
    with pytest.raises(Conflict, match="need module `writer`") as refused:
        system.switch(ctx, "writer", on=False)
    assert "--together" in (refused.value.hint or "")
    assert system.enabled_modules(ctx) == set(system.NEEDS)
    off = system.switch(ctx, "writer", on=False, together=True)
    assert set(off) == {"writer", "linker", "optimizer", "sitebuilder", "publisher"}
    assert system.enabled_modules(ctx) == {"thinker", "planner"}


def test_a_module_comes_back_with_all_it_needs(ctx: Context) -> None:
    for name in system.NEEDS:
        if name in system.enabled_modules(ctx):
            system.switch(ctx, name, on=False, together=True)
    assert system.enabled_modules(ctx) == frozenset()
    assert set(system.switch(ctx, "publisher", on=True)) >= {"publisher", "sitebuilder", "writer"}
    on = system.enabled_modules(ctx)
    assert all(need in on for name in on for need in system.NEEDS[name])
    assert "planner" not in on


def test_what_is_needed_is_the_whole_chain(ctx: Context) -> None:
    """A module's code may use what its needs need: so a chain of needs must be closed."""
    for name in system.NEEDS:
        system.switch(ctx, name, on=True)
        for other in system.NEEDS:
            if other not in system.enabled_modules(ctx):
                continue
            try:
                system.switch(ctx, other, on=False)
            except Conflict:
                continue
            on = system.enabled_modules(ctx)
            assert all(need in on for each in on for need in system.NEEDS[each])


def test_switching_twice_changes_nothing_and_tells_nothing(ctx: Context) -> None:
    assert system.switch(ctx, "planner", on=False) == ["planner"]
    assert system.switch(ctx, "planner", on=False) == []
    with ctx.read() as session:
        told = [event.event for event in events(session, subject="planner")]
    assert told == ["system.module-disabled"]


def test_a_switched_off_module_is_refused(ctx: Context) -> None:
    system.switch(ctx, "planner", on=False)
    with pytest.raises(ModuleDisabled, match="module `planner` is switched off"):
        system.require_module(ctx, "planner")
    system.switch(ctx, "planner", on=True)
    system.require_module(ctx, "planner")


def test_an_unknown_module_names_the_nearest(ctx: Context) -> None:
    for act in (
        lambda: system.switch(ctx, "plannr", on=True),
        lambda: system.configure(ctx, "plannr", "a", "b"),
    ):
        with pytest.raises(NotFound) as told:
            act()
        assert told.value.hint == "did you mean `planner`?"


def test_accounts_switch_for_themselves(app: App, ctx: Context) -> None:
    accounts.create_account(
        app.database,
        app.clock,
        slug="other",
        name="Other",
        owner_email="o@other.example",
        monthly_credits=0,
    )
    other = app.context(Who(account="other"))
    system.switch(ctx, "planner", on=False)
    system.configure(ctx, "linker", "mood", "calm")
    assert "planner" in system.enabled_modules(other)
    assert {m.module: m.config for m in system.modules(other)}["linker"] == {}
    assert {m.module: m.config for m in system.modules(ctx)}["linker"] == {"mood": "calm"}


def test_only_who_manages_switches(app: App, ctx: Context) -> None:
    accounts.add_user(ctx, "ed@acme.example", Role.EDITOR)
    editor = app.context(Who(email="ed@acme.example"))
    with pytest.raises(AccessDenied):
        system.switch(editor, "planner", on=False)
    with pytest.raises(AccessDenied):
        system.configure(editor, "planner", "a", "b")
    assert len(system.modules(editor)) == len(system.NEEDS)


def test_a_switched_off_modules_commands_are_gone(
    workspace: Path, ctx: Context, igny8: Run
) -> None:
    assert "planner" in igny8("--help").out
    assert igny8("module", "disable", "planner").status == 0
    assert "planner" not in igny8("--help").out
    ran = igny8("planner", "keywords", "--site", "x")
    assert ran.status == 1
    assert "igny8 module enable planner" in ran.err
    assert igny8("module", "enable", "planner").status == 0
    assert "planner" in igny8("--help").out


def test_the_list_shows_switches_needs_and_use(ctx: Context, igny8: Run) -> None:
    igny8("module", "disable", "planner")
    rows = {row["module"]: row for row in json.loads(igny8("module", "list", "--json").out)}
    assert rows["planner"]["is_enabled"] is False
    assert rows["linker"]["needs"] == ["writer"]
    assert "linker" in rows["writer"]["needed_by"]
    assert rows["writer"]["credits_used"] == 0
