"""Scores equal to those of Yoast's analyzer 3.6.0, from its published behaviour and our probes.

Assessments by their identifiers there. Our own judgement stands in `scoring`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from igny8.optimizer import keyphrase, prose, readability
from igny8.optimizer.document import Anchor, late_text
from igny8.optimizer.reading import Reading, is_followed
from igny8.optimizer.types import YoastCompat
from igny8.text import widths

_NO_KEYPHRASE = -999
_ENOUGH_TEXT_CHARACTERS = 50
_MANY_IMAGES = 5
_TITLE_PIXELS = 600
_TRANSITIONS_FROM_WORDS = 200


@dataclass(frozen=True, slots=True)
class _Limits:
    """What differs between types of pages, and for cornerstones."""

    text_length: tuple[tuple[int, int], ...]
    """(words from, score), highest first."""
    sections: tuple[int, int] = (300, 350)
    paragraphs: tuple[int, int] = (150, 200)
    long_sentences: tuple[float, float] = (25, 30)
    images: int = 1
    is_product: bool = False
    is_cornerstone: bool = False
    """Whether what is middling elsewhere is bad in the head of the page; not so on list pages."""


_POST = _Limits(text_length=((300, 9), (250, 6), (200, 3), (100, -10), (0, -20)))
_POST_CORNERSTONE = _Limits(
    text_length=((900, 9), (400, 6), (0, -20)),
    sections=(250, 300),
    long_sentences=(20, 25),
    is_cornerstone=True,
)
_PRODUCT = _Limits(
    text_length=((200, 9), (150, 6), (100, 3), (50, -10), (0, -20)),
    paragraphs=(70, 100),
    long_sentences=(20, 25),
    images=4,
    is_product=True,
)
_PRODUCT_CORNERSTONE = _Limits(
    text_length=((400, 9), (300, 6), (0, -20)),
    sections=(250, 300),
    paragraphs=(70, 100),
    long_sentences=(15, 20),
    images=4,
    is_product=True,
    is_cornerstone=True,
)
_LIST_PAGE = _Limits(text_length=((30, 9), (10, 6), (1, 3), (0, -20)))
_LIST_PAGE_CORNERSTONE = _Limits(
    text_length=_LIST_PAGE.text_length, sections=(250, 300), long_sentences=(20, 25)
)

_COMMON_SEO = (
    "introductionKeyword",
    "keyphraseLength",
    "keyphraseDensity",
    "metaDescriptionKeyword",
    "metaDescriptionLength",
    "textLength",
    "keyphraseInSEOTitle",
    "titleWidth",
    "slugKeyword",
    "functionWordsInKeyphrase",
    "singleH1",
)
_BODY_SEO = ("subheadingsKeyword", "textCompetingLinks", "imageKeyphrase", "images")
_READABILITY = (
    "subheadingsTooLong",
    "textParagraphTooLong",
    "textSentenceLength",
    "textTransitionWords",
    "passiveVoice",
    "textPresence",
)
_SEO = {
    "product": _COMMON_SEO + _BODY_SEO,
    "taxonomy": _COMMON_SEO,
    "collection": _COMMON_SEO,
}


def assess(reading: Reading) -> YoastCompat:
    """Score a page; a language without word lists leaves out what needs them."""
    page = reading.page
    limits = _limits(page.entity_type, is_cornerstone=page.is_cornerstone)
    seo_ids = _SEO.get(
        page.entity_type, (*_COMMON_SEO, *_BODY_SEO, "externalLinks", "internalLinks")
    )
    if page.is_front_page:
        seo_ids = tuple(name for name in seo_ids if name != "slugKeyword")
    readability_ids = _READABILITY + (() if limits.is_product else ("sentenceBeginnings",))
    skipped = _skipped(reading)
    seo = {name: _SCORES[name](reading, limits) for name in seo_ids if name not in skipped}
    reads = {
        name: _SCORES[name](reading, limits) for name in readability_ids if name not in skipped
    }
    return YoastCompat(
        assessments=MappingProxyType(seo | reads),
        seo=_overall_seo(seo),
        readability=_overall_readability(reads, is_strict=reading.language.is_fully_supported),
        skipped=skipped,
    )


def score_of(reading: Reading, name: str) -> int | None:
    """Return the score of one assessment, whether the page's type uses it or not."""
    page = reading.page
    return _SCORES[name](reading, _limits(page.entity_type, is_cornerstone=page.is_cornerstone))


