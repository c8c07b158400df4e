"""The store when something is wrong with it: a clear error, the way out, nothing half-done."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from stores import TestApp

from igny8 import accounts, billing
from igny8.app import App
from igny8.context import Context
from igny8.core.errors import ConfigError, ExternalError, InvalidInput
from igny8.db import Database
from igny8.db.schema import head
from igny8.jobs.models import OutboxEvent

on_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize(
    "backend", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
Run = Callable[..., Any]


def store_of(workspace: Path) -> Path:
    return workspace / ".igny8" / "store.db"


def test_a_read_changes_nothing(ctx: Context) -> None:
    with ctx.read() as session:
        session.execute(text("DELETE FROM jobs_outbox"))
        session.execute(text("UPDATE billing_balances SET available = 0"))
    assert billing.balance(ctx).available == 20_000


def test_a_write_stays_whole_or_not_at_all(ctx: Context) -> None:
    with pytest.raises(ZeroDivisionError), ctx.write() as session:
        session.execute(text("UPDATE billing_balances SET available = 0"))
        raise ZeroDivisionError
    assert billing.balance(ctx).available == 20_000


@on_postgres
def test_a_value_that_the_store_can_not_keep_is_the_users_to_mend(ctx: Context) -> None:
    accounts.add_site(ctx, "shop")
    with pytest.raises(InvalidInput, match="can't keep a value"):
        accounts.add_sector(ctx, "shop", "east", "a\0b")
    assert accounts.sectors(ctx, "shop") == []


@on_sqlite
def test_a_missing_store_is_told(workspace: Path, igny8: Run) -> None:
    store_of(workspace).unlink()
    ran = igny8("site", "list")
    assert ran.status == 3
    assert f"there is no store at {store_of(workspace)}" in ran.err
    assert "igny8 db upgrade" in ran.err
    assert not store_of(workspace).exists()  # looking for it does not make it
    assert igny8("db", "upgrade").status == 0
    ran = igny8("site", "list")
    assert ran.status == 1
    assert "there is no account named `acme`" in ran.err


def test_a_store_newer_than_igny8_is_left_alone(app: Any, igny8: Run) -> None:
    with app.database.operator_write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for words in (["site", "list"], ["db", "upgrade"], ["credits", "grant", "5"]):
        ran = igny8(*words)
        assert ran.status == 3, words
        assert "9999" in ran.err
        assert "upgrade igny8" in ran.err
    ran = igny8("db", "check")
    assert ran.status == 1
    assert "9999" in ran.out + ran.err


def test_an_empty_store_says_how_to_fill_it(
    empty_store: Database, workspace: Path, igny8: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = empty_store.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("IGNY8_STORE__URL", url)
    if empty_store.path is not None:
        sqlite3.connect(empty_store.path).close()
    with App(workspace) as app, pytest.raises(ConfigError, match="is at schema none") as told:
        app.context()
    assert "igny8 db upgrade" in (told.value.hint or "")


@on_sqlite
@pytest.mark.parametrize("content", [b"nothing" * 900, b"SQLite format 3\0" + b"x" * 9000])
def test_a_damaged_store_says_so(workspace: Path, igny8: Run, content: bytes) -> None:
    store_of(workspace).write_bytes(content)
    for words in (["site", "list"], ["db", "upgrade"], ["db", "check"], ["credits", "grant", "1"]):
        ran = igny8(*words)
        assert ran.status == 3, (words, ran)
        assert "the store is damaged" in ran.err
        assert "db restore" in ran.err
    assert store_of(workspace).read_bytes() == content


@on_sqlite
def test_a_locked_store_is_told(
    workspace: Path, igny8: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IGNY8_STORE__URL", "sqlite:///.igny8/store.db?timeout=0.1")
    with closing(sqlite3.connect(store_of(workspace), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        ran = igny8("site", "add", "shop")
        assert ran.status == 6
        assert "locked by another process" in ran.err
        assert igny8("site", "list").status == 0  # a reader is not kept waiting
        other.execute("ROLLBACK")
    assert igny8("site", "add", "shop").status == 0


@on_postgres
def test_a_locked_row_is_told(ctx: Context, app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("igny8.db.database._PATIENCE", 0.1)
    with TestApp(app.config.root) as impatient:
        second = impatient.context()
        with ctx.write() as session:
            session.execute(text("UPDATE billing_balances SET held = held"))
            with pytest.raises(ExternalError, match="locked by another process"):
                billing.grant(second, 5, reason="x")


def test_a_store_that_does_not_answer_is_told(
    workspace: Path, igny8: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IGNY8_STORE__URL", "postgresql://u:hunter2@127.0.0.1:1/igny8")
    database = Database("postgresql://u:hunter2@127.0.0.1:1/igny8")
    with pytest.raises(ExternalError) as told, database.operator_read() as session:
        session.execute(text("SELECT 1"))
    database.close()
    assert told.value.exit_status == 6
    assert "did not answer" in told.value.message
    assert "hunter2" not in told.value.message


@on_postgres
def test_a_missing_database_is_not_taken_for_an_old_one(store_url: str) -> None:
    database = Database(re.sub(r"/igny8_test_\d+", "/igny8_missing", store_url))
    with pytest.raises(ExternalError, match="does not exist"), database.operator_read() as session:
        session.execute(text("SELECT 1"))
    database.close()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("nonsense", "not a database URL"),
        ("mysql://h/d", "does not know the database `mysql`"),
        ("", "not a database URL"),
    ],
)
def test_a_url_that_is_none_is_told(url: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        Database(url)


@on_sqlite
def test_a_store_nobody_may_write_is_told(workspace: Path) -> None:
    with _unwritable(workspace) as root, TestApp(root) as app:
        with pytest.raises(ConfigError, match="can't be opened for writing") as told:
            billing.grant(app.context(), 5, reason="x")
        assert told.value.code == "db.unwritable"


@contextmanager
def _unwritable(workspace: Path) -> Iterator[Path]:
    """A copy that this process may read only; root becomes somebody else for a while."""
    home = Path(tempfile.mkdtemp())
    root = home / "workspace"
    shutil.copytree(workspace, root)
    for path in (*root.rglob("*"), root, home):
        path.chmod(0o555 if path.is_dir() else 0o444)
    is_root = os.geteuid() == 0
    try:
        if is_root:
            os.seteuid(65534)
        yield root
    finally:
        if is_root:
            os.seteuid(0)
        for path in (home, root, *root.rglob("*")):
            path.chmod(0o755)
        shutil.rmtree(home)


def test_check_finds_a_sound_store_sound(ctx: Context, igny8: Run) -> None:
    ran = igny8("db", "check")
    assert (ran.status, ran.err) == (0, "")
    assert f"sound (revision {head()})" in ran.out


def test_check_finds_a_missing_column(app: Any, igny8: Run) -> None:
    with app.database.operator_write() as session:
        session.execute(text("ALTER TABLE system_module_settings RENAME COLUMN module TO modul"))
    try:
        ran = igny8("db", "check", "--json")
        assert ran.status == 1
        assert "modul" in ran.out
    finally:
        with app.database.operator_write() as session:
            session.execute(text("ALTER TABLE system_module_settings RENAME modul TO module"))


@on_sqlite
def test_check_finds_a_dangling_row(workspace: Path, igny8: Run) -> None:
    with closing(sqlite3.connect(store_of(workspace))) as raw:
        raw.execute("UPDATE accounts_users SET account_id = 'gone'")
        raw.commit()
    ran = igny8("db", "check")
    assert ran.status == 1
    assert "dangling row in accounts_users" in ran.out + ran.err


def events(ctx: Context) -> int:
    with ctx.read() as session:
        return session.query(OutboxEvent).count()


@on_sqlite
def test_a_backup_restores_the_store_as_it_was(
    workspace: Path, ctx: Context, igny8: Run, tmp_path: Path
) -> None:
    accounts.add_site(ctx, "before")
    file = tmp_path / "odd name?#%20.db"
    assert igny8("db", "backup", file).status == 0
    accounts.add_site(ctx, "after")
    ran = igny8("db", "restore", file, "--yes")
    assert ran.status == 0, ran
    with TestApp(workspace) as app:
        assert [site.slug for site in accounts.sites(app.context())] == ["before"]
    assert igny8("db", "check").status == 0
    assert igny8("credits", "check").status == 0
    assert igny8("site", "add", "again").status == 0  # and it works on


@on_sqlite
def test_a_backup_is_made_while_others_write(ctx: Context, igny8: Run, tmp_path: Path) -> None:
    with ctx.write() as session:
        session.execute(text("UPDATE billing_balances SET available = 1"))
        assert igny8("db", "backup", tmp_path / "b.db").status == 0
    with closing(sqlite3.connect(tmp_path / "b.db")) as copy:
        assert copy.execute("SELECT available FROM billing_balances").fetchall() == [(20_000,)]
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["b.db"]


def test_a_backup_overwrites_nothing(ctx: Context, igny8: Run, tmp_path: Path) -> None:
    file = tmp_path / "b"
    file.write_text("mine")
    ran = igny8("db", "backup", file)
    assert ran.status == 1
    assert "exists already" in ran.err
    assert file.read_text() == "mine"


@on_postgres
def test_a_backup_of_postgres_is_an_archive_of_pg_dump(
    ctx: Context, igny8: Run, tmp_path: Path
) -> None:
    if shutil.which("pg_dump") is None and not os.environ.get("CI"):
        pytest.skip("pg_dump is not installed")
    ran = igny8("db", "backup", tmp_path / "b.dump")
    assert ran.status == 0, ran
    assert (tmp_path / "b.dump").read_bytes().startswith(b"PGDMP")
    refused = igny8("db", "restore", tmp_path / "b.dump", "--yes")
    assert refused.status == 1
    assert "pg_restore" in refused.err


@on_sqlite
@pytest.mark.parametrize("damage", ["cut", "flip", "other", "empty", "missing"])
def test_what_is_no_whole_backup_replaces_nothing(
    workspace: Path, igny8: Run, tmp_path: Path, damage: str
) -> None:
    file = tmp_path / "b.db"
    igny8("db", "backup", file)
    content = bytearray(file.read_bytes())
    match damage:
        case "cut":
            file.write_bytes(content[: len(content) // 2])
        case "flip":
            content[8192:12288] = b"\xff" * 4096
            file.write_bytes(content)
        case "other":
            file.unlink()
            with closing(sqlite3.connect(file)) as other:
                other.execute("CREATE TABLE t (x)")
        case "empty":
            file.write_bytes(b"")
        case "missing":
            file.unlink()
    ran = igny8("db", "restore", file, "--yes")
    assert ran.status == 1, ran
    assert str(file) in ran.err
    assert igny8("db", "check").status == 0


@on_sqlite
def test_a_damaged_store_is_replaced_by_its_backup(
    workspace: Path, igny8: Run, tmp_path: Path
) -> None:
    igny8("site", "add", "shop")
    igny8("db", "backup", tmp_path / "b.db")
    store_of(workspace).write_bytes(b"rubbish" * 5000)
    assert igny8("db", "restore", tmp_path / "b.db", "--yes").status == 0
    assert igny8("db", "check").status == 0
    assert igny8("site", "list", "--format", "ids").out == "shop\n"


@on_sqlite
def test_a_store_in_use_is_not_replaced(
    workspace: Path, igny8: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    igny8("db", "backup", tmp_path / "b.db")
    monkeypatch.setenv("IGNY8_STORE__URL", "sqlite:///.igny8/store.db?timeout=0.1")
    with closing(sqlite3.connect(store_of(workspace), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        ran = igny8("db", "restore", tmp_path / "b.db", "--yes")
        assert ran.status == 6
        assert "can't be replaced now" in ran.err
        other.execute("ROLLBACK")


@on_sqlite
def test_a_restore_needs_a_yes(workspace: Path, igny8: Run, tmp_path: Path) -> None:
    igny8("db", "backup", tmp_path / "b.db")
    assert igny8("db", "restore", tmp_path / "b.db").status == 2
