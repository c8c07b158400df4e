"""Named reads and writes of the writer's tables: what other slices call inside their own write."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from igny8.core.errors import Conflict, NotFound
from igny8.core.ids import new_id
from igny8.db import Session, tenancy
from igny8.text import html as html_text
from igny8.text import slugs, words
from igny8.text.bodies import body_to_html
from igny8.text.markdown import RENDERER_VERSION
from igny8.writer.models import ContentRow, ContentVersionRow, RenderedBodyRow, TaskRow
from igny8.writer.types import (
    MOVES,
    Content,
    EntityType,
    NewContent,
    Source,
    Status,
    SyncStatus,
    Task,
    TaskStatus,
    Version,
)


def body_hash(body: str) -> str:
    """How a body is known: by its exact bytes."""
    return hashlib.sha256(body.encode()).hexdigest()


def contents(
    session: Session,
    site_id: str,
    *,
    statuses: Iterable[Status] = (),
    ids: Iterable[str] | None = None,
) -> list[Content]:
    """A site's items by slug; only those with one of `statuses`, or of `ids`, when given."""
    query = select(ContentRow).where(ContentRow.site_id == site_id)
    wanted = list(statuses)
    if wanted:
        query = query.where(ContentRow.status.in_(wanted))
    if ids is not None:
        query = query.where(ContentRow.id.in_(list(ids)))
    rows = session.scalars(query.order_by(ContentRow.slug, ContentRow.id))
    return [_content(row) for row in rows]


def content(session: Session, content_id: str) -> Content:
    """One item by id. Raises NotFound."""
    row = session.get(ContentRow, content_id)
    if row is None:
        raise NotFound(f"there is no content `{content_id}`", hint="see `igny8 writer content`")
    return _content(row)


def content_named(session: Session, site_id: str, name: str) -> Content:
    """One item of a site by id or slug. Raises NotFound with the nearest slug."""
    row = session.scalar(
        select(ContentRow)
        .where(ContentRow.site_id == site_id, (ContentRow.id == name) | (ContentRow.slug == name))
        .order_by(ContentRow.id)
        .limit(1)
    )
    if row is None:
        known = session.scalars(select(ContentRow.slug).where(ContentRow.site_id == site_id))
        raise NotFound.named("content", name, list(known), list_with="igny8 writer content")
    return _content(row)


def by_slug(
    session: Session, site_id: str, slugs_: Sequence[str]
) -> dict[tuple[str, str], Content]:
    """(locale, slug) → item, for the slugs asked for."""
    query = select(ContentRow).where(
        ContentRow.site_id == site_id, ContentRow.parent_id == "", ContentRow.slug.in_(slugs_)
    )
    return {(row.locale, row.slug): _content(row) for row in session.scalars(query)}


def taken_slugs(session: Session, site_id: str, locale: str, parent_id: str = "") -> set[str]:
    """Slugs in use under one parent."""
    query = select(ContentRow.slug).where(
        ContentRow.site_id == site_id,
        ContentRow.locale == locale,
        ContentRow.parent_id == parent_id,
    )
    return set(session.scalars(query))


def add_content(session: Session, site_id: str, new: NewContent, at: datetime) -> Content:
    """Insert an item with its rendered body. Raises Conflict if the slug is taken."""
    if _is_taken(session, site_id, new):
        raise Conflict(f"slug `{new.slug}` is taken on this site", hint="choose another slug")
    row = ContentRow(
        id=_id_for(session, new),
        site_id=site_id,
        body_hash="",
        word_count=0,
        version=1,
        linker_version=0,
        optimizer_version=0,
        created_at=at,
        updated_at=at,
        structure_data=new.structure_data or {},
        json_blocks=new.json_blocks or [],
        sync_metadata=new.sync_metadata or {},
        extra=new.extra or {},
        made_with=new.made_with or {},
        unverified=list(new.unverified),
        keywords=list(new.keywords),
        tags=list(new.tags),
        categories=list(new.categories),
        **{
            name: getattr(new, name)
            for name in (
                "slug",
                "locale",
                "parent_id",
                "title",
                "entity_type",
                "status",
                "body",
                "body_format",
                "meta_title",
                "meta_description",
                "source",
                "sync_status",
                "external_id",
                "author",
                "cluster_id",
                "published_on",
                "expires_on",
                "is_noindex",
            )
        },
    )
    _render(session, row)
    session.add(row)
    session.flush()
    return _content(row)


