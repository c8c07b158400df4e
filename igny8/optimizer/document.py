"""A page as read: blocks of text that know their place in the HTML, sections, links, images.

Three readings of one page are kept apart, since the analyzer that `yoast_compat` must equal counts
in three ways: `blocks` (sentences, paragraphs, keyphrase), `flow` (words of the text and its
sections: a tag parts words) and `lines` (the passive voice: a line end ends a sentence).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from igny8.optimizer.types import Span

_CAPTION_SHORTCODE = re.compile(r"\s*\[caption\b.*\[/caption\]\s*", re.DOTALL)
# The analyzer keeps these as it finds them until words are told apart, so they neither end nor
# begin a sentence; private characters stand for them until then.
NAMED_SPACE, NAMED_QUOTE, NAMED_DASH = "\ue000", "\ue001", "\ue002"
# Stands in `Document.lines` for the tag of an element within a line, and in `flow` for any tag.
INLINE_TAG = "\ue003"
_LATE_TEXT = {NAMED_SPACE: " ", NAMED_QUOTE: '"', NAMED_DASH: "—"}


@dataclass(slots=True)
class Block:
    """A run of text between block boundaries. `level` is 1 to 6 for a heading, else 0."""

    tag: str
    level: int = 0
    in_list: bool = False
    in_table: bool = False
    in_caption: bool = False
    has_text_outside_links: bool = False
    has_link: bool = False
    text: str = ""
    _pieces: list[str] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)
    _sources: list[int] = field(default_factory=list)
    _length: int = 0

    def add(self, text: str, source: int) -> None:
        """Append `text`, which stands at offset `source` of the HTML."""
        self._pieces.append(text)
        self._starts.append(self._length)
        self._sources.append(source)
        self._length += len(text)

    def seal(self) -> Block:
        """Make `text` of the pieces."""
        self.text = "".join(self._pieces)
        return self

    def source(self, start: int, end: int) -> Span:
        """Return where the characters from `start` to `end` of `text` stand in the HTML."""
        if not self._starts or end <= start:
            return (0, 0)
        return (self._offset(start), self._offset(end - 1) + 1)

    def _offset(self, position: int) -> int:
        piece = bisect_right(self._starts, position) - 1
        return self._sources[piece] + position - self._starts[piece]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link: href ("" without one, None without any attribute), rel words, text, place."""

    href: str | None
    rel: frozenset[str]
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Picture:
    """An image: attributes as written (alt None where there is none), place in the HTML."""

    src: str
    alt: str | None
    width: str
    height: str
    span: Span


@dataclass(frozen=True, slots=True)
class Section:
    """What stands between two headings: the text by `flow`, and where it begins."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Document:
    """A page as read."""

    blocks: tuple[Block, ...]
    flow: str
    sections: tuple[Section, ...]
    """Empty without headings."""
    lines: tuple[str, ...]
    anchors: tuple[Anchor, ...]
    pictures: tuple[Picture, ...]
    tags: frozenset[str]
    ids: frozenset[str]
    """What fragments of links can name."""
    heading_levels: tuple[int, ...]
    """Of all headings, those without text included."""

    @property
    def headings(self) -> list[Block]:
        """The headings that have text."""
        return [block for block in self.blocks if block.level]

    @property
    def paragraphs(self) -> list[Block]:
        """All text that is no heading, by block."""
        return [block for block in self.blocks if not block.level]

    @property
    def introduction(self) -> Block | None:
        """The first paragraph that is not a caption and not a mere link."""
        for block in self.blocks:
            if block.level or block.in_caption or _CAPTION_SHORTCODE.fullmatch(block.text):
                continue
            if block.has_text_outside_links or not block.has_link:
                return block
        return None


def late_text(text: str) -> str:
    """Return `text` with the stand-ins of named entities replaced by what they mean."""
    if any(mark in text for mark in _LATE_TEXT):
        for mark, meaning in _LATE_TEXT.items():
            text = text.replace(mark, meaning)
    return text
