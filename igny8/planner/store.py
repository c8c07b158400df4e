"""Named reads and writes of the planner's tables: the only file that touches its models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, select, update
from sqlalchemy import delete as delete_
from sqlalchemy.orm import InstrumentedAttribute

from igny8.core.errors import NotFound, UsageError, nearest
from igny8.core.ids import new_id
from igny8.db import Session
from igny8.db.database import insert_rows
from igny8.planner.models import ClusterRow, IdeaRow, KeywordRow
from igny8.planner.types import Cluster, Facts, Idea, IdeaStatus, Keyword, KeywordStatus, Member

# So many values in one statement: below what either database takes.
_MANY = 5_000
_SORTS: dict[str, InstrumentedAttribute[Any]] = {
    "keyword": KeywordRow.normalised,
    "volume": KeywordRow.volume,
    "difficulty": KeywordRow.difficulty,
    "cpc": KeywordRow.cpc,
    "status": KeywordRow.status,
    "cluster": ClusterRow.label,
    "confidence": KeywordRow.confidence,
}
_KEYWORD = (
    KeywordRow.id,
    KeywordRow.text,
    KeywordRow.volume,
    KeywordRow.volume_kind,
    KeywordRow.difficulty,
    KeywordRow.cpc,
    KeywordRow.intents,
    KeywordRow.intent_cue,
    KeywordRow.is_branded,
    KeywordRow.is_local,
    KeywordRow.source,
    KeywordRow.status,
    KeywordRow.cluster_id,
    ClusterRow.label,
    KeywordRow.confidence,
    KeywordRow.reason,
    KeywordRow.is_locked,
)


@dataclass(frozen=True, slots=True)
class KeywordFilter:
    """Which keywords are wanted: those that pass every condition given."""

    status: KeywordStatus | None = None
    cluster: str | None = None
    intent: str | None = None
    contains: str | None = None
    min_volume: int | None = None
    sector_id: str | None = None


def keywords(
    session: Session, site_id: str, wanted: KeywordFilter, sort: str, limit: int
) -> list[Keyword]:
    """A site's keywords; unknown values last whichever way they are sorted.

    `sort` is a field's name, with `-` before it for descending; `limit` 0 is all. Raises
    UsageError.
    """
    name = sort.removeprefix("-")
    if name not in _SORTS:
        near = nearest(name, _SORTS)
        raise UsageError(
            f"keywords can't be sorted by `{name}`",
            hint=f"did you mean `{near}`?" if near else f"one of {', '.join(_SORTS)}",
        )
    column = _SORTS[name]
    order = column.desc() if sort.startswith("-") else column.asc()
    query = (
        select(*_KEYWORD)
        .outerjoin(ClusterRow, ClusterRow.id == KeywordRow.cluster_id)
        .where(*_conditions(site_id, wanted))
        .order_by(order.nulls_last(), KeywordRow.normalised)
        .limit(limit or None)
    )
    return [_keyword(row) for row in session.execute(query)]


def count_keywords(session: Session, site_id: str, wanted: KeywordFilter) -> int:
    """How many keywords pass."""
    query = select(func.count(KeywordRow.id)).where(*_conditions(site_id, wanted))
    return session.scalar(query) or 0


def keywords_named(session: Session, site_id: str, normalised: Iterable[str]) -> dict[str, Keyword]:
    """Those of the normalised keywords that the site has."""
    found: dict[str, Keyword] = {}
    for chunk in _chunks(sorted(set(normalised))):
        query = (
            select(KeywordRow.normalised, *_KEYWORD)
            .outerjoin(ClusterRow, ClusterRow.id == KeywordRow.cluster_id)
            .where(KeywordRow.site_id == site_id, KeywordRow.normalised.in_(chunk))
        )
        found |= {row[0]: _keyword(row[1:]) for row in session.execute(query)}
    return found


def facts(
    session: Session, site_id: str, normalised: Iterable[str]
) -> dict[str, tuple[str, Facts]]:
    """Id and facts of those of the normalised keywords that the site has."""
    found: dict[str, tuple[str, Facts]] = {}
    for chunk in _chunks(sorted(set(normalised))):
        query = select(
            KeywordRow.normalised,
            KeywordRow.id,
            KeywordRow.volume,
            KeywordRow.volume_kind,
            KeywordRow.difficulty,
            KeywordRow.cpc,
            KeywordRow.intents,
            KeywordRow.intent_cue,
            KeywordRow.sector_id,
        ).where(KeywordRow.site_id == site_id, KeywordRow.normalised.in_(chunk))
        for row in session.execute(query):
            found[row[0]] = (row[1], Facts(*row[2:6], tuple(row[6]), *row[7:9]))
    return found


def add_keywords(session: Session, site_id: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert keywords, each a mapping of column names."""
    insert_rows(
        session, KeywordRow, [{"id": new_id("kw"), "site_id": site_id, **row} for row in rows]
    )


