"""Who may do what: one table, asked by every service. Pure."""

from __future__ import annotations

from igny8.accounts.types import Need, Role
from igny8.context import Actor
from igny8.core.errors import AccessDenied

_ALLOWED = {
    Role.OWNER: frozenset({Need.READ, Need.WRITE, Need.MANAGE}),
    Role.ADMIN: frozenset({Need.READ, Need.WRITE, Need.MANAGE}),
    Role.EDITOR: frozenset({Need.READ, Need.WRITE}),
    Role.VIEWER: frozenset({Need.READ}),
}
_ALL_SITES = frozenset({Role.OWNER, Role.ADMIN})


def sees(actor: Actor, site_id: str) -> bool:
    """Whether the site exists for this actor at all."""
    return sees_all(actor) or site_id in actor.site_ids


def sees_all(actor: Actor) -> bool:
    """Whether every site of the account exists for this actor, those to come included."""
    return actor.role in _ALL_SITES


def require(actor: Actor, need: Need) -> None:
    """Raise AccessDenied unless the actor's role allows `need`."""
    if need not in _ALLOWED[actor.role]:
        raise AccessDenied(
            f"{actor.email} is {actor.role} and may not {need} here",
            hint="ask an owner or admin, or name another user with --as",
        )
