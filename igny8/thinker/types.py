"""Values that the thinker takes and returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

# The same kinds that `writer.types.EntityType` has; the writer stands above this slice.
ENTITY_TYPES = ("post", "page", "product", "service", "taxonomy")
MAX_SAMPLES = 5


class Layer(StrEnum):
    """Where a prompt in use comes from: the first of these that has one."""

    SITE = "site"
    WORKSPACE = "workspace"
    ACCOUNT = "account"
    SHIPPED = "shipped"


class Person(StrEnum):
    """In which person an author writes."""

    I = "i"  # noqa: E741  (the English word)
    WE = "we"
    YOU = "you"
    THIRD = "third"


@dataclass(frozen=True, slots=True)
class PromptInUse:
    """The prompt that an AI function is run with. `source` is a path, or `account override N`."""

    function: str
    layer: Layer
    version: str
    hash: str
    source: str
    text: str


@dataclass(frozen=True, slots=True)
class PromptVersion:
    """One of an account's own texts for a function. Never changed; at most one is active."""

    function: str
    version: int
    is_active: bool
    made_by: str
    created_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Author:
    """Who signs a piece and how they write. `sentence_words` is the mean to aim at.

    `spelling` is a locale (`en-GB`); "" leaves it to the site. `banned` and `required` are terms.
    """

    slug: str
    name: str
    role: str = ""
    bio: str = ""
    credentials: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    tone: str = ""
    person: Person = Person.WE
    sentence_words: int | None = None
    spelling: str = ""
    banned: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Strategy:
    """How pieces of one entity type are made: for a sector, a site, or everywhere.

    `site` and `sector` are slugs; None means all. `words` is the length to aim at, `author` the
    slug of the profile that writes them.
    """

    slug: str
    entity_type: str
    site: str | None = None
    sector: str | None = None
    tone: str = ""
    structure: str = ""
    required_sections: tuple[str, ...] = ()
    words: int | None = None
    author: str | None = None
