"""The stored index of a site: what was read of each page, under the hash of what was read.

A file beside the store, made of nothing that the store does not hold: who deletes it loses the
time of one run. What the figures are for is `index`'s; when they are renewed, `survey`'s.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from igny8.linker.phrases import Kind, Phrase
from igny8.linker.reading import Key, Reading

_PATIENCE = 120.0  # seconds
_CHUNK = 800
_ENGINE = (
    "cache",
    "index",
    "markdown_marks",
    "phrases",
    "reading",
    "scan_html",
    "scan_markdown",
    "scanning",
)
_TABLES = """
CREATE TABLE engine (digest TEXT);
CREATE TABLE pages (id TEXT PRIMARY KEY, body_digest TEXT, head_digest TEXT, language TEXT,
  has_small_title INTEGER) WITHOUT ROWID;
CREATE TABLE entries (id TEXT PRIMARY KEY, entry TEXT);
CREATE TABLE readings (id TEXT PRIMARY KEY, reading BLOB);
CREATE TABLE links (id TEXT PRIMARY KEY, links TEXT);
CREATE TABLE phrases (language TEXT, first TEXT, size INTEGER, key TEXT, page TEXT,
  PRIMARY KEY (language, first, size, key, page)) WITHOUT ROWID;
CREATE INDEX ix_phrases_page ON phrases (page);
CREATE TABLE stems (language TEXT, stem TEXT, pages INTEGER, PRIMARY KEY (language, stem))
  WITHOUT ROWID;
CREATE TABLE mentions (language TEXT, key TEXT, pages INTEGER, PRIMARY KEY (language, key))
  WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Digests:
    """What a page was read from: its body and language, and what else names it."""

    body: str
    head: str


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """What names a page and what it is about: of an index's entry all that costs reading."""

    exact: frozenset[str]
    phrases: tuple[Phrase, ...]
    terms: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class StoredPage:
    """One page as it goes into the file, encoded; None for what is there already."""

    id: str
    digests: Digests
    language: str
    has_small_title: bool
    keys: tuple[Key, ...]
    entry: str
    reading: bytes | None
    links: str | None


class StoredLink(NamedTuple):
    """A link as it stands in a body, before anybody asks where it leads."""

    href: str
    anchor: str
    start: int
    end: int


