"""A site's own files as values: the address that a file gets, and where it stands. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import PurePosixPath

from igny8.core.errors import InvalidInput
from igny8.safety import paths
from igny8.safety.filetypes import SUFFIXES
from igny8.text.slugs import slugify

FOLDER = "files"
_LONGEST = 400  # characters of a path, below what any host's file system takes


class FileState(StrEnum):
    """How the folder and the store agree on a file.

    `missing` and `changed` say what happened to the file on disk; `loose` has no row: it was put
    there by hand, or a run was killed before it could write one. Adding it again mends all three.
    """

    KEPT = "kept"
    MISSING = "missing"
    CHANGED = "changed"
    LOOSE = "loose"


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A file of a site. `path` counts from its `files/` folder; `url` is what pages link to.

    Width and height are pixels of a picture as it is shown; size counts bytes.
    """

    path: str
    url: str
    media_type: str
    size: int
    width: int | None = None
    height: int | None = None
    alt: str = ""
    sha256: str = ""
    added_by: str = ""
    added_at: datetime | None = None
    state: FileState = FileState.KEPT


def url(path: str) -> str:
    """Return the root-relative address of a file."""
    return f"/{FOLDER}/{path}"


def named(name: str) -> str:
    """Return the path that somebody means, who may have written it as an address."""
    return name.removeprefix("/").removeprefix(f"{FOLDER}/")


def address(name: str, media_type: str) -> str:
    """Return the path that a file called `name` (with its folders, `/` between) gets.

    Lower-case words and hyphens, so that it is the same on every host and needs no escapes. Raises
    InvalidInput for a suffix that says another type, and for paths that are not safe.
    """
    whole = PurePosixPath(*paths.parts(name.strip()))
    suffixes = SUFFIXES[media_type]
    suffix = whole.suffix[1:].lower()
    if not suffix:
        suffix = suffixes[0]
    elif suffix not in suffixes:
        raise InvalidInput(
            f"`{whole.name}` is called .{suffix}, but its bytes are {media_type}",
            hint=f"call it {whole.stem}.{suffixes[0]}",
        )
    folders = [slugify(part, fallback="folder") for part in whole.parts[:-1]]
    path = "/".join([*folders, f"{slugify(whole.stem, fallback='file')}.{suffix}"])
    if len(path) > _LONGEST:
        raise InvalidInput(f"the path of `{whole.name}` is over {_LONGEST} characters")
    return path
