"""The house holds: what loads when, what belongs where."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from igny8.cli.root import COMMANDS, GROUPS
from igny8.system import NEEDS

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "igny8"
SLICES = sorted(path.parent.name for path in PACKAGE.glob("*/models.py"))


def _modules(code: str, *words: str, cwd: Path) -> tuple[set[str], str]:
    """Run a command in a process of its own; return the modules it loaded, and its stdout."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("IGNY8_")}
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=cwd,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr.partition("loaded:")[0]
    return set(done.stderr.rsplit("loaded:", 1)[1].split()), done.stdout


_RUN = """
import sys
from igny8.cli.root import app
try:
    app(sys.argv[1:], prog_name="igny8")
except SystemExit as leaving:
    print("loaded:", *sys.modules, file=sys.stderr)
    raise
"""


def test_help_loads_neither_the_store_nor_the_sdk(tmp_path: Path) -> None:
    loaded, shown = _modules(_RUN, "--help", cwd=tmp_path)
    assert not {"sqlalchemy", "openai", "alembic", "jinja2", "igny8.app"} & loaded
    assert all(name in shown for name in (*COMMANDS, *GROUPS))


def test_an_offline_command_loads_no_sdk(tmp_path: Path) -> None:
    _modules(_RUN, "init", ".", "--yes", cwd=tmp_path)
    loaded, _ = _modules(_RUN, "doctor", cwd=tmp_path)
    assert "openai" not in loaded


@pytest.mark.parametrize("module", ["linker", "optimizer", "planner"])
def test_a_switched_off_module_is_neither_shown_nor_loaded(tmp_path: Path, module: str) -> None:
    _modules(_RUN, "init", ".", "--yes", cwd=tmp_path)
    _modules(_RUN, "site", "add", "shop", cwd=tmp_path)
    _, shown = _modules(_RUN, "--help", cwd=tmp_path)
    assert re.search(rf"(?m)^  {module} ", shown)
    _modules(_RUN, "module", "disable", module, cwd=tmp_path)
    _, shown = _modules(_RUN, "--help", cwd=tmp_path)
    assert not re.search(rf"(?m)^  {module} ", shown)
    for words in (("writer", "content"), ("status",), ("sitebuilder", "pages")):
        loaded, _ = _modules(_RUN, *words, "--site", "shop", cwd=tmp_path)
        assert [name for name in loaded if name.startswith(f"igny8.{module}")] == []


def test_every_command_and_group_is_where_the_table_says() -> None:
    for entry in {**COMMANDS, **GROUPS}.values():
        assert (PACKAGE / "cli" / f"{entry.module.rpartition('.')[2]}.py").is_file()
    assert {entry.needs for entry in {**COMMANDS, **GROUPS}.values()} - {None} <= set(NEEDS)


def test_every_models_module_is_in_the_schema() -> None:
    named = (PACKAGE / "schema.py").read_text()
    assert [name for name in SLICES if f"igny8.{name}.models" not in named] == []


def test_table_names_begin_with_their_slice() -> None:
    from igny8.schema import metadata

    assert [t for t in metadata.tables if t.partition("_")[0] not in SLICES] == []


@pytest.mark.parametrize("name", SLICES)
def test_only_a_slice_itself_touches_its_tables(name: str) -> None:
    users = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if f"igny8.{name}.models" in path.read_text("utf-8")
    ]
    assert [user for user in users if not user.startswith(f"{name}/")] == ["schema.py"]


def test_the_tenant_filter_is_not_gone_round() -> None:
    found = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if "__table__" in path.read_text("utf-8") and path.name != "tenancy.py"
    ]
    assert found == []


def test_there_is_no_drawer() -> None:
    drawers = ("utils", "helpers", "common", "misc", "manager", "base_service")
    assert [p.name for p in PACKAGE.rglob("*.py") if p.stem in drawers] == []


def test_every_module_says_what_lives_in_it() -> None:
    silent = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if "_shipped" not in path.parts
        and "versions" not in path.parts
        and not path.read_text("utf-8").startswith('"""')
    ]
    assert silent == []
