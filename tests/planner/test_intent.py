"""What a keyword wants."""

from __future__ import annotations

import pytest

from igny8.planner.intent import KINDS, classify


@pytest.mark.parametrize(
    ("keyword", "kinds", "cue"),
    [
        ("how to bleed a radiator", ("informational",), "how to"),
        ("Why is my boiler leaking?", ("informational",), "why"),
        ("bike size guide", ("informational",), "guide"),
        ("best bike lock", ("commercial",), "best"),
        ("presta vs schrader", ("commercial",), "vs"),
        ("buy coffee beans", ("transactional",), "buy"),
        ("plumber near me", ("transactional",), "near me"),
        ("where to buy coffee", ("transactional",), "where to buy"),
        ("bank login", ("navigational",), "login"),
        ("www.example.com contact", ("navigational",), "www"),
        ("example.co.uk", ("navigational",), "example.co.uk"),
        ("coffee", (), None),
        ("can opener", (), None),
        ("", (), None),
    ],
)
def test_cue_words_tell_the_intent(keyword: str, kinds: tuple[str, ...], cue: str | None) -> None:
    intent = classify(keyword)
    assert (intent.kinds, intent.cue) == (kinds, cue)


def test_a_keyword_may_have_several_intents_in_one_order() -> None:
    kinds = classify("how much does the best boiler cost near me").kinds
    assert kinds == ("informational", "commercial", "transactional")
    assert list(kinds) == [kind for kind in KINDS if kind in kinds]


def test_a_cue_is_a_whole_word() -> None:
    assert classify("bestseller hired bookcase").kinds == ()


def test_a_brand_makes_a_keyword_navigational() -> None:
    intent = classify("fernhill cycles leeds", brands=["Fernhill", "Fernhill Cycles"])
    assert intent.kinds == ("navigational",)
    assert intent.cue == "fernhill cycles"
    assert intent.is_branded
    assert not classify("fernhills", brands=["Fernhill"]).is_branded


def test_a_possessive_names_the_brand_too() -> None:
    assert classify("Sainsbury’s delivery", brands=["Sainsbury's"]).is_branded
    assert classify("fernhill's address", brands=["Fernhill"]).is_branded


def test_a_place_makes_a_keyword_local_and_wanted_unless_it_asks() -> None:
    wanted = classify("plumber leeds", places=["Leeds", "York"])
    assert (wanted.is_local, wanted.kinds, wanted.cue) == (True, ("transactional",), "leeds")
    asked = classify("history of leeds", places=["Leeds"])
    assert (asked.is_local, asked.kinds) == (True, ("informational",))


def test_nearness_is_local_without_a_known_place() -> None:
    assert classify("nearest garage").is_local
    assert not classify("garage doors").is_local


def test_names_of_no_words_name_nothing() -> None:
    intent = classify("coffee", brands=["", "!"], places=["-"])
    assert not intent.is_branded
    assert not intent.is_local
