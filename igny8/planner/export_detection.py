"""Find out how a keyword export is written: encoding, delimiter, header. Reads no rows."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from igny8.core.errors import InvalidInput
from igny8.planner import export_columns as columns
from igny8.planner.export_columns import Role

HEADER_LINES = 40

_CHUNK = 1 << 20
_HEAD = 1 << 16
_DELIMITERS = ("\t", ",", ";", "|")
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # first: it begins like UTF-16's
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTAINERS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"%PDF")
_NOT_IN_CP1252 = b"\x81\x8d\x8f\x90\x9d"
_CONTROLS = bytes(code for code in range(1, 32) if code not in b"\t\n\r\f\x1b")
_SAVE_AS = "save it as CSV in UTF-8 and import that"
_NAME_COLUMNS = "name the columns in the first line, for example `keyword,volume,difficulty`"
_SHARED_ROLES = ("flag", "bid")  # several columns may hold these


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is written. A plain list has no `delimiter`; without a header `lines` is 0.

    `lines`: how many lines stand above the first row. `roles`: column number to what it holds.
    """

    format: str
    delimiter: str | None
    lines: int
    headers: tuple[str, ...]
    roles: Mapping[int, Role]
    months: tuple[int, ...]

    @property
    def ignored(self) -> tuple[str, ...]:
        """The headers of the columns that are not kept."""
        return tuple(h for i, h in enumerate(self.headers) if i not in self.roles and h.strip())


def encoding_of(stream: BinaryIO, name: str) -> str:
    """Return the codec that reads the whole of `stream`: by its mark, UTF-8, else Windows-1252.

    Raises InvalidInput for an empty file, one that is no text, and one in no such encoding.
    """
    head = stream.read(_HEAD)
    if not head.strip():
        raise InvalidInput("the file is empty", file=name, hint="export the keywords again")
    if head.startswith(_CONTAINERS):
        raise InvalidInput(
            "this is a spreadsheet, archive or document, not a text file",
            file=name,
            hint=f"open it, {_SAVE_AS}",
        )
    for mark, codec in _BOMS:
        if head.startswith(mark):
            return codec
    if b"\0" in head:
        return _unmarked_utf16(head, name)
    if sum(map(head.count, (bytes([code]) for code in _CONTROLS))) * 20 > len(head):
        raise _binary(name)
    stream.seek(0)
    return _utf8_or_cp1252(stream, name)


def _binary(name: str) -> InvalidInput:
    return InvalidInput("this is not a text file", file=name, hint="give a CSV, TSV or text file")


def _unmarked_utf16(head: bytes, name: str) -> str:
    low, high = head[0::2].count(0), head[1::2].count(0)
    if high * 5 > len(head) and not low:
        return "utf-16-le"
    if low * 5 > len(head) and not high:
        return "utf-16-be"
    raise _binary(name)


def _utf8_or_cp1252(stream: BinaryIO, name: str) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    line, is_utf8_above, chunk = 1, False, b"-"
    while chunk:
        chunk = stream.read(_CHUNK)
        if b"\0" in chunk:
            raise _binary(name)
        split = decoder.getstate()[0]
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            good = (split + chunk)[: error.start]
            line += good.count(b"\n")
            return _cp1252(stream, chunk, name, line, is_utf8_above or not good.isascii())
        is_utf8_above = is_utf8_above or not chunk.isascii()
        line += chunk.count(b"\n")
    return "utf-8"


def _cp1252(stream: BinaryIO, chunk: bytes, name: str, line: int, is_utf8_above: bool) -> str:
    """Return the older encoding, unless the file shows that it is not written in it either."""
    is_cp1252 = not is_utf8_above
    while chunk and is_cp1252:
        is_cp1252 = not any(byte in chunk for byte in _NOT_IN_CP1252)
        chunk = stream.read(_CHUNK)
    if is_cp1252:
        return "cp1252"
    raise InvalidInput(
        "the text is neither valid UTF-8 nor Windows-1252", file=name, line=line, hint=_SAVE_AS
    )


def layout_of(sample: Sequence[str], name: str) -> Layout:
    """Find the header in the first lines of a file (HEADER_LINES are enough), or a plain list.

    Raises InvalidInput where a table has no keyword column, or the same one twice.
    """
    found: list[tuple[int, int, int, Layout]] = []
    for delimiter in _DELIMITERS:
        for position, (line, row) in enumerate(_table(sample, delimiter)):
            headers = [columns.folded(cell) for cell in row]
            roles = [role for header in headers if (role := columns.role_of(header))]
            # One known word may be a keyword itself, except where a header is expected.
            if "keyword" in roles and (len(roles) > 1 or position == 0):
                layout = _layout(row, headers, delimiter, line)
                found.append((len(roles), len(row), -position, layout))
    if found:
        best = max(found, key=lambda entry: entry[:3])[3]
        _refuse_doubles(best, name)
        return best
    _refuse_unnamed(sample, name)
    return Layout("list", None, 0, ("keyword",), {0: "keyword"}, ())


def _table(sample: Sequence[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of its last line and the cells of every row that is not blank."""
    reader = csv.reader(sample, delimiter=delimiter)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error:  # a quote too many for this delimiter; the rows above still count
        return


def _layout(row: Sequence[str], headers: Sequence[str], delimiter: str, line: int) -> Layout:
    best: dict[Role, int] = {}
    several: dict[int, Role] = {}
    for i, header in enumerate(headers):
        role = columns.role_of(header)
        if role in _SHARED_ROLES:
            several[i] = role
        elif role and (
            role not in best or columns.rank_of(header) < columns.rank_of(headers[best[role]])
        ):
            best[role] = i
    if "volume" in best:
        best.pop("impressions", None)
    is_list = len(headers) == 1
    return Layout(
        format=columns.layout_of(headers),
        delimiter=None if is_list else delimiter,
        lines=line,
        headers=tuple(cell.strip() for cell in row),
        roles={**several, **{i: role for role, i in best.items()}},
        months=tuple(i for i, header in enumerate(headers) if columns.is_month(header)),
    )


def _refuse_doubles(layout: Layout, name: str) -> None:
    times = Counter(columns.folded(header) for header in layout.headers)
    for i in sorted(layout.roles):
        header = layout.headers[i]
        if times[columns.folded(header)] > 1:
            raise InvalidInput(
                f"there are {times[columns.folded(header)]} columns named `{header}`",
                file=name,
                line=layout.lines,
                hint="delete or rename all but one of them",
            )


def _refuse_unnamed(sample: Sequence[str], name: str) -> None:
    """Raise for a table whose columns nobody can tell; one column is a list."""
    for delimiter in _DELIMITERS:
        rows = list(_table(sample, delimiter))
        widths = Counter(len(row) for _, row in rows)
        width, times = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        is_table = width > 1 and times * 5 >= len(rows) * 4
        if is_table and (len(rows) > 1 or delimiter == "\t"):
            line, first = next(entry for entry in rows if len(entry[1]) == width)
            shown = ", ".join(f"`{cell.strip()[:40]}`" for cell in first[:8])
            raise InvalidInput(
                f"no column of keywords is named; the first row reads {shown}",
                file=name,
                line=line,
                hint=f"{_NAME_COLUMNS} (in Search Console, take the Queries report)",
            )
