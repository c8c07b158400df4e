"""Scans HTML for linkable text, byte-exact. Knows which elements are off limits, not what to link.

Nothing is parsed into a tree, since a tree forgets the bytes. A stack of open elements follows the
HTML standard as far as it matters here, and where markup is broken it errs on one side: an element
that may not hold links stays open rather than closing too early.
"""

from __future__ import annotations

import html
import re

from igny8.linker.scanning import Scan, Stream, shortcodes


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_VOID = _names(
    "area base basefont bgsound br col embed frame hr image img input link meta param source track"
    " wbr"
)
_RAW = _names(
    "iframe noembed noframes plaintext script style textarea title xmp"
)  # their content is no markup
_LISTINGS = frozenset({"a", "code", "tt"})  # formatting elements: they outlive a misplaced end tag
_FORBIDDEN = (
    _names(
        "audio blockquote button canvas caption datalist figcaption frameset h1 h2 h3 h4 h5 h6 kbd"
        " label legend listing map math nav noscript object pre q samp select summary svg"
        " template th video"
    )
    | _RAW
    | _LISTINGS
)
_TABLE_PARTS = _names("table tbody thead tfoot tr td th caption colgroup")
_SCOPES = _names("applet caption html table td th marquee object template select foreignobject")
_TABLE_SCOPES = frozenset({"html", "table", "template"})
_SPECIAL = (
    _names(
        "address applet article aside blockquote body button caption center colgroup dd details"
        " dir div dl dt fieldset figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 head"
        " header hgroup html iframe li listing main marquee menu nav noembed noframes noscript"
        " object ol p plaintext pre script search section select style summary table tbody td"
        " template textarea tfoot th thead title tr ul xmp foreignobject desc"
    )
    - _VOID
)
_INLINE_CLOSING = _names("p search dialog desc foreignobject noscript")
_INLINE = _names(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q"
    " ruby rt rp s samp small span strike strong sub sup time tt u var wbr"
)
_LIKE_TEXT = frozenset({"br", "img", "input"})
# What a start tag closes by itself: the elements it ends, and the special ones it looks through.
_CELLS = frozenset({"td", "th", "caption"})
_INSIDE_ITEM = frozenset({"address", "div", "p"})
_IMPLIED = {
    "li": (frozenset({"li"}), _INSIDE_ITEM),
    "dt": (frozenset({"dt", "dd"}), _INSIDE_ITEM),
    "dd": (frozenset({"dt", "dd"}), _INSIDE_ITEM),
    "td": (_CELLS, _SPECIAL - _TABLE_PARTS - _TABLE_SCOPES),
    "th": (_CELLS, _SPECIAL - _TABLE_PARTS - _TABLE_SCOPES),
    "tr": (frozenset({"tr", "caption"}), _SPECIAL - _TABLE_SCOPES),
    "tbody": (frozenset({"thead", "tbody", "caption"}), _SPECIAL - _TABLE_SCOPES),
    "tfoot": (frozenset({"thead", "tbody", "caption"}), _SPECIAL - _TABLE_SCOPES),
}
_ENDS_PARAGRAPH = (_SPECIAL - _TABLE_PARTS - _RAW) - _names(
    "applet button marquee object select template noscript foreignobject desc"
)
_DEPTH = 256  # deeper markup is broken: nothing more is linked in it
_MAX_ADOPTED = 6  # the standard gives up moving a formatting element after eight rounds

_TAG_NAME = re.compile(r"</?([A-Za-z][^\s/>]*)")
_ATTRIBUTE = re.compile(
    r"[\s/]*+(?:(=?[^\s/>=]*+)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|(?![\"'])([^\s>]*+)))?)"
)
_UNENDING = re.compile(r"\s*=\s*[\"']")
_COMMENT_END = re.compile(r"--!?>")
_SPECIALS = re.compile(r"[<&]|\n[ \t\r]*\n")
_ENTITY = re.compile(r"&(?:#\d{1,8}|#[xX][0-9a-fA-F]{1,7}|[A-Za-z][A-Za-z0-9]{1,40});?")
_SHORTCODE_BLOCK = re.compile(r"<!--\s*(/?)wp:shortcode\b")


