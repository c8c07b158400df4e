"""The pages of a snapshot, found by id, parent, kind and term, and the URLs they have.

Every answer is noted in `uses` as a fact's key, so that a build knows what each file was made of:
a file is made again when one of its facts reads otherwise. Nothing else gives templates a way to
other pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from operator import attrgetter
from urllib.parse import quote, urlsplit

from igny8.core.errors import Conflict, InvalidInput
from igny8.sitebuilder.types import Page, PageKind, Snapshot

_PATH = re.compile(r"/(?:[^/\x00-\x1f\x7f?#\\]+/)*")
_PLAIN = re.compile(r"[A-Za-z0-9/._~!$&'()*+,;=:@%#?-]*")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_SOURCE = re.compile(r"\.(?:md|markdown|html?)$")
_BESIDE = (PageKind.TAXONOMY, PageKind.NOT_FOUND)  # no page of a section, but about it
_FED = (PageKind.LISTING, PageKind.TAXONOMY)
# What a page's card or its line in a list shows: the body and its words are not among it.
_CARD = attrgetter(
    "title",
    "path",
    "kind",
    "summary",
    "meta_description",
    "structure_data",
    "published_on",
    "reading_minutes",
    "image",
    "is_noindex",
)
_LISTED = attrgetter(
    "path",
    "kind",
    "title",
    "summary",
    "meta_description",
    "updated_on",
    "published_on",
    "image",
    "is_noindex",
)
_OWN = attrgetter(*(name for name in Page.__dataclass_fields__ if name != "digest"))


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a list of pages, and how long the whole list is."""

    pages: Sequence[Page]
    total: int


