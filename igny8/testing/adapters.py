"""For authors of adapters: a target in memory, and the promises that every file target keeps."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import Field

from igny8.adapters.base import FileTarget, Options, ReleaseTarget
from igny8.core.errors import AdapterError, Igny8Error
from igny8.safety.paths import parts

Files = dict[str, bytes]
OpenTarget = Callable[[], FileTarget]
Promise = Callable[[OpenTarget], None]

_SITE: Files = {"index.html": b"home", "a/b/index.html": b"deep", "empty.txt": b""}
_OUTSIDE = ("../out.html", "/etc/passwd", "a/../../out.html", "a\\..\\out.html", "a\0b", "")


@dataclass(slots=True)
class Disk:
    """What a memory target holds: whole releases, the live one, and one that was begun."""

    releases: dict[str, Files] = field(default_factory=dict)
    live: str | None = None
    begun: Files | None = None


class MemoryOptions(Options):
    """Options of the memory target."""

    disk: str = Field("default", description="name of the disk: the same name, the same files")
    fail_on: str = Field("", description="a path whose `put` fails, as a network would")
    unsure: bool = Field(False, description="whether that failure may have happened all the same")


class MemoryTarget:
    """A release target that forgets everything when the process ends."""

    options_model = MemoryOptions
    # Every command opens its target anew; this is the place that stays.
    disks: dict[str, Disk] = {}  # noqa: RUF012

    def __init__(self, options: MemoryOptions, root: Path) -> None:
        del root
        self._options = options
        self._disk = self.disks.setdefault(options.disk, Disk())

    def check(self) -> None:
        """Nothing can be wrong with memory."""

    def live(self) -> Mapping[str, str]:
        """Path → SHA-256 of the live release."""
        files = self._disk.releases.get(self._disk.live or "", {})
        return {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}

    def begin(self, release: str) -> None:
        """Start a release as a copy of the live one."""
        del release
        self._disk.begun = dict(self._disk.releases.get(self._disk.live or "", {}))

    def put(self, path: str, content: bytes) -> None:
        """Make or replace one file of the release that was begun."""
        parts(path)
        if path == self._options.fail_on:
            raise AdapterError(
                f"{path}: the connection was lost",
                retryable=True,
                may_have_happened=self._options.unsure,
                hint="publish again",
            )
        self._files()[path] = content

    def delete(self, path: str) -> None:
        """Remove one file of the release that was begun."""
        parts(path)
        self._files().pop(path, None)

    def commit(self, release: str) -> None:
        """Make the release live."""
        self._disk.releases[release] = self._files()
        self._disk.begun = None
        self._disk.live = release

    def releases(self) -> list[str]:
        """Committed releases, oldest first."""
        return sorted(self._disk.releases)

    def current(self) -> str | None:
        """The live release."""
        return self._disk.live

    def switch(self, release: str) -> None:
        """Make an earlier release live again."""
        if release not in self._disk.releases:
            raise AdapterError(f"release `{release}` is not on the target")
        self._disk.live = release

    def _files(self) -> Files:
        if self._disk.begun is None:
            raise AdapterError("no release was begun on this target")
        return self._disk.begun


def promises(target: FileTarget) -> tuple[Promise, ...]:
    """Return the promises that a target of this kind must keep, each to be tried by itself.

    Each is called with a function that opens the same target again and again, empty at first, and
    raises AssertionError when the target breaks it:

        @pytest.mark.parametrize("promise", promises(MyTarget(...)), ids=lambda p: p.__name__)
        def test_my_target_keeps_its_promises(promise, tmp_path):
            promise(lambda: MyTarget(MyOptions(path="x"), tmp_path))
    """
    return _OF_FILES + (_OF_RELEASES if isinstance(target, ReleaseTarget) else ())


def release(target: FileTarget, name: str, put: Files, delete: tuple[str, ...] = ()) -> None:
    """Put and delete files on any target; on one with releases, as the release `name`."""
    if isinstance(target, ReleaseTarget):
        target.begin(name)
    for path in delete:
        target.delete(path)
    for path, content in put.items():
        target.put(path, content)
    if isinstance(target, ReleaseTarget):
        target.commit(name)


def an_empty_target_holds_nothing(open_target: OpenTarget) -> None:
    """A target that passed its check and was never written is empty, twice over."""
    open_target().check()
    open_target().check()
    _expect(open_target(), {})


def what_was_put_is_live_for_the_next_who_looks(open_target: OpenTarget) -> None:
    """Files, nested and empty ones too, are reported with the SHA-256 of their bytes."""
    release(open_target(), "r1", _SITE)
    _expect(open_target(), _SITE)


def putting_again_replaces(open_target: OpenTarget) -> None:
    """One file changes, the others stay."""
    release(open_target(), "r1", _SITE)
    release(open_target(), "r2", {"index.html": b"new home"})
    _expect(open_target(), {**_SITE, "index.html": b"new home"})


def deleting_removes_one_file_and_a_missing_one_is_no_error(open_target: OpenTarget) -> None:
    """Neither a missing file nor one in a missing folder is an error."""
    release(open_target(), "r1", _SITE)
    release(open_target(), "r2", {}, ("a/b/index.html", "no.html", "no/such/folder.html"))
    left = {path: content for path, content in _SITE.items() if path != "a/b/index.html"}
    _expect(open_target(), left)


def names_of_all_kinds_come_back(open_target: OpenTarget) -> None:
    """Spaces, other alphabets, leading dots and percent signs are just names."""
    files = {"zwei wörter.html": b"1", ".well-known/x": b"2", "100%.html": b"3", "日本/a": b"4"}
    release(open_target(), "r1", files)
    _expect(open_target(), files)


def nothing_is_written_outside_the_target(open_target: OpenTarget) -> None:
    """A path that leads out, or is none, is refused with an error of igny8's."""
    for path in _OUTSIDE:
        target = open_target()
        if isinstance(target, ReleaseTarget):
            target.begin("r1")
        try:
            target.put(path, b"x")
        except Igny8Error:
            continue
        raise AssertionError(f"put({path!r}) was not refused")
    _expect(open_target(), {})


