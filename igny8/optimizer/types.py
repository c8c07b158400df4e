"""Values of the optimizer: a page, findings, an analysis, a rewrite. Tables are in `models`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

EntityType = Literal["post", "page", "product", "service", "taxonomy", "collection"]
Status = Literal["good", "ok", "bad"]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What only the site knows of a page; None is unknown, and the checks on it do not apply."""

    inbound_count: int | None = None
    click_depth: int | None = None
    broken_links: tuple[str, ...] | None = None
    is_title_unique: bool | None = None
    is_description_unique: bool | None = None
    nearest_similarity: float | None = None
    """Jaccard similarity of 5-word shingles with the nearest other page, 0 to 1."""
    keyphrase_owner_count: int | None = None
    """How many other pages have the same keyphrase."""
    supporting_keywords: tuple[str, ...] = ()
    has_pillar_link: bool | None = None
    has_sibling_link: bool | None = None
    author: str | None = None
    """The author's name; "" where there is none."""
    has_author_page: bool | None = None
    published_on: str | None = None
    """ISO date; "" where there is none."""
    modified_on: str | None = None


@dataclass(frozen=True, slots=True)
class PageInput:
    """One page as it stands: its body as HTML and what the head says of it."""

    text_html: str
    keyphrase: str = ""
    """Content words in any order; in double quotes, exactly this phrase."""
    synonyms: tuple[str, ...] = ()
    title: str = ""
    """The SEO title; its width in pixels is measured here (`widths.pixels`)."""
    description: str = ""
    slug: str = ""
    permalink: str = ""
    """Absolute URL of the page: tells internal links from outbound ones."""
    locale: str = "en_US"
    entity_type: EntityType = "post"
    is_cornerstone: bool = False
    is_front_page: bool = False
    date: str = ""
    """As shown before the description in search results; it takes of the description's length."""
    internal_hosts: tuple[str, ...] = ()
    """Further host names of the same site, for `igny8_score`."""
    schema_json: tuple[str, ...] | None = None
    """JSON-LD documents of the page; None where they are not known."""
    flesch_band: tuple[int, int] = (50, 80)
    length_target: int | None = None
    """Words that the task asked for."""
    site: SiteFacts = field(default_factory=SiteFacts)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check says: score 0 to 1, weight in the sum, where it was seen and one fix.

    `evidence` are (start, end) offsets of characters in `PageInput.text_html`.
    """

    id: str
    score: float
    weight: int
    status: Status
    message: str
    fix: str = ""
    evidence: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Gate:
    """A state of the page that no number outweighs."""

    id: str
    level: Literal["blocked", "warn"]
    message: str


@dataclass(frozen=True, slots=True)
class YoastCompat:
    """Scores as Yoast's analyzer gives them; None: the assessment gives none for this page.

    `skipped` names the assessments that this language has no data for.
    """

    assessments: Mapping[str, int | None]
    seo: int
    readability: int
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """Two numbers that are never mixed, and why: findings in the order of their ids."""

    yoast_compat: YoastCompat
    igny8_score: int
    findings: tuple[Finding, ...]
    gates: tuple[Gate, ...]
    skipped: tuple[str, ...]
    """Checks that do not apply to this page; they left the sum."""

    @property
    def is_blocked(self) -> bool:
        """Whether a gate forbids publishing."""
        return any(gate.level == "blocked" for gate in self.gates)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A better version of a Markdown body and its head; `changes` say what was done, one each."""

    body: str
    meta_title: str
    meta_description: str
    slug: str = ""
    has_table_of_contents: bool = False
    """Whether the page is long enough to want a table of contents."""
    changes: tuple[str, ...] = ()
