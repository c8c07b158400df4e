"""The sitebuilder's AI function: a site's structure. Its offline answer is `structure`."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from igny8.ai.function import AIFunction
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


def _names_what_exists(data: StructureRequest, reply: StructureReply) -> list[str]:
    slugs = {item.slug for item in data.items}
    problems = []
    for page in reply.pages:
        if page.content and page.content not in slugs:
            problems.append(
                f"page `{page.slug}` names content `{page.content}`, which is not there"
            )
        if page.template not in data.templates:
            problems.append(f"page `{page.slug}` names template `{page.template}`")
    if not any(page.slug == "" for page in reply.pages):
        problems.append("there is no home page (a page with an empty slug)")
    return problems


GENERATE_SITE_STRUCTURE = AIFunction(
    name="sitebuilder.generate-site-structure",
    input=StructureRequest,
    output=StructureReply,
    prompt=Path(__file__).with_name("prompts") / "generate_site_structure.md",
    cost_key="site_structure",
    offline=_offline,
    checks=(_names_what_exists,),
)
