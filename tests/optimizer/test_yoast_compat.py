"""The compatible scores equal the real analyzer's, frozen as numbers in `yoast_scores.json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pages import articles, probes

from igny8.optimizer.scoring import analyze
from igny8.optimizer.types import PageInput

FROZEN = json.loads(Path(__file__).with_name("yoast_scores.json").read_text("utf-8"))


def page_input(page: dict[str, Any]) -> PageInput:
    """A test page as the analyzer takes it."""
    return PageInput(
        text_html=page["html"],
        keyphrase=page.get("keyword", ""),
        synonyms=tuple(s.strip() for s in page.get("synonyms", "").split(",") if s.strip()),
        title=page.get("title", ""),
        description=page.get("description", ""),
        slug=page.get("slug", ""),
        permalink=page.get("permalink", ""),
        locale=page.get("locale", "en_US"),
        entity_type=page.get("type", "post"),
        is_cornerstone=page.get("cornerstone", False),
        is_front_page=page.get("isFrontPage", False),
        date=page.get("date", ""),
    )


def _differing(name: str, page: dict[str, Any]) -> dict[str, tuple[object, object]]:
    """Assessment → (ours, the real one's), where they are not the same."""
    ours = analyze(page_input(page)).yoast_compat
    return {
        key: (ours.assessments.get(key), real)
        for key, real in FROZEN[name]["assessments"].items()
        if ours.assessments.get(key) != real
    }


@pytest.mark.parametrize("name", sorted(probes()))
def test_a_threshold_is_where_the_real_one_is(name: str) -> None:
    assert _differing(name, probes()[name]) == {}


@pytest.mark.parametrize("name", sorted(articles()))
def test_an_article_scores_as_the_real_one_scores_it(name: str) -> None:
    assert _differing(name, articles()[name]) == {}


def test_overall_scores_are_the_real_ones() -> None:
    for name, page in articles().items():
        ours = analyze(page_input(page)).yoast_compat
        assert (ours.seo, ours.readability) == (
            FROZEN[name]["seo"],
            FROZEN[name]["readability"],
        ), name
