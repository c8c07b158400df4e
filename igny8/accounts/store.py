"""Named reads and writes of the accounts tables."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from igny8.accounts.models import (
    AccountRow,
    PlanRow,
    SectorRow,
    SiteAccessRow,
    SiteRow,
    UserRow,
)
from igny8.accounts.types import Account, Actor, HostingType, Role, Sector, Site, SiteType, User
from igny8.core.ids import new_id
from igny8.db import Session
from igny8.db.tenancy import is_taken


def account_named(session: Session, slug: str) -> Account | None:
    """Return the account, or None."""
    row = session.scalar(select(AccountRow).where(AccountRow.slug == slug))
    return _account(row) if row else None


def put_plan(session: Session, slug: str, monthly_credits: int, support_level: str) -> str:
    """Make or change a plan; return its id."""
    row = session.scalar(select(PlanRow).where(PlanRow.slug == slug))
    if row is None:
        row = PlanRow(id=new_id("plan"), slug=slug)
        session.add(row)
    row.monthly_credits = monthly_credits
    row.support_level = support_level
    session.flush()
    return row.id


def monthly_credits(session: Session, account_id: str) -> int:
    """Credits that the account's plan grants each month."""
    return session.execute(
        select(PlanRow.monthly_credits)
        .join(AccountRow, AccountRow.plan_id == PlanRow.id)
        .where(AccountRow.id == account_id)
    ).scalar_one()


def add_account(session: Session, slug: str, name: str, plan_id: str, at: datetime) -> Account:
    """Insert an account."""
    row = AccountRow(id=new_id("acc"), slug=slug, name=name, plan_id=plan_id, created_at=at)
    session.add(row)
    session.flush()
    return _account(row)


def rename_account(session: Session, account_id: str, name: str) -> None:
    """Change the account's display name."""
    session.get_one(AccountRow, account_id).name = name


def owner(session: Session, account_id: str) -> Actor | None:
    """Return the account's first owner."""
    query = (
        select(UserRow)
        .where(UserRow.account_id == account_id, UserRow.role == Role.OWNER)
        .order_by(UserRow.id)
        .limit(1)
    )
    row = session.scalar(query)
    return _actor(session, row) if row else None


def users(session: Session) -> list[User]:
    """The account's users, by e-mail address."""
    granted: dict[str, list[str]] = {}
    pairs = select(SiteAccessRow.user_id, SiteRow.slug).join(
        SiteRow, SiteRow.id == SiteAccessRow.site_id
    )
    for user_id, slug in session.execute(pairs.order_by(SiteRow.slug)):
        granted.setdefault(user_id, []).append(slug)
    return [
        User(
            row.id,
            row.email,
            Role(row.role),
            tuple(granted.get(row.id, ())),
            row.token_hash is not None,
        )
        for row in session.scalars(select(UserRow).order_by(UserRow.email))
    ]


def add_user(session: Session, email: str, role: Role, at: datetime) -> str:
    """Insert a user; return the id."""
    row = UserRow(id=new_id("usr"), email=email, role=role, created_at=at)
    session.add(row)
    session.flush()
    return row.id


def set_role(session: Session, user_id: str, role: Role) -> None:
    """Change a user's role."""
    session.get_one(UserRow, user_id).role = role


def set_token(session: Session, user_id: str, token_hash: str | None) -> None:
    """Replace or remove a user's token."""
    session.get_one(UserRow, user_id).token_hash = token_hash


def remove_user(session: Session, user_id: str) -> None:
    """Delete a user; what the user did stays in the outbox by e-mail address."""
    session.execute(delete(UserRow).where(UserRow.id == user_id))


def grant_site(session: Session, user_id: str, site_id: str) -> bool:
    """Let a user use a site. Return whether that is new."""
    query = select(SiteAccessRow.id).where(
        SiteAccessRow.user_id == user_id, SiteAccessRow.site_id == site_id
    )
    if session.scalar(query):
        return False
    session.add(SiteAccessRow(id=new_id("acs"), user_id=user_id, site_id=site_id))
    return True


def revoke_site(session: Session, user_id: str, site_id: str) -> None:
    """Take a site from a user."""
    session.execute(
        delete(SiteAccessRow).where(
            SiteAccessRow.user_id == user_id, SiteAccessRow.site_id == site_id
        )
    )


def sites(session: Session) -> list[Site]:
    """The account's sites, by slug."""
    return [_site(row) for row in session.scalars(select(SiteRow).order_by(SiteRow.slug))]


def is_site_taken(session: Session, slug: str) -> bool:
    """Whether any account has a site of this name."""
    return is_taken(session, SiteRow, "slug", slug)


def add_site(
    session: Session, slug: str, site_type: SiteType, hosting_type: HostingType, at: datetime
) -> Site:
    """Insert a site."""
    row = SiteRow(
        id=new_id("site"),
        slug=slug,
        site_type=site_type,
        hosting_type=hosting_type,
        created_at=at,
    )
    session.add(row)
    session.flush()
    return _site(row)


def set_site(
    session: Session, site_id: str, site_type: SiteType | None, hosting_type: HostingType | None
) -> None:
    """Change what the store knows of a site."""
    row = session.get_one(SiteRow, site_id)
    row.site_type = site_type or row.site_type
    row.hosting_type = hosting_type or row.hosting_type


def remove_site(session: Session, site_id: str) -> None:
    """Delete a site and, by cascade, all rows that belong to it. The ledger stays."""
    session.execute(delete(SiteRow).where(SiteRow.id == site_id))


def sectors(session: Session, site_id: str) -> list[Sector]:
    """A site's sectors, by slug."""
    query = select(SectorRow).where(SectorRow.site_id == site_id).order_by(SectorRow.slug)
    return [Sector(row.id, row.slug, row.name) for row in session.scalars(query)]


def add_sector(session: Session, site_id: str, slug: str, name: str) -> Sector:
    """Insert a sector."""
    row = SectorRow(id=new_id("sec"), site_id=site_id, slug=slug, name=name)
    session.add(row)
    session.flush()
    return Sector(row.id, row.slug, row.name)


def remove_sector(session: Session, sector_id: str) -> None:
    """Delete a sector."""
    session.execute(delete(SectorRow).where(SectorRow.id == sector_id))


def _account(row: AccountRow) -> Account:
    return Account(row.id, row.slug, row.name)


def _actor(session: Session, row: UserRow) -> Actor:
    granted = session.scalars(select(SiteAccessRow.site_id).where(SiteAccessRow.user_id == row.id))
    return Actor(row.id, row.email, Role(row.role), frozenset(granted))


def _site(row: SiteRow) -> Site:
    return Site(
        row.id, row.slug, SiteType(row.site_type), HostingType(row.hosting_type), row.created_at
    )
