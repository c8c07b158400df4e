"""Tables of `jobs`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from igny8.db.base import TenantRow


class OutboxEvent(TenantRow):
    """Something that happened: audit trail, history and automation's trigger in one."""

    __tablename__ = "jobs_outbox"
    __table_args__ = (Index("ix_jobs_outbox_subject", "account_id", "subject"),)

    event: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(80))
    site_id: Mapped[str | None] = mapped_column(String(40), index=True)
    actor: Mapped[str] = mapped_column(String(200))
    run_id: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
