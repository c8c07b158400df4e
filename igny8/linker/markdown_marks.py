"""Finds what is not plain text inside one Markdown paragraph: code, links, tags, emphasis marks.

It follows CommonMark; where renderers differ (shortcodes, footnotes, bare URLs) it marks rather
than passes. Every search is bounded or remembered, so the time is linear in the text.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Container
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from markdown_it.common.utils import normalizeReference

_MARK = re.compile(
    r"(?=[\\`<&!\[\]*~^=_hfw])(?:\\"
    r"|`+"
    r"|<"
    r"|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,40});"
    r"|!?\["
    r"|\]"
    r"|(?:https?://|ftp://|www\.)[^\s<>\[\]()`*|\"]+"
    r"|\*+|~+|\^+|=+"
    r"|(?<![^\W_])_+|_+(?![^\W_])"  # inside a word an underscore is a letter
    r"|!(?=\w))",
    re.DOTALL,
)
_AUTOLINK = re.compile(
    r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*+)>|<([\w.!#$%&'*+/=?^`{|}~-]++@[\w.-]++)>"
)
_ATTRIBUTE = r"\s+[A-Za-z_:][\w.:-]*+(?:\s*=\s*(?:[^\"'=<>`\s]++|'[^']*+'|\"[^\"]*+\"))?"
_TAG = re.compile(
    rf"<[A-Za-z][A-Za-z0-9-]*+(?:{_ATTRIBUTE})*+\s*/?>|</[A-Za-z][A-Za-z0-9-]*+\s*>"
    r"|<!--(?:-?>|.*?-->)|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|<![A-Za-z][^>]*+>",
    re.DOTALL,
)
_TAG_ENDS = (("<!--", "-->"), ("<?", "?>"), ("<![", "]]>"), ("<", ">"))
_PLAIN = r"(?:[^\s()\\\x00-\x1f]|\\\S)"
_NESTED = rf"(?:{_PLAIN}|\({_PLAIN}*+\))"
_DESTINATION = rf"<((?:[^<>\\\n]|\\.)*+)>|(?!<)((?:{_PLAIN}|\({_NESTED}*+\))*+)"
_TITLE = r"\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'|\((?:[^()\\]|\\.)*+\)"
_TAIL = re.compile(rf"\(\s*+(?:{_DESTINATION})(?:\s++(?:{_TITLE}))?\s*+\)", re.DOTALL)
_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){0,999}+)\]", re.DOTALL)
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]{1,200}\]")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_DIRECT = 2_000

Kind = Literal["char", "delimiter", "stick", "tag"]


class Mark(NamedTuple):
    """Not plain text: a `char` reads as `char`, right after a `stick` no link may begin."""

    kind: Kind
    start: int
    end: int
    char: str = " "


class Bracketed(NamedTuple):
    """A link or image, or what some renderer may take for one; `href` None if it is no link."""

    start: int
    end: int
    text_start: int
    text_end: int
    href: str | None


class _Opener(NamedTuple):
    start: int
    text_start: int
    is_image: bool


def marks(text: str, references: Container[str]) -> tuple[list[Mark], list[Bracketed]]:
    """Return the marks in order, and the bracketed stretches, whose text is not linkable.

    `references` are the normalised labels of the document's link reference definitions.
    """
    reader = _Reader(text, references)
    position = 0
    while found := _MARK.search(text, position):
        position = reader.take(found)
    return reader.marks, reader.bracketed


@dataclass(slots=True)
class _Reader:
    text: str
    references: Container[str]
    marks: list[Mark] = field(default_factory=list)
    bracketed: list[Bracketed] = field(default_factory=list)
    _openers: list[_Opener] = field(default_factory=list)
    _active_from: int = 0
    _last_bracket: int = -1
    _runs: dict[int, list[int]] | None = None
    _last_ends: dict[str, int] = field(default_factory=dict)

    def take(self, found: re.Match[str]) -> int:
        """Record the mark that `found` begins; return where it ends."""
        start, end, sign = found.start(), found.end(), found[0]
        match sign[0]:
            case "\\":
                return self._escape(start)
            case "`":
                return self._code(start, end)
            case "<":
                return self._angle(start)
            case "&":
                return self._mark("char", start, end, html.unescape(sign)[-1:])
            case "]":
                return self._close(start)
            case "[" | "!" if sign.endswith("["):
                return self._open(start, end, is_image=sign[0] == "!")
            case "!":
                return self._mark("stick", start, end, "!")
            case "*" | "_" | "~" | "^" | "=":
                return self._mark("delimiter", start, end, sign)
            case _:  # a bare URL
                return self._mark("char", start, end, "x")

    def _mark(self, kind: Kind, start: int, end: int, char: str = " ") -> int:
        self.marks.append(Mark(kind, start, end, char))
        return end

    def _escape(self, start: int) -> int:
        escaped = _ESCAPED.match(self.text, start)
        if escaped:
            return self._mark("char", start, escaped.end(), escaped[1])
        return self._mark("stick", start, start + 1, "\\")

    def _code(self, start: int, end: int) -> int:
        if self._runs is None:
            self._runs = defaultdict(list)
            for run in re.finditer("`+", self.text):
                self._runs[len(run[0])].append(run.start())
        length = end - start
        closers = self._runs.get(length, [])
        index = bisect_left(closers, end)
        if index < len(closers):
            return self._mark("char", start, closers[index] + length, "x")
        return self._mark("stick", start, end, "`")

    def _angle(self, start: int) -> int:
        link = _AUTOLINK.match(self.text, start)
        if link:
            href = link[1] or f"mailto:{link[2]}"
            self.bracketed.append(Bracketed(start, link.end(), start + 1, link.end(), href))
            return self._mark("char", start, link.end(), "x")
        ending = next(end for begin, end in _TAG_ENDS if self.text.startswith(begin, start))
        if ending not in self._last_ends:
            self._last_ends[ending] = self.text.rfind(ending)
        tag = _TAG.match(self.text, start) if self._last_ends[ending] > start else None
        if tag:
            return self._mark("tag", start, tag.end())
        return self._mark("stick", start, start + 1, "<")

    def _open(self, start: int, end: int, *, is_image: bool) -> int:
        footnote = _FOOTNOTE.match(self.text, end - 1)
        if footnote:
            return self._mark("stick", start, footnote.end())
        self._openers.append(_Opener(start, end, is_image))
        self._last_bracket = end - 1
        return self._mark("char", start, end, "[")

    def _close(self, position: int) -> int:
        simple = bool(self._openers) and self._openers[-1].text_start - 1 == self._last_bracket
        self._last_bracket = position
        if not self._openers:
            return self._mark("stick", position, position + 1, "]")
        opener = self._openers.pop()
        active = opener.is_image or len(self._openers) >= self._active_from
        self._active_from = min(self._active_from, len(self._openers))
        own = self.text[opener.text_start : position] if simple else None
        end, href = self._tail(position, own)
        if end is None and self.text.startswith("(", position + 1):
            end = self.text.find(")", position, position + _DIRECT) + 1 or len(self.text)
            self.bracketed.append(Bracketed(opener.start, end, opener.text_start, position, None))
            return self._mark("stick", position, position + 1, "]")
        if end is None and self.text[opener.start - 1 : opener.start] == "^":
            end = position + 1
        if end is None:
            return self._mark("stick", position, position + 1, "]")
        is_link = active and not opener.is_image
        self.bracketed.append(
            Bracketed(opener.start, end, opener.text_start, position, href if is_link else None)
        )
        if is_link and href is not None:
            self._active_from = len(self._openers)
        return self._mark("stick", position, end, "]")

    def _tail(self, position: int, own: str | None) -> tuple[int | None, str | None]:
        """Return where the link ends and where it leads; no end: it is none."""
        text, after = self.text, position + 1
        direct = _TAIL.match(text, after)
        if direct:
            href = direct[1] if direct[1] is not None else direct[2]
            return direct.end(), html.unescape(_ESCAPED.sub(r"\1", href))
        own_label = _normal(own)
        label = _LABEL.match(text, after)
        if label:
            wanted = _normal(label[1]) or own_label
            known = wanted is not None and wanted in self.references
            return label.end(), f"#reference:{wanted}" if known else None
        if own_label is not None and own_label in self.references:
            return after, f"#reference:{own_label}"
        return None, None


def _normal(label: str | None) -> str | None:
    return normalizeReference(label) if label and label.strip() and len(label) < 1000 else None
