"""Reads the HTML of a page once, by a lenient tokenizer that knows offsets, into a `Document`."""

from __future__ import annotations

import re
from html import unescape

from igny8.optimizer.document import (
    INLINE_TAG,
    NAMED_DASH,
    NAMED_QUOTE,
    NAMED_SPACE,
    Anchor,
    Block,
    Document,
    Picture,
    Section,
    late_text,
)
from igny8.optimizer.types import Span

_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"""|</?([a-zA-Z][^\s/>]*)((?:[^>"']|"[^"]*(?:"|\Z)|'[^']*(?:'|\Z))*+)(?:>|\Z)"""
    r"|<[!?/][^>]*(?:>|\Z)"
    r"|[^<]+|<",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"?|'([^']*)'?|([^\s>"']+)))?""")
_ENTITY = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);?")

_VOID = frozenset(
    str.split("area base br col embed hr img input link meta param source track wbr frame keygen")
)
_RAW = frozenset({"script", "style", "textarea", "iframe", "noscript", "title", "noembed", "xmp"})
# No reading sees these.
_HIDDEN = frozenset({"blockquote", "pre", "code", "script", "style", "textarea"})
_HIDDEN_CLASSES = (
    "yoast-table-of-contents",
    "yoast-reading-time__wrapper",
    "elementor-button-wrapper",
)
# `flow` and `lines` see these, `blocks` does not.
_MUTED = frozenset(
    str.split("""
    canvas cite form iframe kbd map math meter noscript object output progress q samp slot svg
    template title var
    """)
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = _HEADINGS.keys() | frozenset(
    str.split("""
    address article aside center dd details dialog dir div dl dt fieldset figcaption figure footer
    form header hgroup li main menu nav ol p section summary table ul blockquote pre hr body
    caption tbody td tfoot th thead tr
    """)
)
_TEXT_ELEMENTS = _HEADINGS.keys() | {"p"}
_TABLE_PARTS = frozenset({"caption", "tbody", "td", "tfoot", "th", "thead", "tr"})
_LINE_ENDS = _BLOCKS - _TABLE_PARTS - {"center", "dt", "summary"}
_CLOSES_P = _BLOCKS - _TABLE_PARTS - {"body"}
_ITEM_SCOPE = frozenset({"ul", "ol", "menu", "dir", "table"})
# Deeper elements count as part of this one, so that no nesting makes reading slow.
_DEEPEST = 256
_IMPLIED_END = {
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "td": frozenset({"td", "th"}),
    "th": frozenset({"td", "th"}),
    "tr": frozenset({"tr", "td", "th"}),
    "option": frozenset({"option"}),
}
_LATE = {"&nbsp;": NAMED_SPACE, "&quot;": NAMED_QUOTE, "&ndash;": NAMED_DASH, "&mdash;": NAMED_DASH}


def read(html: str) -> Document:
    """Read `html`; it may be a fragment and badly nested."""
    return _Reader(html).read()


class _Reader:
    def __init__(self, html: str) -> None:
        self.html = html
        self.stack: list[str] = []
        self.text_elements = 0
        self.hidden: list[int] = []  # heights of the stack at which a hidden element was opened
        self.muted: list[int] = []
        self.blocks: list[Block] = []
        self.block: Block | None = None
        self.breaks = 0
        self.flow: list[str] = []
        self.section: list[str] = []
        self.section_start = 0
        self.sections: list[Section] = []
        self.in_heading = False
        self.heading_seen = False
        self.line: list[str] = []
        self.lines: list[str] = []
        self.anchors: list[Anchor] = []
        self.anchor: tuple[str | None, frozenset[str], int] | None = None
        self.anchor_text: list[str] = []
        self.pictures: list[Picture] = []
        self.tags: set[str] = set()
        self.ids: set[str] = set()
        self.heading_levels: list[int] = []

    def read(self) -> Document:
        html, position = self.html, 0
        while match := _TOKEN.match(html, position):
            position = match.end()
            if match[1] is None:
                if not match[0].startswith("<") or match[0] == "<":
                    self._text(match[0], match.start())
                elif not self._in_text_element():
                    self._end_block()
                continue
            name = match[1].lower()
            if match[0][1] == "/":
                self._end(name, match.end())
                continue
            self._start(name, match[2], match.span())
            if name in _RAW:
                position = self._raw_end(name, position)
        self._end_section(len(html))
        self._end_block()
        self._end_line()
        return Document(
            blocks=tuple(self.blocks),
            flow=_without_tag_likes("".join(self.flow)),
            sections=tuple(self.sections) if self.heading_seen else (),
            lines=tuple(self.lines),
            anchors=tuple(self.anchors),
            pictures=tuple(self.pictures),
            tags=frozenset(self.tags),
            ids=frozenset(self.ids),
            heading_levels=tuple(self.heading_levels),
        )

    def _in_text_element(self) -> bool:
        """Whether a paragraph or heading is open; elsewhere a comment parts the text."""
        return self.text_elements > 0

    def _raw_end(self, name: str, position: int) -> int:
        end = re.compile(f"</{name}", re.IGNORECASE).search(self.html, position)
        return end.start() if end else len(self.html)

    def _start(self, name: str, attributes: str, span: Span) -> None:
        self._imply_ends(name, span[0])
        self.flow.append(INLINE_TAG)
        self.section.append(INLINE_TAG)
        if "id" in attributes or "name" in attributes:
            found = _attributes(attributes)
            self.ids.update(found[key] for key in ("id", "name") if key in found)
        self._part(name)
        if name == "br":
            self._break(span[0])
        elif name == "img" and not self.hidden and not self.muted:
            self._picture(_attributes(attributes), span)
        if name in _VOID or len(self.stack) >= _DEEPEST:
            return
        if name in _HEADINGS and not self.hidden:
            self._end_section(span[0])
            self.heading_levels.append(_HEADINGS[name])
            self.in_heading = self.heading_seen = True
        if name == "a" and not self.hidden and not self.muted:
            found = _attributes(attributes)
            rel = frozenset(found.get("rel", "").lower().split())
            href = found.get("href", "" if found else None)
            self.anchor, self.anchor_text = (href, rel, span[0]), []
        self.stack.append(name)
        self.text_elements += name in _TEXT_ELEMENTS
        self.tags.add(name)
        if name in _HIDDEN or any(mark in attributes for mark in _HIDDEN_CLASSES):
            self.hidden.append(len(self.stack))
        elif name in _MUTED:
            self.muted.append(len(self.stack))

    def _imply_ends(self, name: str, position: int) -> None:
        if name in _CLOSES_P and "p" in self.stack[-4:]:
            self._end("p", position)
        closing = _IMPLIED_END.get(name)
        if closing:
            for open_name in reversed(self.stack):
                if open_name in closing:
                    self._end(open_name, position)
                    if name != "tr" or "tr" not in self.stack:
                        break
                elif open_name in _ITEM_SCOPE:
                    break

    def _end(self, name: str, position: int) -> None:
        if name not in self.stack:
            return
        self.flow.append(INLINE_TAG)
        self.section.append(INLINE_TAG)
        while self.stack:
            open_name = self.stack.pop()
            self.text_elements -= open_name in _TEXT_ELEMENTS
            self._part(open_name)
            if open_name == "a":
                self._end_anchor(position)
            if open_name in _HEADINGS:
                self._end_heading(position)
            height = len(self.stack) + 1
            for marks in (self.hidden, self.muted):
                if marks and marks[-1] == height:
                    marks.pop()
            if open_name == name:
                return

    def _end_anchor(self, position: int) -> None:
        if self.anchor is not None:
            href, rel, start = self.anchor
            text = "".join(self.anchor_text)
            self.anchors.append(Anchor(href, rel, late_text(text), (start, position)))
            self.anchor = None

    def _end_heading(self, position: int) -> None:
        if self.in_heading:
            self.in_heading = False
            self.section, self.section_start = [], position

    def _end_section(self, position: int) -> None:
        text = _without_tag_likes("".join(self.section))
        if self.heading_seen or text.strip():
            self.sections.append(Section(text, (self.section_start, position)))
        self.section, self.section_start = [], position

    def _picture(self, found: dict[str, str], span: Span) -> None:
        self.pictures.append(
            Picture(
                src=found.get("src", ""),
                alt=found.get("alt"),
                width=found.get("width", ""),
                height=found.get("height", ""),
                span=span,
            )
        )

    def _part(self, name: str) -> None:
        """Let a tag end what it ends in each reading."""
        if self.hidden:
            return
        if name in _BLOCKS:
            self._end_block()
        if name in _LINE_ENDS:
            self._end_line()
        elif name not in _VOID and name not in _HIDDEN:
            self.line.append(INLINE_TAG)

    def _break(self, position: int) -> None:
        if self.hidden:
            return
        self._end_line()
        self.breaks += 1
        if self.block is not None:
            if self.breaks > 1:
                self._end_block()
            else:
                self.block.add("\n", position)

    def _end_block(self) -> None:
        self.breaks = 0
        if self.block is not None:
            block = self.block.seal()
            if block.text.strip():
                self.blocks.append(block)
            self.block = None

    def _end_line(self) -> None:
        text = "".join(self.line)
        self.lines.extend(line for line in re.split(r"[\r\n]+", text) if line.strip())
        self.line = []

    def _text(self, raw: str, position: int) -> None:
        if self.hidden:
            return
        meant = unescape(raw) if "&" in raw else raw
        self.flow.append(meant)
        if not self.in_heading:
            self.section.append(meant)
        self.line.append(meant)
        if self.muted:
            return
        if self.anchor is not None:
            self.anchor_text.append(meant)
        is_blank = not meant.strip()
        self.breaks = 0
        if self.block is None:
            if is_blank and "&" not in raw:
                return
            self.block = self._new_block()
        elif not raw.strip() and self._stands_between_elements():
            self._end_block()
            return
        if self.anchor is not None:
            self.block.has_link = True
        elif not is_blank:
            self.block.has_text_outside_links = True
        _add_text(self.block, raw, position)

    def _stands_between_elements(self) -> bool:
        """Whether white space parts text outside paragraphs: it does between two elements."""
        in_block = not self.stack or self.stack[-1] in _BLOCKS
        return in_block and not self._in_text_element()

    def _new_block(self) -> Block:
        levels = [_HEADINGS[name] for name in self.stack if name in _HEADINGS]
        blocks = [name for name in self.stack if name in _BLOCKS]
        return Block(
            tag=blocks[-1] if blocks else "",
            level=levels[-1] if levels else 0,
            in_list="li" in self.stack,
            in_table="table" in self.stack,
            in_caption="figcaption" in self.stack,
        )


def _add_text(block: Block, raw: str, position: int) -> None:
    if "&" not in raw:
        block.add(raw, position)
        return
    last = 0
    for entity in _ENTITY.finditer(raw):
        if entity.start() > last:
            block.add(raw[last : entity.start()], position + last)
        block.add(_LATE.get(entity[0]) or unescape(entity[0]), position + entity.start())
        last = entity.end()
    if last < len(raw):
        block.add(raw[last:], position + last)


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        value = match[2] or match[3] or match[4] or ""
        found.setdefault(match[1].lower(), unescape(value))
    return found


def _without_tag_likes(text: str) -> str:
    """Drop what looks like a tag once entities are resolved, up to where the next one ends."""
    if "<" in text:
        text = re.sub(rf"<[^>{INLINE_TAG}]*(?:[>{INLINE_TAG}]|\Z)", " ", text)
    return text.replace(INLINE_TAG, " ")