def names() -> frozenset[str]:
    """Return the identifiers of all assessments."""
    return frozenset(_SCORES)


def _limits(entity_type: str, *, is_cornerstone: bool) -> _Limits:
    if entity_type == "product":
        return _PRODUCT_CORNERSTONE if is_cornerstone else _PRODUCT
    if entity_type in {"taxonomy", "collection"}:
        return _LIST_PAGE_CORNERSTONE if is_cornerstone else _LIST_PAGE
    return _POST_CORNERSTONE if is_cornerstone else _POST


def _skipped(reading: Reading) -> tuple[str, ...]:
    language = reading.language
    missing = []
    if not language.function_words or reading.keyphrase is None:
        missing.append("functionWordsInKeyphrase")
    if language.transition_pattern is None:
        missing.append("textTransitionWords")
    if language.passive is None:
        missing.append("passiveVoice")
    return tuple(missing)


def _overall_seo(scores: dict[str, int | None]) -> int:
    counted = [score for score in scores.values() if score is not None]
    return _rounded(100 * sum(counted) / (9 * len(counted))) if counted else 0


def _overall_readability(scores: dict[str, int | None], *, is_strict: bool) -> int:
    counted = [score for score in scores.values() if score is not None]
    if len(counted) < 2:
        return 0
    bad = sum(score <= 4 for score in counted)
    middling = sum(4 < score <= 7 for score in counted)
    penalty = bad * (3 if is_strict else 4) + middling * 2
    low, high = (6, 4) if is_strict else (4, 2)
    return 30 if penalty > low else 60 if penalty > high else 90


def _rounded(number: float) -> int:
    return math.floor(number + 0.5)


# --- SEO ---------------------------------------------------------------------------------------


def _introduction(reading: Reading, _: _Limits) -> int:
    block = reading.document.introduction
    if block is None:
        return 3
    sentences = next(found for each, found in reading.by_block if each is block)
    texts = [late_text(sentence.text) for sentence in sentences]
    if any(keyphrase.count_in(topic, text) for topic in reading.topics for text in texts):
        return 9
    forms = [form for text in texts for form in keyphrase.strings(text)]
    if any(keyphrase.count_words(topic, forms) for topic in reading.topics if not topic.is_exact):
        return 6
    return 3


def _keyphrase_length(reading: Reading, limits: _Limits) -> int:
    if reading.keyphrase is None:
        return _NO_KEYPHRASE
    length = reading.keyphrase.length
    has_function_words = bool(reading.language.function_words)
    if limits.is_product:
        return 3 if length <= 2 or length > 8 else 9 if 4 <= length <= 6 else 6
    good, middling = (4, 8) if has_function_words else (6, 9)
    return 9 if length <= good else 6 if length <= middling else 3


def density(count: int, word_count: int, keyphrase_length: int) -> float:
    """Return the keyphrase density in percent, longer keyphrases counting for more."""
    return 100 * count / word_count * (0.7 + keyphrase_length / 3) if word_count else 0.0


def _keyphrase_density(reading: Reading, _: _Limits) -> int:
    words, count = reading.part_count, reading.keyphrase_count
    if reading.keyphrase is None or not reading.page.text_html:
        return -50
    if count == 0:
        return 4
    if words < 100:
        allowed = 2 if words > 50 else 1
        return 9 if count <= allowed else -10 if count == allowed + 1 else -50
    found = density(count, words, reading.keyphrase.length)
    if count == 1 or found < 0.5:
        return 4
    if found <= 3 or count == 2:
        return 9
    return -10 if found <= 4 else -50


