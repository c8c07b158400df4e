"""Reads a page's source into elements with their lines. Judges nothing; repairs nothing.

No tree builder: one would mend the very faults that are looked for, and forget the lines.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from types import MappingProxyType

VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
# Their contents are text to a browser, whatever stands there.
_RAW = frozenset("iframe noembed noframes script style textarea title xmp".split())
FOREIGN = frozenset({"svg", "math"})
_INTEGRATION = frozenset({"foreignobject", "annotation-xml"})
_DEPTH = 512


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FORMATTING = _names("a b big code em font i nobr s small strike strong tt u")
_OPTIONAL_ENDS = _names(
    "body caption colgroup dd dt head html li optgroup option p rb rp rt rtc tbody td tfoot th"
    " thead tr"
)
_TABLE_PARTS = _names("caption colgroup table tbody td tfoot th thead tr")
_TABLE_SCOPE = _names("html table template") | {"foreignobject"}
_SCOPE = _TABLE_SCOPE | _names("applet caption marquee object td th")
_BUTTON_SCOPE = _SCOPE | {"button"}
_WHOLE_PARAGRAPHS = _names("a audio del ins map noscript video")
_PARAGRAPH = frozenset({"p"})
_ENDS_PARAGRAPH = _names(
    "address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li main menu nav ol p pre search"
    " section summary table ul"
)
_LIST_BARRIER = _SCOPE | _names(
    "article aside blockquote body button details dialog dl fieldset figure footer form header"
    " main menu nav ol section ul"
)
_GROUPS = _names("caption colgroup tbody tfoot thead")
# What a start tag ends by itself, and what it does not look through.
_ENDS = {
    "li": (frozenset({"li"}), _LIST_BARRIER),
    "dt": (_names("dd dt"), _LIST_BARRIER),
    "dd": (_names("dd dt"), _LIST_BARRIER),
    "option": (frozenset({"option"}), _names("select datalist optgroup") | _SCOPE),
    "optgroup": (frozenset({"optgroup", "option"}), frozenset({"select"}) | _SCOPE),
    "rb": (_names("rb rp rt rtc"), _names("ruby") | _SCOPE),
    "rp": (_names("rb rp rt"), _names("rtc ruby") | _SCOPE),
    "rt": (_names("rb rp rt"), _names("rtc ruby") | _SCOPE),
    "td": (_names("td th"), _names("tr") | _TABLE_SCOPE),
    "th": (_names("td th"), _names("tr") | _TABLE_SCOPE),
    "tr": (_names("tr caption colgroup"), _names("tbody tfoot thead") | _TABLE_SCOPE),
    "tbody": (_GROUPS, _TABLE_SCOPE),
    "thead": (_GROUPS, _TABLE_SCOPE),
    "tfoot": (_GROUPS, _TABLE_SCOPE),
    "body": (frozenset({"head"}), _TABLE_SCOPE),
}
_NO_TEXT = _names("colgroup dl menu ol picture select table tbody tfoot thead tr ul")

_TAG = re.compile(
    r"<(?:"
    r"!--(?:-?>|(?P<comment>.*?)(?:--!?>|\Z))"
    r"|(?P<end>/)?(?P<name>[A-Za-z][^\s/>]*+)(?P<attributes>(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+)>"
    r"|!(?P<declaration>[^>]*+)>"
    r"|(?P<bogus>[?/!])[^>]*+>"
    r")",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([^\s\"'>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>`]+)))?")
_MARKUP = re.compile(r"<!--.*?(?:-->|\Z)|<[^>]*>", re.DOTALL)
_UNSEEN = re.compile(
    r"<(script|style|template|noscript)\b[^>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE
)
_NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})


@dataclass(slots=True)
class Element:
    """A start tag with what belongs to it. Offsets count characters of the source.

    `inner` is where its contents begin, `end` where they end (== `inner` for void elements).
    `is_foreign` is true within svg and math, for the svg element itself too.
    """

    name: str
    attributes: Mapping[str, str]
    start: int
    inner: int
    parent: Element | None
    is_foreign: bool
    end: int = -1

    def get(self, name: str) -> str:
        """An attribute's value; empty where there is none."""
        return self.attributes.get(name, "")

    def ancestors(self) -> Iterator[Element]:
        """From the parent up."""
        above = self.parent
        while above is not None:
            yield above
            above = above.parent


