"""Brings a folder up to date with artifacts, in place. Touches only files that it made itself.

The manifest (path → SHA-256 and size) is written last; a journal beside it names new files while a
run is under way, so the next run knows a killed run's files as its own.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from igny8.core.errors import Conflict, InvalidInput
from igny8.renderer.types import Artifact

MANIFEST = ".igny8-manifest.json"
_JOURNAL = ".igny8-journal"
_PART = ".igny8-part"
_OWN = frozenset({MANIFEST, _JOURNAL, _PART})


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a manifest. Size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class WriteReport:
    """Paths relative to the output folder, sorted; the unchanged files were left alone."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged_count: int

    @property
    def written_count(self) -> int:
        """How many files were written."""
        return len(self.written)

    @property
    def removed_count(self) -> int:
        """How many files were removed."""
        return len(self.removed)


def read_manifest(out: Path) -> dict[str, Entry]:
    """Return what the last finished write made; empty when there was none. Raises InvalidInput."""
    try:
        data = json.loads((out / MANIFEST).read_bytes())
        return {
            _checked(path): Entry(str(each["sha256"]), int(each["size"]))
            for path, each in data["files"].items()
        }
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidInput(
            f"the manifest does not read: {error}",
            file=str(out / MANIFEST),
            hint="build into a new folder, or delete this one if nothing else is in it",
        ) from None


def write(artifacts: Iterable[Artifact], out: Path, *, is_full: bool = False) -> WriteReport:
    """Make `out` hold exactly the artifacts, besides files of others, which stay untouched.

    A file that has the right bytes already is left alone, unless `is_full`. Files that an earlier
    write made and this one does not are removed. Raises InvalidInput when `out` holds files but no
    manifest of ours, Conflict when a file of somebody else stands where an artifact belongs.
    """
    _refuse_foreign(out)
    out.mkdir(parents=True, exist_ok=True)
    manifest = read_manifest(out)
    writer = _Writer(out, set(manifest) | _journal(out), is_full=is_full)
    try:
        for artifact in artifacts:
            writer.put(artifact)
        removed = writer.prune()
        _save(out, writer.made, manifest)
    finally:
        writer.close()
    (out / _JOURNAL).unlink(missing_ok=True)
    return WriteReport(tuple(sorted(writer.written)), removed, writer.unchanged_count)


class _Writer:
    """One run over one folder. `ours` are the paths that earlier runs made."""

    def __init__(self, out: Path, ours: set[str], *, is_full: bool) -> None:
        self.made: dict[str, Entry] = {}
        self.written: list[str] = []
        self.unchanged_count = 0
        self._root = f"{out}{os.sep}"
        self._ours = ours
        self._is_full = is_full
        self._folders: set[str] = set()
        self._journal = os.open(
            self._root + _JOURNAL, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644
        )

    def put(self, artifact: Artifact) -> None:
        path, content = _checked(artifact.path), artifact.content
        present = self._read(path)
        if present is not None and present != content and path not in self._ours:
            raise Conflict(
                f"`{path}` exists in the output folder and igny8 did not make it",
                hint="move it away, or build into another folder",
            )
        if present == content and not self._is_full:
            self.unchanged_count += 1
        else:
            self._replace(path, content)
            self.written.append(path)
        self.made[path] = Entry(hashlib.sha256(content).hexdigest(), len(content))

    def prune(self) -> tuple[str, ...]:
        """Remove what earlier runs made and this one did not, and folders that are empty then."""
        gone = sorted(self._ours - self.made.keys())
        for path in gone:
            self._remove(path)
        return tuple(gone)

    def close(self) -> None:
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

    def _replace(self, path: str, content: bytes) -> None:
        """Write beside, then rename, so that a reader sees the old file or the new one."""
        folder = path.rpartition("/")[0]
        if folder and folder not in self._folders:
            self._make_folder(folder)
        if path not in self._ours:
            os.write(self._journal, f"{path}\n".encode())
        part = self._root + _PART
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        try:
            view = memoryview(content)
            while view:
                view = view[os.write(handle, view) :]
        finally:
            os.close(handle)
        os.replace(part, self._root + path)  # noqa: PTH105  (Path costs more than the rename)

    def _make_folder(self, folder: str) -> None:
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
        self._folders.add(folder)

    def _remove(self, path: str) -> None:
        target = Path(self._root) / path
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
    if not out.exists() or (out / MANIFEST).exists() or (out / _JOURNAL).exists():
        return
    first = min((path.name for path in out.iterdir()), default=None)
    if first is not None:
        raise InvalidInput(
            f"`{out}` holds files that igny8 did not make, for example `{first}`",
            hint="build into a new or empty folder",
        )


def _journal(out: Path) -> set[str]:
    try:
        lines = (out / _JOURNAL).read_text("utf-8").split("\n")
    except FileNotFoundError:
        return set()
    return {_checked(line) for line in lines[:-1]}  # the last line may be cut off


def _save(out: Path, made: Mapping[str, Entry], before: Mapping[str, Entry]) -> None:
    if made == before and (out / MANIFEST).exists():
        return
    files = {path: {"sha256": e.sha256, "size": e.size} for path, e in sorted(made.items())}
    part = out / _PART
    part.write_text(json.dumps({"schema": 1, "files": files}, indent=0) + "\n", "utf-8")
    part.replace(out / MANIFEST)


def _checked(path: str) -> str:
    parts = path.split("/")
    if not path or path in _OWN or {"", ".", ".."} & set(parts) or "\0" in path or "\n" in path:
        raise InvalidInput(f"`{path}` is not a path inside the output folder")
    return path