def revise(
    session: Session,
    content_id: str,
    *,
    by: str,
    reason: str,
    at: datetime,
    fields: Mapping[str, Any],
    keeps_linked: bool = False,
    keeps_optimized: bool = False,
) -> Content:
    """Change an item's fields, keeping what it was as a version.

    `keeps_linked` and `keeps_optimized` carry the linker's and optimizer's mark to the new body:
    for changes that they need not look at again. A change that changes nothing adds no version.
    """
    row = session.get_one(ContentRow, content_id)
    changed = {name: value for name, value in fields.items() if getattr(row, name) != value}
    if not changed:
        return _content(row)
    session.add(
        ContentVersionRow(
            id=new_id("ver"),
            content_id=row.id,
            number=row.version,
            title=row.title,
            body=row.body,
            meta_title=row.meta_title,
            meta_description=row.meta_description,
            made_by=by,
            reason=reason,
            created_at=at,
        )
    )
    was_linked = row.linked_hash == row.body_hash
    was_optimized = row.optimized_hash == row.body_hash
    for name, value in changed.items():
        setattr(row, name, value)
    if "body" in changed or "body_format" in changed:
        _render(session, row)
        if keeps_linked and was_linked:
            row.linked_hash = row.body_hash
        if keeps_optimized and was_optimized:
            row.optimized_hash = row.body_hash
    row.version += 1
    row.updated_at = at
    session.flush()
    return _content(row)


def mark_linked(session: Session, content_id: str) -> None:
    """Record that the linker has worked on the body as it is."""
    row = session.get_one(ContentRow, content_id)
    row.linked_hash = row.body_hash
    row.linker_version += 1


def mark_unlinked(session: Session, content_id: str) -> None:
    """Forget that the linker has worked on it (its links were taken back)."""
    session.get_one(ContentRow, content_id).linked_hash = None


def mark_optimized(session: Session, content_id: str) -> None:
    """Record that the optimizer has worked on the body as it is."""
    row = session.get_one(ContentRow, content_id)
    row.optimized_hash = row.body_hash
    row.optimizer_version += 1


def move(session: Session, content_id: str, status: Status, at: datetime) -> Content:
    """Change the editorial status, as `MOVES` allows. Raises Conflict."""
    row = session.get_one(ContentRow, content_id)
    now = Status(row.status)
    if status is now:
        return _content(row)
    if status not in MOVES[now]:
        allowed = ", ".join(sorted(MOVES[now]))
        raise Conflict(
            f"`{row.slug}` is {now} and can't become {status}", hint=f"from here: {allowed}"
        )
    if status in (Status.APPROVED, Status.SCHEDULED, Status.PUBLISHED) and row.unverified:
        raise Conflict(
            f"`{row.slug}` has {len(row.unverified)} unverified facts",
            hint=f"mend them, or vouch for them, in `igny8 writer edit {row.slug}`; then approve",
            code="writer.unverified-facts",
        )
    row.status = status
    row.updated_at = at
    return _content(row)


def versions(session: Session, content_id: str) -> list[Version]:
    """Earlier forms of an item, oldest first."""
    query = (
        select(ContentVersionRow)
        .where(ContentVersionRow.content_id == content_id)
        .order_by(ContentVersionRow.number)
    )
    return [
        Version(
            row.number,
            row.title,
            row.body,
            row.meta_title,
            row.meta_description,
            row.made_by,
            row.reason,
            row.created_at,
        )
        for row in session.scalars(query)
    ]


def rendered(session: Session, site_id: str, ids: Sequence[str] | None = None) -> dict[str, str]:
    """Content id → sanitised HTML body, as it was made when the item was saved."""
    query = (
        select(ContentRow.id, RenderedBodyRow.html)
        .join(RenderedBodyRow, RenderedBodyRow.id == ContentRow.rendered_id)
        .where(ContentRow.site_id == site_id)
    )
    if ids is not None:
        query = query.where(ContentRow.id.in_(ids))
    return {content_id: html for content_id, html in session.execute(query)}  # noqa: C416


def count_by_status(session: Session, site_id: str) -> dict[str, int]:
    """Status → number of items."""
    query = (
        select(ContentRow.status, func.count())
        .where(ContentRow.site_id == site_id)
        .group_by(ContentRow.status)
        .order_by(ContentRow.status)
    )
    return {status: count for status, count in session.execute(query)}  # noqa: C416


def add_task(
    session: Session,
    site_id: str,
    *,
    title: str,
    entity_type: EntityType,
    brief: dict[str, Any],
    estimated_words: int,
    idea_id: str | None,
    at: datetime,
) -> Task:
    """Queue a piece."""
    row = TaskRow(
        id=new_id("task"),
        site_id=site_id,
        idea_id=idea_id,
        title=title,
        entity_type=entity_type,
        brief=brief,
        estimated_words=estimated_words,
        status=TaskStatus.QUEUED,
        created_at=at,
    )
    session.add(row)
    session.flush()
    return _task(row)


def tasks(session: Session, site_id: str, *, statuses: Iterable[TaskStatus] = ()) -> list[Task]:
    """A site's tasks in the order they were queued."""
    query = select(TaskRow).where(TaskRow.site_id == site_id).order_by(TaskRow.id)
    wanted = list(statuses)
    if wanted:
        query = query.where(TaskRow.status.in_(wanted))
    return [_task(row) for row in session.scalars(query)]


