"""Tables of `sitebuilder`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from igny8.db.base import TenantRow


class SiteBlueprintRow(TenantRow):
    """An applied blueprint: immutable and numbered. A build uses one version."""

    __tablename__ = "sitebuilder_site_blueprints"
    __table_args__ = (UniqueConstraint("site_id", "version"),)

    site_id: Mapped[str] = mapped_column(ForeignKey("accounts_sites.id", ondelete="CASCADE"))
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    menus: Mapped[dict[str, Any]]
    redirects: Mapped[list[Any]]
    made_by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]


class SiteFileRow(TenantRow):
    """A file of a site. Its bytes lie in the site's folder `files/`, under the same path."""

    __tablename__ = "sitebuilder_site_files"
    __table_args__ = (UniqueConstraint("site_id", "path"),)

    site_id: Mapped[str] = mapped_column(ForeignKey("accounts_sites.id", ondelete="CASCADE"))
    path: Mapped[str] = mapped_column(String(400))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    alt: Mapped[str] = mapped_column(String(500))
    sha256: Mapped[str] = mapped_column(String(64))
    added_by: Mapped[str] = mapped_column(String(200))
    added_at: Mapped[datetime]


class PageBlueprintRow(TenantRow):
    """One page of a blueprint version."""

    __tablename__ = "sitebuilder_page_blueprints"
    __table_args__ = (UniqueConstraint("blueprint_id", "path"),)

    blueprint_id: Mapped[str] = mapped_column(
        ForeignKey("sitebuilder_site_blueprints.id", ondelete="CASCADE")
    )
    position: Mapped[int]
    path: Mapped[str] = mapped_column(String(500))
    template: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(500))
    settings: Mapped[dict[str, Any]]
