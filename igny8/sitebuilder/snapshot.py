"""Blueprint, content and site facts become a snapshot: everything a build needs. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from operator import attrgetter

from igny8.config.model import SiteIdentity
from igny8.sitebuilder.blueprint import Blueprint, PageSpec
from igny8.sitebuilder.related import related_items
from igny8.sitebuilder.terms import term_pages
from igny8.sitebuilder.types import (
    Block,
    Bodies,
    Business,
    Image,
    MenuItem,
    Menus,
    NewsletterForm,
    Page,
    PageKind,
    Person,
    Redirect,
    SiteFacts,
    Snapshot,
    Theme,
    no_bodies,
)
from igny8.writer.types import Head

_WORDS_A_MINUTE = 220
_WHO = attrgetter(*Person.__dataclass_fields__)
_KIND_OF_TEMPLATE = {
    "home": PageKind.HOME,
    "listing": PageKind.LISTING,
    "contact": PageKind.CONTACT,
    "about": PageKind.ABOUT,
    "search": PageKind.SEARCH,
    "taxonomy": PageKind.TAXONOMY,
    "not_found": PageKind.NOT_FOUND,
}
# Shown as a table of specifications rather than by the names that `Page.structure_data` knows.
_SHOWN_APART = frozenset({"faq"})


def snapshot(
    slug: str,
    identity: SiteIdentity,
    blueprint: Blueprint,
    version: int,
    contents: Sequence[Head],
    people: Mapping[str, Person],
    bodies: Bodies = no_bodies,
) -> Snapshot:
    """Put every item where the blueprint names it, or below the page that collects its kind.

    `bodies` gives the HTML of an item's `rendered_id`, `people` maps author slugs to persons. An
    item that the blueprint gives no place is left out. Terms that enough items share get a page.
    """
    placed = _placed(blueprint, contents)
    related = related_items(contents)
    named = _site_digest(identity)
    pages = [
        _page(spec, item, parent, identity, related, people, named) for spec, item, parent in placed
    ]
    pages += term_pages(pages, identity)
    by_path = {page.path: page for page in pages}
    return Snapshot(
        site=SiteFacts(
            slug=slug,
            name=identity.name,
            base_url=identity.base_url,
            locale=identity.locale,
            tagline=identity.tagline,
            layout=identity.layout,
            theme=Theme(**identity.theme.model_dump()),
            business=Business(**identity.business.model_dump()),
            newsletter=NewsletterForm(**identity.newsletter.model_dump()),
            social_cards=identity.social_cards,
            redirect_formats=identity.redirect_formats,
            robots_ai=identity.robots_ai,
            section_feeds=identity.section_feeds,
            sitemap_images=identity.sitemap_images,
            markdown_pages=identity.markdown_pages,
            llms_full=identity.llms_full,
            menus=Menus(
                **{
                    name: tuple(
                        MenuItem(by_path[path].title, by_path[path].id)
                        for path in paths
                        if path in by_path
                    )
                    for name, paths in blueprint.menus.items()
                }
            ),
        ),
        pages=tuple(pages),
        version=version,
        redirects=tuple(Redirect(r.from_path, r.to_path) for r in blueprint.redirects),
        bodies=bodies,
    )


def _placed(
    blueprint: Blueprint, contents: Sequence[Head]
) -> list[tuple[PageSpec, Head | None, str | None]]:
    """(page, its item, the path of the page above), in the order of the tree."""
    by_name = {name: item for item in contents for name in (item.id, item.slug)}
    specs = list(blueprint.walk())
    named = {by_name[spec.content].id for spec in specs if spec.content in by_name}
    waiting: dict[str, list[Head]] = defaultdict(list)
    for item in contents:
        if item.id not in named:
            waiting[item.entity_type].append(item)
    paths = {spec.path for spec in specs}
    placed: list[tuple[PageSpec, Head | None, str | None]] = []
    for spec in specs:
        named_item = by_name.get(spec.content) if spec.content else None
        if spec.content and named_item is None:
            continue  # named, but not in the statuses that this build takes
        placed.append((spec, named_item, _above(spec.path, paths)))
        for child in waiting.pop(spec.collect, []) if spec.collect else []:
            path = f"{spec.path}{child.slug}/"
            if path not in paths:
                placed.append((PageSpec(path, child.title, content=child.slug), child, spec.path))
    return placed


def _above(path: str, paths: set[str]) -> str | None:
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        if path in paths:
            return path
    return None


def _page(
    spec: PageSpec,
    item: Head | None,
    parent: str | None,
    identity: SiteIdentity,
    related: Mapping[str, tuple[str, ...]],
    people: Mapping[str, Person],
    named: str,
) -> Page:
    parent_id = None if parent is None else _id(parent)
    if item is None:
        title = spec.title or identity.name
        return Page(
            id=_id(spec.path),
            path=spec.path,
            kind=_KIND_OF_TEMPLATE.get(spec.template, PageKind.PAGE),
            title=identity.name if spec.path == "/" else title,
            meta_title=_meta_title(title, identity),
            meta_description=spec.description,
            summary=spec.description,
            blocks=spec.blocks,
            template=spec.template,
            parent_id=parent_id,
            is_noindex=spec.is_noindex,
        )
    data = item.structure_data
    if not _SHOWN_APART.isdisjoint(data):
        data = {k: v for k, v in data.items() if k not in _SHOWN_APART}
    author = people.get(item.author) if item.author else None
    own = related.get(item.id, ())
    return Page(
        # Links in bodies name items by content id, so a page made of an item has that id.
        id=item.id,
        path=spec.path,
        kind=_KIND_OF_TEMPLATE.get(spec.template, PageKind(item.entity_type)),
        title=spec.title or item.title,
        meta_title=item.meta_title,
        meta_description=item.meta_description or spec.description,
        summary=item.meta_description or spec.description,
        blocks=(*spec.blocks, *_blocks(item)),
        structure_data=data,
        template=spec.template,
        parent_id=parent_id,
        published_on=item.published_on,
        updated_on=item.updated_on if item.published_on else None,
        author=author,
        terms=_terms(item, identity.taxonomies),
        related=own,
        image=_image(item),
        word_count=item.word_count,
        reading_minutes=max(1, round(item.word_count / _WORDS_A_MINUTE)),
        is_noindex=item.is_noindex or spec.is_noindex,
        body_key=item.rendered_id,
        digest=_short((named, item.digest, _as_values(spec), parent, own, author and _WHO(author))),
    )


def _blocks(item: Head) -> list[Block]:
    return [Block(str(b["type"]), b.get("data", {})) for b in item.json_blocks if "type" in b]


def _meta_title(title: str, identity: SiteIdentity) -> str:
    if title == identity.name:
        return f"{identity.name}: {identity.tagline}" if identity.tagline else identity.name
    return f"{title} | {identity.name}"


def _image(item: Head) -> Image | None:
    """The front matter's `image`: an address, or `src` and `alt`."""
    given = item.extra.get("image")
    if isinstance(given, dict):
        src, alt = str(given.get("src", "")), str(given.get("alt", ""))
    else:
        src, alt = str(given or ""), ""
    # Nothing is shown from elsewhere: a page must not ask other hosts for its picture.
    return Image(src, alt) if src.startswith("/") and not src.startswith("//") else None


def _terms(item: Head, taxonomies: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """(taxonomy, label) of all of an item's terms; a taxonomy of the site's own is front matter."""
    known = {"tags": item.tags, "categories": item.categories}
    found: list[tuple[str, str]] = []
    for taxonomy in taxonomies:
        labels = known.get(taxonomy)
        if labels is None:
            given = item.extra.get(taxonomy, ())
            labels = tuple(map(str, given)) if isinstance(given, list) else (str(given),)
        found += [(taxonomy, label) for label in labels if label]
    return tuple(found)


def _as_values(spec: PageSpec) -> object:
    # Of pages that a listing collects there are thousands: only the path is theirs.
    if not spec.blocks and not spec.template and not spec.description:
        return spec.path, spec.title, spec.is_noindex
    return replace(spec, children=())


def _site_digest(identity: SiteIdentity) -> str:
    return _short((identity.name, identity.tagline, identity.taxonomies))


def _short(value: object) -> str:
    return blake2b(repr(value).encode(), digest_size=10).hexdigest()


def _id(path: str) -> str:
    return f"page:{path}"
