"""Scans CommonMark for linkable text, byte-exact. The parser finds the blocks, `markdown_marks`
what stands inside a paragraph: the parser's own inline tokens carry no offsets.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from igny8.linker.markdown_marks import Bracketed, Mark, marks
from igny8.linker.scan_html import Elements, HtmlScanner
from igny8.linker.scanning import Scan, Stream, merged, shortcodes

_LINE_END = re.compile(r"\r\n?|\n")
_SOFT_BREAK = re.compile(r"(?:\r\n?|\n)[ \t]*")
_CELLS = frozenset({"td", "th"})
_PIPE = re.compile(r"(?<!\\)\|")
_PUNCTUATION = tuple(".,;:!?()'\"/-")
_BLANKS = ("", " ", "\t", "\n")
_FREE = (False, False)
_LEADING = re.compile(r"\S+")


@dataclass(slots=True)
class _Inline:
    """The text of one paragraph or cell, and where each of its lines stands in the body."""

    text: str
    line_starts: list[int]
    sources: list[int]

    def source(self, position: int) -> int:
        """Return the body's offset of a position in the text."""
        if len(self.sources) == 1:
            return self.sources[0] + position
        line = bisect_right(self.line_starts, position) - 1
        return self.sources[line] + position - self.line_starts[line]


def scan_markdown(body: str) -> Scan:
    """Return the linkable spans, links and texts of a Markdown body."""
    text = body.replace("\0", "\ufffd")
    env: dict[str, Any] = {}
    tokens = _parser().parse(text, env)
    walk = _Walk(text, env.get("references", {}))
    for token in tokens:
        walk.block(token)
    return walk.scanner.finish()


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table").use(footnote_plugin)
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


