"""File names from outside, and how files are written."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from igny8.core.errors import InvalidInput
from igny8.safety import paths
from igny8.safety.paths import inside, write_atomically


@pytest.mark.parametrize(
    "relative", ["a.txt", "a/b/c.html", "Straße/日本.md", ".well-known/x", "a b"]
)
def test_plain_relative_paths_lie_inside(tmp_path: Path, relative: str) -> None:
    assert inside(tmp_path, relative) == tmp_path / relative


@pytest.mark.parametrize(
    "relative",
    ["", "/etc/passwd", "//server/share", "\\\\server\\share", "C:/x", "c:x", "C:\\x", "..", "../x",
     "a/../../x", "a/..", "a\\..\\x", ".", "./x", "a//b", "a/", "a\x00b", "a\nb", "a\x7f", "x.",
     "x ", "a./b", "a /b", "é" * 101, "a\ud800"],
)  # fmt: skip
def test_other_paths_are_refused(tmp_path: Path, relative: str) -> None:
    with pytest.raises(InvalidInput):
        inside(tmp_path, relative)


def test_a_part_may_have_200_bytes(tmp_path: Path) -> None:
    assert inside(tmp_path, "é" * 100) == tmp_path / ("é" * 100)


def test_the_message_names_the_path_and_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"'\.\./x' climbs up"):
        inside(tmp_path, "../x")


def test_symbolic_links_may_not_lead_out(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    (root / "real").mkdir(parents=True)
    outside.mkdir()
    (root / "in").symlink_to(root / "real")
    (root / "out").symlink_to(outside)
    (root / "sibling").symlink_to("../outside/new.txt")
    assert inside(root, "in/x.txt") == root / "in/x.txt"
    for relative in ("out", "out/x.txt", "sibling"):
        with pytest.raises(InvalidInput, match="symbolic link"):
            inside(root, relative)


def test_a_root_that_is_itself_a_link_is_fine(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert inside(tmp_path / "link", "x") == tmp_path / "link/x"


def test_a_neighbour_whose_name_begins_alike_is_outside(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site-secret").mkdir()
    (tmp_path / "site/x").symlink_to(tmp_path / "site-secret")
    with pytest.raises(InvalidInput):
        inside(tmp_path / "site", "x/y")


def test_parts_need_no_disk() -> None:
    assert paths.parts("a/b.c") == ("a", "b.c")


@pytest.mark.parametrize("sync", [True, False])
def test_writing_makes_folders_and_replaces_the_whole_file(tmp_path: Path, sync: bool) -> None:
    path = tmp_path / "a/b/c.txt"
    write_atomically(path, b"a long first text", sync=sync)
    write_atomically(path, b"short", sync=sync)
    assert path.read_bytes() == b"short"
    assert [p.name for p in path.parent.iterdir()] == ["c.txt"]


def test_writing_keeps_the_mode_of_the_file_and_gives_new_ones_the_usual(tmp_path: Path) -> None:
    secret, new = tmp_path / "secret", tmp_path / "new"
    secret.write_bytes(b"1")
    secret.chmod(0o600)
    write_atomically(secret, b"2")
    write_atomically(new, b"2")
    (tmp_path / "usual").touch()
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert new.stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_failed_write_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def full_disk(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_onto_a_folder_leaves_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError):
        write_atomically(tmp_path / "folder", b"x")
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_atomically(path, b"old")
    with path.open("rb") as reader:
        write_atomically(path, b"new" * 10_000)
        assert reader.read() == b"old"
