"""Read keyword exports of any tool, a row at a time. Storing rows is not done here.

Encoding, delimiter, preamble and header are found by looking; what the columns mean is
`export_columns`' knowledge. A file of any size takes the memory of one row.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from igny8.core.errors import InvalidInput, NotFound
from igny8.planner import export_columns as columns
from igny8.planner import export_detection as detection
from igny8.planner.export_columns import Role, VolumeKind
from igny8.planner.intent import KINDS
from igny8.planner.normalise import clean

_MAX_LINE = 1 << 20  # characters; a longer line is no row of keywords but a broken file
_MAX_KEYWORD = 200  # characters; search engines cut far earlier
_MAX_LISTED = 1_000  # dropped rows and unread cells kept with their lines; all are counted
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class KeywordRow:
    """One keyword as its tool knows it. None is unknown, never 0.

    `volume`: searches a month, of the kind `volume_kind`. `difficulty`: 0..100. `cpc`: in the
    file's currency; from the Keyword Planner the middle of the top-of-page bids.
    """

    text: str
    volume: int | None
    volume_kind: VolumeKind
    difficulty: float | None
    cpc: float | None
    intents: tuple[str, ...]
    source: str
    line: int


@dataclass(slots=True)
class ExportReport:
    """What became of a file's rows; filled while they are read.

    `dropped` and `unread` list (line, reason), the first thousand; `unread` are single cells that
    were left empty in rows that were kept.
    """

    ignored_columns: tuple[str, ...]
    rows_read: int = 0
    rows_kept: int = 0
    dropped_count: int = 0
    dropped: list[tuple[int, str]] = field(default_factory=list)
    dropped_reasons: Counter[str] = field(default_factory=Counter)
    unread_count: int = 0
    unread: list[tuple[int, str]] = field(default_factory=list)

    def drop(self, line: int, reason: str) -> None:
        """Note a row that is left out."""
        self.dropped_count += 1
        self.dropped_reasons[reason] += 1
        if len(self.dropped) < _MAX_LISTED:
            self.dropped.append((line, reason))

    def leave_empty(self, line: int, reason: str) -> None:
        """Note a cell that cannot be read."""
        self.unread_count += 1
        if len(self.unread) < _MAX_LISTED:
            self.unread.append((line, reason))


class _Dropped(Exception):
    """This row is left out; the message says why."""


def open_export(path: Path, file_name: str | None = None) -> Export:
    """Find out how the keyword export at `path` is written; `file_name` is what errors call it.

    Raises NotFound where there is no such file and InvalidInput, with file and line, where it is
    empty, no text, in no known encoding, or a table without a column of keywords.
    """
    name = file_name or path.name
    if not path.is_file():
        raise NotFound(f"there is no file `{file_name or path}`", hint="check the path")
    try:
        with path.open("rb") as stream:
            encoding = detection.encoding_of(stream, name)
        return Export(path, name, encoding)
    except OSError as error:
        raise InvalidInput(f"the file cannot be read: {error.strerror}", file=name) from error


class Export:
    """An opened export. `format` is the tool's name, or `igny8`, `csv`, `list`."""

    def __init__(self, path: Path, name: str, encoding: str) -> None:
        self._path = path
        self.name = name
        self.encoding = encoding
        with closing(self._lines()) as lines:
            sample = list(islice(lines, detection.HEADER_LINES))
        self._layout = detection.layout_of(sample, name)
        self._at: dict[Role, int] = {role: i for i, role in self._layout.roles.items()}
        self._bids = [i for i, role in self._layout.roles.items() if role == "bid"]
        self._flags = [
            (i, columns.folded(self._layout.headers[i]))
            for i, role in self._layout.roles.items()
            if role == "flag"
        ]
        self.format = self._layout.format
        self.delimiter = self._layout.delimiter
        self.report = ExportReport(self._layout.ignored)

    def rows(self) -> Iterator[KeywordRow]:
        """Yield the rows that hold a keyword, in file order; a second call starts anew.

        Fills `report`. Raises InvalidInput, with its line, where the file cannot be read on, and
        at the end if no row was usable.
        """
        report = self.report = ExportReport(self._layout.ignored)
        with closing(self._lines()) as lines:
            for line, cells in self._records(lines):
                report.rows_read += 1
                try:
                    row = self._row(line, cells)
                except _Dropped as reason:
                    report.drop(line, str(reason))
                else:
                    report.rows_kept += 1
                    yield row
        if not report.rows_kept:
            why = f": {report.dropped[0][1]}" if report.dropped else ""
            raise InvalidInput(
                f"no row holds a keyword ({report.rows_read} read{why})",
                file=self.name,
                line=report.dropped[0][0] if report.dropped else None,
                hint="check that the export was not empty",
            )

    def _lines(self) -> Generator[str, None, None]:
        number = 0
        try:
            with self._path.open(encoding=self.encoding, newline="") as text:
                while line := text.readline(_MAX_LINE):
                    number += 1
                    if len(line) == _MAX_LINE and line[-1] not in "\r\n":
                        raise InvalidInput(
                            f"the line is longer than {_MAX_LINE} characters",
                            file=self.name,
                            line=number,
                            hint="export the keywords again, one a line",
                        )
                    yield line
        except UnicodeError as error:
            raise InvalidInput(
                f"the text is not valid {self.encoding.upper()}, as its beginning says",
                file=self.name,
                line=self._damaged_line(),
                hint="export it again; this copy is damaged",
            ) from error

    def _damaged_line(self) -> int | None:
        # The decoder fails for a block of lines at once and does not say where.
        with self._path.open(encoding=self.encoding, newline="", errors="replace") as text:
            lines = iter(lambda: text.readline(_MAX_LINE), "")
            return next((n for n, line in enumerate(lines, 1) if "\ufffd" in line), None)

    def _records(self, lines: Iterator[str]) -> Iterator[tuple[int, list[str]]]:
        """Yield the first line and the cells of every record that is not blank."""
        above = self._layout.lines
        below = islice(lines, above, None)
        if self.delimiter is None:
            for number, line in enumerate(below, above + 1):
                if line.strip():
                    yield number, [_unquoted(line.strip())]
            return
        held: list[str] = []
        reader = csv.reader(_held(below, held), delimiter=self.delimiter)
        while True:
            held.clear()
            number = above + reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                raise self._unclosed(number) from error
            if cells is None:
                return
            if len(held) > 1 and _is_unclosed(held, self.delimiter):
                raise self._unclosed(number)
            if any(cell and not cell.isspace() for cell in cells):
                yield number, cells

    def _unclosed(self, line: int) -> InvalidInput:
        return InvalidInput(
            "a quote is opened here and never closed",
            file=self.name,
            line=line,
            hint='write a quote inside a cell as `""`, or delete it',
        )

    def _row(self, line: int, cells: Sequence[str]) -> KeywordRow:
        width = len(self._layout.headers)
        if len(cells) > width and any(cell.strip() for cell in cells[width:]):
            raise _Dropped(f"{len(cells)} cells where the header has {width}; quote such a cell")
        volume, kind = self._volume(line, cells)
        return KeywordRow(
            text=_keyword(self._cell(cells, "keyword")),
            volume=volume,
            volume_kind=kind,
            difficulty=self._amount(line, cells, self._at.get("difficulty"), most=100.0),
            cpc=self._cpc(line, cells),
            intents=self._intents(line, cells),
            source=self.format,
            line=line,
        )

    def _cell(self, cells: Sequence[str], role: Role) -> str:
        index = self._at.get(role)
        return cells[index] if index is not None and index < len(cells) else ""

    def _volume(self, line: int, cells: Sequence[str]) -> tuple[int | None, VolumeKind]:
        role: Role = "impressions" if "impressions" in self._at else "volume"
        cell = self._cell(cells, role)
        try:
            volume, kind = columns.volume(cell)
        except ValueError:
            self._leave_empty(line, self._at[role], cell)
            return None, "exact"
        if role == "impressions":
            return volume, "impressions"
        months = self._layout.months
        is_unsure = months and not any(cells[i].strip() for i in months if i < len(cells))
        if is_unsure and volume is not None and columns.is_google_bucket(volume):
            return volume, "bucket"
        return volume, kind

    def _cpc(self, line: int, cells: Sequence[str]) -> float | None:
        if "cpc" in self._at:
            return self._amount(line, cells, self._at["cpc"])
        bids = [self._amount(line, cells, i) for i in self._bids]
        known = [bid for bid in bids if bid is not None]
        return round(sum(known) / len(known), 4) if known else None

    def _amount(
        self, line: int, cells: Sequence[str], index: int | None, most: float | None = None
    ) -> float | None:
        if index is None or index >= len(cells):
            return None
        try:
            return columns.amount(cells[index], most=most)
        except ValueError:
            self._leave_empty(line, index, cells[index])
            return None

    def _intents(self, line: int, cells: Sequence[str]) -> tuple[str, ...]:
        flagged = {kind for i, kind in self._flags if i < len(cells) and columns.is_true(cells[i])}
        cell = self._cell(cells, "intents")
        try:
            flagged.update(columns.intents(cell))
        except ValueError:
            self._leave_empty(line, self._at["intents"], cell)
        return tuple(kind for kind in KINDS if kind in flagged)

    def _leave_empty(self, line: int, index: int, cell: str) -> None:
        header = self._layout.headers[index]
        self.report.leave_empty(line, f"`{header}` cannot be read: `{cell.strip()[:40]}`")


def _keyword(cell: str) -> str:
    text = clean(cell)
    if text[:1] == "'" and text[1:2] in "=+-@":  # the guard that spreadsheets are given
        text = text[1:]
    if not text:
        raise _Dropped("no keyword")
    if len(text) > _MAX_KEYWORD:
        raise _Dropped(f"longer than {_MAX_KEYWORD} characters")
    if not any(character.isalnum() for character in text):
        raise _Dropped("no letter or digit")
    if _CONTROL.search(text):
        raise _Dropped("holds a line break or a control character")
    if "\ufffd" in text:
        raise _Dropped("holds characters that were lost before the export")
    return text


def _held(lines: Iterator[str], held: list[str]) -> Iterator[str]:
    for line in lines:
        held.append(line)
        yield line


def _is_unclosed(lines: Sequence[str], delimiter: str) -> bool:
    """Say whether a record of several lines is one only because the file ends inside a quote."""
    try:
        for _ in csv.reader(lines, delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _unquoted(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1].replace('""', '"')
    return text