def _description_keyphrase(reading: Reading, _: _Limits) -> int:
    description = reading.page.description
    found = prose.spans(description, reading.language.abbreviations)
    matches = sum(
        keyphrase.count_in(topic, description[start:end])
        for topic in reading.topics
        for start, end in found
    )
    return 9 if 1 <= matches <= 2 else 3


def description_length(description: str, date: str) -> int:
    """Return the characters of a description as shown: a date takes its own and 3 more."""
    units = len(description.encode("utf-16-le")) // 2
    return units + (len(date) + 3 if units and date else 0)


def _description_length(reading: Reading, limits: _Limits) -> int:
    length = description_length(reading.page.description, reading.page.date)
    if not length:
        return 1
    if 120 < length <= 156:
        return 9
    return 3 if limits.is_cornerstone else 6


def _subheadings(reading: Reading, limits: _Limits) -> int:
    if not reading.topics or not reading.page.text_html:
        return 1
    total = sum(level in {2, 3} for level in reading.document.heading_levels)
    if not total:
        return 2 if reading.word_count >= limits.sections[0] else 9
    hits = sum(
        any(_reflects(reading, topic, block.text) for topic in reading.topics)
        for block in reading.document.headings
        if block.level in {2, 3}
    )
    return 9 if is_in_band(hits, total) else 3


def _reflects(reading: Reading, topic: keyphrase.Topic, heading: str) -> bool:
    share = keyphrase.share_in(topic, heading)
    return share > 0.5 if reading.language.function_words else share == 1


def is_in_band(hits: int, total: int) -> bool:
    """Say whether hits are 30 to 75 % of the total, or the only one there can be."""
    if total == 1:
        return hits == 1
    return math.ceil(0.3 * total) <= hits <= math.floor(0.75 * total)


def competing_links(reading: Reading) -> list[Anchor]:
    """Return links whose text is nothing but the keyphrase or a synonym."""
    own = reading.page.permalink
    return [
        anchor
        for anchor in reading.document.anchors
        if not (anchor.href or "").startswith("#")
        and not (own and anchor.href == own)
        and any(keyphrase.is_only(topic, anchor.text, reading.language) for topic in reading.topics)
    ]


def _competing_links(reading: Reading, _: _Limits) -> int:
    return 2 if competing_links(reading) else 8


def _image_keyphrase(reading: Reading, limits: _Limits) -> int:
    pictures = reading.document.pictures
    bad = 3 if limits.is_cornerstone else 6
    if not pictures or not reading.topics:
        return 3
    hits = sum(
        any(keyphrase.share_in(topic, picture.alt or "") >= 0.5 for topic in reading.topics)
        for picture in pictures
    )
    if not hits:
        return bad
    total = len(pictures)
    if total < _MANY_IMAGES:
        return 9
    low, high = math.ceil(0.3 * total), math.floor(0.75 * total)
    return 9 if low <= hits <= (4 if total == _MANY_IMAGES else high) else bad


def _images(reading: Reading, limits: _Limits) -> int:
    found = len(reading.document.pictures)
    return 9 if found >= limits.images else 6 if found else 3


def _text_length(reading: Reading, limits: _Limits) -> int:
    return next(score for least, score in limits.text_length if reading.word_count >= least)


def _followed(anchors: tuple[Anchor, ...]) -> int:
    if not anchors:
        return 3
    followed = sum(is_followed(anchor) for anchor in anchors)
    return 9 if followed == len(anchors) else 8 if followed else 7


def _outbound_links(reading: Reading, _: _Limits) -> int:
    return _followed(reading.links.outbound)


def _internal_links(reading: Reading, _: _Limits) -> int:
    return _followed(reading.links.internal)


