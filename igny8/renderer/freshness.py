"""Whether anything at all has changed since the last build, without looking into the store.

The sizes and times of all that a build reads, as the file system tells them: the store's file, the
settings, layouts and recipes, the program itself; and the day, since dates decide what is out.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from igny8.config.load import Config
from igny8.core.resources import shipped
from igny8.renderer.manifest import JOURNAL, MANIFEST, Manifest

# Two commits may fall into one tick of a file system's clock.
_TICK = 50_000_000  # nanoseconds
_PROGRAM = Path(__file__).parents[1]


def inputs(
    config: Config, site_slug: str, today: date, *, store: Path | None, account: str = ""
) -> str:
    """Return what changes with anything that a build of the site reads.

    `store` is the store's file, None for a build from files alone. Empty while it can't be told: a
    store that is being written right now.
    """
    made = hashlib.sha256()
    environ = sorted(each for each in config.environ.items() if each[0].startswith("IGNY8_"))
    made.update(repr((sys.version, today, account, environ)).encode())
    now = time.time_ns()
    for path in (store, store.with_name(store.name + "-wal")) if store else ():
        try:
            found = path.stat()
        except FileNotFoundError:
            continue
        if not found.st_size:
            continue  # an empty log comes and goes with every reader
        if found.st_mtime_ns > now - _TICK:
            return ""
        made.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\0".encode())
    for line in _seen(_roots(config, site_slug, has_store=store is not None)):
        made.update(line.encode())
    return made.hexdigest()


def is_untouched(out: Path, manifest: Manifest) -> bool:
    """Whether the last build ended, and every file of it is there as it left it."""
    if not (out / MANIFEST).exists() or (out / JOURNAL).exists():
        return False
    root = f"{out}{os.sep}"
    try:
        for path, entry in manifest.files.items():
            found = os.stat(root + path)  # noqa: PTH116  (thousands of them)
            if found.st_size != entry.size or found.st_mtime_ns != entry.changed_at:
                return False
    except OSError:
        return False
    return True


def _roots(config: Config, site_slug: str, *, has_store: bool) -> Iterator[Path]:
    root, site = config.root, config.site_folder(site_slug)
    yield from (root / "igny8.toml", config.state / "modules.json", site / "site.toml")
    if not has_store:
        yield from (site / "content", site / "authors.yaml", site / "blueprint.yaml")
    for folder in (root, site):
        yield from (folder / "layouts", folder / "templates")
    yield site / "files"
    yield from (shipped("layouts"), shipped("templates"), _PROGRAM)


def _seen(roots: Iterable[Path]) -> Iterator[str]:
    for root in dict.fromkeys(roots):
        if root.is_dir():
            yield from _below(str(root))
        elif root.exists():
            found = root.stat()
            yield f"{root}\0{found.st_size}\0{found.st_mtime_ns}\0"


def _below(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            if entry.name == "__pycache__":
                continue
            if entry.is_dir():
                yield from _below(entry.path)
            else:
                found = entry.stat()
                yield f"{entry.path}\0{found.st_size}\0{found.st_mtime_ns}\0"
