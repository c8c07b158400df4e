"""Tables of `billing`. Entries are immutable: triggers in the migration refuse changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from igny8.db.base import TenantRow


class BalanceRow(TenantRow):
    """One guarded row an account: every movement goes through it."""

    __tablename__ = "billing_balances"
    __table_args__ = (
        UniqueConstraint("account_id"),
        CheckConstraint("available >= 0", name="available_not_negative"),
        CheckConstraint("held >= 0", name="held_not_negative"),
    )

    available: Mapped[int]
    held: Mapped[int]


class GrantRow(TenantRow):
    """Credits given, and how many of them are neither used nor held."""

    __tablename__ = "billing_grants"
    __table_args__ = (
        UniqueConstraint("account_id", "key"),
        CheckConstraint("remaining >= 0 AND remaining <= amount", name="remaining_in_range"),
    )

    amount: Mapped[int]
    remaining: Mapped[int]
    priority: Mapped[int]
    expires_at: Mapped[datetime | None]
    key: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]


class EntryRow(TenantRow):
    """A ledger entry. `allocation` is the slices of grants that a hold took."""

    __tablename__ = "billing_ledger_entries"
    __table_args__ = (
        UniqueConstraint("account_id", "key"),
        Index("ix_billing_ledger_entries_work", "account_id", "work"),
    )

    kind: Mapped[str] = mapped_column(String(20))
    amount: Mapped[int]
    key: Mapped[str] = mapped_column(String(200))
    work: Mapped[str | None] = mapped_column(String(200))
    hold_id: Mapped[str | None] = mapped_column(ForeignKey("billing_ledger_entries.id"), index=True)
    grant_id: Mapped[str | None] = mapped_column(ForeignKey("billing_grants.id"))
    allocation: Mapped[list[Any]]
    function: Mapped[str | None] = mapped_column(String(80))
    subject: Mapped[str | None] = mapped_column(String(80))
    # No foreign key: the ledger outlives the site.
    site_id: Mapped[str | None] = mapped_column(String(40), index=True)
    actor: Mapped[str] = mapped_column(String(200))
    run_id: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]


class UsageRow(TenantRow):
    """One charged AI call."""

    __tablename__ = "billing_usage_log"

    hold_id: Mapped[str] = mapped_column(ForeignKey("billing_ledger_entries.id"), unique=True)
    function: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(80))
    site_id: Mapped[str | None] = mapped_column(String(40), index=True)
    units: Mapped[int]
    credits: Mapped[int]
    input_tokens: Mapped[int]
    output_tokens: Mapped[int]
    provider: Mapped[str] = mapped_column(String(40))
    model: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime]
