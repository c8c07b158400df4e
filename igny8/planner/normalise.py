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

# American and British spelling, and long words whose short form everybody searches for.
_SPELLINGS = {
    words.plural_key(word): words.plural_key(same)
    for word, same in (
        ("aluminum", "aluminium"), ("airplane", "aeroplane"), ("armor", "armour"), ("ax", "axe"),
        ("behavior", "behaviour"), ("bicycle", "bike"), ("catalog", "catalogue"),
        ("center", "centre"), ("color", "colour"), ("cozy", "cosy"), ("counselor", "counsellor"),
        ("donut", "doughnut"), ("favorite", "favourite"), ("fiber", "fibre"),
        ("flavor", "flavour"), ("gray", "grey"), ("harbor", "harbour"), ("jewelry", "jewellery"),
        ("kid", "child"), ("license", "licence"), ("liter", "litre"), ("math", "maths"),
        ("mold", "mould"), ("moisturizer", "moisturiser"), ("mustache", "moustache"),
        ("neighbor", "neighbour"), ("organizer", "organiser"), ("pajama", "pyjama"),
        ("personalized", "personalised"), ("photograph", "photo"), ("plow", "plough"),
        ("refrigerator", "fridge"), ("television", "tv"), ("theater", "theatre"),
        ("tire", "tyre"), ("traveler", "traveller"), ("yogurt", "yoghurt"),
    )
}  # fmt: skip


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
    """Return the key that variants of one keyword share: word order, plural, articles, spelling.

    `best walking boots`, `the best walking boot` and `boots walking best` have one key;
    `walking boots` and `walk in boots` do not. Order stays where it means something (`kg to lbs`).
    Outside English only order, case and punctuation are ignored.
    """
    tokens = words.tokens(normalise(keyword))
    if words.base_language(language) != "en":
        return " ".join(sorted(tokens)) or normalise(keyword)
    is_ordered = any(_is_direction(tokens, i) for i in range(len(tokens)))
    kept = [token for token in tokens if token not in _EMPTY] or tokens  # `the who`, `is it on`
    keys = [spelling(token) for token in kept]
    return " ".join(keys if is_ordered else sorted(keys)) or normalise(keyword)


def spelling(token: str) -> str:
    """Return the key that the spellings and the plural of one English word share."""
    key = words.plural_key(_unaccented(token))
    return _SPELLINGS.get(key, key)


def _is_direction(tokens: list[str], index: int) -> bool:
    is_asked = index > 0 and tokens[index - 1] in _ASKING
    return tokens[index] in _DIRECTIONS and not is_asked


def _unaccented(token: str) -> str:
    parts = unicodedata.normalize("NFD", token)
    if not parts[0].isascii():
        return token
    return "".join(part for part in parts if not unicodedata.combining(part))
