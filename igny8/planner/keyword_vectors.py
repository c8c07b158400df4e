"""What a keyword is about, as a sparse vector in which subject words weigh more than modifiers.

Comparing such vectors is `text.vectors`' work, grouping them `clustering`'s.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from functools import cache

from igny8.planner import normalise
from igny8.text import vectors, words

# They say how, when or how cheaply somebody wants a thing, not which thing.
_MODIFIERS = (
    "best top good great cheap cheapest affordable free new online local nearby closest nearest "
    "buy order price pricing cost quote deal discount sale review compare vs versus guide tip idea "
    "example uk usa today need"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_OF_MODIFIER = 0.4
_OF_PLACE = 0.25
# A word that other keywords do without is partly a modifier; below this count that says nothing.
_OF_DISPENSABLE = 0.7
_MIN_COUNT = 3


def rows(
    keywords: Sequence[str], language: str = "en", places: Collection[str] = ()
) -> list[vectors.Vector]:
    """Return one unit-length row of stems a keyword; a keyword without any word has none.

    A stem weighs its rarity in the list, less if it is a modifier (`best`, a year), the name of
    one of `places`, or can be left out: where `bike hire` stands beside `bike hire leeds`.
    """
    documents = _documents(keywords, language)
    weights = _weights(documents)
    for place in sorted(places):
        for document in _documents([place], language):
            weights.update(dict.fromkeys(document, _OF_PLACE))
    return vectors.tfidf(documents, weights)


def _documents(keywords: Sequence[str], language: str) -> list[list[str]]:
    split = [words.tokens(normalise.normalise(keyword)) for keyword in keywords]
    known = {token for tokens in split for token in tokens}
    return [_stems(_joined(tokens, known), language) for tokens in split]


def _joined(tokens: Sequence[str], known: Collection[str]) -> list[str]:
    """Write `e bike` as `ebike`, `second hand` as `secondhand` where the list does so elsewhere."""
    joined: list[str] = []
    for token in tokens:
        if joined and joined[-1] + token in known:
            joined[-1] += token
        else:
            joined.append(token)
    return joined


def _stems(tokens: Sequence[str], language: str) -> list[str]:
    kept = [token for token in tokens if not words.is_stop(token, language)] or tokens
    if words.base_language(language) == "en":
        kept = [normalise.spelling(token) for token in kept]
    return sorted({words.stem(token, language) for token in kept})


def _weights(documents: Sequence[Sequence[str]]) -> dict[str, float]:
    frequency = Counter(stem for document in documents for stem in document)
    subjects = {frozenset(document) for document in documents}
    spare = Counter(
        stem for subject in subjects for stem in subject if subject - {stem} in subjects
    )
    distinct = Counter(stem for subject in subjects for stem in subject)
    weights = {}
    for stem, n in sorted(frequency.items()):
        dispensable = spare[stem] / distinct[stem] if n >= _MIN_COUNT else 0.0
        weights[stem] = 1.0 - (1.0 - _OF_DISPENSABLE) * dispensable
        if stem in _modifier_stems() or _YEAR.fullmatch(stem):
            weights[stem] *= _OF_MODIFIER
    return weights


@cache
def _modifier_stems() -> frozenset[str]:
    return frozenset(_stems(_MODIFIERS.split(), "en"))
