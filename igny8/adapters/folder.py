"""A folder as a target: `releases/<id>` hold whole sites, `current` points to the live one.

    TARGET/current -> releases/20261123T120000-abc
    TARGET/releases/…      whole releases
    TARGET/manifests/…     path → SHA-256 of each release, written when it is whole

A release starts as hard links to the live one's files. That is safe because a file is never
changed in place: `put` makes a new one and renames it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from pydantic import Field

from igny8.adapters.base import Options
from igny8.core.errors import AdapterError
from igny8.safety.paths import inside, write_atomically

_RELEASE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")


class FolderOptions(Options):
    """Options of the folder target."""

    path: str = Field(description="the folder; relative to the workspace")
    keep: int = Field(5, ge=1, description="releases that are kept, the live one among them")


class FolderTarget:
    """Publishes into a folder of this machine, whole releases at a time."""

    options_model = FolderOptions

    def __init__(self, options: FolderOptions, root: Path) -> None:
        self._folder = (root / Path(options.path).expanduser()).resolve()
        self._keep = options.keep
        self._open: Path | None = None
        self._made: dict[str, str] = {}

    def check(self) -> None:
        """Raise AdapterError unless the folder can be made and written."""
        with _translated(self._folder):
            for name in ("releases", "manifests"):
                (self._folder / name).mkdir(parents=True, exist_ok=True)
            link = self._folder / "current"
            if link.exists() and not link.is_symlink():
                raise AdapterError(
                    f"{link} exists and is no link to a release",
                    hint="move it away, or publish into another folder",
                )
            probe = self._folder / ".igny8-probe"
            probe.write_bytes(b"")
            probe.unlink()

    def live(self) -> Mapping[str, str]:
        """Path → SHA-256 of the live release; a file that somebody removed is not in it."""
        release = self.current()
        if release is None:
            return {}
        root = self.folder_of(release)
        return {
            path: sha for path, sha in self._manifest(release).items() if (root / path).exists()
        }

    def begin(self, release: str) -> None:
        """Start a release as links to the live one's files."""
        if not _RELEASE.match(release):
            raise AdapterError(f"`{release}` can't be the name of a release")
        with _translated(self._folder):
            self.check()
            part = self._folder / "releases" / f"{release}.tmp"
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            self._made = dict(self.live())
            before = self.current()
            if before is not None:
                _link_tree(self._folder / "releases" / before, part, self._made)
            self._open = part

    def put(self, path: str, content: bytes) -> None:
        """Make or replace one file of the release that was begun."""
        with _translated(self._folder):
            file = inside(self._part(), path)
            file.parent.mkdir(parents=True, exist_ok=True)
            # Made whole by `commit`; until then nobody can see this file.
            write_atomically(file, content, sync=False)
        self._made[path] = hashlib.sha256(content).hexdigest()

    def delete(self, path: str) -> None:
        """Remove one file of the release that was begun."""
        with _translated(self._folder):
            file = inside(self._part(), path)
            if file.exists():
                file.unlink()
                _remove_empty(file.parent, self._part())
        self._made.pop(path, None)

    def commit(self, release: str) -> None:
        """Make the release whole, then live, in one rename each."""
        with _translated(self._folder):
            part = self._part()
            for path in self._made:
                _sync(part / path)
            manifest = json.dumps(self._made, indent=0, sort_keys=True)
            write_atomically(self._folder / "manifests" / f"{release}.json", manifest.encode())
            part.rename(self._folder / "releases" / release)
            self._open = None
            self._point_to(release)
            self._prune()

    def releases(self) -> list[str]:
        """Committed releases, oldest first."""
        folder = self._folder / "releases"
        if not folder.is_dir():
            return []
        return sorted(p.name for p in folder.iterdir() if p.is_dir() and p.suffix != ".tmp")

    def current(self) -> str | None:
        """The live release."""
        link = self._folder / "current"
        # A link whose release somebody removed shows visitors nothing.
        return link.readlink().name if link.is_symlink() and link.is_dir() else None

    def switch(self, release: str) -> None:
        """Make an earlier release live again."""
        if release not in self.releases():
            raise AdapterError(
                f"release `{release}` is not on the target",
                hint=f"kept: {', '.join(self.releases()) or 'none'}",
            )
        with _translated(self._folder):
            self._point_to(release)

    def folder_of(self, release: str) -> Path:
        """Where a release lies."""
        return self._folder / "releases" / release

    def _point_to(self, release: str) -> None:
        link = self._folder / "current.tmp"
        link.unlink(missing_ok=True)
        link.symlink_to(Path("releases") / release, target_is_directory=True)
        # A rename over the old link is one step: a visitor finds the one or the other.
        link.replace(self._folder / "current")

    def _prune(self) -> None:
        live = self.current()
        old = [release for release in self.releases() if release != live]
        surplus = len(old) + 1 - self._keep
        # The new release is live by now: what can't be removed is no reason to say that it failed.
        for release in old[: max(0, surplus)]:
            shutil.rmtree(self._folder / "releases" / release, ignore_errors=True)
            with suppress(OSError):
                (self._folder / "manifests" / f"{release}.json").unlink(missing_ok=True)
        for dead in (self._folder / "releases").glob("*.tmp"):
            shutil.rmtree(dead, ignore_errors=True)

    def _manifest(self, release: str) -> dict[str, str]:
        try:
            data = json.loads((self._folder / "manifests" / f"{release}.json").read_bytes())
            return {str(path): str(digest) for path, digest in data.items()}
        except (OSError, ValueError, AttributeError):
            # Without its manifest a release is still there: read what it holds.
            root = self._folder / "releases" / release
            return {
                file.relative_to(root).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
                for file in sorted(root.rglob("*"))
                if file.is_file()
            }

    def _part(self) -> Path:
        if self._open is None:
            raise AdapterError("no release was begun on this target")
        return self._open


def _link_tree(source: Path, target: Path, paths: Mapping[str, str]) -> None:
    made: set[Path] = set()
    for path in paths:
        file = target / path
        if file.parent not in made:
            file.parent.mkdir(parents=True, exist_ok=True)
            made.add(file.parent)
        try:
            os.link(source / path, file)
        except OSError:
            shutil.copy2(source / path, file)  # a file system without hard links


def _remove_empty(folder: Path, root: Path) -> None:
    while folder != root and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _translated(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise AdapterError(
            f"{error.filename or folder}: {error.strerror}",
            retryable=True,
            hint="check room and permissions of the target; the live release is untouched",
        ) from error
