"""The pages of a snapshot, found by id, parent, kind and tag, and the URLs they have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from igny8.core.errors import InvalidInput
from igny8.sitebuilder.types import Page, PageKind, Snapshot

_PATH = re.compile(r"/(?:[^/\x00-\x1f\x7f?#\\]+/)*")


class SiteIndex:
    """Looks pages up. Raises InvalidInput when two pages share an id or a path."""

    __slots__ = (
        "_by_tag",
        "_children",
        "_listed",
        "_terms",
        "by_id",
        "by_path",
        "home",
        "origin",
        "prefix",
        "snapshot",
    )

    def __init__(self, snapshot: Snapshot) -> None:
        parts = urlsplit(snapshot.site.base_url)
        self.snapshot = snapshot
        self.prefix = parts.path.rstrip("/")
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.by_id: dict[str, Page] = {}
        self.by_path: dict[str, Page] = {}
        self._children: dict[str | None, list[Page]] = {}
        self._by_tag: dict[str, list[Page]] = {}
        self._terms: dict[str, Page] = {}
        self._listed: dict[str, list[Page]] = {}
        for page in snapshot.pages:
            self._add(page)
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
            self._terms.setdefault(page.title.casefold(), page)
        for tag in page.tags:
            self._by_tag.setdefault(tag.casefold(), []).append(page)

    def url(self, page: Page) -> str:
        """Return the root-relative URL, with the base URL's own path before it."""
        return self.local(page.path)

    def local(self, path: str) -> str:
        """Return the root-relative URL of a path or file of the site."""
        return self.prefix + quote(path, safe="/-._~!$&'()*+,;=:@%#?")

    def absolute(self, path: str) -> str:
        """Return the absolute URL of a path or file of the site."""
        return self.origin + self.local(path)

    def href(self, href: str) -> str | None:
        """Resolve a link: `igny8:<id>#part`, a path of the site, or an outside address as it is.

        Returns None for a page that is not in the snapshot.
        """
        if href.startswith("igny8:"):
            id_, mark, part = href[6:].partition("#")
            page = self.by_id.get(id_)
            return None if page is None else self.url(page) + mark + part
        return self.local(href) if href.startswith("/") else href

    def of_kind(self, *kinds: PageKind) -> list[Page]:
        """Return pages of these kinds, posts newest first, others in the snapshot's order."""
        pages = [page for page in self.snapshot.pages if page.kind in kinds]
        return newest_first(pages) if kinds == (PageKind.POST,) else pages

    def listed(self, page: Page) -> list[Page]:
        """Return what a listing or taxonomy page lists; other pages list their children.

        Hidden pages are left out. Posts stand newest first.
        """
        found = self._listed.get(page.id)
        if found is None:
            found = self._listed[page.id] = self._list(page)
        return found

    def _list(self, page: Page) -> list[Page]:
        if page.kind is PageKind.TAXONOMY:
            pages = self._by_tag.get(page.title.casefold(), [])
        else:
            pages = self._children.get(page.id, [])
        public = [each for each in pages if each is not page and not each.is_noindex]
        # Topics stand beside the pages they sort, not among them.
        public = [each for each in public if each.kind is not PageKind.TAXONOMY] or public
        is_dated = public and all(each.kind is PageKind.POST for each in public)
        return newest_first(public) if is_dated or page.kind is PageKind.TAXONOMY else public

    def top(self) -> list[Page]:
        """Return the pages right under the home page, for a menu that nobody wrote."""
        home = self.home.id if self.home else None
        return [
            page
            for page in self.snapshot.pages
            if page.parent_id in (None, home)
            and page.kind not in (PageKind.HOME, PageKind.NOT_FOUND, PageKind.TAXONOMY)
            and not page.is_noindex
        ]

    def term(self, tag: str) -> Page | None:
        """Return the taxonomy page of a tag."""
        return self._terms.get(tag.casefold())

    def trail(self, page: Page) -> list[Page]:
        """Return the pages from the home page down to this one, both included."""
        trail = [page]
        while trail[0].parent_id in self.by_id and len(trail) < 20:
            parent = self.by_id[str(trail[0].parent_id)]
            if parent in trail:
                break
            trail.insert(0, parent)
        if self.home is not None and trail[0] is not self.home:
            trail.insert(0, self.home)
        return trail


def newest_first(pages: Iterable[Page]) -> list[Page]:
    """Sort by date of publication, newest first; undated last; then by path."""
    in_path_order = sorted(pages, key=lambda page: page.path)
    return sorted(
        in_path_order,
        key=lambda page: page.published_on.toordinal() if page.published_on else 0,
        reverse=True,
    )
