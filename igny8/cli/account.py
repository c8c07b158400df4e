"""Accounts of this store."""

from __future__ import annotations

from typing import Annotated

import typer

from igny8 import accounts
from igny8.cli.command import Cli, command
from igny8.cli.output import Listing, Result

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__
)


@command(app, "list", logs=False)
def list_(cli: Cli) -> Listing:
    """List the accounts of this store."""
    return Listing(accounts.accounts(cli.app.reader), ("slug", "name"), id_field="slug")


@command(app, "add")
def add(
    cli: Cli,
    slug: str,
    name: Annotated[str | None, typer.Option("--name", help="Display name.")] = None,
    email: Annotated[str, typer.Option("--email", help="The owner's address.")] = "owner@localhost",
    monthly: Annotated[
        int | None, typer.Option("--monthly-credits", help="Credits a month.", min=0)
    ] = None,
) -> Result:
    """Add an account with its first owner and this month's credits.

    Example: igny8 account add acme --name "Acme Ltd" --email boss@acme.example
    """
    made = accounts.create_account(
        cli.app.database,
        cli.app.clock,
        slug=slug,
        name=name or slug,
        owner_email=email,
        monthly_credits=cli.app.config.settings.credits.monthly if monthly is None else monthly,
    )
    from igny8 import billing
    from igny8.app import Who

    token = None if cli.app.is_trusting else accounts.first_token(cli.app.database, made)
    billing.replenish(cli.app.context(Who(account=slug, email=email, token=token)))
    lines = [f"account {made.slug} added"]
    if token is not None:
        lines.append(f"the token of {email}, shown this once: {token}")
    return Result(
        {"slug": made.slug, "name": made.name, "token": token},
        lines,
        next=f"igny8 site add SLUG --account {slug}",
    )


@command(app, "show", logs=False)
def show(cli: Cli) -> Result:
    """Show the account that commands act for, and as whom."""
    ctx = cli.ctx
    data = {"account": ctx.account, "actor": ctx.actor.email, "role": ctx.actor.role}
    return Result(
        data, [f"{ctx.account.slug} ({ctx.account.name}), as {ctx.actor.email}, {ctx.actor.role}"]
    )


@command(app, "set")
def set_(cli: Cli, name: Annotated[str, typer.Option("--name", help="Display name.")]) -> Result:
    """Rename the account.

    Example: igny8 account set --name "Acme Agency"
    """
    accounts.rename_account(cli.ctx, name)
    return Result({"name": name}, [f"account renamed to {name}"])
