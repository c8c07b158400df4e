"""What a build reads where there is no store: a site's exported content files.

Their bodies are rendered once and kept in a small cache by their hash, as the store keeps those of
its items. Writes nothing else.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from igny8.core.errors import InvalidInput
from igny8.text import html as html_text
from igny8.text import words
from igny8.text.bodies import body_to_html
from igny8.text.markdown import RENDERER_VERSION
from igny8.writer import exchange
from igny8.writer.types import Head, NewContent

_LARGEST_FILE = 8 * 1024 * 1024
_TABLE = """
CREATE TABLE IF NOT EXISTS bodies
(id TEXT PRIMARY KEY, links TEXT NOT NULL, word_count INTEGER NOT NULL, html TEXT NOT NULL)
"""


class ContentFiles:
    """The content files of one site's folder, with their rendered bodies in a cache file."""

    def __init__(self, folder: Path, cache: Path, *, locale: str) -> None:
        self._folder = folder
        self._cache = cache
        self._locale = locale

    def heads(self, statuses: Iterable[str]) -> list[Head]:
        """Return the items that have one of `statuses`, by id and so in the order of their making.

        Raises InvalidInput with file and line for a file that can't be read, or for two of one id.
        """
        wanted = set(statuses)
        found: dict[str, Head] = {}
        with self._opened() as store:
            for name, path in content_files(self._folder):
                new = exchange.from_file(name, read_text(path, name), locale=self._locale)
                if new.status.value not in wanted:
                    continue
                head = _head(new, name, store)
                if head.id in found:
                    raise InvalidInput(
                        f"has the id of another file: `{head.id}`",
                        file=name,
                        hint="remove `id` from the copy",
                    )
                found[head.id] = head
        return [found[id_] for id_ in sorted(found)]

    def html(self, ids: Sequence[str]) -> dict[str, str]:
        """Return rendered id → sanitised HTML."""
        marks = ", ".join("?" * len(ids))
        with self._opened() as store:
            return dict(
                store.execute(f"SELECT id, html FROM bodies WHERE id IN ({marks})", list(ids))  # noqa: S608
            )

    def _opened(self) -> _Store:
        self._cache.parent.mkdir(parents=True, exist_ok=True)
        return _Store(self._cache)


class _Store:
    """The cache, open for a block and saved at its end."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> sqlite3.Connection:
        self._connection = sqlite3.connect(self._path)
        try:
            self._connection.execute(_TABLE)
        except sqlite3.DatabaseError:
            # It only spares work: a damaged one is made anew.
            self._connection.close()
            self._path.unlink()
            self._connection = sqlite3.connect(self._path)
            self._connection.execute(_TABLE)
        return self._connection

    def __exit__(self, *exc: object) -> None:
        self._connection.commit()
        self._connection.close()


def content_files(folder: Path) -> list[tuple[str, Path]]:
    """Return (name, path) of the Markdown and HTML files below a folder, in a stable order."""
    root = folder.resolve()
    # A symbolic link could lead out of the folder that was named; `.git` holds no content.
    found = [(file.relative_to(root), file) for file in sorted(root.rglob("*"))]
    return [
        (name.as_posix(), file)
        for name, file in found
        if file.suffix.lower() in exchange.SUFFIXES
        and file.is_file()
        and not file.is_symlink()
        and not any(part.startswith(".") for part in name.parts)
    ]


def read_text(file: Path, name: str) -> str:
    """Return a content file's text. Raises InvalidInput unless it is UTF-8 and not too large."""
    try:
        if file.stat().st_size > _LARGEST_FILE:
            raise InvalidInput("is larger than 8 MB", file=name)
        # Bytes first: text mode would fold CRLF, and a body keeps its bytes.
        return file.read_bytes().decode("utf-8")
    except OSError as error:
        raise InvalidInput(f"can't be read: {error.strerror}", file=name) from error
    except UnicodeDecodeError as error:
        raise InvalidInput(
            f"is not UTF-8 (byte {error.start})", file=name, hint="save it as UTF-8"
        ) from error


def _head(new: NewContent, name: str, store: sqlite3.Connection) -> Head:
    facts = "\0".join((RENDERER_VERSION, new.body_format, new.body))
    key = hashlib.sha256(facts.encode()).hexdigest()[:40]
    links, count = _rendered(store, key, lambda: body_to_html(new.body, new.body_format))
    digest = hashlib.sha256(repr((new, key)).encode()).hexdigest()[:20]
    return Head(
        # A file that no store has seen has no id: its name tells it from the others.
        id=new.id or f"file:{name}",
        slug=new.slug,
        title=new.title,
        entity_type=new.entity_type.value,
        locale=new.locale,
        parent_id=new.parent_id,
        meta_title=new.meta_title,
        meta_description=new.meta_description,
        tags=new.tags,
        categories=new.categories,
        structure_data=new.structure_data or {},
        json_blocks=new.json_blocks or [],
        extra=new.extra or {},
        author=new.author,
        cluster_id=new.cluster_id,
        published_on=new.published_on,
        expires_on=new.expires_on,
        is_noindex=new.is_noindex,
        word_count=count,
        updated_on=new.updated_on or new.published_on or datetime.fromtimestamp(0, UTC).date(),
        rendered_id=key,
        links=links,
        digest=digest,
    )


def _rendered(
    store: sqlite3.Connection, key: str, render: Callable[[], str]
) -> tuple[tuple[str, ...], int]:
    for links, count in store.execute("SELECT links, word_count FROM bodies WHERE id = ?", (key,)):
        return tuple(json.loads(links)), count
    html = render()
    found = html_text.internal_links(html)
    count = words.count(html_text.plain(html))
    store.execute(
        "INSERT INTO bodies (id, links, word_count, html) VALUES (?, ?, ?, ?)",
        (key, json.dumps(found), count, html),
    )
    return found, count
