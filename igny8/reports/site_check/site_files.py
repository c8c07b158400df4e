"""Rules of the files beside the pages: sitemaps, feeds, robots.txt, the page for the missing."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from igny8.core.findings import Finding, Rule, Severity
from igny8.reports.site_check.addresses import Kind
from igny8.reports.site_check.site import Site
from igny8.reports.site_check.types import NOT_FOUND_PAGE, PageFacts

_NO_SITEMAP = Rule(
    "sitemap/missing",
    Severity.WARNING,
    "the site has no sitemap.xml",
    "build it with igny8, or add one; search engines find new pages by it",
)
_SITEMAP = Rule(
    "sitemap/malformed",
    Severity.ERROR,
    "a sitemap can't be read",
    "write it as the sitemap protocol says: urlset or sitemapindex, at most 50,000 addresses",
)
_ENTRY = Rule(
    "sitemap/dead",
    Severity.ERROR,
    "a sitemap names an address that is no page of the site",
    "list only pages that are there, by their whole addresses",
)
_NOINDEX = Rule(
    "sitemap/noindex",
    Severity.ERROR,
    "a sitemap names a page that search engines may not list",
    "take it off the sitemap, or take noindex off the page",
)
_NOT_CANONICAL = Rule(
    "sitemap/not-canonical",
    Severity.WARNING,
    "a sitemap names a page by another address than its canonical one",
    "list the canonical address",
)
_UNLISTED = Rule(
    "sitemap/unlisted",
    Severity.NOTICE,
    "a page is in no sitemap",
    "list it, or mark it noindex",
)
_FEED = Rule(
    "feeds/malformed",
    Severity.ERROR,
    "a feed can't be read, or lacks what its form needs",
    "write it as RSS 2.0, Atom or JSON Feed say",
)
_FEED_DEAD = Rule(
    "feeds/dead",
    Severity.ERROR,
    "a feed names a page that is not there",
    "link the entry to a page of the site",
)
_ROBOTS = Rule(
    "robots/blocked",
    Severity.ERROR,
    "robots.txt forbids search engines the whole site",
    "remove `Disallow: /` before the site goes live",
)
_ROBOTS_SITEMAP = Rule(
    "robots/sitemap",
    Severity.NOTICE,
    "robots.txt does not name the sitemap, or names one that is not there",
    "add a line `Sitemap:` with its whole address",
)
_NOT_FOUND = Rule(
    "site/no-404",
    Severity.NOTICE,
    "the site has no 404.html",
    "add a page that helps people who followed a dead link",
)
RULES = (
    _NO_SITEMAP,
    _SITEMAP,
    _ENTRY,
    _NOINDEX,
    _NOT_CANONICAL,
    _UNLISTED,
    _FEED,
    _FEED_DEAD,
    _ROBOTS,
    _ROBOTS_SITEMAP,
    _NOT_FOUND,
)

_SITEMAP_FILE = "sitemap.xml"
_MOST_ENTRIES, _MOST_BYTES = 50_000, 52_428_800  # of one sitemap, by its protocol
_ADDRESSES = frozenset({("loc", "url"), ("loc", "sitemap"), ("link", "item")})
_SITEMAP_ROOTS = frozenset({"urlset", "sitemapindex"})
_FEED_ROOTS = frozenset({"rss", "feed"})
_NEEDED = {
    "item": (("title", "description"), ("link", "guid")),
    "entry": (("id",), ("title",), ("updated",)),
    "channel": (("title",), ("link",), ("description",)),
    "feed": (("id",), ("title",), ("updated",)),
}


@dataclass(slots=True)
class _Xml:
    """What is kept of an XML file: its root, the addresses in it, what its parts lack."""

    root: str = ""
    addresses: list[tuple[str, int]] = field(default_factory=list)
    lacking: list[tuple[str, int]] = field(default_factory=list)


def check(pages: Sequence[PageFacts], site: Site) -> Iterator[Finding]:
    """Check the files beside the pages."""
    listed = yield from _lists(pages, site)
    if listed is not None:
        for facts in pages:
            if facts.path in listed or not facts.is_indexable or facts.is_continuation:
                continue
            if _is_canonical(facts, site):
                yield _UNLISTED.at(facts.path, f"{facts.url} is in no sitemap")
    elif any(facts.is_indexable for facts in pages):
        yield _NO_SITEMAP.at(_SITEMAP_FILE, "there is no sitemap.xml")
    if NOT_FOUND_PAGE not in site.files.sizes:
        yield _NOT_FOUND.at(NOT_FOUND_PAGE, "there is no 404.html")
    yield from _robots(site, has_sitemap=listed is not None)


def _lists(
    pages: Sequence[PageFacts], site: Site
) -> Generator[Finding, None, frozenset[str] | None]:
    """Check sitemaps and feeds; return the pages that sitemaps name, None without a sitemap."""
    by_path = {facts.path: facts for facts in pages}
    listed: set[str] | None = None
    for path in sorted(site.files.sizes):
        if path.endswith(".json"):
            yield from _json_feed(path, site)
        if not path.endswith(".xml"):
            continue
        found = _Xml()
        try:
            _parse(site.files.read(path), found)
        except (expat.ExpatError, ValueError) as error:
            yield _unreadable(path, found, error)
        if found.root in _SITEMAP_ROOTS:
            listed = set() if listed is None else listed
            yield from _sitemap(path, found, by_path, site, listed)
        elif found.root in _FEED_ROOTS:
            yield from _feed(path, found.addresses, site)
            for lack, line in found.lacking:
                yield _FEED.at(path, lack, line)
    return None if listed is None else frozenset(listed)


def _is_canonical(facts: PageFacts, site: Site) -> bool:
    if not facts.canonical:
        return True
    return site.addresses.find(facts.url, facts.canonical).path == facts.path


def _unreadable(path: str, found: _Xml, error: Exception) -> Finding:
    is_sitemap = path.rpartition("/")[2].startswith("sitemap") or found.root in _SITEMAP_ROOTS
    rule = _SITEMAP if is_sitemap else _FEED
    return rule.at(path, f"the XML can't be read: {error}", getattr(error, "lineno", None))


def _parse(content: bytes, found: _Xml) -> None:
    """Read XML by its events, so that a sitemap of 50,000 addresses makes no tree."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    open_: list[tuple[str, int, set[str]]] = []
    text: list[str] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        local = name.rpartition(" ")[2]
        line = parser.CurrentLineNumber
        if not open_:
            found.root = local
        else:
            open_[-1][2].add(local)
        parent = open_[-1][0] if open_ else ""
        open_.append((local, line, set()))
        is_entry_link = local == "link" and parent == "entry" and "href" in attributes
        if is_entry_link and attributes.get("rel", "alternate") == "alternate":
            found.addresses.append((attributes["href"], line))
        text.clear()

    def end(name: str) -> None:
        del name
        local, line, parts = open_.pop()
        parent = open_[-1][0] if open_ else ""
        said = "".join(text).strip()
        text.clear()
        if said and (local, parent) in _ADDRESSES:
            found.addresses.append((said, line))
        for group in _NEEDED.get(local, ()):
            if not parts & set(group):
                lack = " or ".join(f"`{one}`" for one in group)
                found.lacking.append((f"`<{local}>` lacks {lack}", line))

    def refuse(*_: object) -> None:
        raise ValueError("it holds a document type, which no sitemap or feed needs")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text.append
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(content, True)


