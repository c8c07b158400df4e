"""Where in a body a phrase stands as words that read naturally as a link. Ranks nothing."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from igny8.linker.index import Index
from igny8.linker.phrases import Kind, Phrase, is_acronym, words
from igny8.linker.scanning import Scan, Span, merged

_BLANK = re.compile(r"[ \t\xa0]+(?:\r?\n[ \t]*)?|\r?\n[ \t]*|[-\u2010\u2011]|")
_LOOSE = re.compile(r"[\s,\-\u2010\u2011'’]*")
# Beside one of these a word is part of a path, a formula, an address or a longer name.
_BINDING = frozenset("/\\@_&*=~$%^|<>#+")
_JOINING = frozenset("-\u2010\u2011.:'’")
_QUOTE = re.compile(
    r"“(?:[^”\n]|\n(?!\s*\n)){1,900}”|„(?:[^“”\n]|\n(?!\s*\n)){1,900}[“”]|«(?:[^»\n]|\n(?!\s*\n)){1,900}»"
)
_MIN_QUOTE = 4


@dataclass(frozen=True, slots=True)
class Place:
    """A phrase that stands in the body from `start` to `end`; its first word is at `word`."""

    phrase: Phrase
    start: int
    end: int
    anchor: str
    paragraph: int
    word: int


@dataclass(slots=True)
class Stretch:
    """A span with the stems of its words, and where these stand once somebody asks."""

    span: Span
    stems: list[str]
    _words: list[tuple[int, int]] | None = None

    def words(self, body: str) -> list[tuple[int, int]]:
        """Return where the words stand in the body."""
        if self._words is None:
            found = words(body, self.span.start, self.span.end)
            self._words = [match.span() for match in found]
        return self._words


def places(
    body: str, stretches: Sequence[Stretch], index: Index, language: str
) -> Iterator[tuple[Phrase, Place | None]]:
    """Find every phrase of the index; None instead of a place where the words read badly.

    Longer phrases come first and keep shorter ones out of their words, whole names before parts
    of titles, so no two places of different words overlap.
    """
    quotes = quoted(body)
    found = []
    for stretch in stretches:
        for (first, past), key in index.named(stretch.stems, language):
            whole = index.phrases(key, language)[0].kind is not Kind.TITLE_PART
            found.append((not whole, first - past, stretch.span.start, first, past, key, stretch))
    found.sort(key=lambda item: item[:6])
    taken: dict[int, set[int]] = {}
    for _, _, start, first, past, key, stretch in found:
        held = taken.setdefault(start, set())
        if not held.isdisjoint(range(first, past)):
            continue
        for phrase in index.phrases(key, language):
            place = _place(body, stretch, (first, past), phrase, index)
            if place and not _inside(quotes, place.start):
                held.update(range(first, past))
                yield phrase, place
            else:
                yield phrase, None


def quoted(body: str) -> list[tuple[int, int]]:
    """Return the stretches in typographic quotation marks that hold more than a term."""
    found = (match.span() for match in _QUOTE.finditer(body))
    return merged((a, b) for a, b in found if sum(1 for _ in words(body, a, b)) >= _MIN_QUOTE)


def hidden_texts(scan: Scan) -> list[tuple[int, int]]:
    """Return the visible stretches in which no link may stand."""
    starts = [span.start for span in scan.spans]
    hidden = []
    for start, end in scan.texts:
        index = bisect_right(starts, end - 1) - 1
        if index < 0 or scan.spans[index].end <= start:
            hidden.append((start, end))
    return hidden


def _inside(ranges: Sequence[tuple[int, int]], position: int) -> bool:
    index = bisect_right(ranges, (position, 1 << 62)) - 1
    return index >= 0 and position < ranges[index][1]


def _place(
    body: str, stretch: Stretch, where: tuple[int, int], phrase: Phrase, index: Index
) -> Place | None:
    found = stretch.words(body)[where[0] : where[1]]
    start, end = found[0][0] - len(phrase.before), found[-1][1] + len(phrase.after)
    span = stretch.span
    if start < span.start or end > span.end:
        return None
    if not (body.startswith(phrase.before, start) and body.endswith(phrase.after, start, end)):
        return None
    gaps = [body[a[1] : b[0]] for a, b in pairwise(found)]
    if not all(map(_holds, gaps, _gaps(phrase.text))):
        return None
    if _is_bound(body, start, end, span) or not _reads_well(body, found, phrase, index):
        return None
    return Place(phrase, start, end, body[start:end], span.paragraph, found[0][0])


def _holds(gap: str, wanted: str) -> bool:
    """Say whether what stands between two words lets them be one name."""
    if gap == wanted:
        return True
    return _BLANK.fullmatch(gap) is not None and _LOOSE.fullmatch(wanted) is not None


@lru_cache(maxsize=100_000)
def _gaps(text: str) -> tuple[str, ...]:
    found = list(words(text))
    return tuple(text[a.end() : b.start()] for a, b in pairwise(found))


def _is_bound(body: str, start: int, end: int, span: Span) -> bool:
    before = body[max(start - 2, span.start) : start]
    after = body[end : min(end + 2, span.end)]
    if before[-1:] in _BINDING or after[:1] in _BINDING:
        return True
    joined_before = before[-1:] in _JOINING and before[:-1].isalnum()
    joined_after = after[:1] in _JOINING and after[1:].isalnum()
    return joined_before or joined_after


def _reads_well(body: str, found: Sequence[tuple[int, int]], phrase: Phrase, index: Index) -> bool:
    language = phrase.language
    edges = body[slice(*found[0])], body[slice(*found[-1])]
    if len(found) == 1:
        word, name = edges[0], phrase.text
        if is_acronym(name):
            return word in (name, f"{name}s")
        return not index.is_function_word(word.lower(), language)
    if phrase.kind in (Kind.KEYWORD, Kind.TITLE):
        return True  # a whole name may begin or end with a small word: how to bake, log in
    return not any(index.is_function_word(edge.lower(), language) for edge in edges)
