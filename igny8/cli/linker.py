"""Internal links."""

from __future__ import annotations

import difflib
from typing import Annotated

import typer

from igny8 import linker
from igny8.cli.command import Cli, SiteOption, command
from igny8.cli.output import Listing, Result, Table
from igny8.core.errors import UsageError

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__
)

MaxOption = Annotated[
    str | None,
    typer.Option(
        "--max-per-page", help="A number, or `none`: no caps, and every page, for measuring."
    ),
]


PagesArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PAGE]...",
        help="Slugs or ids: only links from these. Else from all that are not linked as they are.",
    ),
]
AllOption = Annotated[
    bool, typer.Option("--all", help="Also from pages that were linked as they are.")
]


@command(app, "suggest", logs=False)
def suggest(
    cli: Cli,
    pages: PagesArgument = None,
    *,
    site: SiteOption,
    all_: AllOption = False,
    max_per_page: MaxOption = None,
    rejected: Annotated[
        bool, typer.Option("--rejected", help="Also what is not linked, with the reason.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show the bodies' unified diff.")] = False,
) -> Result:
    """Show which links would be added and why. Nothing is changed.

    Example: igny8 linker suggest --site fernhill --diff
    """
    ctx = cli.ctx
    limits = linker.limits_for(ctx, site, max_per_page=_cap(max_per_page))
    found = linker.suggestions(ctx, site, limits, names=pages or (), is_all=all_, wants_bodies=diff)
    chosen = [
        {
            "source": found.slugs[c.source_id],
            "target": found.slugs[c.target_id],
            "anchor": c.anchor,
            "score": round(c.score, 3),
            "signals": {name: round(share, 3) for name, share in c.signals.items()},
        }
        for c in found.selection.chosen
    ]
    reasons = [
        {
            "source": found.slugs.get(r.source_id),
            "target": found.slugs.get(r.target_id),
            "reason": r.reason,
            "anchor": r.anchor,
        }
        for r in found.selection.rejections
    ]
    tables = [
        Table(
            "",
            ("source", "anchor", "target", "score", "because"),
            [[c["source"], c["anchor"], c["target"], c["score"], _why(c)] for c in chosen],
        )
    ]
    if rejected:
        rows = [[r["source"], r["target"], r["reason"], r["anchor"]] for r in reasons]
        tables.append(Table("not linked", ("source", "target", "reason", "anchor"), rows))
    lines = [f"{len(chosen)} links would be added to {found.page_count} pages"]
    text = _diff(found) if diff else ""
    data = {"links": chosen, "rejections": reasons if rejected else len(reasons), "diff": text}
    return Result(
        data,
        [*text.splitlines(), *lines],
        tables=tables if not diff else (),
        next=f"igny8 linker apply --site {site}",
    )


@command(app, "apply")
def apply(
    cli: Cli,
    pages: PagesArgument = None,
    *,
    site: SiteOption,
    all_: AllOption = False,
    max_per_page: MaxOption = None,
) -> Result:
    """Add the suggested links, as one run that can be taken back.

    Example: igny8 linker apply --site fernhill
    """
    ctx = cli.ctx
    limits = linker.limits_for(ctx, site, max_per_page=_cap(max_per_page))
    done = linker.apply(ctx, site, limits, names=pages or (), is_all=all_)
    if done.run is None:
        return Result(done, ["nothing to add: every item is linked as it stands"])
    return Result(
        done,
        [f"{done.link_count} links added to {done.page_count} pages (run {done.run})"],
        next=f"igny8 linker undo {done.run} --site {site}   # takes them back",
    )


@command(app, "links", logs=False)
def links(cli: Cli, site: SiteOption) -> Listing:
    """List every internal link, the linker's and people's."""
    columns = ("source", "anchor", "target", "origin")
    return Listing(linker.links(cli.ctx, site), columns, id_field="source")


@command(app, "runs", logs=False)
def runs(cli: Cli, site: SiteOption) -> Listing:
    """List the runs of the linker, newest first."""
    columns = ("id", "created_at", "link_count", "is_undone", "by")
    return Listing(linker.runs(cli.ctx, site), columns)


@command(app, "undo")
def undo(
    cli: Cli,
    run: Annotated[str | None, typer.Argument(help="The last run if left out.")] = None,
    *,
    site: SiteOption,
) -> Result:
    """Take a run back: every body gets its exact bytes again, unless it was edited since.

    Example: igny8 linker undo --site fernhill
    """
    done, pages = linker.undo(cli.ctx, site, run)
    return Result(
        {"run": done.id, "links": done.link_count, "pages": pages},
        [f"{done.link_count} links taken back from {pages} pages (run {done.id})"],
    )


@command(app, "graph", logs=False)
def graph(cli: Cli, site: SiteOption) -> Listing:
    """List pages with links in and out, clicks from the start and rank; orphans first."""
    columns = ("page", "incoming", "outgoing", "depth", "rank", "is_orphan", "is_weak")
    return Listing(linker.graph_rows(cli.ctx, site), columns, id_field="page")


def _cap(text: str | None) -> int | None:
    if text is None:
        return None
    if text.lower() == "none":
        return 0
    if text.isdigit() and int(text) > 0:
        return int(text)
    raise UsageError(f"`{text}` is no cap", hint="write a number above 0, or none")


def _why(link: dict[str, object]) -> str:
    signals = link["signals"]
    if not isinstance(signals, dict):
        return ""
    best = sorted(signals.items(), key=lambda pair: -pair[1])[:2]
    return ", ".join(f"{name} {share}" for name, share in best if share > 0)


def _diff(found: linker.Suggested) -> str:
    parts: list[str] = []
    for source in sorted(found.bodies, key=found.slugs.__getitem__):
        before, after = found.bodies[source]
        parts += difflib.unified_diff(
            before.splitlines(),
            after.splitlines(),
            f"{found.slugs[source]} before",
            f"{found.slugs[source]} after",
            lineterm="",
            n=0,
        )
    return "\n".join(parts)
