"""Blueprint, content and site facts become a snapshot: everything a build needs. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from igny8.config.model import SiteIdentity
from igny8.sitebuilder.blueprint import Blueprint, PageSpec
from igny8.sitebuilder.types import (
    Block,
    Business,
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
)
from igny8.writer.types import Content

_INTERNAL = re.compile(r'href="igny8:([^"#]+)')
_WORDS_A_MINUTE = 220
_RELATED = 6
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
    contents: Sequence[Content],
    bodies: Mapping[str, str],
    people: Mapping[str, Person],
) -> Snapshot:
    """Put every item where the blueprint names it, or below the page that collects its kind.

    `bodies` maps content ids to sanitised HTML, `people` author slugs to persons. An item that the
    blueprint gives no place is left out.
    """
    placed = _placed(blueprint, contents)
    related = _related(contents, bodies)
    pages = [
        _page(spec, item, parent, identity, bodies, related, people)
        for spec, item, parent in placed
    ]
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
    )


def _placed(
    blueprint: Blueprint, contents: Sequence[Content]
) -> list[tuple[PageSpec, Content | None, str | None]]:
    """(page, its item, the path of the page above), in the order of the tree."""
    by_name = {name: item for item in contents for name in (item.id, item.slug)}
    specs = list(blueprint.walk())
    named = {by_name[spec.content].id for spec in specs if spec.content in by_name}
    waiting: dict[str, list[Content]] = defaultdict(list)
    for item in contents:
        if item.id not in named:
            waiting[item.entity_type].append(item)
    paths = {spec.path for spec in specs}
    placed: list[tuple[PageSpec, Content | None, str | None]] = []
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
    item: Content | None,
    parent: str | None,
    identity: SiteIdentity,
    bodies: Mapping[str, str],
    related: Mapping[str, tuple[str, ...]],
    people: Mapping[str, Person],
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
    body = bodies.get(item.id, "")
    data = {k: v for k, v in item.structure_data.items() if k not in _SHOWN_APART}
    return Page(
        # Links in bodies name items by content id, so a page made of an item has that id.
        id=item.id,
        path=spec.path,
        kind=_KIND_OF_TEMPLATE.get(spec.template, PageKind(item.entity_type)),
        title=spec.title or item.title,
        meta_title=item.meta_title,
        meta_description=item.meta_description or spec.description,
        summary=item.meta_description or spec.description,
        body_html=body,
        blocks=(*spec.blocks, *_blocks(item)),
        structure_data=data,
        template=spec.template,
        parent_id=parent_id,
        published_on=item.published_on,
        updated_on=item.updated_at.date() if item.published_on else None,
        author=people.get(item.author) if item.author else None,
        tags=item.tags,
        related=related.get(item.id, ()),
        word_count=item.word_count,
        reading_minutes=max(1, round(item.word_count / _WORDS_A_MINUTE)),
        is_noindex=item.is_noindex or spec.is_noindex,
    )


def _blocks(item: Content) -> list[Block]:
    return [Block(str(b["type"]), b.get("data", {})) for b in item.json_blocks if "type" in b]


def _meta_title(title: str, identity: SiteIdentity) -> str:
    if title == identity.name:
        return f"{identity.name}: {identity.tagline}" if identity.tagline else identity.name
    return f"{title} | {identity.name}"


def _related(contents: Sequence[Content], bodies: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Pages that a page links to, then those that link to it, then others of its cluster."""
    outgoing = {
        item.id: list(dict.fromkeys(_INTERNAL.findall(bodies.get(item.id, ""))))
        for item in contents
    }
    incoming: dict[str, list[str]] = defaultdict(list)
    clusters: dict[str, list[str]] = defaultdict(list)
    for item in contents:
        for target in outgoing[item.id]:
            incoming[target].append(item.id)
        if item.cluster_id:
            clusters[item.cluster_id].append(item.id)
    return {
        item.id: tuple(
            other
            for other in dict.fromkeys(
                [
                    *outgoing[item.id],
                    *incoming[item.id],
                    *clusters.get(item.cluster_id or "", ()),
                ]
            )
            if other != item.id
        )[:_RELATED]
        for item in contents
    }


def _id(path: str) -> str:
    return f"page:{path}"