class Elements:
    """The elements that stand open, and whether text there may be linked."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._forbidden = 0
        self._outliving = dict.fromkeys(sorted(_LISTINGS), 0)
        self._is_lost = False

    @property
    def allows_links(self) -> bool:
        """Whether a link may stand in text at this place."""
        if self._forbidden or self._is_lost or any(self._outliving.values()):
            return False
        for name in reversed(self._open):
            if name in _TABLE_PARTS:
                return name == "td"
        return True

    @property
    def is_foreign(self) -> bool:
        """Whether this is inside SVG or MathML, where HTML's content rules end."""
        return "svg" in self._open or "math" in self._open

    def start(self, name: str, *, is_self_closing: bool = False) -> None:
        """A start tag stands here."""
        if name in _VOID or name in ("html", "head", "body"):
            return
        if is_self_closing and name not in _SPECIAL | _LISTINGS and self._closes_itself():
            return
        if name == "a":
            self.end("a")
        if name in _ENDS_PARAGRAPH:
            self.end("p")
        if name in _IMPLIED:
            self._imply(*_IMPLIED[name])
        self._is_lost = self._is_lost or len(self._open) >= _DEPTH
        if self._is_lost:
            return
        self._open.append(name)
        self._forbidden += name in _FORBIDDEN

    def end(self, name: str) -> None:
        """An end tag stands here; one that a browser would ignore changes nothing."""
        if name in _LISTINGS:
            self._end_listing(name)
            return
        scopes = _TABLE_SCOPES if name in _TABLE_PARTS else _SCOPES
        is_inline = name not in _SPECIAL or name in _INLINE_CLOSING
        for index in range(len(self._open) - 1, -1, -1):
            node = self._open[index]
            if node == name:
                self._pop(index, only=name == "form")
                return
            if node == "table" and name in _TABLE_PARTS:
                self._pop(index + 1)  # its row or body was opened by no tag of its own
                return
            is_cell = node in _CELLS and name in _TABLE_PARTS
            stops = (
                node in scopes
                or (is_inline and node in _SPECIAL)
                or (name == "li" and node in ("ul", "ol"))
                or (node in _FORBIDDEN and node not in _LISTINGS and not is_cell)
            )
            if stops:
                return

    def _pop(self, index: int, *, only: bool = False) -> None:
        gone = self._open[index : index + 1] if only else self._open[index:]
        del self._open[index : index + len(gone)]
        for node in gone:
            self._forbidden -= node in _FORBIDDEN
            if node in _LISTINGS:
                self._outliving[node] += 1

    def _end_listing(self, name: str) -> None:
        specials = 0
        for index in range(len(self._open) - 1, -1, -1):
            node = self._open[index]
            if node == name:
                if specials <= _MAX_ADOPTED:
                    del self._open[index]
                    self._forbidden -= 1
                return
            if node in _SCOPES:
                return
            specials += node in _SPECIAL
        self._outliving[name] = max(0, self._outliving[name] - 1)

    def lose(self) -> None:
        """Nothing after this place can be trusted."""
        self._is_lost = True

    def _imply(self, ended: frozenset[str], through: frozenset[str]) -> None:
        for index in range(len(self._open) - 1, -1, -1):
            node = self._open[index]
            if node in ended:
                self._pop(index)
                return
            stops = node in _SPECIAL and node not in through
            if stops or (node in _FORBIDDEN and node not in _LISTINGS | _CELLS):
                return

    def _closes_itself(self) -> bool:
        if "foreignobject" in self._open or "desc" in self._open or "title" in self._open:
            return False
        return "svg" in self._open and "math" not in self._open


