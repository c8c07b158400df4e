"""Keywords, clusters, ideas."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from igny8 import planner
from igny8.cli.command import Cli, DryRunOption, SiteOption, command
from igny8.cli.output import Listing, Result, Table
from igny8.core.errors import InsufficientCredits, UsageError
from igny8.core.outcome import Problem
from igny8.planner import IdeaStatus, ImportReport, KeywordStatus, Method

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__
)

_UNSORTED = "-volume"
Keywords = Annotated[list[str], typer.Argument(help="Keywords, as `planner keywords` shows them.")]
ClusterName = Annotated[str, typer.Argument(help="A cluster's id or label.")]
UndoOption = Annotated[bool, typer.Option("--undo", help="Take it back.")]


@command(app, "import")
def import_(
    cli: Cli,
    file: Annotated[Path, typer.Argument(help="A keyword tool's export, or a plain list.")],
    site: SiteOption,
    sector: Annotated[str | None, typer.Option("--sector", help="Put them in a sector.")] = None,
    dry_run: DryRunOption = False,
) -> Result:
    """Import keywords; the format is recognised. The same file again changes nothing.

    Example: igny8 planner import keyword-planner.csv --site fernhill
    """
    report = planner.import_keywords(cli.ctx, site, file, sector=sector, dry_run=dry_run)
    return Result(
        report, _told(report, dry_run=dry_run), next=f"igny8 planner cluster --site {site}"
    )


@command(app, "keywords", logs=False)
def keywords(
    cli: Cli,
    site: SiteOption,
    status: Annotated[KeywordStatus | None, typer.Option("--status", help="Only these.")] = None,
    cluster: Annotated[str | None, typer.Option("--cluster", help="Id or label.")] = None,
    intent: Annotated[str | None, typer.Option("--intent", help="E.g. commercial.")] = None,
    contains: Annotated[str | None, typer.Option("--contains", help="Part of the text.")] = None,
    min_volume: Annotated[
        int | None, typer.Option("--min-volume", help="Searches a month, at least.")
    ] = None,
    sector: Annotated[str | None, typer.Option("--sector", help="A sector's slug.")] = None,
) -> Listing:
    """List keywords, the most searched first.

    Example: igny8 planner keywords --site fernhill --status unclustered --json
    """
    found, total = planner.keywords(
        cli.ctx,
        site,
        status=status,
        cluster=cluster,
        intent=intent,
        contains=contains,
        min_volume=min_volume,
        sector=sector,
        sort=cli.style.sort or _UNSORTED,
        limit=cli.style.limit or 0,
    )
    columns = ("keyword", "volume", "difficulty", "intents", "status", "cluster_label")
    return Listing(found, columns, total=total, empty="no keyword passes")


@command(app, "cluster")
def cluster(
    cli: Cli,
    site: SiteOption,
    method: Annotated[
        Method, typer.Option("--method", help="local is free; ai names and refines, too.")
    ] = Method.LOCAL,
    again: Annotated[
        bool, typer.Option("--again", help="Form all anew but what is locked or has ideas.")
    ] = False,
    dry_run: DryRunOption = False,
) -> Result:
    """Put new keywords into clusters: keywords that one page should answer.

    Example: igny8 planner cluster --site fernhill --method local
    """
    done = planner.cluster_keywords(cli.ctx, site, method=method, again=again, dry_run=dry_run)
    if done.keyword_count or done.refined_count:
        would = "would place" if dry_run else "placed"
        lines = [
            f"{would} {done.keyword_count:,} keywords: {done.clustered:,} in clusters "
            f"({done.cluster_count:,} new), {done.unclustered:,} in none"
        ]
    else:
        lines = ["nothing new to cluster"]
    if done.refined_count:
        lines.append(f"{done.refined_count:,} clusters refined for {done.credits:,} credits")
    return Result(
        done,
        lines,
        problems=done.problems,
        next=f"igny8 planner clusters --site {site}",
        exit_status=_spent(done.problems),
    )


@command(app, "clusters", logs=False)
def clusters(cli: Cli, site: SiteOption) -> Listing:
    """List clusters, the most searched first.

    Example: igny8 planner clusters --site fernhill
    """
    columns = ("label", "topic", "size", "volume", "intents", "idea_count", "is_locked")
    return Listing(planner.clusters(cli.ctx, site), columns, empty="no clusters yet")


@command(app, "ideate")
def ideate(
    cli: Cli,
    site: SiteOption,
    limit: Annotated[int, typer.Option("--limit", help="Clusters at most; 0 is all.", min=0)] = 0,
    dry_run: DryRunOption = False,
) -> Result:
    """Make ideas for clusters that have none: title, angle, outline, target keywords.

    Example: igny8 planner ideate --site fernhill --limit 10
    """
    ctx = cli.ctx
    outcome = planner.ideate(ctx, site, limit=limit, dry_run=dry_run)
    credits_ = planner.price_of(ctx, outcome.done)
    would, costs = ("would make", "for about") if dry_run else ("made", "for")
    lines = [f"{would} {len(outcome.done):,} ideas {costs} {credits_:,} credits"]
    if not outcome.done and not outcome.problems:
        lines = ["every cluster has its idea"]
    table = Table(
        "",
        ("title", "entity type", "focus", "words"),
        [(i.title, i.entity_type, i.target_keywords[0], i.estimated_words) for i in outcome.done],
    )
    return Result(
        {"ideas": outcome.done, "credits": credits_},
        lines,
        tables=[table] if outcome.done and dry_run else [],
        problems=outcome.problems,
        next=f"igny8 planner ideas --site {site}",
        exit_status=_spent(outcome.problems),
    )


@command(app, "ideas", logs=False)
def ideas(
    cli: Cli,
    site: SiteOption,
    status: Annotated[IdeaStatus | None, typer.Option("--status", help="Only these.")] = None,
) -> Listing:
    """List ideas, oldest first.

    Example: igny8 planner ideas --site fernhill --status new
    """
    columns = ("title", "entity_type", "status", "estimated_words", "id")
    return Listing(planner.ideas(cli.ctx, site, status), columns, empty="no ideas yet")


@command(app, "merge")
def merge(
    cli: Cli,
    target: ClusterName,
    others: Annotated[list[str], typer.Argument(help="Clusters that go into it.")],
    site: SiteOption,
) -> Result:
    """Put clusters into another one, and lock it.

    Example: igny8 planner merge "bike service" "cycle service" --site fernhill
    """
    into = planner.merge(cli.ctx, site, target, others)
    return Result(into, [f"`{into.label}` holds {into.size:,} keywords now"])


@command(app, "split")
def split(
    cli: Cli,
    source: ClusterName,
    keywords: Keywords,
    site: SiteOption,
    label: Annotated[str | None, typer.Option("--label", help="Name of the new one.")] = None,
) -> Result:
    """Take keywords out of a cluster into one of their own, locked.

    Example: igny8 planner split "bike hire" "e-bike hire" --site fernhill
    """
    made = planner.split(cli.ctx, site, source, keywords, label=label)
    return Result(made, [f"`{made.label}` holds {made.size:,} keywords"])


@command(app, "move")
def move(
    cli: Cli,
    keywords: Keywords,
    site: SiteOption,
    to: Annotated[str | None, typer.Option("--to", help="A cluster's id or label.")] = None,
    out: Annotated[bool, typer.Option("--out", help="Into no cluster.")] = False,
) -> Result:
    """Put keywords into a cluster and keep them there.

    Example: igny8 planner move "cycle hire leeds" --to "bike hire" --site fernhill
    """
    if (to is None) is not out:
        raise UsageError("name one: a cluster, or none", hint="--to CLUSTER, or --out")
    moved = planner.move(cli.ctx, site, keywords, to)
    return Result(
        {"moved": [keyword.keyword for keyword in moved], "to": to},
        [f"{len(moved):,} of {len(keywords):,} keywords moved"],
    )


@command(app, "ignore")
def ignore(cli: Cli, keywords: Keywords, site: SiteOption, undo: UndoOption = False) -> Result:
    """Leave keywords out of clusters and ideas.

    Example: igny8 planner ignore "exercise bike" --site fernhill
    """
    changed = planner.ignore(cli.ctx, site, keywords, undo=undo)
    said = "taken up again" if undo else "ignored"
    return Result(
        {"changed": [keyword.keyword for keyword in changed], "ignored": not undo},
        [f"{len(changed):,} of {len(keywords):,} keywords {said}"],
    )


@command(app, "lock")
def lock(
    cli: Cli,
    names: Annotated[list[str], typer.Argument(metavar="CLUSTERS...", help="Ids or labels.")],
    site: SiteOption,
    undo: UndoOption = False,
) -> Result:
    """Keep clusters as they are when keywords are clustered again.

    Example: igny8 planner lock "bike service" --site fernhill
    """
    changed = planner.lock(cli.ctx, site, names, undo=undo)
    said = "unlocked" if undo else "locked"
    return Result(
        {"changed": [cluster.id for cluster in changed], "locked": not undo},
        [f"{len(changed):,} of {len(names):,} clusters {said}"],
    )


def _told(report: ImportReport, *, dry_run: bool) -> list[str]:
    """What an import did, in lines."""
    would = "would be " * dry_run
    lines = [
        f"{report.file} ({report.format}): {report.rows:,} rows, "
        f"{report.added:,} keywords {would}added, {report.updated:,} {would}updated, "
        f"{report.unchanged:,} unchanged"
    ]
    if report.ignored_columns:
        lines.append(f"columns not used: {', '.join(report.ignored_columns)}")
    if report.unread_count:
        line, reason = report.unread[0]
        lines.append(f"{report.unread_count:,} cells not read, the first in line {line}: {reason}")
    if report.dropped_count:
        lines.append(f"{report.dropped_count:,} rows dropped:")
        lines += [f"  line {line}: {reason}" for line, reason in report.dropped]
        more = report.dropped_count - len(report.dropped)
        lines += [f"  and {more:,} more"] if more else []
    return lines


def _spent(problems: Sequence[Problem]) -> int | None:
    """The exit status of a batch that credits ended: what was made is saved and charged."""
    is_broke = any(problem.code == InsufficientCredits.code for problem in problems)
    return InsufficientCredits.exit_status if is_broke else None
