"""What a build reads of the sitebuilder's tables, by plain SQL: the newest blueprint."""

from __future__ import annotations

import json

from igny8.db.reader import Rows
from igny8.sitebuilder.blueprint import Blueprint, PageSpec
from igny8.sitebuilder.types import Block, Redirect

_VERSION = """
SELECT id, version, CAST(menus AS TEXT), CAST(redirects AS TEXT) FROM sitebuilder_site_blueprints
WHERE account_id = :account AND site_id = :site ORDER BY version DESC LIMIT 1
"""
_PAGES = """
SELECT path, template, title, CAST(settings AS TEXT) FROM sitebuilder_page_blueprints
WHERE account_id = :account AND blueprint_id = :blueprint ORDER BY position
"""


def applied(rows: Rows, site_id: str) -> tuple[int, Blueprint] | None:
    """Return the newest version's number and tree, or None for a site that has none.

    The pages stand flat in their order: a path says where a page stands.
    """
    for id_, version, menus, redirects in rows(_VERSION, site=site_id):
        pages = rows(_PAGES, blueprint=id_)
        return version, Blueprint(
            pages=tuple(_page(*page) for page in pages),
            menus={name: tuple(paths) for name, paths in json.loads(menus).items()},
            redirects=tuple(Redirect(old, new) for old, new in json.loads(redirects)),
        )
    return None


def _page(path: str, template: str, title: str, settings: str) -> PageSpec:
    own = json.loads(settings)
    return PageSpec(
        path=path,
        title=title,
        template=template,
        content=own["content"],
        collect=own["collect"],
        description=own["description"],
        blocks=tuple(Block(type_, data) for type_, data in own["blocks"]),
        is_noindex=own["is_noindex"],
    )
