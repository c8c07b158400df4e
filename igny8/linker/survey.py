"""Brings a site's stored index up to date, and takes from it what a run needs to know."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from igny8.core.report import Reporter
from igny8.linker.cache import (
    Cache,
    Digests,
    StoredEntry,
    StoredLink,
    StoredPage,
    digest,
    entry_text,
    link_text,
)
from igny8.linker.index import (
    Entry,
    Figures,
    Index,
    Names,
    are_capitalised,
    clusters_of,
    entry_of,
    names_of,
)
from igny8.linker.reading import Key, Reading, decode, encode, read
from igny8.linker.types import Page
from igny8.linker.workers import spread, uncollected
from igny8.text.words import base_language

Bodies = Callable[[Sequence[str]], Iterable[tuple[str, str]]]
"""Gives (id, body) for ids, also in a forked process."""

_ROUND = 1_000  # pages read between two words to the user
_WORTH_A_PROCESS = 60
_FEW = 200  # pages up to which figures are mended, and looked up, rather than taken whole


@dataclass(frozen=True, slots=True)
class Site:
    """The pages that may link and be linked, without their bodies, by id; and where bodies are."""

    pages: Sequence[Page]
    body_hashes: Mapping[str, str]
    bodies: Bodies


@dataclass(frozen=True, slots=True)
class Survey:
    """What a run knows of a site. `readings` are encoded, of the pages asked for."""

    index: Index
    links: Mapping[str, Sequence[StoredLink]]
    readings: Mapping[str, bytes]


def survey(
    path: Path | None, site: Site, sources: Sequence[str], report: Reporter, *, wants_index: bool
) -> Survey:
    """Return the links of all pages and, if it `wants_index`, what suggesting for `sources` takes.

    `path` is the stored index; None, or one that cannot be used, is made up for by reading all.
    """
    with uncollected():
        try:
            return _surveyed(path, site, sources, report, wants_index=wants_index)
        except sqlite3.Error:
            if path is None:
                raise
            path.unlink(missing_ok=True)
            return _surveyed(None, site, sources, report, wants_index=wants_index)


def _surveyed(
    path: Path | None, site: Site, sources: Sequence[str], report: Reporter, *, wants_index: bool
) -> Survey:
    cache = Cache(path)
    try:
        with cache.transaction():
            _refresh(cache, site, report)
            readings = dict(cache.readings(sources)) if wants_index else {}
            index = _index(cache, site, readings) if wants_index else _EMPTY
            return Survey(index, dict(cache.links()), readings)
    finally:
        cache.close()


_EMPTY = Index((), {}, {}, {}, has_capitalised_titles=False)


def _refresh(cache: Cache, site: Site, report: Reporter) -> None:
    have = cache.digests()
    wanted = {page.id: _digests(page, site.body_hashes[page.id]) for page in site.pages}
    gone = sorted(have.keys() - wanted.keys())
    other = [page for page in site.pages if have.get(page.id) != wanted[page.id]]
    reread = [p for p in other if p.id not in have or have[p.id].body != wanted[p.id].body]
    if not other and not gone:
        return
    is_mended = len(gone) + len(reread) <= _FEW
    if not is_mended:
        cache.forget_mentions()
    leaving = [*gone, *(page.id for page in reread if page.id in have)]
    _count(cache, cache.languages(leaving), cache.readings(leaving), -1, is_mended=is_mended)
    keys = cache.keys([*gone, *(page.id for page in other)]) if is_mended else set()
    cache.remove(gone)
    renamed = {page.id: page for page in other} if other else {}
    for page in reread:
        renamed.pop(page.id)
    known = ((renamed[id_], data) for id_, data in cache.readings(renamed))
    cache.put([_stored(page, wanted[page.id], decode(data), None) for page, data in known])
    for start in range(0, len(reread), _ROUND):
        pages = reread[start : start + _ROUND]
        _read(cache, site, pages, wanted)
        report.step("read", start + len(pages), len(reread))
    cache.forget_mentions(keys)
    if is_mended:
        arriving = {page.id: base_language(page.locale) for page in reread}
        _count(cache, arriving, cache.readings(arriving), 1, is_mended=True, stems=False)


def _read(cache: Cache, site: Site, pages: Sequence[Page], wanted: Mapping[str, Digests]) -> None:
    def work(share: Sequence[Page]) -> tuple[list[StoredPage], dict[str, Counter[str]]]:
        by_id = {page.id: page for page in share}
        stored = []
        held: dict[str, Counter[str]] = defaultdict(Counter)
        for id_, body in site.bodies(sorted(by_id)):
            page = by_id[id_]
            language = base_language(page.locale)
            reading = read(body, page.body_format, language)
            held[language].update(set(reading.stems))
            stored.append(_stored(page, wanted[id_], reading, encode(reading)))
        return stored, dict(held)

    for stored, held in spread(work, pages, least=_WORTH_A_PROCESS):
        cache.put(stored)
        for language, counts in sorted(held.items()):
            cache.count_stems(language, counts)


def _count(
    cache: Cache,
    languages: Mapping[str, str],
    readings: Iterable[tuple[str, bytes]],
    sign: int,
    *,
    is_mended: bool,
    stems: bool = True,
) -> None:
    """Add the texts of pages to the site's figures, or take them out."""
    held: dict[str, Counter[str]] = defaultdict(Counter)
    for id_, data in readings:
        language = languages[id_]
        found = decode(data).stems
        held[language].update(set(found))
        if is_mended:
            cache.count_mentions(language, dict.fromkeys(cache.counted(language, found), sign))
    for language, counts in sorted(held.items()):
        if stems:
            cache.count_stems(language, {stem: sign * n for stem, n in counts.items()})