def finish_task(session: Session, task_id: str, content_id: str) -> None:
    """Record what a task made."""
    row = session.get_one(TaskRow, task_id)
    row.status, row.content_id, row.problem = TaskStatus.DONE, content_id, None


def block_task(session: Session, task_id: str, problem: str, knowledge: str) -> None:
    """Record that a task waits for knowledge: it is tried again when `knowledge` has changed."""
    row = session.get_one(TaskRow, task_id)
    row.status, row.problem = TaskStatus.BLOCKED, problem
    row.brief = {**row.brief, "blocked_by": knowledge}


def fail_task(session: Session, task_id: str, problem: str) -> None:
    """Record why a task could not be done; the next run tries it again."""
    row = session.get_one(TaskRow, task_id)
    row.status, row.problem = TaskStatus.FAILED, problem


def unique_slug(session: Session, site_id: str, wanted: str, locale: str) -> str:
    """A free slug, as near to `wanted` as can be."""
    return slugs.unique(slugs.slugify(wanted), taken_slugs(session, site_id, locale))


def _id_for(session: Session, new: NewContent) -> str:
    """The id an exported item had, so that links to it hold, unless a row has it already."""
    if not new.id:
        return new_id("con")
    return new_id("con") if tenancy.is_taken(session, ContentRow, "id", new.id) else new.id


def _is_taken(session: Session, site_id: str, new: NewContent) -> bool:
    query = select(ContentRow.id).where(
        ContentRow.site_id == site_id,
        ContentRow.locale == new.locale,
        ContentRow.parent_id == new.parent_id,
        ContentRow.slug == new.slug,
    )
    return session.scalar(query.limit(1)) is not None


def set_bodies(session: Session, bodies: Sequence[tuple[ContentRow, str, str | None]]) -> None:
    """Give rows new bodies of the same words, each with its HTML if that is made already."""
    keys = {row.id: _rendered_key(session, row.body_format, body) for row, body, _ in bodies}
    query = select(RenderedBodyRow.id).where(RenderedBodyRow.id.in_(keys.values()))
    known = set(session.scalars(query))
    for row, body, html in bodies:
        key = keys[row.id]
        if key not in known:
            known.add(key)
            _add_rendered(session, key, html or body_to_html(body, row.body_format))
    session.flush()  # before the rows that point to them
    for row, body, _ in bodies:
        row.body, row.body_hash, row.rendered_id = body, body_hash(body), keys[row.id]


def _render(session: Session, row: ContentRow) -> None:
    row.body_hash = body_hash(row.body)
    key = _rendered_key(session, row.body_format, row.body)
    stored = session.get(RenderedBodyRow, key)
    if stored is None:
        stored = _add_rendered(session, key, body_to_html(row.body, row.body_format))
        session.flush()
    row.rendered_id = key
    row.word_count = words.count(html_text.plain(stored.html))


def _rendered_key(session: Session, body_format: str, body: str) -> str:
    account_id = session.info["account_id"]
    facts = "\0".join((account_id, RENDERER_VERSION, body_format, body))
    return hashlib.sha256(facts.encode()).hexdigest()[:40]


def _add_rendered(session: Session, key: str, html: str) -> RenderedBodyRow:
    row = RenderedBodyRow(id=key, html=html, links=list(html_text.internal_links(html)))
    session.add(row)
    return row


def _content(row: ContentRow) -> Content:
    return Content(
        id=row.id,
        slug=row.slug,
        title=row.title,
        entity_type=EntityType(row.entity_type),
        status=Status(row.status),
        locale=row.locale,
        parent_id=row.parent_id,
        body=row.body,
        body_format=row.body_format,
        body_hash=row.body_hash,
        meta_title=row.meta_title,
        meta_description=row.meta_description,
        keywords=tuple(row.keywords),
        tags=tuple(row.tags),
        categories=tuple(row.categories),
        structure_data=row.structure_data,
        json_blocks=row.json_blocks,
        source=Source(row.source),
        sync_status=SyncStatus(row.sync_status),
        external_id=row.external_id,
        sync_metadata=row.sync_metadata,
        author=row.author,
        cluster_id=row.cluster_id,
        published_on=row.published_on,
        expires_on=row.expires_on,
        is_noindex=row.is_noindex,
        extra=row.extra,
        made_with=row.made_with,
        unverified=tuple(row.unverified),
        word_count=row.word_count,
        version=row.version,
        linker_version=row.linker_version,
        optimizer_version=row.optimizer_version,
        linked_hash=row.linked_hash,
        optimized_hash=row.optimized_hash,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _task(row: TaskRow) -> Task:
    return Task(
        row.id,
        row.title,
        EntityType(row.entity_type),
        TaskStatus(row.status),
        row.brief,
        row.estimated_words,
        row.idea_id,
        row.content_id,
        row.problem,
        row.created_at,
    )
