"""Clustering a site's keywords: by the planner's own engine, free of charge, then by a model."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

from igny8 import accounts
from igny8.accounts import Need, Site
from igny8.context import Context
from igny8.db import Session
from igny8.jobs import record
from igny8.planner import clustering, store
from igny8.planner.generation import business_of
from igny8.planner.naming import cluster_id, intents_of
from igny8.planner.refinement import Refinement
from igny8.planner.types import Cluster, Grouping, KeywordStatus, Member, Method

_PLACED = (KeywordStatus.NEW, KeywordStatus.CLUSTERED, KeywordStatus.UNCLUSTERED)


def cluster_keywords(
    ctx: Context,
    site_slug: str,
    *,
    method: Method = Method.LOCAL,
    again: bool = False,
    dry_run: bool = False,
) -> Grouping:
    """Place a site's new keywords, beside and in the clusters there are.

    Clusters keep their id, label and members; `again` forms them anew, except for those that a
    person has locked or that have ideas. Without a new keyword nothing changes. Method `ai` then
    asks a model to name and refine new clusters, at most 50 keywords a call, each charged when it
    is saved. Raises InsufficientCredits when not even the first call can be paid.
    """
    site = accounts.site(ctx, site_slug, Need.WRITE)
    with nullcontext() if dry_run else ctx.lock(f"site {site.slug}", "planner cluster"):
        report = _place(ctx, site, again=again, dry_run=dry_run)
        if method is Method.AI:
            refinement = Refinement(ctx, site)
            return refinement.run(replace(report, method=method), dry_run=dry_run)
    return report


def _place(ctx: Context, site: Site, *, again: bool, dry_run: bool) -> Grouping:
    with ctx.read() as session:
        members = store.members(session, site.id, statuses=_PLACED)
        known = {cluster.id: cluster for cluster in store.clusters(session, site.id)}
    if not again and all(member.status is not KeywordStatus.NEW for member in members):
        return Grouping(Method.LOCAL, 0, 0, 0, 0, 0, 0)
    held = {c.id for c in known.values() if not again or c.is_locked or c.idea_count}
    # A keyword that a person has put somewhere holds its cluster, too.
    held |= {m.cluster for m in members if m.is_locked and m.cluster}
    names = _names(known[held_id] for held_id in sorted(held))
    settings = ctx.config.site(site.slug)
    places = business_of(ctx, site).places
    plan = _Placement(ctx, site, members, known, held)
    # Who looks for this business wants no article: its name must not draw others in.
    for is_branded in (False, True):
        found = clustering.cluster(
            [
                clustering.Candidate(m.keyword, m.volume, m.intents, names.get(_home(m, held)))
                for m in members
                if m.is_branded is is_branded and (m.cluster or not m.is_locked)
            ],
            settings.settings.planner.granularity,
            language=settings.identity.locale,
            places=places,
        )
        plan.read(found, settings.settings.planner.min_cluster_size)
    if not dry_run:
        with ctx.write() as session:
            plan.save(session)
    return plan.report()


def _home(member: Member, held: Container[str]) -> str:
    """The cluster that a keyword may not leave, or ""."""
    return member.cluster if member.cluster and member.cluster in held else ""


def _names(clusters: Iterable[Cluster]) -> dict[str, str]:
    """A name for each cluster that no other has: the engine tells clusters apart by name."""
    names: dict[str, str] = {}  # name → id
    for cluster in clusters:
        name, number = cluster.label, 2
        while name in names:
            name, number = f"{cluster.label} ({number})", number + 1
        names[name] = cluster.id
    return {known: name for name, known in names.items()}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a keyword belongs."""

    cluster: str | None
    confidence: float
    reason: str | None = None


class _Placement:
    """The engine's answer as changes of rows."""

    def __init__(
        self,
        ctx: Context,
        site: Site,
        members: Sequence[Member],
        known: dict[str, Cluster],
        held: set[str],
    ) -> None:
        self._ctx = ctx
        self._site = site
        self._members = {member.keyword: member for member in members}
        self._known = known
        self._held = held
        self._clusters: dict[str, dict[str, Any]] = {}  # id → fields of clusters that are formed
        self._grown: dict[str, list[str]] = {}  # id → intents of clusters that gain keywords
        self._places: dict[str, _Place] = {}  # id of the keyword → where it belongs

    def read(self, found: clustering.Clustering, least: int) -> None:
        """Take in what the engine found; groups under `least` keywords are none."""
        for group in found.clusters:
            members = [self._members[member.text] for member in group.members]
            home = next((_home(m, self._held) for m in members if _home(m, self._held)), None)
            if home is None and len(members) < least:
                for member in members:
                    reason = f"its group has fewer than {least} keywords"
                    self._places[member.id] = _Place(None, 1.0, reason)
                continue
            if home is None:
                home = self._formed(group, members)
            elif any(member.cluster != home for member in members):
                self._grown[home] = intents_of(members)
            for place, member in zip(group.members, members, strict=True):
                self._places[member.id] = _Place(home, place.confidence)
        for left in found.unclustered:
            member = self._members[left.text]
            self._places[member.id] = _Place(None, left.confidence, left.reason)

    def save(self, session: Session) -> None:
        """Write what changes, with its event."""
        changes = self._changes()
        if not changes:
            return
        now = self._ctx.clock.now()
        for formed, fields in self._clusters.items():
            if formed in self._known:
                store.set_cluster(session, formed, **fields, made_with={})
            else:
                store.add_cluster(session, self._site.id, formed, fields, now)
        for grown, intents in self._grown.items():
            store.set_cluster(session, grown, intents=intents)
        store.set_keywords(session, changes)
        removed = store.remove_empty_clusters(session, self._site.id)
        record(
            session,
            "planner.keywords-clustered",
            subject=self._site.id,
            actor=self._ctx.actor.email,
            run_id=self._ctx.run_id,
            at=now,
            site_id=self._site.id,
            keywords=len(self._places),
            clusters_formed=sorted(self._clusters),
            clusters_removed=removed,
        )

    def report(self) -> Grouping:
        """Say what was or would be done."""
        free = [m.id for m in self._members.values() if not _home(m, self._held)]
        moved = [self._places[keyword] for keyword in free if keyword in self._places]
        return Grouping(
            method=Method.LOCAL,
            keyword_count=len(moved),
            clustered=sum(place.cluster is not None for place in moved),
            unclustered=sum(place.cluster is None for place in moved),
            cluster_count=len(set(self._clusters) - set(self._known)),
            refined_count=0,
            credits=0,
        )

    def _formed(self, group: clustering.Cluster, members: Sequence[Member]) -> str:
        taken = self._held | set(self._clusters)
        made = cluster_id(self._ctx.account.slug, self._site.slug, group.pillar, taken)
        self._clusters[made] = {
            "label": group.label,
            "pillar": group.pillar,
            "topic": group.topic,
            "intents": intents_of(members),
        }
        return made

    def _changes(self) -> list[dict[str, Any]]:
        changes = []
        for member in self._members.values():
            place = self._places.get(member.id)
            is_still = place is not None and member.cluster == place.cluster
            if place is None or (is_still and member.status is not KeywordStatus.NEW):
                continue
            changes.append(
                {
                    "id": member.id,
                    "cluster_id": place.cluster,
                    "confidence": round(place.confidence, 3),
                    "reason": place.reason[:200] if place.reason else None,
                    "status": KeywordStatus.CLUSTERED
                    if place.cluster
                    else KeywordStatus.UNCLUSTERED,
                }
            )
        return changes
