"""RSS, Atom and JSON Feed of a site's posts, newest first, with stable ids and absolute URLs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from igny8.renderer.bodies import absolute_links
from igny8.renderer.index import SiteIndex
from igny8.renderer.types import Artifact
from igny8.renderer.views import SiteView
from igny8.sitebuilder.types import Page, PageKind

LIMIT = 20
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
PATHS = ("feed.xml", "atom.xml", "feed.json")
# XML has no way to write these, not even escaped.
_CONTROLS = dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0xFFFE, 0xFFFF])


@dataclass(frozen=True, slots=True)
class Entry:
    """A post as all three formats need it."""

    id: str
    title: str
    url: str
    summary: str
    content: str
    published: date
    updated: date
    author: str
    tags: tuple[str, ...]


def paths(index: SiteIndex) -> tuple[str, ...]:
    """Return the feeds' paths; none when no dated post is public."""
    return PATHS if _posts(index) else ()


def feed(index: SiteIndex, site: SiteView, body: Callable[[Page], str], path: str) -> Artifact:
    """Return the feed of that path. `body` gives a page's HTML."""
    posts = _posts(index)
    index.fetch(posts)
    index.uses.update(f"page:{page.id}" for page in posts)
    entries = [_entry(index, page, body(page)) for page in posts]
    write, kind = _FORMATS[path]
    return Artifact(path, write(index, site, entries).encode(), kind)


def _posts(index: SiteIndex) -> list[Page]:
    newest = index.of_kind((PageKind.POST,), 0, LIMIT).pages  # the undated stand last
    return [page for page in newest if page.published_on]


def _entry(index: SiteIndex, page: Page, body: str) -> Entry:
    published = page.published_on or date.min
    host = urlsplit(index.origin).hostname or "localhost"
    return Entry(
        id=f"tag:{host},{published.isoformat()}:{page.id}",
        title=page.title,
        url=index.absolute(page.path),
        summary=page.summary or page.meta_description,
        content=absolute_links(body, index.origin),
        published=published,
        updated=max(published, page.updated_on or published),
        author=page.author.name if page.author else "",
        tags=page.tags,
    )


def _rfc822(day: date) -> str:
    """As RSS writes a day; `email.utils` does the same and takes 30 ms to import."""
    weekday, month = _WEEKDAYS[day.weekday()], _MONTHS[day.month - 1]
    return f"{weekday}, {day.day:02} {month} {day.year:04} 00:00:00 +0000"


def _rss(index: SiteIndex, site: SiteView, entries: Sequence[Entry]) -> str:
    items = "".join(
        "<item>"
        + _element("title", each.title)
        + _element("link", each.url)
        + _element("guid", each.id, ' isPermaLink="false"')
        + _element("pubDate", _rfc822(each.published))
        + (_element("dc:creator", each.author) if each.author else "")
        + "".join(_element("category", tag) for tag in each.tags)
        + (_element("description", each.summary) if each.summary else "")
        + _element("content:encoded", each.content)
        + "</item>\n"
        for each in entries
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">\n<channel>'
        + _element("title", site.name)
        + _element("link", index.absolute("/"))
        + _element("description", site.tagline or site.name)
        + _element("language", site.locale)
        + _element("lastBuildDate", _rfc822(max(e.updated for e in entries)))
        + f'<atom:link href="{escape(index.absolute("/feed.xml"))}" rel="self" '
        'type="application/rss+xml"/>\n' + items + "</channel>\n</rss>\n"
    )


def _atom(index: SiteIndex, site: SiteView, entries: Sequence[Entry]) -> str:
    items = "".join(
        "<entry>"
        + _element("title", each.title)
        + f'<link rel="alternate" type="text/html" href="{escape(each.url)}"/>'
        + _element("id", each.id)
        + _element("published", _midnight(each.published).isoformat())
        + _element("updated", _midnight(each.updated).isoformat())
        + "<author>"
        + _element("name", each.author or site.name)
        + "</author>"
        + "".join(f'<category term="{escape(tag, _QUOTES)}"/>' for tag in each.tags)
        + (_element("summary", each.summary) if each.summary else "")
        + _element("content", each.content, ' type="html"')
        + "</entry>\n"
        for each in entries
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{site.locale}">'
        + _element("title", site.name)
        + (_element("subtitle", site.tagline) if site.tagline else "")
        + f'<link rel="self" type="application/atom+xml" href="{index.absolute("/atom.xml")}"/>'
        + f'<link rel="alternate" type="text/html" href="{index.absolute("/")}"/>'
        + _element("id", index.absolute("/"))
        + _element("updated", _midnight(max(e.updated for e in entries)).isoformat())
        + "\n"
        + items
        + "</feed>\n"
    )


def _json(index: SiteIndex, site: SiteView, entries: Sequence[Entry]) -> str:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": site.name,
        "home_page_url": index.absolute("/"),
        "feed_url": index.absolute("/feed.json"),
        **({"description": site.tagline} if site.tagline else {}),
        "language": site.locale,
        "items": [_json_item(each) for each in entries],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"


def _json_item(entry: Entry) -> dict[str, object]:
    item: dict[str, object] = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.content,
        "date_published": _midnight(entry.published).isoformat(),
        "date_modified": _midnight(entry.updated).isoformat(),
    }
    if entry.summary:
        item["summary"] = entry.summary
    if entry.author:
        item["authors"] = [{"name": entry.author}]
    if entry.tags:
        item["tags"] = list(entry.tags)
    return item


_QUOTES = {'"': "&quot;"}


def _element(name: str, text: str, attributes: str = "") -> str:
    return f"<{name}{attributes}>{escape(text.translate(_CONTROLS))}</{name}>"


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


_FORMATS = {
    "feed.xml": (_rss, "application/rss+xml"),
    "atom.xml": (_atom, "application/atom+xml"),
    "feed.json": (_json, "application/feed+json"),
}
