"""Making ideas: clusters → the AI function → saved ideas, one cluster at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from typing import Any

from igny8 import accounts
from igny8.accounts import Need, Site
from igny8.context import Context, MeteredReply
from igny8.core.errors import AIError, InsufficientCredits, InvalidInput
from igny8.core.outcome import Outcome, Problem
from igny8.jobs import record
from igny8.planner import ideation, store, subjects
from igny8.planner.ai import (
    GENERATE_IDEAS,
    OUTAGE,
    IdeaOut,
    IdeasInput,
    IdeasOutput,
    KeywordIn,
    Section,
    Spelling,
    SubjectIn,
)
from igny8.planner.ideation import Business
from igny8.planner.normalise import normalise
from igny8.planner.types import Cluster, Idea, IdeaStatus, KeywordStatus, Member


@dataclass(frozen=True, slots=True)
class Planned:
    """A cluster that wants an idea, with the keywords that no idea owns."""

    cluster: Cluster
    keywords: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a run would do: clusters that want ideas, those left out, all titles there are."""

    wanted: list[Planned]
    foreign: list[Cluster]
    covered: list[Cluster]
    titles: list[str]


def ideate(ctx: Context, site_slug: str, *, limit: int = 0, dry_run: bool = False) -> Outcome[Idea]:
    """Make ideas for clusters that have none, the most searched first; `limit` 0 is all.

    Each cluster is charged when its ideas are saved, in one transaction. A failed call is a problem
    and costs nothing. Credits that run out end the batch: InsufficientCredits if nothing was made,
    else a problem. A dry run gives what the planner's own engine would propose, unsaved.
    """
    site = accounts.site(ctx, site_slug, Need.WRITE)
    with nullcontext() if dry_run else ctx.lock(f"site {site.slug}", "planner ideate"):
        plan = _plan(ctx, site)
        if plan.foreign:
            labels = ", ".join(f"`{cluster.label}`" for cluster in plan.foreign)
            ctx.report.note(f"no ideas for what the site's knowledge does not mention: {labels}")
        batch = _Batch(ctx, site, business_of(ctx, site), plan.titles)
        outcome = batch.run(plan.wanted[: limit or None], dry_run=dry_run)
        covered = [*plan.covered, *batch.covered]
        if covered:
            labels = ", ".join(f"`{cluster.label}`" for cluster in covered)
            ctx.report.note(f"no ideas where another page would use the same facts: {labels}")
        return outcome


def estimate_ideas(ctx: Context, site_slug: str) -> tuple[int, int]:
    """How many clusters want ideas, and the credits that those would cost."""
    site = accounts.site(ctx, site_slug, Need.READ)
    count = len(_plan(ctx, site).wanted)
    return count, count * ctx.ai.price(GENERATE_IDEAS, 1)


def price_of(ctx: Context, made: Iterable[Idea]) -> int:
    """The credits that these ideas cost: so much for each cluster."""
    return len({idea.cluster for idea in made}) * ctx.ai.price(GENERATE_IDEAS, 1)


def business_of(ctx: Context, site: Site) -> Business:
    """What the site's knowledge files are about. Raises InvalidInput for an unreadable one."""
    identity = ctx.config.site(site.slug).identity
    return subjects.read(_knowledge(ctx, site), locale=identity.locale, home=identity.business.city)


