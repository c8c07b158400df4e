"""What the blocks that need more than their own fields show: pure, one method a block.

The first blocks are prepared in `composing`; these need nothing of the page being composed but
what they are given. Each says what it reads besides its block, since a build keeps what depends on
what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from urllib.parse import quote, quote_plus

from markupsafe import Markup

from igny8.renderer.art import plan
from igny8.renderer.index import SiteIndex
from igny8.renderer.site_files import form_origin
from igny8.renderer.views import CardView, Link, PageView, SiteView
from igny8.renderer.wording import Wording
from igny8.sitebuilder import blocks
from igny8.sitebuilder.types import Page, PageKind

Prepare = Callable[..., object | None]

_CARD_KINDS = {"article": PageKind.POST.value}  # what blueprints call it → what templates call it
_SECTION_LIMIT = 30  # pages that the search page lists of one section


@dataclass(frozen=True, slots=True)
class MapView:
    """Where the business is. `art` is drawn, nothing is loaded from elsewhere."""

    lines: tuple[str, ...]
    url: str
    art: Markup


@dataclass(frozen=True, slots=True)
class NewsletterView:
    """A form that posts to `action` with the address in `field`; without one, a link instead."""

    action: str
    field: str
    link: Link | None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The pages beside one, with the words for the two directions."""

    earlier: Link | None
    earlier_word: str
    later: Link | None
    later_word: str


@dataclass(frozen=True, slots=True)
class SiteSection:
    """A top page and what stands below it. `has_more`: not all of it is listed."""

    top: Link
    pages: tuple[Link, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class SearchView:
    """The form's address and, on the search page itself, everything on the site by section."""

    action: str
    sections: tuple[SiteSection, ...]


class BlockViews:
    """Prepares blocks for one snapshot. What is found once for the site is kept."""

    def __init__(self, index: SiteIndex, wording: Wording) -> None:
        self._index = index
        self._strings = wording.strings

    def preparers(self) -> Mapping[str, Prepare]:
        """Block type → the function that takes (block, page, its view, the site's view)."""
        return {
            "map": self._map,
            "newsletter": self._newsletter,
            "pagination": self._pagination,
            "search": self._search,
        }

    def _map(
        self, block: blocks.Map, _page: Page, _view: PageView, site: SiteView
    ) -> MapView | None:
        """Reads the business's address."""
        lines = block.address or site.address
        if not lines:
            return None
        if block.latitude is not None and block.longitude is not None:
            at = f"{block.latitude:.5f}/{block.longitude:.5f}"
            lat, lon = at.split("/")
            url = f"https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=17/{at}"
        else:
            url = f"https://www.openstreetmap.org/search?query={quote_plus(', '.join(lines))}"
        name = "\n".join(lines)
        id_ = blake2b(repr(block).encode(), digest_size=4).hexdigest()
        return MapView(lines, url, plan(name, f"plan-{id_}"))

    def _newsletter(
        self, block: blocks.Newsletter, _page: Page, _view: PageView, site: SiteView
    ) -> NewsletterView | None:
        """Reads the site's newsletter address, the business's e-mail and the feed's URL."""
        settings = self._index.snapshot.site.newsletter
        label = block.button or self._strings.subscribe
        if form_origin(settings.url):
            return NewsletterView(settings.url, settings.field, None)
        if site.email_url:
            link = Link(label, f"{site.email_url}?subject={quote(self._strings.newsletter)}")
        elif site.feed_url:
            link = Link(f"{self._strings.feeds} (RSS)", site.feed_url)
        else:
            return None
        return NewsletterView("", "", link)

    def _pagination(
        self, _block: blocks.Pagination, page: Page, _view: PageView, _site: SiteView
    ) -> Neighbours | None:
        """Reads the titles and URLs of the pages beside this one in its section."""
        before, after = self._index.beside(page)
        if before is None and after is None:
            return None
        t, is_dated = self._strings, page.kind is PageKind.POST
        return Neighbours(
            self._link(before) if before else None,
            t.previous if is_dated else t.before,
            self._link(after) if after else None,
            t.next if is_dated else t.after,
        )

    def _search(
        self, _block: blocks.Search, page: Page, _view: PageView, site: SiteView
    ) -> SearchView | None:
        """Reads the search page's URL; on that page the titles and URLs of all others."""
        if not site.search_url:
            return None
        is_here = page.kind is PageKind.SEARCH
        return SearchView(site.search_url, self._sections() if is_here else ())

    def _sections(self) -> tuple[SiteSection, ...]:
        found = []
        for top in self._index.top():
            if top.kind is PageKind.SEARCH:
                continue
            pages = self._index.below(top)
            found.append(
                SiteSection(
                    self._link(top),
                    tuple(self._link(each) for each in pages[:_SECTION_LIMIT]),
                    len(pages) > _SECTION_LIMIT,
                )
            )
        # Sections first, then the pages that stand alone.
        return tuple(sorted(found, key=lambda section: not section.pages))

    def _link(self, page: Page) -> Link:
        return Link(page.title, self._index.url(page))


def card_kind(name: str) -> str:
    """Return what templates and styles call a card's kind."""
    return _CARD_KINDS.get(name, name)


def as_kind(cards: Iterable[CardView], kind: str) -> list[CardView]:
    """Return the cards as one kind, or as they are for `auto`."""
    if kind == "auto":
        return list(cards)
    return [replace(card, kind=card_kind(kind)) for card in cards]


def page_meta(page: Page) -> str:
    """Return what a card says under a page that is no article: duration, role, client and year."""
    facts = page.structure_data
    names = ("duration",) if page.kind is PageKind.SERVICE else ("role", "client", "year")
    return " · ".join(str(facts[name]) for name in names if facts.get(name) not in (None, ""))
