"""The small site around the gallery's blocks: its pages, its business, its drawn pictures. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from markupsafe import Markup

from igny8.renderer.theme import Palette
from igny8.renderer.types import Artifact
from igny8.sitebuilder.types import Business, Image, Page, PageKind, Person

Change = Callable[[str], str]

DAY = date(2026, 3, 2)


def pages(change: Change) -> Iterator[Page]:
    """Yield listings with what stands below them, so that lists and cards have what to show."""
    sections = (
        ("services", "Services", "What we do, what it costs and how long it takes."),
        ("shop", "Shop", "A few things that we ride ourselves."),
        ("guides", "Guides", "What we get asked at the counter."),
    )
    for id_, title, about in sections:
        yield Page(
            id=id_,
            path=f"/{id_}/",
            kind=PageKind.LISTING,
            title=change(title),
            summary=change(about),
            parent_id="home",
        )
    yield from _services(change)
    yield from _products(change)
    yield from _guides(change)
    for kind, title, about in (
        (PageKind.ABOUT, "About us", "Four stands, four people, one price on the ticket."),
        (PageKind.CONTACT, "Contact", "Ring, write or come by before ten."),
        (PageKind.SEARCH, "Search", "Find a guide, a part or a price."),
    ):
        yield Page(
            id=kind.value,
            path=f"/{kind.value}/",
            kind=kind,
            title=change(title),
            summary=change(about),
            parent_id="home",
        )
    yield Page(
        id="winter",
        path="/topics/winter/",
        kind=PageKind.TAXONOMY,
        title="Winter",
        taxonomy="tags",
        parent_id="home",
    )


def _services(change: Change) -> Iterator[Page]:
    for number, (title, about, price, duration) in enumerate(
        (
            ("Puncture", "Done while you wait, tube included.", "14", "20 minutes"),
            ("Full service", "Stripped, cleaned, rebuilt and ridden.", "95", "one day"),
            ("Wheel building", "Spoke by spoke, for your weight and roads.", "120", "one week"),
        ),
        1,
    ):
        yield Page(
            id=f"service-{number}",
            path=f"/services/{number}/",
            kind=PageKind.SERVICE,
            title=change(title),
            summary=change(about),
            body_html=body(change),
            structure_data={"price": price, "currency": "GBP", "duration": change(duration)},
            parent_id="services",
            related=("service-1", "product-1"),
        )


def _products(change: Change) -> Iterator[Page]:
    for number, (title, about, price, state) in enumerate(
        (
            ("Commuter helmet", "Light enough to forget.", "55.50", "in_stock"),
            ("Brass bell", "Heard before it is seen.", "12", "out_of_stock"),
            ("Winter gloves", "Warm at four degrees, and they still brake.", "34", "pre_order"),
            ("Floor pump", "Reads the pressure that is really there.", "48", "in_stock"),
        ),
        1,
    ):
        yield Page(
            id=f"product-{number}",
            path=f"/shop/{number}/",
            kind=PageKind.PRODUCT,
            title=change(title),
            summary=change(about),
            body_html=body(change),
            structure_data={**product(change), "price": price, "availability": state},
            image=Image(f"/pictures/{number}.svg", change(title), 1200, 800)
            if number in (1, 3)
            else None,
            parent_id="shop",
            related=("product-1", "product-2", "guide-1"),
        )


def _guides(change: Change) -> Iterator[Page]:
    titles = (
        "How worn is your chain?",
        "A tyre for the way to work",
        "Brakes that squeal, and the one sound that matters",
        "Mudguards that stay on",
        "What a service should cost",
        "Lights, and the law about them",
        "Wheels for a loaded bicycle",
    )
    for number, title in enumerate(titles, 1):
        yield Page(
            id=f"guide-{number}",
            path=f"/guides/{number}/",
            kind=PageKind.POST,
            title=change(title),
            summary=change("What we tell people across the counter, written down."),
            body_html=body(change),
            published_on=DAY - timedelta(days=91 * number),
            author=author(change),
            terms=(("tags", "Winter" if number % 2 else change("Tools")),),
            reading_minutes=2 + number,
            image=Image("/pictures/1.svg", change("Hills at sunrise"), 1200, 800)
            if number == 1
            else None,
            parent_id="guides",
            related=tuple(f"guide-{n}" for n in (1, 2, 3) if n != number),
        )


def author(change: Change) -> Person:
    """Return who wrote the pages."""
    return Person(
        change("Ruth Calvert"),
        change("Workshop lead"),
        change("Has built wheels since 1998 and still trues the spare ones for fun."),
        "/about/",
    )


def product(change: Change) -> dict[str, object]:
    """Return a product's structure data."""
    return {
        "price": "55.50",
        "price_unit": change("each"),
        "currency": "GBP",
        "availability": "in_stock",
        "brand": change("Tern"),
        "specs": {change("Weight"): "290 g", change("Sizes"): "S, M, L"},
    }