def _sitemap(
    path: str, found: _Xml, by_path: Mapping[str, PageFacts], site: Site, listed: set[str]
) -> Iterator[Finding]:
    if len(found.addresses) > _MOST_ENTRIES or site.files.sizes[path] > _MOST_BYTES:
        yield _SITEMAP.at(path, f"it holds {len(found.addresses):,} addresses; split it")
    seen: set[str] = set()
    for url, line in found.addresses:
        address = site.addresses.find("/", url)
        if url in seen:
            yield _ENTRY.at(path, f"{url} is there twice", line, hint="remove the second")
            continue
        seen.add(url)
        if not address.host:
            yield _ENTRY.at(path, f"{url} is no whole address", line)
        elif address.kind is Kind.OUTSIDE:
            yield _ENTRY.at(path, f"{url} is on another host", line)
        elif address.kind is Kind.REDIRECT:
            yield _ENTRY.at(path, f"{url} is redirected to {address.to}", line)
        elif address.kind is not Kind.FILE:
            yield _ENTRY.at(path, f"{url} is not there", line)
        elif found.root == "urlset" and address.path in by_path:
            listed.add(address.path)
            yield from _listed_page(path, url, line, by_path[address.path], site)


def _listed_page(path: str, url: str, line: int, facts: PageFacts, site: Site) -> Iterator[Finding]:
    if facts.refresh:
        yield _ENTRY.at(path, f"{url} sends its visitors on to {facts.refresh}", line)
    elif facts.is_noindex:
        yield _NOINDEX.at(path, f"{url} is noindex", line)
    elif facts.canonical and facts.canonical != url:
        whole = site.addresses.absolute(facts.url)
        if facts.canonical != whole or url != whole:
            message = f"{url} has the canonical address {facts.canonical}"
            yield _NOT_CANONICAL.at(path, message, line)


