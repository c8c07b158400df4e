"""The offline answer of `optimizer.optimize-content`, and what a rewrite must not lose.

A model's rewrite passes the same two doors: `losses` and `is_improvement`.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Literal

from igny8.optimizer import head, keyphrase, markdown_edits
from igny8.optimizer.languages import language
from igny8.optimizer.types import Analysis, Rewrite
from igny8.text import html as html_text
from igny8.text import words
from igny8.text.bodies import body_to_html

BodyFormat = Literal["markdown", "html"]

_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_LONG_PAGE_WORDS, _MANY_SECTIONS = 1500, 4
_KEPT_SHARE = 0.6
_SHOWN = 60


def rewrite(  # noqa: PLR0913 - a page has that many parts
    body: str,
    *,
    title: str,
    meta_title: str,
    meta_description: str,
    keyphrase_text: str = "",
    slug: str = "",
    locale: str = "en_US",
    is_published: bool = False,
    body_format: BodyFormat = "markdown",
) -> Rewrite:
    """Improve what needs no model, from the page's own words. A second run changes nothing.

    Markdown bodies get heading levels without gaps, shorter paragraphs and alt texts from
    captions; HTML bodies keep their bytes. The slug is a suggestion, and only before publication.
    """
    speech = language(locale)
    topic = keyphrase.topic(keyphrase_text, speech)
    changes: list[str] = []
    improved = body
    if body_format == "markdown":
        for edit in (
            markdown_edits.level_headings,
            markdown_edits.split_paragraphs,
            markdown_edits.describe_images,
        ):
            done = edit(improved)
            improved = done.body
            changes += [done.change] if done.change else []
    html = body_to_html(improved, body_format)
    text = html_text.plain(html)
    new_title = head.fitting_title(meta_title, title, topic, speech)
    new_description = head.fitting_description(meta_description, text, topic)
    new_slug = slug if is_published else head.fitting_slug(slug, topic)
    if new_title != meta_title:
        changes.append(f"title for search results: {new_title}")
    if new_description != meta_description:
        changes.append("description for search results from the page's own sentences")
    sections = sum(heading.level == 2 for heading in html_text.headings(html))
    return Rewrite(
        body=improved,
        meta_title=new_title,
        meta_description=new_description,
        slug=new_slug,
        has_table_of_contents=words.count(text) > _LONG_PAGE_WORDS and sections >= _MANY_SECTIONS,
        changes=tuple(changes),
    )


def losses(before: str, after: str, body_format: BodyFormat = "markdown") -> tuple[str, ...]:
    """What `after` lacks of `before`: links, images, numbers, or most of its words."""
    old, new = body_to_html(before, body_format), body_to_html(after, body_format)
    old_text, new_text = html_text.plain(old), html_text.plain(new)
    lost = [f"link to {href}" for href in _lacking(_hrefs(old), _hrefs(new))]
    lost += [f"image {src}" for src in _lacking(_sources(old), _sources(new))]
    numbers = _lacking(_NUMBER.findall(old_text), _NUMBER.findall(new_text))
    lost += [f"number {number}" for number in numbers]
    kept = Counter(words.tokens(old_text)) & Counter(words.tokens(new_text))
    if kept.total() < _KEPT_SHARE * words.count(old_text):
        lost.append(f"most of the text from “{old_text[:_SHOWN].strip()}” on")
    return tuple(lost)


def is_improvement(before: Analysis, after: Analysis) -> bool:
    """Whether a rewrite scores higher and opens no gate that was closed."""
    closed = {gate.id for gate in before.gates}
    if any(gate.id not in closed for gate in after.gates):
        return False
    was, now = before.yoast_compat, after.yoast_compat
    if now.readability < was.readability:
        return False
    return (after.igny8_score, now.seo) > (before.igny8_score, was.seo)


def _lacking(old: list[str], new: list[str]) -> list[str]:
    return sorted((Counter(old) - Counter(new)).elements())


def _hrefs(html: str) -> list[str]:
    return [link.href for link in html_text.links(html)]


def _sources(html: str) -> list[str]:
    return [image.src for image in html_text.images(html)]