class SiteIndex:
    """Looks pages up. Raises InvalidInput when two pages share an id or a path."""

    def __init__(self, snapshot: Snapshot) -> None:
        parts = urlsplit(snapshot.site.base_url)
        self.snapshot = snapshot
        self.prefix = parts.path.rstrip("/")
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self._root = f"{self.origin}{self.prefix}/"
        self.uses: set[str] = set()
        self.by_id: dict[str, Page] = {}
        self.by_path: dict[str, Page] = {}
        self._children: dict[str | None, list[Page]] = {}
        self._by_term: dict[tuple[str, str], list[Page]] = {}
        self._terms: dict[tuple[str, str], Page] = {}
        self._listed: dict[str, list[Page]] = {}
        self._of_kind: dict[tuple[PageKind, ...], list[Page]] = {}
        self._trails: dict[str | None, tuple[Page, ...]] = {}
        self._below: dict[str | None, Sequence[Page]] = {}
        self._places: dict[str, int] = {}
        self._by_name: dict[str, Page | None] = {}
        self._bodies: dict[str, str] = {}
        for page in snapshot.pages:
            self._add(page)
        # Once for all lists: whatever is collected in this order is newest first.
        self._newest = newest_first(snapshot.pages)
        for page in self._newest:
            for taxonomy, label in page.terms:
                self._by_term.setdefault((taxonomy, label.casefold()), []).append(page)
        self.home = self.by_path.get("/")

    def _add(self, page: Page) -> None:
        if not _PATH.fullmatch(page.path) or "/../" in page.path or "/./" in page.path:
            raise InvalidInput(f"page `{page.id}`: `{page.path}` is not a path like /services/x/")
        other = self.by_path.get(page.path) or self.by_id.get(page.id)
        if other is not None:
            raise InvalidInput(
                f"pages `{other.id}` and `{page.id}` share the path or id `{page.path}`",
                hint="give one of them another slug",
            )
        self.by_id[page.id] = page
        self.by_path[page.path] = page
        self._children.setdefault(page.parent_id, []).append(page)
        if page.kind is PageKind.TAXONOMY:
            self._terms.setdefault((page.taxonomy, page.title.casefold()), page)

    def fact(self, key: str) -> str:
        """Return what a key of `uses` stands for now, short; empty for what is gone."""
        kind, _, rest = key.partition(":")
        if kind in _OF_A_PAGE:
            page = self.by_id.get(rest)
            return _OF_A_PAGE[kind](self, page) if page else ""
        match kind:
            case "list":
                id_, _, window = rest.rpartition(":")
                listing = self.by_id.get(id_)
                return _names(self._window(self._list(listing), window)) if listing else ""
            case "newest":
                id_, _, count = rest.rpartition(":")
                listing = self.by_id.get(id_)
                newest = self._newest_in(listing)[: int(count)] if listing else ()
                return _short([page.id for page in newest])
            case "kind":
                kinds, _, window = rest.rpartition(":")
                found = self._kind(tuple(PageKind(name) for name in kinds.split("+")))
                return _names(self._window(found, window))
            case "trail":
                return _short([(p.path, p.title, p.kind) for p in self._trail(rest or None)])
            case "term":
                taxonomy, _, label = rest.partition(":")
                term = self._term(taxonomy, label)
                return term.path if term else ""
            case "find":
                meant = self._find(rest)
                return meant.path if meant else ""
            case "all":
                return _short([_LISTED(each) for each in self.snapshot.pages])
        raise ValueError(key)

    def body(self, page: Page) -> str:
        """Return a page's body as it is stored."""
        if not page.body_key:
            return page.body_html
        found = self._bodies.get(page.body_key)
        if found is None:
            self.fetch([page])
            found = self._bodies[page.body_key]
        return found

    def fetch(self, pages: Iterable[Page]) -> None:
        """Hold the bodies of these pages, and few others. Raises Conflict when one is gone."""
        keys = sorted({page.body_key for page in pages if page.body_key})
        if keys and self._bodies.keys() >= set(keys):
            return
        self._bodies = dict(self.snapshot.bodies(keys)) if keys else {}
        if len(self._bodies) < len(keys):
            raise Conflict(
                "content changed while it was built", hint="build again", code="renderer.changed"
            )

    def url(self, page: Page) -> str:
        """Return the root-relative URL, with the base URL's own path before it."""
        return self.local(page.path)

    def local(self, path: str) -> str:
        """Return the root-relative URL of a path or file of the site."""
        if not _PLAIN.fullmatch(path):
            path = quote(path, safe="/-._~!$&'()*+,;=:@%#?")
        return self.prefix + path

    def absolute(self, path: str) -> str:
        """Return the absolute URL of a path or file of the site."""
        return self.origin + self.local(path)

    def page(self, id_: str) -> Page | None:
        """Return a page for what its card shows, or None."""
        self.uses.add(f"card:{id_}")
        return self.by_id.get(id_)

    def href(self, href: str) -> str | None:
        """Resolve a link: `igny8:<id>#part`, an address within the site, or one outside as it is.

        An address within the site may be written as `/slug/`, `other.md`, `../other/` or absolute;
        where no page has that path, the only page of that name is meant. Returns None for an
        `igny8:` link to a page that is not in the snapshot.
        """
        if href.startswith("igny8:"):
            id_, mark, part = href[6:].partition("#")
            self.uses.add(f"url:{id_}")
            page = self.by_id.get(id_)
            return None if page is None else self.url(page) + mark + part
        if href.startswith(self._root):
            href = "/" + href[len(self._root) :].lstrip("/")
        elif href.startswith(("#", "//")) or _SCHEME.match(href):
            return href
        address, mark, part = href.partition("#")
        self.uses.add(f"find:{address}")
        page = self._find(address)
        if page is not None:
            return self.url(page) + mark + part
        return self.local(href) if href.startswith("/") else href

    def all(self) -> Sequence[Page]:
        """Return every page, for what its line in a list says."""
        self.uses.add("all")
        return self.snapshot.pages

    def of_kind(self, kinds: tuple[PageKind, ...], start: int = 0, count: int = 0) -> Window:
        """Return public pages of these kinds: posts newest first, others in the snapshot's order.

        `count` 0 is all from `start` on, -1 none: only the total is asked for.
        """
        self.uses.add(f"kind:{'+'.join(kinds)}:{start}+{count}")
        return self._window(self._kind(kinds), f"{start}+{count}")

    def listed(self, page: Page, start: int = 0, count: int = 0) -> Window:
        """Return what a listing or taxonomy page lists; other pages list their children.

        Hidden pages are left out. Posts stand newest first.
        """
        self.uses.add(f"list:{page.id}:{start}+{count}")
        return self._window(self._list(page), f"{start}+{count}")

    def has_feed(self, page: Page) -> bool:
        """Tell whether a public section or term, not the home page, lists dated posts."""
        self.uses.add(f"has-feed:{page.id}")
        return self._has_feed(page)

    def newest(self, page: Page, count: int) -> Sequence[Page]:
        """Return the newest dated posts that a section or term lists."""
        self.uses.add(f"newest:{page.id}:{count}")
        return self._newest_in(page)[:count]

    def below(self, page: Page) -> Sequence[Page]:
        """Return the public pages right below one, in the order in which its list has them."""
        self.uses.add("all")
        return self._siblings(page.id)

    def beside(self, page: Page) -> tuple[Page | None, Page | None]:
        """Return the pages before and after this one below the same parent."""
        self.uses.add(f"beside:{page.id}")
        found = self._beside(page)
        self.uses.update(f"card:{each.id}" for each in found if each)
        return found

    def top(self) -> list[Page]:
        """Return the pages right under the home page, for a menu that nobody wrote."""
        self.uses.add("all")
        home = self.home.id if self.home else None
        return [
            page
            for page in self.snapshot.pages
            if page.parent_id in (None, home)
            and page.kind not in (PageKind.HOME, PageKind.NOT_FOUND, PageKind.TAXONOMY)
            and not page.is_noindex
        ]

    def term(self, taxonomy: str, label: str) -> Page | None:
        """Return the page of a term of a taxonomy (`tags`, `categories` or the site's own)."""
        self.uses.add(f"term:{taxonomy}:{label}")
        return self._term(taxonomy, label)

    def trail(self, page: Page) -> tuple[Page, ...]:
        """Return the pages from the home page down to this one, both included."""
        self.uses.add(f"trail:{page.parent_id or ''}")
        above = self._trail(page.parent_id)
        return above if above[-1:] == (page,) else (*above, page)

    def _siblings(self, id_: str | None) -> Sequence[Page]:
        found = self._below.get(id_)
        if found is None:
            children = self._children.get(id_, ())
            public = [p for p in children if not p.is_noindex and p.kind not in _BESIDE]
            is_dated = all(page.kind is PageKind.POST for page in public)
            found = self._below[id_] = newest_first(public) if is_dated else public
            self._places.update((page.id, place) for place, page in enumerate(found))
        return found

    def _beside(self, page: Page) -> tuple[Page | None, Page | None]:
        siblings = self._siblings(page.parent_id)
        at = self._places.get(page.id)
        if page.parent_id is None or at is None:
            return None, None
        return (
            siblings[at - 1] if at > 0 else None,
            siblings[at + 1] if at + 1 < len(siblings) else None,
        )

    def _find(self, address: str) -> Page | None:
        """The page that a written address means: its path, or the one page of that name."""
        path = address.partition("?")[0]
        exact = self.by_path.get(path) or self.by_path.get(path.rstrip("/") + "/")
        if exact is not None:
            return exact
        parts = [part for part in path.split("/") if part not in ("", ".", "..")]
        if not parts:
            return None
        if not self._by_name:
            for page in self.snapshot.pages:
                name = page.path.rstrip("/").rpartition("/")[2]
                # Two pages of one name: the name alone says nothing.
                self._by_name[name] = None if name in self._by_name else page
        name = _SOURCE.sub("", parts[-1])
        if name in ("index", "_index") and len(parts) > 1:
            name = parts[-2]
        return self._by_name.get(name)

    def _window(self, pages: Sequence[Page], window: str) -> Window:
        start, _, count = window.partition("+")
        first, most = int(start), int(count)
        found = () if most < 0 else pages[first : first + most if most else None]
        for page in found:
            self.uses.add(f"card:{page.id}")
        return Window(found, len(pages))

    def _kind(self, kinds: tuple[PageKind, ...]) -> list[Page]:
        found = self._of_kind.get(kinds)
        if found is None:
            order = self._newest if kinds == (PageKind.POST,) else self.snapshot.pages
            found = [page for page in order if page.kind in kinds and not page.is_noindex]
            self._of_kind[kinds] = found
        return found

    def _list(self, page: Page) -> list[Page]:
        found = self._listed.get(page.id)
        if found is not None:
            return found
        pages: list[Page] = []
        if page.kind is PageKind.TAXONOMY:
            label = page.title.casefold()
            names = (page.taxonomy,) if page.taxonomy else ("tags", "categories")
            shared = [each for name in names for each in self._by_term.get((name, label), ())]
            pages = list({each.id: each for each in shared}.values())
        pages = pages or self._children.get(page.id, [])
        public = [each for each in pages if each is not page and not each.is_noindex]
        # Topics stand beside the pages they sort, not among them.
        public = [each for each in public if each.kind is not PageKind.TAXONOMY] or public
        is_dated = bool(public) and all(each.kind is PageKind.POST for each in public)
        if is_dated or (page.kind is PageKind.TAXONOMY and not page.taxonomy):
            public = newest_first(public)
        self._listed[page.id] = public
        return public

    def _has_feed(self, page: Page) -> bool:
        if page.kind not in _FED or page.is_noindex or page.path == "/":
            return False
        return any(each.kind is PageKind.POST and each.published_on for each in self._list(page))

    def _newest_in(self, page: Page) -> list[Page]:
        listed = self._list(page)
        return newest_first(p for p in listed if p.kind is PageKind.POST and p.published_on)

    def _term(self, taxonomy: str, label: str) -> Page | None:
        folded = label.casefold()
        return self._terms.get((taxonomy, folded)) or self._terms.get(("", folded))

    def _trail(self, id_: str | None) -> tuple[Page, ...]:
        """The way down to a page's parent; the home page stands first whatever the tree says."""
        found = self._trails.get(id_)
        if found is None:
            trail: list[Page] = []
            above = id_
            while above in self.by_id and len(trail) < 20:
                page = self.by_id[str(above)]
                if page in trail:
                    break
                trail.insert(0, page)
                above = page.parent_id
            if self.home is not None and (not trail or trail[0] is not self.home):
                trail.insert(0, self.home)
            found = self._trails[id_] = tuple(trail)
        return found


def newest_first(pages: Iterable[Page]) -> list[Page]:
    """Sort by date of publication, newest first; undated last; then by path."""
    in_path_order = sorted(pages, key=attrgetter("path"))
    return sorted(
        in_path_order,
        key=lambda page: page.published_on.toordinal() if page.published_on else 0,
        reverse=True,
    )


def _names(window: Window) -> str:
    return f"{window.total} " + _short([page.id for page in window.pages])


def _short(value: object) -> str:
    return blake2b(repr(value).encode(), digest_size=10).hexdigest()


_OF_A_PAGE: Mapping[str, Callable[[SiteIndex, Page], str]] = {
    "page": lambda _, page: page.digest or _short(_OWN(page)),
    "card": lambda _, page: _short(_CARD(page)),
    "url": lambda _, page: page.path,
    "has-feed": lambda index, page: str(index._has_feed(page)),
    "beside": lambda index, page: _short([p.id if p else "" for p in index._beside(page)]),
}
