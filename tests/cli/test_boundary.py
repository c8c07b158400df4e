"""The one error boundary: exit codes, what goes where, questions, pipes, dry runs, the log."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import pty
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from igny8.cli.command import Cli, command
from igny8.cli.output import Result
from igny8.cli.root import COMMANDS, GROUPS
from igny8.core.errors import (
    AccessDenied,
    Busy,
    ConfigError,
    Conflict,
    ExternalError,
    Igny8Error,
    InsufficientCredits,
    UsageError,
)
from igny8.core.outcome import Problem

SITE = "fernhill"
Run = Callable[..., Any]
Start = Callable[..., "subprocess.Popen[str]"]


def _ran(function: Callable[[Cli], Any], *words: str) -> Any:
    """Run a function as the command `go`, inside the boundary."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    command(app, "go")(function)
    return CliRunner().invoke(app, list(words))


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Conflict("taken", hint="choose another"), 1),
        (UsageError("taken", hint="choose another"), 2),
        (ConfigError("taken", hint="choose another"), 3),
        (AccessDenied("taken", hint="choose another"), 4),
        (ExternalError("taken", hint="choose another"), 6),
        (Busy("taken", hint="choose another"), 75),
    ],
)
def test_an_error_has_its_exit_status_and_is_told_on_stderr(error: Igny8Error, status: int) -> None:
    def fail(cli: Cli) -> Result:
        raise error

    ran = _ran(fail)
    assert (ran.exit_code, ran.stdout) == (status, "")
    assert ran.stderr == "error: taken\nhint: choose another\n"


def _chained(cli: Cli) -> Result:
    try:
        raise KeyError("inner")
    except KeyError as cause:
        raise Conflict("taken") from cause


def test_a_cause_is_told_with_v_and_a_traceback_only_with_debug() -> None:
    assert _ran(_chained).stderr == "error: taken\n"
    assert "because: 'inner'" in _ran(_chained, "-v").stderr
    debugged = _ran(_chained, "--debug")
    assert "Traceback (most recent call last)" in debugged.stderr
    assert debugged.stdout == ""


def test_a_bug_is_called_a_bug_and_shows_its_traceback_only_with_debug() -> None:
    def broken(cli: Cli) -> Result:
        return Result({}, [str(1 / 0)])

    ran = _ran(broken)
    assert (ran.exit_code, ran.stdout) == (70, "")
    assert "ZeroDivisionError" in ran.stderr
    assert "--debug" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert "Traceback" in _ran(broken, "--debug").stderr


def test_what_the_operating_system_refuses_is_no_bug(tmp_path: Path) -> None:
    def refused(cli: Cli) -> Result:
        (tmp_path / "no" / "such" / "folder.txt").write_text("x")
        return Result({})

    ran = _ran(refused)
    assert ran.exit_code == 1
    assert "No such file or directory" in ran.stderr
    assert "bug" not in ran.stderr


@pytest.mark.parametrize(
    ("problems", "status"),
    [
        ([], 0),
        ([Problem("x.y", "a.md", "is broken", "mend it")], 8),
        ([Problem(InsufficientCredits.code, "a", "needs credits")], 5),
    ],
)
def test_a_batch_with_problems_is_partly_done(problems: list[Problem], status: int) -> None:
    def batch(cli: Cli) -> Result:
        return Result({"done": 1}, ["1 done"], problems=problems)

    ran = _ran(batch)
    assert (ran.exit_code, ran.stdout) == (status, "1 done\n")
    assert ran.stderr.startswith("1. " if problems else "")
    told = json.loads(_ran(batch, "--json").stdout)
    assert [problem["message"] for problem in told.get("problems", [])] == [
        problem.message for problem in problems
    ]


def test_ctrl_c_is_told_how_to_carry_on() -> None:
    def stopped(cli: Cli) -> Result:
        raise KeyboardInterrupt

    ran = _ran(stopped)
    assert ran.exit_code == 130
    assert "to carry on" in ran.stderr


def test_control_characters_in_data_do_not_reach_the_terminal() -> None:
    def loud(cli: Cli) -> Result:
        raise Conflict("a \x1b[31mred\x1b[0m \x07 title")

    assert "\x1b" not in _ran(loud).stderr
    assert "\x07" not in _ran(loud).stderr


