"""Ornaments drawn from a page's name, so that a site looks made without a photograph.

The same name gives the same drawing. Colours are classes; the stylesheet gives them their roles.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache

from markupsafe import Markup

_QUARTERS = (
    "M{x} {y}h10a10 10 0 0 1-10 10z",
    "M{r} {y}v10a10 10 0 0 1-10-10z",
    "M{r} {b}h-10a10 10 0 0 1 10-10z",
    "M{x} {b}v-10a10 10 0 0 1 10 10z",
)
_LEAVES = (
    "M{x} {y}a10 10 0 0 1 10 10a10 10 0 0 1-10-10z",
    "M{r} {y}a10 10 0 0 1-10 10a10 10 0 0 1 10-10z",
)
_HALVES = (
    "M{x} {b}a5 5 0 0 1 10 0z",
    "M{x} {y}a5 5 0 0 0 10 0z",
    "M{x} {y}a5 5 0 0 1 0 10z",
    "M{r} {y}a5 5 0 0 0 0 10z",
)
_DISC = "M{c} {y}a5 5 0 1 1 0 10a5 5 0 1 1 0-10z"
_SQUARE = "M{x} {y}h10v10h-10z"
_SHAPES = (*_QUARTERS, *_QUARTERS, *_LEAVES, *_HALVES, _DISC)
# Four tiles around a centre: each motif is a shape for every corner.
_MOTIFS = (
    (_QUARTERS[2], _QUARTERS[3], _QUARTERS[1], _QUARTERS[0]),
    (_QUARTERS[0], _QUARTERS[1], _QUARTERS[3], _QUARTERS[2]),
    (_QUARTERS[1], _QUARTERS[2], _QUARTERS[0], _QUARTERS[3]),
    (_LEAVES[0], _LEAVES[1], _LEAVES[1], _LEAVES[0]),
    (_LEAVES[1], _LEAVES[0], _LEAVES[0], _LEAVES[1]),
    (_HALVES[0], _HALVES[3], _HALVES[2], _HALVES[1]),
    (_QUARTERS[0], _DISC, _DISC, _QUARTERS[2]),
    (_HALVES[0], _HALVES[0], _HALVES[1], _HALVES[1]),
)


def mosaic(name: str, columns: int, rows: int) -> Markup:
    """Return a decorative SVG of `columns` × `rows` tiles."""
    return _svg("mosaic", columns, rows, _tiles(name, columns, rows))


def mosaic_paths(name: str, columns: int, rows: int) -> dict[str, str]:
    """Return ink (`g1 a2 a3 a4`) → the SVG path of a mosaic's tiles, each 10 units wide."""
    return {ink: "".join(d) for ink, d in _tiles(name, columns, rows).items()}


def texture(name: str, id_: str, tile: int) -> Markup:
    """Return a decorative SVG that fills a box of any shape with tiles of `tile` CSS pixels.

    A pattern has no boxes of its own, so nothing reaches beyond the SVG's edge. `id_` is unique on
    the page.
    """
    paths = _paths(_tiles(name, 7, 5))
    return Markup(  # noqa: S704  (numbers, constants and an id that is made here)
        f'<svg class="texture" width="100%" height="100%" aria-hidden="true"><pattern id="{id_}" '
        f'width="70" height="50" patternUnits="userSpaceOnUse" '
        f'patternTransform="scale({tile / 10:g})">{paths}</pattern>'
        f'<rect width="100%" height="100%" fill="url(#{id_})"/></svg>'
    )


def _tiles(name: str, columns: int, rows: int) -> dict[str, list[str]]:
    dice = _dice(name)
    layers: dict[str, list[str]] = {"g1": [], "a2": [], "a3": [], "a4": []}
    for row in range(rows):
        for column in range(columns):
            roll = next(dice)
            if roll % 3 == 0:
                layers["g1"].append(_at(_SQUARE, column, row))
            if roll % 11 == 0:
                continue
            ink = "a4" if roll % 7 == 0 else "a3" if roll % 2 else "a2"
            layers[ink].append(_at(_SHAPES[next(dice) % len(_SHAPES)], column, row))
    return layers


def mark(name: str) -> Markup:
    """Return a small square emblem: one motif, turned around its centre."""
    dice = _dice(name)
    motif = _MOTIFS[next(dice) % len(_MOTIFS)]
    inks = (("a3", "a2"), ("a2", "a3"), ("a3", "a3"), ("a2", "a2"))[next(dice) % 4]
    layers: dict[str, list[str]] = {"a2": [], "a3": []}
    for corner, shape in enumerate(motif):
        layers[inks[corner in (1, 2)]].append(_at(shape, corner % 2, corner // 2))
    return _svg("mark", 2, 2, layers)


def _dice(name: str) -> Iterator[int]:
    count = 0
    while True:
        yield from hashlib.blake2b(f"{count}:{name}".encode()).digest()
        count += 1


@cache
def _at(shape: str, column: int, row: int) -> str:
    x, y = column * 10, row * 10
    return shape.format(x=x, y=y, r=x + 10, b=y + 10, c=x + 5)


def _svg(kind: str, columns: int, rows: int, layers: dict[str, list[str]]) -> Markup:
    # Every part is made here of numbers and constants, so it may stand unescaped.
    return Markup(  # noqa: S704
        f'<svg class="{kind}" viewBox="0 0 {columns * 10} {rows * 10}" '
        f'aria-hidden="true">{_paths(layers)}</svg>'
    )


def _paths(layers: dict[str, list[str]]) -> str:
    return "".join(f'<path class="{ink}" d="{"".join(d)}"/>' for ink, d in layers.items() if d)


def plan(name: str, id_: str) -> Markup:
    """Return a decorative SVG of streets, blocks and a pin: an ornament, not a map of the place.

    It fills a box of any shape, as `texture` does. `id_` is unique on the page.
    """
    dice = _dice(name)
    columns = _cuts(dice, 320)
    rows = _cuts(dice, 200)
    layers: dict[str, list[str]] = {"g1": [], "a2": []}
    for left, right in columns:
        for top, bottom in rows:
            roll = next(dice)
            if roll % 9:
                ink = "a2" if roll % 13 == 0 else "g1"
                layers[ink].append(f"M{left} {top}h{right - left}v{bottom - top}h{left - right}z")
    slope = 25 + next(dice) % 50
    return Markup(  # noqa: S704  (numbers, constants and an id that is made here)
        f'<svg class="plan" width="100%" height="100%" aria-hidden="true"><pattern id="{id_}" '
        f'width="320" height="200" patternUnits="userSpaceOnUse" patternTransform="scale(1.6)">'
        f'{_paths(layers)}</pattern><rect width="100%" height="100%" fill="url(#{id_})"/>'
        f'<line class="plan-road" x1="0" y1="{slope}%" x2="100%" y2="{100 - slope}%"/>'
        '<svg class="plan-pin" x="50%" y="50%" overflow="visible">'
        '<path d="M0 36c-16-22-26-32-26-45a26 26 0 0 1 52 0c0 13-10 23-26 45z"/>'
        '<circle class="plan-eye" cy="-9" r="9"/></svg></svg>'
    )


def _cuts(dice: Iterator[int], length: int) -> list[tuple[int, int]]:
    """Cut a length into pieces of 24 to 55 with streets of 7 between them."""
    pieces, start = [], -12
    while start < length:
        end = start + 24 + next(dice) % 32
        pieces.append((start, end))
        start = end + 7
    return pieces
