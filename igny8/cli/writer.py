"""Tasks and content."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Annotated

import typer

from igny8 import writer
from igny8.cli.command import Cli, DryRunOption, SiteOption, command
from igny8.cli.editor import text_from
from igny8.cli.output import Listing, Result, Table
from igny8.context import Context
from igny8.core.errors import NotFound
from igny8.writer import (
    EntityType,
    Linking,
    Optimization,
    Source,
    Stage,
    Status,
    SyncStatus,
)
from igny8.writer.exchange import to_file

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__
)

LimitOption = Annotated[int, typer.Option("--limit", min=0, help="At most so many; 0 is all.")]


@command(app, "queue")
def queue(
    cli: Cli, site: SiteOption, limit: LimitOption = 0, dry_run: DryRunOption = False
) -> Result:
    """Make writing tasks of the planner's new ideas.

    Example: igny8 writer queue --site fernhill
    """
    queued = writer.queue(cli.ctx, site, limit=limit, dry_run=dry_run)
    titles = [item if isinstance(item, str) else item.title for item in queued]
    return Result(
        {"queued": len(titles), "tasks": titles},
        [f"{len(titles)} tasks {'would be ' if dry_run else ''}queued"],
        next=f"igny8 writer generate --site {site}",
    )


@command(app, "tasks", logs=False)
def tasks(cli: Cli, site: SiteOption) -> Listing:
    """List a site's writing tasks."""
    columns = ("title", "entity_type", "status", "estimated_words", "problem")
    return Listing(writer.tasks(cli.ctx, site), columns, empty="no tasks; run `igny8 writer queue`")


@command(app, "generate")
def generate(
    cli: Cli, site: SiteOption, limit: LimitOption = 0, dry_run: DryRunOption = False
) -> Result:
    """Write the drafts of open tasks from the site's knowledge files.

    Example: igny8 writer generate --site fernhill --limit 5
    """
    ctx = cli.ctx
    if dry_run:
        count, credits_ = writer.estimate(ctx, site, limit=limit)
        return Result(
            {"drafts": count, "credits_at_most": credits_},
            [f"{count} drafts would be written for at most {credits_} credits"],
        )
    outcome = writer.generate(ctx, site, limit=limit)
    return Result(
        {"written": [item.slug for item in outcome.done]},
        [f"{len(outcome.done)} drafts written", *_blocked(ctx, site)],
        problems=outcome.problems,
        next=f"igny8 linker suggest --site {site}",
    )


@command(app, "content", logs=False)
def content(
    cli: Cli,
    site: SiteOption,
    status: Annotated[Status | None, typer.Option("--status", help="In this status.")] = None,
    entity_type: Annotated[EntityType | None, typer.Option("--type", help="Of this kind.")] = None,
    source: Annotated[Source | None, typer.Option("--source", help="From there.")] = None,
    sync_status: Annotated[
        SyncStatus | None, typer.Option("--sync-status", help="In step with its source?")
    ] = None,
    linking: Annotated[Linking | None, typer.Option("--linking", help="Linked yet?")] = None,
    optimization: Annotated[
        Optimization | None, typer.Option("--optimization", help="Optimized yet?")
    ] = None,
    stage: Annotated[Stage | None, typer.Option("--stage", help="Where it stands.")] = None,
) -> Listing:
    """List a site's content, filtered.

    Example: igny8 writer content --site fernhill --status draft --linking not_linked
    """
    found = writer.contents(
        cli.ctx,
        site,
        status=status,
        entity_type=entity_type,
        source=source,
        sync_status=sync_status,
        linking=linking,
        optimization=optimization,
        stage=stage,
    )
    rows = [
        {
            "id": item.id,
            "slug": item.slug,
            "title": item.title,
            "entity_type": item.entity_type,
            "status": item.status,
            "stage": item.stage,
            "linking": item.linking,
            "optimization": item.optimization,
            "source": item.source,
            "sync_status": item.sync_status,
            "words": item.word_count,
            "unverified": len(item.unverified),
            "version": item.version,
            "updated_at": item.updated_at,
        }
        for item in found
    ]
    return Listing(rows, ("slug", "entity_type", "status", "stage", "words", "unverified"))


@command(app, "show", logs=False)
def show(
    cli: Cli,
    name: str,
    site: SiteOption,
    raw: Annotated[bool, typer.Option("--raw", help="As the file `edit` reads.")] = False,
) -> Result:
    """Show one item by slug or id, with what blocks its approval."""
    item = writer.content(cli.ctx, site, name)
    if raw:
        return Result({"file": to_file(item)}, [to_file(item).removesuffix("\n")])
    lines = [
        f"# {item.title}",
        f"{item.entity_type} · {item.status} · {item.stage} · {item.word_count} words · "
        f"version {item.version} · /{item.slug}/",
        "",
        item.body.rstrip("\n"),
    ]
    tables = []
    if item.unverified:
        rows = [[found["kind"], found["text"], found["start"]] for found in item.unverified]
        tables.append(Table("unverified: in no source", ("kind", "text", "at"), rows))
    gaps = item.made_with.get("gaps") or []
    if gaps:
        lines += ["", "To ask the client:", *(f"- {gap}" for gap in gaps)]
    return Result(item, lines, tables=tables)


