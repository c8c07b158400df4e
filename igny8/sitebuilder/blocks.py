"""The blocks a page is made of: one schema per type. How they look stands in `layouts/_blocks/`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from igny8.core.errors import nearest
from igny8.safety.yaml import Place

_SAFE_HREF = re.compile(r"igny8:|https?://|mailto:|tel:|[/#](?!/)")
# Control characters, and those that turn the direction of the text around them: no block needs
# them, and they would make a page invalid or let a text reorder what stands beside it.
_STRAY = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def _href(value: str) -> str:
    if not _SAFE_HREF.match(value) or re.search(r"[\x00-\x20\x7f\\]", value):
        raise ValueError(
            "a link starts with igny8:, https://, http://, mailto:, tel:, / or # and has no spaces"
        )
    return value


def _picture(value: str) -> str:
    if not re.match(r"/(?!/)", value) or re.search(r"[\x00-\x20\x7f\\]", value):
        raise ValueError(
            "a picture is a file of the site: its path starts with / and has no spaces"
        )
    return value


Href = Annotated[str, AfterValidator(_href)]
Src = Annotated[str, AfterValidator(_picture)]
Html = Annotated[str, "html"]
PageId = Annotated[str, "page id"]
# A field that is plain `str` holds words for visitors; what is none of that is annotated.
CardKind = Literal["article", "product", "project", "person", "service"]
GridStyle = Literal["auto", "cards", "posts", "lead", "stream", "years"]
Tone = Literal["plain", "soft", "deep"]


class Part(BaseModel):
    """A piece of a block."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _without_stray_characters(cls, value: object) -> object:
        return _tidy(value)


def _tidy(value: object) -> object:
    if isinstance(value, str):
        return _STRAY.sub("", value)
    if isinstance(value, list | tuple):
        return [_tidy(each) for each in value]
    return value


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
    html: Html = ""


class Card(Part):
    """A card written out by hand. Without `image` it gets a drawn one where its kind has one."""

    title: str
    text: str = ""
    href: Href | None = None
    meta: str = Field("", description="a person's role, a project's year, how long a service takes")
    kind: CardKind | Literal["item"] = Field("item", description="what it stands for")
    image: Src | None = None
    price: str = ""
    badge: str = Field("", description="one or two words on the picture, such as `New`")


class CardGrid(Section):
    """Cards of pages of the site, or of `items`. `page_size` spreads them over several pages."""

    source: Literal["children", "posts", "products", "services", "pages", "items"] = "children"
    pages: tuple[PageId, ...] = Field((), description="page ids, for `source: pages`")
    items: tuple[Card, ...] = ()
    limit: int = Field(0, ge=0, description="how many at most; 0 is all")
    page_size: int = Field(0, ge=0, description="cards a page; 0 is no paging")
    style: GridStyle = "auto"
    card: CardKind | Literal["auto"] = Field(
        "auto", description="show every page as this kind of card; auto goes by the page's own kind"
    )
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


class Picture(Part):
    """A picture of a gallery. Without `image` a drawn one stands in."""

    image: Src | None = None
    alt: str = Field("", description="what can be seen, for who can't see it")
    caption: str = ""
    width: int | None = Field(None, ge=1, description="pixels")
    height: int | None = Field(None, ge=1, description="pixels")
    href: Href | None = None


class Gallery(Section):
    """Pictures side by side. `natural` keeps each picture's own shape, in columns."""

    items: tuple[Picture, ...] = Field(min_length=1)
    shape: Literal["landscape", "square", "portrait", "natural"] = "landscape"


class Logo(Part):
    """A customer, partner or seal. Without `image` the name is set as a word mark."""

    name: str
    image: Src | None = None
    href: Href | None = None


class Logos(Section):
    """A row of names or logos."""

    items: tuple[Logo, ...] = Field(min_length=1)


class Option(Part):
    """One of the things compared."""

    name: str
    note: str = Field("", description="a few words under the name, such as a price")
    action: Action | None = None
    is_highlighted: bool = False