class Cache:
    """One site's stored index, open. All that reads or changes it stands in a `transaction`."""

    def __init__(self, path: Path | None) -> None:
        self._db = _opened(path)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all of the block or nothing, while no other process changes the file."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def digests(self) -> dict[str, Digests]:
        """Return what every page that is here was read from."""
        found = self._db.execute("SELECT id, body_digest, head_digest FROM pages")
        return {id_: Digests(body, head) for id_, body, head in found}

    def languages(self, ids: Iterable[str]) -> dict[str, str]:
        """Return the language of pages."""
        return dict(self._among("SELECT id, language FROM pages WHERE id", ids))

    def sizes(self) -> dict[str, tuple[int, int]]:
        """Return by language how many pages there are, and how many have a small title."""
        query = "SELECT language, COUNT(*), SUM(has_small_title) FROM pages GROUP BY language"
        return {language: (size, small) for language, size, small in self._db.execute(query)}

    def readings(self, ids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Yield (id, encoded reading) of pages."""
        yield from self._among("SELECT id, reading FROM readings WHERE id", ids)

    def entries(self, ids: Iterable[str] | None = None) -> dict[str, StoredEntry]:
        """Return what names pages and what they are about, all of them unless `ids` are given."""
        if ids is None:
            found: Iterable[Any] = self._db.execute("SELECT id, entry FROM entries")
        else:
            found = self._among("SELECT id, entry FROM entries WHERE id", ids)
        return {id_: _entry(id_, text) for id_, text in found}

    def links(self) -> Iterator[tuple[str, list[StoredLink]]]:
        """Yield (id, links in order of place) of the pages that have some."""
        for id_, text in self._db.execute("SELECT id, links FROM links WHERE links != '[]'"):
            yield id_, list(map(StoredLink._make, json.loads(text)))

    def put(self, pages: Sequence[StoredPage]) -> None:
        """Insert or replace pages, without the figures of their bodies."""
        self._delete("phrases", "page", [page.id for page in pages])
        self._insert(
            "pages",
            [(p.id, p.digests.body, p.digests.head, p.language, p.has_small_title) for p in pages],
        )
        self._insert("entries", [(page.id, page.entry) for page in pages])
        self._insert(
            "phrases",
            sorted((p.language, k[0], len(k), " ".join(k), p.id) for p in pages for k in p.keys),
        )
        self._insert("readings", [(p.id, p.reading) for p in pages if p.reading is not None])
        self._insert("links", [(p.id, p.links) for p in pages if p.links is not None])

    def remove(self, ids: Sequence[str]) -> None:
        """Remove pages, without the figures of their bodies."""
        self._delete("phrases", "page", ids)
        for table in ("pages", "entries", "readings", "links"):
            self._delete(table, "id", ids)

    def keys(self, ids: Iterable[str]) -> set[tuple[str, str]]:
        """Return (language, joined stems) of the phrases that name pages."""
        return set(self._among("SELECT language, key FROM phrases WHERE page", ids))

    def sharers(self, language: str, stems: Sequence[str]) -> dict[Key, list[str]]:
        """Return the phrases that stand in a text of these stems, with the pages they name."""
        found: defaultdict[Key, list[str]] = defaultdict(list)
        keys = self._standing(language, stems)
        query = "SELECT key, page FROM phrases WHERE language = ? AND first = ? AND size = ?"
        by_start: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
        for key in keys:
            by_start[key[0], len(key)].add(" ".join(key))
        for (first, size), wanted in sorted(by_start.items()):
            sql = f"{query} AND key"
            for key, page in self._among(sql, wanted, (language, first, size)):
                found[tuple(key.split(" "))].append(page)
        return {key: sorted(pages) for key, pages in found.items()}

    def counted(self, language: str, stems: Sequence[str]) -> set[Key]:
        """Return the phrases with counted mentions that stand in a text of these stems."""
        return set(self.mentions(language, self._standing(language, stems)))

    def stems(self, language: str, wanted: Iterable[str] | None = None) -> dict[str, int]:
        """Return how many pages hold stems, all of them unless some are `wanted`."""
        query = "SELECT stem, pages FROM stems WHERE language = ?"
        if wanted is None:
            return dict(self._db.execute(query, (language,)))
        return dict(self._among(f"{query} AND stem", wanted, (language,)))

    def mentions(self, language: str, wanted: Iterable[Key] | None = None) -> dict[Key, int]:
        """Return how many pages hold phrases, as far as that was counted."""
        query = "SELECT key, pages FROM mentions WHERE language = ?"
        found: Iterable[Any]
        if wanted is None:
            found = self._db.execute(query, (language,))
        else:
            found = self._among(f"{query} AND key", map(" ".join, wanted), (language,))
        return {tuple(key.split(" ")): pages for key, pages in found}

    def count_stems(self, language: str, more: Mapping[str, int]) -> None:
        """Add to how many pages hold stems."""
        self._add("stems", "stem", language, more)

    def count_mentions(self, language: str, more: Mapping[Key, int]) -> None:
        """Add to how many pages hold phrases."""
        self._add("mentions", "key", language, {" ".join(key): n for key, n in more.items()})

    def forget_mentions(self, keys: Iterable[tuple[str, str]] | None = None) -> None:
        """Forget counts of mentions: of all phrases, or of those of `keys` that name no page."""
        if keys is None:
            self._db.execute("DELETE FROM mentions")
            return
        self._db.executemany(
            "DELETE FROM mentions WHERE language = ?1 AND key = ?2 AND NOT EXISTS (SELECT 1 FROM"
            " phrases WHERE language = ?1 AND first = ?3 AND size = ?4 AND key = ?2)",
            [(lang, key, key.split(" ")[0], key.count(" ") + 1) for lang, key in sorted(keys)],
        )

    def _standing(self, language: str, stems: Sequence[str]) -> set[Key]:
        """Every run of stems that is as long as some phrase with its first stem."""
        query = "SELECT DISTINCT first, size FROM phrases WHERE language = ? AND first"
        sizes: defaultdict[str, list[int]] = defaultdict(list)
        for first, size in self._among(query, set(stems), (language,)):
            sizes[first].append(size)
        return {
            tuple(stems[start : start + size])
            for start, stem in enumerate(stems)
            for size in sizes.get(stem, ())
            if start + size <= len(stems)
        }

    def _among(
        self, query: str, values: Iterable[str], before: tuple[object, ...] = ()
    ) -> Iterator[Any]:
        """Yield the rows of `query IN (values)`."""
        wanted = sorted(values)
        for start in range(0, len(wanted), _CHUNK):
            chunk = wanted[start : start + _CHUNK]
            marks = ",".join("?" * len(chunk))
            yield from self._db.execute(f"{query} IN ({marks})", (*before, *chunk))

    def _insert(self, table: str, rows: Sequence[tuple[object, ...]]) -> None:
        if rows:
            marks = ",".join("?" * len(rows[0]))
            self._db.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", rows)  # noqa: S608

    def _delete(self, table: str, column: str, ids: Iterable[str]) -> None:
        self._db.executemany(
            f"DELETE FROM {table} WHERE {column} = ?",  # noqa: S608
            [(id_,) for id_ in ids],
        )

    def _add(self, table: str, column: str, language: str, more: Mapping[str, int]) -> None:
        self._db.executemany(
            f"INSERT INTO {table} VALUES (?, ?, ?) ON CONFLICT (language, {column})"  # noqa: S608
            " DO UPDATE SET pages = pages + excluded.pages",
            [(language, name, count) for name, count in sorted(more.items())],
        )


def entry_text(entry: StoredEntry) -> str:
    """Return an entry as JSON."""
    phrases = [
        (p.language, p.kind, p.key, p.text, p.before, p.after, p.weight, p.count)
        for p in entry.phrases
    ]
    data = (sorted(entry.exact), phrases, entry.terms)
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def link_text(reading: Reading) -> str:
    """Return the links of a body as JSON."""
    links = [(link.href, link.anchor, link.start, link.end) for link in reading.scan.links]
    return json.dumps(links, ensure_ascii=False, separators=(",", ":"))


def digest(*facts: object) -> str:
    """Return what tells one set of facts from another."""
    return blake2b(repr(facts).encode(), digest_size=12).hexdigest()


def _entry(page_id: str, text: str) -> StoredEntry:
    exact, phrases, terms = json.loads(text)
    return StoredEntry(
        frozenset(exact),
        tuple(
            Phrase(page_id, language, _KINDS[kind], tuple(key), *rest)
            for language, kind, key, *rest in phrases
        ),
        terms,
    )


_KINDS = {kind.value: kind for kind in Kind}


def _opened(path: Path | None) -> sqlite3.Connection:
    """Open the file; one that is broken, or another engine's, is begun anew.

    Where no file can be written, the index lasts as long as the process.
    """
    if path is not None:
        for _ in range(2):
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                return _prepared(sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None))
            except sqlite3.OperationalError:
                break
            except sqlite3.DatabaseError:
                with suppress(OSError):
                    path.unlink(missing_ok=True)
            except OSError:
                break
    return _prepared(sqlite3.connect(":memory:", isolation_level=None))


def _prepared(db: sqlite3.Connection) -> sqlite3.Connection:
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=NORMAL")
    db.execute("BEGIN IMMEDIATE")
    known = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
    if "engine" not in known or list(db.execute("SELECT digest FROM engine")) != [(_engine(),)]:
        for name in sorted(known - {"ix_phrases_page"}):
            if not name.startswith("sqlite_"):
                db.execute(f"DROP TABLE {name}")
        for statement in filter(str.strip, _TABLES.split(";")):
            db.execute(statement)
        db.execute("INSERT INTO engine VALUES (?)", (_engine(),))
    db.execute("COMMIT")
    return db


@lru_cache(maxsize=1)
def _engine() -> str:
    """Tells an index that this code would make from that of another version."""
    folder = Path(__file__).parent
    files = [folder / f"{name}.py" for name in _ENGINE]
    return digest(*(file.read_bytes() for file in (*files, folder.parent / "text" / "words.py")))
