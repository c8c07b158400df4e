"""A small site before its first run, the same site after one, and what a finished run leaves."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from killer import SITE, Ended, Killer

from igny8 import accounts, billing, linker, planner, publisher, renderer, writer
from igny8.app import App
from igny8.core.report import Silent
from igny8.core.resources import shipped
from igny8.workspace import create


@pytest.fixture(scope="session")
def killer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killer]:
    started = Killer(tmp_path_factory.mktemp("killer"))
    yield started
    started.close()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small site with keywords, knowledge and a target, before its first run."""
    root = tmp_path_factory.mktemp("kill") / "prepared"
    app, ctx, _ = create(root, name="A", email="o@a.example", slug="a", report=Silent())
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


@pytest.fixture(scope="session")
def finished(prepared: Path, killer: Killer) -> tuple[Path, Ended]:
    """The site after a run that nobody kills."""
    root = prepared.with_name("finished")
    shutil.copytree(prepared, root)
    ended = killer.run(root, "run", SITE, "--json")
    assert ended.status == 0, ended.err
    return root, ended


@pytest.fixture(scope="session")
def outcome() -> Any:
    """What a finished run leaves, without ids and times; its books proved."""
    return _outcome


def _outcome(workspace: Path) -> dict[str, Any]:
    with App(workspace, environ={}) as app:
        ctx = app.context()
        proof = billing.prove(ctx)
        assert proof.faults == ()
        assert proof.open_holds == 0
        items = writer.contents(ctx, SITE)
        current = workspace / "live" / "current"
        return {
            "spent": proof.balance.spent,
            "bodies": sorted((item.slug, item.body_format, item.word_count) for item in items),
            "tasks": sorted((task.title, task.status) for task in writer.tasks(ctx, SITE)),
            "ideas": sorted(idea.title for idea in planner.ideas(ctx, SITE)),
            "links": sorted((n.source, n.target, n.anchor) for n in linker.links(ctx, SITE)),
            "pages": renderer.pages_built(ctx, SITE),
            "live": sorted(path.relative_to(current).as_posix() for path in current.rglob("*")),
        }


@pytest.fixture(scope="session")
def seed() -> int:
    """A fresh seed for each run of the tests; IGNY8_DRILL_SEED repeats one."""
    return int(os.environ.get("IGNY8_DRILL_SEED") or random.SystemRandom().randrange(10**6))


@pytest.fixture
def chance(seed: int, request: pytest.FixtureRequest) -> random.Random:
    print(f"IGNY8_DRILL_SEED={seed}")
    return random.Random(f"{seed} {request.node.name}")
