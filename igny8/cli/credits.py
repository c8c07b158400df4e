"""Balance, history, grants and proof."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from igny8 import accounts, billing
from igny8.accounts import Need
from igny8.cli.command import Cli, MaybeSiteOption, command
from igny8.cli.output import Listing, Result
from igny8.core.outcome import Problem

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__
)


@command(app, "balance", logs=False)
def balance(cli: Cli) -> Result:
    """Show what is available, held and spent."""
    now = billing.balance(cli.ctx)
    return Result(now, [f"{now.available:,} available, {now.held:,} held, {now.spent:,} spent"])


@command(app, "history", logs=False)
def history(
    cli: Cli,
    kind: Annotated[
        list[billing.EntryKind] | None, typer.Option("--kind", help="Only these kinds.")
    ] = None,
) -> Listing:
    """List ledger entries, newest first."""
    entries = billing.history(cli.ctx, kinds=kind or (), limit=0)
    columns = ("created_at", "kind", "amount", "function", "actor", "reason")
    return Listing(entries, columns)


@command(app, "usage", logs=False)
def usage(cli: Cli, site: MaybeSiteOption = None) -> Listing:
    """List charged AI calls with tokens and credits, newest first."""
    ctx = cli.ctx
    site_id = accounts.site(ctx, site, Need.READ).id if site else None
    columns = (
        "created_at",
        "function",
        "subject",
        "units",
        "credits",
        "input_tokens",
        "output_tokens",
        "provider",
        "model",
    )
    return Listing(billing.usage(ctx, site_id=site_id, limit=0), columns, id_field="subject")


@command(app, "grants", logs=False)
def grants(cli: Cli) -> Listing:
    """List grants in the order in which they are used."""
    columns = ("created_at", "amount", "remaining", "priority", "expires_at", "reason")
    return Listing(billing.grants(cli.ctx), columns)


@command(app, "grant")
def grant(
    cli: Cli,
    amount: int,
    reason: Annotated[str, typer.Option("--reason", help="Why.")] = "granted by hand",
    key: Annotated[str | None, typer.Option("--key", help="The same key grants once only.")] = None,
    expires: Annotated[
        datetime | None,
        typer.Option("--expires", formats=["%Y-%m-%d"], help="Last day of use (UTC)."),
    ] = None,
    priority: Annotated[int, typer.Option("--priority", help="Lower is used first.")] = 100,
) -> Result:
    """Give the account credits.

    Example: igny8 credits grant 5000 --reason "top-up" --key invoice-1042
    """
    ctx = cli.ctx
    ends = expires.replace(tzinfo=UTC) + timedelta(days=1) if expires else None
    is_new = billing.grant(ctx, amount, reason=reason, key=key, priority=priority, expires_at=ends)
    now = billing.balance(ctx)
    said = f"{amount:,} granted" if is_new else f"key `{key}` was granted already"
    return Result({"granted": is_new, "balance": now}, [f"{said}; {now.available:,} available"])


@command(app, "replenish")
def replenish(cli: Cli) -> Result:
    """Give this month's credits of the plan: once, however often cron calls it.

    Example: igny8 credits replenish
    """
    ctx = cli.ctx
    is_new = billing.replenish(ctx)
    now = billing.balance(ctx)
    said = "this month's credits granted" if is_new else "this month was granted already"
    return Result({"granted": is_new, "balance": now}, [f"{said}; {now.available:,} available"])


@command(app, "costs", logs=False)
def costs(cli: Cli) -> Listing:
    """List what work costs."""
    settings = cli.ctx.config.settings
    rate = settings.credits.rates.get(settings.ai.provider, 1)
    rows = [
        {"key": key, "credits": cost.credits, "per": cost.per, "unit": cost.unit, "rate": rate}
        for key, cost in billing.table(settings.credits.costs).items()
    ]
    return Listing(rows, ("key", "credits", "per", "unit", "rate"), id_field="key")


@command(app, "check")
def check(
    cli: Cli,
    release: Annotated[
        bool, typer.Option("--release", help="Release what killed runs still hold.")
    ] = False,
    site: MaybeSiteOption = None,
) -> Result:
    """Prove the ledger: sums equal balances, every hold ended, nothing negative.

    Example: igny8 credits check
    """
    ctx = cli.ctx
    if release:
        slugs = [known.slug for known in accounts.sites(ctx)]
        for slug in [site] if site else [*slugs, None]:
            billing.release_dead(ctx, slug)
    proof = billing.prove(ctx)
    problems = [Problem("billing.fault", "ledger", fault) for fault in proof.faults]
    if proof.open_holds:
        problems.append(
            Problem(
                "billing.open-holds",
                "ledger",
                f"{proof.open_holds} holds have no end: a run is working, or was killed",
                "the next run on that site releases them, or `igny8 credits check --release`",
            )
        )
    line = f"{proof.entries:,} entries, {proof.balance.available:,} available: "
    return Result(
        proof,
        [line + ("the ledger proves itself" if not problems else "not proved")],
        problems=problems,
        exit_status=1 if problems else 0,
    )
