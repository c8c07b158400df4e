"""Puts links into a body and takes them out again, byte for byte. Which links is not decided here.

A link never adds, drops or changes a word: without its markup the body is what it was.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence

from igny8.core.errors import InvalidInput
from igny8.linker.scan_html import scan_html
from igny8.linker.scan_markdown import scan_markdown
from igny8.linker.scanning import FoundLink, Scan
from igny8.linker.types import BodyFormat

SCHEME = "igny8:"
"""In stored bodies a link to another item is `igny8:` and the item's id."""

_SAFE_HREF = re.compile(r"[^\s<>()\\\"'`&|*\[\]{}\x00-\x1f]+")


def href_of(target_id: str) -> str:
    """Return the address under which a link to an item is stored."""
    return SCHEME + target_id


def target_of(href: str) -> str | None:
    """Return the item's id of a stored address, or None if it is any other address."""
    return href.removeprefix(SCHEME) if href.startswith(SCHEME) else None


def scan(body: str, body_format: BodyFormat) -> Scan:
    """Return the linkable spans, standing links and visible texts of a body."""
    return scan_html(body) if body_format == "html" else scan_markdown(body)


def existing_links(body: str, body_format: BodyFormat) -> list[FoundLink]:
    """Return the links that stand in a body, in order of place, images not among them."""
    return list(scan(body, body_format).links)


def inject(body: str, body_format: BodyFormat, links: Sequence[tuple[int, int, str]]) -> str:
    """Return `body` with links from `start` to `end` (characters of `body`) to `href`.

    Raises InvalidInput for a place that may not hold a link, for places that overlap and for an
    address that the format cannot carry.
    """
    if not links:
        return body
    spans = scan(body, body_format).spans
    starts = [span.start for span in spans]
    pieces, position = [], 0
    for start, end, href in sorted(links):
        index = bisect_right(starts, start) - 1
        text = body[start:end]
        fits = index >= 0 and end <= spans[index].end and text == text.strip() != ""
        edges = body[max(start - 1, 0) : start + 1] + body[end - 1 : end + 1]
        fits = fits and "_" not in edges  # beside a bracket it would become emphasis
        if not fits or start < position:
            raise InvalidInput(f"no link may stand at {start}-{end} of this text")
        if not _SAFE_HREF.fullmatch(href):
            raise InvalidInput(f"`{href}` is not a plain address")
        pieces += [body[position:start], _markup(text, href, body_format)]
        position = end
    pieces.append(body[position:])
    return "".join(pieces)


def strip(
    body: str, body_format: BodyFormat, wanted: Collection[str] | Callable[[FoundLink], bool]
) -> str:
    """Return `body` without the markup of the links that are `wanted`: addresses, or a predicate.

    Their text stays. Links that are never closed, and bare URLs, stay as they are.
    """
    choose = wanted if callable(wanted) else lambda link: link.href in wanted
    cuts = []
    for link in existing_links(body, body_format):
        if link.text_end < link.end and choose(link):
            cuts += [(link.start, link.text_start), (link.text_end, link.end)]
    pieces, position = [], 0
    for start, end in sorted(cuts):
        if start >= position:
            pieces.append(body[position:start])
            position = end
    pieces.append(body[position:])
    return "".join(pieces)


def _markup(text: str, href: str, body_format: BodyFormat) -> str:
    if body_format == "html":
        return f'<a href="{html.escape(href)}">{text}</a>'
    return f"[{text}]({href})"
