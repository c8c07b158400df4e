"""The linker's values: pages, candidates, rejections, limits, links. Plain and frozen; no logic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NamedTuple

BodyFormat = Literal["markdown", "html"]
Origin = Literal["linker", "human"]


@dataclass(frozen=True, slots=True)
class Page:
    """One item of a site as the linker sees it; `body` is its stored text, byte for byte.

    `keywords` are its own target keywords, most important first; `anchors` the anchor texts that
    people used for links to it elsewhere, with how often.
    """

    id: str
    slug: str
    title: str
    body: str
    body_format: BodyFormat = "markdown"
    locale: str = "en"
    entity_type: str = "post"
    keywords: tuple[str, ...] = ()
    cluster_id: str | None = None
    is_pillar: bool = False
    is_linkable: bool = True
    anchors: tuple[tuple[str, int], ...] = ()


class Link(NamedTuple):
    """A link that stands in the body of `source_id`.

    `start` and `end` are character offsets of the whole link markup in that body. `target_id` is
    None when `href` belongs to the site but leads to no page.
    """

    source_id: str
    target_id: str | None
    anchor: str
    href: str
    start: int
    end: int
    origin: Origin = "human"


@dataclass(frozen=True, slots=True)
class Limits:
    """How many links may be added; None lifts a cap. Links that stand already count.

    One link per `per_words` words of a page and at most `per_page`; `per_paragraph` links a
    paragraph; `incoming_per_run` links made by the linker to one target; at most `exact_share` of a
    target's links (but always one) may have its focus keyphrase or title as anchor. Candidates
    that score below `minimum_score` are rejected as not relevant enough.
    """

    per_words: int | None = 150
    per_page: int | None = 12
    per_paragraph: int | None = 1
    incoming_per_run: int | None = 5
    exact_share: float | None = 0.5
    minimum_score: float = 0.5

    @classmethod
    def lifted(cls) -> Limits:
        """Return limits without caps, for measuring how much is found."""
        return cls(None, None, None, None, None)


class Reason(StrEnum):
    """Why a possible link is not made."""

    SELF = "self"
    NOT_LINKABLE = "not-linkable"
    OTHER_LOCALE = "other-locale"
    ALREADY_LINKED = "already-linked"
    NOT_IN_TEXT = "not-in-text"
    FORBIDDEN_PLACE = "forbidden-place"
    UNNATURAL_ANCHOR = "unnatural-anchor"
    BETTER_TARGET = "better-target"
    LOW_RELEVANCE = "low-relevance"
    PAGE_CAP = "page-cap"
    PARAGRAPH_CAP = "paragraph-cap"
    INCOMING_CAP = "incoming-cap"
    EXACT_SHARE = "exact-share"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span of the source's body, `start` to `end`, that may become a link to the target.

    `signals` maps each signal's name to its share of `score` (they add up to it). `paragraph`
    counts the body's blocks; an exact anchor is the target's title or one of its keywords.
    """

    source_id: str
    target_id: str
    anchor: str
    start: int
    end: int
    score: float
    signals: Mapping[str, float]
    paragraph: int = 0
    is_exact: bool = False


@dataclass(frozen=True, slots=True)
class Rejection:
    """A target that the source's text names, and why it gets no link there."""

    source_id: str
    target_id: str
    reason: Reason
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What `suggest` found in one page, best first, and what selecting needs to know of it.

    A target may have several candidates, none of which overlap; at most one is ever chosen.
    `link_count` is how many links to the own site stand in the page, `linked_paragraphs` how many
    links of any kind stand in each paragraph that holds some.
    """

    source_id: str
    candidates: tuple[Candidate, ...]
    rejections: tuple[Rejection, ...]
    word_count: int
    link_count: int
    linked_paragraphs: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Selection:
    """What a run will add over the whole site, by source and place, and what it will not."""

    chosen: tuple[Candidate, ...]
    rejections: tuple[Rejection, ...]
