"""Reads of keywords, clusters and ideas, and the edits that a person makes to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from igny8 import accounts
from igny8.accounts import Need, Site
from igny8.context import Context
from igny8.core.errors import Conflict, InvalidInput, NotFound
from igny8.db import Session
from igny8.jobs import record
from igny8.planner import store
from igny8.planner.naming import cluster_id, intents_of, pillar_of
from igny8.planner.normalise import normalise
from igny8.planner.store import KeywordFilter
from igny8.planner.types import Cluster, Idea, IdeaStatus, Keyword, KeywordStatus

_UNKNOWN_SHOWN = 3


def keywords(  # noqa: PLR0913
    ctx: Context,
    site_slug: str,
    *,
    status: KeywordStatus | None = None,
    cluster: str | None = None,
    intent: str | None = None,
    contains: str | None = None,
    min_volume: int | None = None,
    sector: str | None = None,
    sort: str = "-volume",
    limit: int = 0,
) -> tuple[list[Keyword], int]:
    """A site's keywords that pass every filter, and how many there are without the limit.

    `cluster` is an id or a label, `sector` a slug, `sort` a field with `-` for descending. Raises
    NotFound, UsageError for a field that can't be sorted by.
    """
    site = accounts.site(ctx, site_slug, Need.READ)
    sector_id = sector_id_of(ctx, site, sector) if sector is not None else None
    with ctx.read() as session:
        wanted = KeywordFilter(
            status=status,
            cluster=_cluster(session, site, cluster).id if cluster is not None else None,
            intent=intent,
            contains=normalise(contains) if contains is not None else None,
            min_volume=min_volume,
            sector_id=sector_id,
        )
        found = store.keywords(session, site.id, wanted, sort, limit)
        is_all = not limit or len(found) < limit
        total = len(found) if is_all else store.count_keywords(session, site.id, wanted)
    return found, total


def clusters(ctx: Context, site_slug: str) -> list[Cluster]:
    """A site's clusters, the most searched first."""
    site = accounts.site(ctx, site_slug, Need.READ)
    with ctx.read() as session:
        return store.clusters(session, site.id)


def ideas(ctx: Context, site_slug: str, status: IdeaStatus | None = None) -> list[Idea]:
    """A site's ideas, oldest first; those with one status when it is given."""
    site = accounts.site(ctx, site_slug, Need.READ)
    with ctx.read() as session:
        if status is None:
            return store.ideas(session, site.id)
        return store.ideas_with_status(session, site.id, status)


def merge(ctx: Context, site_slug: str, target: str, others: Sequence[str]) -> Cluster:
    """Put the keywords and ideas of other clusters into `target`, and lock it."""
    site = accounts.site(ctx, site_slug, Need.WRITE)
    with ctx.lock(f"site {site.slug}", "planner merge"), ctx.write() as session:
        into = _cluster(session, site, target)
        sources = [_cluster(session, site, other) for other in others]
        for source in sources:
            if source.id == into.id:
                raise Conflict(f"cluster `{into.label}` can't be merged into itself")
            store.move_ideas(session, source.id, into.id)
            held = store.members(session, site.id, cluster=source.id)
            store.set_keywords(session, [{"id": m.id, "cluster_id": into.id} for m in held])
        store.set_cluster(session, into.id, is_locked=True)
        _tidy(session, site, ())
        _record(
            ctx, session, site, "planner.clusters-merged", into.id, others=[s.id for s in sources]
        )
        return _cluster(session, site, into.id)


def split(
    ctx: Context, site_slug: str, source: str, names: Sequence[str], *, label: str | None = None
) -> Cluster:
    """Take keywords out of a cluster into one of their own, locked. At least one stays behind."""
    site = accounts.site(ctx, site_slug, Need.WRITE)
    with ctx.lock(f"site {site.slug}", "planner split"), ctx.write() as session:
        origin = _cluster(session, site, source)
        chosen = _keywords(session, site, names)
        for keyword in chosen:
            if keyword.cluster != origin.id:
                raise Conflict(
                    f"`{keyword.keyword}` is not in cluster `{origin.label}`",
                    hint="`igny8 planner move` takes keywords from anywhere",
                )
        if len(chosen) == origin.size:
            raise Conflict(f"all of cluster `{origin.label}` is named: nothing would stay in it")
        ids = {keyword.id for keyword in chosen}
        taken = [m for m in store.members(session, site.id, cluster=origin.id) if m.id in ids]
        pillar = pillar_of(taken)
        known = {cluster.id for cluster in store.clusters(session, site.id)}
        made = cluster_id(ctx.account.slug, site.slug, pillar, known)
        fields = {
            "label": label or pillar,
            "pillar": pillar,
            "topic": origin.topic,
            "intents": intents_of(taken),
            "is_locked": True,
        }
        store.add_cluster(session, site.id, made, fields, ctx.clock.now())
        _put(session, chosen, made)
        _tidy(session, site, (origin.id,))
        _record(ctx, session, site, "planner.cluster-split", origin.id, into=made)
        return _cluster(session, site, made)


def move(ctx: Context, site_slug: str, names: Sequence[str], target: str | None) -> list[Keyword]:
    """Put keywords into a cluster, or with None into no cluster, and keep them there.

    Returns those that were somewhere else before.
    """
    site = accounts.site(ctx, site_slug, Need.WRITE)
    with ctx.lock(f"site {site.slug}", "planner move"), ctx.write() as session:
        into = _cluster(session, site, target).id if target is not None else None
        chosen = [
            keyword
            for keyword in _keywords(session, site, names)
            if keyword.cluster != into or not keyword.is_locked
        ]
        if chosen:
            _put(session, chosen, into)
            _tidy(session, site, (k.cluster for k in chosen))
            subject = into or site.id
            _record(ctx, session, site, "planner.keywords-moved", subject, keywords=len(chosen))
    return chosen


