"""Where everything stands: how many items at each station, what blocks them, what comes next."""

from __future__ import annotations

from dataclasses import dataclass

from igny8 import accounts, billing, system
from igny8.accounts import Need
from igny8.context import Context


@dataclass(frozen=True, slots=True)
class Place:
    """One station of one site: how much there is, how much waits, and the command that goes on."""

    station: str
    total: int
    waiting: int
    blocked: str
    command: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A site at a glance. `next` is the first command that has work to do."""

    site: str
    places: tuple[Place, ...]
    available_credits: int
    next: str | None


def standing(ctx: Context, site_slug: str) -> Standing:
    """Look at every station whose module is on."""
    site = accounts.site(ctx, site_slug, Need.READ)
    enabled = system.enabled_modules(ctx)
    places: list[Place] = []
    if "planner" in enabled:
        places += _planning(ctx, site.slug)
    if "writer" in enabled:
        places += _writing(ctx, site.slug, enabled)
    if "publisher" in enabled:
        places += _publishing(ctx, site.slug)
    upcoming = next((place.command for place in places if place.waiting and place.command), None)
    return Standing(site.slug, tuple(places), billing.balance(ctx).available, upcoming)


def _planning(ctx: Context, site: str) -> list[Place]:
    from igny8 import planner

    _, keywords = planner.keywords(ctx, site, limit=1)
    _, fresh = planner.keywords(ctx, site, status=planner.KeywordStatus.NEW, limit=1)
    without, _ = planner.estimate_ideas(ctx, site)
    ideas = planner.ideas(ctx, site)
    new = [idea for idea in ideas if idea.status is planner.IdeaStatus.NEW]
    return [
        Place("keywords", keywords, fresh, "", f"igny8 planner cluster --site {site}"),
        Place(
            "clusters",
            len(planner.clusters(ctx, site)),
            without,
            "",
            f"igny8 planner ideate --site {site}",
        ),
        Place("ideas", len(ideas), len(new), "", f"igny8 writer queue --site {site}"),
    ]


def _writing(ctx: Context, site: str, enabled: frozenset[str]) -> list[Place]:
    from igny8 import writer

    tasks = writer.tasks(ctx, site)
    blocked = [task for task in tasks if task.status is writer.TaskStatus.BLOCKED]
    count, _ = writer.estimate(ctx, site)
    items = [i for i in writer.contents(ctx, site) if i.status is not writer.Status.ARCHIVED]
    places = [
        Place(
            "tasks",
            len(tasks),
            count,
            f"{len(blocked)} wait for knowledge" if blocked else "",
            f"igny8 writer generate --site {site}",
        )
    ]
    if "linker" in enabled:
        unlinked = [i for i in items if i.linking is not writer.Linking.LINKED]
        places.append(
            Place("content", len(items), len(unlinked), "", f"igny8 linker apply --site {site}")
        )
    if "optimizer" in enabled:
        rough = [i for i in items if i.optimization is not writer.Optimization.OPTIMIZED]
        places.append(
            Place("linked", len(items), len(rough), "", f"igny8 optimizer run --site {site}")
        )
    drafts = [i for i in items if i.status in (writer.Status.DRAFT, writer.Status.IN_REVIEW)]
    unverified = [i for i in drafts if i.unverified]
    places.append(
        Place(
            "optimized",
            len(items),
            len(drafts),
            f"{len(unverified)} with unverified facts" if unverified else "",
            f"igny8 writer approve --site {site}",
        )
    )
    return places


def _publishing(ctx: Context, site: str) -> list[Place]:
    from igny8 import publisher, writer

    live = writer.contents(ctx, site, status=writer.Status.PUBLISHED)
    approved = writer.contents(ctx, site, status=writer.Status.APPROVED)
    blocked = "" if publisher.targets(ctx, site) else "no target"
    return [Place("published", len(live), len(approved), blocked, f"igny8 run {site}")]
