"""`render`: one snapshot and one layout in, every file of the site out. Same input, same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote_plus

from markupsafe import Markup

from igny8.core.errors import InvalidInput
from igny8.renderer import feeds, navigation, site_files, structured_data
from igny8.renderer.art import mark
from igny8.renderer.composing import Composer
from igny8.renderer.index import SiteIndex
from igny8.renderer.layouts import Layout
from igny8.renderer.stylesheet import fingerprinted, stylesheet
from igny8.renderer.theme import Palette, palette
from igny8.renderer.types import Artifact, RenderReport
from igny8.renderer.views import NavItem, PageView, SiteView
from igny8.renderer.wording import Wording, load_words
from igny8.sitebuilder.types import Page, PageKind, Snapshot

_PICTURE = "picture.svg"


def render(
    snapshot: Snapshot, layout: Layout, report: RenderReport | None = None
) -> Iterator[Artifact]:
    """Yield every file of the site: assets, pages in the snapshot's order, feeds, then the rest.

    `report` is filled while the artifacts are consumed. Raises InvalidInput for pages, blocks or
    paths that do not fit, NotFound for a recipe or preset that does not exist.
    """
    yield from _unique(_Site(snapshot, layout, report or RenderReport()).artifacts())


def _unique(artifacts: Iterator[Artifact]) -> Iterator[Artifact]:
    seen: set[str] = set()
    for artifact in artifacts:
        if artifact.path in seen:
            raise InvalidInput(
                f"two pages or files want to be `{artifact.path}`",
                hint="give one of them another path",
            )
        seen.add(artifact.path)
        yield artifact


class _Site:
    """What all pages of one render share."""

    def __init__(self, snapshot: Snapshot, layout: Layout, report: RenderReport) -> None:
        facts = snapshot.site
        self.report = report
        self.index = SiteIndex(_with_not_found(snapshot))
        self.wording = Wording(
            facts.locale, load_words(facts.locale.partition("-")[0], layout.roots)
        )
        self.colours: Palette = palette(facts.theme.brand)
        self.css = stylesheet(layout, self.colours, facts.theme.preset)
        self.icon = site_files.favicon(facts.name, self.colours)
        self.view = _site_view(
            self.index,
            self.wording,
            self.colours,
            fingerprinted("site.css", self.css),
            fingerprinted("icon.svg", self.icon),
        )
        self.composer = Composer(self.index, layout, self.wording, report)
        self._base = self.composer.env.get_template("base.html")
        self._menu = navigation.header_items(self.index)
        self._headers: dict[tuple[str, bool], Markup] = {}
        self._footer = self._partial(
            "footer.html",
            menu=navigation.menu(self.index, navigation.footer_items(self.index)),
            legal=navigation.menu(self.index, facts.menus.legal),
        )
        for menu in (self._menu, facts.menus.footer, facts.menus.legal):
            navigation.report_missing(self.index, menu, report)

    def artifacts(self) -> Iterator[Artifact]:
        yield Artifact(
            self.view.stylesheet.removeprefix(self.index.prefix + "/"), self.css, "text/css"
        )
        yield Artifact(
            self.view.favicon.removeprefix(self.index.prefix + "/"), self.icon, "image/svg+xml"
        )
        for page in self.index.snapshot.pages:
            yield from self._page(page)
            self.report.page_count += 1
        yield from feeds.feeds(self.index, self.view, self.composer.body)
        yield from site_files.sitemaps(self.index)
        yield site_files.robots(self.index)
        yield site_files.llms(self.index)
        yield site_files.headers(self.index)
        yield from site_files.redirects(self.index, self.report)

    def _page(self, page: Page) -> Iterator[Artifact]:
        body = self.composer.body(page)
        number, total = 1, 1
        while number <= total:
            view = self._page_view(page, number)
            composed = self.composer.compose(page, view, self.view, body)
            total = composed.page_total
            if number > 1 or total > 1:
                view = self._page_view(page, number, total)
            nodes = structured_data.graph(
                self.index,
                self.view,
                page,
                view,
                listed=composed.listed,
                questions=composed.questions,
            )
            html = self._base.render(
                page=view,
                site=self.view,
                t=self.wording.strings,
                header=self._header(page),
                footer=self._footer,
                structured_data=structured_data.script(nodes),
                **composed.regions,
            )
            yield Artifact(_file(page, number), (html.rstrip() + "\n").encode())
            number += 1
        if _has_picture(page):
            yield Artifact(
                page.path[1:] + _PICTURE,
                site_files.picture(self.index, page, self.colours),
                "image/svg+xml",
            )

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
            image_url=_absolute(self.index, image.path) if image else "",
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
        )

    def _head_title(self, page: Page, number: int) -> str:
        site = self.index.snapshot.site
        if page.meta_title:
            title = page.meta_title
        elif page.kind is PageKind.HOME:
            title = f"{site.name} – {site.tagline}" if site.tagline else site.name
        else:
            title = f"{page.title} – {site.name}"
        return f"{title} ({self.wording.strings.page} {number})" if number > 1 else title


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
        stylesheet=index.local("/" + css),
        favicon=index.local("/" + icon),
        feed_url=index.local("/feed.xml") if has_feed else "",
        atom_url=index.local("/atom.xml") if has_feed else "",
        json_feed_url=index.local("/feed.json") if has_feed else "",
        light_colour=colours.light["page"],
        dark_colour=colours.dark["page"],
        preset=facts.theme.preset,
    )
