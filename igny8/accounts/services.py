"""Use cases of accounts, users, sites and sectors."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any

from igny8.accounts import store
from igny8.accounts.access import require, sees
from igny8.accounts.identity import site, token_hash
from igny8.accounts.types import (
    Account,
    HostingType,
    Need,
    Role,
    Sector,
    Site,
    SiteType,
    User,
)
from igny8.config.edit import set_key, set_texts
from igny8.config.write import write_site
from igny8.context import Context, record_event
from igny8.core.clock import Clock
from igny8.core.errors import AccessDenied, Conflict, InvalidInput, NotFound
from igny8.db import Database

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_LONGEST = 200
DEFAULT_LAYOUT = {
    SiteType.MARKETING: "default",
    SiteType.ECOMMERCE: "default",
    SiteType.BLOG: "default",
    SiteType.PORTFOLIO: "default",
    SiteType.CORPORATE: "default",
    SiteType.SERVICE: "default",
}


def create_account(
    database: Database,
    clock: Clock,
    *,
    slug: str,
    name: str,
    owner_email: str,
    monthly_credits: int,
) -> Account:
    """Make a tenant with its plan and first owner. The operator's act: no context exists yet.

    Raises Conflict when the slug is taken.
    """
    _check_slug(slug)
    _check_name(name)
    _check_email(owner_email)
    with database.operator_write() as session:
        if store.account_named(session, slug):
            raise Conflict(f"account `{slug}` exists already")
        plan_id = store.put_plan(session, f"{slug}-plan", monthly_credits, "standard")
        account = store.add_account(session, slug, name, plan_id, clock.now())
    with database.write(account.id) as session:
        store.add_user(session, owner_email, Role.OWNER, clock.now())
    return account


def first_token(database: Database, account: Account) -> str | None:
    """Make the first owner's token while no user of the account has one; None afterwards.

    The operator's act, for stores that trust tokens only: without it nobody could ever log in.
    """
    with database.write(account.id) as session:
        known = store.owner(session, account.id)
        if known is None or any(user.has_token for user in store.users(session)):
            return None
        token = _new_token()
        store.set_token(session, known.user_id, token_hash(token))
    return token


def rename_account(ctx: Context, name: str) -> None:
    """Change the account's display name."""
    require(ctx.actor, Need.MANAGE)
    _check_name(name)
    with ctx.write() as session:
        store.rename_account(session, ctx.account.id, name)


def users(ctx: Context) -> list[User]:
    """The account's users."""
    require(ctx.actor, Need.MANAGE)
    with ctx.read() as session:
        return store.users(session)


def add_user(ctx: Context, email: str, role: Role) -> User:
    """Let somebody act for the account. Raises Conflict if the address is a user already."""
    require(ctx.actor, Need.MANAGE)
    _check_email(email)
    _only_owner_makes_owners(ctx, role)
    with ctx.write() as session:
        if any(user.email == email for user in store.users(session)):
            raise Conflict(f"{email} is a user already", hint="see `igny8 user list`")
        user_id = store.add_user(session, email, role, ctx.clock.now())
        record_event(ctx, session, "accounts.user-added", subject=user_id, email=email, role=role)
    return User(user_id, email, role, (), has_token=False)


def set_role(ctx: Context, email: str, role: Role) -> None:
    """Change a user's role; the last owner stays one."""
    require(ctx.actor, Need.MANAGE)
    _only_owner_makes_owners(ctx, role)
    with ctx.write() as session:
        user = _user(store.users(session), email)
        _keep_an_owner(ctx, store.users(session), user, role)
        store.set_role(session, user.id, role)
        record_event(ctx, session, "accounts.role-changed", subject=user.id, email=email, role=role)


def remove_user(ctx: Context, email: str) -> None:
    """Remove a user; the last owner stays."""
    require(ctx.actor, Need.MANAGE)
    with ctx.write() as session:
        user = _user(store.users(session), email)
        _keep_an_owner(ctx, store.users(session), user, None)
        store.remove_user(session, user.id)
        record_event(ctx, session, "accounts.user-removed", subject=user.id, email=email)


