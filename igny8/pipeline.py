"""The line end to end: its stations in order, run from where a site stands. Owns no tables.

A station is idempotent: it does what is left and finds nothing to do the second time. That makes
the line resumable without a memory of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from igny8 import accounts, billing
from igny8.accounts import Need
from igny8.context import Context
from igny8.core.errors import InsufficientCredits, NotFound
from igny8.core.outcome import Problem


@dataclass(frozen=True, slots=True)
class Done:
    """What a station did: a count, what it counts, and what went wrong."""

    count: int
    unit: str
    problems: tuple[Problem, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a station would do now, and the credits it would hold at most."""

    count: int
    unit: str
    credits: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Station:
    """One step of the line. `module` must be switched on."""

    name: str
    module: str
    run: Callable[[Context, str], Done]
    waiting: Callable[[Context, str], Waiting]


@dataclass(frozen=True, slots=True)
class StationReport:
    """What one station did in one run, and what it cost."""

    station: str
    count: int
    unit: str
    credits: int
    problems: tuple[Problem, ...]
    note: str


def stations(enabled: Collection[str]) -> tuple[Station, ...]:
    """The stations whose modules are on, in order. Nothing else is imported."""
    return tuple(station for station in _LINE if station.module in enabled)


def run(
    ctx: Context, site_slug: str, line: tuple[Station, ...], *, until: str | None = None
) -> list[StationReport]:
    """Run a site through the line, up to and with station `until`.

    Raises InsufficientCredits where credits run out; what was finished stays, and the next run
    carries on. Raises Busy while another run works on the site.
    """
    site = accounts.site(ctx, site_slug, Need.WRITE)
    wanted = _up_to(line, until)
    reports: list[StationReport] = []
    with ctx.lock(f"site {site.slug}", f"run {site.slug}"):
        billing.release_dead(ctx, site.slug)  # what a killed run held, should no call follow
        for station in wanted:
            before = billing.balance(ctx).spent
            done = station.run(ctx, site.slug)
            reports.append(
                StationReport(
                    station.name,
                    done.count,
                    done.unit,
                    billing.balance(ctx).spent - before,
                    done.problems,
                    done.note,
                )
            )
            shortage = [p for p in done.problems if p.code == InsufficientCredits.code]
            if shortage:
                break
    return reports


def preview(
    ctx: Context, site_slug: str, line: tuple[Station, ...], *, until: str | None = None
) -> list[tuple[Station, Waiting]]:
    """What each station would do if it ran now. A station cannot see what earlier ones will add."""
    site = accounts.site(ctx, site_slug, Need.READ)
    return [(station, station.waiting(ctx, site.slug)) for station in _up_to(line, until)]


def _up_to(line: tuple[Station, ...], until: str | None) -> tuple[Station, ...]:
    names = [station.name for station in line]
    if until is None:
        return line
    if until not in names:
        raise NotFound.named("station", until, names)
    return line[: names.index(until) + 1]


# Each station imports its slice when it runs: a slice that is switched off is never loaded.


def _clusters(ctx: Context, site: str) -> Done:
    from igny8 import planner

    done = planner.cluster_keywords(ctx, site)
    return Done(done.cluster_count, "new clusters", note=f"{done.unclustered} left unclustered")


def _clusters_waiting(ctx: Context, site: str) -> Waiting:
    from igny8 import planner

    _, total = planner.keywords(ctx, site, status=planner.KeywordStatus.NEW, limit=1)
    return Waiting(total, "keywords to cluster")


def _ideas(ctx: Context, site: str) -> Done:
    from igny8 import planner

    outcome = planner.ideate(ctx, site)
    return Done(len(outcome.done), "ideas", outcome.problems)


def _ideas_waiting(ctx: Context, site: str) -> Waiting:
    from igny8 import planner

    count, credits_ = planner.estimate_ideas(ctx, site)
    return Waiting(count, "clusters without ideas", credits_)


def _tasks(ctx: Context, site: str) -> Done:
    from igny8 import writer

    return Done(len(writer.queue(ctx, site)), "tasks queued")


def _tasks_waiting(ctx: Context, site: str) -> Waiting:
    from igny8 import writer

    return Waiting(len(writer.queue(ctx, site, dry_run=True)), "ideas to queue")


def _content(ctx: Context, site: str) -> Done:
    from igny8 import writer

    limit = ctx.config.site(site).settings.writer.max_drafts
    outcome = writer.generate(ctx, site, limit=limit)
    blocked = sum(t.status is writer.TaskStatus.BLOCKED for t in writer.tasks(ctx, site))
    note = f"{blocked} wait for knowledge" if blocked else ""
    return Done(len(outcome.done), "drafts", outcome.problems, note)


