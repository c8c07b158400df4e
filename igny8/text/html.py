"""HTML as text, headings, links and images. What may be published is decided in `safety.html`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from igny8.safety.html import ATTRIBUTE_PATTERN, check_nesting
from igny8.text import slugs

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

# Ids that pages use for their own parts; a heading of that name gets a number.
RESERVED_IDS = frozenset(
    {"content", "footer", "header", "main", "menu", "nav", "navigation", "search", "top"}
)

_BLOCKS = frozenset(
    str.split("""
    address article aside blockquote body caption center dd details dialog div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p
    pre search section summary table tbody tfoot thead tr ul
    """)
)
_UNSEEN = frozenset(
    str.split("""
    applet audio canvas datalist embed head iframe math noembed noframes noscript object rp script
    select style svg template textarea title video -comment -doctype
    """)
)
# The marks of footnotes are for finding them, not for reading.
_MARKS = frozenset({"footnote-ref", "footnote-backref"})

# These three read what `safety.html.clean` writes: quoted attribute values with `<`, `>` and `"`
# escaped, lower-case names, no anchor inside an anchor, every element closed, no comments.
_LINK = re.compile(
    rf'<a((?:{ATTRIBUTE_PATTERN})*?) href="([^"]*)"((?:{ATTRIBUTE_PATTERN})*)>(.*?)</a>', re.DOTALL
)
_ELSEWHERE = re.compile(r"//|(?!igny8:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_HEADING = re.compile(rf"<h([1-6])((?:{ATTRIBUTE_PATTERN})*)>(.*?)</h\1>", re.DOTALL)
_ID = re.compile(r'<[a-z][^>]* id="([^"]*)"')
_FOOTNOTE_MARK = re.compile(r'<sup class="footnote-ref">.*?</sup>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")

_WHITE_SPACE = re.compile(r"[ \t\n\r\f]+")
_SPACES = re.compile(r" {2,}")
_AROUND_BREAK = re.compile(r" *([\t\n]) *")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its level 1 to 6, its text, and its id ("" without one)."""

    level: int
    text: str
    id: str


