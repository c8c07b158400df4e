"""The forms of a keyword: cleaned, normalised, and the key its variants share. No meaning here."""

from __future__ import annotations

import re
import unicodedata

from igny8.text import words

# What tools and spreadsheets leave around a keyword, never part of it.
_INVISIBLE = "\ufeff\u200b\u200e\u200f\u2060"
# The match types of ad campaigns: [exact], "phrase", +broad +modified.
_MATCH_TYPES = re.compile(r'^\[(.+)\]$|^"(.+)"$|^“(.+)”$')
_BROAD = re.compile(r"(?<!\S)\+(?=\w)")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"'})

# Words that change no search: `gifts for men` is `men gifts`. Question words and `near me` do.
_EMPTY = frozenset({"a", "an", "the", "of", "for", "in", "on", "at", "and", "is", "are"})
# With these the order carries the meaning: `kg to lbs` is not `lbs to kg`.
_DIRECTIONS = frozenset({"to", "from", "into", "than", "not", "without"})
_ASKING = frozenset({"how", "what", "when", "where", "which", "who"})


def clean(keyword: str) -> str:
    """Return the keyword as its owner wrote it: NFC, without the white space around it."""
    return unicodedata.normalize("NFC", keyword).strip().strip(_INVISIBLE).strip()


def normalise(keyword: str) -> str:
    """Return the form by which two spellings are the same keyword in a list.

    Case, inner white space, curly quotes and ad match types (`[x]`, `"x"`, `+x`) do not count;
    every word does, in its place.
    """
    text = _BROAD.sub("", clean(keyword))
    match = _MATCH_TYPES.match(text)
    if match:
        text = next(group for group in match.groups() if group is not None)
    return clean(" ".join(text.translate(_QUOTES).casefold().split()))


def variant_key(keyword: str, language: str = "en") -> str:
    """Return the key that variants of one keyword share: word order, plural, articles, accents.

    `best walking boots`, `the best walking boot` and `boots walking best` have one key;
    `walking boots` and `walk in boots` do not. Order stays where it means something (`kg to lbs`).
    Outside English only order, case and punctuation are ignored.
    """
    tokens = words.tokens(normalise(keyword))
    if words.base_language(language) != "en":
        return " ".join(sorted(tokens)) or normalise(keyword)
    ordered = any(_is_direction(tokens, i) for i in range(len(tokens)))
    kept = [words.plural_key(_unaccented(t)) for t in tokens if t not in _EMPTY]
    if not kept:  # `the who`, `is it on`: nothing would be left of it
        kept = tokens
    return " ".join(kept if ordered else sorted(kept)) or normalise(keyword)


def _is_direction(tokens: list[str], index: int) -> bool:
    follows_question = index > 0 and tokens[index - 1] in _ASKING
    return tokens[index] in _DIRECTIONS and not follows_question


def _unaccented(token: str) -> str:
    parts = unicodedata.normalize("NFD", token)
    if not parts[0].isascii():
        return token
    return "".join(part for part in parts if not unicodedata.combining(part))
