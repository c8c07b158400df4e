"""The folder target: whole releases, switched in one step, kept and rolled back."""

from __future__ import annotations

from pathlib import Path

import pytest

from igny8.adapters.folder import FolderOptions, FolderTarget
from igny8.core.errors import AdapterError, InvalidInput


@pytest.fixture
def target(tmp_path: Path) -> FolderTarget:
    made = FolderTarget(FolderOptions(path="live", keep=3), tmp_path)
    made.check()
    return made


def _release(target: FolderTarget, name: str, files: dict[str, bytes]) -> None:
    target.begin(name)
    for path, content in files.items():
        target.put(path, content)
    target.commit(name)


def test_visitors_see_a_release_only_when_it_is_whole(target: FolderTarget, tmp_path: Path) -> None:
    _release(target, "r1", {"index.html": b"one", "a/b.html": b"b"})
    target.begin("r2")
    target.put("index.html", b"two")
    current = tmp_path / "live" / "current"
    assert (current / "index.html").read_bytes() == b"one"
    target.commit("r2")
    assert (current / "index.html").read_bytes() == b"two"
    assert (current / "a" / "b.html").read_bytes() == b"b"


def test_a_release_that_was_cut_off_is_thrown_away_by_the_next(
    target: FolderTarget, tmp_path: Path
) -> None:
    _release(target, "r1", {"index.html": b"one"})
    target.begin("r2")
    target.put("index.html", b"two")
    again = FolderTarget(FolderOptions(path="live", keep=3), tmp_path)
    _release(again, "r3", {"index.html": b"three"})
    assert again.releases() == ["r1", "r3"]
    assert not list((tmp_path / "live" / "releases").glob("*.tmp"))


def test_changing_a_file_does_not_change_an_earlier_release(
    target: FolderTarget, tmp_path: Path
) -> None:
    _release(target, "r1", {"index.html": b"one"})
    _release(target, "r2", {"index.html": b"two"})
    assert (tmp_path / "live" / "releases" / "r1" / "index.html").read_bytes() == b"one"
    target.switch("r1")
    assert target.current() == "r1"
    assert (tmp_path / "live" / "current" / "index.html").read_bytes() == b"one"


def test_only_so_many_releases_are_kept_and_the_live_one_always(target: FolderTarget) -> None:
    for number in range(1, 7):
        _release(target, f"r{number}", {"index.html": str(number).encode()})
    assert target.releases() == ["r4", "r5", "r6"]
    assert target.current() == "r6"


def test_a_deleted_file_is_gone_from_the_next_release(target: FolderTarget) -> None:
    _release(target, "r1", {"index.html": b"1", "old/page.html": b"2"})
    target.begin("r2")
    target.delete("old/page.html")
    target.commit("r2")
    assert set(target.live()) == {"index.html"}


@pytest.mark.parametrize("path", ["../out.html", "/etc/x", "a/../../b"])
def test_nothing_is_written_outside_the_release(target: FolderTarget, path: str) -> None:
    target.begin("r1")
    with pytest.raises(InvalidInput):
        target.put(path, b"x")


def test_a_release_that_is_not_there_can_not_be_switched_to(target: FolderTarget) -> None:
    with pytest.raises(AdapterError, match="r9"):
        target.switch("r9")
