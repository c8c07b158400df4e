"""Analysis and rewrites."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from igny8 import optimizer
from igny8.cli.command import Cli, DryRunOption, MaybeSiteOption, SiteOption, command
from igny8.cli.output import Listing, Result, Table
from igny8.core.errors import InvalidInput, UsageError
from igny8.core.outcome import Problem
from igny8.optimizer.types import EntityType
from igny8.text.bodies import body_to_html
from igny8.writer.exchange import SUFFIXES, from_file

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__
)


@command(app, "analyze", logs=False)
def analyze(
    cli: Cli,
    names: Annotated[
        list[str] | None, typer.Argument(help="Slugs with --site, files without.")
    ] = None,
    site: MaybeSiteOption = None,
    keyphrase: Annotated[str, typer.Option("--keyphrase", help="For files.")] = "",
    title: Annotated[str, typer.Option("--title", help="For files.")] = "",
    description: Annotated[str, typer.Option("--description", help="For files.")] = "",
    slug: Annotated[str, typer.Option("--slug", help="For files.")] = "",
    entity_type: Annotated[str, typer.Option("--type", help="For files.")] = "post",
    fail_under: Annotated[
        int | None, typer.Option("--fail-under", help="Exit 1 if an igny8_score is lower.")
    ] = None,
    output_format: Annotated[str | None, typer.Option("--format", help="table or json.")] = None,
) -> Result:
    """Score pages: `igny8_score` and Yoast-compatible scores, with findings and fixes. Free.

    Example: igny8 optimizer analyze --site fernhill --fail-under 60
    """
    if site is not None:
        found = optimizer.analyze(cli.ctx, site, names or ())
    else:
        if not names:
            raise UsageError("nothing to analyze", hint="name files, or a site with --site")
        given = {
            "keyphrase": keyphrase,
            "title": title,
            "description": description,
            "slug": slug,
            "entity_type": entity_type,
        }
        found = [_file(Path(name), given) for name in names]
    if output_format == "json":
        cli.print_json()
    low = [f for f in found if fail_under is not None and f.analysis.igny8_score < fail_under]
    tables = [
        Table(
            "",
            ("page", "igny8_score", "yoast_seo", "yoast_readability", "first to mend"),
            [[f.slug, *_scores(f.analysis), _first(f.analysis)] for f in found],
        )
    ]
    if len(found) == 1:
        tables.append(_findings(found[0].analysis))
    return Result(
        [_data(f) for f in found],
        [f"{len(found)} pages analyzed"],
        tables=tables,
        problems=[
            Problem(
                "optimizer.low-score",
                f.slug,
                f"scores {f.analysis.igny8_score}, below {fail_under}",
                _first(f.analysis) or None,
            )
            for f in low
        ],
        exit_status=1 if low else 0,
    )


@command(app, "run")
def run(
    cli: Cli,
    names: Annotated[list[str] | None, typer.Argument(help="Slugs; what waits if none.")] = None,
    *,
    site: SiteOption,
    limit: Annotated[int, typer.Option("--limit", min=0, help="At most so many; 0 is all.")] = 0,
    dry_run: DryRunOption = False,
) -> Result:
    """Make better versions beside the originals; one that loses something is refused.

    Example: igny8 optimizer run --site fernhill
    """
    ctx = cli.ctx
    if dry_run:
        count, credits_ = optimizer.estimate(ctx, site)
        return Result(
            {"items": count, "credits_at_most": credits_},
            [f"{count} items would be optimized for at most {credits_} credits"],
        )
    outcome = optimizer.run(ctx, site, names or (), limit=limit)
    counts: dict[str, int] = {}
    for task in outcome.done:
        counts[task.status] = counts.get(task.status, 0) + 1
    said = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    return Result(
        {"items": len(outcome.done), **counts},
        [f"{len(outcome.done)} items: {said or 'nothing to do'}"],
        problems=outcome.problems,
        next=f"igny8 optimizer tasks --site {site}",
    )


@command(app, "tasks", logs=False)
def tasks(cli: Cli, site: SiteOption) -> Listing:
    """List optimizations with scores before and after, newest first."""
    columns = ("id", "status", "score_before", "score_after", "entry_point", "reason")
    return Listing(optimizer.tasks(cli.ctx, site), columns)


@command(app, "diff", logs=False)
def diff(cli: Cli, name: str, site: SiteOption) -> Result:
    """Show an item's original beside its newest proposal."""
    item, task = optimizer.proposal(cli.ctx, site, name)
    lines = [f"{item.slug}: {task.score_before} to {task.score_after} ({task.status})"]
    lines += [f"  {change}" for change in task.changes]
    for key in ("meta_title", "meta_description"):
        if task.original[key] != task.optimized[key]:
            lines += [f"- {key}: {task.original[key]}", f"+ {key}: {task.optimized[key]}"]
    body = difflib.unified_diff(
        str(task.original["body"]).splitlines(),
        str(task.optimized["body"]).splitlines(),
        "original",
        "optimized",
        lineterm="",
    )
    return Result(task, [*lines, *body])


