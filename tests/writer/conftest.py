"""A site to write for, and a folder of files to import."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from igny8 import accounts, writer
from igny8.context import Context
from igny8.core.outcome import Outcome

SITE = "fernhill"
Import = Callable[..., Outcome[tuple[str, str]]]


@pytest.fixture
def site(ctx: Context) -> accounts.Site:
    return accounts.add_site(ctx, SITE, identity={"name": "Fernhill Cycles"})


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


@pytest.fixture
def import_text(ctx: Context, site: accounts.Site, files: Path) -> Import:
    """Write files (name → text or bytes) into the folder and import it whole."""

    def run(texts: dict[str, str | bytes], **options: Any) -> Outcome[tuple[str, str]]:
        for name, text in texts.items():
            path = files / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return writer.import_files(ctx, SITE, files, **options)

    return run
