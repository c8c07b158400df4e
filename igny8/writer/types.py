"""Values that the writer takes and returns, and the one table of editorial moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class EntityType(StrEnum):
    """What kind of thing a content item is."""

    POST = "post"
    PAGE = "page"
    PRODUCT = "product"
    SERVICE = "service"
    TAXONOMY = "taxonomy"


class Status(StrEnum):
    """The editorial status. Where an item stands on the line is derived: see `Stage`."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    ARCHIVED = "archived"


MOVES: dict[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.IN_REVIEW, Status.APPROVED, Status.ARCHIVED}),
    Status.IN_REVIEW: frozenset({Status.DRAFT, Status.APPROVED, Status.ARCHIVED}),
    Status.APPROVED: frozenset({Status.DRAFT, Status.SCHEDULED, Status.PUBLISHED, Status.ARCHIVED}),
    Status.SCHEDULED: frozenset({Status.APPROVED, Status.PUBLISHED, Status.ARCHIVED}),
    Status.PUBLISHED: frozenset({Status.DRAFT, Status.APPROVED, Status.ARCHIVED}),
    Status.ARCHIVED: frozenset({Status.DRAFT}),
}


class Source(StrEnum):
    """Where an item came from."""

    IGNY8 = "igny8"
    WORDPRESS = "wordpress"
    SHOPIFY = "shopify"
    CUSTOM = "custom"


class SyncStatus(StrEnum):
    """How an item relates to a system outside."""

    NATIVE = "native"
    IMPORTED = "imported"
    SYNCED = "synced"


class Linking(StrEnum):
    """Whether the linker has worked on the body as it is now."""

    NOT_LINKED = "not_linked"
    LINKED = "linked"
    NEEDS_LINKING = "needs_linking"


class Optimization(StrEnum):
    """Whether the optimizer has worked on the body as it is now."""

    NOT_OPTIMIZED = "not_optimized"
    OPTIMIZED = "optimized"
    NEEDS_OPTIMIZATION = "needs_optimization"


class Stage(StrEnum):
    """Where an item stands on the line."""

    DRAFT = "draft"
    LINKED = "linked"
    READY_FOR_OPTIMIZATION = "ready_for_optimization"
    OPTIMIZED = "optimized"


@dataclass(frozen=True, slots=True)
class Content:
    """A content item. `body` is Markdown or HTML; internal links in it are `igny8:<id>`."""

    id: str
    slug: str
    title: str
    entity_type: EntityType
    status: Status
    locale: str
    parent_id: str
    body: str
    body_format: str
    body_hash: str
    meta_title: str
    meta_description: str
    keywords: tuple[str, ...]
    tags: tuple[str, ...]
    categories: tuple[str, ...]
    structure_data: dict[str, Any]
    json_blocks: list[Any]
    source: Source
    sync_status: SyncStatus
    external_id: str | None
    sync_metadata: dict[str, Any]
    author: str | None
    cluster_id: str | None
    published_on: date | None
    expires_on: date | None
    is_noindex: bool
    extra: dict[str, Any]
    made_with: dict[str, Any]
    unverified: tuple[dict[str, Any], ...]
    word_count: int
    version: int
    linker_version: int
    optimizer_version: int
    linked_hash: str | None
    optimized_hash: str | None
    created_at: datetime
    updated_at: datetime

    @property
    def linking(self) -> Linking:
        """Derived: the linker recorded the hash of the body it left."""
        if self.linked_hash is None:
            return Linking.NOT_LINKED
        return Linking.LINKED if self.linked_hash == self.body_hash else Linking.NEEDS_LINKING

    @property
    def optimization(self) -> Optimization:
        """Derived: the optimizer recorded the hash of the body it judged or left."""
        if self.optimized_hash is None:
            return Optimization.NOT_OPTIMIZED
        if self.optimized_hash == self.body_hash:
            return Optimization.OPTIMIZED
        return Optimization.NEEDS_OPTIMIZATION

    @property
    def stage(self) -> Stage:
        """Derived from the two above."""
        if self.linking is not Linking.LINKED:
            return Stage.DRAFT
        if self.optimization is Optimization.OPTIMIZED:
            return Stage.OPTIMIZED
        if self.optimization is Optimization.NOT_OPTIMIZED:
            return Stage.LINKED
        return Stage.READY_FOR_OPTIMIZATION

    @property
    def is_linkable(self) -> bool:
        """Whether other pages may link to it: drafts too, so that a batch can be linked whole."""
        return self.status is not Status.ARCHIVED and not self.is_noindex


@dataclass(frozen=True, slots=True)
class Head:
    """A content item without its body, for a build.

    `rendered_id` names its HTML, `links` are the addresses that this HTML links to within the site,
    `digest` changes with any of it.
    """

    id: str
    slug: str
    title: str
    entity_type: str
    locale: str
    parent_id: str
    meta_title: str
    meta_description: str
    tags: tuple[str, ...]
    categories: tuple[str, ...]
    structure_data: dict[str, Any]
    json_blocks: list[Any]
    extra: dict[str, Any]
    author: str | None
    cluster_id: str | None
    published_on: date | None
    expires_on: date | None
    is_noindex: bool
    word_count: int
    updated_on: date
    rendered_id: str
    links: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class NewContent:
    """What a new item is made of. `id` is that of an exported item; links may name it."""

    title: str
    body: str
    slug: str
    entity_type: EntityType = EntityType.POST
    status: Status = Status.DRAFT
    locale: str = "en-GB"
    parent_id: str = ""
    body_format: str = "markdown"
    meta_title: str = ""
    meta_description: str = ""
    keywords: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    structure_data: dict[str, Any] | None = None
    json_blocks: list[Any] | None = None
    source: Source = Source.IGNY8
    sync_status: SyncStatus = SyncStatus.NATIVE
    external_id: str | None = None
    sync_metadata: dict[str, Any] | None = None
    author: str | None = None
    cluster_id: str | None = None
    published_on: date | None = None
    id: str = ""
    updated_on: date | None = None
    expires_on: date | None = None
    is_noindex: bool = False
    extra: dict[str, Any] | None = None
    made_with: dict[str, Any] | None = None
    unverified: tuple[dict[str, Any], ...] = ()


class TaskStatus(StrEnum):
    """Where a writing task stands. Blocked: the knowledge files say too little; see `problem`."""

    QUEUED = "queued"
    DONE = "done"
    FAILED = "failed"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Task:
    """A piece to be written, or written. `brief` is the idea's outline and keywords."""

    id: str
    title: str
    entity_type: EntityType
    status: TaskStatus
    brief: dict[str, Any]
    estimated_words: int
    idea_id: str | None
    content_id: str | None
    problem: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """An earlier form of an item."""

    number: int
    title: str
    body: str
    meta_title: str
    meta_description: str
    by: str
    reason: str
    created_at: datetime
