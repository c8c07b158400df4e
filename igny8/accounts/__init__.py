"""Accounts, plans, users, sites, sectors, and who may do what."""

from typing import TYPE_CHECKING

from igny8.core.lazy import lazy_face

if TYPE_CHECKING:
    from igny8.accounts.access import require, sees_all
    from igny8.accounts.identity import account_for, accounts, actor_for, site, sites
    from igny8.accounts.services import (
        add_sector,
        add_site,
        add_user,
        create_account,
        first_token,
        grant_access,
        issue_token,
        remove_sector,
        remove_site,
        remove_user,
        rename_account,
        revoke_access,
        revoke_token,
        sectors,
        set_role,
        set_site,
        set_site_texts,
        users,
    )
    from igny8.accounts.store import monthly_credits
    from igny8.accounts.types import (
        Account,
        Actor,
        HostingType,
        Need,
        Role,
        Sector,
        Site,
        SiteType,
        User,
    )
else:
    __getattr__ = lazy_face(__name__, __file__)

__all__ = [
    "Account",
    "Actor",
    "HostingType",
    "Need",
    "Role",
    "Sector",
    "Site",
    "SiteType",
    "User",
    "account_for",
    "accounts",
    "actor_for",
    "add_sector",
    "add_site",
    "add_user",
    "create_account",
    "first_token",
    "grant_access",
    "issue_token",
    "monthly_credits",
    "remove_sector",
    "remove_site",
    "remove_user",
    "rename_account",
    "require",
    "revoke_access",
    "revoke_token",
    "sectors",
    "sees_all",
    "set_role",
    "set_site",
    "set_site_texts",
    "site",
    "sites",
    "users",
]
