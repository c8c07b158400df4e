"""How a text reads: passive voice, transitions, sentence beginnings, reading ease. No scores."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from igny8.optimizer import prose
from igny8.optimizer.document import INLINE_TAG, Document, late_text
from igny8.optimizer.languages import Language, Passive
from igny8.optimizer.prose import Sentence

_CLAUSE_TOKEN = re.compile(r"[^\W_]+(?:[-'’/][^\W_]+)*|[,:–]")
_REGULAR = re.compile(r"[^\W_]{2,}ed(?![^\W_])")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT_END = re.compile(r"(?:[^laeiouy]e|[^aeiouytd]ed|[^aeiouysxz]es|[^aeiouycgshxz]es)\Z")
_TWO_SOUNDS = re.compile(r"ia(?!l|n|t)|io(?!n|u)|eo(?!u)|iu|ua(?!r)|uo|ie[tr]\Z|[^q]uity|ying|eing")


@dataclass(frozen=True, slots=True)
class PassiveCount:
    """Sentences and how many of them are passive."""

    sentences: int
    passive: int

    @property
    def percent(self) -> float:
        """Share of passive sentences, 0 to 100."""
        return 100 * self.passive / self.sentences if self.sentences else 0.0


def passive_count(document: Document, language: Language) -> PassiveCount:
    """Count passive sentences; a language without data has none."""
    total = passive = 0
    for line in document.lines:
        text = line.replace("\xa0", " ")
        for start, end in prose.spans(text, language.abbreviations):
            total += 1
            passive += language.passive is not None and is_passive(
                text[start:end].replace(INLINE_TAG, ""), language.passive
            )
    return PassiveCount(total, passive)


def is_passive(sentence: str, rules: Passive) -> bool:
    """Say whether a clause of a sentence has an auxiliary and after it a participle."""
    has_auxiliary = False
    previous = ""
    for match in _CLAUSE_TOKEN.finditer(sentence):
        word = match[0].lower().replace("’", "'")
        if word in rules.auxiliaries:
            has_auxiliary = True
        elif _parts_clauses(word, rules):
            has_auxiliary = False
        elif has_auxiliary and previous not in rules.blockers and _is_participle(word, rules):
            return True
        previous = word
    return False


def _parts_clauses(word: str, rules: Passive) -> bool:
    if word in rules.clause_starters or word in ",:–":
        return True
    return word.endswith("ing") and word not in rules.ing_nouns


def _is_participle(word: str, rules: Passive) -> bool:
    if word in rules.no_participles:
        return False
    return word in rules.irregular_participles or bool(_REGULAR.search(word))


def with_transition(sentences: Sequence[Sentence], language: Language) -> int:
    """Return how many sentences have a transition word or phrase."""
    pattern = language.transition_pattern
    if pattern is None:
        return 0
    return sum(
        bool(pattern.search(late_text(sentence.text).lower().replace("’", "'")))
        for sentence in sentences
    )


def same_beginnings(sentences: Sequence[Sentence], language: Language) -> list[Sentence]:
    """Return the sentences of the longest run that begins with one word.

    Lists and tables are left out; after an article or a number the second word decides.
    """
    prose_only = [
        sentence
        for sentence in sentences
        if sentence.words and not sentence.block.in_list and not sentence.block.in_table
    ]
    longest: list[Sentence] = []
    for _, run in groupby(prose_only, key=lambda sentence: _beginning(sentence, language)):
        found = list(run)
        if len(found) > len(longest):
            longest = found
    return longest


def _beginning(sentence: Sentence, language: Language) -> tuple[str, ...]:
    first = sentence.words[0].form
    if first in language.beginning_exceptions and len(sentence.words) > 1:
        return (first, sentence.words[1].form)
    return (first,)


def flesch(sentences: Sequence[Sentence]) -> float | None:
    """Return the Flesch reading ease of English text, 0 to 100; None for too little text."""
    forms = [word.form for sentence in sentences for word in sentence.words]
    if len(forms) < 10:
        return None
    syllables = sum(syllable_count(form) for form in forms)
    ease = 206.835 - 1.015 * len(forms) / len(sentences) - 84.6 * syllables / len(forms)
    return max(0.0, min(100.0, ease))


@lru_cache(maxsize=50_000)
def syllable_count(word: str) -> int:
    """Return the syllables of an English word by its letters, at least one."""
    total = 0
    for part in re.findall(r"[a-z]+", word):
        groups = len(_VOWELS.findall(part))
        if len(part) > 3 and _SILENT_END.search(part):
            groups -= 1
        total += max(1, groups + len(_TWO_SOUNDS.findall(part)))
    return max(1, total)
