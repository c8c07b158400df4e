"""Files that are dear to make, kept on disk under a key that names all they were made of."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from pathlib import Path

from igny8.safety.paths import write_atomically

_SEAL = 32  # bytes of SHA-256 before the content


class ContentCache:
    """A folder of made files. Several processes may use it at once; losing it loses time only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> bytes | None:
        """Return what was kept, or None; half-written and damaged files count as none."""
        try:
            kept = self._path(key).read_bytes()
        except OSError:
            return None
        content = kept[_SEAL:]
        return content if hashlib.sha256(content).digest() == kept[:_SEAL] else None

    def put(self, key: str, content: bytes) -> None:
        """Keep a file. Raises OSError."""
        sealed = hashlib.sha256(content).digest() + content
        write_atomically(self._path(key), sealed, sync=False)

    def made(self, key: str, make: Callable[[], bytes]) -> bytes:
        """Return what was kept, or make and keep it."""
        content = self.get(key)
        if content is None:
            content = make()
            self.put(key, content)
        return content

    def prune(self, live: Collection[str]) -> int:
        """Remove all but these keys; return how many went."""
        wanted = set(live)
        gone = [
            path for path in self._folder.glob("??/*") if path.parent.name + path.name not in wanted
        ]
        for path in gone:
            path.unlink(missing_ok=True)
        return len(gone)

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / key[2:]
