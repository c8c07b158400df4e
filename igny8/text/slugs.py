"""Slugs: the part of a URL that is made of a title. Which slug an item keeps its owner decides."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

MAX_LENGTH = 75

# Letters that Unicode does not take apart, then Greek and Cyrillic by their usual spelling.
_LETTERS = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
    "ħ": "h", "ŋ": "n", "ŧ": "t", "ĸ": "k", "ſ": "s", "ə": "e", "ƒ": "f",
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i",
    "κ": "k", "λ": "l", "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s",
    "ς": "s", "τ": "t", "υ": "y", "φ": "f", "χ": "ch", "ψ": "ps", "ω": "o",
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh",
    "з": "z", "и": "i", "і": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p",
    "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh",
    "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya", "ј": "j", "љ": "lj",
    "њ": "nj", "ћ": "c", "ђ": "dj", "џ": "dz",
    "'": "", "’": "", "‘": "", "ʼ": "", "\u00ad": "", "\u200b": "", "\u200d": "",
}  # fmt: skip
_TABLE = str.maketrans(_LETTERS)
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def slugify(text: str, fallback: str = "item") -> str:
    """Return `text` as lower-case ASCII words joined by hyphens, cut at a word to 75 characters.

    Accents go, letters of other alphabets are spelled out where there is a usual way;
    `fallback` stands for text that leaves nothing (emoji, Chinese).
    """
    # Lower case twice: İ becomes i and a mark only when lowered, K (Kelvin) a letter only after.
    letters = unicodedata.normalize("NFKD", text.lower()).lower()
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    slug = _NOT_SLUG.sub("-", bare.translate(_TABLE)).strip("-")
    return _cut(slug, MAX_LENGTH) or fallback


def unique(slug: str, taken: Container[str]) -> str:
    """Return `slug`, or the first of `slug-2`, `slug-3`, … that `taken` does not contain."""
    if slug not in taken:
        return slug
    number = 2
    while True:
        suffix = f"-{number}"
        candidate = _cut(slug, MAX_LENGTH - len(suffix)) + suffix
        if candidate not in taken:
            return candidate
        number += 1


def _cut(slug: str, length: int) -> str:
    if len(slug) <= length:
        return slug
    head, hyphen, _ = slug[: length + 1].rpartition("-")
    return head if hyphen else slug[:length]
