"""Pictures that social networks show beside a link: a page's title in the site's colours.

Drawn of values alone: the same card gives the same bytes. What the bundled fonts can't write is
not written, so no card shows empty boxes.
"""

from __future__ import annotations

import hashlib
import io
import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from igny8.renderer import art

WIDTH, HEIGHT = 1200, 630
RECIPE = "1"  # changes whenever the same card is to give other bytes

_FONTS = Path(__file__).parent / "fonts"
_FILES = {True: "source-serif-4-bold.woff2", False: "fira-sans-medium.woff2"}
_MARGIN = 72
_COLUMNS, _ROWS = 4, 6  # of the ornament: tiles of 105 pixels
_TILE = HEIGHT // _ROWS
_ROOM = WIDTH - _COLUMNS * _TILE - 2 * _MARGIN
_SIZES = range(80, 43, -4)
_MOST_LINES = 6
_HIGHEST = 372  # pixels of a title's lines together
_NAME_SIZE = 34
_FINER = 3  # shapes are drawn so much larger, for smooth edges
_ROLE = {"g1": "art-1", "a2": "art-2", "a3": "art-3", "a4": "art-4"}
_STEP = re.compile(r"([Mhvaz])([^Mhvaz]*)")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")

_Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
_Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says. `colours` maps the roles of a scheme (`Palette.light`) to `#rrggbb`.

    `seed` chooses the ornament, so that a page's card and its own ornament are alike.
    """

    title: str
    site_name: str
    colours: Mapping[str, str]
    seed: str
    is_serif: bool = False

    @property
    def key(self) -> str:
        """What the bytes depend on, as a name for a cache."""
        colours = sorted((role, self.colours[role]) for role in _NEEDED)
        said = repr((RECIPE, version("pillow"), self.title, self.site_name, self.seed, colours))
        return hashlib.sha256(f"{said} {self.is_serif}".encode()).hexdigest()


_NEEDED = ("deep", "on-deep", "deep-accent", "deep-border", "art-ground", *_ROLE.values())


def draw(card: Card) -> bytes:
    """Return the card as PNG."""
    image = Image.new("RGB", (WIDTH, HEIGHT), card.colours["deep"])
    title = _writable(card.title, card.is_serif)
    columns = _COLUMNS if title else WIDTH // _TILE + 1
    image.paste(_ornament(card, columns), (WIDTH - columns * _TILE, 0))
    if title:
        _write(ImageDraw.Draw(image), card, title)
    buffer = io.BytesIO()
    # Few colours make a quarter of the bytes; nobody sees the difference.
    image.quantize(96, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
        buffer, "PNG", optimize=True
    )
    return buffer.getvalue()


def _write(pen: ImageDraw.ImageDraw, card: Card, title: str) -> None:
    font, lines = _fitted(title, card.is_serif)
    name = _writable(card.site_name, is_serif=False)
    for number, line in enumerate(lines):
        y = _MARGIN - 14 + number * _line_height(font)  # letters begin below their line's top
        pen.text((_MARGIN, y), line, card.colours["on-deep"], font)
    if name:
        small = _font(_NAME_SIZE, is_serif=False)
        (name, *_) = _lines(name, small, _ROOM)
        y = HEIGHT - _MARGIN - _NAME_SIZE
        pen.rectangle((_MARGIN, y - 26, _MARGIN + 56, y - 21), card.colours["deep-accent"])
        pen.text((_MARGIN, y), name, card.colours["deep-accent"], small)


# Text.


def _fitted(title: str, is_serif: bool) -> tuple[_Font, list[str]]:
    """The largest size in which the title fits, and its lines; cut where none is small enough."""
    for size in _SIZES:
        font = _font(size, is_serif)
        lines = _lines(title, font, _ROOM)
        if len(lines) <= _MOST_LINES and len(lines) * _line_height(font) <= _HIGHEST:
            return font, _balanced(title, font, lines)
    *lines, last = lines[:_MOST_LINES]
    return font, [*lines, last[: _fitting(last, font, _ROOM - font.getlength("…"))].rstrip() + "…"]


def _balanced(title: str, font: _Font, lines: list[str]) -> list[str]:
    """The same number of lines, about as long as each other: no word stands alone in the last."""
    narrow, wide = _ROOM // 3, _ROOM
    while wide - narrow > 8:
        middle = (narrow + wide) // 2
        tried = _lines(title, font, middle)
        if len(tried) == len(lines):
            lines, wide = tried, middle
        else:
            narrow = middle
    return lines


def _lines(text: str, font: _Font, room: float) -> list[str]:
    """Break text into lines, between words; a word that fits no line, anywhere."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if font.getlength(longer) <= room:
            lines[-1] = longer
            continue
        rest = word
        while font.getlength(rest) > room:
            fits = max(1, _fitting(rest, font, room))
            lines.append(rest[:fits])
            rest = rest[fits:]
        lines.append(rest)
    return [line for line in lines if line]