@dataclass(slots=True)
class Page:
    """A page's source, its elements in order, and what no tree could show.

    `unclosed` are elements with the offset where something else ended them, `stray_ends` end tags
    that end nothing, `self_closed` elements that `/>` does not close, `broken_tags` offsets of tags
    that never end, `misplaced_text` offsets of text where only elements may stand.
    """

    path: str
    text: str
    elements: list[Element] = field(default_factory=list)
    doctype: str | None = None
    repeated_attributes: list[tuple[str, int]] = field(default_factory=list)
    broken_tags: list[int] = field(default_factory=list)
    unclosed: list[tuple[Element, int]] = field(default_factory=list)
    stray_ends: list[tuple[str, int]] = field(default_factory=list)
    self_closed: list[Element] = field(default_factory=list)
    misplaced_text: list[tuple[Element, int]] = field(default_factory=list)
    _named: dict[str, list[Element]] = field(default_factory=dict)
    _lines: list[int] = field(default_factory=list)

    def all(self, *names: str) -> list[Element]:
        """Elements of these names, in order for each name. Names in svg are lower-case too."""
        if not self._named:
            for element in self.elements:
                self._named.setdefault(element.name, []).append(element)
        return [element for name in names for element in self._named.get(name, ())]

    def line(self, offset: int) -> int:
        """The line of an offset, from 1."""
        if not self._lines:
            self._lines = [m.end() for m in re.finditer("\n", self.text)]
        return bisect_right(self._lines, offset) + 1

    def contents(self, element: Element) -> str:
        """The source between an element's tags."""
        return self.text[element.inner : element.end]

    def text_of(self, element: Element) -> str:
        """The text between an element's tags, white space collapsed."""
        return plain(self.contents(element))

    def visible_text(self) -> str:
        """The text of the page's body, white space collapsed."""
        bodies = self.all("body")
        return plain(_UNSEEN.sub(" ", self.contents(bodies[0]) if bodies else self.text))


def plain(source: str) -> str:
    """Return source without its markup, white space collapsed."""
    if "<" in source:
        source = _MARKUP.sub(" ", source)
    return " ".join((unescape(source) if "&" in source else source).split())


def read_page(path: str, content: bytes) -> Page:
    """Read a page. Bytes that are no UTF-8 become replacement characters."""
    page = Page(path, content.decode("utf-8-sig", errors="replace"))
    _Reader(page).read()
    return page


