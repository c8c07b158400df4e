"""`igny8 demo`: the example business through the same services that the single commands use."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from igny8 import accounts, billing, pipeline, planner, publisher, renderer, system, writer
from igny8.accounts import SiteType
from igny8.cli.command import Cli, command
from igny8.cli.output import Result, Table
from igny8.cli.progress import Progress
from igny8.cli.run import station_table
from igny8.context import Context
from igny8.linker import links as internal_links

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

_TARGET = "live"


@command(app, "demo")
def demo(cli: Cli, folder: Annotated[Path, typer.Argument(help="Where.")] = Path("demo")) -> Result:
    """Make a workspace from the example business and run the whole line, offline.

    Example: igny8 demo
    """
    from igny8.workspace import copy_example, create

    started = time.monotonic()
    root = folder.resolve()
    site = copy_example(root)
    report = Progress(cli.style)
    app_, ctx, _ = create(
        root, name="Northgate", email="owner@northgate.example", slug=None, report=report
    )
    cli.adopt(app_)
    cli.site = site
    if site not in {known.slug for known in accounts.sites(ctx)}:
        accounts.add_site(ctx, site, site_type=SiteType.SERVICE)
    imported = [planner.import_keywords(ctx, site, path) for path in _exports(root, site)]
    if _TARGET not in {target.name for target in publisher.targets(ctx, site)}:
        publisher.add_target(ctx, site, _TARGET, "folder", {"path": f"published/{site}"})
    reports = pipeline.run(ctx, site, pipeline.stations(system.enabled_modules(ctx)))
    facts = _facts(ctx, site) | {"seconds": round(time.monotonic() - started, 1)}
    first = pipeline.StationReport(
        "keywords",
        sum(done.added for done in imported),
        "keywords imported",
        0,
        (),
        f"{facts['keywords']} in all",
    )
    return Result(
        facts,
        [
            f"site      {facts['output_dir']}/index.html",
            f"release   {facts['release_dir']}",
            f"credits   {facts['credits_spent']:,} spent, {billing.balance(ctx).available:,} left",
        ],
        tables=[station_table([first, *reports]), _spending(ctx)],
        problems=[problem for done in reports for problem in done.problems],
        next=f"igny8 serve {site} --workspace {folder} --open",
    )


def _exports(root: Path, site: str) -> list[Path]:
    return sorted((root / "sites" / site / "keywords").glob("*.csv"))


def _facts(ctx: Context, site: str) -> dict[str, object]:
    _, keywords = planner.keywords(ctx, site, limit=1)
    release = publisher.publish(ctx, site, _TARGET)
    return {
        "workspace": ctx.config.root,
        "site": site,
        "output_dir": renderer.output_folder(ctx, site),
        "release_dir": release.release_dir,
        "keywords": keywords,
        "clusters": len(planner.clusters(ctx, site)),
        "ideas": len(planner.ideas(ctx, site)),
        "contents": len(writer.contents(ctx, site)),
        "links": len(internal_links(ctx, site)),
        "pages": len(renderer.pages_built(ctx, site)),
        "credits_spent": billing.balance(ctx).spent,
    }


def _spending(ctx: Context) -> Table:
    rows = sorted(billing.spent_by_function(ctx).items(), key=lambda pair: -pair[1])
    return Table("", ("AI function", "credits"), [list(row) for row in rows])