def _title_keyphrase(reading: Reading, _: _Limits) -> int:
    topic, title = reading.keyphrase, reading.page.title
    if topic is None or not title:
        return 2
    begins = keyphrase.begins(topic, title, reading.language)
    if begins is not None:
        return 9 if begins else 6
    return 6 if not topic.is_exact and keyphrase.share_in(topic, title) == 1 else 2


def _title_width(reading: Reading, _: _Limits) -> int:
    width = widths.pixels(reading.page.title)
    return 1 if width <= 1 else 9 if width <= _TITLE_PIXELS else 3


def _slug(reading: Reading, limits: _Limits) -> int:
    topic, slug = reading.keyphrase, reading.page.slug
    if topic is None or not slug:
        return 3
    share = keyphrase.share_in(topic, slug.replace("-", " ").replace("_", " "))
    is_good = share == 1 if topic.length <= 2 else share > 0.5
    return 9 if is_good else 3 if limits.is_cornerstone else 6


def _function_words(reading: Reading, _: _Limits) -> int | None:
    return 0 if reading.keyphrase and reading.keyphrase.has_only_function_words else None


def _single_h1(reading: Reading, _: _Limits) -> int:
    return 1 if sum(block.level == 1 for block in reading.document.headings) > 1 else 8


# --- readability -------------------------------------------------------------------------------


def _section_length(reading: Reading, limits: _Limits) -> int:
    good, middling = limits.sections
    if not reading.section_counts:
        return 9 if reading.word_count <= good else 2
    longest = max(reading.section_counts)
    return 9 if longest <= good else 6 if longest <= middling else 3


def _paragraph_length(reading: Reading, limits: _Limits) -> int:
    good, middling = limits.paragraphs
    longest = max((count for count, _ in reading.paragraph_counts), default=0)
    return 9 if longest <= good else 6 if longest <= middling else 3


def _sentence_length(reading: Reading, limits: _Limits) -> int:
    total = len(reading.sentences)
    percent = 100 * len(reading.long_sentences) / total if total else 0.0
    good, middling = limits.long_sentences
    return 9 if percent <= good else 6 if percent <= middling else 3


def _transitions(reading: Reading, _: _Limits) -> int:
    if reading.part_count < _TRANSITIONS_FROM_WORDS:
        return 9
    percent = 100 * reading.transition_count / reading.stop_count
    return 9 if percent >= 30 else 6 if percent >= 20 else 3


def _passive_voice(reading: Reading, _: _Limits) -> int:
    percent = reading.passive.percent
    return 9 if percent <= 10 else 6 if percent <= 15 else 3


def _text_presence(reading: Reading, _: _Limits) -> int | None:
    length = sum(len(block.text) for block in reading.document.blocks)
    return 3 if length < _ENOUGH_TEXT_CHARACTERS else None


def _beginnings(reading: Reading, _: _Limits) -> int:
    run = readability.same_beginnings(reading.sentences, reading.language)
    return 3 if len(run) > 2 else 9


_SCORES: dict[str, Callable[[Reading, _Limits], int | None]] = {
    "introductionKeyword": _introduction,
    "keyphraseLength": _keyphrase_length,
    "keyphraseDensity": _keyphrase_density,
    "metaDescriptionKeyword": _description_keyphrase,
    "metaDescriptionLength": _description_length,
    "subheadingsKeyword": _subheadings,
    "textCompetingLinks": _competing_links,
    "imageKeyphrase": _image_keyphrase,
    "images": _images,
    "textLength": _text_length,
    "externalLinks": _outbound_links,
    "internalLinks": _internal_links,
    "keyphraseInSEOTitle": _title_keyphrase,
    "titleWidth": _title_width,
    "slugKeyword": _slug,
    "functionWordsInKeyphrase": _function_words,
    "singleH1": _single_h1,
    "subheadingsTooLong": _section_length,
    "textParagraphTooLong": _paragraph_length,
    "textSentenceLength": _sentence_length,
    "textTransitionWords": _transitions,
    "passiveVoice": _passive_voice,
    "textPresence": _text_presence,
    "sentenceBeginnings": _beginnings,
}