def _knowledge(ctx: Context, site: Site) -> list[tuple[str, str]]:
    """Name and text of the knowledge files."""
    folder = ctx.config.site_folder(site.slug) / "knowledge"
    files = []
    for path in sorted(folder.rglob("*.md")):
        try:
            files.append((path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError as error:
            raise InvalidInput("this is no UTF-8 text", file=str(path)) from error
    return files


def _plan(ctx: Context, site: Site) -> _Plan:
    """Find the clusters that want an idea: not those that only name the site, or somebody else."""
    business = business_of(ctx, site)
    known_words = subjects.vocabulary(_knowledge(ctx, site), business.locale)
    with ctx.read() as session:
        clusters = store.clusters(session, site.id)
        members = store.members(session, site.id, statuses=(KeywordStatus.CLUSTERED,))
        known = store.ideas(session, site.id)
    titles = [idea.title for idea in known]
    owned = {normalise(keyword) for idea in known for keyword in idea.target_keywords}
    free: dict[str | None, list[Member]] = {}
    for member in members:
        if member.normalised not in owned:
            free.setdefault(member.cluster, []).append(member)
    wanted: list[Planned] = []
    foreign: list[Cluster] = []
    covered: list[Cluster] = []
    for cluster in clusters:
        held = free.get(cluster.id, [])
        if cluster.idea_count or all(member.is_branded for member in held):
            continue
        if subjects.is_foreign([member.keyword for member in held], known_words, business):
            foreign.append(cluster)
            continue
        planned = Planned(cluster, tuple(held))
        if _is_covered(planned, business, titles):
            covered.append(cluster)
        else:
            wanted.append(planned)
    return _Plan(wanted, foreign, covered, titles)


def _is_covered(plan: Planned, business: Business, titles: Sequence[str]) -> bool:
    """Whether pages of these titles speak of the cluster's very subject already.

    One knowledge file carries one page: a second would have nothing left to say, so it is not
    asked for, and not paid.
    """
    keywords = tuple(
        ideation.TargetKeyword(m.keyword, m.volume, tuple(m.intents)) for m in plan.keywords
    )
    cluster = ideation.TargetCluster(
        label=plan.cluster.label, topic=plan.cluster.topic, keywords=keywords
    )
    return all(p.covered_by for p in ideation.ideate(cluster, business, titles=titles))


class _Batch:
    """One run over the planned clusters: what it made, what went wrong, which titles exist."""

    def __init__(self, ctx: Context, site: Site, business: Business, titles: list[str]) -> None:
        self._ctx = ctx
        self._site = site
        self._titles = titles
        self._business = business
        self._about = _about(ctx, site, business)
        self.covered: list[Cluster] = []
        self._done: list[Idea] = []
        self._problems: list[Problem] = []

    def run(self, planned: Sequence[Planned], *, dry_run: bool) -> Outcome[Idea]:
        """Make the ideas of all clusters, until credits or the service give out."""
        make = self._preview if dry_run else self._make
        failures = 0
        for number, plan in enumerate(planned, 1):
            self._ctx.report.step("ideas", number, len(planned))
            if _is_covered(plan, self._business, self._titles):
                self.covered.append(plan.cluster)
                continue
            try:
                made = make(plan)
            except InsufficientCredits as error:
                if not self._done:
                    raise
                self._problems.append(Problem.of(plan.cluster.label, error))
                break
            except AIError as error:
                self._problems.append(Problem.of(plan.cluster.label, error))
                failures = failures + 1 if error.retryable else 0
                if failures == OUTAGE:
                    if not self._done:
                        raise
                    break
            else:
                failures = 0
                self._done += made
                self._titles += [idea.title for idea in made]
        return Outcome(tuple(self._done), tuple(self._problems))

    def _make(self, plan: Planned) -> list[Idea]:
        ctx, site, cluster = self._ctx, self._site, plan.cluster
        with ctx.ai.run(
            GENERATE_IDEAS,
            self._input(plan),
            key=f"{GENERATE_IDEAS.name}:{cluster.id}",
            subject=cluster.id,
            units=1,
            site=site.slug,
            site_id=site.id,
        ) as reply:
            return self._save(plan, reply)

    def _save(self, plan: Planned, reply: MeteredReply[IdeasOutput]) -> list[Idea]:
        ctx, site, now = self._ctx, self._site, self._ctx.clock.now()
        made_with = asdict(reply.made_with)
        with ctx.write() as session:
            made = [
                store.add_idea(
                    session, site.id, _fields(plan, idea) | {"made_with": made_with}, now
                )
                for idea in reply.output.ideas
            ]
            reply.charge(session, 1)
            record(
                session,
                "planner.ideas-generated",
                subject=plan.cluster.id,
                actor=ctx.actor.email,
                run_id=ctx.run_id,
                at=now,
                site_id=site.id,
                ideas=[idea.id for idea in made],
            )
        return made

    def _preview(self, plan: Planned) -> list[Idea]:
        output = GENERATE_IDEAS.offline(self._input(plan))
        now = self._ctx.clock.now()
        return [
            Idea(
                id="",
                cluster=plan.cluster.id,
                status=IdeaStatus.NEW,
                created_at=now,
                title=idea.title,
                angle=idea.angle,
                entity_type=idea.entity_type,
                outline=tuple(section.model_dump() for section in idea.outline),
                target_keywords=tuple(idea.target_keywords),
                questions=tuple(idea.questions),
                estimated_words=idea.estimated_words,
            )
            for idea in output.ideas
        ]

    def _input(self, plan: Planned) -> IdeasInput:
        keywords = [
            KeywordIn(keyword=m.keyword, volume=m.volume, intents=list(m.intents))
            for m in plan.keywords
        ]
        return self._about.model_copy(
            update={
                "label": plan.cluster.label,
                "topic": plan.cluster.topic,
                "keywords": keywords,
                "titles": list(self._titles),
            }
        )


def _about(ctx: Context, site: Site, business: Business) -> IdeasInput:
    """The input that all clusters of a site share, with no cluster in it yet."""
    return IdeasInput(
        site_name=ctx.config.site(site.slug).identity.name,
        locale=business.locale,
        label="",
        topic="",
        keywords=[],
        subjects=[
            SubjectIn(
                title=subject.title,
                kind=subject.kind,
                terms=list(subject.terms),
                sections=[Section(heading=h, kind=kind) for h, kind in subject.sections],
                has_price=subject.has_price,
            )
            for subject in business.subjects
        ],
        places=list(business.places),
        spellings=[Spelling(name=n, spelling=s) for n, s in business.spellings.items()],
        titles=[],
    )


def _fields(plan: Planned, idea: IdeaOut) -> dict[str, Any]:
    """The columns of an idea; its keywords spelled as they were imported."""
    written = {member.normalised: member.keyword for member in plan.keywords}
    return {
        "cluster_id": plan.cluster.id,
        "title": idea.title,
        "angle": idea.angle,
        "entity_type": idea.entity_type,
        "outline": [section.model_dump() for section in idea.outline],
        "target_keywords": [written[normalise(keyword)] for keyword in idea.target_keywords],
        "questions": idea.questions,
        "estimated_words": idea.estimated_words,
    }
