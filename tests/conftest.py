"""A workspace, its context, and the command line: real things on a real store."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from igny8.app import App, Who
from igny8.context import Context
from igny8.core.report import Silent
from igny8.workspace import create

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _scrubbed(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No setting of the developer's own, no home folder, a width that is the same everywhere."""
    for name in list(os.environ):
        if name.startswith(("IGNY8_", "OPENAI_")) and name != "IGNY8_TEST_POSTGRES":
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path_factory.getbasetemp()))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.fixture
def workspace(tmp_path: Path, store_url: str | None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with one account, its owner and its first credits; on the store under test."""
    root = tmp_path / "workspace"
    if store_url is not None:
        monkeypatch.setenv("IGNY8_STORE__URL", store_url)
        monkeypatch.setenv("IGNY8_ACCESS__REQUIRE_TOKEN", "false")
    app, _, _ = create(root, name="Acme", email="owner@acme.example", slug="acme", report=Silent())
    app.close()
    return root


@pytest.fixture
def app(workspace: Path) -> Iterator[App]:
    """The opened workspace."""
    with App(workspace) as opened:
        yield opened


@pytest.fixture
def ctx(app: App) -> Context:
    """The owner's context."""
    return app.context(Who(email="owner@acme.example"))


@dataclass(frozen=True)
class Ran:
    """What a command printed and how it ended."""

    status: int
    out: str
    err: str


@pytest.fixture
def igny8(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Run the command line in the workspace: `igny8("site", "list", "--json")`."""
    from igny8.cli.root import app as command_line

    monkeypatch.chdir(workspace)

    def run(*words: Any, stdin: str | None = None) -> Ran:
        arguments = [str(word) for word in words]
        monkeypatch.setattr("sys.argv", ["igny8", *arguments])
        result = CliRunner().invoke(command_line, arguments, input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def store_url() -> str | None:
    """The store under test: None is SQLite in the workspace. `tests/postgres` overrides it."""
    return None