def body(change: Change) -> str:
    """Return running text with headings, a list, code, a quotation and a table."""
    parts = (
        '<p>{0}</p><h2 id="look">{1}</h2><p>{2}</p><ul><li>{3}</li><li>{4}</li></ul>'
        '<h2 id="measure">{5}</h2><p>{6} <code>0.75 %</code>.</p>'
        "<blockquote><p>{7}</p></blockquote><table><thead><tr><th>{8}</th><th>{9}</th></tr></thead>"
        "<tbody><tr><td>1</td><td>0.5 mm"
        '</td></tr></tbody></table><h2 id="change">{10}</h2><p>{11}</p>'
    )
    texts = (
        "A chain does not stretch. Its pins wear, each by a little, and the links move apart.",
        "Look at it",
        "Lift the chain off the front ring at three o'clock.",
        "Less than half a tooth to be seen: leave it on.",
        "A whole tooth: the sprockets are gone as well.",
        "Measure it",
        "A gauge costs less than a coffee and tells you when it is longer by",
        "Nobody ever changed a chain too early and was sorry.",
        "Rides",
        "Wear",
        "Change it in time",
        "Two chains last as long as one cassette when the first one goes in time.",
    )
    return parts.format(*(Markup.escape(change(text)) for text in texts))


def business(change: Change) -> Business:
    """Return who stands behind the site."""
    return Business(
        legal_name=change("Fernhill Cycles Ltd"),
        phone="0113 496 0142",
        email="workshop@fernhill.example",
        street=change("Weir Street 12"),
        city=change("Leeds"),
        postcode="LS5 3AA",
        country="GB",
        opening_hours=("Mo-Fr 08:30-18:00", "Sa 09:00-17:00", "Su closed"),
        founded="2009",
        social=("https://social.example/fernhill",),
    )


def pictures(colours: Palette) -> Iterator[Artifact]:
    """Yield the pictures that examples and pages name: `pictures/1.svg` to `3.svg`, a logo."""
    for number in (1, 2, 3):
        yield Artifact(f"pictures/{number}.svg", _scenery(number, colours), "image/svg+xml")
    yield Artifact("pictures/logo.svg", _logo(), "image/svg+xml")


def _scenery(number: int, colours: Palette) -> bytes:
    light = colours.light
    x, y = 260 * number, 180 + 60 * number
    return (
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 800" width="1200" '
            'height="800"><rect width="1200" height="800" fill="{sky}"/>'
            '<circle cx="{x}" cy="{y}" r="90" fill="{sun}"/>'
            '<path d="M0 520q300-{a} 600 0t600-40v320H0z" fill="{far}"/>'
            '<path d="M0 640q240-{b} 640 20t560-60v200H0z" fill="{near}"/></svg>\n'
        )
        .format(
            sky=light["art-ground"],
            sun=light["art-4"],
            far=light["art-2"],
            near=light["art-3"],
            x=x,
            y=y,
            a=120 + 50 * number,
            b=200 - 30 * number,
        )
        .encode()
    )


def _logo() -> bytes:
    return (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 180 48" width="180" height="48">'
        b'<path d="M4 40 24 8l14 22 8-12 14 22z" fill="#3d4a5c"/><text x="72" y="33" '
        b'font-family="Georgia,serif" font-size="24" fill="#3d4a5c">M &amp; V</text></svg>\n'
    )
