from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from igny8.core.errors import Conflict, InvalidInput
from igny8.renderer import MANIFEST, Artifact, read_manifest, write


def files(**contents: str) -> list[Artifact]:
    return [
        Artifact(name.replace("__", "/").replace("_html", ".html"), text.encode())
        for name, text in contents.items()
    ]


def tree(out: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()
    }


def test_a_second_write_of_the_same_changes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = write(files(index_html="a", x__index_html="b"), out)
    before = {path: (out / path).stat().st_mtime_ns for path in tree(out)}
    second = write(files(index_html="a", x__index_html="b"), out)
    assert (first.written_count, second.written_count, second.unchanged_count) == (2, 0, 2)
    assert {path: (out / path).stat().st_mtime_ns for path in tree(out)} == before


def test_what_is_no_longer_made_is_removed_with_its_empty_folder(tmp_path: Path) -> None:
    write(files(index_html="a", x__y__index_html="b"), tmp_path)
    report = write(files(index_html="c"), tmp_path)
    assert report.removed == ("x/y/index.html",)
    assert report.written == ("index.html",)
    assert set(tree(tmp_path)) == {"index.html", MANIFEST}
    assert not (tmp_path / "x").exists()


def test_a_folder_with_somebody_elses_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(InvalidInput, match=r"notes\.txt"):
        write(files(index_html="a"), tmp_path)
    assert tree(tmp_path) == {"notes.txt": b"mine"}


def test_files_that_others_add_later_stay(tmp_path: Path) -> None:
    write(files(x__index_html="a"), tmp_path)
    (tmp_path / "x" / "CNAME").write_text("mine", "utf-8")
    write(files(index_html="b"), tmp_path)
    assert (tmp_path / "x" / "CNAME").read_text("utf-8") == "mine"


def test_somebody_elses_file_is_not_overwritten(tmp_path: Path) -> None:
    write(files(index_html="a"), tmp_path)
    (tmp_path / "robots.txt").write_text("mine", "utf-8")
    with pytest.raises(Conflict, match=r"robots\.txt"):
        write([Artifact("robots.txt", b"ours")], tmp_path)
    assert (tmp_path / "robots.txt").read_text("utf-8") == "mine"


def test_a_file_that_was_changed_by_hand_is_put_right(tmp_path: Path) -> None:
    write(files(index_html="a"), tmp_path)
    (tmp_path / "index.html").write_text("z", "utf-8")
    assert write(files(index_html="a"), tmp_path).written == ("index.html",)


def test_a_full_write_replaces_every_file(tmp_path: Path) -> None:
    write(files(index_html="a"), tmp_path)
    assert write(files(index_html="a"), tmp_path, is_full=True).written_count == 1


@pytest.mark.parametrize("path", ["../x", "/x", "a/../b", "", "a//b", "./a", MANIFEST, "a\nb"])
def test_a_path_outside_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(InvalidInput, match="not a path"):
        write([Artifact(path, b"x")], tmp_path / "out")


def test_the_manifest_says_hash_and_size(tmp_path: Path) -> None:
    write(files(index_html="abc"), tmp_path)
    entry = read_manifest(tmp_path)["index.html"]
    assert entry.size == 3
    assert entry.sha256.startswith("ba7816bf")


def test_a_broken_manifest_is_named(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text("{", "utf-8")
    with pytest.raises(InvalidInput, match=r"igny8-manifest\.json"):
        write([], tmp_path)


class Killed(Exception):
    """Stands for a process that ends in the middle."""


def cut(artifacts: list[Artifact], after: int) -> Iterator[Artifact]:
    for place, artifact in enumerate(artifacts):
        if place == after:
            raise Killed
        yield artifact


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_history_of_builds_and_kills_ends_in_what_a_clean_build_makes(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    paths = st.sampled_from(["index.html", "a", "a/index.html", "a/b/index.html", "c/index.html"])
    states = st.dictionaries(paths, st.binary(max_size=3), max_size=4).filter(
        lambda made: not ("a" in made and any(path.startswith("a/") for path in made))
    )
    out = tmp_path_factory.mktemp("site")
    for _ in range(data.draw(st.integers(0, 4))):
        made = [Artifact(path, content) for path, content in data.draw(states).items()]
        with suppress(Killed):
            write(cut(made, data.draw(st.integers(0, 5))), out)
    last = [Artifact(path, content) for path, content in data.draw(states).items()]
    write(last, out)
    clean = tmp_path_factory.mktemp("clean")
    write(last, clean)
    assert {**tree(out), MANIFEST: b""} == {**tree(clean), MANIFEST: b""}