def _fitting(text: str, font: _Font, room: float) -> int:
    """How many of the first letters fit."""
    return bisect_right(range(1, len(text) + 1), room, key=lambda n: font.getlength(text[:n]))


def _line_height(font: _Font) -> float:
    return getattr(font, "size", _NAME_SIZE) * 1.16


@cache
def _font(size: int, is_serif: bool) -> _Font:
    try:
        # The simple engine: the other may not be there, and would break lines elsewhere.
        return ImageFont.truetype(
            _FONTS / _FILES[is_serif], size, layout_engine=ImageFont.Layout.BASIC
        )
    except OSError:  # a FreeType without WOFF2
        return ImageFont.load_default(size)


def _writable(text: str, is_serif: bool) -> str:
    """Return the text without signs that the font lacks; nothing where it lacks letters."""
    text = " ".join(text.split())
    missing = {sign for sign in text if not (sign.isprintable() and _has(sign, is_serif))}
    if any(sign.isalpha() for sign in missing):
        return ""
    return " ".join("".join(sign for sign in text if sign not in missing).split())


@cache
def _has(sign: str, is_serif: bool) -> bool:
    if sign.isspace():
        return True
    font = _font(32, is_serif)
    return bytes(font.getmask(sign)) != bytes(font.getmask("\U0010ffff"))


# The ornament: the same tiles as on the page.


def _ornament(card: Card, columns: int) -> Image.Image:
    scale = _TILE * _FINER / 10
    size = (columns * _TILE * _FINER, HEIGHT * _FINER)
    image = Image.new("RGB", size, card.colours["art-ground"])
    pen = ImageDraw.Draw(image)
    for ink, paths in art.mosaic_paths(card.seed, columns, _ROWS).items():
        for shape in _polygons(paths):
            pen.polygon([(x * scale, y * scale) for x, y in shape], card.colours[_ROLE[ink]])
    return image.resize((columns * _TILE, HEIGHT), Image.Resampling.BOX)


def _polygons(path: str) -> Iterator[list[_Point]]:
    """Flatten the paths that `art` draws: lines and arcs of circles, in closed shapes."""
    shape: list[_Point] = []
    for letter, written in _STEP.findall(path):
        numbers = [float(number) for number in _NUMBER.findall(written)]
        if letter == "M":
            shape = [(numbers[0], numbers[1])]
        elif letter == "z":
            yield shape
        else:
            x, y = shape[-1]
            if letter == "h":
                shape.append((x + numbers[0], y))
            elif letter == "v":
                shape.append((x, y + numbers[0]))
            else:
                for start in range(0, len(numbers), 7):
                    shape += _arc(shape[-1], numbers[start : start + 7])


def _arc(start: _Point, numbers: list[float]) -> Iterator[_Point]:
    """Points of SVG's relative elliptical arc, of a circle, after its start."""
    radius, _, _, is_large, is_clockwise, dx, dy = numbers
    chord = math.hypot(dx, dy)
    away = math.sqrt(max(0.0, radius**2 - chord**2 / 4))
    side = 1 if (is_large == is_clockwise) else -1
    centre = (
        start[0] + dx / 2 + side * away * dy / chord,
        start[1] + dy / 2 - side * away * dx / chord,
    )
    angle = math.atan2(start[1] - centre[1], start[0] - centre[0])
    end = math.atan2(start[1] + dy - centre[1], start[0] + dx - centre[0])
    turn = (end - angle) % math.tau if is_clockwise else -((angle - end) % math.tau)
    steps = max(8, round(abs(turn) * 20))
    for step in range(1, steps + 1):
        at = angle + turn * step / steps
        yield centre[0] + radius * math.cos(at), centre[1] + radius * math.sin(at)
