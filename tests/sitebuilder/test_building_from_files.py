"""A build from exported files alone makes what the store's build makes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from igny8 import renderer, sitebuilder, thinker, writer
from igny8.context import Context
from igny8.core.errors import InvalidInput
from igny8.thinker import Author
from igny8.writer import Content

SITE = "fernhill"
Add = Callable[..., Content]
TREE = """pages:
- {slug: '', title: Fernhill, template: home}
- {slug: advice, title: Advice, template: listing, collect: post}
- {slug: about, content: about-us, template: about}
"""


def tree(out: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and path.name != renderer.MANIFEST
    }


@pytest.fixture
def exported(ctx: Context, add: Add, blueprint: Path) -> Path:
    """A site with links between its items and an author, exported. Returns its folder."""
    thinker.add_author(ctx, Author("ruth", "Ruth Calvert", role="Mechanic", bio="Mends bikes."))
    wheels = add("wheels", "Wheels **turn**.", tags="[Spokes, Rims]", date="2026-03-01")
    add("spokes", f"See [wheels](igny8:{wheels.id}) and [more](/wheels/).", author="ruth")
    add("rims", "| a | b |\n|---|---|\n| 1 | 2 |", tags="[Rims]", date="2026-02-01")
    add("about-us", "Who we are.", type="page")
    add("hidden", "Not yet.", status="draft")
    blueprint.write_text(TREE)
    sitebuilder.apply(ctx, SITE)
    writer.export_files(ctx, SITE)
    sitebuilder.export_authors(ctx, SITE)
    return blueprint.parent


def from_files(ctx: Context, out: Path) -> renderer.Built:
    return renderer.build_files(ctx.config, SITE, ctx.clock.now().date(), out=out)


def test_exported_files_build_byte_for_byte_like_the_store(
    ctx: Context, exported: Path, tmp_path: Path
) -> None:
    del exported
    renderer.build(ctx, SITE, out=tmp_path / "store")
    built = from_files(ctx, tmp_path / "files")
    assert "advice/spokes/index.html" in tree(tmp_path / "files")
    assert tree(tmp_path / "files") == tree(tmp_path / "store")
    assert built.written.written_count == len(tree(tmp_path / "store"))


def test_a_second_build_from_files_changes_nothing_and_a_changed_file_changes_its_page(
    ctx: Context, exported: Path, tmp_path: Path
) -> None:
    from_files(ctx, tmp_path / "out")
    assert from_files(ctx, tmp_path / "out").written.written_count == 0
    page = exported / "content" / "posts" / "rims.md"
    page.write_text(page.read_text() + "\nAnd one more.\n")
    written = set(from_files(ctx, tmp_path / "out").written.written)
    assert "advice/rims/index.html" in written
    assert "advice/wheels/index.html" not in written


def test_a_damaged_cache_of_bodies_is_made_anew(
    ctx: Context, exported: Path, tmp_path: Path
) -> None:
    del exported
    from_files(ctx, tmp_path / "out")
    cache = next((ctx.config.state / "cache").glob("*.db"))
    cache.write_bytes(b"no database at all" * 100)
    built = renderer.build_files(
        ctx.config, SITE, ctx.clock.now().date(), out=tmp_path / "out", is_full=True
    )
    assert built.written.removed_count == 0


def test_a_copied_file_that_kept_its_id_is_named(
    ctx: Context, exported: Path, tmp_path: Path
) -> None:
    posts = exported / "content" / "posts"
    (posts / "twin.md").write_text((posts / "rims.md").read_text())
    with pytest.raises(InvalidInput, match="id of another file"):
        from_files(ctx, tmp_path / "out")


def test_an_item_that_was_renamed_leaves_no_second_file(ctx: Context, exported: Path) -> None:
    old = exported / "content" / "posts" / "rims.md"
    moved = old.with_name("other-name.md")
    old.rename(moved)
    assert moved in writer.export_files(ctx, SITE)
    assert old.exists()
    assert not moved.exists()


def test_the_command_needs_no_store(
    ctx: Context, exported: Path, workspace: Path, tmp_path: Path
) -> None:
    del exported
    renderer.build(ctx, SITE, out=tmp_path / "store")
    environ = {key: value for key, value in os.environ.items() if not key.startswith("IGNY8_")}
    elsewhere = tmp_path / "checkout"
    elsewhere.mkdir()
    for name in ("igny8.toml", "sites"):
        (elsewhere / name).symlink_to(workspace / name)
    done = subprocess.run(
        [sys.executable, "-m", "igny8", "build", SITE, "--files", "--out", tmp_path / "out"],
        cwd=elsewhere,
        env=environ | {"IGNY8_STORE__URL": "sqlite:///nowhere/store.db"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert tree(tmp_path / "out") == tree(tmp_path / "store")
    assert not (elsewhere / "nowhere").exists()
