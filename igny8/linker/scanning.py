"""What a scan of a body yields: linkable spans, standing links, words; shared by both formats."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_VALUE = r"""(?:"[^"\n]{0,900}"|'[^'\n]{0,900}'|[^\s\[\]"']{0,900})"""
_QUOTED = r"""(?:"[^"\n]{0,900}"|'[^'\n]{0,900}')"""
_SHORTCODE = re.compile(
    r"\[(/?)([A-Za-z][\w-]{0,60})"
    rf"((?:\s+(?:[^\s\[\]\"'=]{{1,200}}(?:={_VALUE})?|{_QUOTED})){{0,40}})"
    r"\s*(/?)\]"
)
_INNER_MARKUP = re.compile(r"<[^<>]*>|!?\[|\]\([^()]*\)|[*`]+")
_TEMPLATE_TAG = re.compile(r"\{\{.{0,300}?\}\}|\{%.{0,300}?%\}|\{[^{}\n]{0,300}\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text, offsets into the body, in which any words may become a link."""

    start: int
    end: int
    paragraph: int


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A link in a body: all of it is `start` to `end`, its text `text_start` to `text_end`.

    `anchor` is the text as a reader sees it.
    Without its markup (`start` to `text_start`, `text_end` to `end`) only the text would stand.
    `text_end == end` means that the link is never closed, or is a bare URL.
    """

    href: str
    anchor: str
    start: int
    end: int
    text_start: int
    text_end: int
    paragraph: int


@dataclass(frozen=True, slots=True)
class Scan:
    """A body seen by the linker; `texts` are all stretches of visible text, linkable or not."""

    spans: tuple[Span, ...]
    links: tuple[FoundLink, ...]
    texts: tuple[tuple[int, int], ...]


class Stream:
    """Takes a body's visible text piece by piece and keeps what may be linked.

    A word that runs on across markup (`<b>key</b>word`) is kept out of the spans.
    """

    def __init__(self, body: str, closed: Sequence[tuple[int, int]] = ()) -> None:
        self.body = body
        self.spans: list[Span] = []
        self.links: list[FoundLink] = []
        self.texts: list[tuple[int, int]] = []
        self.paragraph = 0
        self._closed = closed
        self._next_closed = 0
        self._last = " "
        self._has_text = False
        self._open_span = False

    def boundary(self) -> None:
        """A block begins or ends here."""
        if self._has_text:
            self.paragraph += 1
            self._has_text = False
        self._last = " "
        self._open_span = False

    def character(self, char: str) -> None:
        """A character that is written in another way, an entity or escape, stands here."""
        if self._open_span and char.isalnum():
            self._trim_tail()
        self._last = char
        self._open_span = False

    def text(self, start: int, end: int, *, linkable: bool) -> None:
        """Plain text stands here; pieces come in the body's order."""
        while self._next_closed < len(self._closed) and self._closed[self._next_closed][1] <= start:
            self._next_closed += 1
        index = self._next_closed
        while index < len(self._closed) and self._closed[index][0] < end:
            shut_start, shut_end = self._closed[index]
            if start < shut_start:
                self._piece(start, shut_start, linkable)
            self.character(" ")
            start = max(start, shut_end)
            index += 1
        if start < end:
            self._piece(start, end, linkable)

    def _piece(self, start: int, end: int, linkable: bool) -> None:
        body = self.body
        self._has_text = self._has_text or not body[start:end].isspace()
        self.texts.append((start, end))
        glued = self._last.isalnum() and body[start].isalnum()
        if glued and self._open_span:
            self._trim_tail()
        if linkable:
            inner = start
            while glued and inner < end and body[inner].isalnum():
                inner += 1
            if inner < end:
                self.spans.append(Span(inner, end, self.paragraph))
        self._open_span = linkable
        self._last = body[end - 1]

    def _trim_tail(self) -> None:
        if not self.spans:
            return
        span = self.spans[-1]
        end = span.end
        while end > span.start and self.body[end - 1].isalnum():
            end -= 1
        self.spans[-1] = Span(span.start, end, span.paragraph)

    def link(self, href: str, start: int, end: int, text: tuple[int, int]) -> None:
        """A link stands from `start` to `end`, around its `text`."""
        anchor = html.unescape(_INNER_MARKUP.sub("", self.body[text[0] : text[1]]))
        anchor = " ".join(anchor.split())
        self.links.append(FoundLink(href, anchor, start, end, *text, self.paragraph))

    def finish(self) -> Scan:
        """Return what was seen."""
        spans = tuple(s for s in self.spans if self.body[s.start : s.end].strip())
        links = sorted(self.links, key=lambda link: (link.start, link.end))
        return Scan(spans, tuple(links), tuple(self.texts))


def shortcodes(body: str) -> list[tuple[int, int]]:
    """Return the stretches of `[shortcode]`s, with what an enclosing pair holds, and of `{tags}`.

    Merged and sorted. Bracketed prose is no shortcode: one is a lone lower-case name, has
    attributes or is closed.
    """
    ranges = [found.span() for found in _TEMPLATE_TAG.finditer(body)]
    found = list(_SHORTCODE.finditer(body))
    closers: dict[str, list[int]] = {}
    for match in found:
        if match[1]:
            closers.setdefault(match[2], []).append(match.end())
    for ends in closers.values():
        ends.reverse()
    for match in found:
        ends = closers.get(match[2], [])
        while ends and ends[-1] <= match.start():
            ends.pop()
        if match[1]:
            ranges.append((match.start(), match.end()))
        elif ends and not match[4]:
            ranges.append((match.start(), ends[-1]))
        elif match[4] or (set(match[3]) & set("=\"'") if match[3] else match[2].islower()):
            ranges.append((match.start(), match.end()))
    return merged(ranges)


def merged(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return sorted ranges without overlaps."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result
