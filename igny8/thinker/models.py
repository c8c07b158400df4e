"""Tables of `thinker`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from igny8.db.base import TenantRow


class PromptRow(TenantRow):
    """An account's own text for an AI function. Never changed; at most one is active."""

    __tablename__ = "thinker_prompts"
    __table_args__ = (UniqueConstraint("account_id", "function", "version"),)

    function: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    is_active: Mapped[bool]
    made_by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]


class AuthorProfileRow(TenantRow):
    """Who signs a piece, and how they write."""

    __tablename__ = "thinker_author_profiles"
    __table_args__ = (UniqueConstraint("account_id", "slug"),)

    slug: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(200))
    bio: Mapped[str] = mapped_column(Text)
    style: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class StrategyRow(TenantRow):
    """How pieces of one kind are structured: for a sector, a site, or everywhere."""

    __tablename__ = "thinker_strategies"
    __table_args__ = (UniqueConstraint("account_id", "slug"),)

    slug: Mapped[str] = mapped_column(String(80))
    site_id: Mapped[str | None] = mapped_column(ForeignKey("accounts_sites.id", ondelete="CASCADE"))
    sector_id: Mapped[str | None] = mapped_column(
        ForeignKey("accounts_sectors.id", ondelete="CASCADE")
    )
    entity_type: Mapped[str] = mapped_column(String(20))
    rules: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
