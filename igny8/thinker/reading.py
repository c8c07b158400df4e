"""What a build reads of the thinker's tables, by plain SQL: who signs a page."""

from __future__ import annotations

from igny8.db.reader import Rows

_AUTHORS = """
SELECT slug, name, role, bio FROM thinker_author_profiles
WHERE account_id = :account ORDER BY slug
"""


def signatures(rows: Rows) -> dict[str, tuple[str, str, str]]:
    """Return author slug → name, role and biography, as pages show them."""
    return {slug: (name, role, bio) for slug, name, role, bio in rows(_AUTHORS)}
