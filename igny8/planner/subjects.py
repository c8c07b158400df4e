"""What a business knows, in outline: the subjects of its knowledge files. What they say the writer
reads; here are only titles, terms, headings with what fills them, places and spellings.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from igny8.planner.ideation import Business, Subject
from igny8.text import frontmatter, words

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*$")
_STEP = re.compile(r"\s*\d{1,9}[.)]\s+(.*)$")
_SPEC = re.compile(r"\s*(?:[-*+]\s+[^:.?!]{2,80}:\s+\S|\|)")
_MARKUP = re.compile(r"<!--.*?(?:-->|\Z)|<[^<>]*>|https?://\S+|[*`_~]+", re.DOTALL)
# Inside a sentence only: the first word of one shows nothing. A run of capitals is one name.
_INNER = re.compile(
    r"(?<=[a-z,;0-9] )(?:[A-Z][^\W_]*(?:['-][^\W_]+)*(?: [A-Z][^\W_]*(?:['-][^\W_]+)*)*"
    r"|[^\W_]+(?:['-][^\W_]+)*)"
)


def read(files: Iterable[tuple[str, str]], *, locale: str, home: str = "") -> Business:
    """Read `(name, text)` pairs of Markdown with front matter; `home` is the most important place.

    Raises InvalidInput where front matter cannot be read.
    """
    subjects: list[Subject] = []
    places = [home] if home else []
    seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name, text in sorted(files):
        meta, body = frontmatter.split(text, file=name)
        body = _MARKUP.sub(" ", body)
        subjects.append(_subject(name, meta, body))
        places += _strings(meta.get("area_served"))
        for word in _INNER.findall(body):
            seen[word.lower()][word] += 1
    usual = {word: max(sorted(forms), key=forms.__getitem__) for word, forms in seen.items()}
    return Business(
        subjects=tuple(subjects),
        places=tuple(dict.fromkeys(places)),
        spellings={
            word: form for word, form in sorted(usual.items()) if word != form and len(word) > 1
        },
        locale=locale,
    )


def vocabulary(files: Iterable[tuple[str, str]], locale: str) -> frozenset[str]:
    """Return the stems of every word in the files: what they can say anything of."""
    return frozenset(stem for _, text in files for stem in words.content_stems(text, locale))


def is_foreign(keywords: Sequence[str], known: Collection[str], business: Business) -> bool:
    """Say whether a word that all of `keywords` share is in no knowledge file: another's brand.

    Names of places do not count. Without knowledge nothing is foreign.
    """
    places = {s for p in business.places for s in words.content_stems(p, business.locale)}
    stems = [set(words.content_stems(keyword, business.locale)) for keyword in keywords]
    shared = set.intersection(*stems) - places if stems else set()
    return bool(known) and not shared <= set(known)


def _subject(name: str, meta: dict[str, object], body: str) -> Subject:
    stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return Subject(
        title=str(meta.get("title") or stem.replace("-", " ").capitalize()),
        kind=str(meta.get("kind") or "note"),
        terms=_strings(meta.get("terms")),
        sections=tuple(_sections(body)),
        has_price=meta.get("price") is not None,
    )


def _sections(body: str) -> Iterator[tuple[str, str]]:
    """Yield each section's heading and the kind of line that fills most of it."""
    filled: dict[str, Counter[str]] = {}
    heading, is_asked = "", False
    for line in body.splitlines():
        found = _HEADING.match(line)
        if found:
            is_asked = len(found[1]) > 2 and found[2].endswith("?")
            heading = found[2] if len(found[1]) == 2 else heading
        elif heading and line.strip():
            kind = "step" if _STEP.match(line) else "spec" if _SPEC.match(line) else "fact"
            count = filled.setdefault(heading, Counter())
            count["qa" if is_asked else kind] += words.count(line)
    for title, counted in filled.items():
        if not title.endswith("?"):
            yield title, counted.most_common(1)[0][0]


def _strings(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(str(item) for item in value) if isinstance(value, list) else ()
