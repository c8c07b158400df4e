"""The migrations make what the models say, on both databases, whole or not at all."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.resources import files

import pytest
from sqlalchemy import inspect, text

from igny8.core.errors import ConfigError
from igny8.db import Database, migrate
from igny8.db.schema import head, require_current, revision
from igny8.schema import metadata


def test_an_empty_store_becomes_what_the_models_say(empty_store: Database) -> None:
    assert migrate.upgrade(empty_store) == (None, head())
    assert migrate.differences(empty_store, metadata) == []
    assert set(migrate.tables(empty_store)) == {*metadata.tables, "alembic_version"}
    require_current(empty_store.reader)


def test_every_constraint_of_the_models_is_there(empty_store: Database) -> None:
    migrate.upgrade(empty_store)
    found = inspect(empty_store.engine)
    for name, table in metadata.tables.items():
        foreign = {key["name"] for key in found.get_foreign_keys(name)}
        assert foreign == {key.name for key in table.foreign_key_constraints}, name
        checks = {check["name"] for check in found.get_check_constraints(name)}
        wanted = {c.name for c in table.constraints if type(c).__name__ == "CheckConstraint"}
        assert checks == wanted, name
        columns = {column["name"]: column["nullable"] for column in found.get_columns(name)}
        assert columns == {column.name: bool(column.nullable) for column in table.columns}, name


def test_a_second_upgrade_changes_nothing(empty_store: Database) -> None:
    migrate.upgrade(empty_store)
    assert migrate.upgrade(empty_store) == (head(), head())


def test_a_failed_upgrade_leaves_the_store_as_it_was(empty_store: Database) -> None:
    with empty_store.operator_write() as session:
        session.execute(text("CREATE TABLE jobs_outbox (mine INTEGER)"))
    with pytest.raises(ConfigError, match=r"jobs_outbox.* already exists"):
        migrate.upgrade(empty_store)
    assert revision(empty_store.reader) is None
    assert migrate.tables(empty_store) == ["jobs_outbox"]


def test_a_newer_store_is_refused(empty_store: Database) -> None:
    migrate.upgrade(empty_store)
    with empty_store.operator_write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigError, match="9999"):
        migrate.upgrade(empty_store)
    with pytest.raises(ConfigError, match="9999"):
        require_current(empty_store.reader)


def test_a_missing_table_column_or_index_is_a_difference(empty_store: Database) -> None:
    migrate.upgrade(empty_store)
    for damage in (
        "DROP TABLE system_module_settings",
        "ALTER TABLE jobs_outbox ADD COLUMN extra INTEGER",
        "DROP INDEX ix_jobs_outbox_subject",
    ):
        before = migrate.differences(empty_store, metadata)
        with empty_store.operator_write() as session:
            session.execute(text(damage))
        assert len(migrate.differences(empty_store, metadata)) > len(before), damage


_UPGRADES = """
import os
import sys
import igny8.schema
from igny8.db import Database
from igny8.db.migrate import upgrade

gate, opener = os.pipe()
racers = []
for _ in range(3):
    if not (racer := os.fork()):
        os.close(opener)
        os.read(gate, 1)  # until all are there
        upgrade(Database(sys.argv[1]))
        os._exit(0)
    racers.append(racer)
os.close(opener)
sys.exit(any(os.waitpid(racer, 0)[1] for racer in racers))
"""


def test_upgrades_at_the_same_time_are_one(empty_store: Database) -> None:
    url = empty_store.engine.url.render_as_string(hide_password=False)
    ran = subprocess.run(
        [sys.executable, "-c", _UPGRADES, url], capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    assert migrate.differences(empty_store, metadata) == []


def test_the_history_is_one_line_of_numbers() -> None:
    folder = files("igny8.migrations").joinpath("versions")
    found = {}
    for entry in folder.iterdir():
        if matched := re.match(r"(\d{4})_\w+\.py$", entry.name):
            source = entry.read_text(encoding="utf-8")
            (down,) = re.findall(r"^down_revision = (.+)$", source, re.MULTILINE)
            (own,) = re.findall(r"^revision = \"(.+)\"$", source, re.MULTILINE)
            assert own == matched.group(1)
            found[own] = down.strip('"')
    numbers = sorted(found)
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    assert [found[number] for number in numbers] == ["None", *numbers[:-1]]
    assert head() == numbers[-1]
