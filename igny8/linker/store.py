"""Named reads and writes of the linker's tables: change sets, changes, links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from igny8.core.errors import NotFound
from igny8.core.ids import new_id
from igny8.db import Session
from igny8.db.database import insert_rows
from igny8.linker.models import ChangeRow, ChangeSetRow, InternalLinkRow
from igny8.linker.types import Candidate


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """One run of the linker."""

    id: str
    link_count: int
    is_undone: bool
    by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """One body before a run, and the hash of what the run made of it."""

    content_id: str
    before: str
    after_hash: str


def change_sets(session: Session, site_id: str) -> list[ChangeSet]:
    """A site's runs, newest first."""
    query = (
        select(ChangeSetRow).where(ChangeSetRow.site_id == site_id).order_by(ChangeSetRow.id.desc())
    )
    return [_change_set(row) for row in session.scalars(query)]


def change_set(session: Session, site_id: str, run: str) -> ChangeSet:
    """One run by id. Raises NotFound."""
    row = session.get(ChangeSetRow, run)
    if row is None or row.site_id != site_id:
        raise NotFound.named("run", run, list_with="igny8 linker runs")
    return _change_set(row)


def changes(session: Session, run: str) -> list[Change]:
    """What a run changed."""
    query = select(ChangeRow).where(ChangeRow.change_set_id == run).order_by(ChangeRow.id)
    return [Change(row.content_id, row.before, row.after_hash) for row in session.scalars(query)]


def add_change_set(session: Session, site_id: str, *, by: str, at: datetime) -> ChangeSet:
    """Insert a run that has no links yet."""
    row = ChangeSetRow(
        id=new_id("lnk"),
        site_id=site_id,
        link_count=0,
        is_undone=False,
        made_by=by,
        created_at=at,
    )
    session.add(row)
    session.flush()
    return _change_set(row)


def add_changes(session: Session, run: str, changes: Iterable[Change]) -> None:
    """Insert what a run did to bodies."""
    rows = [
        {
            "id": new_id("chg"),
            "change_set_id": run,
            "content_id": change.content_id,
            "before": change.before,
            "after_hash": change.after_hash,
        }
        for change in changes
    ]
    insert_rows(session, ChangeRow, rows)


def add_links(
    session: Session, site_id: str, run: str, chosen: Iterable[Candidate], at: datetime
) -> None:
    """Insert the links that a run added, and count them there."""
    rows = [
        {
            "id": new_id("il"),
            "site_id": site_id,
            "change_set_id": run,
            "source_id": candidate.source_id,
            "target_id": candidate.target_id,
            "anchor": candidate.anchor[:300],
            "score": candidate.score,
            "signals": dict(candidate.signals),
            "created_at": at,
        }
        for candidate in chosen
    ]
    insert_rows(session, InternalLinkRow, rows)
    counted = update(ChangeSetRow).where(ChangeSetRow.id == run).values(link_count=len(rows))
    session.execute(counted)


def undo(session: Session, run: str) -> None:
    """Mark a run as undone and forget its links."""
    session.execute(delete(InternalLinkRow).where(InternalLinkRow.change_set_id == run))
    session.execute(update(ChangeSetRow).where(ChangeSetRow.id == run).values(is_undone=True))


def _change_set(row: ChangeSetRow) -> ChangeSet:
    return ChangeSet(row.id, row.link_count, row.is_undone, row.made_by, row.created_at)
