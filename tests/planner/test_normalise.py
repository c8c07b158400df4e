"""When two keywords are the same, and when they are variants."""

from __future__ import annotations

import pytest

from igny8.planner.normalise import clean, normalise, variant_key


def test_clean_keeps_the_text_as_its_owner_wrote_it() -> None:
    assert clean("\ufeff  Cafe\u0301  NEAR me \u200b\n") == "Café  NEAR me"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Bike Hire", "bike  hire"),
        ("[bike hire]", "bike hire"),
        ('"bike hire"', "bike hire"),
        ("+bike +hire", "bike hire"),
        ("children’s bikes", "children's bikes"),
        ("STRASSE", "straße"),
    ],
)
def test_spellings_of_one_keyword_are_one(left: str, right: str) -> None:
    assert normalise(left) == normalise(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [("bike hire", "hire bike"), ("bike", "bikes"), ("c++", "c"), ("c#", "c"), ("café", "cafe")],
)
def test_normalising_keeps_every_word_in_its_place(left: str, right: str) -> None:
    assert normalise(left) != normalise(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("bike hire leeds", "leeds bike hire"),
        ("bike hire in leeds", "bike hire leeds"),
        ("gifts for men", "mens gift"),
        ("the best walking boot", "walking boots best"),
        ("bicycle tires", "bike tyres"),
        ("café near me", "cafe near me"),
        ("how to fix a tap", "how to fix tap"),
        ("sram vs shimano", "shimano vs sram"),
    ],
)
def test_variants_share_a_key(left: str, right: str) -> None:
    assert variant_key(left) == variant_key(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("kg to lbs", "lbs to kg"),
        ("trains from york to leeds", "trains from leeds to york"),
        ("walking boots", "walk in boots"),
        ("boiler repair", "how to repair a boiler"),
        ("plumber", "plumber near me"),
        ("emergency plumber", "emergency plumbing"),
        ("c++ course", "c# course"),
        ("organic shop", "organ shop"),
        ("car insurance", "care insurance"),
    ],
)
def test_other_searches_do_not_share_a_key(left: str, right: str) -> None:
    assert variant_key(left) != variant_key(right)


def test_a_keyword_of_empty_words_or_signs_keeps_a_key_of_its_own() -> None:
    assert variant_key("the who") != variant_key("the")
    assert variant_key("???") == "???"


def test_other_languages_ignore_order_only() -> None:
    assert variant_key("fahrrad mieten", "de") == variant_key("Mieten Fahrrad", "de-DE")
    assert variant_key("die bremse", "de") != variant_key("bremse", "de")
