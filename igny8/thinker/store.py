"""Named reads and writes of the thinker's tables."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update

from igny8.core.ids import new_id
from igny8.db import Session
from igny8.thinker.models import AuthorProfileRow, PromptRow, StrategyRow
from igny8.thinker.types import Author, Person, PromptVersion, Strategy

_COLUMNS = ("name", "role", "bio")
_LISTS = ("credentials", "links", "banned", "required", "samples")
_SCALARS = ("tone", "person", "sentence_words", "spelling")


def active_prompt(session: Session, function: str) -> PromptVersion | None:
    """The account's own text for a function, unless it has none or was reset."""
    query = select(PromptRow).where(PromptRow.function == function, PromptRow.is_active)
    row = session.scalar(query)
    return _prompt(row) if row else None


def prompt_versions(session: Session, function: str) -> list[PromptVersion]:
    """All texts that the account ever had for a function, newest first."""
    query = (
        select(PromptRow).where(PromptRow.function == function).order_by(PromptRow.version.desc())
    )
    return [_prompt(row) for row in session.scalars(query)]


def add_prompt(session: Session, function: str, text: str, by: str, at: datetime) -> PromptVersion:
    """Add the next version and make it the active one."""
    newest = session.scalar(
        select(func.max(PromptRow.version)).where(PromptRow.function == function)
    )
    deactivate_prompts(session, function)
    row = PromptRow(
        id=new_id("pr"),
        function=function,
        version=(newest or 0) + 1,
        body=text,
        is_active=True,
        made_by=by,
        created_at=at,
    )
    session.add(row)
    session.flush()
    return _prompt(row)


def deactivate_prompts(session: Session, function: str) -> None:
    """Leave a function without an active text of the account; its versions stay."""
    session.execute(
        update(PromptRow)
        .where(PromptRow.function == function, PromptRow.is_active)
        .values(is_active=False)
    )


def authors(session: Session) -> list[Author]:
    """The account's author profiles, by slug."""
    rows = session.scalars(select(AuthorProfileRow).order_by(AuthorProfileRow.slug))
    return [_author(row) for row in rows]


def add_author(session: Session, author: Author, at: datetime) -> None:
    """Insert a profile."""
    row = AuthorProfileRow(id=new_id("aut"), slug=author.slug, created_at=at)
    _fill(row, author)
    session.add(row)
    session.flush()


def set_author(session: Session, author: Author) -> None:
    """Replace the profile with this slug."""
    query = select(AuthorProfileRow).where(AuthorProfileRow.slug == author.slug)
    _fill(session.scalars(query).one(), author)


def strategies(session: Session, sites: dict[str, str], sectors: dict[str, str]) -> list[Strategy]:
    """The account's strategies, by slug. `sites` and `sectors` map ids to slugs."""
    rows = session.scalars(select(StrategyRow).order_by(StrategyRow.slug))
    return [
        _strategy(
            row, sites[row.site_id] if row.site_id else None, sectors.get(row.sector_id or "")
        )
        for row in rows
        if row.site_id is None or row.site_id in sites
    ]


def strategy_slugs(session: Session) -> set[str]:
    """Slugs in use, also of sites that the actor does not see."""
    return set(session.scalars(select(StrategyRow.slug)))


def add_strategy(
    session: Session, strategy: Strategy, site_id: str | None, sector_id: str | None, at: datetime
) -> None:
    """Insert a strategy."""
    session.add(
        StrategyRow(
            id=new_id("str"),
            slug=strategy.slug,
            site_id=site_id,
            sector_id=sector_id,
            entity_type=strategy.entity_type,
            rules={
                "tone": strategy.tone,
                "structure": strategy.structure,
                "required_sections": list(strategy.required_sections),
                "words": strategy.words,
                "author": strategy.author,
            },
            created_at=at,
        )
    )


def strategy_for(
    session: Session, site_id: str, entity_type: str, sector_id: str | None = None
) -> Strategy | None:
    """The most specific strategy that fits: the sector's, else the site's, else the account's.

    Its `site` and `sector` stay None: whoever asks knows them.
    """
    query = select(StrategyRow).where(
        StrategyRow.entity_type == entity_type,
        (StrategyRow.site_id == site_id) | StrategyRow.site_id.is_(None),
        (StrategyRow.sector_id == sector_id) | StrategyRow.sector_id.is_(None),
    )
    rows = sorted(
        session.scalars(query), key=lambda r: (r.sector_id is None, r.site_id is None, r.slug)
    )
    return _strategy(rows[0], None, None) if rows else None


def _fill(row: AuthorProfileRow, author: Author) -> None:
    for name in _COLUMNS:
        setattr(row, name, getattr(author, name))
    row.style = {name: getattr(author, name) for name in _SCALARS} | {
        name: list(getattr(author, name)) for name in _LISTS
    }


def _author(row: AuthorProfileRow) -> Author:
    style = row.style
    return Author(
        slug=row.slug,
        name=row.name,
        role=row.role,
        bio=row.bio,
        tone=style["tone"],
        person=Person(style["person"]),
        sentence_words=style["sentence_words"],
        spelling=style["spelling"],
        **{name: tuple(style[name]) for name in _LISTS},
    )


def _prompt(row: PromptRow) -> PromptVersion:
    return PromptVersion(
        row.function, row.version, row.is_active, row.made_by, row.created_at, row.body
    )


def _strategy(row: StrategyRow, site: str | None, sector: str | None) -> Strategy:
    rules = row.rules
    return Strategy(
        slug=row.slug,
        entity_type=row.entity_type,
        site=site,
        sector=sector,
        tone=rules["tone"],
        structure=rules["structure"],
        required_sections=tuple(rules["required_sections"]),
        words=rules["words"],
        author=rules["author"],
    )
