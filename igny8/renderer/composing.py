"""Turns a recipe and a page's own blocks into the HTML of each region."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from markupsafe import Markup

from igny8.core.errors import NotFound
from igny8.renderer import bodies, pictures
from igny8.renderer.art import mark, texture
from igny8.renderer.block_views import BlockViews, as_kind, card_kind, page_meta
from igny8.renderer.environment import draw, environment
from igny8.renderer.index import SiteIndex, Window
from igny8.renderer.layouts import Layout
from igny8.renderer.pictures import Picture
from igny8.renderer.structured_data import availability
from igny8.renderer.types import RenderReport, Unresolved
from igny8.renderer.views import (
    AuthorView,
    CardView,
    Fact,
    FactSheet,
    Grid,
    Group,
    HeroView,
    Link,
    PageNumber,
    PageView,
    SiteView,
)
from igny8.renderer.wording import Wording
from igny8.safety import html
from igny8.sitebuilder import blocks
from igny8.sitebuilder.blocks import Part, parse_block
from igny8.sitebuilder.templates import Ingredient, Template
from igny8.sitebuilder.types import Image, Page, PageKind, Person

if TYPE_CHECKING:
    from jinja2 import Template as JinjaTemplate

RECIPES = {
    PageKind.POST: "article",
}
_KINDS = {"posts": PageKind.POST, "products": PageKind.PRODUCT, "services": PageKind.SERVICE}
# A page that brings one of these itself does not get the recipe's.
_REPLACES = {"page_header": ("hero", "page_header"), "hero": ("hero", "page_header")}


@dataclass(slots=True)
class Composed:
    """The regions of a page, and what its head has to know of them."""

    regions: dict[str, Markup] = field(default_factory=dict)
    questions: list[blocks.Question] = field(default_factory=list)
    listed: tuple[CardView, ...] = ()
    page_total: int = 1


class Composer:
    """Composes the pages of one snapshot in one layout."""

    def __init__(
        self,
        index: SiteIndex,
        layout: Layout,
        wording: Wording,
        report: RenderReport,
        find_picture: Callable[[str], Picture | None] = lambda _: None,
    ) -> None:
        self._find_picture = find_picture
        self.index = index
        self.layout = layout
        self.wording = wording
        self.report = report
        self.env = environment(layout, self.resolve)
        self._partials: dict[str, JinjaTemplate] = {}
        self._paged_grids: dict[str, tuple[blocks.CardGrid, ...]] = {}
        self._cards: dict[str, CardView] = {}
        self._page_id = ""
        self._body = ""
        self._composed = Composed()
        self._texture_count = 0
        self._drawings: dict[tuple[str, CardView, int, bool], Markup] = {}
        self.env.globals["texture"] = self._texture
        self.env.globals["card"] = functools.partial(self._drawn, "card")
        self.env.globals["entry"] = functools.partial(self._drawn, "entry")
        for macros, names in (("_macros", ("head", "actions")), ("_cards", ("cards",))):
            module = self.env.get_template(f"_blocks/{macros}.html").module
            self.env.globals.update((name, getattr(module, name)) for name in names)
        self._values: dict[str, object] = {**self.env.globals, "t": wording.strings}
        self._card_values = dict(self._values)
        self._prepare: dict[str, Callable[..., object | None]] = {
            "author_box": self._author_box,
            "breadcrumbs": self._breadcrumbs,
            "card_grid": self._card_grid,
            "contact": self._contact,
            "cta": self._cta,
            "facts": self._facts,
            "faq": self._faq,
            "hero": self._hero,
            "related": self._related,
            "rich_text": self._rich_text,
            "tags": self._tags,
            "toc": self._toc,
            **BlockViews(index, wording).preparers(),
        }

    def recipe(self, page: Page) -> Template:
        """Return the recipe a page asks for, by name or by its kind. Raises NotFound."""
        name = page.template or RECIPES.get(page.kind, page.kind.value)
        known = self.layout.templates
        if name not in known:
            raise NotFound.named("template", name, known)
        return known[name]

    def compose(self, page: Page, view: PageView, site: SiteView, body: str) -> Composed:
        """Return the regions of one page. `body` has its links resolved; view.number counts."""
        self._page_id, self._body, self._composed = page.id, body, Composed()
        self._texture_count = 0
        own = self._own(page)
        brought = {each.type for each in own}
        for region, ingredients in self.recipe(page).regions.items():
            parts: list[Markup] = []
            for each in ingredients:
                if each.type == "slot":
                    parts += [self._block(one, page, view, site) for one in own]
                elif brought.isdisjoint(_REPLACES.get(each.type, (each.type,))):
                    parts.append(self._block(each, page, view, site))
            self._composed.regions[region] = Markup("").join(parts)
        return self._composed

    def _own(self, page: Page) -> list[Ingredient]:
        return [Ingredient(b.type, parse_block(b.type, b.data, file=page.id)) for b in page.blocks]

    def resolve(self, href: str) -> str:
        """Return the URL of a link, or an empty text and a line in the report."""
        url: str | None = self.index.href(href)
        if url is None:
            self.report.unresolved.append(Unresolved(self._page_id, href.removeprefix("igny8:")))
        return url or ""

    def body(self, page: Page) -> str:
        """Return a page's body with links resolved and tables made to scroll."""
        self._page_id = page.id
        resolved = bodies.resolve_links(
            self.index.body(page), self.index.prefix, lambda href: self.resolve(href) or None
        )
        with_pictures = pictures.rewrite(resolved, self._find_picture, prefix=self.index.prefix)
        return bodies.wrap_tables(with_pictures, page.title)

    def author(self, person: Person) -> AuthorView:
        """Return an author as the templates see one."""
        words = person.name.split()
        initials = (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")) if words else ""
        url = self.resolve(person.url) if person.url else ""
        return AuthorView(person.name, person.role, person.bio, url, initials.upper())

    def card(self, page: Page) -> CardView:
        """Return a page's card; made once."""
        card = self._cards.get(page.id)
        if card is None:
            facts = page.structure_data
            day = page.published_on if page.kind is PageKind.POST else None
            image = page.image
            card = self._cards[page.id] = CardView(
                title=page.title,
                url=self.index.url(page),
                text=page.summary or page.meta_description,
                kind=page.kind.value,
                meta=self._minutes(page) or page_meta(page),
                price=self.wording.money(facts["price"], str(facts.get("currency") or ""))
                if facts.get("price") not in (None, "")
                else "",
                date=self.wording.date(day) if day else "",
                iso_date=day.isoformat() if day else "",
                day=self.wording.day(day) if day else "",
                image=image,
                image_url=self._file_url(image.path) if image else "",
                mark=mark(page.path),
                seed=page.path,
                badge=self._badge(page),
            )
        return card

    def _badge(self, page: Page) -> str:
        if page.kind is not PageKind.PRODUCT:
            return ""
        t, state = self.wording.strings, availability(page.structure_data.get("availability", ""))
        named = {"OutOfStock": t.out_of_stock, "PreOrder": t.preorder}
        return str(named.get(state, ""))

    def _file_url(self, path: str) -> str:
        return str(self.index.local(path)) if path.startswith("/") else path

    def _drawn(self, name: str, one: CardView, level: int = 3, is_lead: bool = False) -> Markup:
        """Return a card or entry as HTML; a page's is the same wherever it is shown."""
        key = (name, one, level, is_lead)
        drawn = self._drawings.get(key)
        if drawn is None:
            template = self.env.get_template(f"_blocks/_{name}.html")
            self._card_values |= {"one": one, "level": level, "lead": is_lead}
            drawn = self._drawings[key] = draw(template, self._card_values)
        return drawn

    def _texture(self, name: str, tile: int) -> Markup:
        self._texture_count += 1
        return texture(name, f"_art{self._texture_count}", tile)

    def _minutes(self, page: Page) -> str:
        if page.kind is not PageKind.POST or not page.reading_minutes:
            return ""
        return f"{page.reading_minutes} {self.wording.strings.minutes}"

    def _block(self, one: Ingredient, page: Page, view: PageView, site: SiteView) -> Markup:
        prepare = self._prepare.get(one.type)
        seen = prepare(one.block, page, view, site) if prepare else one.block
        if seen is None:
            return Markup("")
        partial = self._partials.get(one.type)
        if partial is None:
            partial = self._partials[one.type] = self.env.get_template(f"_blocks/{one.type}.html")
        self._values |= {"block": one.block, "view": seen, "page": view, "site": site}
        return draw(partial, self._values)

    # One method per block that needs more than its own fields. None leaves the block out.

    def _hero(self, block: blocks.Hero, page: Page, _view: PageView, site: SiteView) -> HeroView:
        return HeroView(
            kicker=block.kicker,
            title=block.title or page.title,
            intro=block.intro or page.summary,
            style=block.style,
            actions=self._links(block.actions) or self._reach(site),
            art=self._texture(page.path, 92) if block.style == "split" else Markup(""),
        )

    def _rich_text(
        self, block: blocks.RichText, _page: Page, _view: PageView, _site: SiteView
    ) -> Markup | None:
        if block.source == "body":
            text = self._body
        else:
            text = bodies.resolve_links(
                html.clean(block.html), self.index.prefix, lambda href: self.resolve(href) or None
            )
        return Markup(text) if text.strip() else None  # noqa: S704  (sanitised where it came in)

    def _card_grid(
        self, block: blocks.CardGrid, page: Page, view: PageView, _site: SiteView
    ) -> Grid | None:
        if block.source == "items":
            cards = [self._item(item) for item in block.items]
        else:
            if block.page_size:
                return self._paged(block, page, view)
            found = self._source(block, page, 0, block.limit)
            cards = as_kind((self.card(each) for each in found.pages), block.card)
        if not cards and not block.empty:
            return None
        if block.source == "children":
            self._composed.listed = tuple(cards)
        return Grid(tuple(cards), self._style(block, cards), self._years(block, cards))

    def page_total(self, page: Page) -> int:
        """Return over how many pages the page's list is spread."""
        asked = page.template or page.kind
        paged = self._paged_grids.get(asked)
        if paged is None:
            found = [each for part in self.recipe(page).regions.values() for each in part]
            paged = self._paged_grids[asked] = _paged_grids(found)
        if page.blocks:
            own = self._own(page)
            # A page that brings a grid itself does not get the recipe's.
            has_grid = any(each.type == "card_grid" for each in own)
            paged = _paged_grids(own) if has_grid else paged
        if not paged:
            return 1
        return self._page_total(paged[0], self._source(paged[0], page, 0, -1).total)

    def _page_total(self, block: blocks.CardGrid, count: int) -> int:
        return max(1, -(-min(count, block.limit or count) // block.page_size))

    def _source(self, block: blocks.CardGrid, page: Page, start: int, count: int) -> Window:
        if block.source == "children":
            return self.index.listed(page, start, count)
        if block.source == "pages":
            found = [self.index.page(each) for each in block.pages]
            self.report.unresolved += [
                Unresolved(page.id, name)
                for name, each in zip(block.pages, found, strict=True)
                if each is None
            ]
            known = [each for each in found if each is not None]
            return Window(known[start : start + count] if count else known[start:], len(known))
        # One more than is asked for: a page does not list itself.
        wanted = count + 1 if count > 0 else count
        of_kind = self.index.of_kind((_KINDS[block.source],), start, wanted)
        others = [each for each in of_kind.pages if each is not page]
        return Window(others[: count if count > 0 else None], of_kind.total)

    def _paged(self, block: blocks.CardGrid, page: Page, view: PageView) -> Grid | None:
        start = (view.number - 1) * block.page_size
        most = max(1, min(block.page_size, (block.limit or start + block.page_size) - start))
        window = self._source(block, page, start, most)
        if not window.total and not block.empty:
            return None
        total = self._page_total(block, window.total)
        number = min(view.number, total)
        cards = tuple(as_kind((self.card(each) for each in window.pages), block.card))
        self._composed.page_total = total
        self._composed.listed = cards
        base = self.index.local(page.path)

        def url(n: int) -> str:
            return base if n == 1 else f"{base}page/{n}/"

        near = sorted({1, total, number - 1, number, number + 1} & set(range(1, total + 1)))
        return Grid(
            cards,
            self._style(block, cards),
            self._years(block, cards),
            numbers=tuple(PageNumber(n, url(n), n == number) for n in near if total > 1),
            previous_url=url(number - 1) if number > 1 else "",
            next_url=url(number + 1) if number < total else "",
        )

    def _years(
        self, block: blocks.CardGrid | blocks.Related, cards: Sequence[CardView]
    ) -> tuple[Group, ...]:
        """Group the cards by year, in their order, when the block asks for that."""
        if block.style != "years":
            return ()
        years = groupby(cards, key=lambda card: card.iso_date[:4])
        return tuple(Group(year, tuple(members)) for year, members in years)

    def _style(self, block: blocks.CardGrid | blocks.Related, cards: Sequence[CardView]) -> str:
        if block.style != "auto":
            return block.style
        return "posts" if any(card.date for card in cards) else "cards"

    def _item(self, item: blocks.Card) -> CardView:
        return CardView(
            title=item.title,
            url=self.resolve(item.href) if item.href else "",
            text=item.text,
            kind=card_kind(item.kind),
            meta=item.meta,
            price=item.price,
            date="",
            iso_date="",
            day="",
            image=Image(item.image) if item.image else None,
            image_url=self.resolve(item.image) if item.image else "",
            mark=mark(item.title),
            seed=item.title,
            badge=item.badge,
        )

    def _related(
        self, block: blocks.Related, page: Page, _view: PageView, _site: SiteView
    ) -> Grid | None:
        known = [each for id_ in page.related if (each := self.index.page(id_)) is not None]
        cards = tuple(self.card(each) for each in known[: block.limit] if not each.is_noindex)
        return Grid(cards, self._style(block, cards), self._years(block, cards)) if cards else None

    def _breadcrumbs(
        self, _block: Part, page: Page, _view: PageView, _site: SiteView
    ) -> tuple[Link, ...] | None:
        trail = self.index.trail(page)
        if len(trail) < 2:
            return None
        return tuple(
            Link(
                self.wording.strings.home if each.kind is PageKind.HOME else each.title,
                self.index.url(each),
            )
            for each in trail[:-1]
        )

    def _toc(
        self, block: blocks.Toc, _page: Page, _view: PageView, _site: SiteView
    ) -> object | None:
        found = bodies.headings(self._body)
        sections = [each for each in found if each.level == 2]
        return sections if len(sections) >= block.least else None

    def _tags(
        self, _block: Part, page: Page, _view: PageView, _site: SiteView
    ) -> tuple[Link, ...] | None:
        terms = [(label, self.index.term(taxonomy, label)) for taxonomy, label in page.terms]
        return tuple(Link(tag, self.index.url(to) if to else "") for tag, to in terms) or None

    def _author_box(
        self, _block: Part, _page: Page, view: PageView, _site: SiteView
    ) -> AuthorView | None:
        return view.author if view.author and view.author.bio else None

    def _faq(self, block: blocks.Faq, _page: Page, _view: PageView, _site: SiteView) -> blocks.Faq:
        self._composed.questions += block.items
        return block

    def _contact(
        self, block: blocks.Contact, _page: Page, _view: PageView, site: SiteView
    ) -> blocks.Contact | None:
        business = site.business
        is_known = business.phone or business.email or business.street or site.hours
        return block if is_known else None

    def _cta(
        self, block: blocks.Cta, page: Page, _view: PageView, site: SiteView
    ) -> HeroView | None:
        actions = self._links(block.actions) or self._reach(site)
        if not actions:
            return None
        return HeroView(
            kicker=block.kicker,
            title=block.title or self.wording.strings.contact,
            intro=block.intro,
            style="band",
            actions=actions,
            art=self._texture(page.path + "cta", 64),
        )

    def _facts(
        self, block: blocks.Facts, page: Page, _view: PageView, site: SiteView
    ) -> FactSheet | None:
        data, t = page.structure_data, self.wording.strings
        state = availability(data.get("availability", ""))
        named = {"InStock": t.in_stock, "OutOfStock": t.out_of_stock, "PreOrder": t.preorder}
        rows = (
            (t.availability, named.get(state, t.discontinued if state else ""), state.lower()),
            (t.duration, _words(data.get("duration")), ""),
            (t.area_served, _words(data.get("area_served")), ""),
            (t.brand, _words(data.get("brand")), ""),
            (t.sku, _words(data.get("sku")), ""),
        )
        facts = tuple(Fact(label, value, mood) for label, value, mood in rows if value)
        specs = data.get("specs")
        table = specs.items() if isinstance(specs, dict) else ()
        currency = _words(data.get("currency"))
        price = _words(data.get("price"))
        if not facts and not price and not table:
            return None
        return FactSheet(
            price=self.wording.money(price, currency) if price else "",
            price_prefix=t.from_price if data.get("price_to") else "",
            price_unit=_words(data.get("price_unit")),
            facts=facts,
            specs=tuple(Fact(str(label), _words(value)) for label, value in table),
            actions=self._reach(site) if block.action else (),
        )

    def _links(self, actions: Sequence[blocks.Action]) -> tuple[Link, ...]:
        resolved = [Link(action.label, self.resolve(action.href)) for action in actions]
        return tuple(link for link in resolved if link.url)

    def _reach(self, site: SiteView) -> tuple[Link, ...]:
        """The ways to get in touch that the site's facts give: phone, then page or e-mail."""
        t, ways = self.wording.strings, []
        if site.phone_url:
            ways.append(Link(f"{t.call} {site.business.phone}", site.phone_url))
        if site.contact_url:
            ways.append(Link(t.contact, site.contact_url))
        elif site.email_url:
            ways.append(Link(t.write, site.email_url))
        return tuple(ways)


def _paged_grids(found: Iterable[Ingredient]) -> tuple[blocks.CardGrid, ...]:
    grids = (each.block for each in found if isinstance(each.block, blocks.CardGrid))
    return tuple(grid for grid in grids if grid.page_size and grid.source != "items")


def _words(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(str(each) for each in value)
    return "" if value is None else str(value)