# --- real commands -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("writer", "content", "--site", "fernhil"),
        ("planner", "keywords", "--site", "fernhil"),
        ("publisher", "plan", "--site", "fernhil"),
        ("build", "fernhil"),
        ("run", "fernhil"),
        ("status", "--site", "fernhil"),
        ("site", "show", "fernhil"),
    ],
)
def test_a_site_that_is_not_there_is_named_with_the_nearest(
    on_filled: Run, words: tuple[str, ...]
) -> None:
    ran = on_filled(*words)
    assert (ran.status, ran.out) == (1, "")
    assert "`fernhil`" in ran.err
    assert "hint: did you mean `fernhill`?" in ran.err


def test_outside_a_workspace_the_hint_says_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, on_filled: Run
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = on_filled("site", "list")
    assert ran.status == 3
    assert "igny8 init" in ran.err


def test_a_user_that_is_not_there_is_refused(on_filled: Run) -> None:
    ran = on_filled("site", "list", "--as", "nobody@acme.example")
    assert (ran.status, ran.out) == (4, "")


def test_an_unknown_command_is_a_usage_error(on_filled: Run) -> None:
    ran = on_filled("writer", "contnet", "--site", SITE)
    assert (ran.status, ran.out) == (2, "")
    assert "contnet" in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("site", "remove", SITE),
        ("user", "remove", "owner@acme.example"),
        ("sitebuilder", "generate", "--site", SITE, "--again"),
    ],
)
def test_what_can_not_be_taken_back_needs_a_yes_where_nobody_can_be_asked(
    on_filled: Run, filled: Path, words: tuple[str, ...]
) -> None:
    before = _state(filled)
    for more in ((), ("--no-input",)):
        ran = on_filled(*words, *more)
        assert (ran.status, ran.out) == (2, "")
        assert "hint: add --yes" in ran.err
    assert _state(filled) == before


def test_with_a_yes_it_is_done(igny8: Run) -> None:
    igny8("site", "add", "shop")
    assert igny8("site", "remove", "shop", "--yes").status == 0
    assert igny8("site", "list", "--json").out == "[]\n"


_ON_SITE = ["--site", SITE]
# What a command with --dry-run is given besides.
DRY_RUNS = {
    "run": [SITE],
    "site import": [SITE],
    "planner import": ["more.csv", *_ON_SITE],
    "planner cluster": _ON_SITE,
    "planner ideate": _ON_SITE,
    "writer queue": _ON_SITE,
    "writer generate": _ON_SITE,
    "writer import": ["more", *_ON_SITE],
    "optimizer run": _ON_SITE,
    "sitebuilder page-add": ["new", "--title", "New", *_ON_SITE],
    "sitebuilder page-edit": ["contact", "--set", "title=Other", *_ON_SITE],
    "sitebuilder page-move": ["contact", "reach-us", *_ON_SITE],
    "sitebuilder page-remove": ["contact", *_ON_SITE],
    "sitebuilder page-template": ["contact", "page", *_ON_SITE],
    "sitebuilder theme": ["--brand", "#8a1c1c", *_ON_SITE],
}


def _with_option(option: str) -> Iterator[str]:
    def leaves(found: Any, path: str) -> Iterator[tuple[str, Any]]:
        if not hasattr(found, "commands"):
            yield path, found
            return
        for name, inner in found.commands.items():
            yield from leaves(inner, f"{path} {name}")

    for name, entry in {**COMMANDS, **GROUPS}.items():
        loaded = typer.main.get_command(importlib.import_module(entry.module).app)
        for path, each in leaves(loaded, name):
            if any(option in parameter.opts for parameter in each.params):
                yield path


