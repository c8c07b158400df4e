"""What the analyzer knows of a language. English is complete; others say what they lack."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from igny8.optimizer import words_en
from igny8.text import words

_DEFAULT_SENTENCE_LIMIT = 20
_SENTENCE_LIMITS = {
    "ca": 25, "es": 25, "fa": 25, "it": 25, "pt": 25,
    "he": 15, "ru": 15, "tr": 15,
}  # fmt: skip
# Readability is judged more strictly where every assessment exists.
_FULLY_SUPPORTED = frozenset({"en", "nl", "de", "it", "ru", "fr", "es"})


@dataclass(frozen=True, slots=True)
class Passive:
    """How a language makes the passive with an auxiliary and a participle in one clause."""

    auxiliaries: frozenset[str]
    irregular_participles: frozenset[str]
    no_participles: frozenset[str]
    blockers: frozenset[str]
    clause_starters: frozenset[str]
    ing_nouns: frozenset[str]


@dataclass(frozen=True, slots=True)
class Language:
    """Word lists and limits of one language; None or empty: no data, so the check is skipped."""

    code: str
    sentence_limit: int
    is_fully_supported: bool
    function_words: frozenset[str] = frozenset()
    abbreviations: frozenset[str] = frozenset()
    beginning_exceptions: frozenset[str] = frozenset()
    transition_pattern: re.Pattern[str] | None = None
    passive: Passive | None = None

    @property
    def has_flesch(self) -> bool:
        """Whether syllables are counted for the Flesch reading ease."""
        return self.code == "en"


@cache
def language(locale: str) -> Language:
    """Return the language of a locale (`en_US`, `de`)."""
    code = words.base_language(locale)
    limit = _SENTENCE_LIMITS.get(code, _DEFAULT_SENTENCE_LIMIT)
    if code != "en":
        return Language(code, limit, code in _FULLY_SUPPORTED)
    return Language(
        code=code,
        sentence_limit=limit,
        is_fully_supported=True,
        function_words=words_en.FUNCTION_WORDS,
        abbreviations=words_en.ABBREVIATIONS,
        beginning_exceptions=words_en.BEGINNING_EXCEPTIONS,
        transition_pattern=_pattern(words_en.TRANSITIONS, words_en.TWO_PART_TRANSITIONS),
        passive=Passive(
            auxiliaries=words_en.AUXILIARIES,
            irregular_participles=words_en.IRREGULAR_PARTICIPLES,
            no_participles=words_en.NO_PARTICIPLES,
            blockers=words_en.PARTICIPLE_BLOCKERS,
            clause_starters=words_en.CLAUSE_STARTERS,
            ing_nouns=words_en.ING_NOUNS,
        ),
    )


def _pattern(phrases: tuple[str, ...], pairs: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    """Match any phrase, or both parts of a pair, at word boundaries of a lower-case sentence."""
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    alternatives = [re.escape(phrase).replace(r"\ ", "[ -]+") for phrase in longest_first]
    alternatives += [rf"{one}\b.*\b{two}" for pair in pairs for one, two in (pair, reversed(pair))]
    return re.compile(rf"(?<![\w'-])(?:{'|'.join(alternatives)})(?![\w'-])", re.DOTALL)
