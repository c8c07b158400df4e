"""Every list in every format: it parses, it narrows, it sorts, and data alone is on stdout."""

from __future__ import annotations

import csv
import importlib
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import typer

from igny8.cli.output import FORMATS
from igny8.cli.root import COMMANDS, GROUPS

SITE = "fernhill"
# What a list needs besides --site.
ARGUMENTS = {"writer versions": ["wheels"], "site sector list": [SITE]}
MAY_BE_EMPTY = {"thinker authors", "thinker strategies", "linker runs"}
Run = Callable[..., Any]


def _leaves(found: Any, path: str) -> Iterator[tuple[str, Any]]:
    if not hasattr(found, "commands"):
        yield path, found
        return
    for name, inner in found.commands.items():
        yield from _leaves(inner, f"{path} {name}")


def _lists() -> dict[str, list[str]]:
    """Path → words of every command that lists."""
    found = {}
    for name, entry in {**COMMANDS, **GROUPS}.items():
        loaded = typer.main.get_command(importlib.import_module(entry.module).app)
        for path, command in _leaves(loaded, name):
            options = {option: each for each in command.params for option in each.opts}
            if "--fields" not in options:
                continue
            words = [*path.split(), *ARGUMENTS.get(path, [])]
            site = options.get("--site")
            found[path] = [*words, "--site", SITE] if site and site.required else words
    return found


LISTS = _lists()


def _rows(run: Run, *words: str) -> list[dict[str, Any]]:
    ran = run(*words, "--format", "json")
    assert ran.status == 0, ran.err
    rows: list[dict[str, Any]] = json.loads(ran.out)
    return rows


def test_there_are_lists_to_try() -> None:
    assert len(LISTS) >= 20


@pytest.mark.parametrize("path", LISTS)
def test_a_list_parses_in_every_format_and_they_agree(on_filled: Run, path: str) -> None:
    words = LISTS[path]
    rows = _rows(on_filled, *words)
    assert rows or path in MAY_BE_EMPTY
    printed = {name: on_filled(*words, "--format", name) for name in FORMATS}
    for name, ran in printed.items():
        assert ran.status == 0, f"{name}: {ran.err}"
        assert "Traceback" not in ran.err
    assert int(printed["count"].out) == len(rows)
    assert len(printed["ids"].out.splitlines()) == len(rows)
    assert all(printed["ids"].out.splitlines())
    table = list(csv.DictReader(io.StringIO(printed["csv"].out)))
    assert len(table) == len(rows)
    if rows:
        assert list(table[0]) == list(rows[0])
    assert json.loads(on_filled(*words, "--json").out) == rows
    assert (len(printed["table"].out.splitlines()) > len(rows[:50])) == bool(rows)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_can_be_cut_sorted_by_every_field_and_narrowed(on_filled: Run, path: str) -> None:
    words = LISTS[path]
    rows = _rows(on_filled, *words)
    if not rows:
        assert on_filled(*words, "--fields", "id,slug", "--json").out == "[]\n"
        return
    assert _rows(on_filled, *words, "--limit", "1") == rows[:1]
    assert _rows(on_filled, *words, "--limit", "0") == rows
    fields = list(rows[0])
    assert _rows(on_filled, *words, "--fields", f"{fields[-1]}, {fields[0]}") == [
        {fields[-1]: row[fields[-1]], fields[0]: row[fields[0]]} for row in rows
    ]
    name = "keyword" if path == "planner keywords" else fields[0]
    up, down = (_rows(on_filled, *words, "--sort", sort) for sort in (name, f"-{name}"))
    assert sorted(map(str, rows)) == sorted(map(str, up)) == sorted(map(str, down))
    values = [row[name] for row in up if row[name] is not None]
    assert values == sorted(values)
    assert [row[name] for row in down if row[name] is not None] == values[::-1]


@pytest.mark.parametrize("path", ["writer content", "publisher targets", "module list"])
def test_a_list_sorts_by_fields_of_any_kind(on_filled: Run, path: str) -> None:
    rows = _rows(on_filled, *LISTS[path])
    for name in rows[0]:
        assert len(_rows(on_filled, *LISTS[path], "--sort", name)) == len(rows)


@pytest.mark.parametrize("option", ["--fields", "--sort"])
def test_a_field_that_is_not_there_is_named_with_the_nearest(on_filled: Run, option: str) -> None:
    ran = on_filled("writer", "content", "--site", SITE, option, "stutus")
    assert (ran.status, ran.out) == (2, "")
    assert "error: there is no field `stutus`" in ran.err
    assert "hint: did you mean `status`?" in ran.err


def test_a_format_that_is_not_there_is_refused(on_filled: Run) -> None:
    ran = on_filled("site", "list", "--format", "xml")
    assert (ran.status, ran.out) == (2, "")
    assert "hint: one of table, json, csv, ids, count" in ran.err


def test_a_table_that_is_cut_says_so_on_stderr(on_filled: Run) -> None:
    ran = on_filled("planner", "keywords", "--site", SITE, "--limit", "2")
    assert "--limit 0 shows all" in ran.err
    assert "--limit" not in ran.out
    assert on_filled("planner", "keywords", "--site", SITE, "--limit", "2", "-q").err == ""


def test_filters_named_like_fields_narrow_a_list(on_filled: Run) -> None:
    rows = _rows(on_filled, "writer", "content", "--site", SITE)
    for field in ("status", "entity_type", "source", "linking", "optimization", "stage"):
        option = "--type" if field == "entity_type" else f"--{field}"
        value = rows[0][field]
        narrowed = _rows(on_filled, "writer", "content", "--site", SITE, option, value)
        assert narrowed == [row for row in rows if row[field] == value]
