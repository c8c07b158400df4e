"""The blocks a page is made of: one schema per type. How they look stands in `layouts/_blocks/`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from igny8.core.errors import InvalidInput, nearest

_SAFE_HREF = re.compile(r"igny8:|https?://|mailto:|tel:|[/#](?!/)")


def _href(value: str) -> str:
    if not _SAFE_HREF.match(value) or re.search(r"[\x00-\x20\x7f\\]", value):
        raise ValueError(
            "a link starts with igny8:, https://, http://, mailto:, tel:, / or # and has no spaces"
        )
    return value


Href = Annotated[str, AfterValidator(_href)]
GridStyle = Literal["auto", "cards", "posts", "lead", "stream", "years"]
Tone = Literal["plain", "soft", "deep"]


class Part(BaseModel):
    """A piece of a block."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Action(Part):
    """A button or link."""

    label: str
    href: Href


class Section(Part):
    """What every block with a heading shares."""

    kicker: str = Field("", description="a few words above the title")
    title: str = ""
    intro: str = Field("", description="one or two sentences under the title")
    tone: Tone = Field("plain", description="background: plain, soft or deep")


class Hero(Section):
    """The opening of a page: title, lead and up to two actions. Empty fields come from the page."""

    actions: tuple[Action, ...] = Field((), max_length=2)
    style: Literal["split", "centre", "plain"] = "split"
    facts: bool = Field(False, description="show opening hours, address and phone under it")


class PageHeader(Part):
    """The page's title and summary; `meta` adds author, date, reading time; `art` an ornament."""

    meta: bool = False
    art: bool = False
    kicker: str = ""


class RichText(Section):
    """Running text. `source: body` takes the page's own body, else `html`, which is sanitised."""

    source: Literal["body", "html"] = "html"
    html: str = ""


class Card(Part):
    """A card written out by hand."""

    title: str
    text: str = ""
    href: Href | None = None
    meta: str = ""


class CardGrid(Section):
    """Cards of pages of the site, or of `items`. `page_size` spreads them over several pages."""

    source: Literal["children", "posts", "products", "services", "pages", "items"] = "children"
    pages: tuple[str, ...] = Field((), description="page ids, for `source: pages`")
    items: tuple[Card, ...] = ()
    limit: int = Field(0, ge=0, description="how many at most; 0 is all")
    page_size: int = Field(0, ge=0, description="cards a page; 0 is no paging")
    style: GridStyle = "auto"
    more: Action | None = None
    empty: str = Field("", description="said when there is nothing to list; empty hides the block")


class Feature(Part):
    """One strength."""

    title: str
    text: str = ""


class Features(Section):
    """Three to six strengths side by side."""

    items: tuple[Feature, ...] = Field(min_length=1)


class Steps(Section):
    """How something is done, in numbered order."""

    items: tuple[Feature, ...] = Field(min_length=1)


class Stat(Part):
    """One number and what it counts."""

    value: str
    label: str


class Stats(Section):
    """A row of numbers."""

    items: tuple[Stat, ...] = Field(min_length=1)


class Testimonial(Part):
    """What a customer said."""

    quote: str
    name: str
    role: str = ""


class Testimonials(Section):
    """What customers said."""

    items: tuple[Testimonial, ...] = Field(min_length=1)


class Question(Part):
    """A question and its answer, in plain text; blank lines part paragraphs."""

    question: str
    answer: str


class Faq(Section):
    """Questions that open to their answers."""

    items: tuple[Question, ...] = Field(min_length=1)


class Cta(Section):
    """A closing call to action. Without `actions` it offers the business's phone and e-mail."""

    tone: Tone = "deep"
    actions: tuple[Action, ...] = Field((), max_length=2)


class Contact(Section):
    """Address, phone, e-mail and opening hours of the business."""


class Table(Section):
    """A table with a header row."""

    caption: str = ""
    columns: tuple[str, ...] = Field(min_length=1)
    rows: tuple[tuple[str, ...], ...] = Field(min_length=1)


