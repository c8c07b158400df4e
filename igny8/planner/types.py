"""Values that the planner takes and returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from igny8.core.outcome import Problem


class KeywordStatus(StrEnum):
    """Where a keyword stands."""

    NEW = "new"
    CLUSTERED = "clustered"
    UNCLUSTERED = "unclustered"
    IGNORED = "ignored"


class Method(StrEnum):
    """How keywords are clustered."""

    LOCAL = "local"
    AI = "ai"


class IdeaStatus(StrEnum):
    """Where an idea stands."""

    NEW = "new"
    SCHEDULED = "scheduled"
    WRITTEN = "written"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Keyword:
    """A search term of a site. `volume` is searches a month; None means unknown, never 0."""

    id: str
    keyword: str
    volume: int | None
    volume_kind: str
    difficulty: float | None
    cpc: float | None
    intents: tuple[str, ...]
    intent_cue: str | None
    is_branded: bool
    is_local: bool
    source: str
    status: KeywordStatus
    cluster: str | None
    cluster_label: str | None
    confidence: float | None
    reason: str | None
    is_locked: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What tools and rules say of a keyword, and the sector that it was put in."""

    volume: int | None
    volume_kind: str
    difficulty: float | None
    cpc: float | None
    intents: tuple[str, ...]
    intent_cue: str | None
    sector_id: str | None


@dataclass(frozen=True, slots=True)
class Member:
    """A keyword as clustering and ideation need it. `cluster` is where it stands now."""

    id: str
    keyword: str
    normalised: str
    variant: str
    volume: int | None
    intents: tuple[str, ...]
    is_branded: bool
    status: KeywordStatus
    cluster: str | None
    is_locked: bool


@dataclass(frozen=True, slots=True)
class Cluster:
    """Keywords that one page should answer. `volume` counts variants of one phrase once."""

    id: str
    label: str
    pillar: str
    topic: str
    intents: tuple[str, ...]
    size: int
    volume: int
    is_locked: bool
    idea_count: int


@dataclass(frozen=True, slots=True)
class Idea:
    """A page worth writing, with its outline. `outline` is a list of sections as plain data."""

    id: str
    cluster: str
    title: str
    angle: str
    entity_type: str
    outline: tuple[dict[str, Any], ...]
    target_keywords: tuple[str, ...]
    questions: tuple[str, ...]
    estimated_words: int
    status: IdeaStatus
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did with one file.

    `repeated` rows spell a keyword that stands above them. `dropped` rows and `unread` cells are
    (line, reason), the first of so many.
    """

    file: str
    format: str
    rows: int
    added: int
    updated: int
    unchanged: int
    repeated: int
    dropped: tuple[tuple[int, str], ...]
    dropped_count: int
    unread: tuple[tuple[int, str], ...]
    unread_count: int
    ignored_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grouping:
    """What a clustering run did: how many keywords it placed, how many clusters it made."""

    method: Method
    keyword_count: int
    clustered: int
    unclustered: int
    cluster_count: int
    refined_count: int
    credits: int
    problems: tuple[Problem, ...] = ()
