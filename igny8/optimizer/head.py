"""Titles, descriptions and slugs made of what a page already says. Nothing is invented here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from igny8.optimizer import keyphrase
from igny8.optimizer.keyphrase import Topic
from igny8.optimizer.languages import Language
from igny8.text import sentences, widths
from igny8.text.slugs import slugify

SHORTEST_DESCRIPTION, LONGEST_DESCRIPTION = 121, 156
WIDEST_TITLE = 600
_SEPARATOR = re.compile(r"\s+[|–—·»-]\s+")
_MOST_SENTENCES = 200


def fitting_title(meta_title: str, title: str, topic: Topic | None, language: Language) -> str:
    """Return a title of at most 600 pixels that names the keyphrase, at its front if it had none.

    A title that fits already is returned as it is.
    """
    wanted = " ".join((meta_title or title).split())
    if not wanted:
        return meta_title
    if topic and keyphrase.share_in(topic, wanted) < 1:
        wanted = f"{_capitalised(topic.text)}: {wanted}"
    elif meta_title and widths.pixels(meta_title) <= WIDEST_TITLE:
        return meta_title
    while widths.pixels(wanted) > WIDEST_TITLE:
        separators = list(_SEPARATOR.finditer(wanted))
        shorter = wanted[: separators[-1].start()] if separators else ""
        if not shorter or (topic and keyphrase.share_in(topic, shorter) < 1):
            break
        wanted = shorter
    return _cut(wanted, language)


def _cut(title: str, language: Language) -> str:
    if widths.pixels(title) <= WIDEST_TITLE:
        return title
    kept = title.split(" ")
    while len(kept) > 1 and widths.pixels(" ".join(kept)) > WIDEST_TITLE:
        kept.pop()
    while len(kept) > 1 and kept[-1].lower().strip(",;:") in language.function_words:
        kept.pop()
    return " ".join(kept).rstrip(",;:–—- ")


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def fitting_description(description: str, page_text: str, topic: Topic | None) -> str:
    """Return a description of 121 to 156 characters made of the page's own sentences.

    One that fits already is returned as it is; so is a short one where nothing fits better.
    `page_text` has its paragraphs apart by blank lines.
    """
    own = list(islice(_sentences(page_text), _MOST_SENTENCES))
    found = _fitting(description, own, topic)
    # What was cut or taken alone may be short enough to take a second sentence.
    return _fitting(found, own, topic)


def _fitting(description: str, own: list[str], topic: Topic | None) -> str:
    given = " ".join(description.split())
    if SHORTEST_DESCRIPTION <= len(given) <= LONGEST_DESCRIPTION:
        return description
    if given and len(given) < SHORTEST_DESCRIPTION:
        joint = given if given[-1] in ".!?…" else f"{given}."
        found = _best((f"{joint} {one}" for one in own if one not in given), topic)
        return found or _best(_runs(own), topic) or description
    found = _best(_runs(own), topic)
    if found:
        return found
    if given:
        return _shortened(given)
    fallback = next((one for one in own if _names(topic, one)), own[0] if own else "")
    return _shortened(fallback)


def _sentences(page_text: str) -> list[str]:
    """Return whole sentences of paragraphs: what begins and ends as a sentence does."""
    found = []
    for paragraph in page_text.split("\n\n"):
        line = " ".join(paragraph.split())
        found += [
            one
            for one in sentences.split(line)
            if one[-1:] in ".!?" and " " in one and (one[0].isalnum() and not one[0].islower())
        ]
    return found


def _runs(own: list[str]) -> list[str]:
    """Return one, two and three sentences that follow each other, in the order of the page."""
    return [
        " ".join(own[start : start + size])
        for start in range(len(own))
        for size in (1, 2, 3)
        if start + size <= len(own)
    ]


def _best(candidates: Iterable[str], topic: Topic | None) -> str:
    fitting = [
        text for text in candidates if SHORTEST_DESCRIPTION <= len(text) <= LONGEST_DESCRIPTION
    ]
    return next((text for text in fitting if _names(topic, text)), fitting[0] if fitting else "")


def _names(topic: Topic | None, text: str) -> bool:
    return topic is not None and 1 <= keyphrase.count_in(topic, text) <= 2


def _shortened(text: str) -> str:
    """Cut at a word to at most 156 characters, with an ellipsis."""
    if len(text) <= LONGEST_DESCRIPTION:
        return text
    return text[:LONGEST_DESCRIPTION].rpartition(" ")[0].rstrip(",;:–—- ") + "…"


def fitting_slug(slug: str, topic: Topic | None) -> str:
    """Return a slug that has the keyphrase's words; the given one if it has them."""
    if topic is None:
        return slug
    spaced = slug.replace("-", " ")
    if slug and keyphrase.share_in(topic, spaced) == 1:
        return slug
    front = slugify(topic.text, fallback="")
    if not front:
        return slug
    rest = [word for word in slug.split("-") if word and word not in front.split("-")]
    return slugify(" ".join([front.replace("-", " "), *rest]))
