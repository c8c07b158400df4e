"""A workspace, its context, and the command line: real things on a real store.

Every test that uses `workspace`, `app`, `ctx` or `igny8` runs on SQLite and on PostgreSQL. One
that is about SQLite says `@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from stores import OWNER, Stores, TestApp, give_token
from typer.testing import CliRunner

from igny8.app import App, Who
from igny8.context import Context
from igny8.db import Database

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


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """Prepared workspaces, and the PostgreSQL server once a test needs it."""
    prepared = Stores(tmp_path_factory.mktemp("prepared"))
    yield prepared
    prepared.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def backend(request: pytest.FixtureRequest) -> str:
    """The kind of store under test."""
    return str(request.param)


@pytest.fixture
def store_url(backend: str, stores: Stores) -> str | None:
    """The store under test: None is SQLite in the workspace."""
    return stores.postgres() if backend == "postgres" else None


@pytest.fixture
def empty_store(backend: str, stores: Stores, tmp_path: Path) -> Iterator[Database]:
    """A store without a single table, for this test alone."""
    name = f"igny8_empty_{os.getpid()}"
    url = stores.server.create(name) if backend == "postgres" else f"sqlite:///{tmp_path}/empty.db"
    database = Database(url)
    yield database
    database.close()
    if backend == "postgres":
        stores.server.drop(name)


@pytest.fixture
def workspace(
    tmp_path: Path,
    backend: str,
    store_url: str | None,
    stores: Stores,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """A workspace with one account, its owner and its first credits; on the store under test."""
    root = tmp_path / "workspace"
    stores.place(backend, root)
    if store_url is not None:
        monkeypatch.setenv("IGNY8_STORE__URL", store_url)
    return root


@pytest.fixture
def app(workspace: Path) -> Iterator[App]:
    """The opened workspace."""
    with TestApp(workspace) as opened:
        yield opened


@pytest.fixture
def ctx(app: App) -> Context:
    """The owner's context."""
    return app.context(Who(email=OWNER))


@dataclass(frozen=True)
class Ran:
    """What a command printed and how it ended."""

    status: int
    out: str
    err: str


@pytest.fixture
def igny8(
    workspace: Path, store_url: str | None, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Ran]:
    """Run the command line in the workspace: `igny8("site", "list", "--json")`."""
    from igny8.cli.root import app as command_line

    monkeypatch.chdir(workspace)

    def run(*words: Any, stdin: str | None = None) -> Ran:
        arguments = [str(word) for word in words]
        monkeypatch.setattr("sys.argv", ["igny8", *arguments])
        if store_url is not None:
            _log_in(store_url, arguments, monkeypatch)
        result = CliRunner().invoke(command_line, arguments, input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    return run


def _log_in(url: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the token of whom the command names into the environment, as its user would."""
    named = dict(pairwise(arguments))
    database = Database(url)
    try:
        token = give_token(database, named.get("--account", "acme"), named.get("--as"))
    finally:
        database.close()
    if token:
        monkeypatch.setenv("IGNY8_TOKEN", token)