def _feed(path: str, addresses: Sequence[tuple[str, int]], site: Site) -> Iterator[Finding]:
    for url, line in addresses:
        address = site.addresses.find(f"/{path}", url)
        if address.kind in (Kind.MISSING, Kind.BAD):
            yield _FEED_DEAD.at(path, f"{url} is not there", line or None)
        elif address.kind is Kind.REDIRECT:
            yield _FEED_DEAD.at(path, f"{url} is redirected to {address.to}", line or None)


def _json_feed(path: str, site: Site) -> Iterator[Finding]:
    is_feed = path.rpartition("/")[2].startswith("feed")
    try:
        data = json.loads(site.files.read(path))
    except (ValueError, RecursionError) as error:
        if is_feed:
            yield _FEED.at(path, f"the JSON can't be read: {error}")
        return
    if not isinstance(data, dict) or "jsonfeed.org" not in str(data.get("version")):
        if is_feed:
            yield _FEED.at(path, "it names no version of JSON Feed")
        return
    items = data.get("items")
    if not data.get("title") or not isinstance(items, list):
        yield _FEED.at(path, "the feed lacks `title` or `items`")
        return
    for number, item in enumerate(items, 1):
        if not isinstance(item, dict) or not item.get("id"):
            yield _FEED.at(path, f"item {number} lacks `id`")
        elif isinstance(item.get("url"), str):
            yield from _feed(path, [(item["url"], 0)], site)


def _robots(site: Site, *, has_sitemap: bool) -> Iterator[Finding]:
    path = "robots.txt"
    if path not in site.files.sizes:
        return
    agents: set[str] = set()
    is_group_open = False
    named = False
    for number, line in enumerate(site.text(path).split("\n"), 1):
        key, _, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if key == "user-agent":
            agents = {value} if is_group_open else agents | {value}
            is_group_open = False
        elif key in ("allow", "disallow"):
            is_group_open = True
            if key == "disallow" and value == "/" and "*" in agents:
                yield _ROBOTS.at(path, "`Disallow: /` forbids the whole site", number)
        elif key == "sitemap":
            named = True
            if site.addresses.find("/", value).kind in (Kind.MISSING, Kind.BAD):
                yield _ROBOTS_SITEMAP.at(path, f"{value} is not there", number)
    if has_sitemap and not named:
        yield _ROBOTS_SITEMAP.at(path, "it does not name the sitemap")
