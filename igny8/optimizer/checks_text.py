"""Checks M, S and R of `igny8_score`: the head of the page, its structure, how it reads."""

from __future__ import annotations

import re

from igny8.optimizer import readability, yoast_compat
from igny8.optimizer.document import Block
from igny8.optimizer.reading import Reading
from igny8.optimizer.types import Gate, Span
from igny8.optimizer.verdicts import Verdict, limits, plural, shown, steps
from igny8.text import widths

_LIST_INTENT = re.compile(
    r"\b(?:how to|steps?|best|top \d+|vs|versus|compar\w+|checklist|types of|ways to|tips|ideas)\b"
)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)*")
_THIN = {"product": 50, "taxonomy": 30, "collection": 30}
_TARGET = {"product": 200, "taxonomy": 30, "collection": 30}
_CORNERSTONE_TARGET = 900
_LONG_PAGE_WORDS, _MANY_SECTIONS = 1500, 4
_COMPLEX_SYLLABLES = 4


def title_width(reading: Reading) -> Verdict:
    """M1."""
    width = widths.pixels(reading.page.title)
    score = 0.0 if width <= 1 or width > 600 else 1.0 if width >= 200 else 0.5
    fix = "" if score == 1 else "write a title of 200 to 600 pixels, about 25 to 60 characters"
    return Verdict(score, f"the SEO title is {width} pixels wide", fix)


def description_length(reading: Reading) -> Verdict:
    """M2."""
    length = yoast_compat.description_length(reading.page.description, reading.page.date)
    score = 1.0 if 120 < length <= 156 else 0.5 if length else 0.0
    fix = "" if score == 1 else "write a description of 121 to 156 characters"
    return Verdict(score, f"the description has {plural(length, 'character')}", fix)


def unique_head(reading: Reading) -> Verdict | None:
    """M3."""
    site = reading.page.site
    if site.is_title_unique is None or site.is_description_unique is None:
        return None
    shared = [
        name
        for name, is_unique in (
            ("title", site.is_title_unique),
            ("description", site.is_description_unique),
        )
        if not is_unique
    ]
    return Verdict(
        1 - len(shared) / 2,
        f"another page has the same {' and '.join(shared)}" if shared else "the head is unique",
        "say in the head what only this page has" if shared else "",
    )


def slug_form(reading: Reading) -> Verdict | None:
    """M4."""
    slug = reading.page.slug
    if not slug or reading.page.is_front_page:
        return None
    is_good = len(slug) <= 75 and bool(_SLUG.fullmatch(slug))
    return Verdict(
        float(is_good),
        f"the slug is {'short and plain' if is_good else 'long or irregular'}",
        "" if is_good else "use lower-case words joined by hyphens, at most 75 characters",
    )


def length(reading: Reading) -> Verdict:
    """S1."""
    page, found = reading.page, reading.word_count
    kind = page.entity_type
    target = page.length_target or (
        _CORNERSTONE_TARGET
        if page.is_cornerstone and kind not in _TARGET
        else _TARGET.get(kind, 300)
    )
    ratio = found / target
    score = 1.0 if ratio >= 1 else 0.5 if ratio >= 0.8 else 0.25 if ratio >= 0.5 else 0.0
    thin = _THIN.get(kind, 150)
    return Verdict(
        score,
        f"the text has {plural(found, 'word')} of {target}",
        "" if score == 1 else "answer what a reader would ask next",
        gate=Gate("S1", "warn", f"thin: under {thin} words") if found < thin else None,
    )


def heading_levels(reading: Reading) -> Verdict:
    """S2: at most one H1, no level skipped. The page's own H1 is its title."""
    levels = reading.document.heading_levels
    skips = [
        (before, level)
        for before, level in zip((1, *levels), levels, strict=False)
        if level > before + 1
    ]
    has_one = sum(level == 1 for level in levels) <= 1
    problems = [f"H{before} is followed by H{level}" for before, level in skips[:1]]
    if not has_one:
        problems.append("there is more than one H1")
    return Verdict(
        (has_one + (not skips)) / 2,
        " and ".join(problems) or "heading levels are in order",
        "go down one level at a time below a single H1" if problems else "",
    )


def section_length(reading: Reading) -> Verdict:
    """S3."""
    found = reading.section_counts or (reading.word_count,)
    longest = max(found)
    sections = reading.document.sections
    places = [
        part.span for count, part in zip(found, sections, strict=False) if count > 300 and sections
    ]
    score = limits(longest, 300, 350)
    if longest > 300 and not sections:
        score = 0.0
    return Verdict(
        score,
        f"the longest section has {plural(longest, 'word')}",
        "" if score == 1 else "part it by a subheading",
        shown(places),
    )


