"""`igny8 status`."""

from __future__ import annotations

from typing import Annotated

import typer

from igny8 import accounts, reports
from igny8.cli.command import Cli, MaybeSiteOption, command
from igny8.cli.output import Result, Table
from igny8.jobs import read_runs

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@command(app, "status", logs=False)
def status(
    cli: Cli,
    site: MaybeSiteOption = None,
    errors: Annotated[
        bool, typer.Option("--errors", help="Runs that failed or were partly done.")
    ] = False,
) -> Result:
    """Show where everything stands, what blocks it and which command comes next.

    Example: igny8 status --site fernhill
    """
    ctx = cli.ctx
    if errors:
        return _errors(cli)
    slugs = [site] if site else [found.slug for found in accounts.sites(ctx)]
    found = [reports.standing(ctx, slug) for slug in slugs]
    tables = [
        Table(
            standing.site,
            ("station", "there", "waiting", "blocked"),
            [[p.station, p.total, p.waiting, p.blocked] for p in standing.places],
        )
        for standing in found
    ]
    upcoming = next((standing.next for standing in found if standing.next), None)
    lines = [f"{found[0].available_credits:,} credits available"] if found else ["no site yet"]
    data = found[0] if site and found else found
    return Result(
        data, lines, tables=tables, next=upcoming or (None if found else "igny8 site add")
    )


def _errors(cli: Cli) -> Result:
    runs = [
        run
        for run in read_runs(cli.app.config.state / "runs.jsonl")
        if run.outcome in ("failed", "partly", "interrupted")
    ]
    rows = [
        [run.started_at, run.command, run.outcome, run.exit_status, problem["message"]]
        for run in runs[-50:]
        for problem in (run.problems or ({"message": ""},))
    ]
    columns = ("when", "command", "outcome", "exit", "problem")
    return Result(
        runs,
        [] if runs else ["no run has failed"],
        tables=[Table("", columns, rows)] if rows else [],
    )
