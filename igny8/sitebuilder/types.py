"""What a build takes in, as plain values: site, pages, blocks, redirects. No store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias


class PageKind(StrEnum):
    """What a page is; chooses its recipe and its structured data."""

    HOME = "home"
    PAGE = "page"
    LISTING = "listing"
    POST = "post"
    PRODUCT = "product"
    SERVICE = "service"
    TAXONOMY = "taxonomy"
    CONTACT = "contact"
    ABOUT = "about"
    SEARCH = "search"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Image:
    """A picture at a root-relative `path` or absolute URL. Width and height in pixels."""

    path: str
    alt: str = ""
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """An author. `url` is a page of the site (`igny8:<id>`, `/path/`) or an absolute URL."""

    name: str
    role: str = ""
    bio: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One use of a block: its type and its fields, not yet checked (see `blocks.parse_block`)."""

    type: str
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `path` starts and ends with `/`; `body_html` is sanitised before it comes here.

    Links inside `body_html` to other pages are `igny8:<id>`. `template` names a recipe; empty
    takes the one of the kind. `structure_data` knows price, price_to, price_unit, currency, sku,
    availability, brand, duration, area_served, and `specs` (a mapping that is shown as a table).
    `terms` are (taxonomy, label): `("tags", "Gears")`; a page of kind taxonomy shows those of its
    `taxonomy`, or of tags and categories. Where `body_key` is set, `Snapshot.bodies` has the body.
    `digest` changes with any field; empty lets the renderer make it.
    """

    id: str
    path: str
    kind: PageKind
    title: str
    meta_title: str = ""
    meta_description: str = ""
    summary: str = ""
    body_html: str = ""
    blocks: tuple[Block, ...] = ()
    structure_data: Mapping[str, object] = field(default_factory=dict)
    template: str = ""
    parent_id: str | None = None
    published_on: date | None = None
    updated_on: date | None = None
    author: Person | None = None
    terms: tuple[tuple[str, str], ...] = ()
    taxonomy: str = ""
    related: tuple[str, ...] = ()
    image: Image | None = None
    word_count: int = 0
    reading_minutes: int = 0
    is_noindex: bool = False
    body_key: str = ""
    digest: str = ""

    @property
    def tags(self) -> tuple[str, ...]:
        """The labels of the page's terms, of whatever taxonomy."""
        return tuple(dict.fromkeys(label for _, label in self.terms))


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of a menu: a page of the site by id, or an outside address by `url`."""

    label: str
    page_id: str = ""
    url: str = ""
    children: tuple[MenuItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Menus:
    """The site's menus, in order. An empty header menu lists the top pages."""

    header: tuple[MenuItem, ...] = ()
    footer: tuple[MenuItem, ...] = ()
    legal: tuple[MenuItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Business:
    """Who stands behind the site. Hours read `Mo-Fr 08:30-18:00`; country is ISO 3166."""

    legal_name: str = ""
    phone: str = ""
    email: str = ""
    street: str = ""
    city: str = ""
    postcode: str = ""
    country: str = ""
    opening_hours: tuple[str, ...] = ()
    founded: str = ""
    social: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Theme:
    """How a site looks within its layout: one colour (`#rrggbb`), style preset, pair of fonts."""

    brand: str = "#2457a6"
    preset: str = "plain"
    fonts: str = "layout"


@dataclass(frozen=True, slots=True)
class NewsletterForm:
    """Where the newsletter's form posts to, `https://…` or empty, and its field for the address."""

    url: str = ""
    field: str = "email"


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What holds for every page. `base_url` is absolute; its path, if any, prefixes every link."""

    slug: str
    name: str
    base_url: str
    locale: str = "en-GB"
    tagline: str = ""
    layout: str = "default"
    theme: Theme = Theme()
    business: Business = Business()
    menus: Menus = Menus()
    social_cards: bool = False
    newsletter: NewsletterForm = NewsletterForm()
    redirect_formats: tuple[str, ...] = ("netlify",)
    robots_ai: str = "allow"
    section_feeds: bool = True
    sitemap_images: str = "lead"
    markdown_pages: bool = False
    llms_full: bool = False


@dataclass(frozen=True, slots=True)
class Redirect:
    """An old path and where it leads: a path of the site or an absolute URL."""

    from_path: str
    to_path: str


Bodies: TypeAlias = Callable[[Sequence[str]], Mapping[str, str]]
"""Keys → sanitised HTML: a build of ten thousand pages never holds all its bodies."""


def no_bodies(keys: Sequence[str]) -> Mapping[str, str]:
    """Return nothing: for a snapshot whose pages carry their bodies."""
    del keys
    return {}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything a build needs. Pages stand in the order in which menus and grids list them.

    `gone` are the paths of expired items: what was there is gone for good.
    """

    site: SiteFacts
    pages: tuple[Page, ...]
    version: int = 1
    redirects: tuple[Redirect, ...] = ()
    gone: tuple[str, ...] = ()
    bodies: Bodies = field(default=no_bodies, compare=False, repr=False)
