"""Tables of `planner`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from igny8.db.base import TenantRow


class ClusterRow(TenantRow):
    """Keywords that one page should answer."""

    __tablename__ = "planner_clusters"

    site_id: Mapped[str] = mapped_column(
        ForeignKey("accounts_sites.id", ondelete="CASCADE"), index=True
    )
    label: Mapped[str] = mapped_column(String(500))
    pillar: Mapped[str] = mapped_column(String(500))
    topic: Mapped[str] = mapped_column(String(500))
    intents: Mapped[list[str]]
    is_locked: Mapped[bool]
    made_with: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class KeywordRow(TenantRow):
    """A search term: its text as imported, and the form by which duplicates are known."""

    __tablename__ = "planner_keywords"
    __table_args__ = (
        UniqueConstraint("site_id", "normalised"),
        Index("ix_planner_keywords_site_status", "site_id", "status"),
        Index("ix_planner_keywords_site_volume", "site_id", "volume"),
    )

    site_id: Mapped[str] = mapped_column(ForeignKey("accounts_sites.id", ondelete="CASCADE"))
    sector_id: Mapped[str | None] = mapped_column(
        ForeignKey("accounts_sectors.id", ondelete="SET NULL")
    )
    text: Mapped[str] = mapped_column(String(500))
    normalised: Mapped[str] = mapped_column(String(600))
    variant: Mapped[str] = mapped_column(String(600))
    volume: Mapped[int | None] = mapped_column(BigInteger)
    volume_kind: Mapped[str] = mapped_column(String(20))
    difficulty: Mapped[float | None]
    cpc: Mapped[float | None]
    intents: Mapped[list[str]]
    intent_cue: Mapped[str | None] = mapped_column(String(80))
    is_branded: Mapped[bool]
    is_local: Mapped[bool]
    source: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(20))
    cluster_id: Mapped[str | None] = mapped_column(
        ForeignKey("planner_clusters.id", ondelete="SET NULL"), index=True
    )
    confidence: Mapped[float | None]
    reason: Mapped[str | None] = mapped_column(String(200))
    is_locked: Mapped[bool]
    created_at: Mapped[datetime]


class IdeaRow(TenantRow):
    """A page worth writing."""

    __tablename__ = "planner_ideas"

    site_id: Mapped[str] = mapped_column(
        ForeignKey("accounts_sites.id", ondelete="CASCADE"), index=True
    )
    cluster_id: Mapped[str] = mapped_column(
        ForeignKey("planner_clusters.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str] = mapped_column(String(300))
    angle: Mapped[str] = mapped_column(String(500))
    entity_type: Mapped[str] = mapped_column(String(20))
    outline: Mapped[list[Any]]
    target_keywords: Mapped[list[str]]
    questions: Mapped[list[str]]
    estimated_words: Mapped[int]
    status: Mapped[str] = mapped_column(String(20))
    made_with: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
