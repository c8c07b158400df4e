"""Where a keyphrase stands: in sentences, titles, slugs, headings. What that scores is elsewhere.

Matching is per word, in any order, within one sentence; in double quotes the exact phrase. Word
forms count as different words (`pie` is not `pies`), since the analyzer matched here does so too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from igny8.optimizer.document import late_text
from igny8.optimizer.languages import Language
from igny8.optimizer.prose import Sentence, Word
from igny8.optimizer.types import Span

_APOSTROPHES = str.maketrans("’‘ʼ", "'''")
_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
_EDGE = "!\"&'()+,-.:;>[\\]_¡«»¿×—‘’“”„‟‹›?`"
_INSIDE = re.compile(r"[-,.:;/+!?()\"“”«»\[\]…—]+")
_QUOTED = re.compile(r'\s*["“”](.+)["“”]\s*', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Topic:
    """A keyphrase or synonym made ready: for each of its words the spellings that match it."""

    text: str
    words: tuple[frozenset[str], ...]
    is_exact: bool
    has_only_function_words: bool

    @property
    def length(self) -> int:
        """How many words are looked for; an exact phrase is one."""
        return 1 if self.is_exact else len(self.words)


def topic(text: str, language: Language) -> Topic | None:
    """Make a keyphrase ready; None for one that has no word."""
    quoted = _QUOTED.fullmatch(text)
    found = [bare for token in _spaced(quoted[1] if quoted else text) if (bare := _bare(token))]
    if not quoted:
        found = [part for token in found for part in token.split("-") if part]
    if not found:
        return None
    content = [word for word in found if word not in language.function_words]
    kept = found if quoted or not content else content
    return Topic(
        text=" ".join(_spaced(quoted[1] if quoted else text)),
        words=tuple(frozenset({word, _unaccented(word)}) for word in kept),
        is_exact=bool(quoted),
        has_only_function_words=not content and bool(language.function_words),
    )


def occurrences(wanted: Topic, sentence: Sentence) -> list[Span]:
    """Return the words of a sentence that make up the keyphrase, as places in the HTML."""
    lowered = sentence.text.lower()
    if not all(any(form in lowered for form in forms) for forms in _rough(wanted)):
        return []
    return [sentence.word_span(word) for word in _found(wanted, sentence.words)]


def count(wanted: Topic, sentence: Sentence) -> int:
    """Return how often the whole keyphrase stands in a sentence."""
    lowered = sentence.text.lower()
    if not all(any(form in lowered for form in forms) for forms in _rough(wanted)):
        return 0
    if wanted.is_exact:
        return _exact_count(wanted, late_text(sentence.text))
    return count_words(wanted, [word.form for word in sentence.words])


def count_in(wanted: Topic, text: str) -> int:
    """Return how often the whole keyphrase stands in a line of plain text."""
    return _exact_count(wanted, text) if wanted.is_exact else count_words(wanted, strings(text))


def count_words(wanted: Topic, forms: list[str]) -> int:
    """Return how often the words of the keyphrase stand among the words of one sentence."""
    by_word = [0] * len(wanted.words)
    for form in forms:
        pieces = _pieces(form)
        for index, spellings in enumerate(wanted.words):
            by_word[index] += sum(piece in spellings for piece in pieces)
    return min(by_word)


def share_in(wanted: Topic, text: str) -> float:
    """Return how many of the keyphrase's words stand in a line of text, 0 to 1."""
    if wanted.is_exact:
        return float(bool(_exact_count(wanted, text)))
    pieces = {piece for form in strings(text) for piece in _pieces(form)}
    return sum(not spellings.isdisjoint(pieces) for spellings in wanted.words) / len(wanted.words)


def is_only(wanted: Topic, text: str, language: Language) -> bool:
    """Say whether a line has the keyphrase and beside it function words at most."""
    if share_in(wanted, text) < 1:
        return False
    spellings = frozenset[str]().union(*wanted.words)
    pieces = [piece for form in strings(text) for piece in _pieces(form) if piece != form] + [
        form for form in strings(text) if len(_pieces(form)) == 1
    ]
    return all(piece in spellings or piece in language.function_words for piece in pieces)


def begins(wanted: Topic, title: str, language: Language) -> bool | None:
    """Say whether a title begins with exactly the keyphrase; None where it is not in it as such.

    Function words before it do not count.
    """
    line = " ".join(_spaced(title))
    match = _phrase(wanted.text).search(line) or _phrase(_unaccented(wanted.text)).search(line)
    if match is None:
        return None
    before = [bare for token in line[: match.start()].split() if (bare := _bare(token))]
    return all(word in language.function_words for word in before)


def longest_gap(hits: Iterable[bool]) -> float:
    """Return the longest run of sentences without the topic as a share of all, 0 to 1."""
    longest = current = total = 0
    for hit in hits:
        total += 1
        current = 0 if hit else current + 1
        longest = max(longest, current)
    return longest / total if total else 1.0


def strings(text: str) -> list[str]:
    """Return the words of a title, a heading, an alt text: split at white space only."""
    return [bare for token in _spaced(text) if (bare := _bare(token))]


def _spaced(text: str) -> list[str]:
    return text.lower().translate(_APOSTROPHES).split()


def _bare(token: str) -> str:
    return token.strip(_EDGE)


def _unaccented(word: str) -> str:
    letters = unicodedata.normalize("NFD", word.translate(_LETTERS))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _pieces(form: str) -> list[str]:
    """Return a word and, where marks part it, its parts: `hot-dog` is also `hot` and `dog`."""
    if form.isalnum():
        return [form]
    parts = [part for part in _INSIDE.split(form) if part]
    return [form, *parts] if len(parts) > 1 else [form, *(part for part in parts if part != form)]


def _rough(wanted: Topic) -> Iterable[frozenset[str]]:
    """The words of the keyphrase without apostrophes, whose shape may differ in the text."""
    return (frozenset(form.partition("'")[0] for form in forms) for forms in wanted.words)


def _found(wanted: Topic, words: tuple[Word, ...]) -> list[Word]:
    if wanted.is_exact:
        starts = _exact_starts(wanted, [word.form for word in words])
        return [word for at in starts for word in words[at : at + len(wanted.words)]]
    if not count_words(wanted, [word.form for word in words]):
        return []
    spellings = frozenset[str]().union(*wanted.words)
    return [word for word in words if not spellings.isdisjoint(_pieces(word.form))]


@lru_cache(maxsize=256)
def _phrase(text: str) -> re.Pattern[str]:
    """Match a phrase as it is written, in a lower-case line with single spaces."""
    return re.compile(rf"(?<![\w'‑–@#-]){re.escape(text)}(?![\w‑–-]|'\w)")


def _exact_count(wanted: Topic, text: str) -> int:
    return len(_phrase(wanted.text).findall(" ".join(_spaced(text))))


def _exact_starts(wanted: Topic, forms: list[str]) -> list[int]:
    length, starts, at = len(wanted.words), [], 0
    while at + length <= len(forms):
        pairs = zip(forms[at : at + length], wanted.words, strict=True)
        if all(form in spellings for form, spellings in pairs):
            starts.append(at)
            at += length
        else:
            at += 1
    return starts
