"""Tables of `writer`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from igny8.db.base import TenantRow

_LAST = 1


class TaskRow(TenantRow):
    """A piece to be written."""

    __tablename__ = "writer_tasks"

    site_id: Mapped[str] = mapped_column(
        ForeignKey("accounts_sites.id", ondelete="CASCADE"), index=True
    )
    # No foreign key to the planner's tables: that module may be switched off, tables and all.
    idea_id: Mapped[str | None] = mapped_column(String(40), unique=True)
    content_id: Mapped[str | None] = mapped_column(
        ForeignKey("writer_contents.id", ondelete="SET NULL")
    )
    title: Mapped[str] = mapped_column(String(300))
    entity_type: Mapped[str] = mapped_column(String(20))
    brief: Mapped[dict[str, Any]]
    estimated_words: Mapped[int]
    status: Mapped[str] = mapped_column(String(20))
    problem: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]


class ContentRow(TenantRow):
    """A content item of any kind and source."""

    __tablename__ = "writer_contents"
    __table_args__ = (
        # An item without a parent has "" there: NULLs would not exclude each other.
        UniqueConstraint("site_id", "locale", "parent_id", "slug"),
        Index("ix_writer_contents_site_status", "site_id", "status"),
        Index("ix_writer_contents_external", "site_id", "external_id"),
    )

    site_id: Mapped[str] = mapped_column(ForeignKey("accounts_sites.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(String(120))
    locale: Mapped[str] = mapped_column(String(10))
    parent_id: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(500))
    entity_type: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20))
    body_format: Mapped[str] = mapped_column(String(10))
    body_hash: Mapped[str] = mapped_column(String(64))
    rendered_id: Mapped[str | None] = mapped_column(ForeignKey("writer_rendered_bodies.id"))
    meta_title: Mapped[str] = mapped_column(String(500))
    meta_description: Mapped[str] = mapped_column(String(1000))
    keywords: Mapped[list[str]]
    tags: Mapped[list[str]]
    categories: Mapped[list[str]]
    structure_data: Mapped[dict[str, Any]]
    json_blocks: Mapped[list[Any]]
    source: Mapped[str] = mapped_column(String(20))
    sync_status: Mapped[str] = mapped_column(String(20))
    external_id: Mapped[str | None] = mapped_column(String(200))
    sync_metadata: Mapped[dict[str, Any]]
    author: Mapped[str | None] = mapped_column(String(120))
    cluster_id: Mapped[str | None] = mapped_column(String(40))  # the planner's: see TaskRow
    published_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    is_noindex: Mapped[bool]
    extra: Mapped[dict[str, Any]]
    made_with: Mapped[dict[str, Any]]
    unverified: Mapped[list[Any]]
    word_count: Mapped[int]
    version: Mapped[int]
    linker_version: Mapped[int]
    optimizer_version: Mapped[int]
    linked_hash: Mapped[str | None] = mapped_column(String(64))
    optimized_hash: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    # Last: SQLite reads a row's columns in order, and lists need all but this one.
    body: Mapped[str] = mapped_column(Text, sort_order=_LAST)


class ContentVersionRow(TenantRow):
    """An item as it was before a change."""

    __tablename__ = "writer_content_versions"
    __table_args__ = (UniqueConstraint("content_id", "number"),)

    content_id: Mapped[str] = mapped_column(ForeignKey("writer_contents.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(500))
    body: Mapped[str] = mapped_column(Text)
    meta_title: Mapped[str] = mapped_column(String(500))
    meta_description: Mapped[str] = mapped_column(String(1000))
    made_by: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]


class RenderedBodyRow(TenantRow):
    """A body as HTML, made when the item is saved, so that builds parse no Markdown.

    The id is a hash of account, renderer version, format and body: equal bodies share a row.
    """

    __tablename__ = "writer_rendered_bodies"

    html: Mapped[str] = mapped_column(Text, sort_order=_LAST)
    links: Mapped[list[str]]  # addresses within the site that it links to, in order
