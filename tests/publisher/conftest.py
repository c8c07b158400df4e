"""A site of three pages, built; and the memory target as an installed plugin."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from igny8 import accounts, publisher, renderer, writer
from igny8.context import Context
from igny8.testing.adapters import Disk, MemoryTarget

SITE = "fernhill"
Write = Callable[..., None]


@pytest.fixture
def write(ctx: Context, tmp_path: Path) -> Write:
    """Write items (slug → body), as published, and build."""
    if SITE not in {site.slug for site in accounts.sites(ctx)}:
        accounts.add_site(
            ctx, SITE, identity={"name": "Fernhill", "base_url": "https://fernhill.example"}
        )

    def run(build: bool = True, status: str = "approved", **bodies: str) -> None:
        folder = tmp_path / "files"
        folder.mkdir(exist_ok=True)
        for slug, body in bodies.items():
            (folder / f"{slug}.md").write_text(f"---\nstatus: {status}\n---\n{body}\n")
        assert writer.import_files(ctx, SITE, folder).problems == ()
        if build:
            renderer.build(ctx, SITE)

    return run


@pytest.fixture
def live(ctx: Context, write: Write, tmp_path: Path) -> Path:
    """A folder target named live; what visitors see is below `current`."""
    write(wheels="About wheels.", tyres="About tyres.")
    publisher.add_target(ctx, SITE, "live", "folder", {"path": str(tmp_path / "live")})
    return tmp_path / "live"


@pytest.fixture
def memory(
    ctx: Context, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Disk]:
    """Add a memory target by the door that plugins come in by; return its disk."""
    info = tmp_path / "plugins" / "memory_plugin-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: memory-plugin\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[igny8.adapters]\n"
        "memory = igny8.testing.adapters:MemoryTarget\n"
        "broken = igny8.testing.no_such_module:Target\n"
    )
    monkeypatch.syspath_prepend(tmp_path / "plugins")
    write(wheels="About wheels.", tyres="About tyres.")

    def add(name: str = "memory", **options: object) -> Disk:
        disk = f"{tmp_path}/{name}"
        publisher.add_target(ctx, SITE, name, "memory", {"disk": disk, **options})
        return MemoryTarget.disks.setdefault(disk, Disk())

    return add
