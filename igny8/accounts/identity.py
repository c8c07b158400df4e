"""Who acts, for which account, on which site: what every command asks first. By plain SQL.

It runs before any other work of every command, so it does without the ORM; see `db.reader`.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from igny8.accounts.access import require, sees
from igny8.accounts.types import Account, Actor, HostingType, Need, Role, Site, SiteType
from igny8.context import Context
from igny8.core.errors import AccessDenied, NotFound
from igny8.db.reader import Reader, Rows

_ACTOR = "SELECT id, email, role FROM accounts_users WHERE account_id = :account AND "
_SITES = """
SELECT id, slug, site_type, hosting_type, CAST(created_at AS TEXT) FROM accounts_sites
WHERE account_id = :account
"""


def accounts(reader: Reader) -> list[Account]:
    """Every account of the store, by slug: for the operator only."""
    found = reader.rows("SELECT id, slug, name FROM accounts_accounts ORDER BY slug")
    return [Account(*row) for row in found]


def account_for(reader: Reader, slug: str | None) -> Account:
    """Return the named account, or the only one there is. Raises NotFound."""
    known = accounts(reader)
    if slug is None:
        if len(known) == 1:
            return known[0]
        raise NotFound(
            "no account is chosen" if known else "the store holds no account",
            hint="name one with --account, or set workspace.account in igny8.toml"
            if known
            else "run `igny8 init`, or `igny8 account add SLUG`",
            code="accounts.no-account",
        )
    for account in known:
        if account.slug == slug:
            return account
    raise NotFound.named("account", slug, [a.slug for a in known], list_with="igny8 account list")


def actor_for(
    reader: Reader,
    account: Account,
    *,
    email: str | None,
    token: str | None,
    is_trusted: bool,
) -> Actor:
    """Decide who acts.

    A token always names its user. Where the store is trusted (a local SQLite file), `email` does,
    and the owner acts when nobody is named. Raises AccessDenied.
    """
    rows = reader.account(account.id)
    if token:
        actor = _actor(rows, "token_hash = :value", token_hash(token))
        if actor is None:
            raise AccessDenied(
                "this token names no user of the account",
                hint="make a new one with `igny8 user token EMAIL`",
            )
        if email and email != actor.email:
            raise AccessDenied(
                f"the token belongs to {actor.email}, not to {email}", hint="leave out --as"
            )
        return actor
    if not is_trusted:
        raise AccessDenied("this store needs a user token", hint="set IGNY8_TOKEN to your token")
    found = (
        _actor(rows, "email = :value", email)
        if email
        else _actor(rows, "role = :value ORDER BY id LIMIT 1", Role.OWNER.value)
    )
    if found is None:
        raise AccessDenied(
            f"{email or 'nobody'} is not a user of account `{account.slug}`",
            hint="see `igny8 user list`",
        )
    return found


def token_hash(token: str) -> str:
    """How a token is stored. It has 256 random bits, so a plain hash can't be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


def sites(ctx: Context) -> list[Site]:
    """The sites this actor may see, by slug."""
    require(ctx.actor, Need.READ)
    found = [_site(row) for row in ctx.rows(f"{_SITES} ORDER BY slug")]
    return [site for site in found if sees(ctx.actor, site.id)]


def site(ctx: Context, slug: str, need: Need) -> Site:
    """Return a site for a service that needs `need` of the actor: a service's first line.

    A site the actor may not see does not exist for them. Raises NotFound, AccessDenied.
    """
    found = [_site(row) for row in ctx.rows(f"{_SITES} AND slug = :slug", slug=slug)]
    seen = [each for each in found if sees(ctx.actor, each.id)]
    if not seen:
        known = [each.slug for each in sites(ctx)]
        raise NotFound.named("site", slug, known, list_with="igny8 site list")
    require(ctx.actor, need)
    return seen[0]


def _actor(rows: Rows, condition: str, value: str) -> Actor | None:
    for id_, email, role in rows(_ACTOR + condition, value=value):
        granted = rows(
            "SELECT site_id FROM accounts_site_access WHERE account_id = :account "
            "AND user_id = :user",
            user=id_,
        )
        return Actor(id_, email, Role(role), frozenset(row[0] for row in granted))
    return None


def _site(row: tuple[Any, ...]) -> Site:
    id_, slug, site_type, hosting_type, created_at = row
    # Stored in UTC; Postgres says so, SQLite does not.
    made = datetime.fromisoformat(created_at.replace(" ", "T", 1))
    return Site(id_, slug, SiteType(site_type), HostingType(hosting_type), made.replace(tzinfo=UTC))
