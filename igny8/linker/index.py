"""The index of a site: which words name which pages, and what each page is about.

A page is read once into an `Entry`; suggestions for another page look up stems here and never
walk over the site.
"""

from __future__ import annotations

import heapq
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from igny8.linker.phrases import Kind, Phrase, exact_anchors, normal, phrases_of, stem_of, words
from igny8.linker.types import Page
from igny8.text.vectors import Vector, unit
from igny8.text.words import base_language, is_stop

_MARKUP = re.compile(r"<!--.*?-->|<[^<>]*>|\]\([^()\s]*\)|https?://\S+|&\w+;", re.DOTALL)
_TITLE_WEIGHT = 2
_MAX_TERMS = 80
_MAX_SHARERS = 3
_COMMON_SHARE = 0.4
_ENOUGH_PAGES = 20
_WORLD = 2_000
_DOUBT = 2.0
_DOUBLINGS = 3.0


@dataclass(frozen=True, slots=True)
class Entry:
    """What the linker keeps of a page: all of it but the body. `terms` are its content stems."""

    id: str
    locale: str
    cluster_id: str | None
    is_pillar: bool
    is_linkable: bool
    exact: frozenset[str]
    phrases: tuple[Phrase, ...]
    terms: Mapping[str, int]
    has_small_title: bool

    @property
    def language(self) -> str:
        """The language of the page's locale."""
        return base_language(self.locale)