def set_keywords(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Change keywords by `id`, in bulk. Every mapping must have the same columns."""
    for chunk in _chunks(rows):
        session.execute(update(KeywordRow), [dict(row) for row in chunk])


def members(
    session: Session,
    site_id: str,
    *,
    statuses: Iterable[KeywordStatus] = (),
    cluster: str | None = None,
) -> list[Member]:
    """A site's keywords by their normalised form; with one of `statuses`, or in one cluster."""
    query = select(
        KeywordRow.id,
        KeywordRow.text,
        KeywordRow.normalised,
        KeywordRow.variant,
        KeywordRow.volume,
        KeywordRow.intents,
        KeywordRow.is_branded,
        KeywordRow.status,
        KeywordRow.cluster_id,
        KeywordRow.is_locked,
    ).where(KeywordRow.site_id == site_id)
    wanted = list(statuses)
    if wanted:
        query = query.where(KeywordRow.status.in_(wanted))
    if cluster is not None:
        query = query.where(KeywordRow.cluster_id == cluster)
    return [
        Member(*row[:5], tuple(row[5]), row[6], KeywordStatus(row[7]), *row[8:10])
        for row in session.execute(query.order_by(KeywordRow.normalised))
    ]


def clusters(session: Session, site_id: str) -> list[Cluster]:
    """A site's clusters, the most searched first."""
    phrases = (
        select(
            KeywordRow.cluster_id.label("cluster_id"),
            func.count(KeywordRow.id).label("size"),
            # Variants of one phrase share their searches: only the largest figure counts.
            func.max(KeywordRow.volume).label("volume"),
        )
        .where(KeywordRow.site_id == site_id, KeywordRow.cluster_id.is_not(None))
        .group_by(KeywordRow.cluster_id, KeywordRow.variant)
        .subquery()
    )
    totals = select(
        phrases.c.cluster_id, func.sum(phrases.c.size), func.sum(phrases.c.volume)
    ).group_by(phrases.c.cluster_id)
    sums = {row[0]: (int(row[1]), int(row[2] or 0)) for row in session.execute(totals)}
    counted = (
        select(IdeaRow.cluster_id, func.count(IdeaRow.id))
        .where(IdeaRow.site_id == site_id)
        .group_by(IdeaRow.cluster_id)
    )
    ideas_of = {row[0]: row[1] for row in session.execute(counted)}
    rows = session.scalars(select(ClusterRow).where(ClusterRow.site_id == site_id))
    found = [
        Cluster(
            id=row.id,
            label=row.label,
            pillar=row.pillar,
            topic=row.topic,
            intents=tuple(row.intents),
            size=sums.get(row.id, (0, 0))[0],
            volume=sums.get(row.id, (0, 0))[1],
            is_locked=row.is_locked,
            idea_count=ideas_of.get(row.id, 0),
        )
        for row in rows
    ]
    return sorted(found, key=lambda cluster: (-cluster.volume, cluster.label, cluster.id))


def unrefined_clusters(session: Session, site_id: str) -> set[str]:
    """Ids of clusters that neither a person has locked nor a model has looked at."""
    query = select(ClusterRow.id, ClusterRow.made_with).where(
        ClusterRow.site_id == site_id, ClusterRow.is_locked.is_(False)
    )
    return {row[0] for row in session.execute(query) if not row[1]}


def add_cluster(
    session: Session, site_id: str, cluster_id: str, fields: Mapping[str, Any], at: datetime
) -> None:
    """Insert a cluster: label, pillar, topic, intents; `is_locked` and `made_with` if given."""
    values = {"is_locked": False, "made_with": {}, **fields}
    session.add(ClusterRow(id=cluster_id, site_id=site_id, created_at=at, **values))
    session.flush()


def set_cluster(session: Session, cluster_id: str, **fields: Any) -> None:
    """Change fields of a cluster."""
    row = session.get_one(ClusterRow, cluster_id)
    for name, value in fields.items():
        setattr(row, name, value)


def remove_empty_clusters(session: Session, site_id: str) -> list[str]:
    """Delete clusters that hold neither a keyword nor an idea. Returns their ids."""
    filled = select(KeywordRow.cluster_id).where(
        KeywordRow.site_id == site_id, KeywordRow.cluster_id.is_not(None)
    )
    kept = set(session.scalars(filled.distinct()))
    kept |= set(session.scalars(select(IdeaRow.cluster_id).where(IdeaRow.site_id == site_id)))
    known = session.scalars(select(ClusterRow.id).where(ClusterRow.site_id == site_id))
    empty = sorted(set(known) - kept)
    for chunk in _chunks(empty):
        session.execute(delete_(ClusterRow).where(ClusterRow.id.in_(chunk)))
    return empty


def move_ideas(session: Session, source: str, target: str) -> None:
    """Let the ideas of one cluster belong to another."""
    session.execute(update(IdeaRow).where(IdeaRow.cluster_id == source).values(cluster_id=target))


def add_idea(session: Session, site_id: str, fields: Mapping[str, Any], at: datetime) -> Idea:
    """Insert an idea: every column but id, site, status and time."""
    row = IdeaRow(
        id=new_id("idea"), site_id=site_id, status=IdeaStatus.NEW, created_at=at, **fields
    )
    session.add(row)
    session.flush()
    return _idea(row)


def ideas(session: Session, site_id: str) -> list[Idea]:
    """A site's ideas, oldest first."""
    query = (
        select(IdeaRow)
        .where(IdeaRow.site_id == site_id)
        .order_by(IdeaRow.created_at, IdeaRow.title)
    )
    return [_idea(row) for row in session.scalars(query)]


def ideas_with_status(session: Session, site_id: str, status: IdeaStatus) -> list[Idea]:
    """A site's ideas with one status, oldest first."""
    query = (
        select(IdeaRow)
        .where(IdeaRow.site_id == site_id, IdeaRow.status == status)
        .order_by(IdeaRow.created_at, IdeaRow.title)
    )
    return [_idea(row) for row in session.scalars(query)]


def new_ideas(session: Session, site_id: str) -> list[Idea]:
    """A site's ideas of which no task was made, oldest first."""
    return ideas_with_status(session, site_id, IdeaStatus.NEW)


def schedule_idea(session: Session, idea_id: str) -> Idea:
    """Record that a task was made of an idea."""
    return _advanced(session, idea_id, IdeaStatus.SCHEDULED)


def idea_written(session: Session, idea_id: str) -> Idea:
    """Record that an idea's content exists."""
    return _advanced(session, idea_id, IdeaStatus.WRITTEN)


def idea_published(session: Session, idea_id: str) -> Idea:
    """Record that an idea's content is public."""
    return _advanced(session, idea_id, IdeaStatus.PUBLISHED)


def _advanced(session: Session, idea_id: str, status: IdeaStatus) -> Idea:
    row = session.get(IdeaRow, idea_id)
    if row is None:
        raise NotFound(f"there is no idea `{idea_id}`", hint="see `igny8 planner ideas`")
    row.status = status
    return _idea(row)


def _conditions(site_id: str, wanted: KeywordFilter) -> list[ColumnElement[bool]]:
    conditions = [KeywordRow.site_id == site_id]
    if wanted.status is not None:
        conditions.append(KeywordRow.status == wanted.status)
    if wanted.cluster is not None:
        conditions.append(KeywordRow.cluster_id == wanted.cluster)
    if wanted.intent is not None:
        # A JSON list of words without quotes in them, so that its text can be searched.
        stored = cast(KeywordRow.intents, String)
        conditions.append(stored.contains(f'"{wanted.intent}"', autoescape=True))
    if wanted.contains is not None:
        conditions.append(KeywordRow.normalised.contains(wanted.contains, autoescape=True))
    if wanted.min_volume is not None:
        conditions.append(KeywordRow.volume >= wanted.min_volume)
    if wanted.sector_id is not None:
        conditions.append(KeywordRow.sector_id == wanted.sector_id)
    return conditions


def _chunks(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (values[start : start + _MANY] for start in range(0, len(values), _MANY))


def _keyword(row: Sequence[Any]) -> Keyword:
    values = list(row)
    values[6] = tuple(values[6])
    values[11] = KeywordStatus(values[11])
    return Keyword(*values)


def _idea(row: IdeaRow) -> Idea:
    return Idea(
        id=row.id,
        cluster=row.cluster_id,
        title=row.title,
        angle=row.angle,
        entity_type=row.entity_type,
        outline=tuple(row.outline),
        target_keywords=tuple(row.target_keywords),
        questions=tuple(row.questions),
        estimated_words=row.estimated_words,
        status=IdeaStatus(row.status),
        created_at=row.created_at,
    )
