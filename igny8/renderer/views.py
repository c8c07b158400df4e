"""What the templates see: small slotted objects, made once, with every value ready to print."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from igny8.renderer.wording import Hours
from igny8.sitebuilder.types import Business, Image


@dataclass(frozen=True, slots=True)
class Link:
    """A text and where it leads."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class NavItem:
    """A menu entry. `current` is `page`, `true` (a section that holds this page) or empty."""

    label: str
    url: str
    current: str
    children: tuple[NavItem, ...]


@dataclass(frozen=True, slots=True)
class SiteView:
    """The site, for every template."""

    name: str
    tagline: str
    origin: str
    home_url: str
    language: str
    locale: str
    direction: str
    mark: Markup
    business: Business
    hours: tuple[Hours, ...]
    address: tuple[str, ...]
    phone_url: str
    email_url: str
    map_url: str
    contact_url: str
    search_url: str
    stylesheet: str
    favicon: str
    feed_url: str
    atom_url: str
    json_feed_url: str
    light_colour: str
    dark_colour: str
    preset: str


@dataclass(frozen=True, slots=True)
class AuthorView:
    """Who wrote a page."""

    name: str
    role: str
    bio: str
    url: str
    initials: str


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed of a page: media type, title, URL."""

    media_type: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class PageView:
    """The page being rendered. Dates come twice: for people and for machines."""

    id: str
    kind: str
    title: str
    url: str
    canonical: str
    head_title: str
    description: str
    is_noindex: bool
    summary: str
    og_type: str
    image: Image | None
    image_url: str
    picture_url: str
    date: str
    iso_date: str
    updated: str
    iso_updated: str
    author: AuthorView | None
    reading_minutes: int
    number: int
    previous_url: str
    next_url: str
    feeds: tuple[FeedLink, ...] = ()
    markdown_url: str = ""


@dataclass(frozen=True, slots=True)
class CardView:
    """A page, or a hand-written entry, as a card shows it."""

    title: str
    url: str
    text: str
    kind: str
    meta: str
    price: str
    date: str
    iso_date: str
    day: str
    image: Image | None
    image_url: str
    mark: Markup
    seed: str
    badge: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """An entry of the table of contents."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class PageNumber:
    """An entry of a pagination: a page's number, its URL, whether it is this one."""

    number: int
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Cards under one heading, for example a year; the label may be empty."""

    label: str
    cards: tuple[CardView, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Cards, and where they are spread over several pages."""

    cards: tuple[CardView, ...]
    style: str
    groups: tuple[Group, ...] = ()
    numbers: tuple[PageNumber, ...] = ()
    previous_url: str = ""
    next_url: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value; `state` tells availability apart."""

    label: str
    value: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class FactSheet:
    """What a service or product offers at a glance."""

    price: str
    price_prefix: str
    price_unit: str
    facts: tuple[Fact, ...]
    specs: tuple[Fact, ...]
    actions: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class HeroView:
    """The opening of a page."""

    kicker: str
    title: str
    intro: str
    style: str
    actions: tuple[Link, ...]
    art: Markup