def _content_waiting(ctx: Context, site: str) -> Waiting:
    from igny8 import writer

    limit = ctx.config.site(site).settings.writer.max_drafts
    count, credits_ = writer.estimate(ctx, site, limit=limit)
    return Waiting(count, "drafts to write", credits_)


def _links(ctx: Context, site: str) -> Done:
    from igny8 import linker

    applied = linker.apply(ctx, site)
    return Done(applied.link_count, "links", note=f"on {applied.page_count} pages")


def _links_waiting(ctx: Context, site: str) -> Waiting:
    from igny8 import writer

    items = writer.contents(ctx, site)
    open_ = [i for i in items if i.is_linkable and i.linking is not writer.Linking.LINKED]
    return Waiting(len(open_), "items to link")


def _optimization(ctx: Context, site: str) -> Done:
    from igny8 import optimizer

    outcome = optimizer.run(ctx, site)
    accepted = sum(task.status is optimizer.TaskStatus.ACCEPTED for task in outcome.done)
    return Done(len(outcome.done), "items", outcome.problems, f"{accepted} rewrites accepted")


def _optimization_waiting(ctx: Context, site: str) -> Waiting:
    from igny8 import optimizer

    count, credits_ = optimizer.estimate(ctx, site)
    return Waiting(count, "items to optimize", credits_)


def _approval(ctx: Context, site: str) -> Done:
    from igny8 import writer

    if ctx.config.site(site).settings.writer.approval != "auto":
        waiting = len(writer.contents(ctx, site, status=writer.Status.DRAFT))
        return Done(0, "approved", note=f"{waiting} wait for a person" if waiting else "")
    outcome = writer.approve(ctx, site)
    return Done(len(outcome.done), "approved", outcome.problems)


def _approval_waiting(ctx: Context, site: str) -> Waiting:
    from igny8 import writer

    return Waiting(len(writer.contents(ctx, site, status=writer.Status.DRAFT)), "drafts")


def _pages(ctx: Context, site: str) -> Done:
    from igny8 import sitebuilder

    sitebuilder.generate(ctx, site)
    version, is_new = sitebuilder.apply(ctx, site)
    note = f"blueprint version {version.version}{'' if is_new else ', unchanged'}"
    return Done(len(sitebuilder.pages(ctx, site)), "pages", note=note)


def _pages_waiting(ctx: Context, site: str) -> Waiting:
    from igny8 import sitebuilder

    return Waiting(*sitebuilder.estimate(ctx, site))


def _build(ctx: Context, site: str) -> Done:
    from igny8 import renderer

    built = renderer.build(ctx, site)
    return Done(
        built.written.written_count,
        "files written",
        note=f"{built.written.unchanged_count} unchanged",
    )


def _build_waiting(ctx: Context, site: str) -> Waiting:
    from igny8 import sitebuilder

    return Waiting(len(sitebuilder.pages(ctx, site)), "pages to build")


def _publish(ctx: Context, site: str) -> Done:
    from igny8 import publisher

    targets = publisher.targets(ctx, site)
    if not targets:
        return Done(0, "files", note="no target; see `igny8 publisher target-add`")
    changed, releases = 0, []
    for target in targets:
        published = publisher.publish(ctx, site, target.name)
        plan = published.plan
        changed += len(plan.added) + len(plan.changed) + len(plan.removed)
        releases.append(f"{target.name}: {published.release}")
    return Done(changed, "files", note=", ".join(releases))


def _publish_waiting(ctx: Context, site: str) -> Waiting:
    from igny8 import publisher

    return Waiting(len(publisher.targets(ctx, site)), "targets")


_LINE = (
    Station("clusters", "planner", _clusters, _clusters_waiting),
    Station("ideas", "planner", _ideas, _ideas_waiting),
    Station("tasks", "planner", _tasks, _tasks_waiting),
    Station("content", "writer", _content, _content_waiting),
    Station("links", "linker", _links, _links_waiting),
    Station("optimization", "optimizer", _optimization, _optimization_waiting),
    Station("approval", "writer", _approval, _approval_waiting),
    Station("pages", "sitebuilder", _pages, _pages_waiting),
    Station("build", "sitebuilder", _build, _build_waiting),
    Station("publish", "publisher", _publish, _publish_waiting),
)