def ignore(
    ctx: Context, site_slug: str, names: Sequence[str], *, undo: bool = False
) -> list[Keyword]:
    """Leave keywords out of clusters and ideas for good, or with `undo` take them up again as new.

    Returns those that were not so already.
    """
    site = accounts.site(ctx, site_slug, Need.WRITE)
    with ctx.lock(f"site {site.slug}", "planner ignore"), ctx.write() as session:
        chosen = [
            keyword
            for keyword in _keywords(session, site, names)
            if (keyword.status is KeywordStatus.IGNORED) is undo
        ]
        fields: dict[str, Any] = {
            "status": KeywordStatus.NEW if undo else KeywordStatus.IGNORED,
            "cluster_id": None,
            "confidence": None,
            "reason": None if undo else f"ignored by {ctx.actor.email}"[:200],
            "is_locked": False,
        }
        if chosen:
            store.set_keywords(session, [{"id": k.id, **fields} for k in chosen])
            _tidy(session, site, (k.cluster for k in chosen))
            event = "planner.keywords-taken-up" if undo else "planner.keywords-ignored"
            _record(ctx, session, site, event, site.id, keywords=[k.id for k in chosen])
    return chosen


def lock(
    ctx: Context, site_slug: str, names: Sequence[str], *, undo: bool = False
) -> list[Cluster]:
    """Keep clusters as they are when keywords are clustered again. Returns those that change."""
    site = accounts.site(ctx, site_slug, Need.WRITE)
    with ctx.lock(f"site {site.slug}", "planner lock"), ctx.write() as session:
        chosen = [
            cluster
            for cluster in (_cluster(session, site, name) for name in names)
            if cluster.is_locked is undo
        ]
        for cluster in chosen:
            store.set_cluster(session, cluster.id, is_locked=not undo)
            event = "planner.cluster-unlocked" if undo else "planner.cluster-locked"
            _record(ctx, session, site, event, cluster.id)
    return chosen


def _put(session: Session, chosen: Sequence[Keyword], target: str | None) -> None:
    fields = {
        "cluster_id": target,
        "status": KeywordStatus.CLUSTERED if target else KeywordStatus.UNCLUSTERED,
        "confidence": 1.0,
        "reason": None if target else "taken out by hand",
        "is_locked": True,
    }
    store.set_keywords(session, [{"id": keyword.id, **fields} for keyword in chosen])


def _tidy(session: Session, site: Site, touched: Iterable[str | None]) -> None:
    """Drop clusters that are empty now, and give one that lost its pillar another."""
    removed = store.remove_empty_clusters(session, site.id)
    left = {name for name in touched if name} - set(removed)
    for cluster in store.clusters(session, site.id):
        if cluster.id not in left:
            continue
        held = store.members(session, site.id, cluster=cluster.id)
        if held and all(member.keyword != cluster.pillar for member in held):
            store.set_cluster(session, cluster.id, pillar=pillar_of(held))


def _cluster(session: Session, site: Site, name: str) -> Cluster:
    """A cluster by id or label. Raises NotFound, Conflict for a label that two clusters have."""
    known = store.clusters(session, site.id)
    found = [c for c in known if c.id == name] or [
        c for c in known if normalise(c.label) == normalise(name)
    ]
    if not found:
        raise NotFound.named(
            "cluster",
            name,
            [cluster.label for cluster in known],
            list_with=f"igny8 planner clusters --site {site.slug}",
        )
    if len(found) > 1:
        ids = ", ".join(cluster.id for cluster in found)
        raise Conflict(f"{len(found)} clusters are called `{name}`", hint=f"name one by id: {ids}")
    return found[0]


def _keywords(session: Session, site: Site, names: Sequence[str]) -> list[Keyword]:
    """Keywords by their text, in any spelling that counts as the same. Raises NotFound."""
    if not names:
        raise InvalidInput("no keyword is named", hint="name at least one")
    wanted = [normalise(name) for name in names]
    found = store.keywords_named(session, site.id, wanted)
    missing = [name for name, key in zip(names, wanted, strict=True) if key not in found]
    if missing:
        shown = ", ".join(f"`{name}`" for name in missing[:_UNKNOWN_SHOWN])
        more = f" and {len(missing) - _UNKNOWN_SHOWN} more" * (len(missing) > _UNKNOWN_SHOWN)
        raise NotFound(
            f"site `{site.slug}` has no keyword {shown}{more}",
            hint=f"see `igny8 planner keywords --site {site.slug} --contains TEXT`",
            code="planner.unknown-keyword",
        )
    return [found[key] for key in dict.fromkeys(wanted)]


def sector_id_of(ctx: Context, site: Site, slug: str) -> str:
    """The id of one of a site's sectors. Raises NotFound with the nearest slug."""
    known = accounts.sectors(ctx, site.slug)
    for sector in known:
        if sector.slug == slug:
            return sector.id
    raise NotFound.named(
        "sector", slug, [s.slug for s in known], list_with=f"igny8 site sector list {site.slug}"
    )


def _record(
    ctx: Context, session: Session, site: Site, event: str, subject: str, **payload: Any
) -> None:
    record(
        session,
        event,
        subject=subject,
        actor=ctx.actor.email,
        run_id=ctx.run_id,
        at=ctx.clock.now(),
        site_id=site.id,
        **payload,
    )