def paragraph_length(reading: Reading) -> Verdict:
    """S4."""
    good, middling = (70, 100) if reading.page.entity_type == "product" else (150, 200)
    counts = reading.paragraph_counts
    longest = max((count for count, _ in counts), default=0)
    return Verdict(
        limits(longest, good, middling),
        f"the longest paragraph has {plural(longest, 'word')}",
        "" if longest <= good else f"split paragraphs of more than {good} words",
        shown(_whole(block) for count, block in counts if count > good),
    )


def lists(reading: Reading) -> Verdict | None:
    """S5: only where the search asks for steps or a choice."""
    asked = f"{reading.page.keyphrase} {reading.page.title}".lower()
    if reading.language.code != "en" or not _LIST_INTENT.search(asked):
        return None
    has_one = not reading.document.tags.isdisjoint({"ul", "ol", "table"})
    return Verdict(
        float(has_one),
        "there is a list or table" if has_one else "there is no list or table",
        "" if has_one else "show the steps or choices as a list or table",
    )


def table_of_contents(reading: Reading) -> Verdict | None:
    """S6."""
    sections = reading.document.heading_levels.count(2)
    if reading.word_count <= _LONG_PAGE_WORDS or sections < _MANY_SECTIONS:
        return None
    jumps = [
        anchor.href for anchor in reading.document.anchors if (anchor.href or "").startswith("#")
    ]
    has_one = len(set(jumps)) >= _MANY_SECTIONS
    return Verdict(
        float(has_one),
        "the page has a table of contents" if has_one else "there is no table of contents",
        "" if has_one else "add a table of contents",
    )


def sentence_length(reading: Reading) -> Verdict | None:
    """R1."""
    if not reading.sentences:
        return None
    long = reading.long_sentences
    percent = 100 * len(long) / len(reading.sentences)
    return Verdict(
        limits(percent, 25, 30),
        f"{percent:.0f} % of the sentences have more than {reading.language.sentence_limit} words",
        "" if percent <= 25 else "split the longest",
        shown(sentence.span for sentence in long),
    )


def passive(reading: Reading) -> Verdict | None:
    """R2."""
    rules = reading.language.passive
    if rules is None or not reading.passive.sentences:
        return None
    percent = reading.passive.percent
    places = (
        sentence.span
        for sentence in reading.sentences
        if readability.is_passive(sentence.text, rules)
    )
    return Verdict(
        limits(percent, 10, 15),
        f"{percent:.0f} % of the sentences are passive",
        "" if percent <= 10 else "say who acts",
        shown(places),
    )


def transitions(reading: Reading) -> Verdict | None:
    """R3."""
    if reading.language.transition_pattern is None or reading.part_count < 200:
        return None
    percent = 100 * reading.transition_count / reading.stop_count
    return Verdict(
        steps(percent, 30, 20),
        f"{percent:.0f} % of the sentences have a transition word",
        "" if percent >= 30 else "say how sentences hang together: because, however, for example",
    )


def beginnings(reading: Reading) -> Verdict:
    """R4."""
    run = readability.same_beginnings(reading.sentences, reading.language)
    is_good = len(run) < 3
    return Verdict(
        float(is_good),
        "sentences begin differently"
        if is_good
        else f"{len(run)} sentences in a row begin with “{run[0].words[0].form}”",
        "" if is_good else "begin one of them differently",
        () if is_good else shown(sentence.span for sentence in run),
    )


def reading_ease(reading: Reading) -> Verdict | None:
    """R5: Flesch, within the band that the brand wants."""
    ease = readability.flesch(reading.sentences) if reading.language.has_flesch else None
    if ease is None:
        return None
    low, high = reading.page.flesch_band
    off = max(low - ease, ease - high, 0)
    return Verdict(
        1.0 if off == 0 else 0.5 if off <= 10 else 0.0,
        f"the Flesch reading ease is {ease:.0f} of {low} to {high}",
        "" if off == 0 else "use shorter sentences and words" if ease < low else "write for adults",
    )


def complex_words(reading: Reading) -> Verdict | None:
    """R6: words of four syllables and more."""
    if not reading.language.has_flesch or not reading.sentences:
        return None
    found: list[Span] = []
    total = 0
    for sentence in reading.sentences:
        total += len(sentence.words)
        found += [
            sentence.word_span(word)
            for word in sentence.words
            if len(word.form) > 7 and readability.syllable_count(word.form) >= _COMPLEX_SYLLABLES
        ]
    percent = 100 * len(found) / total
    return Verdict(
        1.0 if percent < 10 else 0.5 if percent < 15 else 0.0,
        f"{percent:.0f} % of the words are complex",
        "" if percent < 10 else "use plainer words",
        shown(found) if percent >= 10 else (),
    )


def _whole(block: Block) -> Span:
    return block.source(0, len(block.text))
