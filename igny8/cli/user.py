"""Users, roles and tokens."""

from __future__ import annotations

from typing import Annotated

import typer

from igny8 import accounts
from igny8.accounts import Role
from igny8.cli.command import Cli, command
from igny8.cli.output import Listing, Result

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__
)

RoleOption = Annotated[Role, typer.Option("--role", help="What they may do.")]


@command(app, "list", logs=False)
def list_(cli: Cli) -> Listing:
    """List the account's users."""
    columns = ("email", "role", "sites", "has_token")
    return Listing(accounts.users(cli.ctx), columns, id_field="email")


@command(app, "add")
def add(cli: Cli, email: str, role: RoleOption = Role.EDITOR) -> Result:
    """Add a user. Editors and viewers see nothing until a site is granted.

    Example: igny8 user add ann@agency.example --role editor
    """
    made = accounts.add_user(cli.ctx, email, role)
    hint = f"igny8 user grant {email} SITE" if role in (Role.EDITOR, Role.VIEWER) else None
    return Result(made, [f"{email} added as {role}"], next=hint)


@command(app, "set")
def set_(cli: Cli, email: str, role: RoleOption) -> Result:
    """Change a user's role.

    Example: igny8 user set sam@acme.example --role editor
    """
    accounts.set_role(cli.ctx, email, role)
    return Result({"email": email, "role": role}, [f"{email} is {role} now"])


@command(app, "remove")
def remove(cli: Cli, email: str) -> Result:
    """Remove a user. What they did stays in the history.

    Example: igny8 user remove sam@acme.example --yes
    """
    cli.confirm(f"Remove {email}?")
    accounts.remove_user(cli.ctx, email)
    return Result({"email": email, "removed": True}, [f"{email} removed"])


@command(app, "grant")
def grant(cli: Cli, email: str, site: str) -> Result:
    """Let an editor or viewer use a site.

    Example: igny8 user grant sam@acme.example fernhill
    """
    is_new = accounts.grant_access(cli.ctx, email, site)
    said = "may use" if is_new else "could already use"
    return Result({"email": email, "site": site, "changed": is_new}, [f"{email} {said} {site}"])


@command(app, "revoke")
def revoke(cli: Cli, email: str, site: str) -> Result:
    """Take a site from an editor or viewer.

    Example: igny8 user revoke sam@acme.example fernhill
    """
    accounts.revoke_access(cli.ctx, email, site)
    return Result({"email": email, "site": site}, [f"{email} may not use {site} any more"])


@command(app, "token")
def token(
    cli: Cli,
    email: str,
    is_revoked: Annotated[bool, typer.Option("--revoke", help="Make the token worthless.")] = False,
) -> Result:
    """Make a user's token, replacing the old one. It is shown once.

    Example: IGNY8_TOKEN=$(igny8 user token ann@agency.example -q)
    """
    if is_revoked:
        accounts.revoke_token(cli.ctx, email)
        return Result({"email": email, "revoked": True}, [f"the token of {email} is worthless now"])
    made = accounts.issue_token(cli.ctx, email)
    return Result(
        {"email": email, "token": made}, [made], next="keep it safe: it is not shown again"
    )
