"""What a build reads of the writer's tables, by plain SQL: items without bodies, bodies as HTML.

Statements here serve both databases. Everything else about content goes through `store`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import blake2b
from typing import Any

from igny8.db.reader import Rows
from igny8.writer.types import Head

_CHUNK = 500
_HEADS = """
SELECT c.id, c.slug, c.title, c.entity_type, c.locale, c.parent_id, c.meta_title,
  c.meta_description, '[' || CAST(c.tags AS TEXT) || ',' || CAST(c.categories AS TEXT) || ','
    || COALESCE(CAST(r.links AS TEXT), '[]') || ']',
  CAST(c.structure_data AS TEXT), CAST(c.json_blocks AS TEXT), CAST(c.extra AS TEXT), c.author,
  c.cluster_id, CAST(c.published_on AS TEXT), CAST(c.expires_on AS TEXT), c.is_noindex,
  c.word_count, CAST(c.updated_at AS TEXT), c.rendered_id
FROM writer_contents c LEFT JOIN writer_rendered_bodies r ON r.id = c.rendered_id
WHERE c.account_id = :account AND c.site_id = :site AND c.status IN (:statuses)
ORDER BY c.id
"""
# COALESCE keeps the databases from reading the whole account through its index.
_HTML = """
SELECT id, html FROM writer_rendered_bodies
WHERE COALESCE(account_id, '') = :account AND id IN (:ids)
"""
_BODIES = """
SELECT DISTINCT rendered_id, body, body_format FROM writer_contents
WHERE COALESCE(account_id, '') = :account AND rendered_id IN (:ids)
"""


def heads(rows: Rows, site_id: str, statuses: Iterable[str]) -> list[Head]:
    """Return a site's items that have one of `statuses`, in the order of their making."""
    return [_head(row) for row in rows(_HEADS, site=site_id, statuses=sorted(statuses))]


def html(rows: Rows, ids: Sequence[str]) -> dict[str, str]:
    """Return rendered id → sanitised HTML, as it was made when the item was saved."""
    found: dict[str, str] = {}
    for start in range(0, len(ids), _CHUNK):
        found |= dict(rows(_HTML, ids=ids[start : start + _CHUNK]))
    return found


def html_anew(rows: Rows, ids: Sequence[str]) -> dict[str, str]:
    """Return rendered id → HTML rendered now, as if none were stored: `build --no-cache`."""
    from igny8.text.bodies import body_to_html

    found: dict[str, str] = {}
    for start in range(0, len(ids), _CHUNK):
        for id_, body, body_format in rows(_BODIES, ids=ids[start : start + _CHUNK]):
            found[id_] = body_to_html(body, body_format)
    return found


def _head(row: tuple[Any, ...]) -> Head:
    tags, categories, links = json.loads(row[8])
    return Head(
        id=row[0],
        slug=row[1],
        title=row[2],
        entity_type=row[3],
        locale=row[4],
        parent_id=row[5],
        meta_title=row[6],
        meta_description=row[7],
        tags=tuple(tags),
        categories=tuple(categories),
        structure_data=_table(row[9]),
        json_blocks=[] if row[10] == "[]" else json.loads(row[10]),
        extra=_table(row[11]),
        author=row[12],
        cluster_id=row[13],
        published_on=date.fromisoformat(row[14]) if row[14] else None,
        expires_on=date.fromisoformat(row[15]) if row[15] else None,
        is_noindex=bool(row[16]),
        word_count=row[17],
        updated_on=date.fromisoformat(row[18][:10]),
        rendered_id=row[19] or "",
        links=tuple(links),
        # The hour of a change says nothing on a page; its day does.
        digest=_digest((row[:18], row[18][:10], row[19])),
    )


def _digest(values: object) -> str:
    return blake2b(repr(values).encode(), digest_size=10).hexdigest()


def _table(text: str) -> dict[str, Any]:
    return {} if text == "{}" else dict(json.loads(text))
