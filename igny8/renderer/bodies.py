"""Rewrites links inside a page's sanitised body, and reads its headings."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from igny8.renderer.views import Heading

_ATTRIBUTES = r'(?:[^>"]|"[^"]*")*?'
_STORED_LINK = re.compile(
    rf'<a\b(?P<before>{_ATTRIBUTES})\shref="(?P<target>igny8:[^"]*)"(?P<after>{_ATTRIBUTES})>'
    r"(?P<text>.*?)</a>",
    re.DOTALL,
)
_ROOTED = re.compile(r'(<[a-z][^<>]*?\s(?:href|src)=")/(?!/)')
_SOURCES = re.compile(r'(<(?!a\b)[a-z][^<>]*?\s(?:href|src)=")/(?!/)')
_HEADING = re.compile(r'<h([23])\b[^>]*\bid="([^"]+)"[^>]*>(.*?)</h\1>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def resolve_links(body: str, prefix: str, resolve: Callable[[str], str | None]) -> str:
    """Return the body with its links resolved; a stored link that leads nowhere becomes its text.

    Root-relative addresses of images get the site's path prefix.
    """
    if prefix:
        body = _SOURCES.sub(lambda match: f"{match[1]}{prefix}/", body)
    if "<a" not in body:
        return body
    # In sanitised HTML `<` begins a tag and nothing else: each piece begins inside an anchor.
    first, *anchors = body.split("<a ")
    body = "<a ".join([first, *(_with_link(piece, resolve) for piece in anchors)])
    if "igny8:" not in body:
        return body

    def replaced(match: re.Match[str]) -> str:
        url = resolve(html.unescape(match["target"]))
        if url is None:
            return match["text"]
        return f'<a{match["before"]} href="{html.escape(url)}"{match["after"]}>{match["text"]}</a>'

    return _STORED_LINK.sub(replaced, body)


def _with_link(piece: str, resolve: Callable[[str], str | None]) -> str:
    start = piece.find('href="')
    if start < 0 or start > piece.find(">"):
        return piece
    start += 6
    end = piece.index('"', start)
    href = html.unescape(piece[start:end])
    if href.startswith(("igny8:", "#", "//")):
        return piece
    url = resolve(href)
    return f"{piece[:start]}{html.escape(url)}{piece[end:]}" if url else piece


def wrap_tables(body: str, label: str) -> str:
    """Let wide tables scroll by themselves, reachable by keyboard."""
    if "<table" not in body:
        return body
    opening = (
        f'<div class="scroller" role="region" aria-label="{html.escape(label)}" tabindex="0"><table'
    )
    return body.replace("<table", opening).replace("</table>", "</table></div>")


def headings(body: str) -> tuple[Heading, ...]:
    """Return the headings of levels 2 and 3 that have an id, as plain text."""
    return tuple(
        Heading(
            int(level),
            html.unescape(id_),
            plain_text(inner) if "<" in inner or "&" in inner else " ".join(inner.split()),
        )
        for level, id_, inner in _HEADING.findall(body)
    )


def plain_text(fragment: str) -> str:
    """Return the text of a piece of sanitised HTML, its white space collapsed."""
    return " ".join(html.unescape(_TAG.sub(" ", fragment)).split())


def absolute_links(body: str, origin: str) -> str:
    """Return the body with root-relative addresses made absolute, for readers elsewhere."""
    return _ROOTED.sub(lambda match: f"{match[1]}{origin}/", body)
