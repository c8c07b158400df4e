"""Social cards: the right size, small, legible, the same each time."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from igny8.renderer import social_cards
from igny8.renderer.social_cards import HEIGHT, WIDTH, Card, draw
from igny8.renderer.theme import contrast, palette

COLOURS = palette("#2457a6").light
CARD = Card("How to look after stoneware", "Fernhill Pottery", COLOURS, "stoneware")


def opened(card: Card) -> Image.Image:
    return Image.open(io.BytesIO(draw(card))).convert("RGB")


def inked(image: Image.Image, box: tuple[int, int, int, int]) -> int:
    """How many pixels of a part differ from the ground."""
    part = image.crop(box)
    ground = part.getpixel((0, 0))
    return sum(count for count, colour in part.getcolors(1 << 20) or [] if colour != ground)


TEXT = (40, 40, 780, 460)
NAME = (40, 480, 780, 600)


def test_a_card_is_as_large_as_networks_ask_and_light() -> None:
    made = draw(CARD)
    image = Image.open(io.BytesIO(made))
    assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))
    assert len(made) < 40_000


def test_the_same_card_is_the_same_bytes_and_another_is_not() -> None:
    assert draw(CARD) == draw(replace(CARD))
    others = [
        replace(CARD, title="Another title"),
        replace(CARD, site_name="Another"),
        replace(CARD, seed="other"),
        replace(CARD, is_serif=True),
        replace(CARD, colours=palette("#1f6f54").light),
    ]
    assert len({CARD.key, *(card.key for card in others)}) == 6
    assert len({draw(CARD), *map(draw, others)}) == 6
    assert replace(CARD).key == CARD.key
    assert replace(CARD, colours={**COLOURS, "danger": "#000000"}).key == CARD.key


def test_title_and_name_stand_out_from_their_ground() -> None:
    image = opened(CARD)
    assert image.getpixel((20, 20)) == tuple(bytes.fromhex(COLOURS["deep"][1:]))
    assert contrast(COLOURS["on-deep"], COLOURS["deep"]) > 7
    assert contrast(COLOURS["deep-accent"], COLOURS["deep"]) > 4.5
    assert inked(image, TEXT) > 5_000
    assert inked(image, NAME) > 500


TITLES = [
    "A",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "word " * 80,
    "W" * 400,
    "Привет, мир",
    "Ελληνικά",
    "Ærø, Łódź, İstanbul, ﬁn",
]


@pytest.mark.parametrize("is_serif", [True, False])
@pytest.mark.parametrize("title", TITLES)
def test_any_title_stays_in_its_place(title: str, is_serif: bool) -> None:
    image = opened(replace(CARD, title=title, is_serif=is_serif))
    assert inked(image, TEXT) > 100
    assert inked(image, (0, 0, 60, HEIGHT)) == 0  # the margins stay free
    assert inked(image, (0, 0, 770, 50)) == 0
    assert inked(image, (0, 470, 770, 495)) == 0
    assert inked(image, (740, 0, 779, HEIGHT)) == 0


@pytest.mark.parametrize("title", ["陶器の手入れ", "كيف تعتني بالفخار", "", "🎉", "\u200b"])
def test_what_the_fonts_can_not_write_leaves_the_ornament_alone(title: str) -> None:
    image = opened(replace(CARD, title=title))
    assert image.getpixel((20, 20)) != tuple(bytes.fromhex(COLOURS["deep"][1:]))
    assert len(image.getcolors(1 << 16) or []) >= 4


def test_a_sign_that_the_fonts_lack_is_left_out_and_the_words_stay() -> None:
    assert draw(replace(CARD, title="Party 🎉 time")) == draw(replace(CARD, title="Party time"))


def test_the_ornament_is_the_pages_own() -> None:
    one, two = opened(CARD), opened(replace(CARD, title="Other words"))
    box = (WIDTH - 4 * 105, 0, WIDTH, HEIGHT)
    assert inked(one, box) > 50_000
    near = sum(
        max(abs(a - b) for a, b in zip(first, second, strict=True)) > 24
        for first, second in zip(
            one.crop(box).resize((40, 60)).get_flattened_data(),
            two.crop(box).resize((40, 60)).get_flattened_data(),
            strict=True,
        )
    )
    assert near == 0


@settings(max_examples=12, deadline=None)
@given(st.text(max_size=60), st.text(max_size=30))
def test_no_text_breaks_a_card(title: str, name: str) -> None:
    assert opened(replace(CARD, title=title, site_name=name)).size == (WIDTH, HEIGHT)


def test_every_bundled_font_comes_with_its_licence() -> None:
    folder = Path(social_cards.__file__).parent / "fonts"
    fonts = sorted(path.name for path in folder.glob("*.woff2"))
    assert fonts == sorted(social_cards._FILES.values())
    for font in fonts:
        licence = folder / f"{font.rpartition('-')[0]}-OFL.txt"
        assert "SIL OPEN FONT LICENSE Version 1.1" in licence.read_text("utf-8")
