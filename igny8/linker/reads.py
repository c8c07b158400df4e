"""What reading runs need of the linker's tables, by plain SQL that serves both databases."""

from __future__ import annotations

from igny8.db.reader import Rows

_ADDED = """
SELECT source_id, target_id FROM linker_internal_links
WHERE account_id = :account AND site_id = :site
"""


def added_pairs(rows: Rows, site_id: str) -> set[tuple[str, str]]:
    """(source, target) of the links that the linker added and that were not undone."""
    return {(source, target) for source, target in rows(_ADDED, site=site_id)}
