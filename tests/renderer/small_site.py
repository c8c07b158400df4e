"""A small site that has one page of every kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

from igny8.sitebuilder.types import (
    Block,
    Business,
    MenuItem,
    Menus,
    Page,
    PageKind,
    Person,
    SiteFacts,
    Snapshot,
)

ROOT = Path(__file__).parents[2]

Build = Callable[..., dict[str, str]]

SITE = SiteFacts(
    slug="fernhill",
    name="Fernhill Cycles",
    base_url="https://fernhill.example",
    tagline="Bicycle workshop in Leeds",
    business=Business(
        legal_name="Fernhill Cycles Ltd",
        phone="0113 496 0142",
        email="workshop@fernhill.example",
        street="Weir Street",
        city="Leeds",
        postcode="LS5 3AA",
        country="GB",
        opening_hours=("Mo-Fr 8:30-18:00", "Sa 09:00-17:00", "Sun closed"),
        founded="2009",
    ),
    menus=Menus(header=(MenuItem("Services", "services"), MenuItem("Guides", "guides"))),
)


def page(id_: str, path: str, kind: PageKind = PageKind.PAGE, **fields: object) -> Page:
    return Page(id=id_, path=path, kind=kind, **{"title": id_.title(), **fields})  # type: ignore[arg-type]


PAGES = (
    page("home", "/", PageKind.HOME, title="Bikes mended", summary="A workshop in Leeds."),
    page("services", "/services/", PageKind.LISTING, parent_id="home"),
    page(
        "puncture",
        "/services/puncture/",
        PageKind.SERVICE,
        parent_id="services",
        summary="Done while you wait.",
        structure_data={"price": 14, "currency": "GBP", "duration": "20 minutes"},
        body_html='<h2 id="how">How</h2><p>See <a href="igny8:chain#wear">chains</a>.</p>',
        related=("chain",),
        blocks=(Block("faq", {"items": [{"question": "How long?", "answer": "Twenty minutes."}]}),),
    ),
    page(
        "helmet",
        "/shop/helmet/",
        PageKind.PRODUCT,
        structure_data={"price": "55.50", "currency": "GBP", "availability": "in_stock"},
    ),
    page("guides", "/guides/", PageKind.LISTING, parent_id="home"),
    page(
        "chain",
        "/guides/chain/",
        PageKind.POST,
        parent_id="guides",
        title="Chains & wear",
        summary="Chains do not stretch.",
        body_html='<h2 id="wear">Wear</h2><p>Text <a href="/services/">here</a>.</p>',
        published_on=date(2026, 3, 1),
        updated_on=date(2026, 4, 2),
        author=Person("Ruth Calvert", url="/about/"),
        terms=(("tags", "Winter"),),
        reading_minutes=3,
    ),
    page("winter", "/topics/winter/", PageKind.TAXONOMY, title="Winter"),
    page("contact", "/contact/", PageKind.CONTACT),
)


def snapshot(*pages: Page, site: SiteFacts = SITE, **fields: object) -> Snapshot:
    return Snapshot(site, pages or PAGES, **fields)  # type: ignore[arg-type]


def hrefs(html: str) -> list[str]:
    return re.findall(r'href="([^"]*)"', html)
