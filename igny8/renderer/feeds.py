"""RSS, Atom and JSON Feed of posts, newest first: the site's, and those of sections and terms.

Ids stay when a page moves, and are the same in every feed. URLs are absolute.
"""

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
from igny8.renderer.views import FeedLink, SiteView
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


@dataclass(frozen=True, slots=True)
class _Channel:
    """What a feed says of itself. `home` and `url` are absolute."""

    title: str
    about: str
    home: str
    url: str
    locale: str
    author: str


def paths(index: SiteIndex) -> tuple[str, ...]:
    """Return the paths of the site's feeds; none when no dated post is public."""
    return PATHS if _posts(index) else ()


def links(index: SiteIndex, page: Page, site: SiteView) -> tuple[FeedLink, ...]:
    """Return a page's own feeds; none where the site wants none or it lists no dated posts."""
    if not index.snapshot.site.section_feeds or not index.has_feed(page):
        return ()
    title = _title(page, site)
    return tuple(
        FeedLink(kind, f"{title} ({label})", index.local(page.path + path))
        for path, (_, kind, label) in _FORMATS.items()
    )


def feed(index: SiteIndex, site: SiteView, body: Callable[[Page], str], path: str) -> Artifact:
    """Return the site's feed of that path. `body` gives a page's HTML."""
    channel = _Channel(
        title=site.name,
        about=site.tagline,
        home=index.absolute("/"),
        url=index.absolute(f"/{path}"),
        locale=site.locale,
        author=site.name,
    )
    return _made(index, channel, body, path, _posts(index))


def page_feed(
    index: SiteIndex, page: Page, site: SiteView, body: Callable[[Page], str], name: str
) -> Artifact:
    """Return the feed of what a section or a term lists. `name` is one of `PATHS`."""
    channel = _Channel(
        title=_title(page, site),
        about=page.summary or page.meta_description,
        home=index.absolute(page.path),
        url=index.absolute(page.path + name),
        locale=site.locale,
        author=site.name,
    )
    return _made(index, channel, body, page.path[1:] + name, index.newest(page, LIMIT))


def _made(
    index: SiteIndex,
    channel: _Channel,
    body: Callable[[Page], str],
    path: str,
    posts: Sequence[Page],
) -> Artifact:
    index.fetch(posts)
    index.uses.update(f"page:{page.id}" for page in posts)
    entries = [_entry(index, page, body(page)) for page in posts]
    write, kind, _ = _FORMATS[path.rpartition("/")[2]]
    return Artifact(path, write(channel, entries).encode(), kind)


def _title(page: Page, site: SiteView) -> str:
    return f"{page.title} – {site.name}"


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


def _rss(channel: _Channel, entries: Sequence[Entry]) -> str:
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
        + _element("title", channel.title)
        + _element("link", channel.home)
        + _element("description", channel.about or channel.title)
        + _element("language", channel.locale)
        + _element("lastBuildDate", _rfc822(max(e.updated for e in entries)))
        + f'<atom:link href="{escape(channel.url, _QUOTES)}" rel="self" '
        'type="application/rss+xml"/>\n' + items + "</channel>\n</rss>\n"
    )


def _atom(channel: _Channel, entries: Sequence[Entry]) -> str:
    items = "".join(
        "<entry>"
        + _element("title", each.title)
        + f'<link rel="alternate" type="text/html" href="{escape(each.url, _QUOTES)}"/>'
        + _element("id", each.id)
        + _element("published", _midnight(each.published).isoformat())
        + _element("updated", _midnight(each.updated).isoformat())
        + "<author>"
        + _element("name", each.author or channel.author)
        + "</author>"
        + "".join(f'<category term="{escape(tag, _QUOTES)}"/>' for tag in each.tags)
        + (_element("summary", each.summary) if each.summary else "")
        + _element("content", each.content, ' type="html"')
        + "</entry>\n"
        for each in entries
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{channel.locale}">'
        + _element("title", channel.title)
        + (_element("subtitle", channel.about) if channel.about else "")
        + f'<link rel="self" type="application/atom+xml" href="{escape(channel.url, _QUOTES)}"/>'
        + f'<link rel="alternate" type="text/html" href="{escape(channel.home, _QUOTES)}"/>'
        + _element("id", channel.home)
        + _element("updated", _midnight(max(e.updated for e in entries)).isoformat())
        + "\n"
        + items
        + "</feed>\n"
    )


def _json(channel: _Channel, entries: Sequence[Entry]) -> str:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.home,
        "feed_url": channel.url,
        **({"description": channel.about} if channel.about else {}),
        "language": channel.locale,
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
    "feed.xml": (_rss, "application/rss+xml", "RSS"),
    "atom.xml": (_atom, "application/atom+xml", "Atom"),
    "feed.json": (_json, "application/feed+json", "JSON"),
}
