"""Tables of `accounts`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from igny8.db.base import Row, TenantRow


class PlanRow(Row):
    """What an account gets each month. Nothing else is limited."""

    __tablename__ = "accounts_plans"

    slug: Mapped[str] = mapped_column(String(80), unique=True)
    monthly_credits: Mapped[int]
    support_level: Mapped[str] = mapped_column(String(40))


class AccountRow(Row):
    """A tenant."""

    __tablename__ = "accounts_accounts"

    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    plan_id: Mapped[str] = mapped_column(ForeignKey("accounts_plans.id"))
    created_at: Mapped[datetime]


class UserRow(TenantRow):
    """Somebody who may act for an account."""

    __tablename__ = "accounts_users"
    __table_args__ = (UniqueConstraint("account_id", "email"),)

    email: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]


class SiteRow(TenantRow):
    """A client's site: what is not in its `site.toml`."""

    __tablename__ = "accounts_sites"
    # Over all accounts: the slug names the site's folder, and a folder has one owner.
    __table_args__ = (UniqueConstraint("slug"),)

    slug: Mapped[str] = mapped_column(String(80))
    site_type: Mapped[str] = mapped_column(String(20))
    hosting_type: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]


class SectorRow(TenantRow):
    """A part of a site's subject."""

    __tablename__ = "accounts_sectors"
    __table_args__ = (UniqueConstraint("site_id", "slug"),)

    site_id: Mapped[str] = mapped_column(ForeignKey("accounts_sites.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(200))


class SiteAccessRow(TenantRow):
    """An editor or viewer may use this site."""

    __tablename__ = "accounts_site_access"
    __table_args__ = (UniqueConstraint("user_id", "site_id"),)

    user_id: Mapped[str] = mapped_column(ForeignKey("accounts_users.id", ondelete="CASCADE"))
    site_id: Mapped[str] = mapped_column(ForeignKey("accounts_sites.id", ondelete="CASCADE"))
