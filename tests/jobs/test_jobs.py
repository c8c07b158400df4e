"""The outbox tells what happened and only that; the log of runs survives any end."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from igny8 import accounts
from igny8.context import Context, record_event
from igny8.jobs import RunRecord, append_run, events, read_runs

Run = Callable[..., Any]


def record(number: int = 1, **more: Any) -> RunRecord:
    values: dict[str, Any] = {
        "run": f"run_{number}",
        "command": "site add",
        "site": None,
        "started_at": "2026-11-23T12:00:00+00:00",
        "seconds": 0.5,
        "outcome": "done",
        "exit_status": 0,
    }
    return RunRecord(**(values | more))


def test_an_event_is_told_with_who_and_in_which_run(ctx: Context) -> None:
    site = accounts.add_site(ctx, "shop")
    with ctx.read() as session:
        (told,) = events(session, subject=site.id)
    assert (told.event, told.actor, told.run_id) == (
        "accounts.site-added",
        "owner@acme.example",
        ctx.run_id,
    )
    assert told.payload == {"slug": "shop"}


def test_what_did_not_happen_is_not_told(ctx: Context) -> None:
    with pytest.raises(ZeroDivisionError), ctx.write() as session:
        record_event(ctx, session, "tests.done", subject="s")
        raise ZeroDivisionError
    with ctx.read() as session:
        assert events(session, subject="s") == []


def test_events_are_told_newest_first_even_within_one_transaction(ctx: Context) -> None:
    with ctx.write() as session:
        for number in range(20):
            record_event(ctx, session, "tests.done", subject="s", number=number)
    with ctx.read() as session:
        told = [event.payload["number"] for event in events(session, subject="s", limit=5)]
        assert told == [19, 18, 17, 16, 15]
        assert len(events(session, subject="s", limit=0)) == 20


def test_runs_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "state" / "runs.jsonl"
    assert list(read_runs(path)) == []
    problem = {"code": "a.b", "where": "x", "message": "ünï\nline", "hint": None}
    both = [record(1), record(2, outcome="partly", exit_status=8, problems=(problem,))]
    for one in both:
        append_run(path, one)
    assert list(read_runs(path)) == both
    assert len(path.read_text().splitlines()) == 2


def test_a_line_that_a_crash_cut_off_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    append_run(path, record(1))
    path.write_text(path.read_text() + '{"run": "run_2", "comm\n[]\n{"problems": 5}\nnull\n')
    append_run(path, record(3))
    assert [run.run for run in read_runs(path)] == ["run_1", "run_3"]


def test_lines_of_many_processes_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    code = (
        "import sys; from pathlib import Path; from igny8.jobs.runs import *\n"
        "for n in range(200):\n"
        "    append_run(Path(sys.argv[1]), RunRecord('r', 'x' * 3000, None, '', 0, 'done', 0))"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, str(path)]) for _ in range(4)]
    assert [writer.wait(60) for writer in writers] == [0] * 4
    lines = path.read_text().splitlines()
    assert len(lines) == 800
    assert {json.loads(line)["command"] for line in lines} == {"x" * 3000}


def test_every_command_that_works_leaves_a_line(workspace: Path, igny8: Run) -> None:
    igny8("site", "add", "shop")
    igny8("site", "add", "shop")  # refused: it is there already
    igny8("site", "list")  # reading leaves no trace
    runs = list(read_runs(workspace / ".igny8" / "runs.jsonl"))
    assert [(run.command, run.outcome, run.exit_status) for run in runs] == [
        ("site add", "done", 0),
        ("site add", "failed", 1),
    ]
    assert "exists already" in (runs[1].problems[0]["message"] or "")