def grant_access(ctx: Context, email: str, site_slug: str) -> bool:
    """Let an editor or viewer use a site. Return whether that is new."""
    require(ctx.actor, Need.MANAGE)
    with ctx.write() as session:
        user = _user(store.users(session), email)
        target = _site(ctx, store.sites(session), site_slug)
        is_new = store.grant_site(session, user.id, target.id)
        if is_new:
            record_event(ctx, session, "accounts.access-granted", subject=user.id, site=site_slug)
    return is_new


def revoke_access(ctx: Context, email: str, site_slug: str) -> None:
    """Take a site from an editor or viewer."""
    require(ctx.actor, Need.MANAGE)
    with ctx.write() as session:
        user = _user(store.users(session), email)
        target = _site(ctx, store.sites(session), site_slug)
        store.revoke_site(session, user.id, target.id)
        record_event(ctx, session, "accounts.access-revoked", subject=user.id, site=site_slug)


def issue_token(ctx: Context, email: str) -> str:
    """Make a token for a user, replacing the old one. Shown once; the store keeps its hash."""
    if email != ctx.actor.email:
        require(ctx.actor, Need.MANAGE)
    token = _new_token()
    with ctx.write() as session:
        user = _user(store.users(session), email)
        _only_owner_changes_owners(ctx, user)
        store.set_token(session, user.id, token_hash(token))
        record_event(ctx, session, "accounts.token-issued", subject=user.id, email=email)
    return token


def revoke_token(ctx: Context, email: str) -> None:
    """Make a user's token worthless."""
    if email != ctx.actor.email:
        require(ctx.actor, Need.MANAGE)
    with ctx.write() as session:
        user = _user(store.users(session), email)
        _only_owner_changes_owners(ctx, user)
        store.set_token(session, user.id, None)
        record_event(ctx, session, "accounts.token-revoked", subject=user.id, email=email)


def _new_token() -> str:
    return f"igny8_{secrets.token_urlsafe(32)}"


def add_site(
    ctx: Context,
    slug: str,
    *,
    site_type: SiteType = SiteType.MARKETING,
    hosting_type: HostingType = HostingType.STATIC,
    identity: dict[str, Any] | None = None,
) -> Site:
    """Make a site: its row, and its `site.toml` unless that lies there already."""
    require(ctx.actor, Need.MANAGE)
    _check_slug(slug)
    folder = ctx.config.site_folder(slug)
    with ctx.write() as session:
        if any(known.slug == slug for known in store.sites(session)):
            raise Conflict(f"site `{slug}` exists already", hint="see `igny8 site list`")
        if store.is_site_taken(session, slug):
            raise Conflict(
                f"the site name `{slug}` is taken in this workspace",
                hint="choose another: a name is a folder under `sites/`, and has one owner",
            )
        if not (folder / "site.toml").exists():
            write_site(
                folder, {"name": slug, "layout": DEFAULT_LAYOUT[site_type]} | (identity or {})
            )
        ctx.config.site(slug)  # what lies there must be readable before the row exists
        made = store.add_site(session, slug, site_type, hosting_type, ctx.clock.now())
        record_event(ctx, session, "accounts.site-added", subject=made.id, slug=slug)
    return made


def set_site(ctx: Context, slug: str, key: str, value: str) -> None:
    """Change one fact of a site, where that fact lives: its row or its `site.toml`."""
    found = site(ctx, slug, Need.MANAGE)
    if key in ("site_type", "hosting_type"):
        kinds: type[SiteType] | type[HostingType] = SiteType if key == "site_type" else HostingType
        if value not in set(kinds):
            raise InvalidInput(f"`{value}` is no {key}", hint=f"one of {', '.join(kinds)}")
        with ctx.write() as session:
            store.set_site(
                session,
                found.id,
                SiteType(value) if key == "site_type" else None,
                HostingType(value) if key == "hosting_type" else None,
            )
            record_event(
                ctx, session, "accounts.site-changed", subject=found.id, key=key, value=value
            )
        return
    path = ctx.config.site_folder(slug) / "site.toml"
    if not path.exists():
        write_site(path.parent, {"name": slug})
    set_key(path, key, value, lambda: ctx.config.site(slug))


