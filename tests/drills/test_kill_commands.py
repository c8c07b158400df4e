"""`kill -9` in single commands: import, build, publish, grant."""

from __future__ import annotations

import hashlib
import random
import shutil
from pathlib import Path

import pytest
from killer import KILLED, SITE, Ended, Killer

from igny8 import billing, sitebuilder, writer
from igny8.app import App

_PAGES = 6
_KILLS = 4


def files_in(folder: Path) -> dict[str, str]:
    """Path → hash of everything that a visitor could get."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        # The manifest tells times; it serves the next build, no visitor.
        if path.is_file() and path.name != ".igny8-manifest.json"
    }


class Copies:
    """Copies of the finished site, in which commands are killed."""

    def __init__(self, killer: Killer, finished: Path) -> None:
        self.killer = killer
        self.finished = finished

    def new(self, name: str) -> Path:
        root = self.finished.with_name(name)
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(self.finished, root, symlinks=True)
        return root

    def points(self, root: Path, *words: str) -> int:
        ended = self.killer.run(root, *words)
        assert ended.status == 0, ended.err
        return ended.points

    def kill(self, root: Path, point: int, *words: str) -> None:
        killed = self.killer.run(root, *words, point=point)
        assert killed.status == KILLED, f"point {point} was not reached: {killed.err}"

    def again(self, root: Path, *words: str) -> Ended:
        ended = self.killer.run(root, *words)
        assert ended.status == 0, ended.err
        for check in ("db", "credits"):
            checked = self.killer.run(root, check, "check")
            assert checked.status == 0, checked.out + checked.err
        return ended


@pytest.fixture(scope="module")
def copies(killer: Killer, finished: tuple[Path, Ended]) -> Copies:
    return Copies(killer, finished[0])


def chosen(points: int, chance: random.Random) -> list[int]:
    """The first, the last, and some between."""
    between = chance.sample(range(2, points), min(_KILLS - 2, points - 2))
    return sorted({1, points, *between})


def test_a_killed_import_is_carried_on(copies: Copies, chance: random.Random) -> None:
    def pages(root: Path) -> tuple[str, ...]:
        folder = root / "import"
        folder.mkdir()
        for number in range(_PAGES):
            text = f"---\ntitle: Page {number}\nslug: imported-{number}\n---\n\nText {number}.\n"
            (folder / f"page-{number}.md").write_text(text)
        return ("writer", "import", "import", "--site", SITE)

    def imported(root: Path) -> list[tuple[str, int]]:
        with App(root, environ={}) as app:
            ctx = app.context()
            found = [c for c in writer.contents(ctx, SITE) if c.slug.startswith("imported-")]
            return sorted((c.slug, len(writer.versions(ctx, SITE, c.slug))) for c in found)

    whole = copies.new("import-whole")
    points = copies.points(whole, *pages(whole))
    expected = imported(whole)
    assert len(expected) == _PAGES
    for point in chosen(points, chance):
        root = copies.new("import-killed")
        words = pages(root)
        copies.kill(root, point, *words)
        copies.again(root, *words)
        assert imported(root) == expected, f"point {point} of {points}"


def test_a_killed_build_is_carried_on_to_the_same_bytes(
    copies: Copies, chance: random.Random
) -> None:
    words = ("build", SITE, "--out", "out")
    whole = copies.new("build-whole")
    points = copies.points(whole, *words)
    expected = files_in(whole / "out")
    assert "index.html" in expected
    for point in chosen(points, chance):
        root = copies.new("build-killed")
        copies.kill(root, point, *words)
        half = files_in(root / "out")
        # Each file is there whole or not at all, but for the parts that no server would show.
        assert all(half[path] == digest for path, digest in expected.items() if path in half), (
            f"point {point} of {points}"
        )
        copies.again(root, *words)
        assert files_in(root / "out") == expected, f"point {point} of {points}"


def test_killed_uploads_and_removals_are_carried_on(copies: Copies, chance: random.Random) -> None:
    add = ("sitebuilder", "files", "add", "inbox", "--site", SITE)
    remove = ("sitebuilder", "files", "remove", "inbox/a.txt", "inbox/b.txt", "--site", SITE, "-y")

    def filled(name: str) -> Path:
        root = copies.new(name)
        (root / "inbox").mkdir()
        for file in ("a", "b", "c"):
            (root / "inbox" / f"{file}.txt").write_text(file * 100)
        return root

    def kept(root: Path) -> list[tuple[str, str, str]]:
        with App(root, environ={}) as app:
            found = sitebuilder.site_files(app.context(), SITE)
        return [(file.path, file.sha256, file.state) for file in found]

    whole = filled("files-whole")
    points = copies.points(whole, *add)
    expected = kept(whole)
    assert [(path, state) for path, _, state in expected] == [
        (f"inbox/{name}.txt", "kept") for name in ("a", "b", "c")
    ]
    for point in chosen(points, chance):
        root = filled("files-killed")
        copies.kill(root, point, *add)
        # A row never stands without its file; a file may wait for its row.
        assert {state for _, _, state in kept(root)} <= {"kept", "loose"}
        copies.again(root, *add)
        assert kept(root) == expected, f"point {point} of {points}"
    points = copies.points(whole, *remove)
    for point in chosen(points, chance):
        root = filled("files-killed")
        copies.again(root, *add)
        copies.kill(root, point, *remove)
        assert {state for _, _, state in kept(root)} <= {"kept", "loose"}
        again = copies.killer.run(root, *remove)
        assert again.status in (0, 8)  # what was gone already is a problem of its own
        assert kept(root) == expected[2:], f"point {point} of {points}"


def test_a_killed_publication_shows_the_old_release_or_the_new(
    copies: Copies, chance: random.Random
) -> None:
    words = ("publisher", "publish", "--site", SITE)

    def changed(name: str) -> Path:
        root = copies.new(name)
        for before in (("site", "set", SITE, "tagline", "Quite new"), ("build", SITE)):
            assert copies.killer.run(root, *before).status == 0
        return root

    whole = changed("publish-whole")
    old = files_in(whole / "live" / "current")
    points = copies.points(whole, *words)
    new = files_in(whole / "live" / "current")
    assert new != old
    for point in chosen(points, chance):
        root = changed("publish-killed")
        copies.kill(root, point, *words)
        assert files_in(root / "live" / "current") in (old, new), f"point {point} of {points}"
        copies.again(root, *words)
        assert files_in(root / "live" / "current") == new, f"point {point} of {points}"


def test_a_killed_grant_is_given_once(copies: Copies) -> None:
    words = ("credits", "grant", "500", "--key", "invoice-1")
    whole = copies.new("grant-whole")
    points = copies.points(whole, *words)
    for point in range(1, points + 1):
        root = copies.new("grant-killed")
        copies.kill(root, point, *words)
        copies.again(root, *words)
        copies.again(root, *words)
        with App(root, environ={}) as app:
            given = [g.amount for g in billing.grants(app.context())]
        assert given.count(500) == 1
