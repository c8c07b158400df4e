"""Use cases of analysis and rewrites: one handler, wherever an item came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from igny8 import accounts, writer
from igny8.accounts import Need, Site
from igny8.config.model import SiteIdentity
from igny8.context import Context, record_event
from igny8.core.errors import Conflict, Igny8Error, InsufficientCredits
from igny8.core.outcome import Outcome, Problem
from igny8.optimizer import store
from igny8.optimizer.ai import OPTIMIZE_CONTENT, OptimizeReply, OptimizeRequest
from igny8.optimizer.rewriting import is_improvement, losses
from igny8.optimizer.scoring import analyze as judge
from igny8.optimizer.store import Task, TaskStatus
from igny8.optimizer.types import Analysis, PageInput
from igny8.text.bodies import body_to_html
from igny8.writer import Content, Optimization, Source, Status

_SHOWN_FINDINGS = 12


class EntryPoint(StrEnum):
    """How an item came to the optimizer."""

    WRITER = "writer"
    WORDPRESS = "wordpress"
    THIRD_PARTY = "third_party"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Analyzed:
    """What the analyzer says of one item."""

    slug: str
    analysis: Analysis


def analyze(ctx: Context, site_slug: str, names: Sequence[str] = ()) -> list[Analyzed]:
    """Analyze items of a site, all that are not archived unless some are named. Free."""
    site = accounts.site(ctx, site_slug, Need.READ)
    identity = ctx.config.site(site.slug).identity
    return [Analyzed(i.slug, _judged(i, identity)) for i in _items(ctx, site, names)]


def estimate(ctx: Context, site_slug: str) -> tuple[int, int]:
    """How many items a run would work on, and the credits it would hold at most."""
    site = accounts.site(ctx, site_slug, Need.READ)
    waiting = _waiting(ctx, site)
    return len(waiting), sum(ctx.ai.price(OPTIMIZE_CONTENT, i.word_count) for i in waiting)


def run(
    ctx: Context,
    site_slug: str,
    names: Sequence[str] = (),
    *,
    entry_point: EntryPoint | None = None,
    limit: int = 0,
) -> Outcome[Task]:
    """Optimize named items, or all that the optimizer has not seen as they are.

    A rewrite that loses something or scores lower is refused and costs nothing. With
    `optimizer.accept = "auto"` a good one is accepted at once, else it waits beside the original.
    """
    site = accounts.site(ctx, site_slug, Need.WRITE)
    identity = ctx.config.site(site.slug).identity
    done: list[Task] = []
    problems: list[Problem] = []
    with ctx.lock(f"site {site.slug}", f"optimizer run {site.slug}"):
        items = _items(ctx, site, names) if names else _waiting(ctx, site)
        items = items[: limit or None]
        for number, item in enumerate(items, 1):
            point = entry_point or _entry_point(item, is_named=bool(names))
            try:
                done.append(_optimize(ctx, site, identity, item, point))
            except InsufficientCredits as error:
                if not done:
                    raise
                problems.append(Problem.of(item.slug, error))
                break
            except Igny8Error as error:
                problems.append(Problem.of(item.slug, error))
            ctx.report.step("optimization", number, len(items))
    return Outcome(tuple(done), tuple(problems))


def tasks(ctx: Context, site_slug: str) -> list[Task]:
    """A site's optimizations, newest first."""
    site = accounts.site(ctx, site_slug, Need.READ)
    with ctx.read() as session:
        return store.tasks(session, site.id)


def proposal(ctx: Context, site_slug: str, name: str) -> tuple[Content, Task]:
    """An item and its newest optimization; `name` is a slug, a content id or a task id."""
    site = accounts.site(ctx, site_slug, Need.READ)
    with ctx.read() as session:
        if name.startswith("opt_"):
            task = store.task(session, site.id, name)
            return writer.content_by_id(session, task.content_id), task
        item = writer.content_by_name(session, site.id, name)
        found = store.latest_for(session, item.id)
    if found is None:
        raise Conflict(
            f"`{item.slug}` was not optimized yet",
            hint=f"run `igny8 optimizer run {item.slug} --site {site.slug}`",
        )
    return item, found


def accept(ctx: Context, site_slug: str, name: str) -> Content:
    """Put a proposal in the original's place, as a new version.

    Raises Conflict if the item was edited since the proposal was made.
    """
    site = accounts.site(ctx, site_slug, Need.WRITE)
    item, task = proposal(ctx, site_slug, name)
    if task.status is TaskStatus.ACCEPTED:
        return item
    if task.status is not TaskStatus.PROPOSED:
        raise Conflict(f"the optimization of `{item.slug}` is {task.status}: {task.reason or ''}")
    if item.body_hash != task.original_hash:
        raise Conflict(
            f"`{item.slug}` was edited since",
            hint=f"run `igny8 optimizer run {item.slug} --site {site.slug}` again",
        )
    return _accept(ctx, site, item, task)


def reject(ctx: Context, site_slug: str, name: str, reason: str = "") -> Task:
    """Turn a proposal down; the original stays as it is."""
    site = accounts.site(ctx, site_slug, Need.WRITE)
    item, task = proposal(ctx, site_slug, name)
    if task.status is not TaskStatus.PROPOSED:
        raise Conflict(f"the optimization of `{item.slug}` is {task.status}")
    with ctx.write() as session:
        store.set_status(session, task.id, TaskStatus.REJECTED, reason or None)
        record_event(
            ctx, session, "optimizer.rejected", subject=item.id, site_id=site.id, reason=reason
        )
    return task


