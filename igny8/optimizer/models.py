"""Tables of `optimizer`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from igny8.db.base import TenantRow


class OptimizationTaskRow(TenantRow):
    """One optimization of one item: the original stays, the proposal stands beside it."""

    __tablename__ = "optimizer_optimization_tasks"

    site_id: Mapped[str] = mapped_column(
        ForeignKey("accounts_sites.id", ondelete="CASCADE"), index=True
    )
    content_id: Mapped[str] = mapped_column(
        ForeignKey("writer_contents.id", ondelete="CASCADE"), index=True
    )
    entry_point: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20))
    original_hash: Mapped[str] = mapped_column(String(64))
    original: Mapped[dict[str, Any]]
    optimized: Mapped[dict[str, Any]]
    changes: Mapped[list[str]]
    score_before: Mapped[int]
    score_after: Mapped[int]
    reason: Mapped[str | None] = mapped_column(Text)
    made_with: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class OptimizationScoreRow(TenantRow):
    """What the analyzer said of one version of an item."""

    __tablename__ = "optimizer_optimization_scores"

    content_id: Mapped[str] = mapped_column(
        ForeignKey("writer_contents.id", ondelete="CASCADE"), index=True
    )
    body_hash: Mapped[str] = mapped_column(String(64))
    igny8_score: Mapped[int]
    yoast_seo: Mapped[int]
    yoast_readability: Mapped[int]
    findings: Mapped[list[Any]]
    created_at: Mapped[datetime]
