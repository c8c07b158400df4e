"""`igny8 check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from igny8.cli import findings as shown
from igny8.cli.command import Cli, command
from igny8.cli.output import Result
from igny8.core.errors import UsageError
from igny8.core.findings import Finding
from igny8.reports import checking
from igny8.reports.site_check import RULES

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

_TABLE_LIMIT = 5


@command(app, "check", logs=False)
def check(
    cli: Cli,
    site: str,
    out: Annotated[Path | None, typer.Option("--out", help="Another built folder.")] = None,
    fail_on: Annotated[
        str | None,
        typer.Option(
            "--fail-on",
            help=f"Exit 1 on these and worse: {', '.join(shown.THRESHOLDS)}.",
        ),
    ] = None,
    output_format: Annotated[
        str | None, typer.Option("--format", help=" | ".join(shown.FORMATS))
    ] = None,
    rules: Annotated[
        list[str] | None, typer.Option("--rules", help="Only this rule or family; repeatable.")
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", help="Not this rule or family; repeatable.")
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=0, help="Findings shown of each rule; 0 is all."),
    ] = None,
) -> Result:
    """Check a built site: links, markup, titles, structured data, contrast, weight. Builds nothing.

    Example: igny8 check fernhill --fail-on warning
    """
    form = output_format or cli.style.format
    if form not in shown.FORMATS:
        raise UsageError(f"there is no format `{form}`", hint=f"one of {', '.join(shown.FORMATS)}")
    given = shown.threshold(fail_on) if fail_on else None
    checked = checking.check(cli.ctx, site, out=out, only=rules or (), ignored=ignore or ())
    least = given if fail_on else shown.threshold(checked.fail_on)
    found = checked.findings
    status = 1 if shown.fails(found, least) else 0
    if form == "json":
        cli.print_json()
    if form in ("table", "json"):
        most = _TABLE_LIMIT if limit is None and form == "table" else limit or 0
        data = {
            "site": site,
            "output_dir": checked.output_dir,
            "pages": checked.page_count,
            "files": checked.file_count,
            "counts": shown.counts(found),
            "passed": not status,
            "findings": _limited(found, most),
        }
        summary = shown.summary(found, f"{checked.page_count:,} pages")
        return Result(data, [*shown.lines(found, RULES, most), summary], exit_status=status)
    few = _limited(found, limit or 0)
    if form == "csv":
        text = shown.as_csv(few)
    elif form == "junit":
        text = shown.as_junit(few, checked.rules, suite=f"igny8 check {site}", limit=least)
    else:
        text = shown.as_sarif(few, checked.rules, folder=_from_here(checked.output_dir))
    return Result(None, [text], exit_status=status)


def _limited(findings: tuple[Finding, ...], most: int) -> list[Finding]:
    """At most so many findings of each rule; all when 0."""
    counts: dict[str, int] = {}
    kept = []
    for finding in findings:
        counts[finding.rule] = counts.get(finding.rule, 0) + 1
        if not most or counts[finding.rule] <= most:
            kept.append(finding)
    return kept


def _from_here(folder: Path) -> str:
    """The folder as seen from where the command runs, which in CI is the repository."""
    try:
        return folder.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return ""
