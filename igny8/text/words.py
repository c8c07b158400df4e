"""Words of a text: tokens, counts, stems, function words. Sentences and markup live elsewhere."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import cache, lru_cache
from typing import Protocol

# Combining marks are no letters to `re`, yet Hindi or Thai words fall apart without them.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05c1\u05c2\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u0900-\u0963\u0971-\u0d7f\u0e31-\u0e4e\u0eb1-\u0ecd\u200c\u200d"
)
# Scripts written without spaces: every character counts as one word, as word processors do.
_SPACELESS = "\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTER = rf"(?:(?![{_SPACELESS}])[^\W_]|[{_MARKS}])"
_WORD_PATTERN = (
    rf"[{_SPACELESS}]"
    r"|\d+(?:[.,]\d+)+(?![^\W_])"
    rf"|{_LETTER}+(?:'{_LETTER}+)*(?:[+#]{{1,2}}(?![\w+#]))?"
)
_WORD = re.compile(_WORD_PATTERN)
_COMPOUND = re.compile(rf"(?:{_WORD_PATTERN})(?:[-.@/&:](?:{_WORD_PATTERN}))*")
_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "＇": "'", "‐": "-", "‑": "-", "\u00ad": None, "\u200b": None}
)

_SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish",
    "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali",
    "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
_ELIDING = frozenset({"ca", "fr", "it"})

# Plurals that no suffix rule reaches; knife and knives must be one word to a keyword planner.
_IRREGULAR_PLURALS = {
    "calves": "calf", "children": "child", "childrens": "child", "feet": "foot", "geese": "goose",
    "halves": "half", "hooves": "hoof", "knives": "knife", "leaves": "leaf", "lives": "life",
    "loaves": "loaf", "men": "man", "mens": "man", "mice": "mouse", "oxen": "ox",
    "scarves": "scarf", "shelves": "shelf", "teeth": "tooth", "thieves": "thief", "wives": "wife",
    "wolves": "wolf", "women": "woman", "womens": "woman",
}  # fmt: skip

# Words in -s that mean something else without it.
_SINGULAR_OTHERWISE = frozenset({"glasses", "goods", "news", "shorts"})

_ENGLISH_FUNCTION_WORDS = frozenset(
    """
    a an the this that these those such same other another each every either neither both all any
    some none no not nor few many much more most several own i me my mine myself we us our ours
    ourselves you your yours yourself yourselves he him his himself she her hers herself it its
    itself they them their theirs themselves one ones someone somebody something anyone anybody
    anything everyone everybody everything nobody nothing who whom whose which what whatever
    whichever whoever when whenever where wherever why how however and or but so yet if unless
    because although though while whereas whether than as since until till of in on at by for from
    to into onto with without within about above across after against along among around before
    behind below beneath beside besides between beyond during except inside near off out outside
    over past per through throughout toward towards under up upon via down am is are was were be
    been being do does did doing done have has had having can could will would shall should may
    might must ought let lets get gets got getting also too very just only even still already
    again ever never always often sometimes quite rather really perhaps maybe almost enough then
    there here now thus hence therefore instead else please yes ok okay etc i'm i've i'll i'd
    you're you've you'll you'd he's he'd he'll she's she'd she'll it's it'll we're we've we'll
    we'd they're they've they'll they'd that's there's here's what's who's where's how's when's
    why's let's isn't aren't wasn't weren't don't doesn't didn't haven't hasn't hadn't can't
    cannot couldn't won't wouldn't shan't shouldn't mayn't mightn't mustn't needn't im ive id dont
    doesnt didnt isnt arent wasnt werent cant couldnt wont wouldnt shouldnt havent hasnt hadnt
    youre theyre thats whats
    """.split()
)


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...


_stemming = threading.Lock()


def tokens(text: str) -> list[str]:
    """Return the words of `text` in order, lower-cased, NFC.

    Apostrophes inside a word stay (`don't`), hyphens part words, decimals (`2.5`) and names like
    `c++` and `c#` are one word; scripts without spaces give one word a character.
    """
    return _WORD.findall(_plain(text))


def count(text: str) -> int:
    """Return how many words a reader counts: `well-known`, `and/or`, `igny8.com` are one each."""
    return sum(1 for _ in _COMPOUND.finditer(_plain(text)))


def stem(word: str, language: str = "en") -> str:
    """Return the stem of one word; a language without a stemmer returns the word lower-cased.

    `language` is a code or a locale (`en`, `en-GB`, `pt_BR`).
    """
    return _stem(word.lower(), base_language(language))


def stems(text: str, language: str = "en") -> list[str]:
    """Return the stem of every word of `text`, in order."""
    base = base_language(language)
    return [_stem(token, base) for token in tokens(text)]


def is_stop(word: str, language: str = "en") -> bool:
    """Say whether `word` is a function word (English only: False in any other language)."""
    return base_language(language) == "en" and (
        word.lower().translate(_PLAIN) in _ENGLISH_FUNCTION_WORDS
    )


def content_stems(text: str, language: str = "en") -> list[str]:
    """Return the stems of the words of `text` that carry meaning, in order."""
    base = base_language(language)
    return [_stem(token, base) for token in tokens(text) if not is_stop(token, base)]


def plural_key(word: str) -> str:
    """Return a key that an English word shares with its plural: `box` and `boxes`, not `boxing`.

    For comparing, not for showing. Far milder than `stem`: `cleaner` and `cleaning` stay apart.
    """
    word = word.removesuffix("'s").removesuffix("'")
    word = _IRREGULAR_PLURALS.get(word, word)
    if len(word) < 4 or word in _SINGULAR_OTHERWISE:
        return word
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if len(word) > 3 and word.endswith(("se", "xe", "ze", "che", "she", "ie")):
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word.endswith("y") else word


def base_language(locale: str) -> str:
    """Return the language of a locale: `en` of `en-GB`."""
    return re.split(r"[-_]", locale, maxsplit=1)[0].lower()


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).translate(_PLAIN).lower()


@lru_cache(maxsize=200_000)
def _stem(word: str, language: str) -> str:
    if language == "en":
        word = _IRREGULAR_PLURALS.get(word, word)
    elif language in _ELIDING:
        word = word.rpartition("'")[2]
    stemmer = _stemmer(language)
    if stemmer is None:
        return word
    with _stemming:  # a stemmer holds the word it works on
        return str(stemmer.stemWord(word))


@cache
def _stemmer(language: str) -> _Stemmer | None:
    algorithm = _SNOWBALL.get(language)
    if algorithm is None:
        return None
    import snowballstemmer  # here, so that the command line starts without it

    stemmer: _Stemmer = snowballstemmer.stemmer(algorithm)
    return stemmer
