"""The pictures of a site's `files/` folder: reads what they are, makes their variants, keeps both.

The HTML that offers them is planned in `pictures`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from urllib.parse import unquote, urlsplit

from igny8.core.errors import InvalidInput
from igny8.renderer.content_cache import ContentCache
from igny8.renderer.pictures import RECIPE, Picture, Source, Variant, plan
from igny8.safety import images
from igny8.safety.paths import write_atomically

_SUFFIXES = frozenset({".avif", ".gif", ".jpeg", ".jpg", ".png", ".webp"})
_FACTS = "facts.json"


@dataclass(frozen=True, slots=True)
class _Made:
    picture: Picture
    variant: Variant


def encoder() -> str:
    """What decides the bytes of a variant beside its plan: goes into a build's digest."""
    return f"{RECIPE} pillow {version('pillow')}"


class PictureFiles:
    """All pictures of a folder, found by their address on the site.

    `folder` is the site's `files/`; `cache` a folder of our own, that may be lost at any time.
    `alts` maps a file's path below `files/` to its alternative text. Files that are no pictures, or
    can't be decoded, are left out and named in `problems`.
    """

    def __init__(
        self, folder: Path, cache: Path, *, alts: Mapping[str, str] | None = None, prefix: str = ""
    ) -> None:
        self.prefix = prefix
        self.problems: list[str] = []
        self._folder = folder
        self._cache = ContentCache(cache)
        self._encoder = encoder()
        self._pictures: dict[str, Picture] = {}
        self._files: dict[str, _Made] = {}
        for path, source in self._read(cache / _FACTS):
            alt = (alts or {}).get(path.relative_to(folder).as_posix(), "")
            picture = plan(replace(source, alt=alt))
            self._pictures[source.url] = picture
            for variant in (picture.whole, *picture.variants):
                self._files[variant.path] = _Made(picture, variant)

    def find(self, src: str) -> Picture | None:
        """Return the picture at an address of the site, or None; see `pictures.rewrite`."""
        path = urlsplit(src).path
        if not path.startswith(self.prefix + "/") or urlsplit(src).netloc:
            return None
        return self._pictures.get(unquote(path.removeprefix(self.prefix)))

    def __iter__(self) -> Iterator[Picture]:
        """All pictures, by address."""
        return iter(self._pictures.values())

    def content(self, path: str) -> bytes:
        """Return the file at a variant's path, from the cache if it was ever made.

        On a miss all variants of its picture are made: decoding is dear, and done once. Raises
        KeyError for a path that no plan has, InvalidInput for a picture that is gone or damaged.
        """
        wanted = self._files[path]
        kept = self._cache.get(self._key(wanted))
        if kept is not None:
            return kept
        return self._make(wanted)

    def is_made(self, path: str) -> bool:
        """Whether `content` has this file already."""
        return self._cache.get(self._key(self._files[path])) is not None

    def prune(self) -> int:
        """Remove what no picture of the folder needs any more; return how many files went."""
        return self._cache.prune({self._key(made) for made in self._files.values()})

    def _make(self, wanted: _Made) -> bytes:
        source = wanted.picture.source
        data = self._original(source)
        if source.is_moving:
            return data
        image = images.upright(data)
        result = b""
        # From the widest down, each made of the one before: as good to the eye, and much faster.
        of_it = (self._files[each.path] for each in wanted.picture.variants or [wanted.variant])
        for made in sorted(of_it, key=lambda made: -made.variant.width):
            variant = made.variant
            if image.size != (variant.width, variant.height):
                image = images.narrowed(image, variant.width, variant.height)
            if made != wanted and self._cache.get(self._key(made)) is not None:
                continue
            content = images.encode(image, variant.format)
            self._cache.put(self._key(made), content)
            if made == wanted:
                result = content
        return result

    def _original(self, source: Source) -> bytes:
        path = self._folder / source.url.removeprefix(f"/{self._folder.name}/")
        try:
            data = path.read_bytes()
        except OSError as error:
            raise InvalidInput(f"can't be read: {error.strerror}", file=str(path)) from error
        if hashlib.sha256(data).hexdigest() != source.sha256:
            raise InvalidInput(
                "changed while the site was built", file=str(path), hint="build again"
            )
        return data

    def _key(self, made: _Made) -> str:
        variant = made.variant
        said = (
            f"{self._encoder} {made.picture.source.sha256} {variant.format} "
            f"{variant.width}x{variant.height}"
        )
        return hashlib.sha256(said.encode()).hexdigest()

    def _read(self, remembered: Path) -> Iterator[tuple[Path, Source]]:
        """Yield every picture with its facts: read again only where size or time changed."""
        before: dict[str, list[object]] = {}
        with suppress(OSError, ValueError):
            before = json.loads(remembered.read_bytes())
        now: dict[str, list[object]] = {}
        for path in sorted(self._folder.rglob("*")):
            if path.suffix.lower() not in _SUFFIXES or path.is_symlink() or not path.is_file():
                continue
            if any(part.startswith(".") for part in path.relative_to(self._folder).parts):
                continue
            name = path.relative_to(self._folder).as_posix()
            stat = path.stat()
            stamp = [stat.st_size, stat.st_mtime_ns]
            known = before.get(name)
            try:
                facts = known[2:] if known and known[:2] == stamp else _facts(path)
            except InvalidInput as error:
                self.problems.append(f"{name}: {error.message}")
                continue
            now[name] = [*stamp, *facts]
            digest, format_, width, height, is_moving = facts
            yield (
                path,
                Source(
                    url=f"/{self._folder.name}/{name}",
                    sha256=str(digest),
                    format=str(format_),
                    width=int(str(width)),
                    height=int(str(height)),
                    is_moving=bool(is_moving),
                ),
            )
        if now != before:
            write_atomically(remembered, json.dumps(now, sort_keys=True).encode(), sync=False)


def _facts(path: Path) -> list[object]:
    data = path.read_bytes()
    found = images.examine(data)
    digest = hashlib.sha256(data).hexdigest()
    return [digest, found.format, found.width, found.height, found.frame_count > 1]
