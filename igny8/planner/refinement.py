"""New clusters named and refined by a model: at most 50 keywords a call, each saved and charged."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from igny8.accounts import Site
from igny8.context import Context
from igny8.core.errors import AIError, InsufficientCredits
from igny8.core.outcome import Problem
from igny8.db import Session
from igny8.jobs import record
from igny8.planner import store
from igny8.planner.ai import CLUSTER_KEYWORDS, MAX_BATCH, OUTAGE, GroupIn, GroupsInput, KeywordIn
from igny8.planner.naming import cluster_id, intents_of, pillar_of
from igny8.planner.normalise import normalise
from igny8.planner.types import Cluster, Grouping, KeywordStatus, Member


@dataclass(frozen=True, slots=True)
class _Batch:
    """Clusters with the keywords of theirs that go into one call."""

    groups: tuple[tuple[Cluster, tuple[Member, ...]], ...]

    @property
    def members(self) -> list[Member]:
        return [member for _, members in self.groups for member in members]

    @property
    def key(self) -> str:
        """Names the work: the same clusters with the same keywords are the same work."""
        parts = [cluster.id for cluster, _ in self.groups] + [m.normalised for m in self.members]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:20]


class Refinement:
    """One run over the new clusters of a site."""

    def __init__(self, ctx: Context, site: Site) -> None:
        self._ctx = ctx
        self._site = site

    def run(self, report: Grouping, *, dry_run: bool) -> Grouping:
        """Refine what no model has seen; each batch is saved and charged in one transaction."""
        ctx = self._ctx
        batches = self._batches()
        if dry_run:
            price = sum(ctx.ai.price(CLUSTER_KEYWORDS, len(b.members)) for b in batches)
            return replace(report, credits=price, refined_count=sum(len(b.groups) for b in batches))
        refined = spent = failures = 0
        problems: list[Problem] = []
        for number, batch in enumerate(batches, 1):
            where = f"clusters {batch.groups[0][0].label} … {batch.groups[-1][0].label}"
            try:
                spent += self._refine(batch)
                refined += len(batch.groups)
                failures = 0
            except InsufficientCredits as error:
                if not refined:
                    raise
                problems.append(Problem.of(where, error))
                break
            except AIError as error:
                problems.append(Problem.of(where, error))
                failures = failures + 1 if error.retryable else 0
                if failures == OUTAGE:
                    if not refined:
                        raise
                    break
            ctx.report.step("clusters", number, len(batches))
        return replace(
            report,
            refined_count=refined,
            credits=spent,
            problems=tuple(problems),
        )

    def _batches(self) -> list[_Batch]:
        """Clusters that neither a person nor a model has looked at, neighbours together.

        Keywords that name the business stay apart: no page is planned for them.
        """
        with self._ctx.read() as session:
            wanted = store.unrefined_clusters(session, self._site.id)
            clusters = [
                cluster
                for cluster in store.clusters(session, self._site.id)
                if cluster.id in wanted and not cluster.idea_count
            ]
            members = store.members(session, self._site.id, statuses=(KeywordStatus.CLUSTERED,))
        held: dict[str | None, list[Member]] = {}
        for member in members:
            if not (member.is_locked or member.is_branded):
                held.setdefault(member.cluster, []).append(member)
        groups = []
        for cluster in sorted(clusters, key=lambda c: (c.topic, c.label, c.id)):
            ranked = sorted(
                held.get(cluster.id, ()), key=lambda m: (-(m.volume or 0), m.normalised)
            )
            if ranked:
                groups.append((cluster, tuple(ranked[:MAX_BATCH])))
        return _packed(groups)

    def _refine(self, batch: _Batch) -> int:
        ctx, site = self._ctx, self._site
        identity = ctx.config.site(site.slug).identity
        data = GroupsInput(
            site_name=identity.name,
            locale=identity.locale,
            groups=[
                GroupIn(
                    label=cluster.label,
                    keywords=[
                        KeywordIn(keyword=m.keyword, volume=m.volume, intents=list(m.intents))
                        for m in members
                    ],
                )
                for cluster, members in batch.groups
            ],
        )
        with ctx.ai.run(
            CLUSTER_KEYWORDS,
            data,
            key=f"{CLUSTER_KEYWORDS.name}:{batch.key}",
            subject=batch.groups[0][0].id,
            units=len(batch.members),
            site=site.slug,
            site_id=site.id,
        ) as reply:
            groups = [(group.label, group.keywords) for group in reply.output.groups]
            with ctx.write() as session:
                self._save(session, batch, groups, asdict(reply.made_with))
                return reply.charge(session, len(batch.members))

    def _save(
        self,
        session: Session,
        batch: _Batch,
        groups: Sequence[tuple[str, Sequence[str]]],
        made_with: dict[str, Any],
    ) -> None:
        """Let each group live on as the cluster that most of its keywords come from."""
        ctx, site, now = self._ctx, self._site, self._ctx.clock.now()
        named = {member.normalised: member for member in batch.members}
        known = {cluster.id for cluster in store.clusters(session, site.id)}
        homes: set[str] = set()
        changes = []
        for label, keywords in sorted(groups, key=lambda group: (-len(group[1]), group[0])):
            members = [named[normalise(keyword)] for keyword in keywords]
            from_cluster = Counter(m.cluster for m in members if m.cluster not in homes)
            home = (
                max(sorted(from_cluster.items()), key=lambda c: c[1])[0] if from_cluster else None
            )
            fields = {
                "label": label,
                "pillar": pillar_of(members),
                "intents": intents_of(members),
                "made_with": made_with,
            }
            if home is not None:
                store.set_cluster(session, home, **fields)
            else:
                home = cluster_id(ctx.account.slug, site.slug, pillar_of(members), known | homes)
                topic = batch.groups[0][0].topic
                store.add_cluster(session, site.id, home, fields | {"topic": topic}, now)
            homes.add(home)
            changes += [{"id": m.id, "cluster_id": home} for m in members if m.cluster != home]
        store.set_keywords(session, changes)
        removed = store.remove_empty_clusters(session, site.id)
        for cluster, _ in batch.groups:  # what stays of the others has been looked at, too
            if cluster.id not in homes and cluster.id not in removed:
                store.set_cluster(session, cluster.id, made_with=made_with)
        record(
            session,
            "planner.clusters-refined",
            subject=site.id,
            actor=ctx.actor.email,
            run_id=ctx.run_id,
            at=now,
            site_id=site.id,
            clusters=sorted(homes),
            clusters_removed=removed,
        )


def _packed(groups: Sequence[tuple[Cluster, tuple[Member, ...]]]) -> list[_Batch]:
    """Fill batches of at most 50 keywords with whole clusters, in their order."""
    batches: list[_Batch] = []
    current: list[tuple[Cluster, tuple[Member, ...]]] = []
    size = 0
    for group in groups:
        if current and size + len(group[1]) > MAX_BATCH:
            batches.append(_Batch(tuple(current)))
            current, size = [], 0
        current.append(group)
        size += len(group[1])
    return [*batches, _Batch(tuple(current))] if current else batches
