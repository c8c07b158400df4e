"""The index of a site: which words name which pages, and what each page is about.

A page is read once into an `Entry`; suggestions for another page look up stems here and never
walk over the site. An index may hold a part of a site, with the whole site's figures.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from igny8.linker.phrases import Kind, Phrase, exact_anchors, normal, phrases_of, stem_of, words
from igny8.linker.reading import Key, stems_of
from igny8.linker.types import Page
from igny8.text.vectors import Vector, unit
from igny8.text.words import base_language, is_stop

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


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts over all pages of a language: how many there are, hold a stem, hold a phrase."""

    size: int
    pages_with: Mapping[str, int]
    mentions: Mapping[Key, int]


class Names:
    """The phrases of one language that name pages, by their stems."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        sharing: defaultdict[Key, list[Phrase]] = defaultdict(list)
        for phrase in phrases:
            sharing[phrase.key].append(phrase)
        self._phrases: dict[Key, list[Phrase]] = {}
        for key, sharers in sharing.items():
            # Parts of titles give way to whole names, and name nothing when too many share them.
            whole = [phrase for phrase in sharers if phrase.kind is not Kind.TITLE_PART]
            kept = whole or (sharers if len(sharers) <= _MAX_SHARERS else [])
            if kept:
                self._phrases[key] = kept
        # By the first two stems, since nearly every word of a text begins some phrase.
        lengths: defaultdict[str, defaultdict[str, set[int]]]
        lengths = defaultdict(lambda: defaultdict(set))
        for key in self._phrases:
            lengths[key[0]][key[1] if len(key) > 1 else ""].add(len(key))
        self._lengths = {
            first: {second: tuple(sorted(sizes, reverse=True)) for second, sizes in found.items()}
            for first, found in lengths.items()
        }

    def __iter__(self) -> Iterator[Key]:
        """Go through the stems of every phrase."""
        return iter(self._phrases)

    def get(self, key: Key) -> Sequence[Phrase]:
        """Return the phrases with these stems, one a page, by page id."""
        return self._phrases.get(key, ())

    def find(self, stems: Sequence[str]) -> list[tuple[tuple[int, int], Key]]:
        """Return every place of `stems` where a phrase stands: ((first, past the last), key)."""
        phrases = self._phrases
        found = []
        last = len(stems) - 1
        for first, seconds in enumerate(map(self._lengths.get, stems)):
            if seconds is None:
                continue
            if first < last and (sizes := seconds.get(stems[first + 1])):
                for size in sizes:
                    key = tuple(stems[first : first + size])
                    if len(key) == size and key in phrases:
                        found.append(((first, first + size), key))
            if "" in seconds:
                found.append(((first, first + 1), (stems[first],)))
        return found


_NO_NAMES = Names(())
_NO_FIGURES = Figures(0, {}, {})


class Index:
    """Looks up pages by the stems of the phrases that name them, language by language.

    `figures` are those of the whole site, `clusters` its pages' ids by cluster, also of pages that
    are not among `entries`.
    """

    def __init__(
        self,
        entries: Iterable[Entry],
        names: Mapping[str, Names],
        figures: Mapping[str, Figures],
        clusters: Mapping[str, Sequence[str]],
        *,
        has_capitalised_titles: bool,
        usual_share: float = 0.0,
    ) -> None:
        self.entries = {entry.id: entry for entry in entries}
        self.has_capitalised_titles = has_capitalised_titles
        self._names = names
        self._figures = figures
        self._clusters = clusters
        self._usual_share = usual_share
        self._vectors: dict[str, Vector] = {}
        self._idf: dict[str, Mapping[str, float]] = {}
        self._rarity: dict[tuple[str, Key], float] = {}

    def named(self, stems: Sequence[str], language: str) -> list[tuple[tuple[int, int], Key]]:
        """Return every place of `stems` where a phrase stands: ((first, past the last), key)."""
        return self._names.get(language, _NO_NAMES).find(stems)

    def phrases(self, key: Key, language: str) -> Sequence[Phrase]:
        """Return the phrases with these stems, one a page, by page id."""
        return self._names.get(language, _NO_NAMES).get(key)

    def cluster(self, cluster_id: str) -> Sequence[str]:
        """Return the ids of a cluster's pages, sorted."""
        return self._clusters.get(cluster_id, ())

    def is_exact(self, target_id: str, anchor: str) -> bool:
        """Say whether `anchor` is the target's title or one of its keywords, word for word."""
        entry = self.entries.get(target_id)
        return entry is not None and normal(anchor) in entry.exact

    def rarity(self, key: Key, language: str) -> float:
        """Return 1 for stems that stand in one page of a site, less the more pages hold them.

        Pages of the wide world stand behind the site's own, or nothing would be rare in a site
        of ten pages.
        """
        found = self._rarity.get((language, key))
        if found is None:
            figures = self._figures.get(language, _NO_FIGURES)
            size = figures.size + _WORLD
            held = max(figures.mentions.get(key, 0), 1)
            found = self._rarity[language, key] = math.log(size / held) / math.log(size)
        return found

    def habit(self, phrase: Phrase) -> float:
        """Return how much more often than others people link these words, from -1 to 1.

        It compares how many pages link them to this target with how many hold them; 0 where
        nobody has linked anything yet.
        """
        usual = self._usual_share
        if not usual:
            return 0.0
        figures = self._figures.get(phrase.language, _NO_FIGURES)
        held = max(figures.mentions.get(phrase.key, 0), phrase.count)
        share = (phrase.count + _DOUBT * usual) / (held + _DOUBT)
        return max(-1.0, min(1.0, math.log2(share / usual) / _DOUBLINGS))

    def is_function_word(self, word: str, language: str) -> bool:
        """Say whether a word carries no meaning: by list in English, else by being everywhere."""
        if language == "en":
            return is_stop(word, language)
        figures = self._figures.get(language, _NO_FIGURES)
        share = figures.pages_with.get(stem_of(word, language), 0) / max(figures.size, 1)
        return figures.size >= _ENOUGH_PAGES and share > _COMMON_SHARE

    def vector(self, entry: Entry) -> Vector:
        """Return what a page is about: its weightiest stems as a unit-length TF-IDF row."""
        if entry.id not in self._vectors:
            self._vectors[entry.id] = self.weigh(entry.terms, entry.language)
        return self._vectors[entry.id]

    def _rarities(self, language: str) -> Mapping[str, float]:
        """The inverse document frequency of every stem; `""` stands for those not seen."""
        if language not in self._idf:
            figures = self._figures.get(language, _NO_FIGURES)
            size = figures.size + 1
            idf = {"": math.log(size)}
            for term, held in figures.pages_with.items():
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


