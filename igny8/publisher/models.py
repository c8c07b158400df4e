"""Tables of `publisher`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from igny8.db.base import TenantRow


class TargetRow(TenantRow):
    """Where a site is published: an adapter and its options. Secrets in it are references."""

    __tablename__ = "publisher_targets"
    __table_args__ = (UniqueConstraint("site_id", "name"),)

    site_id: Mapped[str] = mapped_column(ForeignKey("accounts_sites.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    adapter: Mapped[str] = mapped_column(String(80))
    options: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class DeploymentRecordRow(TenantRow):
    """One release on one target, from before the first call until its end is known."""

    __tablename__ = "publisher_deployment_records"

    site_id: Mapped[str] = mapped_column(
        ForeignKey("accounts_sites.id", ondelete="CASCADE"), index=True
    )
    target_id: Mapped[str] = mapped_column(ForeignKey("publisher_targets.id", ondelete="CASCADE"))
    release: Mapped[str] = mapped_column(String(60))
    status: Mapped[str] = mapped_column(String(20))
    digest: Mapped[str] = mapped_column(String(64))
    files: Mapped[dict[str, Any]]
    added: Mapped[int]
    changed: Mapped[int]
    removed: Mapped[int]
    problem: Mapped[str | None] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class PublishingRecordRow(TenantRow):
    """A content item that went live with a release."""

    __tablename__ = "publisher_publishing_records"
    __table_args__ = (UniqueConstraint("deployment_id", "content_id"),)

    deployment_id: Mapped[str] = mapped_column(
        ForeignKey("publisher_deployment_records.id", ondelete="CASCADE")
    )
    content_id: Mapped[str] = mapped_column(ForeignKey("writer_contents.id", ondelete="CASCADE"))
    url: Mapped[str] = mapped_column(String(700))
    body_hash: Mapped[str] = mapped_column(String(64))
