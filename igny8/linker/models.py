"""Tables of `linker`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from igny8.db.base import TenantRow


class ChangeSetRow(TenantRow):
    """One run of the linker: what `undo` takes back whole."""

    __tablename__ = "linker_change_sets"

    site_id: Mapped[str] = mapped_column(
        ForeignKey("accounts_sites.id", ondelete="CASCADE"), index=True
    )
    link_count: Mapped[int]
    is_undone: Mapped[bool]
    made_by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]


class ChangeRow(TenantRow):
    """One body before and after a run, so that undo restores the exact bytes."""

    __tablename__ = "linker_changes"

    change_set_id: Mapped[str] = mapped_column(
        ForeignKey("linker_change_sets.id", ondelete="CASCADE"), index=True
    )
    content_id: Mapped[str] = mapped_column(ForeignKey("writer_contents.id", ondelete="CASCADE"))
    before: Mapped[str] = mapped_column(Text)
    after_hash: Mapped[str] = mapped_column(String(64))


class InternalLinkRow(TenantRow):
    """A link that the linker added, with why."""

    __tablename__ = "linker_internal_links"
    __table_args__ = (Index("ix_linker_internal_links_source", "site_id", "source_id"),)

    site_id: Mapped[str] = mapped_column(ForeignKey("accounts_sites.id", ondelete="CASCADE"))
    change_set_id: Mapped[str] = mapped_column(
        ForeignKey("linker_change_sets.id", ondelete="CASCADE"), index=True
    )
    source_id: Mapped[str] = mapped_column(ForeignKey("writer_contents.id", ondelete="CASCADE"))
    target_id: Mapped[str] = mapped_column(ForeignKey("writer_contents.id", ondelete="CASCADE"))
    anchor: Mapped[str] = mapped_column(String(300))
    score: Mapped[float]
    signals: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class LessonRow(TenantRow):
    """What a site's links and verdicts taught: one row a site, replaced when learned anew."""

    __tablename__ = "linker_lessons"

    site_id: Mapped[str] = mapped_column(
        ForeignKey("accounts_sites.id", ondelete="CASCADE"), unique=True
    )
    made_by: Mapped[str] = mapped_column(String(200))
    learned_at: Mapped[datetime]
    lesson: Mapped[dict[str, Any]]


class VerdictRow(TenantRow):
    """What a person said of a link from one page to another."""

    __tablename__ = "linker_verdicts"
    __table_args__ = (UniqueConstraint("source_id", "target_id"),)

    site_id: Mapped[str] = mapped_column(
        ForeignKey("accounts_sites.id", ondelete="CASCADE"), index=True
    )
    source_id: Mapped[str] = mapped_column(ForeignKey("writer_contents.id", ondelete="CASCADE"))
    target_id: Mapped[str] = mapped_column(ForeignKey("writer_contents.id", ondelete="CASCADE"))
    is_good: Mapped[bool]
    made_by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
