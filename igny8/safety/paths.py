"""The door for file names from outside, and the way files are written. Reads no file."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from contextlib import suppress
from pathlib import Path

from igny8.core.errors import InvalidInput

_MAX_PART_BYTES = 200
_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def parts(relative: str) -> tuple[str, ...]:
    """Split a relative path that is safe to write on any system; touches no disk.

    Raises InvalidInput for anything else: absolute, drive or UNC paths, backslashes, control
    characters, `..`, empty parts, parts that end in a dot or space or are over 200 bytes.
    """
    reason = _fault(relative)
    if reason is None:
        pieces = tuple(relative.split("/"))
        reason = next((fault for piece in pieces if (fault := _part_fault(piece))), None)
        if reason is None:
            return pieces
    raise InvalidInput(f"the path {relative!r} {reason}", hint="use a path such as `images/a.png`")


def inside(root: Path, relative: str) -> Path:
    """Return `root/relative`, which need not exist, and never lies outside `root`.

    Raises InvalidInput as `parts` does, and for a path that a symbolic link leads out of `root`.
    """
    path = root.joinpath(*parts(relative))
    real_root = os.path.realpath(root)
    if not Path(os.path.realpath(path)).is_relative_to(real_root):
        raise InvalidInput(f"the path {relative!r} leads out of {root} through a symbolic link")
    return path


def write_atomically(path: Path, data: bytes, *, sync: bool = True) -> None:
    """Replace `path` by `data`, whole or not at all, making its folder; keeps a file's mode.

    `sync` also waits for the disk, so that a power cut keeps the old file or the new one; leave
    it out for files that the next run makes again. Raises OSError; no temporary file stays, but
    a killed process may leave `.igny8-*.tmp`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".igny8-{secrets.token_hex(8)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            if sync:
                file.flush()
                os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            shutil.copymode(path, temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if sync:
        _sync_folder(path.parent)


def _fault(relative: str) -> str | None:
    if not relative:
        return "is empty"
    if "\\" in relative:
        return "contains a backslash"
    if relative.startswith("/") or _DRIVE.match(relative):
        return "is absolute"
    if _CONTROL.search(relative):
        return "contains a control character"
    return None


def _part_fault(part: str) -> str | None:
    if not part:
        return "has an empty part"
    if part.endswith((".", " ")):
        return "climbs up" if part == ".." else "has a part that ends in a dot or space"
    try:
        size = len(part.encode())
    except UnicodeEncodeError:
        return "is not valid Unicode"
    return f"has a part over {_MAX_PART_BYTES} bytes" if size > _MAX_PART_BYTES else None


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
