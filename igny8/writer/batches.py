"""Runs over a whole site: items read by plain SQL, bodies changed many at a time.

What one item needs stands in `store`. Statements here serve both databases.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from igny8.db.reader import Rows

if TYPE_CHECKING:
    from datetime import datetime

    from igny8.db import Session

_T = TypeVar("_T")
_CHUNK = 500
_WRITTEN = 200  # rows that a session holds at once
_SOURCES = """
SELECT id, slug, title, entity_type, status, locale, parent_id, CAST(keywords AS TEXT), cluster_id,
  is_noindex, body_format, body_hash, linked_hash
FROM writer_contents WHERE account_id = :account AND site_id = :site ORDER BY slug, id
"""
# COALESCE keeps the databases from reading the whole account through its index.
_BODIES = """
SELECT id, body FROM writer_contents WHERE COALESCE(account_id, '') = :account AND id IN (:ids)
"""
_RENDERED = """
SELECT c.id, r.html FROM writer_contents c JOIN writer_rendered_bodies r ON r.id = c.rendered_id
WHERE COALESCE(c.account_id, '') = :account AND c.id IN (:ids)
"""


@dataclass(frozen=True, slots=True)
class ItemHead:
    """An item without its body, for work on the links between items."""

    id: str
    slug: str
    title: str
    entity_type: str
    status: str
    locale: str
    parent_id: str
    keywords: tuple[str, ...]
    cluster_id: str | None
    is_noindex: bool
    body_format: str
    body_hash: str
    linked_hash: str | None

    @property
    def is_linkable(self) -> bool:
        """Whether other pages may link to it."""
        return self.status != "archived" and not self.is_noindex

    @property
    def is_linked(self) -> bool:
        """Whether the linker has worked on the body as it is."""
        return self.linked_hash == self.body_hash


@dataclass(frozen=True, slots=True)
class NewBody:
    """A body that takes the place of the one with `before_hash`.

    `html` is what the new one renders to, sanitised; None: it is looked up, or made.
    """

    content_id: str
    before_hash: str
    body: str
    html: str | None = None


def item_heads(rows: Rows, site_id: str) -> list[ItemHead]:
    """Return all of a site's items by slug."""
    return [_head(row) for row in rows(_SOURCES, site=site_id)]


def bodies(rows: Rows, ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield (id, body) of the items asked for, a few hundred bodies held at once."""
    for start in range(0, len(ids), _CHUNK):
        yield from rows(_BODIES, ids=list(ids[start : start + _CHUNK]))


def rendered_html(rows: Rows, ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield (id, sanitised HTML) of the items asked for, as it was made when they were saved."""
    for start in range(0, len(ids), _CHUNK):
        yield from rows(_RENDERED, ids=list(ids[start : start + _CHUNK]))


def revise_bodies(
    session: Session,
    changes: Sequence[NewBody],
    *,
    by: str,
    reason: str,
    at: datetime,
    is_linked: bool,
) -> dict[str, str]:
    """Give many items new bodies of the same words; return id → new hash. Versions are kept.

    An item whose body is no longer the one with `before_hash` keeps it and is not among them.
    `is_linked` says whether the linker has worked on the new bodies; the optimizer's mark is
    carried over, since words do not change.
    """
    from sqlalchemy import select

    from igny8.core.ids import new_id
    from igny8.writer import store
    from igny8.writer.models import ContentRow, ContentVersionRow

    hashes: dict[str, str] = {}
    for chunk in _chunks(changes):
        wanted = {change.content_id: change for change in chunk}
        found = session.scalars(select(ContentRow).where(ContentRow.id.in_(wanted))).all()
        rows = [row for row in found if row.body_hash == wanted[row.id].before_hash]
        old = [
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
            for row in rows
        ]
        session.add_all(old)
        with session.no_autoflush:
            store.set_bodies(
                session, [(row, wanted[row.id].body, wanted[row.id].html) for row in rows]
            )
        for row in rows:
            row.version += 1
            row.updated_at = at
            if row.optimized_hash == wanted[row.id].before_hash:
                row.optimized_hash = row.body_hash
            row.linked_hash = row.body_hash if is_linked else None
            row.linker_version += is_linked
            hashes[row.id] = row.body_hash
        session.flush()
        for held in (*found, *old):
            session.expunge(held)
    return hashes


def mark_linked(session: Session, hashes: Iterable[tuple[str, str]]) -> None:
    """Record that the linker has worked on items whose body still has the hash given with it."""
    from sqlalchemy import select, update

    from igny8.writer.models import ContentRow

    for chunk in _chunks(list(hashes)):
        wanted = dict(chunk)
        query = select(ContentRow.id, ContentRow.body_hash).where(ContentRow.id.in_(wanted))
        same = [id_ for id_, body_hash in session.execute(query) if wanted[id_] == body_hash]
        session.execute(
            update(ContentRow)
            .where(ContentRow.id.in_(same))
            .values(linked_hash=ContentRow.body_hash, linker_version=ContentRow.linker_version + 1)
            .execution_options(synchronize_session=False)
        )


def _head(row: tuple[Any, ...]) -> ItemHead:
    return ItemHead(
        id=row[0],
        slug=row[1],
        title=row[2],
        entity_type=row[3],
        status=row[4],
        locale=row[5],
        parent_id=row[6],
        keywords=() if row[7] == "[]" else tuple(json.loads(row[7])),
        cluster_id=row[8],
        is_noindex=bool(row[9]),
        body_format=row[10],
        body_hash=row[11],
        linked_hash=row[12],
    )


def _chunks(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(items), _WRITTEN):
        yield items[start : start + _WRITTEN]