class Index:
    """Looks up pages by the stems of the phrases that name them, language by language."""

    def __init__(self, pages: Iterable[Page]) -> None:
        self.entries: dict[str, Entry] = {}
        self._phrases: defaultdict[str, defaultdict[tuple[str, ...], list[Phrase]]]
        self._phrases = defaultdict(lambda: defaultdict(list))
        self._lengths: dict[str, dict[str, tuple[int, ...]]] = {}
        self._clusters: defaultdict[str, list[str]] = defaultdict(list)
        self._pages_with: dict[str, Counter[str]] = defaultdict(Counter)
        self._mentions: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
        self._vectors: dict[str, Vector] = {}
        self._idf: dict[str, Mapping[str, float]] = {}
        self._sizes: Counter[str] = Counter()
        texts: list[tuple[str, list[str]]] = []
        for page in sorted(pages, key=lambda page: page.id):
            stems = _stems(page.body, base_language(page.locale))
            entry = _entry(page, stems)
            self._add(entry)
            self._pages_with[entry.language].update(set(stems))
            texts.append((entry.language, stems))
        self._settle()
        for language, stems in texts:
            self._mentions[language].update({key for _, key in self.named(stems, language)})

    def _add(self, entry: Entry) -> None:
        self.entries[entry.id] = entry
        self._sizes[entry.language] += 1
        if entry.cluster_id is not None:
            self._clusters[entry.cluster_id].append(entry.id)
        for phrase in entry.phrases:
            self._phrases[entry.language][phrase.key].append(phrase)

    def _settle(self) -> None:
        """Drop parts of titles that name other pages better, or too many; note phrase lengths."""
        for language, phrases in self._phrases.items():
            for key, sharers in list(phrases.items()):
                whole = [phrase for phrase in sharers if phrase.kind is not Kind.TITLE_PART]
                kept = whole or (sharers if len(sharers) <= _MAX_SHARERS else [])
                if kept:
                    phrases[key] = kept
                else:
                    del phrases[key]
            lengths: defaultdict[str, set[int]] = defaultdict(set)
            for key in phrases:
                lengths[key[0]].add(len(key))
            self._lengths[language] = {
                first: tuple(sorted(sizes, reverse=True)) for first, sizes in lengths.items()
            }

    def named(
        self, stems: Sequence[str], language: str
    ) -> list[tuple[tuple[int, int], tuple[str, ...]]]:
        """Return every place of `stems` where a phrase stands: ((first, past the last), key)."""
        lengths = self._lengths.get(language, {})
        phrases = self._phrases[language]
        found = []
        for first, stem in enumerate(stems):
            for size in lengths.get(stem, ()):
                key = tuple(stems[first : first + size])
                if len(key) == size and key in phrases:
                    found.append(((first, first + size), key))
        return found

    def phrases(self, key: tuple[str, ...], language: str) -> Sequence[Phrase]:
        """Return the phrases with these stems, one a page, by page id."""
        return self._phrases[language].get(key, ())

    @cached_property
    def has_capitalised_titles(self) -> bool:
        """Whether titles begin with a capital by habit, so that one says nothing of the word."""
        small = sum(1 for entry in self.entries.values() if entry.has_small_title)
        return small * 3 < len(self.entries)

    def cluster(self, cluster_id: str) -> Sequence[str]:
        """Return the ids of a cluster's pages, sorted."""
        return self._clusters.get(cluster_id, ())

    def is_exact(self, target_id: str, anchor: str) -> bool:
        """Say whether `anchor` is the target's title or one of its keywords, word for word."""
        entry = self.entries.get(target_id)
        return entry is not None and normal(anchor) in entry.exact

    def mentions(self, key: tuple[str, ...], language: str) -> int:
        """Return how many pages' texts hold these stems in a row."""
        return self._mentions[language][key]

    def rarity(self, key: tuple[str, ...], language: str) -> float:
        """Return 1 for stems that stand in one page of a site, less the more pages hold them.

        Pages of the wide world stand behind the site's own, or nothing would be rare in a site
        of ten pages.
        """
        size = self._sizes[language] + _WORLD
        held = max(self._mentions[language][key], 1)
        return math.log(size / held) / math.log(size)

    def habit(self, phrase: Phrase) -> float:
        """Return how much more often than others people link these words, from -1 to 1.

        It compares how many pages link them to this target with how many hold them; 0 where
        nobody has linked anything yet.
        """
        usual = self._usual_share
        if not usual:
            return 0.0
        held = max(self._mentions[phrase.language][phrase.key], phrase.count)
        share = (phrase.count + _DOUBT * usual) / (held + _DOUBT)
        return max(-1.0, min(1.0, math.log2(share / usual) / _DOUBLINGS))

    @cached_property
    def _usual_share(self) -> float:
        """The share of phrases' mentions that are links: 0 as long as there are no teachers."""
        linked = held = 0
        for language, phrases in sorted(self._phrases.items()):
            for key, sharers in phrases.items():
                linked += sum(phrase.count for phrase in sharers)
                held += self._mentions[language][key]
        return min(1.0, linked / held) if held else 0.0

    def is_function_word(self, word: str, language: str) -> bool:
        """Say whether a word carries no meaning: by list in English, else by being everywhere."""
        if language == "en":
            return is_stop(word, language)
        size = self._sizes[language]
        share = self._pages_with[language][stem_of(word, language)] / max(size, 1)
        return size >= _ENOUGH_PAGES and share > _COMMON_SHARE

    def vector(self, entry: Entry) -> Vector:
        """Return what a page is about: its weightiest stems as a unit-length TF-IDF row."""
        if entry.id not in self._vectors:
            self._vectors[entry.id] = self.weigh(entry.terms, entry.language)
        return self._vectors[entry.id]

    def _rarities(self, language: str) -> Mapping[str, float]:
        """The inverse document frequency of every stem; `""` stands for those not seen."""
        if language not in self._idf:
            size = self._sizes[language] + 1
            idf = {"": math.log(size)}
            for term, held in self._pages_with[language].items():
                idf[term] = math.log(size / (1 + min(held, size - 1)))
            self._idf[language] = idf
        return self._idf[language]

    def weigh(self, terms: Mapping[str, int], language: str) -> Vector:
        """Return counted stems as a unit-length TF-IDF row of the weightiest."""
        rarities = self._rarities(language)
        row = {
            term: (1 + math.log(count)) * rarities.get(term, rarities[""])
            for term, count in terms.items()
        }
        if len(row) <= _MAX_TERMS:
            return unit(row)
        top = heapq.nsmallest(_MAX_TERMS, row.items(), key=lambda item: (-item[1], item[0]))
        return unit(dict(top))


def content_terms(stems: Iterable[str]) -> Counter[str]:
    """Count the stems of more than two letters that are no function words."""
    counts = Counter(stems)
    return Counter({stem: n for stem, n in counts.items() if _carries(stem)})


@lru_cache(maxsize=400_000)
def _carries(stem: str) -> bool:
    return len(stem) > 2 and not is_stop(stem)


def _entry(page: Page, stems: Sequence[str]) -> Entry:
    terms = content_terms(stems)
    for match in words(page.title):
        terms[stem_of(match[0], base_language(page.locale))] += _TITLE_WEIGHT
    top = heapq.nsmallest(2 * _MAX_TERMS, terms.items(), key=lambda item: (-item[1], item[0]))
    return Entry(
        id=page.id,
        locale=page.locale,
        cluster_id=page.cluster_id,
        is_pillar=page.is_pillar,
        is_linkable=page.is_linkable,
        exact=exact_anchors(page),
        phrases=tuple(phrases_of(page)),
        terms=dict(top),
        has_small_title=page.title[:1].islower(),
    )


def _stems(body: str, language: str) -> list[str]:
    text = _MARKUP.sub(" ", body)
    return [stem_of(match[0], language) for match in words(text)]
