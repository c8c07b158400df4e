"""Sentences and words as the analyzer counts them. Splitting for readers is `text.sentences`.

`yoast_compat` must count as the analyzer that it equals, whose rules differ from a reader's: a
sentence ends at `.` before white space and a capital, a digit or an opening mark; `!` and `?` end
it before any white space, but not before a quotation mark.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from igny8.optimizer.document import INLINE_TAG, NAMED_DASH, NAMED_SPACE, Block, late_text
from igny8.optimizer.languages import Language
from igny8.optimizer.types import Span

# A quotation that closes a bracket ends a sentence as a full stop does.
_STOP = re.compile(r"[.!?…؟۔]+|[”’\"»][)\]]")
_QUOTES = "\"“”’‘'"
_CLOSERS_AFTER_STOP = '"”’»›)]}'
_OPENERS = "\"'“‘”’«‹„([¿¡"
_INITIAL_BEFORE = re.compile(r"(?<!\w)\w\Z")
_INITIAL = re.compile(r"\s*\w\.")
_EDGE = "!?\"&'()+,-.:;>[\\]_¡«»¿×–—‘’“”„‟‥…‹›、「」・〜！？،؛`؟۔<"
_WORD = re.compile(rf"(?:(?<!-)-(?!-)|[^-\s–—\[\]{NAMED_SPACE}{NAMED_DASH}])+")
_FLOW_WORD = re.compile(r"[^\s—]+")
_APOSTROPHES = str.maketrans("’‘ʼ", "'''")


@dataclass(frozen=True, slots=True)
class Word:
    """A word without the marks around it, lower-cased, and where it stands in its text."""

    form: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a block: its text, its words, its place in the HTML."""

    text: str
    words: tuple[Word, ...]
    block: Block
    start: int

    @property
    def span(self) -> Span:
        """Where the sentence stands in the HTML."""
        return self.block.source(self.start, self.start + len(self.text))

    def word_span(self, word: Word) -> Span:
        """Where a word of this sentence stands in the HTML."""
        return self.block.source(self.start + word.start, self.start + word.end)


def sentences(block: Block, language: Language) -> list[Sentence]:
    """Return the sentences of a block, those without a word (`…`) included."""
    return [
        Sentence(block.text[start:end], _sentence_words(block.text, start, end), block, start)
        for start, end in spans(block.text, language.abbreviations)
    ]


def _sentence_words(text: str, start: int, end: int) -> tuple[Word, ...]:
    """Return the words of a sentence; a hyphen alone is one, but not at the ends of a block."""
    found = words(text[start:end])
    if found and found[0].form == "-" and start + found[0].start == 0:
        del found[0]
    if found and found[-1].form == "-" and start + found[-1].end == len(text):
        del found[-1]
    return tuple(found)


def words(text: str) -> list[Word]:
    """Return the words of a sentence; dashes part words, hyphens do not."""
    found = []
    for match in _WORD.finditer(text):
        bare = match[0].strip(_EDGE)
        if not bare:
            if match[0] == "-":
                found.append(Word("-", match.start(), match.end()))
            continue
        start = match.start() + match[0].index(bare)
        form = late_text(bare).translate(_APOSTROPHES).lower().strip(_EDGE)
        found.append(Word(form, start, start + len(bare)))
    return found


def part_count(words_found: tuple[Word, ...]) -> int:
    """Return the words of a sentence with the parts of compounds counted: `wi-fi` is two."""
    return sum(sum(map(bool, word.form.split("-"))) for word in words_found)


def flow_word_count(flow: str) -> int:
    """Return the words of `Document.flow` or of a section."""
    return sum(1 for token in _FLOW_WORD.findall(flow) if token.strip(_EDGE))


def spans(text: str, abbreviations: frozenset[str]) -> list[Span]:
    """Return (start, end) of each sentence of one block, in order, without blank ones."""
    found: list[Span] = []
    start = 0
    for stop in _STOP.finditer(text):
        if stop.start() < start:
            continue
        end = _sentence_end(text, start, stop, abbreviations)
        if end is not None:
            _append(found, text, start, end)
            start = end
    _append(found, text, start, len(text))
    return found


def _append(found: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    bare = piece.strip()
    if bare:
        start += len(piece) - len(piece.lstrip())
        found.append((start, start + len(bare)))


def _sentence_end(
    text: str, start: int, stop: re.Match[str], abbreviations: frozenset[str]
) -> int | None:
    """Return where the sentence ends that may end at `stop`, or None."""
    end = stop.end()
    is_period = stop[0][-1] not in "!?؟۔"
    if end < len(text) and is_period and text[end] in "([":
        return end
    if not is_period and text[end : end + 1] in tuple(_QUOTES):
        return None
    while end < len(text) and text[end] in _CLOSERS_AFTER_STOP:
        end += 1
    if end >= len(text) or (stop[0][-1] == "." and text[end] == INLINE_TAG):
        return end
    if not text[end].isspace():
        return None
    if not is_period and end == stop.end():
        return end
    if stop[0] == "." and (
        _word_before(text, start, stop.start()) in abbreviations
        or (_INITIAL_BEFORE.search(text, start, stop.start()) and _INITIAL.match(text, end))
    ):
        return None
    following = text[end:].lstrip() if len(text) - end < 64 else text[end : end + 64].lstrip()
    return end if _begins_sentence(following) else None


def _word_before(text: str, start: int, end: int) -> str:
    piece = text[max(start, end - 24) : end]
    return re.split(r"[\s(\[\"“‘']", piece)[-1].lower()


def _begins_sentence(following: str) -> bool:
    if not following:
        return True
    first = following[0]
    if first in _OPENERS or first == INLINE_TAG or first.isdigit() or first.isupper():
        return True
    return unicodedata.category(first) == "Lo" and first < "\u3040"