def _state(root: Path) -> dict[str, str]:
    """Every file of the workspace but locks and the log of runs, by its hash."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and "locks" not in path.parts and path.name != "runs.jsonl"
    }


@pytest.mark.parametrize("path", sorted(_with_option("--dry-run")))
def test_a_dry_run_leaves_the_stores_bytes_alone(on_filled: Run, filled: Path, path: str) -> None:
    (filled / "more.csv").write_text("keyword,volume\nbrand new keyword,90\n")
    (filled / "more").mkdir(exist_ok=True)
    (filled / "more" / "new.md").write_text("Text.\n")
    before = _state(filled)
    ran = on_filled(*path.split(), *DRY_RUNS[path], "--dry-run", "--json")
    assert ran.status == 0, ran.err
    json.loads(ran.out)
    assert _state(filled) == before


def test_status_errors_reads_the_log_of_runs(igny8: Run, workspace: Path) -> None:
    igny8("site", "add", "shop")
    assert "no run has failed" in igny8("status", "--errors").out
    assert igny8("build", "shp").status == 1
    assert igny8("publisher", "publish", "--site", "shop").status == 1
    assert igny8("site", "list").status == 0
    runs = json.loads(igny8("status", "--errors", "--json").out)
    assert [(run["command"], run["site"], run["exit_status"]) for run in runs] == [
        ("build", "shp", 1),
        ("publisher publish", "shop", 1),
    ]
    assert runs[1]["problems"][0]["code"] == "publisher.no-target"
    shown = igny8("status", "--errors").out
    assert "publisher publish" in shown.replace("\n", " ")
    log = (workspace / ".igny8" / "runs.jsonl").read_text().splitlines()
    outcomes = [json.loads(line)["outcome"] for line in log]
    assert outcomes == ["done", "failed", "failed"]


def test_status_names_the_next_command(on_filled: Run) -> None:
    ran = on_filled("status", "--site", SITE, "--json")
    places = {place["station"]: place for place in json.loads(ran.out)["places"]}
    assert places["keywords"]["total"] == 12
    assert places["tasks"]["total"] == places["ideas"]["total"] > 0
    assert all(place["waiting"] <= place["total"] for place in places.values())


def test_doctor_finds_a_good_workspace_healthy(on_filled: Run) -> None:
    ran = on_filled("doctor", "--json")
    assert (ran.status, json.loads(ran.out)["healthy"]) == (0, True)


def test_doctor_says_what_is_wrong_and_how_to_mend_it(igny8: Run, workspace: Path) -> None:
    settings = workspace / "igny8.toml"
    settings.write_text(settings.read_text().replace('"embedded"', '"embeded"'))
    ran = igny8("doctor")
    assert ran.status == 1
    assert "did you mean `embedded`?" in ran.out


def test_raw_content_is_a_file_that_edit_reads_back_unchanged(on_filled: Run, filled: Path) -> None:
    raw = on_filled("writer", "show", "wheels", "--site", SITE, "--raw").out
    (filled / "raw.md").write_text(raw)
    ran = on_filled("writer", "edit", "wheels", "--site", SITE, "--from", "raw.md", "--json")
    assert json.loads(ran.out) == {"changed": False}
    (filled / "raw.md").write_bytes(b"\xff")
    assert on_filled("writer", "edit", "wheels", "--site", SITE, "--from", "raw.md").status == 1


def test_a_version_that_is_not_there_has_no_diff(on_filled: Run) -> None:
    assert on_filled("writer", "diff", "wheels", "--site", SITE).out.startswith("--- wheels")
    ran = on_filled("writer", "diff", "wheels", "--site", SITE, "--version", "9")
    assert (ran.status, ran.out) == (1, "")


# --- real processes ----------------------------------------------------------------------------


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_goes_away_is_no_error(process: Start, unbuffered: str) -> None:
    words = ("planner", "keywords", "--site", SITE, "--json")
    running = process(*words, env={"PYTHONUNBUFFERED": unbuffered})
    assert running.stdout is not None
    running.stdout.close()
    assert running.stderr is not None
    assert running.stderr.read() == ""
    assert running.wait(timeout=20) == 0
    running.stderr.close()


@pytest.mark.parametrize(("environ", "is_coloured"), [({"NO_COLOR": "1"}, False), ({}, True)])
def test_no_color_is_honoured_on_a_terminal(
    process: Start, environ: dict[str, str], is_coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR")
    here, there = pty.openpty()
    running = process("site", "list", stdout=there, env={"TERM": "xterm-256color", **environ})
    running.communicate(timeout=20)
    os.close(there)
    shown = b""
    while part := _read(here):
        shown += part
    os.close(here)
    assert b"fernhill" in shown
    assert (b"\x1b[" in shown) is is_coloured


def _read(handle: int) -> bytes:
    try:
        return os.read(handle, 10_000)
    except OSError:
        return b""  # the other end is closed
