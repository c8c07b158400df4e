"""Named reads and writes of the publisher's tables."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from igny8.core.ids import new_id
from igny8.db import Session
from igny8.publisher.models import DeploymentRecordRow, PublishingRecordRow, TargetRow
from igny8.publisher.types import Deployment, DeploymentStatus, Plan, Target


def targets(session: Session, site_id: str) -> list[Target]:
    """A site's targets, by name."""
    query = select(TargetRow).where(TargetRow.site_id == site_id).order_by(TargetRow.name)
    return [Target(row.id, row.name, row.adapter, row.options) for row in session.scalars(query)]


def add_target(
    session: Session, site_id: str, name: str, adapter: str, options: dict[str, Any], at: datetime
) -> Target:
    """Insert a target."""
    row = TargetRow(
        id=new_id("tgt"),
        site_id=site_id,
        name=name,
        adapter=adapter,
        options=options,
        created_at=at,
    )
    session.add(row)
    session.flush()
    return Target(row.id, name, adapter, options)


def start(
    session: Session,
    site_id: str,
    target: Target,
    release: str,
    plan: Plan,
    *,
    digest: str,
    by: str,
    at: datetime,
) -> str:
    """Record a deployment before its first call; return its id."""
    row = DeploymentRecordRow(
        id=new_id("dep"),
        site_id=site_id,
        target_id=target.id,
        release=release,
        status=DeploymentStatus.STARTED,
        digest=digest,
        files={"added": list(plan.added), "changed": list(plan.changed)},
        added=len(plan.added),
        changed=len(plan.changed),
        removed=len(plan.removed),
        made_by=by,
        created_at=at,
    )
    session.add(row)
    session.flush()
    return row.id


def end(
    session: Session,
    deployment_id: str,
    status: DeploymentStatus,
    at: datetime,
    problem: str | None = None,
) -> None:
    """Record how a deployment ended."""
    row = session.get_one(DeploymentRecordRow, deployment_id)
    row.status, row.ended_at, row.problem = status, at, problem


def settle_dead(session: Session, target_id: str, live: str | None, at: datetime) -> str | None:
    """Say how deployments that were cut off ended: the target was asked which release is live.

    Returns the id of the one that is live after all.
    """
    query = select(DeploymentRecordRow).where(
        DeploymentRecordRow.target_id == target_id,
        DeploymentRecordRow.status.in_([DeploymentStatus.STARTED, DeploymentStatus.UNKNOWN]),
    )
    found = None
    for row in session.scalars(query):
        row.ended_at = at
        if live is not None and row.release == live:
            row.status, row.problem, found = DeploymentStatus.DONE, None, row.id
        else:
            row.status = DeploymentStatus.FAILED
            row.problem = row.problem or "the run was cut off before the release was whole"
    return found


def mark_rolled_back(session: Session, target_id: str, release: str) -> None:
    """Record that `release` is live again, and those after it no longer."""
    rows = list(
        session.scalars(
            select(DeploymentRecordRow)
            .where(DeploymentRecordRow.target_id == target_id)
            .order_by(DeploymentRecordRow.id)
        )
    )
    known = [row.release for row in rows]
    if release not in known:
        return
    rows[known.index(release)].status = DeploymentStatus.DONE
    for row in rows[known.index(release) + 1 :]:
        if row.status == DeploymentStatus.DONE:
            row.status = DeploymentStatus.ROLLED_BACK


def deployments(session: Session, site_id: str) -> list[Deployment]:
    """A site's deployments, newest first."""
    query = (
        select(DeploymentRecordRow, TargetRow.name)
        .join(TargetRow, TargetRow.id == DeploymentRecordRow.target_id)
        .where(DeploymentRecordRow.site_id == site_id)
        .order_by(DeploymentRecordRow.id.desc())
    )
    return [
        Deployment(
            row.id,
            name,
            row.release,
            DeploymentStatus(row.status),
            row.added,
            row.changed,
            row.removed,
            row.problem,
            row.made_by,
            row.created_at,
            row.ended_at,
        )
        for row, name in session.execute(query)
    ]


def add_records(
    session: Session, deployment_id: str, items: Iterable[tuple[str, str, str]]
) -> None:
    """Record which items (content id, URL, body hash) went live with a deployment."""
    for content_id, url, body_hash in items:
        session.add(
            PublishingRecordRow(
                id=new_id("pub"),
                deployment_id=deployment_id,
                content_id=content_id,
                url=url,
                body_hash=body_hash,
            )
        )