@command(app, "accept")
def accept(cli: Cli, name: str, site: SiteOption) -> Result:
    """Put a proposal in the original's place, as a new version.

    Example: igny8 optimizer accept tubeless-conversion --site fernhill
    """
    item = optimizer.accept(cli.ctx, site, name)
    return Result(
        {"slug": item.slug, "version": item.version},
        [f"{item.slug} is the optimized version now (version {item.version})"],
    )


@command(app, "reject")
def reject(
    cli: Cli,
    name: str,
    site: SiteOption,
    reason: Annotated[str, typer.Option("--reason", help="Why.")] = "",
) -> Result:
    """Turn a proposal down; the original stays.

    Example: igny8 optimizer reject wheel-truing --site fernhill
    """
    task = optimizer.reject(cli.ctx, site, name, reason)
    return Result({"task": task.id, "status": "rejected"}, ["rejected; the original stays"])


def _file(path: Path, given: dict[str, str]) -> optimizer.Analyzed:
    if path.suffix.lower() not in SUFFIXES or not path.is_file():
        raise InvalidInput(f"{path} is no Markdown or HTML file")
    new = from_file(path.name, path.read_bytes().decode("utf-8"), locale="en-US")
    page = optimizer.PageInput(
        text_html=body_to_html(new.body, new.body_format),
        keyphrase=given["keyphrase"] or (new.keywords[0] if new.keywords else ""),
        title=given["title"] or new.meta_title or new.title,
        description=given["description"] or new.meta_description,
        slug=given["slug"] or new.slug,
        locale=new.locale.replace("-", "_"),
        entity_type=_entity_type(given["entity_type"]),
    )
    return optimizer.Analyzed(str(path), optimizer.analyze_page(page))


def _entity_type(name: str) -> EntityType:
    for known in get_args(EntityType):
        if known == name:
            return known  # type: ignore[no-any-return]
    raise UsageError(f"`{name}` is no type", hint=f"one of {', '.join(get_args(EntityType))}")


def _data(found: optimizer.Analyzed) -> dict[str, Any]:
    analysis = found.analysis
    return {
        "page": found.slug,
        "yoast_compat": {
            "assessments": dict(analysis.yoast_compat.assessments),
            "seo": analysis.yoast_compat.seo,
            "readability": analysis.yoast_compat.readability,
            "skipped": analysis.yoast_compat.skipped,
        },
        "igny8_score": analysis.igny8_score,
        "findings": analysis.findings,
        "gates": analysis.gates,
        "skipped": analysis.skipped,
    }


def _scores(analysis: optimizer.Analysis) -> tuple[int, int, int]:
    return analysis.igny8_score, analysis.yoast_compat.seo, analysis.yoast_compat.readability


def _first(analysis: optimizer.Analysis) -> str:
    open_ = [finding for finding in analysis.findings if finding.score < 1]
    if not open_:
        return ""
    worst = max(open_, key=lambda f: ((1 - f.score) * f.weight, f.id))
    return worst.fix or worst.message


def _findings(analysis: optimizer.Analysis) -> Table:
    rows = [
        [finding.id, finding.status, finding.message, finding.fix]
        for finding in analysis.findings
        if finding.score < 1
    ]
    return Table("to mend", ("check", "status", "found", "fix"), rows)