def a_file_may_become_a_folder_and_a_folder_a_file(open_target: OpenTarget) -> None:
    """Deleting first makes room for the other kind under the same name."""
    release(open_target(), "r1", {"a": b"file", "b/c": b"nested"})
    release(open_target(), "r2", {"a/x": b"nested", "b": b"file"}, ("a", "b/c"))
    _expect(open_target(), {"a/x": b"nested", "b": b"file"})


def a_release_is_seen_when_it_is_whole(open_target: OpenTarget) -> None:
    """Until `commit`, visitors see the old release; one that was cut off leaves no trace."""
    release(open_target(), "r1", _SITE)
    target = _with_releases(open_target)
    target.begin("r2")
    target.put("index.html", b"half")
    target.delete("empty.txt")
    _expect(open_target(), _SITE)
    _claim(_with_releases(open_target).current() == "r1", "a release went live uncommitted")
    release(open_target(), "r3", {"new.html": b"new"})
    _expect(open_target(), {**_SITE, "new.html": b"new"})
    _claim(_with_releases(open_target).releases() == ["r1", "r3"], "r2 was never committed")


def an_earlier_release_can_be_live_again_unchanged(open_target: OpenTarget) -> None:
    """Switching back and forth shows each release as it was; the next starts from the live one."""
    release(open_target(), "r1", _SITE)
    release(open_target(), "r2", {"index.html": b"two"}, ("empty.txt",))
    _with_releases(open_target).switch("r1")
    _expect(open_target(), _SITE)
    _claim(_with_releases(open_target).current() == "r1", "current() is not what was switched to")
    release(open_target(), "r3", {"x.html": b"x"})
    _expect(open_target(), {**_SITE, "x.html": b"x"})
    _with_releases(open_target).switch("r2")
    _expect(open_target(), {"index.html": b"two", "a/b/index.html": b"deep"})


def switching_to_a_release_that_is_not_there_is_refused(open_target: OpenTarget) -> None:
    """The live release stays."""
    release(open_target(), "r1", _SITE)
    for name in ("r9", "../r1", ""):
        try:
            _with_releases(open_target).switch(name)
        except Igny8Error:
            continue
        raise AssertionError(f"switch({name!r}) was not refused")
    _expect(open_target(), _SITE)


def putting_without_a_release_is_refused(open_target: OpenTarget) -> None:
    """Nothing may reach the live release in place."""
    release(open_target(), "r1", _SITE)
    try:
        open_target().put("index.html", b"in place")
    except Igny8Error:
        _expect(open_target(), _SITE)
        return
    raise AssertionError("put() without begin() was not refused")


_OF_FILES: tuple[Promise, ...] = (
    an_empty_target_holds_nothing,
    what_was_put_is_live_for_the_next_who_looks,
    putting_again_replaces,
    deleting_removes_one_file_and_a_missing_one_is_no_error,
    names_of_all_kinds_come_back,
    nothing_is_written_outside_the_target,
    a_file_may_become_a_folder_and_a_folder_a_file,
)
_OF_RELEASES: tuple[Promise, ...] = (
    a_release_is_seen_when_it_is_whole,
    an_earlier_release_can_be_live_again_unchanged,
    switching_to_a_release_that_is_not_there_is_refused,
    putting_without_a_release_is_refused,
)


def _with_releases(open_target: OpenTarget) -> ReleaseTarget:
    target = open_target()
    if not isinstance(target, ReleaseTarget):
        raise AssertionError("the target has no releases any more")
    return target


def _expect(target: FileTarget, files: Files) -> None:
    live = dict(target.live())
    wanted = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
    _claim(live == wanted, f"live() says {sorted(live)}, expected {sorted(wanted)}")


def _claim(is_kept: bool, otherwise: str) -> None:
    if not is_kept:
        raise AssertionError(otherwise)
