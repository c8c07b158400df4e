"""A site's structure by rules: which pages a business needs, given what has been written. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from igny8.sitebuilder.blueprint import Blueprint, PageSpec
from igny8.sitebuilder.types import Block


@dataclass(frozen=True, slots=True)
class Section:
    """How one kind of content is listed."""

    slug: str
    title: str
    description: str


SECTIONS: Mapping[str, Section] = {
    "service": Section("services", "Services", "What {name} does, and what it costs."),
    "product": Section("shop", "Shop", "What {name} sells, with prices."),
    "post": Section("advice", "Advice", "Guides and answers from {name}."),
}
# The order in which menus and home page name them, by what the site is for.
_ORDER: Mapping[str, tuple[str, ...]] = {
    "ecommerce": ("product", "service", "post"),
    "blog": ("post", "service", "product"),
}
_USUAL = ("service", "product", "post")


@dataclass(frozen=True, slots=True)
class Written:
    """An item that exists: what the rules need to know of it."""

    slug: str
    title: str
    entity_type: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the knowledge files offer for pages: people and common questions."""

    people: tuple[Mapping[str, str], ...] = ()
    questions: tuple[Mapping[str, str], ...] = ()


def structure(
    name: str, site_type: str, tagline: str, items: Sequence[Written], known: Known
) -> Blueprint:
    """Return the pages of a site: home, a listing for each kind there is, about, contact, the rest.

    Nothing is listed that does not exist, and every item has exactly one place.
    """
    kinds = {item.entity_type for item in items}
    order = [kind for kind in _ORDER.get(site_type, _USUAL) if kind in kinds]
    pages = [_home(name, tagline, known)]
    pages += [_listing(name, SECTIONS[kind], kind) for kind in order]
    singles = [item for item in items if item.entity_type == "page"]
    about = next((item for item in singles if _is_about(item)), None)
    pages += [_single(item, known if item is about else Known()) for item in singles]
    pages += [
        PageSpec(f"/{item.slug}/", "", template="taxonomy", content=item.slug)
        for item in items
        if item.entity_type == "taxonomy"
    ]
    if about is None and known.people:
        pages.append(PageSpec("/about/", f"About {name}", template="about", blocks=_people(known)))
    pages.append(
        PageSpec(
            "/contact/",
            "Contact",
            template="contact",
            description=f"How to reach {name}: address, phone, e-mail and opening hours.",
        )
    )
    sections = [f"/{SECTIONS[kind].slug}/" for kind in order]
    about_path = "/about/" if about or known.people else None
    tail = [path for path in (about_path, "/contact/") if path]
    others = [page.path for page in pages if page.path not in {"/", *sections, *tail}]
    menus = {
        "header": tuple(sections + tail),
        "footer": tuple(sections + tail),
        "legal": tuple(others[:6]),
    }
    return Blueprint(tuple(pages), {name_: paths for name_, paths in menus.items() if paths})


def _home(name: str, tagline: str, known: Known) -> PageSpec:
    blocks: list[Block] = []
    if known.questions:
        blocks.append(
            Block(
                "faq",
                {
                    "title": "Asked across the counter",
                    "items": [dict(item) for item in known.questions],
                },
            )
        )
    return PageSpec("/", name, template="home", description=tagline, blocks=tuple(blocks))


def _listing(name: str, section: Section, kind: str) -> PageSpec:
    return PageSpec(
        f"/{section.slug}/",
        section.title,
        template="listing",
        collect=kind,
        description=section.description.format(name=name),
    )


def _single(item: Written, known: Known) -> PageSpec:
    is_about = _is_about(item)
    return PageSpec(
        "/about/" if is_about else f"/{item.slug}/",
        "",
        template="about" if is_about else "page",
        content=item.slug,
        blocks=_people(known) if is_about else (),
    )


def _is_about(item: Written) -> bool:
    return item.slug.startswith("about") or item.title.casefold().startswith("about ")


def _people(known: Known) -> tuple[Block, ...]:
    if not known.people:
        return ()
    items: list[dict[str, Any]] = [dict(person) for person in known.people]
    return (Block("people", {"title": "The people", "items": items}),)
