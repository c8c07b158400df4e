"""Named reads and writes of the optimizer's tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from igny8.core.errors import NotFound
from igny8.core.ids import new_id
from igny8.db import Session
from igny8.optimizer.models import OptimizationScoreRow, OptimizationTaskRow
from igny8.optimizer.types import Analysis


class TaskStatus(StrEnum):
    """How an optimization stands. `unchanged`: there was nothing to improve."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REFUSED = "refused"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Task:
    """One optimization of one item: the original and the proposal side by side."""

    id: str
    content_id: str
    entry_point: str
    status: TaskStatus
    original_hash: str
    original: dict[str, Any]
    optimized: dict[str, Any]
    changes: tuple[str, ...]
    score_before: int
    score_after: int
    reason: str | None
    created_at: datetime


def add_task(  # noqa: PLR0913
    session: Session,
    site_id: str,
    content_id: str,
    *,
    entry_point: str,
    status: TaskStatus,
    original_hash: str,
    original: Mapping[str, Any],
    optimized: Mapping[str, Any],
    changes: Sequence[str],
    scores: tuple[int, int],
    reason: str | None,
    made_with: Mapping[str, Any],
    at: datetime,
) -> Task:
    """Insert an optimization."""
    row = OptimizationTaskRow(
        id=new_id("opt"),
        site_id=site_id,
        content_id=content_id,
        entry_point=entry_point,
        status=status,
        original_hash=original_hash,
        original=dict(original),
        optimized=dict(optimized),
        changes=list(changes),
        score_before=scores[0],
        score_after=scores[1],
        reason=reason,
        made_with=dict(made_with),
        created_at=at,
    )
    session.add(row)
    session.flush()
    return _task(row)


def tasks(session: Session, site_id: str) -> list[Task]:
    """A site's optimizations, newest first."""
    query = (
        select(OptimizationTaskRow)
        .where(OptimizationTaskRow.site_id == site_id)
        .order_by(OptimizationTaskRow.id.desc())
    )
    return [_task(row) for row in session.scalars(query)]


def task(session: Session, site_id: str, task_id: str) -> Task:
    """One optimization. Raises NotFound."""
    row = session.get(OptimizationTaskRow, task_id)
    if row is None or row.site_id != site_id:
        raise NotFound.named("optimization", task_id, list_with="igny8 optimizer tasks")
    return _task(row)


def latest_for(session: Session, content_id: str) -> Task | None:
    """The newest optimization of an item, or None."""
    row = session.scalar(
        select(OptimizationTaskRow)
        .where(OptimizationTaskRow.content_id == content_id)
        .order_by(OptimizationTaskRow.id.desc())
        .limit(1)
    )
    return _task(row) if row else None


def set_status(session: Session, task_id: str, status: TaskStatus, reason: str | None) -> None:
    """Record how an optimization ended."""
    row = session.get_one(OptimizationTaskRow, task_id)
    row.status, row.reason = status, reason


def add_score(
    session: Session, content_id: str, body_hash: str, analysis: Analysis, at: datetime
) -> None:
    """Keep what the analyzer said of this body, once for each body."""
    known = session.scalar(
        select(OptimizationScoreRow.id)
        .where(
            OptimizationScoreRow.content_id == content_id,
            OptimizationScoreRow.body_hash == body_hash,
            OptimizationScoreRow.igny8_score == analysis.igny8_score,
        )
        .limit(1)
    )
    if known is not None:
        return
    session.add(
        OptimizationScoreRow(
            id=new_id("sco"),
            content_id=content_id,
            body_hash=body_hash,
            igny8_score=analysis.igny8_score,
            yoast_seo=analysis.yoast_compat.seo,
            yoast_readability=analysis.yoast_compat.readability,
            findings=[[f.id, round(f.score, 3), f.weight] for f in analysis.findings],
            created_at=at,
        )
    )


def _task(row: OptimizationTaskRow) -> Task:
    return Task(
        row.id,
        row.content_id,
        row.entry_point,
        TaskStatus(row.status),
        row.original_hash,
        row.original,
        row.optimized,
        tuple(row.changes),
        row.score_before,
        row.score_after,
        row.reason,
        row.created_at,
    )