class HtmlScanner:
    """Walks HTML from start to end, feeding a stream; Markdown hands it its raw HTML."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.body = stream.body
        self.elements = Elements()
        self._link: tuple[str, int, int] | None = None
        self._shortcode_block = False

    def feed(self, start: int, limit: int, *, linkable: bool = True) -> None:
        """Scan the stretch `start` to `limit`; `linkable=False` only follows its elements."""
        body = self.body
        position = start
        while position < limit:
            found = _SPECIALS.search(body, position, limit)
            end = found.start() if found else limit
            if end > position:
                allowed = linkable and not self._shortcode_block and self.elements.allows_links
                self.stream.text(position, end, linkable=allowed)
            if found is None:
                return
            position = self._special(end, found.end(), limit)

    def _special(self, start: int, end: int, limit: int) -> int:
        body = self.body
        if body[start] == "\n":
            self.stream.boundary()
            return end
        if body[start] == "&":
            entity = _ENTITY.match(body, start, limit)
            char = html.unescape(entity[0])[-1:] if entity else "&"
            self.stream.character(" " if char == "\xa0" else char)
            return entity.end() if entity else end
        return self.markup(start, limit)

    def markup(self, start: int, limit: int) -> int:
        """Take the tag or comment at `start`; return where it ends."""
        body = self.body
        if body.startswith("<!--", start):
            return self._comment(start, limit)
        if body.startswith("<![CDATA[", start) and self.elements.is_foreign:
            return self._after("]]>", start, limit)
        if body.startswith(("<!", "<?"), start) or (
            body.startswith("</", start) and not body[start + 2 : start + 3].isalpha()
        ):
            return self._after(">", start + 2, limit)
        name = _TAG_NAME.match(body, start, limit)
        if name is None or not name[1][0].isascii():
            self.stream.character("<")
            return start + 1
        return self._tag(start, name, limit)

    def _comment(self, start: int, limit: int) -> int:
        block = _SHORTCODE_BLOCK.match(self.body, start, limit)
        if block:
            self._shortcode_block = not block[1]
        for short in ("<!-->", "<!--->"):
            if self.body.startswith(short, start):
                return start + len(short)
        end = _COMMENT_END.search(self.body, start + 4, limit)
        return end.end() if end else self._unended(limit)

    def _after(self, sign: str, start: int, limit: int) -> int:
        end = self.body.find(sign, start, limit)
        return end + len(sign) if end >= 0 else self._unended(limit)

    def _unended(self, limit: int) -> int:
        self.elements.lose()
        return limit

    def _tag(self, start: int, name: re.Match[str], limit: int) -> int:
        body = self.body
        tag = name[1].lower()
        end, href, is_self_closing = _attributes(body, name.end(), limit)
        if end < 0:
            self._close_link(limit, limit)
            return self._unended(limit)
        if tag in _LIKE_TEXT:
            self.stream.character(" ")
        elif tag not in _INLINE:
            self.stream.boundary()
        if body[start + 1] == "/":
            if tag == "a":
                self._close_link(start, end)
            self.elements.end(tag)
            return end
        if tag == "a":
            self._close_link(start, start)
            if href is not None:
                self._link = (href, start, end)
        self.elements.start(tag, is_self_closing=is_self_closing)
        if tag in _RAW and not self.elements.is_foreign:
            return self._raw(tag, end, limit)
        return end

    def _raw(self, tag: str, start: int, limit: int) -> int:
        closer = re.compile(rf"</{tag}(?=[\s/>])", re.IGNORECASE)
        found = None if tag == "plaintext" else closer.search(self.body, start, limit)
        if found and tag == "script" and "<!--" in self.body[start : found.start()]:
            over = self.body.find("-->", start, limit)
            found = closer.search(self.body, over, limit) if over >= 0 else None
        return found.start() if found else self._unended(limit)

    def _close_link(self, text_end: int, end: int) -> None:
        if self._link is None:
            return
        href, start, text_start = self._link
        self._link = None
        self.stream.link(href, start, end, (text_start, text_end))

    def finish(self) -> Scan:
        """Return what was seen."""
        self._close_link(len(self.body), len(self.body))
        return self.stream.finish()


def scan_html(body: str) -> Scan:
    """Return the linkable spans, links and texts of an HTML body."""
    scanner = HtmlScanner(Stream(body, shortcodes(body)))
    scanner.feed(0, len(body))
    return scanner.finish()


def _attributes(body: str, position: int, limit: int) -> tuple[int, str | None, bool]:
    """Return the end of the tag (-1: it never ends), its href, and whether it ends with `/>`."""
    href: str | None = None
    while position < limit:
        found = _ATTRIBUTE.match(body, position, limit)
        if found is None:
            return -1, href, False
        position = found.end()
        if found[1] and found[1].lower() == "href" and href is None:
            value = next((v for v in (found[2], found[3], found[4]) if v is not None), "")
            href = html.unescape(value).strip()
        if _UNENDING.match(body, position, limit):
            return -1, href, False
        if body[position : position + 1] == ">" and position < limit:
            return position + 1, href, body[position - 1] == "/"
        if found.end() == found.start():
            return -1, href, False
    return -1, href, False