def _stored(page: Page, digests: Digests, reading: Reading, encoded: bytes | None) -> StoredPage:
    entry = entry_of(page, reading.stems)
    return StoredPage(
        page.id,
        digests,
        entry.language,
        entry.has_small_title,
        tuple(phrase.key for phrase in entry.phrases),
        entry_text(StoredEntry(entry.exact, entry.phrases, entry.terms)),
        encoded,
        link_text(reading) if encoded is not None else None,
    )


def _digests(page: Page, body_hash: str) -> Digests:
    return Digests(
        digest(body_hash, page.body_format, page.locale),
        digest(page.title, page.keywords, page.anchors),
    )


def _index(cache: Cache, site: Site, readings: Mapping[str, bytes]) -> Index:
    pages = {page.id: page for page in site.pages}
    if len(readings) > _FEW:
        entries = {id_: _entry(pages[id_], kept) for id_, kept in cache.entries().items()}
        names = names_of(entry for _, entry in sorted(entries.items()))
        stems: Mapping[str, Iterable[str] | None] = dict.fromkeys(names)
    else:
        entries, names, stems = _part(cache, pages, readings)
    sizes = cache.sizes()
    figures = {}
    for language, found in sorted(names.items()):
        own = sorted(readings) if len(readings) == 1 else []
        mentions = _mentions(cache, language, found, own)
        pages_with = cache.stems(language, stems[language])
        figures[language] = Figures(sizes[language][0], pages_with, mentions)
    heads = [_entry(page, StoredEntry(frozenset(), (), {})) for page in site.pages]
    return Index(
        entries.values(),
        names,
        figures,
        clusters_of(heads),
        has_capitalised_titles=are_capitalised(
            sum(small for _, small in sizes.values()), sum(size for size, _ in sizes.values())
        ),
    )


def _part(
    cache: Cache, pages: Mapping[str, Page], readings: Mapping[str, bytes]
) -> tuple[dict[str, Entry], dict[str, Names], dict[str, set[str]]]:
    """What the texts of a few pages name: those pages, by those phrases, and the stems of both."""
    texts: dict[str, list[Sequence[str]]] = defaultdict(list)
    for id_, data in sorted(readings.items()):
        texts[base_language(pages[id_].locale)].append(decode(data).stems)
    keys: dict[str, set[Key]] = {}
    ids = set(readings)
    for language, found in texts.items():
        sharers = [cache.sharers(language, stems) for stems in found]
        keys[language] = {key for each in sharers for key in each}
        ids |= {page for each in sharers for named in each.values() for page in named}
    entries = {id_: _entry(pages[id_], kept) for id_, kept in cache.entries(ids).items()}
    ordered = [entry for _, entry in sorted(entries.items())]
    names = names_of(
        replace(e, phrases=tuple(p for p in e.phrases if p.key in keys.get(e.language, ())))
        for e in ordered
    )
    stems: dict[str, set[str]] = {language: set() for language in names}
    for language, found in texts.items():
        stems[language].update(*found)
    for entry in ordered:
        stems[entry.language].update(entry.terms)
    return entries, names, stems


def _mentions(cache: Cache, language: str, names: Names, own: Sequence[str]) -> Mapping[Key, int]:
    """How many pages hold each phrase; those not counted yet are looked for in all texts.

    What names nothing but the one page that is looked at, `own`, needs no count.
    """
    wanted = [key for key in names if [phrase.target_id for phrase in names.get(key)] != own]
    counts = cache.mentions(language, wanted)
    missing = Names(phrase for key in wanted if key not in counts for phrase in names.get(key))
    if not any(True for _ in missing):
        return counts
    ids = [id_ for id_, each in cache.languages(cache.digests()).items() if each == language]

    def work(share: Sequence[bytes]) -> Counter[Key]:
        found: Counter[Key] = Counter()
        for data in share:
            found.update({key for _, key in missing.find(decode(data).stems)})
        return found

    texts = [data for _, data in cache.readings(ids)]
    new: Counter[Key] = Counter(dict.fromkeys(missing, 0))
    for found in spread(work, texts, least=_WORTH_A_PROCESS * 5):
        new.update(found)
    cache.count_mentions(language, new)
    return {**counts, **new}


def _entry(page: Page, kept: StoredEntry) -> Entry:
    return Entry(
        id=page.id,
        locale=page.locale,
        cluster_id=page.cluster_id,
        is_pillar=page.is_pillar,
        is_linkable=page.is_linkable,
        exact=kept.exact,
        phrases=kept.phrases,
        terms=kept.terms,
        has_small_title=page.title[:1].islower(),
    )
