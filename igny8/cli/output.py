"""Data to stdout, talk to stderr. The only file that draws."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from igny8.core.errors import UsageError, nearest
from igny8.core.outcome import Problem
from igny8.safety.csv import cell

if TYPE_CHECKING:
    from rich.text import Text

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)")
FORMATS = ("table", "json", "csv", "ids", "count")


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows of one kind. `columns` are what a table shows; JSON and CSV carry every field.

    `total` says that the service has sorted and limited already, out of so many.
    """

    rows: Sequence[Any]
    columns: tuple[str, ...] = ()
    total: int | None = None
    id_field: str = "id"
    empty: str = "nothing here yet"


@dataclass(frozen=True, slots=True)
class Result:
    """What a command did: `data` for JSON, `lines` for people, and what to type next."""

    data: Any
    lines: Sequence[str] = ()
    tables: Sequence[Table] = ()
    problems: Sequence[Problem] = ()
    next: str | None = None
    exit_status: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A small table of text."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Swatch:
    """A colour in a table: its `#rrggbb`, beside a patch of it where the terminal has colours."""

    colour: str

    def __str__(self) -> str:
        return self.colour


@dataclass(frozen=True, slots=True)
class Style:
    """How this command was asked to print."""

    format: str = "table"
    fields: tuple[str, ...] = ()
    limit: int | None = None
    sort: str | None = None
    is_quiet: bool = False


def plain(value: Any) -> Any:
    """Turn a service's values into what JSON has."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    return value


def show_listing(listing: Listing, style: Style) -> None:
    """Print rows in the asked format."""
    rows = [plain(row) for row in listing.rows]
    # Without a row nobody knows all fields: what is asked for is taken as it is.
    known = list(rows[0]) if rows else []
    fields = _known(style.fields, known) if style.fields else ()
    total = len(rows) if listing.total is None else listing.total
    if listing.total is None:
        rows = _arranged(rows, style, known)
    if style.format == "count":
        _write(str(total))
    elif style.format == "ids":
        _write("\n".join(str(row.get(listing.id_field, "")) for row in rows))
    elif style.format == "json":
        _write(_json([{k: row[k] for k in fields} if fields else row for row in rows]))
    elif style.format == "csv":
        _write(_csv(rows, fields or tuple(known) or listing.columns))
    elif not rows:
        say(listing.empty)
    else:
        columns = fields or listing.columns or tuple(known)
        _draw(Table("", columns, [[row.get(c) for c in columns] for row in rows]))
        if total > len(rows) and not style.is_quiet:
            say(f"{len(rows)} of {total} shown; --limit 0 shows all")


def show_result(result: Result, style: Style) -> None:
    """Print what a command did."""
    if style.format == "json":
        data = plain(result.data)
        if result.problems and isinstance(data, dict):
            data["problems"] = plain(result.problems)
        _write(_json(data))
        return
    for table in result.tables:
        _draw(table)
    for line in result.lines:
        _write(_printable(line) if sys.stdout.isatty() else line)
    show_problems(result.problems)
    if result.next and not style.is_quiet:
        say(f"next: {result.next}")


def show_problems(problems: Sequence[Problem]) -> None:
    """Print a batch's problems, numbered, with their hints."""
    for number, problem in enumerate(problems, 1):
        say(f"{number}. {problem.where}: {problem.message}")
        if problem.hint:
            say(f"   hint: {problem.hint}")


def say(text: str) -> None:
    """Talk to the person, not to the pipe."""
    sys.stderr.write(_printable(text) + "\n")
    sys.stderr.flush()


def is_terminal() -> bool:
    """Whether a person watches: progress bars and questions make sense."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _printable(text: str) -> str:
    """Imported text must not steer the terminal: its control characters are shown, not sent."""
    return _CONTROL.sub("�", text)


def _write(text: str) -> None:
    if text:
        sys.stdout.write(text + "\n")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _csv(rows: Sequence[Mapping[str, Any]], fields: Sequence[str]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(fields)
    for row in rows:
        writer.writerow([cell(_flat(row.get(name))) for name in fields])
    return out.getvalue().rstrip("\n")


def _flat(value: Any) -> Any:
    if isinstance(value, list):
        return "; ".join(str(_flat(item)) for item in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else value


def _known(names: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    for name in names:
        if known and name not in known:
            near = nearest(name, known)
            raise UsageError(
                f"there is no field `{name}`",
                hint=f"did you mean `{near}`?" if near else f"fields: {', '.join(known)}",
            )
    return tuple(names)


def _arranged(rows: list[Any], style: Style, known: Sequence[str]) -> list[Any]:
    if style.sort:
        name = style.sort.lstrip("-")
        _known((name,), known)
        # None sorts last either way: an unknown value is neither high nor low.
        present = [row for row in rows if row.get(name) is not None]
        absent = [row for row in rows if row.get(name) is None]
        present.sort(key=_sort_key(present, name), reverse=style.sort.startswith("-"))
        rows = present + absent
    return rows[: style.limit] if style.limit else rows


def _sort_key(rows: Sequence[Mapping[str, Any]], name: str) -> Callable[[Any], Any]:
    """By value where all are numbers, or all text; else as they would be shown."""
    for kind in ((int, float), str):
        if all(isinstance(row[name], kind) for row in rows):
            return lambda row: row[name]
    return lambda row: str(_flat(row[name]))


def _draw(table: Table) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table as Grid

    console = Console(
        file=sys.stdout,
        highlight=False,
        soft_wrap=not sys.stdout.isatty(),
        color_system=None if os.environ.get("NO_COLOR") else "auto",  # no bold either
    )
    if not sys.stdout.isatty() and "COLUMNS" not in os.environ:
        console.width = 120
    grid = Grid(
        box=box.SIMPLE_HEAD, title=table.title or None, title_justify="left", pad_edge=False
    )
    numeric = [
        all(isinstance(row[i], (int, float)) or row[i] is None for row in table.rows)
        for i in range(len(table.columns))
    ]
    for name, is_number in zip(table.columns, numeric, strict=True):
        grid.add_column(
            name.replace("_", " "), justify="right" if is_number else "left", overflow="fold"
        )
    for row in table.rows:
        grid.add_row(*(_cell(value, console.color_system is not None) for value in row))
    console.print(grid)


def _cell(value: Any, has_colours: bool) -> Text:
    from rich.text import Text

    text = Text(_printable(_shown(value)))
    if isinstance(value, Swatch) and has_colours:
        return Text.assemble(("    ", f"on {value.colour}"), " ", text)
    return text


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    text = str(_flat(value))
    # A person reads the minute; JSON and CSV carry the whole time.
    return f"{text[:10]} {text[11:16]}" if _TIME.fullmatch(text) else text
