from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from igny8.core.errors import InvalidInput
from igny8.renderer.theme import contrast, from_oklch, palette, to_oklch

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
GROUNDS = ("page", "surface", "raised")


@settings(max_examples=120, deadline=None)
@given(COLOURS)
def test_every_brand_colour_gives_readable_schemes(brand: str) -> None:
    made = palette(brand)
    for scheme in (made.light, made.dark):
        for ground in GROUNDS:
            below = scheme[ground]
            assert contrast(scheme["text"], below) >= 7
            for role in ("muted", "link", "visited", "danger"):
                assert contrast(scheme[role], below) >= 4.5, (role, ground)
            for role in ("control", "focus"):
                assert contrast(scheme[role], below) >= 3, (role, ground)
        assert contrast(scheme["accent"], scheme["surface"]) >= 3
        assert contrast(scheme["on-accent"], scheme["accent"]) >= 4.5
        assert contrast(scheme["on-soft"], scheme["soft"]) >= 7
        assert contrast(scheme["link"], scheme["soft"]) >= 4.5
        assert contrast(scheme["on-deep"], scheme["deep"]) >= 7
        assert contrast(scheme["deep-muted"], scheme["deep"]) >= 4.5
        assert contrast(scheme["deep-accent"], scheme["deep"]) >= 4.5
        assert contrast(scheme["on-deep-accent"], scheme["deep-accent"]) >= 4.5


@settings(max_examples=200, deadline=None)
@given(COLOURS)
def test_a_colour_survives_the_way_to_oklch_and_back(colour: str) -> None:
    back = from_oklch(*to_oklch(colour))
    for place in (1, 3, 5):
        assert abs(int(colour[place : place + 2], 16) - int(back[place : place + 2], 16)) <= 1


def test_contrast_agrees_with_the_published_examples() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_a_brand_colour_that_reads_well_is_kept_and_one_that_does_not_is_moved() -> None:
    assert palette("#1f5f4a").light["accent"] == "#1f5f4a"
    assert not palette("#1f5f4a").is_adjusted
    moved = palette("#FE0")
    assert moved.brand == "#ffee00"
    assert moved.is_adjusted
    assert moved.light["accent"] != "#ffee00"


@pytest.mark.parametrize("text", ["red", "#12", "#12345", "url(x)", "#12345g", "#fff;}"])
def test_what_is_no_hex_colour_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="not a colour"):
        palette(text)
