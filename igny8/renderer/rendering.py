"""`render`: one snapshot and one layout in, every file of the site out. Same input, same bytes."""

from __future__ import annotations

import functools
import hashlib
import mimetypes
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, NoReturn
from urllib.parse import quote_plus

from markupsafe import Markup

from igny8.core.errors import InvalidInput
from igny8.renderer import (
    feeds,
    markdown_pages,
    navigation,
    redirect_files,
    site_files,
    structured_data,
)
from igny8.renderer.art import mark
from igny8.renderer.composing import Composer
from igny8.renderer.environment import draw
from igny8.renderer.index import SiteIndex
from igny8.renderer.layouts import Layout
from igny8.renderer.stylesheet import fingerprinted, stylesheet
from igny8.renderer.theme import Palette, palette
from igny8.renderer.types import Artifact, RenderReport, Unresolved
from igny8.renderer.views import NavItem, PageView, SiteView
from igny8.renderer.wording import Wording, load_words
from igny8.sitebuilder.types import Page, PageKind, Snapshot

if TYPE_CHECKING:
    from igny8.renderer.assets import Assets
    from igny8.renderer.pictures import Picture
    from igny8.renderer.social_cards import Card

_PICTURE = "picture.svg"
_CARD = "card.png"
_ASSET = "asset:"  # the fact of one of the site's own files
_IMAGE = "image:"  # what a body shows for an address of a picture
_READY = "ready:"  # the fact of a file that is made before any page is


def render(
    snapshot: Snapshot, layout: Layout, report: RenderReport | None = None
) -> Iterator[Artifact]:
    """Yield every file of the site: assets, pages in the snapshot's order, feeds, then the rest.

    `report` is filled while the artifacts are consumed. Raises InvalidInput for pages, blocks or
    paths that do not fit, NotFound for a recipe or preset that does not exist.
    """
    rendering = Rendering(snapshot, layout)
    report = report or RenderReport()
    for job in rendering.jobs():
        made = rendering.make(job)
        report.unresolved += made.unresolved
        yield made.artifact
    report.unresolved += rendering.unresolved
    report.problems += rendering.problems
    report.page_count = rendering.page_count


class Job(NamedTuple):
    """One file that a site has. `page_id` is the page it shows; other files are made by name."""

    path: str
    page_id: str = ""
    number: int = 1


@dataclass(frozen=True, slots=True)
class Made:
    """A file, the facts it was made of (see `SiteIndex.uses`), and its links that lead nowhere."""

    artifact: Artifact
    uses: frozenset[str]
    unresolved: tuple[Unresolved, ...]


