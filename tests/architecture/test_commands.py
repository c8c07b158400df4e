"""Every command says in one line what it does; one that changes something shows how."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from igny8.cli.command import _COMMON, _LISTING
from igny8.cli.root import COMMANDS, GROUPS
from igny8.system import NEEDS

CLI = Path(__file__).resolve().parents[2] / "igny8" / "cli"


def _commands() -> Iterator[tuple[str, Any]]:
    for name, entry in {**COMMANDS, **GROUPS}.items():
        loaded = typer.main.get_command(importlib.import_module(entry.module).app)
        yield from _leaves(loaded, name)


def _leaves(found: Any, path: str) -> Iterator[tuple[str, Any]]:
    if not hasattr(found, "commands"):
        yield path, found
        return
    for name, inner in found.commands.items():
        yield from _leaves(inner, f"{path} {name}")


FOUND = dict(_commands())


def _registered() -> Iterator[tuple[str, ast.FunctionDef, ast.Call]]:
    for file in sorted(CLI.glob("*.py")):
        for node in ast.parse(file.read_text("utf-8")).body:
            for call in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "command":
                    assert isinstance(node, ast.FunctionDef)
                    yield file.name, node, call


def test_a_command_that_changes_something_shows_an_example() -> None:
    registered = list(_registered())
    assert len(registered) == len(FOUND)
    silent = [
        f"{file}: {node.name}"
        for file, node, call in registered
        if not any(keyword.arg == "logs" for keyword in call.keywords)
        and "Example: " not in (ast.get_docstring(node) or "")
    ]
    assert silent == []


def test_an_example_names_a_command_and_options_that_exist() -> None:
    for path, found in FOUND.items():
        names = {flag for param in found.params for flag in param.opts}
        for line in (found.help or "").splitlines():
            if line.strip().startswith("Example: "):
                shown = line.partition("igny8 ")[2]
                assert shown.startswith(path), line
                assert {word for word in shown.split() if word.startswith("--")} <= names, line


@pytest.mark.parametrize("path", FOUND)
def test_a_command_says_in_one_line_what_it_does(path: str) -> None:
    first = (FOUND[path].help or "").strip().split("\n\n")[0]
    line = " ".join(first.split())
    assert line.endswith(".")
    assert len(line) <= 120


@pytest.mark.parametrize("path", FOUND)
def test_every_option_of_a_command_is_explained(path: str) -> None:
    silent = [
        param.opts[0]
        for param in FOUND[path].params
        if param.param_type_name == "option" and not param.help
    ]
    assert silent == []


@pytest.mark.parametrize("path", FOUND)
def test_a_command_takes_the_options_that_all_take(path: str) -> None:
    names = {param.name for param in FOUND[path].params}
    assert set(_COMMON) <= names
    assert not (names & {"format", "fields"}) or set(_LISTING) <= names


def test_the_groups_are_the_modules_and_the_offices() -> None:
    assert {entry.needs for entry in GROUPS.values()} - {None} == set(NEEDS)
    for name, entry in GROUPS.items():
        assert entry.needs in (None, name)
        assert entry.module == f"igny8.cli.{name}"
