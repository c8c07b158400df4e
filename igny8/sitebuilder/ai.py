"""The sitebuilder's AI function: a site's structure. Its offline answer is `structure`."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from igny8.ai.function import AIFunction
from igny8.core.errors import InvalidInput
from igny8.sitebuilder import blueprint as blueprints
from igny8.sitebuilder.blueprint import Blueprint, PageSpec
from igny8.sitebuilder.structure import Known, Written, structure


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ExistingItem(_Value):
    """A content item."""

    slug: str
    title: str
    entity_type: str


class StructureRequest(_Value):
    """What a structure is made from."""

    name: str
    site_type: str
    tagline: str
    templates: list[str]
    items: list[ExistingItem]
    has_people: bool


class PlannedPage(_Value):
    """A page of the tree, flat: `parent` is the slug path of the page above."""

    slug: str
    parent: str
    title: str
    template: str
    content: str
    collect: str
    description: str


class StructureReply(_Value):
    """The page tree."""

    pages: list[PlannedPage]
    header: list[str]
    legal: list[str]


def _offline(data: StructureRequest) -> StructureReply:
    items = [Written(item.slug, item.title, item.entity_type) for item in data.items]
    # Whether there are people decides on an about page; who they are is filled in afterwards.
    known = Known(people=({"name": data.name},) if data.has_people else ())
    blueprint = structure(data.name, data.site_type, data.tagline, items, known)
    return StructureReply(
        pages=[
            PlannedPage(
                slug=page.path.strip("/").rpartition("/")[2],
                parent=page.path.strip("/").rpartition("/")[0],
                title=page.title,
                template=page.template,
                content=page.content or "",
                collect=page.collect or "",
                description=page.description,
            )
            for page in blueprint.walk()
        ],
        header=[path.strip("/") for path in blueprint.menus.get("header", ())],
        legal=[path.strip("/") for path in blueprint.menus.get("legal", ())],
    )


def tree(reply: StructureReply) -> Blueprint:
    """Build the tree from the flat reply: a page stands below the earlier page it names as parent.

    A page whose parent is not there is lost; the function's check refuses such a reply.
    """
    children: dict[str, list[PageSpec]] = {}
    for planned in reversed(reply.pages):
        own = "/".join(part for part in (planned.parent, planned.slug) if part)
        spec = PageSpec(
            path=f"/{own}/" if own else "/",
            title=planned.title,
            template=planned.template,
            content=planned.content or None,
            collect=planned.collect or None,
            description=planned.description,
            children=tuple(children.pop(own, ())) if own else (),
        )
        children.setdefault(planned.parent, []).insert(0, spec)
    roots = children.pop("", [])
    menus = {
        "header": tuple(f"/{slug}/" for slug in reply.header),
        "footer": tuple(f"/{slug}/" for slug in reply.header),
        "legal": tuple(f"/{slug}/" for slug in reply.legal),
    }
    return Blueprint(tuple(roots), {name: paths for name, paths in menus.items() if paths})


def _names_what_exists(data: StructureRequest, reply: StructureReply) -> list[str]:
    slugs = {item.slug for item in data.items}
    problems = [
        f"page `{page.slug}` names content `{page.content}`, which is not there"
        for page in reply.pages
        if page.content and page.content not in slugs
    ]
    if not any(page.slug == "" for page in reply.pages):
        problems.append("there is no home page (a page with an empty slug)")
    return problems


def _makes_a_blueprint(data: StructureRequest, reply: StructureReply) -> list[str]:
    made = tree(reply)
    if len(list(made.walk())) < len(reply.pages):
        return ["a page names a parent that is not there, or that comes after it"]
    try:
        blueprints.parse(blueprints.dump(made), file="reply", templates=data.templates)
    except InvalidInput as error:
        return [f"{error.message} ({error.hint})" if error.hint else error.message]
    return []


GENERATE_SITE_STRUCTURE = AIFunction(
    name="sitebuilder.generate-site-structure",
    input=StructureRequest,
    output=StructureReply,
    prompt=Path(__file__).with_name("prompts") / "generate_site_structure.md",
    cost_key="site_structure",
    offline=_offline,
    checks=(_names_what_exists, _makes_a_blueprint),
)