class Criterion(Part):
    """What is compared, with one value for each option: a text, or true and false."""

    label: str
    values: tuple[bool | str, ...] = Field(min_length=1)


class Comparison(Section):
    """Options side by side, criterion by criterion."""

    options: tuple[Option, ...] = Field(min_length=1, max_length=6)
    criteria: tuple[Criterion, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _has_a_value_for_each_option(self) -> Self:
        for each in self.criteria:
            if len(each.values) != len(self.options):
                raise ValueError(
                    f"`{each.label}` has {len(each.values)} values for {len(self.options)} options"
                )
        return self


class Moment(Part):
    """Something that happened, and when, in words: `2009`, `Spring 2024`."""

    when: str
    title: str
    text: str = ""
    href: Href | None = None


class Timeline(Section):
    """What happened, in the order of the items."""

    items: tuple[Moment, ...] = Field(min_length=1)


class Newsletter(Section):
    """A form for an e-mail address. It posts to `newsletter.url` of site.toml, nowhere else.

    Without that address it offers an e-mail to the business, else the feed, else it is left out.
    """

    button: str = Field("", description="what the button says; empty is `Subscribe`")
    note: str = Field("", description="what happens with the address, and how to leave")


class Map(Section):
    """Where the business is: address, drawn map and a link to OpenStreetMap. Nothing is loaded."""

    address: tuple[str, ...] = Field((), description="lines; empty takes the business's address")
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    directions: str = Field("", description="how to get there; blank lines part paragraphs")


class Search(Section):
    """A form that leads to the site's search page; there, everything on the site by section."""


class Pagination(Part):
    """The pages before and after this one in its section."""


class Slot(Part):
    """In a recipe: here stand the page's own blocks."""


BLOCKS: Mapping[str, type[Part]] = {
    "author_box": AuthorBox,
    "breadcrumbs": Breadcrumbs,
    "card_grid": CardGrid,
    "comparison": Comparison,
    "contact": Contact,
    "cta": Cta,
    "facts": Facts,
    "faq": Faq,
    "features": Features,
    "gallery": Gallery,
    "hero": Hero,
    "logos": Logos,
    "map": Map,
    "newsletter": Newsletter,
    "notice": Notice,
    "page_header": PageHeader,
    "pagination": Pagination,
    "people": People,
    "pricing": Pricing,
    "related": Related,
    "rich_text": RichText,
    "search": Search,
    "slot": Slot,
    "stats": Stats,
    "steps": Steps,
    "table": Table,
    "tags": Tags,
    "testimonials": Testimonials,
    "timeline": Timeline,
    "toc": Toc,
}


def parse_block(
    type_: str,
    data: Mapping[str, object],
    *,
    file: str | None = None,
    line: int | None = None,
    place: Place | None = None,
) -> Part:
    """Return the checked block. Raises InvalidInput that names the nearest type or field.

    `place` is that of `data`: with it an error names the line of the field itself.
    """
    here = place or Place(file, {(): line} if line else {})
    schema = BLOCKS.get(type_)
    if schema is None:
        raise here.error(f"there is no block type `{type_}`", hint=_hint(type_, BLOCKS))
    try:
        return schema.model_validate(dict(data))
    except ValidationError as error:
        errors = error.errors()
        # A misspelt field is reported twice, as unknown and as missing: the first says more.
        first = next((e for e in errors if e["type"] == "extra_forbidden"), errors[0])
        where = ".".join(str(part) for part in first["loc"])
        here = here.at(*first["loc"])
        if first["type"] != "extra_forbidden":
            said = f"block `{type_}`, field `{where}`: {first['msg']}"
            raise here.error(said) from None
        known = _fields_at(schema, first["loc"][:-1])
        hint = _hint(str(first["loc"][-1]), known)
        raise here.error(f"block `{type_}` has no field `{where}`", hint=hint) from None


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
