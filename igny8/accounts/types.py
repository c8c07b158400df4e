"""Values that the accounts slice takes and returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from igny8.context import Account, Actor, Role

__all__ = ["Account", "Actor", "HostingType", "Need", "Role", "Sector", "Site", "SiteType", "User"]


class SiteType(StrEnum):
    """What a site is for: chooses its default layout."""

    MARKETING = "marketing"
    ECOMMERCE = "ecommerce"
    BLOG = "blog"
    PORTFOLIO = "portfolio"
    CORPORATE = "corporate"
    SERVICE = "service"


class HostingType(StrEnum):
    """Where a site lives: chooses its default targets."""

    STATIC = "static"
    WORDPRESS = "wordpress"
    SHOPIFY = "shopify"
    MULTI = "multi"


class Need(StrEnum):
    """What a service needs of its actor."""

    READ = "read"
    WRITE = "write"
    MANAGE = "manage"


@dataclass(frozen=True, slots=True)
class Site:
    """A site of the account."""

    id: str
    slug: str
    site_type: SiteType
    hosting_type: HostingType
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Sector:
    """A named part of a site's subject, to group and filter by."""

    id: str
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may act for the account."""

    id: str
    email: str
    role: Role
    sites: tuple[str, ...]
    has_token: bool