def set_site_texts(ctx: Context, slug: str, values: Mapping[str, str]) -> None:
    """Change several facts in a site's `site.toml` at once: all of them, or none."""
    site(ctx, slug, Need.MANAGE)
    path = ctx.config.site_folder(slug) / "site.toml"
    if not path.exists():
        write_site(path.parent, {"name": slug})
    set_texts(path, values, lambda: ctx.config.site(slug))


def remove_site(ctx: Context, slug: str) -> None:
    """Remove a site and all its rows. Its folder and the ledger stay."""
    found = site(ctx, slug, Need.MANAGE)
    with ctx.lock(f"site {found.slug}", f"site remove {slug}"), ctx.write() as session:
        store.remove_site(session, found.id)
        record_event(ctx, session, "accounts.site-removed", subject=found.id, slug=slug)


def sectors(ctx: Context, site_slug: str) -> list[Sector]:
    """A site's sectors."""
    found = site(ctx, site_slug, Need.READ)
    with ctx.read() as session:
        return store.sectors(session, found.id)


def add_sector(ctx: Context, site_slug: str, slug: str, name: str) -> Sector:
    """Add a sector to a site."""
    found = site(ctx, site_slug, Need.WRITE)
    _check_slug(slug)
    _check_name(name)
    with ctx.write() as session:
        if any(known.slug == slug for known in store.sectors(session, found.id)):
            raise Conflict(f"sector `{slug}` exists already")
        return store.add_sector(session, found.id, slug, name)


def remove_sector(ctx: Context, site_slug: str, slug: str) -> None:
    """Remove a sector from a site."""
    found = site(ctx, site_slug, Need.WRITE)
    with ctx.write() as session:
        known = store.sectors(session, found.id)
        for sector in known:
            if sector.slug == slug:
                store.remove_sector(session, sector.id)
                return
    raise NotFound.named("sector", slug, [sector.slug for sector in known])


def _site(ctx: Context, known: list[Site], slug: str) -> Site:
    visible = [candidate for candidate in known if sees(ctx.actor, candidate.id)]
    for candidate in visible:
        if candidate.slug == slug:
            return candidate
    raise NotFound.named("site", slug, [s.slug for s in visible], list_with="igny8 site list")


def _user(known: list[User], email: str) -> User:
    for user in known:
        if user.email == email:
            return user
    raise NotFound.named("user", email, [u.email for u in known], list_with="igny8 user list")


def _only_owner_makes_owners(ctx: Context, role: Role) -> None:
    if role is Role.OWNER and ctx.actor.role is not Role.OWNER:
        raise AccessDenied("only an owner makes owners")


def _only_owner_changes_owners(ctx: Context, user: User) -> None:
    if user.role is Role.OWNER and ctx.actor.role is not Role.OWNER:
        raise AccessDenied("only an owner changes an owner")


def _keep_an_owner(ctx: Context, known: list[User], user: User, new_role: Role | None) -> None:
    if user.role is not Role.OWNER or new_role is Role.OWNER:
        return
    _only_owner_changes_owners(ctx, user)
    if sum(candidate.role is Role.OWNER for candidate in known) == 1:
        raise Conflict("the last owner stays", hint="make another user owner first")


def _check_slug(slug: str) -> None:
    if not _SLUG.fullmatch(slug) or len(slug) > 60:
        raise InvalidInput(
            f"`{slug}` can't be a slug", hint="use lower-case letters, digits and single hyphens"
        )


def _check_email(email: str) -> None:
    if not _EMAIL.fullmatch(email) or len(email) > _LONGEST:
        raise InvalidInput(f"`{email}` is no e-mail address", hint="write name@host")


def _check_name(name: str) -> None:
    if not name.strip() or len(name) > _LONGEST:
        raise InvalidInput(f"a name has 1 to {_LONGEST} characters")