@command(app, "versions", logs=False)
def versions(cli: Cli, name: str, site: SiteOption) -> Listing:
    """List an item's earlier versions."""
    found = writer.versions(cli.ctx, site, name)
    return Listing(found, ("number", "created_at", "by", "reason", "title"), id_field="number")


@command(app, "diff", logs=False)
def diff(
    cli: Cli,
    name: str,
    site: SiteOption,
    version: Annotated[
        int | None, typer.Option("--version", help="The last one if left out.")
    ] = None,
) -> Result:
    """Show what changed since an earlier version."""
    ctx = cli.ctx
    known = {found.number: found for found in writer.versions(ctx, site, name)}
    item = writer.content(ctx, site, name)
    number = version if version is not None else max(known, default=0)
    if number not in known:
        raise NotFound(
            f"`{item.slug}` has no version {number}" if version else f"`{item.slug}` never changed",
            hint=f"see `igny8 writer versions {item.slug} --site {site}`",
        )
    lines = difflib.unified_diff(
        known[number].body.splitlines(),
        item.body.splitlines(),
        f"{item.slug} version {number}",
        f"{item.slug} version {item.version}",
        lineterm="",
    )
    text = list(lines)
    return Result({"diff": "\n".join(text)}, text)


@command(app, "restore")
def restore(
    cli: Cli,
    name: str,
    site: SiteOption,
    version: Annotated[int, typer.Option("--version", help="One of `writer versions`.")],
) -> Result:
    """Bring an earlier version back, as a new version.

    Example: igny8 writer restore wheel-truing --site fernhill --version 2
    """
    item = writer.restore(cli.ctx, site, name, version)
    return Result(
        {"slug": item.slug, "version": item.version},
        [f"{item.slug} is version {version} again (as version {item.version})"],
    )


@command(app, "edit")
def edit(
    cli: Cli,
    name: str,
    site: SiteOption,
    source: Annotated[
        Path | None, typer.Option("--from", help="A file instead of $EDITOR.")
    ] = None,
) -> Result:
    """Edit an item as Markdown with front matter.

    Example: igny8 writer edit wheel-truing --site fernhill
    """
    ctx = cli.ctx
    before = to_file(writer.content(ctx, site, name))
    text = text_from(cli, source, before)
    if text == before:
        return Result({"changed": False}, ["nothing changed"])
    item = writer.edit(ctx, site, name, text)
    return Result(
        {"slug": item.slug, "version": item.version, "changed": True},
        [f"{item.slug} is version {item.version} now"],
    )


@command(app, "approve")
def approve(
    cli: Cli,
    names: Annotated[
        list[str] | None, typer.Argument(help="Slugs; all drafts if left out.")
    ] = None,
    *,
    site: SiteOption,
) -> Result:
    """Approve items. An item with unverified facts is not approved.

    Example: igny8 writer approve wheel-truing --site fernhill
    """
    outcome = writer.approve(cli.ctx, site, names or ())
    return Result(
        {"approved": [item.slug for item in outcome.done]},
        [f"{len(outcome.done)} items approved"],
        problems=outcome.problems,
        next=f"igny8 build {site}",
    )


@command(app, "reject")
def reject(
    cli: Cli,
    name: str,
    site: SiteOption,
    reason: Annotated[str, typer.Option("--reason", help="What must change.")],
) -> Result:
    """Send an item back to draft, with a reason.

    Example: igny8 writer reject wheel-truing --site fernhill --reason "price is old"
    """
    item = writer.set_status(cli.ctx, site, name, Status.DRAFT, reason=reason)
    return Result({"slug": item.slug, "status": item.status}, [f"{item.slug} is a draft again"])


@command(app, "archive")
def archive(cli: Cli, name: str, site: SiteOption) -> Result:
    """Take an item off the site without deleting it.

    Example: igny8 writer archive wheel-truing --site fernhill
    """
    item = writer.set_status(cli.ctx, site, name, Status.ARCHIVED)
    return Result({"slug": item.slug, "status": item.status}, [f"{item.slug} is archived"])


@command(app, "import")
def import_(
    cli: Cli,
    path: Path,
    site: SiteOption,
    status: Annotated[Status | None, typer.Option("--status", help="Over the files' own.")] = None,
    source: Annotated[Source | None, typer.Option("--source", help="Where they came from.")] = None,
    entity_type: Annotated[
        EntityType | None, typer.Option("--type", help="Over the files' own.")
    ] = None,
    dry_run: DryRunOption = False,
) -> Result:
    """Import Markdown or HTML files with front matter. A second import changes nothing.

    Example: igny8 writer import posts/ --site fernhill --status published
    """
    outcome = writer.import_files(
        cli.ctx,
        site,
        path,
        status=status,
        source=source,
        entity_type=entity_type,
        dry_run=dry_run,
    )
    counts = {"added": 0, "updated": 0, "unchanged": 0}
    for _, verdict in outcome.done:
        counts[verdict] += 1
    said = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    return Result(
        counts,
        [f"{said}{' (dry run)' if dry_run else ''}"],
        problems=outcome.problems,
        next=f"igny8 linker suggest --site {site}",
    )


def _blocked(ctx: Context, site: str) -> list[str]:
    count = sum(task.status is writer.TaskStatus.BLOCKED for task in writer.tasks(ctx, site))
    if not count:
        return []
    return [f"{count} wait for knowledge; `igny8 writer tasks --site {site}` says what is missing"]
