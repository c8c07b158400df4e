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
_LINK = re.compile(rf'(<a\b{_ATTRIBUTES}\shref=")(?!igny8:|#|//)([^"]*)(")')
_HEADING = re.compile(r'<h([23])\b[^>]*\bid="([^"]+)"[^>]*>(.*?)</h\1>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_SCROLLER = re.compile(r"<table\b.*?</table>", re.DOTALL)


def resolve_links(body: str, prefix: str, resolve: Callable[[str], str | None]) -> str:
    """Return the body with its links resolved; a stored link that leads nowhere becomes its text.

    Root-relative addresses of images get the site's path prefix.
    """
    if prefix:
        body = _SOURCES.sub(lambda match: f"{match[1]}{prefix}/", body)
    if "<a" not in body:
        return body

    def found(match: re.Match[str]) -> str:
        url = resolve(html.unescape(match[2]))
        return f"{match[1]}{html.escape(url) if url else match[2]}{match[3]}"

    body = _LINK.sub(found, body)
    if "igny8:" not in body:
        return body

    def replaced(match: re.Match[str]) -> str:
        url = resolve(html.unescape(match["target"]))
        if url is None:
            return match["text"]
        return f'<a{match["before"]} href="{html.escape(url)}"{match["after"]}>{match["text"]}</a>'

    return _STORED_LINK.sub(replaced, body)


def wrap_tables(body: str, label: str) -> str:
    """Let wide tables scroll by themselves, reachable by keyboard."""
    if "<table" not in body:
        return body
    return _SCROLLER.sub(
        lambda match: (
            f'<div class="scroller" role="region" aria-label="{html.escape(label)}" '
            f'tabindex="0">{match[0]}</div>'
        ),
        body,
    )


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