class _Reader:
    """Follows start and end tags by the standard's rules for tags that may be left out."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.open: list[Element] = []
        # Formatting elements that were cut short: their end tags, when they come, are no new fault.
        self.cut: Counter[str] = Counter()

    def read(self) -> None:
        text, search = self.page.text, _TAG.search
        after, at = 0, text.find("<")
        while at >= 0:
            match = search(text, at)
            if match is None:
                self._note_broken(at, len(text))
                break
            if match.start() > at:
                self._note_broken(at, match.start())
            if self.open and self.open[-1].name in _NO_TEXT:
                self._note_text(after, match.start())
            name, after = match["name"], match.end()
            if name is None:
                self._declaration(match)
            elif match["end"]:
                self._end(name.lower(), match.start())
            else:
                after = self._start(name.lower(), match)
            at = text.find("<", after)
        self._close(0, len(text))

    def _note_broken(self, at: int, until: int) -> None:
        """A `<` that never became a tag: its `>` or a quote is missing, or it is only a sign."""
        while 0 <= at < until:
            self.page.broken_tags.append(at)
            at = self.page.text.find("<", at + 1)

    def _note_text(self, start: int, end: int) -> None:
        if self.page.text[start:end].strip():
            self.page.misplaced_text.append((self.open[-1], start))

    def _declaration(self, match: re.Match[str]) -> None:
        declaration = match["declaration"]
        if declaration and self.page.doctype is None and not self.page.elements:
            self.page.doctype = declaration.strip()

    def _start(self, name: str, match: re.Match[str]) -> int:
        page, raw = self.page, match["attributes"]
        start, inner = match.span()
        top = self.open[-1] if self.open else None
        is_foreign = name in FOREIGN or (
            top is not None and top.is_foreign and top.name not in _INTEGRATION
        )
        if not is_foreign:
            self._imply_ends(name, start)
            top = self.open[-1] if self.open else None
            if name == "tr" and top is not None and top.name == "table":
                top = Element("tbody", _NO_ATTRIBUTES, start, start, top, is_foreign=False)
                self._open(top)  # its start tag may be left out
        attributes, repeated = _parsed(raw) if raw else (_NO_ATTRIBUTES, ())
        if "<" in name:
            page.broken_tags.append(start)
        if repeated:
            page.repeated_attributes += [(each, start) for each in repeated]
        element = Element(name, attributes, start, inner, top, is_foreign, inner)
        page.elements.append(element)
        closes_itself = raw.endswith("/")
        if is_foreign:
            if not closes_itself:
                self._open(element)
        elif name in VOID:
            pass
        elif closes_itself:
            page.self_closed.append(element)
        elif name in _RAW:
            return self._raw(element)
        else:
            self._open(element)
        return inner

    def _open(self, element: Element) -> None:
        if len(self.open) < _DEPTH:
            self.open.append(element)

    def _raw(self, element: Element) -> int:
        """Contents up to the end tag are text, even where they look like markup."""
        end = _raw_end(element.name).search(self.page.text, element.inner)
        if end is None:
            element.end = len(self.page.text)
            self.page.unclosed.append((element, element.end))
            return element.end
        element.end = end.start()
        return end.end()

    def _imply_ends(self, name: str, at: int) -> None:
        if name in _ENDS_PARAGRAPH:
            self._close_nearest(_PARAGRAPH, _BUTTON_SCOPE, at)
        if name in _ENDS:
            ended, barrier = _ENDS[name]
            self._close_nearest(ended, barrier, at)

    def _close_nearest(self, names: frozenset[str], barrier: frozenset[str], at: int) -> None:
        for depth in range(len(self.open) - 1, -1, -1):
            name = self.open[depth].name
            if name in names:
                self._close(depth, at)
                return
            if name in barrier:
                return

    def _end(self, name: str, at: int) -> None:
        barrier = _TABLE_SCOPE if name in _TABLE_PARTS else _SCOPE
        for depth in range(len(self.open) - 1, -1, -1):
            element = self.open[depth]
            if element.name == name:
                if name in _WHOLE_PARAGRAPHS and self.open[-1].name == "p":
                    self.page.unclosed.append((self.open[-1], at))
                self._close(depth + 1, at)
                element.end = at
                self.open.pop()
                return
            if element.name in barrier and not element.is_foreign:
                break
        if self.cut[name]:
            self.cut[name] -= 1
        else:
            self.page.stray_ends.append((name, at))

    def _close(self, depth: int, at: int) -> None:
        """End what is open from `depth` on; it is a fault where the end tag may not be left out."""
        for element in self.open[depth:]:
            element.end = at
            if element.name not in _OPTIONAL_ENDS or element.is_foreign:
                self.page.unclosed.append((element, at))
                if element.name in _FORMATTING:
                    self.cut[element.name] += 1
        del self.open[depth:]


@lru_cache(maxsize=16)
def _raw_end(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{name}(?=[\s/>])[^>]*>", re.IGNORECASE)


@lru_cache(maxsize=8192)
def _parsed(raw: str) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """Return attributes by name, and the names that are there twice (the first one counts)."""
    found: dict[str, str] = {}
    repeated: list[str] = []
    for name, double, single, bare in _ATTRIBUTE.findall(raw):
        key = name.lower()
        if key in found:
            repeated.append(key)
            continue
        value = double or single or bare
        found[key] = unescape(value) if "&" in value else value
    return MappingProxyType(found), tuple(repeated)