class Related(Section):
    """Cards of the pages that this page is related to."""

    limit: int = Field(3, ge=1)
    style: GridStyle = "cards"


class Breadcrumbs(Part):
    """The way from the home page to this one."""


class Toc(Part):
    """The headings of the page's body, when there are at least `least` of them."""

    least: int = Field(3, ge=1)


class Facts(Part):
    """Price, duration, availability and the like, from the page's structure data."""

    action: bool = Field(True, description="offer phone or e-mail beside the facts")


class Tags(Part):
    """The page's tags, linked where the site has a page for them."""


class AuthorBox(Part):
    """Who wrote the page."""


class Notice(Part):
    """A short remark that stands out."""

    text: str
    title: str = ""
    kind: Literal["note", "important"] = "note"


class Member(Part):
    """One person of a team."""

    name: str
    role: str = ""
    text: str = ""
    href: Href | None = None


class People(Section):
    """The people behind the site."""

    items: tuple[Member, ...] = Field(min_length=1)


class Plan(Part):
    """One priced offer."""

    name: str
    price: str
    unit: str = ""
    text: str = ""
    points: tuple[str, ...] = ()
    action: Action | None = None
    is_highlighted: bool = False


class Pricing(Section):
    """Offers side by side with their prices."""

    items: tuple[Plan, ...] = Field(min_length=1)


class Slot(Part):
    """In a recipe: here stand the page's own blocks."""


BLOCKS: Mapping[str, type[Part]] = {
    "author_box": AuthorBox,
    "breadcrumbs": Breadcrumbs,
    "card_grid": CardGrid,
    "contact": Contact,
    "cta": Cta,
    "facts": Facts,
    "faq": Faq,
    "features": Features,
    "hero": Hero,
    "notice": Notice,
    "page_header": PageHeader,
    "people": People,
    "pricing": Pricing,
    "related": Related,
    "rich_text": RichText,
    "slot": Slot,
    "stats": Stats,
    "steps": Steps,
    "table": Table,
    "tags": Tags,
    "testimonials": Testimonials,
    "toc": Toc,
}


def parse_block(
    type_: str, data: Mapping[str, object], *, file: str | None = None, line: int | None = None
) -> Part:
    """Return the checked block. Raises InvalidInput that names the nearest type or field."""
    schema = BLOCKS.get(type_)
    if schema is None:
        raise InvalidInput(
            f"there is no block type `{type_}`", file=file, line=line, hint=_hint(type_, BLOCKS)
        )
    try:
        return schema.model_validate(dict(data))
    except ValidationError as error:
        errors = error.errors()
        # A misspelt field is reported twice, as unknown and as missing: the first says more.
        first = next((e for e in errors if e["type"] == "extra_forbidden"), errors[0])
        where = ".".join(str(part) for part in first["loc"])
        if first["type"] != "extra_forbidden":
            raise InvalidInput(
                f"block `{type_}`, field `{where}`: {first['msg']}", file=file, line=line
            ) from None
        field = str(first["loc"][-1])
        known = _fields_at(schema, first["loc"][:-1])
        raise InvalidInput(
            f"block `{type_}` has no field `{where}`",
            file=file,
            line=line,
            hint=_hint(field, known),
        ) from None


def _hint(name: str, known: Mapping[str, object]) -> str:
    near = nearest(name, known)
    return f"did you mean `{near}`?" if near else f"one of: {', '.join(sorted(known))}"


def _fields_at(schema: type[BaseModel], location: tuple[str | int, ...]) -> Mapping[str, object]:
    """Return the fields of the part that `location` points into, e.g. `items.0` of features."""
    for step in location:
        if isinstance(step, int):
            continue
        inner = _models_in(schema.model_fields[step].annotation)
        if not inner:
            break
        schema = inner[0]
    return schema.model_fields


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for arg in getattr(annotation, "__args__", ()) for m in _models_in(arg)]
