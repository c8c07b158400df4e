"""`igny8 run`."""

from __future__ import annotations

from typing import Annotated

import typer

from igny8 import pipeline, system
from igny8.cli.command import Cli, DryRunOption, command
from igny8.cli.output import Result, Table
from igny8.context import Context

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@command(app, "run")
def run(
    cli: Cli,
    site: str,
    until: Annotated[str | None, typer.Option("--until", help="Stop after this station.")] = None,
    dry_run: DryRunOption = False,
) -> Result:
    """Run the line for a site, from where it stands. A second run does what is left.

    Example: igny8 run fernhill --until links
    """
    cli.site = site
    ctx = cli.ctx
    line = pipeline.stations(system.enabled_modules(ctx))
    if dry_run:
        return _previewed(ctx, site, line, until)
    reports = pipeline.run(ctx, site, line, until=until)
    problems = [problem for report in reports for problem in report.problems]
    return Result(
        {"site": site, "stations": reports, "credits": sum(r.credits for r in reports)},
        tables=[station_table(reports)],
        problems=problems,
        next=f"igny8 status --site {site}",
    )


def station_table(reports: list[pipeline.StationReport]) -> Table:
    """What each station did, as `run` and `demo` show it."""
    rows = [[r.station, r.count, r.unit, r.credits, r.note] for r in reports]
    return Table("", ("station", "count", "of", "credits", "note"), rows)


def _previewed(
    ctx: Context, site: str, line: tuple[pipeline.Station, ...], until: str | None
) -> Result:
    waiting = pipeline.preview(ctx, site, line, until=until)
    rows = [[s.name, w.count, w.unit, w.credits, w.note] for s, w in waiting]
    total = sum(w.credits for _, w in waiting)
    return Result(
        {
            "site": site,
            "stations": [
                {
                    "station": s.name,
                    "count": w.count,
                    "unit": w.unit,
                    "credits": w.credits,
                    "problems": [],
                    "note": w.note,
                }
                for s, w in waiting
            ],
            "credits": total,
        },
        [f"at most {total} credits for what waits now; later stations add theirs"],
        tables=[Table("", ("station", "waiting", "of", "credits", "note"), rows)],
    )