class Rendering:
    """One snapshot in one layout: which files there are, and each of them when it is asked for.

    `digest` changes with whatever all pages share: layout, theme, menus, the site's own facts.
    """

    def __init__(self, snapshot: Snapshot, layout: Layout, assets: Assets | None = None) -> None:
        facts = snapshot.site
        self.assets = assets
        self._report = RenderReport()
        self.index = SiteIndex(_with_not_found(snapshot))
        self.wording = Wording(
            facts.locale, load_words(facts.locale.partition("-")[0], layout.roots)
        )
        self.colours: Palette = palette(facts.theme.brand)
        self.css = stylesheet(layout, self.colours, facts.theme.preset, facts.theme.fonts)
        self.icon = site_files.favicon(facts.name, self.colours)
        self.view = _site_view(
            self.index,
            self.wording,
            self.colours,
            fingerprinted("site.css", self.css),
            fingerprinted("icon.svg", self.icon),
        )
        self.composer = Composer(self.index, layout, self.wording, self._report, self._picture)
        self._base = self.composer.env.get_template("base.html")
        self._menu = navigation.header_items(self.index)
        self._headers: dict[tuple[str, bool], Markup] = {}
        self._footer = self._partial(
            "footer.html",
            menu=navigation.menu(self.index, navigation.footer_items(self.index)),
            legal=navigation.menu(self.index, facts.menus.legal),
        )
        for menu in (self._menu, facts.menus.footer, facts.menus.legal):
            navigation.report_missing(self.index, menu, self._report)
        self._shared: dict[str, object] = {
            **self.composer.env.globals,
            "site": self.view,
            "t": self.wording.strings,
            "footer": self._footer,
        }
        self.unresolved = tuple(self._report.unresolved)
        if assets is not None:
            self._report.problems += assets.problems
        self._site_files = self._by_name()
        self.problems = tuple(self._report.problems)
        plain = navigation.menu(self.index, self._menu)
        self.digest = layout.digest(
            repr((facts, self.view, self._partial("header.html", plain, ()), self._footer))
        )

    def _by_name(self) -> dict[str, Callable[[], Artifact]]:
        """Files that belong to no page: those that are cheap, ready; the others when asked for."""
        ready = [
            Artifact(self._file_of(self.view.stylesheet), self.css, "text/css"),
            Artifact(self._file_of(self.view.favicon), self.icon, "image/svg+xml"),
            site_files.robots(self.index),
            site_files.headers(self.index),
            *redirect_files.redirects(self.index, self._report),
        ]
        self._ready = {each.path: each for each in ready}
        if len(self._ready) < len(ready):
            _refuse_twice([each.path for each in ready])
        made: dict[str, Callable[[], Artifact]] = {
            path: functools.partial(self._ready_file, path) for path in self._ready
        }
        made["llms.txt"] = functools.partial(site_files.llms, self.index)
        if self.index.snapshot.site.llms_full:
            made["llms-full.txt"] = self._llms_full
        for path in site_files.sitemap_paths(self.index):
            made[path] = functools.partial(site_files.sitemap, self.index, path)
        for path in feeds.paths(self.index):
            made[path] = functools.partial(
                feeds.feed, self.index, self.view, self.composer.body, path
            )
        for path in self.assets.paths() if self.assets else ():
            made[path] = functools.partial(self._asset, path)
        return made

    def _llms_full(self) -> Artifact:
        made = markdown_pages.full(self.index, self._markdown)
        self.composer.report.unresolved.clear()  # pages tell of their links themselves
        return made

    def _markdown(self, page: Page) -> str:
        view = self._page_view(page, 1, self.composer.page_total(page))
        composed = self.composer.compose(page, view, self.view, self.composer.body(page))
        return markdown_pages.markdown(self.index, page, composed.regions)

    def _has_markdown(self, page: Page) -> bool:
        return self.index.snapshot.site.markdown_pages and markdown_pages.is_wanted(page)

    def _asset(self, path: str) -> Artifact:
        assert self.assets is not None
        self.index.uses.add(_ASSET + path)
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        return Artifact(path, self.assets.content(path), kind)

    def _picture(self, src: str) -> Picture | None:
        """Find a picture of the site's files by its address in a body."""
        if self.assets is None:
            return None
        self.index.uses.add(_IMAGE + src)
        return self.assets.find(src)

    def _card(self, page: Page) -> Card:
        from igny8.renderer.social_cards import Card  # brings the drawing library

        site = self.index.snapshot.site
        title = site.tagline if page.kind is PageKind.HOME and site.tagline else page.title
        return Card(title, site.name, self.colours.light, page.path)

    def _has_card(self, page: Page) -> bool:
        is_wanted = self.assets is not None and self.index.snapshot.site.social_cards
        return is_wanted and page.image is None and page.kind is not PageKind.NOT_FOUND

    def _ready_file(self, path: str) -> Artifact:
        self.index.uses.add(_READY + path)
        return self._ready[path]

    def _file_of(self, url: str) -> str:
        return url.removeprefix(self.index.prefix + "/")

    def jobs(self) -> list[Job]:
        """Return every file of the site in order. Raises InvalidInput when two want one path."""
        jobs = []
        for page in self.index.snapshot.pages:
            jobs.append(Job(_file(page, 1), page.id))
            jobs += [
                Job(_file(page, number), page.id, number)
                for number in range(2, self.composer.page_total(page) + 1)
            ]
            if _has_picture(page):
                jobs.append(Job(page.path[1:] + _PICTURE, page.id))
            if self._has_markdown(page):
                jobs.append(Job(page.path[1:] + markdown_pages.NAME, page.id))
            if self._has_card(page):
                jobs.append(Job(page.path[1:] + _CARD, page.id))
        wants_feeds = self.index.snapshot.site.section_feeds
        for page in self.index.snapshot.pages if wants_feeds else ():
            if self.index.has_feed(page):
                jobs += [Job(page.path[1:] + name, page.id) for name in feeds.PATHS]
        jobs += [Job(path) for path in self._site_files]
        if len({job.path for job in jobs}) < len(jobs):
            _refuse_twice([job.path for job in jobs])
        return jobs

    @property
    def page_count(self) -> int:
        """How many pages the site has, later parts of long lists not counted."""
        return len(self.index.snapshot.pages)

    def fetch(self, jobs: Sequence[Job]) -> None:
        """Read the bodies of these jobs' pages at once, and forget all others."""
        self.index.fetch(self.index.by_id[job.page_id] for job in jobs if job.page_id)

    def fact(self, key: str) -> str:
        """Return what a key of `Made.uses` stands for now."""
        if self.assets is not None and key.startswith(_ASSET):
            return self.assets.fact(key[len(_ASSET) :])
        if self.assets is not None and key.startswith(_IMAGE):
            return self.assets.picture_fact(key[len(_IMAGE) :])
        if key.startswith((_ASSET, _IMAGE)):
            return ""
        if key.startswith(_READY):
            ready = self._ready.get(key[len(_READY) :])
            return hashlib.sha256(ready.content).hexdigest() if ready else ""
        return self.index.fact(key)

    def make(self, job: Job) -> Made:
        """Make one file. Only what it is made of decides its bytes."""
        report = self.composer.report = RenderReport()
        uses = self.index.uses = set()
        if not job.page_id:
            artifact = self._site_files[job.path]()
        else:
            page = self.index.by_id[job.page_id]
            uses.add(f"page:{page.id}")
            if job.path.endswith(_PICTURE):
                picture = site_files.picture(self.index, page, self.colours)
                artifact = Artifact(job.path, picture, "image/svg+xml")
            elif job.path == page.path[1:] + _CARD and self.assets is not None:
                artifact = Artifact(job.path, self.assets.card(self._card(page)), "image/png")
            elif job.path == page.path[1:] + markdown_pages.NAME:
                artifact = Artifact(job.path, self._markdown(page).encode(), "text/markdown")
                report.unresolved.clear()  # the page itself tells of its links
            elif (name := job.path.removeprefix(page.path[1:])) in feeds.PATHS:
                artifact = feeds.page_feed(self.index, page, self.view, self.composer.body, name)
                report.unresolved.clear()  # its posts tell of their links themselves
            else:
                artifact = Artifact(job.path, self._html(page, job.number))
        return Made(artifact, frozenset(uses), tuple(report.unresolved))

    def _html(self, page: Page, number: int) -> bytes:
        view = self._page_view(page, number, self.composer.page_total(page))
        composed = self.composer.compose(page, view, self.view, self.composer.body(page))
        nodes = structured_data.graph(
            self.index,
            self.view,
            page,
            view,
            listed=composed.listed,
            questions=composed.questions,
        )
        html = draw(
            self._base,
            {
                **self._shared,
                "page": view,
                "header": self._header(page),
                "structured_data": structured_data.script(nodes),
                **composed.regions,
            },
        )
        return (html.rstrip() + "\n").encode()

    def _header(self, page: Page) -> Markup:
        """Return the header for a page. It differs only in the entry that is marked as current."""
        key = navigation.place_in(self.index, self._menu, page)
        header = self._headers.get(key)
        if header is None:
            items = navigation.menu(self.index, self._menu, key[0], is_page=key[1])
            header = self._headers[key] = self._partial("header.html", menu=items, legal=())
        return header

    def _partial(self, name: str, menu: tuple[NavItem, ...], legal: tuple[NavItem, ...]) -> Markup:
        template = self.composer.env.get_template(name)
        return Markup(  # noqa: S704  (the output of an autoescaping template)
            template.render(site=self.view, t=self.wording.strings, menu=menu, legal=legal)
        )

    def _page_view(self, page: Page, number: int, total: int = 1) -> PageView:
        path = page.path if number == 1 else f"{page.path}page/{number}/"
        later = f"{page.path}page/{number + 1}/" if number < total else ""
        earlier = (page.path if number == 2 else f"{page.path}page/{number - 1}/") * (number > 1)
        updated = page.updated_on if page.updated_on != page.published_on else None
        image = page.image
        return PageView(
            id=page.id,
            kind=page.kind.value,
            title=page.title,
            url=self.index.local(path),
            canonical=self.index.absolute(path),
            head_title=self._head_title(page, number),
            description=page.meta_description or page.summary,
            is_noindex=page.is_noindex or page.kind is PageKind.NOT_FOUND,
            summary=page.summary,
            og_type="article" if page.kind is PageKind.POST else "website",
            image=image,
            image_url=self._image_url(page),
            picture_url=self.index.absolute(page.path + _PICTURE) if _has_picture(page) else "",
            date=self.wording.date(page.published_on) if page.published_on else "",
            iso_date=page.published_on.isoformat() if page.published_on else "",
            updated=self.wording.date(updated) if updated else "",
            iso_updated=updated.isoformat() if updated else "",
            author=self.composer.author(page.author) if page.author else None,
            reading_minutes=page.reading_minutes,
            number=number,
            previous_url=self.index.local(earlier) if earlier else "",
            next_url=self.index.local(later) if later else "",
            feeds=feeds.links(self.index, page, self.view),
            markdown_url=self.index.local(page.path + markdown_pages.NAME)
            if number == 1 and self._has_markdown(page)
            else "",
        )

    def _image_url(self, page: Page) -> str:
        if page.image is not None:
            return _absolute(self.index, page.image.path)
        return self.index.absolute(page.path + _CARD) if self._has_card(page) else ""

    def _head_title(self, page: Page, number: int) -> str:
        site = self.index.snapshot.site
        if page.meta_title:
            title = page.meta_title
        elif page.kind is PageKind.HOME:
            title = f"{site.name} – {site.tagline}" if site.tagline else site.name
        else:
            title = f"{page.title} – {site.name}"
        return f"{title} ({self.wording.strings.page} {number})" if number > 1 else title


