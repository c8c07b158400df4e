"""Events as rows, written in the transaction of what they tell of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from igny8.core.ids import new_id
from igny8.db import Session
from igny8.jobs.models import OutboxEvent


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to one subject."""

    event: str
    subject: str
    actor: str
    run_id: str
    payload: dict[str, Any]
    created_at: datetime


def record(
    session: Session,
    event: str,
    *,
    subject: str,
    actor: str,
    run_id: str,
    at: datetime,
    site_id: str | None = None,
    **payload: Any,
) -> None:
    """Add an event (`slice.past-tense`) to the caller's transaction."""
    session.add(
        OutboxEvent(
            id=new_id("ev"),
            event=event,
            subject=subject,
            site_id=site_id,
            actor=actor,
            run_id=run_id,
            payload=payload,
            created_at=at,
        )
    )


def events(session: Session, *, subject: str | None = None, limit: int = 50) -> list[Event]:
    """Return events, newest first; of one subject when it is given."""
    query = select(OutboxEvent).order_by(OutboxEvent.id.desc()).limit(limit or None)
    if subject is not None:
        query = query.where(OutboxEvent.subject == subject)
    return [
        Event(row.event, row.subject, row.actor, row.run_id, row.payload, row.created_at)
        for row in session.scalars(query)
    ]
