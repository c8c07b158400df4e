"""By which words a text may name a page: its keywords, its title and what others called it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from igny8.linker.types import Page
from igny8.text.words import base_language, is_stop, stem

# Like the words of `text.words`, but found in place: offsets are what the linker needs. Combining
# marks belong to their letter, scripts without spaces give one word a character.
_MARKS = "\u0300-\u036f\u0591-\u05bd\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0e31\u0e34-\u0e4e"
_SPACELESS = "\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTERS = rf"[^\W_{_SPACELESS}]+(?:[{_MARKS}]+[^\W_{_SPACELESS}]*)*"
_WORD = re.compile(rf"[{_SPACELESS}]|{_LETTERS}(?:['’]{_LETTERS})*")

_SUBTITLE = re.compile(r"(?<=\S)(?:\s+[-–—|·•»]\s|\s*[:|]\s).*$")
_ASIDE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
_INVERTED = re.compile(r"^(.+), (?:the|an?)$", re.IGNORECASE)
_LEAD_IN = re.compile(
    r"^(?:(?:(?:the|an?|your|our)\s+)?(?:(?:complete|ultimate|quick|short|simple|practical|full|"
    r"beginner['’]?s?|essential|definitive)\s+)*(?:guide|introduction|intro|tutorial|primer)\s+"
    r"(?:to|for|on)|how to|what (?:is|are)|why|when to|getting started with|understanding|"
    r"all about|everything about)\s+(?:(?:the|an?|your)\s+)?",
    re.IGNORECASE,
)
_TRAILER = re.compile(
    r"\s+(?:(?:complete|ultimate|quick|beginner['’]?s?)\s+)?"
    r"(?:guide|tutorial|explained|overview|basics|introduction|primer|faq|in \d{4}|\d{4})$",
    re.IGNORECASE,
)
_SHORTENINGS = (
    (_SUBTITLE, ""),
    (_ASIDE, ""),
    (_INVERTED, r"\1"),
    (_LEAD_IN, ""),
    (_TRAILER, ""),
)
_ARTICLES = frozenset({"a", "an", "the"})


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that tell a reader nothing about what lies behind the link.
_GENERIC = _listed(
    """
    about article articles click contact detail details download example examples faq help home
    here info information learn link links more next note notes other overview page pages previous
    read see site this welcome
    """
)
_LONGEST_PART = 4
_MOST_STEMS = 400_000
_SHORT_NAME = 4


class Kind(StrEnum):
    """Where a phrase comes from."""

    KEYWORD = "keyword"
    TITLE = "title"
    SHORT_TITLE = "short-title"
    LEARNED = "learned"
    TITLE_PART = "title-part"


_WEIGHTS = {
    Kind.KEYWORD: 1.0,
    Kind.TITLE: 1.0,
    Kind.SHORT_TITLE: 0.9,
    Kind.LEARNED: 0.95,
    Kind.TITLE_PART: 0.35,
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that name a page. `key` are their stems; `text` is how they are written.

    `before` and `after` are signs that belong to it (`/` of `/dev/null`, `++` of `C++`); `weight`,
    0..1, says how surely it names the page; `count` how often people linked with it.
    """

    target_id: str
    language: str
    kind: Kind
    key: tuple[str, ...]
    text: str
    before: str
    after: str
    weight: float
    count: int = 0


