"""Rewrites without a model: they change no word, lose nothing, and a second one finds no work."""

from __future__ import annotations

import pytest

from igny8.optimizer.rewriting import losses, rewrite

LONG = " ".join(f"Sentence number {n} tells a little of how butter meets flour." for n in range(20))
BODY = f"""Apple pie begins with cold butter. It costs £4 to bake one, see [the oven](igny8:con_1).

#### Too deep a heading

{LONG}

![](apple.jpg)
*An apple pie on a table*
"""


def test_a_second_rewrite_changes_nothing() -> None:
    once = rewrite(BODY, title="Apple pie", keyphrase_text="apple pie", slug="pie")
    twice = rewrite(
        once.body,
        title="Apple pie",
        meta_title=once.meta_title,
        meta_description=once.meta_description,
        keyphrase_text="apple pie",
        slug=once.slug,
    )
    assert twice.changes == ()
    assert (twice.body, twice.meta_title, twice.meta_description) == (
        once.body,
        once.meta_title,
        once.meta_description,
    )


def test_headings_paragraphs_and_alt_texts_are_mended_and_nothing_is_lost() -> None:
    made = rewrite(BODY, title="Apple pie", keyphrase_text="apple pie")
    assert losses(BODY, made.body) == ()
    assert "## Too deep a heading" in made.body.replace("#### ", "## ").splitlines()
    assert "#### Too deep" not in made.body
    assert "![An apple pie on a table](apple.jpg)" in made.body
    longest = max(len(part.split()) for part in made.body.split("\n\n"))
    assert longest <= 150
    assert len(made.changes) >= 4


def test_the_description_is_of_the_pages_own_sentences() -> None:
    made = rewrite(BODY, title="Apple pie", keyphrase_text="apple pie")
    assert 121 <= len(made.meta_description) <= 156
    plain = BODY.replace("[the oven](igny8:con_1)", "the oven")
    assert all(
        part.strip() in plain for part in made.meta_description.rstrip(".…").split(". ") if part
    )


def test_a_published_page_keeps_its_slug() -> None:
    made = rewrite(BODY, title="A", keyphrase_text="apple pie", slug="x", is_published=True)
    assert made.slug == "x"


@pytest.mark.parametrize(
    ("lost", "word"),
    [
        (BODY.replace("[the oven](igny8:con_1)", "the oven"), "igny8:con_1"),
        (BODY.replace("£4", "little"), "£4"),
        (BODY.replace("![](apple.jpg)\n", ""), "apple.jpg"),
        (BODY.replace(LONG, "Short."), "Sentence number"),
    ],
)
def test_what_is_lost_is_named(lost: str, word: str) -> None:
    assert any(word in loss for loss in losses(BODY, lost)), losses(BODY, lost)
