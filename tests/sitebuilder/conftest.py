"""A site with a few items, and its blueprint file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from igny8 import accounts, writer
from igny8.context import Context

SITE = "fernhill"


@pytest.fixture
def site(ctx: Context) -> accounts.Site:
    return accounts.add_site(
        ctx, SITE, identity={"name": "Fernhill", "base_url": "https://fernhill.example"}
    )


@pytest.fixture
def add(ctx: Context, site: accounts.Site, tmp_path: Path) -> Callable[..., writer.Content]:
    """Add one item by slug and body; what else is given goes into its front matter."""

    def run(slug: str, body: str = "Text.", **meta: Any) -> writer.Content:
        path = tmp_path / f"{slug}.md"
        meta = {"status": "approved", **meta}
        lines = "\n".join(f"{key}: {value}" for key, value in meta.items())
        path.write_text(f"---\n{lines}\n---\n{body}\n")
        assert writer.import_files(ctx, SITE, path).problems == ()
        return writer.content(ctx, SITE, slug)

    return run


@pytest.fixture
def blueprint(site: accounts.Site, workspace: Path) -> Path:
    return workspace / "sites" / SITE / "blueprint.yaml"