@dataclass(frozen=True, slots=True)
class Link:
    """An anchor with a target: href as written, visible text, rel words ("" for none)."""

    href: str
    text: str
    rel: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture: its address, its alt text (None where there is none), its size in CSS pixels."""

    src: str
    alt: str | None
    width: int | None
    height: int | None


def plain(html: str) -> str:
    """Return the visible text: blocks apart by blank lines, table cells by tabs.

    The marks of footnotes are left out. Raises InvalidInput for HTML nested beyond reading.
    """
    body = _body(html)
    return _visible(body) if body else ""


def headings(html: str) -> tuple[Heading, ...]:
    """Return all headings in their order."""
    return tuple(
        Heading(level=int(str(node.tag)[1]), text=_line(node), id=node.attributes.get("id") or "")
        for node in _select(html, "h1, h2, h3, h4, h5, h6")
    )


def links(html: str) -> tuple[Link, ...]:
    """Return all anchors that have an href, in their order."""
    return tuple(
        Link(
            href=node.attributes["href"] or "",
            text=_line(node),
            rel=" ".join((node.attributes.get("rel") or "").split()),
        )
        for node in _select(html, "a[href]")
    )


def images(html: str) -> tuple[Image, ...]:
    """Return all img elements that have a src, in their order."""
    return tuple(
        Image(
            src=node.attributes["src"] or "",
            alt=(node.attributes["alt"] or "") if "alt" in node.attributes else None,
            width=_pixels(node.attributes.get("width")),
            height=_pixels(node.attributes.get("height")),
        )
        for node in _select(html, "img[src]")
    )


def with_heading_ids(html: str) -> str:
    """Give each heading of sanitised HTML that has no id one made of its text, unique in it."""
    if "<h" not in html:
        return html
    taken = set(_ID.findall(html)) | RESERVED_IDS

    def identify(heading: re.Match[str]) -> str:
        level, attributes, contents = heading.groups()
        if ' id="' in attributes:
            return heading[0]
        text = unescape(_TAG.sub("", _FOOTNOTE_MARK.sub("", contents)))
        id_ = slugs.unique(slugs.slugify(text, fallback="section"), taken)
        taken.add(id_)
        return f'<h{level} id="{id_}"{attributes}>{contents}</h{level}>'

    return _HEADING.sub(identify, html)


def rewrite_links(html: str, resolve: Callable[[str], str | None]) -> str:
    """Return sanitised HTML with each href replaced by `resolve(href)`, all else byte for byte.

    Where `resolve` returns None the anchor goes and its contents stay. It is given the address
    itself (`/a?b&c`, not `/a?b&amp;c`). Only for what `safety.html.clean` wrote.
    """
    if "<a " not in html:
        return html

    def rewrite(anchor: re.Match[str]) -> str:
        before, written, after, contents = anchor.groups()
        href = unescape(written) if "&" in written else written
        target = resolve(href)
        if target is None:
            return contents
        if target == href:
            return anchor[0]
        return f'<a{before} href="{_attribute(target)}"{after}>{contents}</a>'

    return _LINK.sub(rewrite, html)


def _attribute(value: str) -> str:
    """Escape as nh3 does, which leaves the apostrophe."""
    value = value.replace("&", "&amp;").replace('"', "&quot;").replace("\xa0", "&nbsp;")
    return value.replace("<", "&lt;").replace(">", "&gt;")


def _body(html: str) -> LexborNode | None:
    from selectolax.lexbor import LexborHTMLParser

    check_nesting(html)
    return LexborHTMLParser(html).body


def _select(html: str, selector: str) -> list[LexborNode]:
    body = _body(html)
    return body.css(selector) if body else []


def _pixels(value: str | None) -> int | None:
    return int(value) if value and re.fullmatch(r"[0-9]{1,6}", value) else None


def _line(node: LexborNode) -> str:
    return " ".join(_visible(node).split())


def _visible(root: LexborNode) -> str:
    """Join the text below `root` as a browser lays it out: white space collapses, not in <pre>."""
    blocks: list[str] = []
    line: list[str] = []

    def end_block(*, preformatted: bool = False) -> None:
        text = "".join(line)
        line.clear()
        if preformatted:
            text = text.strip("\n")
        else:
            text = _AROUND_BREAK.sub(r"\1", _SPACES.sub(" ", text)).strip()
        if text.strip():
            blocks.append(text)

    in_pre = 0
    for node, entering in _walk(root):
        tag = str(node.tag)
        if tag == "-text":
            text = node.text_content or ""
            line.append(text if in_pre else _WHITE_SPACE.sub(" ", text))
        elif tag == "br":
            line.append("\n" if entering else "")
        elif tag in {"td", "th"} and not entering:
            line.append("\t")
        elif tag in _BLOCKS:
            end_block(preformatted=bool(in_pre))
            if tag == "pre":
                in_pre += 1 if entering else -1
    end_block()
    return "\n\n".join(blocks)


def _walk(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Yield every visible node below `root` when entering and, with children, when leaving it."""
    stack = [(root, False)]
    while stack:
        node, entered = stack.pop()
        if entered:
            yield node, False
            continue
        if node.tag in _UNSEEN or _is_mark(node):
            continue
        yield node, True
        child = node.last_child
        if child is None:
            continue
        stack.append((node, True))
        while child is not None:
            stack.append((child, False))
            child = child.prev


def _is_mark(node: LexborNode) -> bool:
    return node.tag in {"a", "sup"} and not _MARKS.isdisjoint(
        (node.attributes.get("class") or "").split()
    )


def internal_links(clean_html: str) -> tuple[str, ...]:
    """Return where sanitised HTML links to within its site: each address once, in order.

    `igny8:<id>`, rooted and relative addresses, without fragments.
    """
    found = (unescape(match[2]).partition("#")[0] for match in _LINK.finditer(clean_html))
    return tuple(dict.fromkeys(href for href in found if href and not _ELSEWHERE.match(href)))