def page_input(item: Content, identity: SiteIdentity) -> PageInput:
    """An item as the analyzer sees it. Its own links are to this site's host."""
    base = identity.base_url.rstrip("/")
    html = body_to_html(item.body, item.body_format).replace('href="igny8:', f'href="{base}/')
    return PageInput(
        text_html=html,
        keyphrase=item.keywords[0] if item.keywords else "",
        title=item.meta_title or item.title,
        description=item.meta_description,
        slug=item.slug,
        permalink=f"{base}/{item.slug}/",
        locale=item.locale.replace("-", "_"),
        entity_type=item.entity_type.value,
    )


def _optimize(
    ctx: Context, site: Site, identity: SiteIdentity, item: Content, point: EntryPoint
) -> Task:
    before = _judged(item, identity)
    request = _request(item, before)
    with ctx.ai.run(
        OPTIMIZE_CONTENT,
        request,
        key=f"{OPTIMIZE_CONTENT.name}:{item.id}:{item.version}",
        subject=item.id,
        units=item.word_count,
        site=site.slug,
        site_id=site.id,
    ) as reply:
        proposed = reply.output
        after = _judged(_rewritten(item, proposed), identity)
        status, reason = _verdict(item, proposed, before, after)
        with ctx.write() as session:
            task = store.add_task(
                session,
                site.id,
                item.id,
                entry_point=point,
                status=status,
                original_hash=item.body_hash,
                original=_fields(item),
                optimized=_proposed_fields(proposed),
                changes=proposed.changes,
                scores=(before.igny8_score, after.igny8_score),
                reason=reason,
                made_with=asdict(reply.made_with),
                at=ctx.clock.now(),
            )
            store.add_score(session, item.id, item.body_hash, before, ctx.clock.now())
            writer.mark_optimized(session, item.id)
            if status is TaskStatus.PROPOSED:
                reply.charge(session, item.word_count)
                record_event(ctx, session, "optimizer.proposed", subject=item.id, site_id=site.id)
    is_auto = ctx.config.site(site.slug).settings.optimizer.accept == "auto"
    if status is TaskStatus.PROPOSED and is_auto:
        _accept(ctx, site, item, task)
        with ctx.read() as session:
            return store.task(session, site.id, task.id)
    return task


def _accept(ctx: Context, site: Site, item: Content, task: Task) -> Content:
    with ctx.write() as session:
        changed = writer.revise_content(
            session,
            item.id,
            by=ctx.actor.email,
            reason=f"optimized ({task.id})",
            at=ctx.clock.now(),
            fields=task.optimized,
            # A rewrite keeps every link (`losses` saw to that), so the linker's mark stays.
            keeps_linked=True,
        )
        writer.mark_optimized(session, item.id)
        store.set_status(session, task.id, TaskStatus.ACCEPTED, None)
        record_event(
            ctx, session, "optimizer.accepted", subject=item.id, site_id=site.id, task=task.id
        )
    return changed


def _verdict(
    item: Content, proposed: OptimizeReply, before: Analysis, after: Analysis
) -> tuple[TaskStatus, str | None]:
    if _proposed_fields(proposed) == _fields(item):
        return TaskStatus.UNCHANGED, None
    lost = losses(item.body, proposed.body)
    if lost:
        return TaskStatus.REFUSED, f"it would lose: {'; '.join(lost[:3])}"
    if not is_improvement(before, after):
        return (
            TaskStatus.REFUSED,
            f"it would not score higher ({before.igny8_score} to {after.igny8_score})",
        )
    return TaskStatus.PROPOSED, None


def _request(item: Content, before: Analysis) -> OptimizeRequest:
    worst = sorted(before.findings, key=lambda f: (-(1 - f.score) * f.weight, f.id))
    return OptimizeRequest(
        locale=item.locale,
        entity_type=item.entity_type,
        title=item.title,
        keyphrase=item.keywords[0] if item.keywords else "",
        slug=item.slug,
        body=item.body,
        body_format=item.body_format,
        meta_title=item.meta_title,
        meta_description=item.meta_description,
        is_published=item.status is Status.PUBLISHED,
        findings=[f"{f.id}: {f.message}" for f in worst if f.score < 1][:_SHOWN_FINDINGS],
    )


def _rewritten(item: Content, proposed: OptimizeReply) -> Content:
    return replace(
        item,
        body=proposed.body,
        meta_title=proposed.meta_title,
        meta_description=proposed.meta_description,
    )


def _fields(item: Content) -> dict[str, str]:
    return {
        "body": item.body,
        "meta_title": item.meta_title,
        "meta_description": item.meta_description,
    }


def _proposed_fields(proposed: OptimizeReply) -> dict[str, str]:
    return {
        "body": proposed.body,
        "meta_title": proposed.meta_title,
        "meta_description": proposed.meta_description,
    }


def _judged(item: Content, identity: SiteIdentity) -> Analysis:
    return judge(page_input(item, identity))


def _items(ctx: Context, site: Site, names: Sequence[str]) -> list[Content]:
    with ctx.read() as session:
        if names:
            return [writer.content_by_name(session, site.id, name) for name in names]
        found = writer.all_contents(session, site.id)
    return [item for item in found if item.status is not Status.ARCHIVED]


def _waiting(ctx: Context, site: Site) -> list[Content]:
    return [
        item for item in _items(ctx, site, ()) if item.optimization is not Optimization.OPTIMIZED
    ]


def _entry_point(item: Content, *, is_named: bool) -> EntryPoint:
    if is_named:
        return EntryPoint.MANUAL
    if item.source is Source.WORDPRESS:
        return EntryPoint.WORDPRESS
    if item.source in (Source.SHOPIFY, Source.CUSTOM):
        return EntryPoint.THIRD_PARTY
    return EntryPoint.WRITER
