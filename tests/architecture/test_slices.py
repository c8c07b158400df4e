"""Every slice has the same files, and every engine is under the contract that keeps it pure."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "igny8"
SLICES = sorted(path.parent.name for path in PACKAGE.glob("*/services.py"))
STANDARD = {"__init__", "types", "models", "store", "reading", "services", "ai"}
# Use cases that were too many for one services.py, and billing's three ways to its tables.
USE_CASES = {
    "linker.cache",
    "linker.changes",
    "linker.items",
    "linker.reads",
    "linker.survey",
    "linker.workers",
    "renderer.catalogue",
    "sitebuilder.cms",
    "sitebuilder.shelf",
    "sitebuilder.starting",
    "writer.batches",
    "writer.files",
    "accounts.identity",
    "renderer.freshness",
    "renderer.theming",
    "accounts.access",
    "billing.ledger",
    "billing.metering",
    "planner.generation",
    "planner.grouping",
    "planner.importing",
    "planner.refinement",
    "sitebuilder.files",
    "sitebuilder.snapshots",
    "thinker.lookup",
    "writer.generation",
}


def _contract(name: str) -> set[str]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    found = next(c for c in contracts["contracts"] if c["name"].startswith(name))
    return {module.removeprefix("igny8.") for module in found["source_modules"]}


@pytest.mark.parametrize("name", SLICES)
def test_a_slice_has_a_face_and_types_and_one_file_for_its_tables(name: str) -> None:
    files = {path.stem for path in (PACKAGE / name).glob("*.py")}
    assert {"__init__", "types", "services"} <= files
    if "models" in files and name != "billing":
        assert "store" in files
        users = [
            path.stem
            for path in (PACKAGE / name).glob("*.py")
            if f"igny8.{name}.models" in path.read_text("utf-8")
        ]
        # The writer works on thousands of bodies at once, too.
        assert set(users) - {"batches"} == {"store"}


@pytest.mark.parametrize("name", SLICES)
def test_prompts_stand_beside_the_functions_that_use_them(name: str) -> None:
    prompts = sorted(path.stem for path in (PACKAGE / name / "prompts").glob("*.md"))
    functions = PACKAGE / name / "ai.py"
    said = functions.read_text("utf-8").replace("-", "_") if functions.is_file() else ""
    assert [prompt for prompt in prompts if prompt not in said] == []


def test_every_engine_is_under_the_contract_that_keeps_it_pure() -> None:
    engines = {
        f"{name}.{path.stem}"
        for name in SLICES
        for path in (PACKAGE / name).glob("*.py")
        if path.stem not in STANDARD
    }
    assert engines - _contract("Engines") == USE_CASES