def _refuse_twice(paths: Sequence[str]) -> NoReturn:
    twice = next(path for path, count in Counter(paths).items() if count > 1)
    raise InvalidInput(
        f"two pages or files want to be `{twice}`", hint="give one of them another path"
    )


def _with_not_found(snapshot: Snapshot) -> Snapshot:
    """Give the site a page for addresses that do not exist, unless it has its own."""
    if any(page.kind is PageKind.NOT_FOUND for page in snapshot.pages):
        return snapshot
    page = Page(id="not-found", path="/404/", kind=PageKind.NOT_FOUND, title="404")
    return replace(snapshot, pages=(*snapshot.pages, page))


def _has_picture(page: Page) -> bool:
    """Tell whether a page needs a drawn picture: search engines take no product without one."""
    return page.kind is PageKind.PRODUCT and page.image is None


def _file(page: Page, number: int) -> str:
    if page.kind is PageKind.NOT_FOUND:
        return "404.html"
    folder = page.path[1:] if number == 1 else f"{page.path[1:]}page/{number}/"
    return folder + "index.html"


def _absolute(index: SiteIndex, path: str) -> str:
    return index.absolute(path) if path.startswith("/") else path


def _site_view(
    index: SiteIndex, wording: Wording, colours: Palette, css: str, icon: str
) -> SiteView:
    facts = index.snapshot.site
    business = facts.business
    town = " ".join(part for part in (business.city, business.postcode) if part)
    address = tuple(part for part in (business.street, town) if part)
    contact = next((p for p in index.snapshot.pages if p.kind is PageKind.CONTACT), None)
    search = next((p for p in index.snapshot.pages if p.kind is PageKind.SEARCH), None)
    has_feed = any(
        p.kind is PageKind.POST and p.published_on and not p.is_noindex
        for p in index.snapshot.pages
    )
    digits = "".join(c for c in business.phone if c.isdigit() or c == "+")
    place = ", ".join((facts.name, *address))
    return SiteView(
        name=facts.name,
        tagline=facts.tagline,
        origin=index.origin,
        home_url=index.local("/"),
        language=wording.language,
        locale=facts.locale,
        direction=wording.direction,
        mark=mark(facts.name),
        business=business,
        hours=wording.hours(business.opening_hours),
        address=address,
        phone_url=f"tel:{digits}" if digits else "",
        email_url=f"mailto:{business.email}" if business.email else "",
        map_url=f"https://www.openstreetmap.org/search?query={quote_plus(place)}"
        if business.street
        else "",
        contact_url=index.url(contact) if contact else "",
        search_url=index.url(search) if search else "",
        stylesheet=index.local("/" + css),
        favicon=index.local("/" + icon),
        feed_url=index.local("/feed.xml") if has_feed else "",
        atom_url=index.local("/atom.xml") if has_feed else "",
        json_feed_url=index.local("/feed.json") if has_feed else "",
        light_colour=colours.light["page"],
        dark_colour=colours.dark["page"],
        preset=facts.theme.preset,
    )