def words(text: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
    """Find the words of a stretch of `text`, in place."""
    return _WORD.finditer(text, start, len(text) if end is None else end)


def stem_of(word: str, language: str) -> str:
    """Return the stem of a word as it is written in a text."""
    return _stems(language)[word]


def stems_in(text: str, language: str, start: int = 0, end: int | None = None) -> list[str]:
    """Return the stems of the words of a stretch of `text`, in order."""
    found = _WORD.findall(text, start, len(text) if end is None else end)
    return list(map(_stems(language).__getitem__, found))


class _Stems(dict[str, str]):
    """Stems of one language by word, found once."""

    def __init__(self, language: str) -> None:
        self._language = language

    def __missing__(self, word: str) -> str:
        if len(self) >= _MOST_STEMS:
            self.clear()
        plain = word if word.isascii() else unicodedata.normalize("NFC", word).replace("’", "'")
        self[word] = found = stem(plain, self._language)
        return found


@lru_cache(maxsize=40)
def _stems(language: str) -> _Stems:
    return _Stems(language)


@lru_cache(maxsize=100_000)
def normal(text: str) -> str:
    """Return `text` for comparing anchors: its words lower-cased, signs and spacing dropped."""
    return " ".join(match[0].replace("’", "'").casefold() for match in words(text))


def exact_anchors(page: Page) -> frozenset[str]:
    """Return the normal forms of anchors that count as exact match: focus keyphrase and title.

    The page's other keywords are the variety that the cap on exact matches asks for.
    """
    return frozenset(normal(text) for text in (*page.keywords[:1], page.title)) - {""}


def phrases_of(page: Page) -> list[Phrase]:
    """Return the phrases that name `page`, the surest one for each key, sorted by key."""
    found: dict[tuple[str, ...], Phrase] = {}
    for kind, text, factor, count in _sources(page):
        phrase = _phrase(page, kind, text, factor, count)
        if phrase is None:
            continue
        known = found.get(phrase.key, phrase)
        surest = phrase if phrase.weight > known.weight else known
        found[phrase.key] = replace(surest, count=max(phrase.count, known.count))
    return [found[key] for key in sorted(found)]


def _sources(page: Page) -> Iterator[tuple[Kind, str, float, int]]:
    for number, keyword in enumerate(page.keywords):
        yield Kind.KEYWORD, keyword, 1.0 if number == 0 else 0.95, 0
    yield Kind.TITLE, page.title, 1.0, 0
    short = _short_titles(page.title)
    for text in short:
        yield Kind.SHORT_TITLE, text, 1.0, 0
    total = sum(count for _, count in page.anchors)
    for text, count in page.anchors:
        yield Kind.LEARNED, text, 0.6 + 0.4 * count / total if total else 0.6, count
    yield from _parts(short[-1] if short else page.title, page.locale)


def _short_titles(title: str) -> list[str]:
    """Return the title without subtitle, aside, article, lead-in and trailer, step by step."""
    texts = [title.strip()]
    for pattern, kept in _SHORTENINGS:
        shorter = pattern.sub(kept, texts[-1]).strip()
        if shorter and shorter != texts[-1]:
            texts.append(shorter)
    return texts[1:]


def _parts(title: str, locale: str) -> Iterator[tuple[Kind, str, float, int]]:
    """Yield runs of two to four words of a longer title, by how much of it they hold."""
    found = list(words(title))
    carry = [not is_stop(match[0], locale) for match in found]
    total = sum(carry)
    for size in range(2, min(_LONGEST_PART, len(found) - 1) + 1):
        for first in range(len(found) - size + 1):
            last = first + size - 1
            if carry[first] and carry[last]:
                share = sum(carry[first : last + 1]) / total
                text = title[found[first].start() : found[last].end()]
                yield Kind.TITLE_PART, text, 0.5 + share, 0


def _phrase(page: Page, kind: Kind, text: str, factor: float, count: int) -> Phrase | None:
    text = " ".join(text.split())
    found = list(words(text))
    while len(found) > 1 and found[0][0].lower() in _ARTICLES and kind is not Kind.KEYWORD:
        found = found[1:]
        factor *= 0.9
    if not found:
        return None
    start, end = found[0].start(), found[-1].end()
    before = text[:start].split(" ")[-1].lstrip("([{\"'“‘«¿¡")
    after = text[end:].split(" ")[0].rstrip(")]}\"'”’».,:;!?…")
    if not (_is_telling([match[0] for match in found], page.locale) or before or after):
        return None
    return Phrase(
        target_id=page.id,
        language=base_language(page.locale),
        kind=kind,
        key=tuple(stem_of(match[0], base_language(page.locale)) for match in found),
        text=text[start:end],
        before=before,
        after=after,
        weight=min(1.0, _WEIGHTS[kind] * factor),
        count=count,
    )


def _is_telling(found: Sequence[str], locale: str) -> bool:
    """Say whether the words would tell a reader where the link leads."""
    carrying = [w for w in found if not is_stop(w, locale) or is_acronym(w)]
    if len(found) > 1:
        return not all(word.isdigit() or word.lower() in _GENERIC for word in carrying)
    return any(len(w) > 1 and not w.isdigit() and w.lower() not in _GENERIC for w in carrying)


def is_acronym(name: str) -> bool:
    """Say whether a name is told from a plain word by its capitals alone: `IT`, `WHO`."""
    return 1 < len(name) <= _SHORT_NAME and any(char.isupper() for char in name[1:])
