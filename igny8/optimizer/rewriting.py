"""The offline answer of `optimizer.optimize-content`, and what no rewrite may lose.

A model's rewrite passes the same two doors: `losses` and `is_improvement`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from typing import Literal

from igny8.optimizer import head, keyphrase, markdown_edits
from igny8.optimizer.languages import language
from igny8.optimizer.types import Analysis, Rewrite
from igny8.text import sentences, words
from igny8.text.bodies import body_to_html
from igny8.text.html import headings, images, links, plain

BodyFormat = Literal["markdown", "html"]

# With its sign: a price of £4 is not kept by a step 4.
_NUMBER = re.compile(r"[£$€]?\d+(?:[.,:/]\d+)*%?")
_LONG_PAGE_WORDS, _MANY_SECTIONS = 1500, 4
# Of the stems of a sentence, how many must come back in one paragraph of the rewrite.
_KEPT_SHARE = 0.6
_SHOWN_CHARACTERS = 60


def rewrite(  # noqa: PLR0913 - a page has that many parts
    body: str,
    *,
    title: str,
    meta_title: str = "",
    meta_description: str = "",
    keyphrase_text: str = "",
    slug: str = "",
    locale: str = "en_US",
    is_published: bool = False,
    body_format: BodyFormat = "markdown",
) -> Rewrite:
    """Improve what needs no model; a second run on the result changes nothing.

    Of a body in HTML only the alt texts of its figures are touched. The slug is a suggestion,
    and only while the page is not published.
    """
    speech = language(locale)
    topic = keyphrase.topic(keyphrase_text, speech)
    improved, changes = _edited(body, body_format)
    html = body_to_html(improved, body_format)
    text = plain(html)
    new_title = head.fitting_title(meta_title, title, topic, speech)
    new_description = head.fitting_description(meta_description, _paragraphs(html, text), topic)
    new_slug = slug if is_published else head.fitting_slug(slug, topic)
    if new_title != meta_title:
        changes.append("SEO title made to fit 600 pixels and to name the keyphrase")
    if new_description != meta_description:
        changes.append("description made of sentences of the page, to fit 156 characters")
    if new_slug != slug:
        changes.append(f"slug `{new_slug}` suggested: it has the keyphrase")
    return Rewrite(
        body=improved,
        meta_title=new_title,
        meta_description=new_description,
        slug=new_slug,
        has_table_of_contents=words.count(text) > _LONG_PAGE_WORDS
        and sum(heading.level == 2 for heading in headings(html)) >= _MANY_SECTIONS,
        changes=tuple(changes),
    )


def losses(before: str, after: str, body_format: BodyFormat = "markdown") -> tuple[str, ...]:
    """Return what a rewrite of a body drops: links, images, numbers, sentences; () for nothing.

    A sentence is kept when most of its words come back in one paragraph, in whatever order.
    """
    old, new = body_to_html(before, body_format), body_to_html(after, body_format)
    lost = [
        f"the link to {href}"
        for href in _fewer((one.href for one in links(old)), (one.href for one in links(new)))
    ]
    lost += [
        f"the image {src}"
        for src in _fewer((one.src for one in images(old)), (one.src for one in images(new)))
    ]
    old_text, new_text = plain(old), plain(new)
    numbers = set(_NUMBER.findall(new_text))
    lost += [
        f"the number {number}"
        for number in dict.fromkeys(_NUMBER.findall(old_text))
        if number not in numbers
    ]
    return (*lost, *_lost_sentences(old_text, new_text))


def is_improvement(before: Analysis, after: Analysis) -> bool:
    """Say whether a rewrite raises a score, lowers none and sets no new gate."""
    old_gates = {gate.id for gate in before.gates}
    if any(gate.id not in old_gates for gate in after.gates):
        return False
    old, new = _scores(before), _scores(after)
    return new != old and all(now >= was for now, was in zip(new, old, strict=True))


def _edited(body: str, body_format: BodyFormat) -> tuple[str, list[str]]:
    if body_format == "html":
        edits = [markdown_edits.describe_images(body, has_markdown=False)]
    else:
        edits = [markdown_edits.level_headings(body)]
        edits.append(markdown_edits.split_paragraphs(edits[-1].body))
        edits.append(markdown_edits.describe_images(edits[-1].body))
    return edits[-1].body, [edit.change for edit in edits if edit.change]


def _paragraphs(html: str, text: str) -> str:
    """Return the text without its headings, which end as no sentence does but may end in `?`."""
    titles = {heading.text for heading in headings(html)}
    return "\n\n".join(part for part in text.split("\n\n") if part not in titles)


def _fewer(before: Iterable[str], after: Iterable[str]) -> list[str]:
    return sorted((Counter(before) - Counter(after)).keys())


def _lost_sentences(before: str, after: str) -> list[str]:
    if " ".join(before.split()) == " ".join(after.split()):
        return []
    kept = [set(words.stems(part)) for part in after.split("\n\n")]
    whole = " ".join(after.split())
    lost = []
    for paragraph in before.split("\n\n"):
        for sentence in sentences.split(" ".join(paragraph.split())):
            stems = set(words.content_stems(sentence))
            if not stems or sentence in whole:
                continue
            if max((len(stems & part) for part in kept), default=0) < _KEPT_SHARE * len(stems):
                lost.append(f"the sentence “{_short(sentence)}”")
    return lost


def _short(sentence: str) -> str:
    if len(sentence) <= _SHOWN_CHARACTERS:
        return sentence
    return sentence[:_SHOWN_CHARACTERS].rpartition(" ")[0] + "…"


def _scores(analysis: Analysis) -> list[Fraction]:
    """Return the numbers that may not fall; our own unrounded, so that small steps count."""
    reached, total = Fraction(0), 0
    for finding in analysis.findings:
        reached += finding.weight * Fraction(finding.score)
        total += finding.weight
    yoast = analysis.yoast_compat
    return [reached / max(total, 1), Fraction(yoast.seo), Fraction(yoast.readability)]
