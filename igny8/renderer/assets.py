"""A site's own files in its output: pictures in their variants, other files as they are, cards."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from igny8.core.errors import InvalidInput
from igny8.core.outcome import Problem
from igny8.renderer.content_cache import ContentCache
from igny8.renderer.picture_files import PictureFiles, encoder
from igny8.renderer.pictures import Picture
from igny8.renderer.social_cards import Card, draw
from igny8.safety import svg


class Assets:
    """The files below a site's `files/` folder, and what is drawn for its pages.

    `cache` is a folder of our own that may be lost at any time; nothing in it is drawn twice.
    """

    def __init__(
        self, folder: Path, cache: Path, *, alts: Mapping[str, str] | None = None, prefix: str = ""
    ) -> None:
        self._folder = folder
        self._pictures = PictureFiles(folder, cache / "pictures", alts=alts, prefix=prefix)
        self._cards = ContentCache(cache / "cards")
        self._by_path = {
            variant.path: picture
            for picture in self._pictures
            for variant in (picture.whole, *picture.variants)
        }
        unreadable = {f"{folder.name}/{problem.where}" for problem in self.problems}
        self._others = {
            path: file
            for path, file in _others(folder).items()
            if path not in self._by_path and path not in unreadable
        }

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Files that are named like pictures and are none that can be shown."""
        return tuple(
            Problem("renderer.unreadable-picture", said.partition(":")[0], said)
            for said in self._pictures.problems
        )

    def paths(self) -> tuple[str, ...]:
        """Where files stand in the output."""
        return (*sorted(self._by_path), *sorted(self._others))

    def fact(self, path: str) -> str:
        """What a file's bytes depend on, short; empty for a path that no file has."""
        picture = self._by_path.get(path)
        if picture is not None:
            return f"{encoder()} {picture.source.sha256[:20]}"
        other = self._others.get(path)
        if other is None:
            return ""
        found = other.stat()
        return f"{found.st_size} {found.st_mtime_ns}"

    def content(self, path: str) -> bytes:
        """Return a file's bytes. Raises InvalidInput for one that went while the site was built."""
        if path in self._by_path:
            return self._pictures.content(path)
        try:
            data = self._others[path].read_bytes()
            # `files add` cleans what it takes; a file may have come into the folder without it.
            return svg.clean(data).data if path.endswith(".svg") else data
        except OSError as error:
            raise InvalidInput(f"can't be read: {error.strerror}", file=path) from error

    def find(self, src: str) -> Picture | None:
        """Return the picture at an address of the site, or None."""
        return self._pictures.find(src)

    def picture_fact(self, src: str) -> str:
        """What the HTML of a picture depends on."""
        picture = self.find(src)
        said = repr((picture.source, picture.whole, picture.variants)) if picture else ""
        return hashlib.sha256(said.encode()).hexdigest()[:20] if said else ""

    def card(self, card: Card) -> bytes:
        """Return a social card as PNG."""
        return self._cards.made(card.key, lambda: draw(card))


def _others(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        return {}
    found = ((path.relative_to(folder).as_posix(), path) for path in sorted(folder.rglob("*")))
    return {
        f"{folder.name}/{name}": path
        for name, path in found
        if path.is_file()
        and not path.is_symlink()
        and not any(part.startswith(".") for part in name.split("/"))
    }