class _Walk:
    """Goes through the blocks in order; keeps the elements open that they will become."""

    def __init__(self, text: str, references: Mapping[str, Any]) -> None:
        self.stream = Stream(text, shortcodes(text))
        self.scanner = HtmlScanner(self.stream)
        self.lines = _lines(text)
        self.references = references
        self.columns = 0
        self.in_table = False
        self.is_closed = False
        self.aside = Elements()

    @property
    def may_link(self) -> bool:
        """Whether a link may stand here."""
        return not self.is_closed and self.scanner.elements.allows_links

    def block(self, token: Token) -> None:
        """Take one block token."""
        if token.tag and token.tag not in _CELLS and not token.hidden:
            self._element(token)
        if token.type in ("footnote_reference_open", "footnote_reference_close"):
            self.is_closed = token.nesting > 0  # shown at the page's end, whatever stands open
            self.scanner.elements, self.aside = self.aside, self.scanner.elements
        elif token.type == "html_block" and token.map:
            last = min(token.map[1], len(self.lines)) - 1
            self.stream.boundary()
            self.scanner.feed(self.lines[token.map[0]][0], self.lines[last][1], linkable=False)
            self.stream.boundary()
        elif token.type == "tr_open" and token.map:
            self._row(*self.lines[token.map[0]])
        elif token.type == "inline" and not self.in_table:
            self._paragraph(token)
        self.columns += token.type == "th_open"

    def _element(self, token: Token) -> None:
        if token.nesting > 0:
            self.scanner.elements.start(token.tag)
        elif token.nesting < 0:
            self.scanner.elements.end(token.tag)
        if token.tag == "table":
            self.in_table = token.nesting > 0
            self.columns = 0

    def _row(self, start: int, end: int) -> None:
        """A row is one paragraph; cells past the head's columns are dropped by every renderer."""
        row = self.stream.body[start:end]
        edges = [-1, *(pipe.start() for pipe in _PIPE.finditer(row)), len(row)]
        cells = [(a + 1, b) for a, b in pairwise(edges)]
        if not row[slice(*cells[0])].strip():
            del cells[0]
        cell = "td" if self.columns else "th"
        self.stream.boundary()
        for first, last in cells[: self.columns or None]:
            self.scanner.elements.start(cell)
            was_closed = self.is_closed
            self.is_closed = was_closed or "\\|" in row[first:last]  # reads otherwise unescaped
            self._inline(_Inline(row[first:last], [0], [start + first]))
            self.is_closed = was_closed
            self.scanner.elements.end(cell)
            self.stream.character(" ")
        self.stream.boundary()

    def _lines_of(self, token: Token) -> _Inline | None:
        """Return the paragraph, or None where the parser changed a line: bytes come first."""
        inline = _Inline("", [], [])
        pieces, length = [], 0
        for number, line in enumerate(token.content.split("\n"), token.map[0] if token.map else 0):
            start, end = self.lines[number]
            source, wanted = self.stream.body[start:end].rstrip(), line.strip()
            place = source.rfind(wanted)
            if place < 0 or (place + len(wanted) < len(source) and self.may_link):
                return None
            inline.line_starts.append(length)
            inline.sources.append(start + place)
            pieces.append(wanted)
            length += len(wanted) + 1
        inline.text = "\n".join(pieces)
        return inline

    def _paragraph(self, token: Token) -> None:
        self.stream.boundary()
        inline = self._lines_of(token)
        if inline:
            self._inline(inline)
        else:
            self.scanner.elements.lose()  # a tag may have been missed
        self.stream.boundary()

    def _inline(self, inline: _Inline) -> None:
        found, bracketed = marks(inline.text, self.references)
        shut = merged((b.start, b.end) for b in bracketed)
        self._keep_links(inline, bracketed)
        position, sticks = 0, False
        pair = _lone_pair(found)
        for mark in [*found, None]:
            end = mark.start if mark else len(inline.text)
            if position < end:
                after = mark is not None and _sticks(mark, inline.text, pair, ahead=True)
                self._text(inline, position, end, shut, sticks=(sticks, after))
            if mark is None:
                return
            if mark.kind == "tag":
                start = inline.source(mark.start)
                self.scanner.markup(start, inline.source(mark.end - 1) + 1)
            else:
                self.stream.character(mark.char)
            position = mark.end
            sticks = _sticks(mark, inline.text, pair, ahead=False)

    def _keep_links(self, inline: _Inline, bracketed: Sequence[Bracketed]) -> None:
        for link in bracketed:
            if link.href is None:
                continue
            start, end = inline.source(link.start), inline.source(link.end - 1) + 1
            text_start = inline.source(link.text_start)
            text_end = end if link.text_end == link.end else inline.source(link.text_end)
            self.stream.link(self._resolve(link.href), start, end, (text_start, text_end))

    def _resolve(self, href: str) -> str:
        label = href.removeprefix("#reference:")
        if label == href or label not in self.references:
            return href
        return str(self.references[label]["href"])

    def _text(
        self,
        inline: _Inline,
        start: int,
        end: int,
        shut: list[tuple[int, int]],
        *,
        sticks: tuple[bool, bool],
    ) -> None:
        index = bisect_right(shut, (start, len(inline.text))) - 1 if shut else -1
        allowed = self.may_link and not (index >= 0 and start < shut[index][1])
        if sticks == _FREE and len(inline.sources) == 1:
            offset = inline.sources[0]
            self.stream.text(offset + start, offset + end, linkable=allowed)
            return
        first, last = start, end
        if sticks[0] and (word := _LEADING.match(inline.text, start, end)):
            first = word.end()
        while sticks[1] and last > first and not inline.text[last - 1].isspace():
            last -= 1
        for a, b, linkable in ((start, first, False), (first, last, allowed), (last, end, False)):
            for number, piece in enumerate(self._stretches(inline, a, b)):
                if number:
                    self.stream.character("\n")
                self.stream.text(*piece, linkable=linkable)

    def _stretches(self, inline: _Inline, start: int, end: int) -> list[tuple[int, int]]:
        """Return the text as stretches of the body; a soft line break parts none."""
        pieces: list[tuple[int, int]] = []
        position = start
        while position < end:
            newline = inline.text.find("\n", position, end)
            stop = end if newline < 0 else newline
            if position < stop:
                piece = inline.source(position), inline.source(stop - 1) + 1
                if pieces and _SOFT_BREAK.fullmatch(self.stream.body, pieces[-1][1], piece[0]):
                    pieces[-1] = pieces[-1][0], piece[1]
                else:
                    pieces.append(piece)
            position = stop + 1
        return pieces


def _sticks(mark: Mark, text: str, pair: tuple[int, int], *, ahead: bool) -> bool:
    """Say whether a link right beside `mark` could change what the mark means.

    `ahead` is the link's last word before the mark. A bracket beside emphasis marks counts as
    punctuation: they hold between blank and word, and around the inside of a lone `pair`.
    """
    if not ahead and (mark.kind == "stick" or mark.char[0] == "^"):  # `^[` opens a footnote
        return True
    if mark.kind != "delimiter":
        return False
    far = text[mark.end : mark.end + 1] if ahead else text[max(mark.start - 1, 0) : mark.start]
    is_inside = mark.start == pair[1 if ahead else 0]
    return far not in _BLANKS and not (is_inside and far in _PUNCTUATION)


def _lone_pair(found: Sequence[Mark]) -> tuple[int, int]:
    """Return where the paragraph's only two emphasis marks stand, if nothing else can pair them."""
    runs = [mark for mark in found if mark.kind == "delimiter"]
    is_pair = len(runs) == 2 and runs[0].char == runs[1].char and runs[0].char[0] == "*"
    return (runs[0].start, runs[1].start) if is_pair else (-1, -1)


def _lines(text: str) -> list[tuple[int, int]]:
    lines, start = [], 0
    for found in _LINE_END.finditer(text):
        lines.append((start, found.start()))
        start = found.end()
    return [*lines, (start, len(text))]
