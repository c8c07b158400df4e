"""Brings a folder up to date with artifacts, in place. Touches only files that it made itself.

The manifest is written last; a journal beside it names new files while a run is under way, so the
next run knows a killed run's files as its own.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from igny8.core.errors import Conflict, InvalidInput
from igny8.renderer.manifest import JOURNAL, MANIFEST, PART, Entry, Manifest, checked, load, save
from igny8.renderer.types import Artifact, WriteReport


def write(artifacts: Iterable[Artifact], out: Path, *, is_full: bool = False) -> WriteReport:
    """Make `out` hold exactly the artifacts, besides files of others, which stay untouched.

    A file that has the right bytes already is left alone, unless `is_full`. Files that an earlier
    write made and this one does not are removed. Raises InvalidInput when `out` holds files but no
    manifest of ours, Conflict when a file of somebody else stands where an artifact belongs.
    """
    folder = Folder(out, is_full=is_full)
    try:
        for artifact in artifacts:
            folder.put(artifact)
        return folder.finish(Manifest(files=folder.made))
    finally:
        folder.close()


class Folder:
    """One run over one output folder. `before` is what the last finished run left.

    Raises InvalidInput when the folder holds files but no manifest of ours.
    """

    def __init__(self, out: Path, *, is_full: bool = False, before: Manifest | None = None) -> None:
        _refuse_foreign(out)
        out.mkdir(parents=True, exist_ok=True)
        self.out = out
        self.before = load(out) if before is None else before
        self.made: dict[str, Entry] = {}
        self.written: list[str] = []
        self.unchanged_count = 0
        self._root = f"{out}{os.sep}"
        self._ours = set(self.before.files) | _journal(out)
        self._is_full = is_full
        self._folders: set[str] = set()
        self._part = self._root + PART
        self._journal = os.open(self._root + JOURNAL, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def share(self, number: int) -> None:
        """Let this process write beside others of the same run, each with a number of its own."""
        self._part = f"{self._root}{PART}-{number}"

    def put(self, artifact: Artifact) -> None:
        """Make one file hold its bytes. Raises Conflict where a file of somebody else stands."""
        path, content = checked(artifact.path), artifact.content
        parent = path.rpartition("/")[0]
        is_new = bool(parent) and parent not in self._folders and self._make_folder(parent)
        present = None if is_new else self._read(path)
        if present is not None and present != content and path not in self._ours:
            raise Conflict(
                f"`{path}` exists in the output folder and igny8 did not make it",
                hint="move it away, or build into another folder",
            )
        if present == content and not self._is_full:
            self.unchanged_count += 1
            changed_at = os.stat(self._root + path).st_mtime_ns  # noqa: PTH116
        else:
            changed_at = self._replace(path, content)
            self.written.append(path)
        self.made[path] = Entry(hashlib.sha256(content).hexdigest(), len(content), changed_at)

    def keep(self, path: str) -> bool:
        """Leave a file as the last run made it; say whether it still is as that run left it."""
        entry = self.before.files.get(path)
        if entry is None or self._is_full:
            return False
        try:
            found = os.stat(self._root + path)  # noqa: PTH116  (a build looks at thousands)
        except OSError:
            return False
        if found.st_size != entry.size:
            return False
        if found.st_mtime_ns != entry.changed_at:
            # Copied or restored, perhaps: only its bytes can tell.
            content = self._read(path)
            if content is None or hashlib.sha256(content).hexdigest() != entry.sha256:
                return False
            entry = Entry(entry.sha256, entry.size, found.st_mtime_ns)
        self.made[path] = entry
        self.unchanged_count += 1
        return True

    def finish(self, manifest: Manifest) -> WriteReport:
        """Remove what this run did not make, then write the manifest, whose files are `made`."""
        manifest.files = self.made
        removed = self._prune()
        if manifest != self.before or not (self.out / MANIFEST).exists():
            save(self.out, manifest)
        for left in self.out.glob(f"{PART}*"):
            left.unlink(missing_ok=True)
        (self.out / JOURNAL).unlink(missing_ok=True)
        return WriteReport(tuple(sorted(self.written)), removed, self.unchanged_count)

    def _prune(self) -> tuple[str, ...]:
        """Remove what earlier runs made and this one did not, and folders that are empty then."""
        gone = sorted(self._ours - self.made.keys())
        for path in gone:
            self._remove(path)
        return tuple(gone)

    def close(self) -> None:
        """Give the journal back."""
        os.close(self._journal)

    def _read(self, path: str) -> bytes | None:
        try:
            with open(self._root + path, "rb") as file:
                return file.read()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except IsADirectoryError:
            self._make_room(path)
            return None

    def _make_room(self, path: str) -> None:
        """A page that was `x/index.html` may now be `x`: our old files go, others' forbid it."""
        for each in sorted(self._ours):
            if each.startswith(f"{path}/"):
                self._remove(each)
        if (Path(self._root) / path).exists():
            raise Conflict(
                f"`{path}` is a folder with files that igny8 did not make; a file belongs there",
                hint="move them away, or build into another folder",
            )

    def _replace(self, path: str, content: bytes) -> int:
        """Write beside, then rename, so that a reader sees the old file or the new one."""
        if path not in self._ours:
            os.write(self._journal, f"{path}\n".encode())
        handle = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        try:
            view = memoryview(content)
            while view:
                view = view[os.write(handle, view) :]
            changed_at = os.fstat(handle).st_mtime_ns
        finally:
            os.close(handle)
        os.replace(self._part, self._root + path)  # noqa: PTH105  (Path costs more)
        return changed_at

    def _make_folder(self, folder: str) -> bool:
        """Make a folder for our files; return whether it was not there."""
        try:
            os.mkdir(self._root + folder)  # noqa: PTH102  (a build makes thousands)
        except FileExistsError:
            is_new = False
            if not os.path.isdir(self._root + folder):  # noqa: PTH112
                self._clear_way(folder)
        except OSError:  # what is above it is missing, or is a file
            self._clear_way(folder)
            is_new = True
        else:
            is_new = True
        self._folders.add(folder)
        return is_new

    def _clear_way(self, folder: str) -> None:
        for parent in (*reversed(PurePosixPath(folder).parents), PurePosixPath(folder)):
            # A page that was `x` may now be `x/index.html`: our old file makes room.
            if str(parent) in self._ours and (Path(self._root) / parent).is_file():
                self._remove(str(parent))
        try:
            os.makedirs(self._root + folder, exist_ok=True)  # noqa: PTH103
        except (FileExistsError, NotADirectoryError):
            raise Conflict(
                f"a file that igny8 did not make stands in the way of the folder `{folder}`",
                hint="move it away, or build into another folder",
            ) from None

    def _remove(self, path: str) -> None:
        target = Path(self._root) / checked(path)
        try:
            target.unlink(missing_ok=True)
        except (NotADirectoryError, IsADirectoryError, PermissionError):
            return  # it is a folder by now, so the file is gone already
        for parent in PurePosixPath(path).parents:
            if str(parent) == ".":
                break
            try:
                (Path(self._root) / parent).rmdir()
            except OSError:
                break  # somebody's file is in there, or it is gone already


def _refuse_foreign(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise InvalidInput(f"`{out}` is a file; the output goes into a folder")
    if not out.exists() or (out / MANIFEST).exists() or (out / JOURNAL).exists():
        return
    first = min((path.name for path in out.iterdir()), default=None)
    if first is not None:
        raise InvalidInput(
            f"`{out}` holds files that igny8 did not make, for example `{first}`",
            hint="build into a new or empty folder",
        )


def _journal(out: Path) -> set[str]:
    try:
        lines = (out / JOURNAL).read_text("utf-8").split("\n")
    except FileNotFoundError:
        return set()
    return {checked(line) for line in lines[:-1]}  # the last line may be cut off
