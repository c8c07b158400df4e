from __future__ import annotations

import pytest

from igny8.writer.grounding import shared_share, units, unverified

SOURCE = """---
title: Silver service
price: 95
currency: GBP
---
Megan Oduya of Fernhill Cycles fits Shimano parts near Kirkstall Abbey. The wait is 12 days in
February, and 2,400 miles is the yearly limit. Open on Tuesdays since 12 May 2009. It costs £8.50
or twenty-five euros. Brakes stop within 0.5 mm, which is 20 per cent less.
"""


def found(text: str, **options: str) -> list[tuple[str, str]]:
    return [(f.kind, f.text) for f in unverified(text, [SOURCE], **options)]


@pytest.mark.parametrize(
    "text",
    [
        "The Silver service is £95 with Megan Oduya.",
        "Megan Oduya's bench handles 2400 miles and 20% less.",
        "It waits twelve days, in February, on a Tuesday.",
        "We opened on 12th May 2009, or 2009-05-12.",
        "Three things matter: Kirkstall Abbey, Shimano and Fernhill's yard.",
        "Visit Kirkstall for £8.50.",
        "# How To Care For Your Bike\n\nRead on.",
        "1. First this.\n2. Then that.\n",
        "See [S3] and [our page](https://other.example/9/2031) or `x = 77`.",
        "Careful people ride. Nobody minds.",
    ],
)
def test_what_the_sources_hold_is_not_flagged(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("It takes 13 days.", ("number", "13")),
        ("It takes thirty-one days.", ("number", "thirty-one")),
        ("About 3,400 riders came.", ("number", "3,400")),
        ("It costs £96.", ("price", "£96")),
        ("It costs $95.", ("price", "$95")),
        ("It costs 95 euros.", ("price", "95 euros")),
        ("We open on Wednesdays.", ("date", "Wednesday")),
        ("We opened on 13 May 2009.", ("date", "13 May 2009")),
        ("We opened in March.", ("date", "March")),
        ("It began on 2010-05-12.", ("date", "2010-05-12")),
        ("We asked Karen Smith today.", ("name", "Karen Smith")),
        ("Karen Smith rides too.", ("name", "Karen Smith")),
        ("Our mechanic fits Brembo parts.", ("name", "Brembo")),
        ("Megan Smith fits parts.", ("name", "Megan Smith")),
    ],
)
def test_what_no_source_holds_is_flagged(text: str, finding: tuple[str, str]) -> None:
    assert found(text) == [finding]


def test_findings_say_where_they_are() -> None:
    text = "Rides in Paris cost £77."
    for finding in unverified(text, [SOURCE]):
        assert text[finding.start : finding.end] == finding.text
    assert len(unverified(text, [SOURCE])) == 2


def test_a_price_of_the_front_matter_counts_in_its_own_currency_only() -> None:
    assert found("Pay £95.") == []
    assert found("Pay €95.") == [("price", "€95")]


def test_nouns_that_german_writes_large_are_no_names() -> None:
    assert found("Hier ist das Fahrrad und die Bremse.", locale="de-DE") == []
    assert found("Hier ist Karl Meier.", locale="de") == [("name", "Karl Meier")]


def test_nothing_is_known_without_sources() -> None:
    assert [f.kind for f in unverified("We met Karl for £5.", [])] == ["name", "price"]
    assert unverified("", []) == ()


def test_units_are_sentences_items_and_rows_without_headings() -> None:
    body = (
        "## A heading\n\nOne **bold** here. Two\nlines there.\n\n- An item. Its second.\n\n"
        "1. A step.\n\n| Item | Detail |\n| --- | --- |\n| Weight | 2 kg |\n"
    )
    assert units(body) == (
        "one bold here",
        "two lines there",
        "an item",
        "its second",
        "a step",
        "weight 2 kg",
    )


def test_shared_share_is_of_the_shorter_body() -> None:
    short = "One is red. Two is blue."
    long = "One is red. Three is green. Four is black. Five is white."
    assert shared_share(short, long) == 0.5
    assert shared_share(long, short) == 0.5
    assert shared_share(short, short) == 1.0
    assert shared_share("", long) == 0.0
    assert shared_share("**One** is red.", "One is red!") == 1.0
