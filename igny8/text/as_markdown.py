"""HTML as Markdown, for readers who want the text alone. Markdown as HTML is `markdown`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from igny8.safety.html import check_nesting

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

# Ways around a site and what can be done on it, not what a page says.
_LEFT_OUT = frozenset(
    str.split("""
    applet audio button canvas datalist embed form frame head iframe input math nav noembed
    noframes noscript object rp script select style svg template textarea title video -comment
    -doctype
    """)
)
_MARKS = frozenset({"footnote-ref", "footnote-backref"})
_CONTAINERS = frozenset(
    str.split("""
    address article aside body center dd details dialog div fieldset figcaption figure footer
    header hgroup legend li main menu p search section summary tbody tfoot thead
    """)
)
_HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
_BLOCKS = _CONTAINERS | _HEADINGS.keys() | {"blockquote", "dl", "hr", "ol", "pre", "table", "ul"}
_EMPHASIS = {"b": "**", "strong": "**", "em": "*", "i": "*", "del": "~~", "s": "~~"}

_PARTS = frozenset({"data", "small", "span", "time"})

_SPACE = re.compile(r"[ \t\n\r\f]+")
_BREAK = "\\\n"
_NOTHING = "<!-- -->"
_MARKED = ("*", "~", "`")
_MEANT = re.compile(
    r"[\\`*\[\]~]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?]|\Z)|&(?=#?\w+;|#?\w*\Z)|!\Z"
)
_OPENING = re.compile(r"(?m)^(?=#{1,6}(?:\s|$)|[-+](?:\s|$)|>|=+\s*$|-+\s*$|_{3})")
_CLOSING = re.compile(r"(?:^|(?<=\s))#+$")
_NUMBER = re.compile(r"(?m)^(\d{1,9})(?=[.)](?:\s|$))")
_TICKS = re.compile(r"`+")
_UNSAFE = {" ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "\\": "%5C", "\n": "%0A"}


def from_html(html: str) -> str:
    """Return HTML as CommonMark with tables: its text to the word, its links as they are.

    Forms, navigation, drawings and what is hidden are left out; links within the page become their
    text. Raises InvalidInput for HTML nested beyond reading.
    """
    from selectolax.lexbor import LexborHTMLParser

    check_nesting(html)
    body = LexborHTMLParser(html).body
    blocks = list(_blocks(body)) if body else []
    return "\n\n".join(blocks) + "\n" if blocks else ""


def _blocks(root: LexborNode) -> Iterator[str]:
    """The blocks below a node; text that stands between them is a paragraph of its own."""
    line: list[LexborNode] = []
    for node in _children(root):
        if node.tag not in _BLOCKS and (node.tag == "a" or not _has_blocks(node)):
            line.append(node)
            continue
        yield from _paragraph(line)
        line.clear()
        yield from _block(node)
    yield from _paragraph(line)


def _block(node: LexborNode) -> Iterator[str]:
    tag = str(node.tag)
    if tag in _HEADINGS:
        text = _flat(_inline(_children(node)))
        if text:
            closed = _CLOSING.sub(r"\\\g<0>", text)  # hashes at the end would close it
            yield f"{_HEADINGS[tag]} {closed}"
    elif tag in ("ul", "ol"):
        yield from _list(node)
    elif tag == "blockquote":
        quoted = "\n\n".join(_blocks(node))
        if quoted:
            yield "\n".join(f"> {line}".rstrip() for line in quoted.split("\n"))
    elif tag == "pre":
        code = node.text(deep=True).strip("\n")
        fence = "`" * max(3, _longest(code) + 1)
        yield f"{fence}\n{code}\n{fence}"
    elif tag == "hr":
        yield "***"
    elif tag == "table":
        yield from _table(node)
    elif tag == "dl":
        for each in _children(node):
            yield from _term(each)
    else:
        yield from _blocks(node)


def _term(node: LexborNode) -> Iterator[str]:
    if node.tag == "dt":
        yield from (_emphasised("**", each) for each in _paragraph(list(_children(node))))
    elif node.tag == "div":
        for each in _children(node):
            yield from _term(each)
    else:
        yield from _block(node)


def _list(node: LexborNode) -> Iterator[str]:
    number = int(node.attributes.get("start") or 1) if _is_number(node, "start") else 1
    items = []
    for child in _children(node):
        if child.tag == "-text":
            continue
        blocks = list(_blocks(child))
        marker = "- " if node.tag == "ul" else f"{number}. "
        number += 1
        # A list may follow its item's text at once, so that short lists stay close together.
        is_close = all(each.startswith(("- ", "1. ")) for each in blocks[1:])
        text = ("\n" if is_close else "\n\n").join(blocks)
        indented = text.replace("\n", "\n" + " " * len(marker))
        items.append(re.sub(r"(?m)^[ ]+$", "", marker + indented).rstrip(" "))
    if items:
        yield "\n".join(items)


def _table(node: LexborNode) -> Iterator[str]:
    for caption in node.css("caption"):
        yield from _paragraph(list(_children(caption)))
    rows = [
        [_flat(_inline(_children(cell))).replace("|", "\\|") for cell in row.css("td, th")]
        for row in node.css("tr")
    ]
    width = max(map(len, rows), default=0)
    if not width:
        return
    padded = [row + [""] * (width - len(row)) for row in rows]
    padded.insert(1, ["---"] * width)
    yield "\n".join(f"| {' | '.join(row)} |" for row in padded)


def _paragraph(nodes: Iterable[LexborNode]) -> Iterator[str]:
    lines = [each.strip() for each in _inline(nodes).split(_BREAK)]
    text = _BREAK.join(each for each in lines if each)
    if text:
        yield _NUMBER.sub(r"\1\\", _OPENING.sub(r"\\", text))


def _inline(nodes: Iterable[LexborNode]) -> str:
    made, last = "", ""
    for node in nodes:
        piece = _piece(node)
        # Templates leave the room between such elements to the style sheet.
        if node.tag in _PARTS and last in _PARTS | {"strong"}:
            piece = f" {piece}"
        last = str(node.tag)
        # Marks side by side would read as one mark.
        if piece[:1] in _MARKED and made[-1:] == piece[:1]:
            made += _NOTHING
        made = made.rstrip(" ") + piece if made.endswith(" ") and piece[:1] == " " else made + piece
    return made


def _piece(node: LexborNode) -> str:
    tag = str(node.tag)
    if tag == "-text":
        return _MEANT.sub(_escaped, _SPACE.sub(" ", node.text_content or ""))
    if tag == "br":
        return _BREAK
    if tag in ("code", "kbd", "samp"):
        return _code(_SPACE.sub(" ", node.text(deep=True)).strip())
    if tag == "img":
        alt = _MEANT.sub(_escaped, " ".join((node.attributes.get("alt") or "").split()))
        return f"![{alt}]({_address(node, 'src')})" if node.attributes.get("src") else alt
    inner = _inline(_children(node))
    if tag == "a":
        return _link(node, inner)
    if tag in _EMPHASIS:
        return _emphasised(_EMPHASIS[tag], inner)
    return f" {inner} " if tag in _BLOCKS or tag in ("td", "th", "tr") else inner


def _escaped(match: re.Match[str]) -> str:
    return "&amp;" if match[0] == "&" else f"\\{match[0]}"


def _code(text: str) -> str:
    if not text:
        return ""
    ticks = "`" * (_longest(text) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{space}{text}{space}{ticks}"


def _link(node: LexborNode, inner: str) -> str:
    text = _flat(inner)
    href = node.attributes.get("href") or ""
    if not text or not href or href.startswith("#"):
        return inner
    before, after = inner[:1] == " ", inner[-1:] == " "
    return f"{' ' * before}[{text}]({_address(node, 'href')}){' ' * after}"


def _emphasised(mark: str, inner: str) -> str:
    """Mark text, where its ends are letters or digits: other marks might not be read as such."""
    text = inner.strip()
    if not text or _BREAK in text or not (text[0].isalnum() and text[-1].isalnum()):
        return inner
    start = inner.index(text)
    return f"{inner[:start]}{mark}{text}{mark}{inner[start + len(text) :]}"


def _address(node: LexborNode, name: str) -> str:
    return "".join(_UNSAFE.get(each, each) for each in (node.attributes.get(name) or "").strip())


def _flat(text: str) -> str:
    return " ".join(text.replace(_BREAK, " ").split())


def _longest(code: str) -> int:
    return max(map(len, _TICKS.findall(code)), default=0)


def _is_number(node: LexborNode, name: str) -> bool:
    return re.fullmatch(r"[0-9]{1,9}", node.attributes.get(name) or "") is not None


def _has_blocks(node: LexborNode) -> bool:
    return any(each.tag in _BLOCKS or _has_blocks(each) for each in _children(node))


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.child
    while child is not None:
        if _is_read(child):
            yield child
        child = child.next


def _is_read(node: LexborNode) -> bool:
    if node.tag == "-text":
        return True
    if node.tag in _LEFT_OUT:
        return False
    said = node.attributes
    if "hidden" in said or said.get("aria-hidden") == "true":
        return False
    return _MARKS.isdisjoint((said.get("class") or "").split())
