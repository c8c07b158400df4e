"""Sparse vectors of word lists: TF-IDF, cosine, neighbours, BM25, shingles. No stemming here."""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence

Vector = dict[str, float]
"""Term to weight; absent terms are 0. Rows made here have length 1, or are empty."""

Neighbour = tuple[int, float]
"""The row's index and its cosine similarity, 0..1."""

# Reading a posting list up to here costs less than finding out whether it is needed.
_SHORT = 200
# A term in more rows than this brings in so many candidates and no more: the one word that every
# keyword of a niche holds must not make the search quadratic.
_COMMON = 2_000


def idf(documents: Iterable[Sequence[str]]) -> dict[str, float]:
    """Return the smoothed inverse document frequency of every term (above 1, rare is high)."""
    frequency: Counter[str] = Counter()
    size = 0
    for document in documents:
        size += 1
        frequency.update(set(document))
    return {term: math.log((1 + size) / (1 + n)) + 1.0 for term, n in frequency.items()}


def tfidf(
    documents: Sequence[Sequence[str]], weights: Mapping[str, float] | None = None
) -> list[Vector]:
    """Return one unit-length TF-IDF row a document; `weights` multiplies terms (default 1).

    A document without terms, or whose terms all weigh 0, gives an empty row.
    """
    rarity = idf(documents)
    factor = weights or {}
    rows = []
    for document in documents:
        row = {
            term: (1.0 + math.log(n)) * rarity[term] * factor.get(term, 1.0)
            for term, n in sorted(Counter(document).items())
        }
        rows.append(unit(row))
    return rows


def unit(vector: Mapping[str, float]) -> Vector:
    """Return `vector` with length 1, without its zeros; the zero vector gives an empty one."""
    length = math.sqrt(sum(value * value for value in vector.values()))
    return {term: value / length for term, value in vector.items() if value} if length else {}


def cosine(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    """Return the dot product of two unit-length vectors, which is their cosine."""
    if len(left) > len(right):
        left, right = right, left
    return sum(left[term] * right[term] for term in filter(right.__contains__, left))


def centroid(rows: Iterable[Mapping[str, float]]) -> Vector:
    """Return the unit-length mean of `rows`."""
    total: defaultdict[str, float] = defaultdict(float)
    for row in rows:
        for term, value in row.items():
            total[term] += value
    return unit(dict(sorted(total.items())))


def neighbours(
    rows: Sequence[Mapping[str, float]], k: int = 15, minimum: float = 0.0
) -> list[list[Neighbour]]:
    """Return for each unit-length row its `k` most similar other rows above `minimum`.

    Most similar first, ties by index. Similarities are exact. A row may miss others with which it
    shares nothing but terms of thousands of rows. A higher `minimum` is faster.
    """
    search = _Search(rows, k, minimum)
    return [search.nearest(index) for index in range(len(rows))]


class _Search:
    """An inverted index: per term the rows that hold it, with their weights."""

    def __init__(self, rows: Sequence[Mapping[str, float]], k: int, minimum: float) -> None:
        self._rows, self._k, self._minimum = rows, k, minimum
        self._holders: defaultdict[str, list[int]] = defaultdict(list)
        self._values: defaultdict[str, list[float]] = defaultdict(list)
        for index, row in enumerate(rows):
            for term, value in row.items():
                self._holders[term].append(index)
                self._values[term].append(value)
        self._peaks = {term: max(values) for term, values in self._values.items()}
        self._scores = [0.0] * len(rows)

    def nearest(self, index: int) -> list[Neighbour]:
        """Score by the rarest terms first, until whoever is no candidate cannot become one."""
        row, scores = self._rows[index], self._scores
        rest = sorted(((len(self._holders[t]), t, w) for t, w in row.items()), reverse=True)
        reachable = sum(weight * self._peaks[term] for _, term, weight in rest)
        candidates: set[int] = set()
        least = self._minimum
        while rest:
            size, term, weight = rest[-1]
            if size > _SHORT and len(candidates) > self._k:
                best = heapq.nlargest(self._k + 1, map(scores.__getitem__, candidates))
                least = max(least, best[-1])  # one more than k: the row itself is among them
            if reachable < least or (size > _COMMON and len(candidates) > self._k):
                break
            if size > _COMMON:
                candidates.update(self._holders[term][:_COMMON])
                break
            for other, value in zip(self._holders[term], self._values[term], strict=True):
                scores[other] += weight * value
            candidates.update(self._holders[term])
            reachable -= weight * self._peaks[term]
            rest.pop()
        candidates.discard(index)
        left = {term: weight for _, term, weight in rest}
        pairs = []
        for other in candidates:
            score = scores[other]
            if score + reachable >= least:
                if left:  # exact at last, for the few that can still be among the best
                    score += cosine(left, self._rows[other])
                if score > self._minimum:
                    pairs.append((-score, other))
            scores[other] = 0.0
        scores[index] = 0.0
        pairs.sort()
        return [(other, min(-negative, 1.0)) for negative, other in pairs[: self._k]]


class Bm25:
    """Okapi BM25 over tokenised documents: how well does each answer a query?"""

    def __init__(self, docs: Sequence[Sequence[str]], k1: float = 1.5, b: float = 0.75) -> None:
        self._size = len(docs)
        average = sum(map(len, docs)) / self._size if docs else 0.0
        self._postings: defaultdict[str, list[Neighbour]] = defaultdict(list)
        for index, doc in enumerate(docs):
            norm = k1 * (1 - b + b * len(doc) / average) if average else k1
            for term, n in sorted(Counter(doc).items()):
                self._postings[term].append((index, n * (k1 + 1) / (n + norm)))

    def scores(self, query: Iterable[str]) -> list[float]:
        """Return one score a document, in their order; 0 where no query term occurs."""
        scores = [0.0] * self._size
        for term, times in sorted(Counter(query).items()):
            posting = self._postings.get(term, [])
            rarity = math.log(1 + (self._size - len(posting) + 0.5) / (len(posting) + 0.5))
            for index, weight in posting:
                scores[index] += times * rarity * weight
        return scores


def shingles(words: Sequence[str], size: int = 5) -> frozenset[tuple[str, ...]]:
    """Return every run of `size` words; a shorter text is one shingle, an empty one none."""
    if not words:
        return frozenset()
    last = max(len(words) - size, 0)
    return frozenset(tuple(words[i : i + size]) for i in range(last + 1))


def jaccard(left: frozenset[Hashable], right: frozenset[Hashable]) -> float:
    """Return the share of two sets that both hold, 0..1; two empty sets share nothing."""
    union = len(left | right)
    return len(left & right) / union if union else 0.0