def index_of(pages: Iterable[Page]) -> Index:
    """Return the index of a whole site, read from its pages' bodies."""
    entries, texts = [], []
    for page in sorted(pages, key=lambda page: page.id):
        stems = stems_of(page.body, base_language(page.locale))
        entries.append(entry_of(page, stems))
        texts.append(stems)
    names = names_of(entries)
    figures = {}
    for language in sorted({entry.language for entry in entries}):
        held: Counter[str] = Counter()
        mentions: Counter[Key] = Counter()
        own = [n for n, entry in enumerate(entries) if entry.language == language]
        for number in own:
            held.update(set(texts[number]))
            mentions.update({key for _, key in names[language].find(texts[number])})
        figures[language] = Figures(len(own), held, mentions)
    return Index(
        entries,
        names,
        figures,
        clusters_of(entries),
        has_capitalised_titles=are_capitalised(
            sum(entry.has_small_title for entry in entries), len(entries)
        ),
        usual_share=usual_share(names, figures),
    )


def names_of(entries: Iterable[Entry]) -> dict[str, Names]:
    """Return by language the phrases that name the pages, which come by id."""
    phrases: defaultdict[str, list[Phrase]] = defaultdict(list)
    for entry in entries:
        phrases[entry.language] += entry.phrases
    return {language: Names(found) for language, found in phrases.items()}


def clusters_of(entries: Iterable[Entry]) -> dict[str, list[str]]:
    """Return the ids of each cluster's pages, which come by id."""
    clusters: defaultdict[str, list[str]] = defaultdict(list)
    for entry in entries:
        if entry.cluster_id is not None:
            clusters[entry.cluster_id].append(entry.id)
    return dict(clusters)


def are_capitalised(small: int, titles: int) -> bool:
    """Whether titles begin with a capital by habit, so that one says nothing of the word."""
    return small * 3 < titles


def usual_share(names: Mapping[str, Names], figures: Mapping[str, Figures]) -> float:
    """Return the share of phrases' mentions that are links: 0 as long as there are no teachers."""
    linked = held = 0
    for language, found in sorted(names.items()):
        for key in found:
            linked += sum(phrase.count for phrase in found.get(key))
            held += figures[language].mentions.get(key, 0)
    return min(1.0, linked / held) if held else 0.0


def content_terms(stems: Iterable[str]) -> Counter[str]:
    """Count the stems of more than two letters that are no function words."""
    counts = Counter(stems)
    return Counter({stem: n for stem, n in counts.items() if _carries(stem)})


@lru_cache(maxsize=400_000)
def _carries(stem: str) -> bool:
    return len(stem) > 2 and not is_stop(stem)


def entry_of(page: Page, stems: Sequence[str]) -> Entry:
    """Return what the linker keeps of a page whose body has these stems."""
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
