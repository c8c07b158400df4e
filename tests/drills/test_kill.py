"""`kill -9` at commits and file replacements of the whole line: nothing lost, nothing paid twice.

A run is killed by itself, at the n-th point where something becomes lasting, so that every point
can be reached: before or after a commit, an fsync, a rename. Then the next run must end up where an
undisturbed one does.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from igny8 import billing, linker, planner, renderer, writer
from igny8.app import App
from igny8.core.report import Silent
from igny8.core.resources import shipped
from igny8.workspace import create

SITE = "shop"
_RUN = """
import os, signal, sys
import sqlalchemy.orm as orm
from igny8.cli.root import app

point, count = int(sys.argv.pop(1)), 0

def watched(function):
    def call(*args, **kwargs):
        global count
        count += 1
        if count == point:
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*args, **kwargs)
        count += 1
        if count == point:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    return call

orm.Session.commit = watched(orm.Session.commit)
os.replace, os.fsync = watched(os.replace), watched(os.fsync)
try:
    app(sys.argv[1:])
except SystemExit as leaving:
    print("points", count, file=sys.stderr)
    raise
"""


def _run(workspace: Path, point: int = -1) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("IGNY8_")}
    return subprocess.run(
        [sys.executable, "-c", _RUN, str(point), "run", SITE, "--json"],
        cwd=workspace,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _outcome(workspace: Path) -> dict[str, Any]:
    """What a finished run leaves, without ids and times."""
    with App(workspace) as app:
        ctx = app.context()
        proof = billing.prove(ctx)
        assert proof.faults == ()
        assert proof.open_holds == 0
        items = writer.contents(ctx, SITE)
        return {
            "spent": proof.balance.spent,
            "bodies": sorted((item.slug, item.body_format, item.word_count) for item in items),
            "tasks": sorted((task.title, task.status) for task in writer.tasks(ctx, SITE)),
            "ideas": sorted(idea.title for idea in planner.ideas(ctx, SITE)),
            "links": sorted((n.source, n.target, n.anchor) for n in linker.links(ctx, SITE)),
            "pages": renderer.pages_built(ctx, SITE),
            "live": sorted(
                path.relative_to(workspace / "live" / "current").as_posix()
                for path in (workspace / "live" / "current").rglob("*")
            ),
        }


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small site with keywords, knowledge and a target, before its first run."""
    root = tmp_path_factory.mktemp("kill") / "prepared"
    app, ctx, _ = create(root, name="A", email="o@a.example", slug="a", report=Silent())
    from igny8 import accounts, publisher

    accounts.add_site(ctx, SITE, identity={"name": "Fernhill"})
    accounts.set_site(ctx, SITE, "writer.approval", "auto")
    accounts.set_site(ctx, SITE, "optimizer.accept", "auto")
    folder = root / "sites" / SITE / "knowledge"
    folder.mkdir()
    source = shipped("agency") / "sites" / "fernhill" / "knowledge"
    for name in ("wheel-truing.md", "bottom-bracket.md", "headset.md"):
        shutil.copy(source / name, folder / name)
    rows = ["keyword,volume"]
    for topic in ("wheel truing", "bottom bracket replacement", "headset service"):
        rows += [f"{topic},900", f"{topic} cost,300", f"{topic} leeds,200"]
    (root / "keywords.csv").write_text("\n".join(rows) + "\n")
    planner.import_keywords(ctx, SITE, root / "keywords.csv")
    publisher.add_target(ctx, SITE, "live", "folder", {"path": "live"})
    app.close()
    return root


@pytest.fixture(scope="module")
def undisturbed(prepared: Path) -> tuple[dict[str, Any], int]:
    """What a run leaves that nobody kills, and how many points it has."""
    root = prepared.with_name("undisturbed")
    shutil.copytree(prepared, root)
    ran = _run(root)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["credits"] > 0
    points = int(ran.stderr.rsplit("points ", 1)[1])
    assert points > 100
    return _outcome(root), points


def _drill(prepared: Path, undisturbed: tuple[dict[str, Any], int], point: int) -> None:
    expected, _ = undisturbed
    root = prepared.with_name(f"killed-{point}")
    shutil.copytree(prepared, root)
    killed = _run(root, point)
    assert killed.returncode == -9, f"point {point} was not reached: {killed.stderr}"
    current = root / "live" / "current"
    if current.is_symlink():  # what visitors see is a whole release or none
        assert (current / "index.html").is_file()
        assert (current / "sitemap.xml").is_file()
    again = _run(root)
    assert again.returncode == 0, f"after point {point}: {again.stderr}"
    assert _outcome(root) == expected, f"point {point}"
    shutil.rmtree(root)


@pytest.mark.parametrize("number", range(8))
def test_a_killed_run_is_carried_on(
    prepared: Path, undisturbed: tuple[dict[str, Any], int], number: int
) -> None:
    points = undisturbed[1]
    seed = int(os.environ.get("IGNY8_DRILL_SEED") or random.SystemRandom().randrange(10**6))
    # Spread over the whole run, each at a chance place of its own stretch.
    stretch = points // 8
    point = 1 + number * stretch + random.Random(seed + number).randrange(stretch)
    print(f"seed {seed}, point {point} of {points}")
    _drill(prepared, undisturbed, point)


@pytest.mark.drill
def test_a_run_killed_anywhere_is_carried_on(
    prepared: Path, undisturbed: tuple[dict[str, Any], int]
) -> None:
    for point in range(1, undisturbed[1] + 1):
        _drill(prepared, undisturbed, point)
