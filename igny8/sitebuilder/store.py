"""Named reads and writes of the sitebuilder's tables: numbered blueprints, files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from igny8.core.ids import new_id
from igny8.db import Session
from igny8.sitebuilder.blueprint import Blueprint
from igny8.sitebuilder.models import PageBlueprintRow, SiteBlueprintRow, SiteFileRow
from igny8.sitebuilder.uploads import SiteFile, url


@dataclass(frozen=True, slots=True)
class BlueprintVersion:
    """An applied blueprint without its pages."""

    id: str
    version: int
    digest: str
    by: str
    created_at: datetime


def latest(session: Session, site_id: str) -> BlueprintVersion | None:
    """The newest version of a site, or None."""
    row = session.scalar(
        select(SiteBlueprintRow)
        .where(SiteBlueprintRow.site_id == site_id)
        .order_by(SiteBlueprintRow.version.desc())
        .limit(1)
    )
    return _version(row) if row else None


def paths(session: Session, site_id: str) -> set[str]:
    """The paths of all pages that a site has had in any version."""
    query = (
        select(PageBlueprintRow.path)
        .join(SiteBlueprintRow, SiteBlueprintRow.id == PageBlueprintRow.blueprint_id)
        .where(SiteBlueprintRow.site_id == site_id)
    )
    return set(session.scalars(query))


def add(
    session: Session,
    site_id: str,
    blueprint: Blueprint,
    *,
    ids: Mapping[str, str],
    by: str,
    at: datetime,
) -> BlueprintVersion:
    """Store the next version, with every page. An item is kept by its id: its slug may change."""
    before = latest(session, site_id)
    row = SiteBlueprintRow(
        id=new_id("bp"),
        site_id=site_id,
        version=before.version + 1 if before else 1,
        digest=blueprint.digest,
        menus={name: list(paths) for name, paths in blueprint.menus.items()},
        redirects=[[r.from_path, r.to_path] for r in blueprint.redirects],
        made_by=by,
        created_at=at,
    )
    session.add(row)
    session.flush()
    for position, page in enumerate(blueprint.walk()):
        session.add(
            PageBlueprintRow(
                id=new_id("pg"),
                blueprint_id=row.id,
                position=position,
                path=page.path,
                template=page.template,
                title=page.title,
                settings={
                    "content": ids.get(page.content, page.content) if page.content else None,
                    "collect": page.collect,
                    "description": page.description,
                    "is_noindex": page.is_noindex,
                    "blocks": [[block.type, dict(block.data)] for block in page.blocks],
                },
            )
        )
    session.flush()
    return _version(row)


def _version(row: SiteBlueprintRow) -> BlueprintVersion:
    return BlueprintVersion(row.id, row.version, row.digest, row.made_by, row.created_at)


def files(session: Session, site_id: str) -> list[SiteFile]:
    """All files of a site, by path."""
    query = select(SiteFileRow).where(SiteFileRow.site_id == site_id).order_by(SiteFileRow.path)
    return [
        SiteFile(
            path=row.path,
            url=url(row.path),
            media_type=row.media_type,
            size=row.size,
            width=row.width,
            height=row.height,
            alt=row.alt,
            sha256=row.sha256,
            added_by=row.added_by,
            added_at=row.added_at,
        )
        for row in session.scalars(query)
    ]


def put_file(session: Session, site_id: str, file: SiteFile) -> None:
    """Insert a file, or change the one that has its path."""
    row = session.scalar(_at(site_id, file.path))
    if row is None:
        row = SiteFileRow(id=new_id("file"), site_id=site_id, path=file.path)
        session.add(row)
    row.media_type = file.media_type
    row.size, row.sha256 = file.size, file.sha256
    row.width, row.height = file.width, file.height
    row.alt, row.added_by = file.alt, file.added_by
    if file.added_at is not None:
        row.added_at = file.added_at
    session.flush()


def remove_file(session: Session, site_id: str, path: str) -> None:
    """Remove a file's row, if there is one."""
    row = session.scalar(_at(site_id, path))
    if row is not None:
        session.delete(row)


def _at(site_id: str, path: str) -> Select[SiteFileRow]:
    return select(SiteFileRow).where(SiteFileRow.site_id == site_id, SiteFileRow.path == path)
