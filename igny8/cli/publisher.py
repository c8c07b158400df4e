"""Targets, releases, rollback."""

from __future__ import annotations

from typing import Annotated

import typer

from igny8 import publisher
from igny8.cli.command import Cli, SiteOption, command
from igny8.cli.output import Listing, Result
from igny8.core.errors import UsageError

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__
)

TargetOption = Annotated[
    str | None, typer.Option("--target", help="Its name; may be left out if there is one.")
]


@command(app, "targets", logs=False)
def targets(cli: Cli, site: SiteOption) -> Listing:
    """List where a site is published."""
    return Listing(
        publisher.targets(cli.ctx, site), ("name", "adapter", "options"), id_field="name"
    )


@command(app, "target-add")
def target_add(
    cli: Cli,
    name: str,
    site: SiteOption,
    adapter: Annotated[str, typer.Option("--adapter", help="See `plugins list`.")] = "folder",
    option: Annotated[
        list[str] | None, typer.Option("--option", help="key=value; as often as needed.")
    ] = None,
) -> Result:
    """Add a target, after trying it.

    Example: igny8 publisher target-add live --site fernhill --option path=/srv/www/fernhill
    """
    options = {}
    for entry in option or ():
        key, equals, value = entry.partition("=")
        if not equals:
            raise UsageError(f"`{entry}` is no option", hint="write key=value")
        options[key] = value
    made = publisher.add_target(cli.ctx, site, name, adapter, options)
    return Result(made, [f"target {name} added"], next=f"igny8 publisher publish --site {site}")


@command(app, "plan", logs=False)
def plan(cli: Cli, site: SiteOption, target: TargetOption = None) -> Result:
    """Show what publishing would change. Nothing is changed."""
    found = publisher.plan(cli.ctx, site, target)
    lines = [f"+ {path}" for path in found.added]
    lines += [f"~ {path}" for path in found.changed]
    lines += [f"- {path}" for path in found.removed]
    return Result(found, [*lines, _counted(found)])


@command(app, "publish")
def publish(cli: Cli, site: SiteOption, target: TargetOption = None) -> Result:
    """Publish the last build, switching whole releases where the target can.

    Example: igny8 publisher publish --site fernhill
    """
    done = publisher.publish(cli.ctx, site, target)
    lines = [f"release {done.release} is live on {done.target}: {_counted(done.plan)}"]
    if done.plan.is_empty:
        named = f" (release {done.release})" if done.release else ""
        lines = [f"{done.target} holds this build already{named}"]
    if done.release_dir:
        lines.append(f"in {done.release_dir}")
    return Result(done, lines)


@command(app, "records", logs=False)
def records(cli: Cli, site: SiteOption) -> Listing:
    """List releases, newest first."""
    columns = ("created_at", "target", "release", "status", "added", "changed", "removed")
    return Listing(publisher.records(cli.ctx, site), columns, id_field="release")


@command(app, "rollback")
def rollback(
    cli: Cli,
    site: SiteOption,
    release: Annotated[str | None, typer.Option("--release", help="The one before.")] = None,
    target: TargetOption = None,
) -> Result:
    """Make an earlier release live again.

    Example: igny8 publisher rollback --site fernhill
    """
    now = publisher.rollback(cli.ctx, site, release, target)
    return Result({"site": site, "release": now}, [f"release {now} is live again"])


def _counted(plan: publisher.Plan) -> str:
    return (
        f"{len(plan.added)} added, {len(plan.changed)} changed, {len(plan.removed)} removed, "
        f"{plan.unchanged_count} unchanged"
    )
