"""A workspace in which every list has rows, made once for the whole folder; and real processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from stores import OWNER, Stores, TestApp
from typer.testing import CliRunner

from igny8 import accounts, pipeline, planner, publisher, sitebuilder, system, writer
from igny8.app import Who
from igny8.core.resources import shipped

SITE = "fernhill"
TOPICS = ("wheel truing", "bottom bracket replacement", "puncture repair")

LINKED = (
    """---
title: What we repair
type: page
---
When a rim wobbles, wheel truing brings it back within a hair of straight in an afternoon.

A hiss from the tyre means puncture repair, which we do while you wait and drink a coffee.

"""
    + "We keep the workshop warm, the tea hot and the tools where they belong on the wall. " * 25
)


@pytest.fixture(scope="package")
def filled(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose site went through the whole line."""
    root = tmp_path_factory.mktemp("filled") / "workspace"
    stores.place("sqlite", root)
    knowledge = shipped("agency") / "sites" / SITE / "knowledge"
    with TestApp(root) as app:
        ctx = app.context(Who(email=OWNER))
        accounts.add_site(ctx, SITE, identity={"name": "Fernhill"})
        accounts.set_site(ctx, SITE, "writer.approval", "auto")
        accounts.add_sector(ctx, SITE, "repairs", "Repairs")
        (root / "terms.txt").write_text("We mend what we sell.\n")
        sitebuilder.add_site_files(ctx, SITE, [root / "terms.txt"])
        folder = root / "sites" / SITE / "knowledge"
        folder.mkdir(exist_ok=True)
        for name in ("wheel-truing", "bottom-bracket", "puncture-repair"):
            (folder / f"{name}.md").write_bytes((knowledge / f"{name}.md").read_bytes())
        rows = ["keyword,volume"]
        for topic in TOPICS:
            rows += [f"{topic},900", f"{topic} cost,300", f"{topic} leeds,200", f"best {topic},90"]
        (root / "keywords.csv").write_text("\n".join(rows) + "\n")
        planner.import_keywords(ctx, SITE, root / "keywords.csv")
        (root / "linked.md").write_text(LINKED)
        writer.import_files(ctx, SITE, root / "linked.md")
        publisher.add_target(ctx, SITE, "live", "folder", {"path": "live"})
        line = pipeline.stations(system.enabled_modules(ctx))
        pipeline.run(ctx, SITE, line)
        first = writer.contents(ctx, SITE)[0]
        writer.edit(ctx, SITE, first.slug, f"---\nslug: wheels\n---\n{first.body}\nMore.\n")
        writer.export_files(ctx, SITE)
    return root


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    err: str


@pytest.fixture
def on_filled(filled: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Run a command on the filled workspace, which stays as it is for the next test."""
    from igny8.cli.root import app

    monkeypatch.chdir(filled)

    def run(*words: str) -> Ran:
        monkeypatch.setattr("sys.argv", ["igny8", *words])
        result = CliRunner().invoke(app, list(words))
        return Ran(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def process(filled: Path) -> Callable[..., subprocess.Popen[str]]:
    """Start the command line as a process of its own on the filled workspace."""

    def start(*words: str, **options: Any) -> subprocess.Popen[str]:
        environ = {**os.environ, **options.pop("env", {})}
        return subprocess.Popen(
            [sys.executable, "-m", "igny8", *words],
            cwd=filled,
            text=True,
            env=environ,
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
        )

    return start
