"""What a check says does not depend on the store: one kind will do."""

from __future__ import annotations

import pytest


@pytest.fixture
def backend() -> str:
    """SQLite, for every test of this folder."""
    return "sqlite"
