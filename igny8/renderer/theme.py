"""A whole colour scheme, light and dark, from one brand colour. Pure arithmetic in OKLCH.

Contract, in both schemes, on every ground they may stand on: text at least 7:1, muted text, links
and button labels 4.5:1, control borders, focus rings and buttons against the page 3:1.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from igny8.core.errors import InvalidInput

Rgb = tuple[float, float, float]

# What is written or drawn on what, and the ratio that every brand colour must reach.
CONTRACT: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("text", ("page", "surface", "raised"), 7),
    ("text", ("soft",), 4.5),
    ("muted", ("page", "surface", "raised", "soft"), 4.5),
    ("link", ("page", "surface", "raised", "soft"), 4.5),
    ("visited", ("page", "surface", "raised"), 4.5),
    ("danger", ("page", "surface", "raised"), 4.5),
    ("on-accent", ("accent",), 4.5),
    ("on-soft", ("soft",), 7),
    ("on-deep", ("deep",), 7),
    ("deep-muted", ("deep",), 4.5),
    ("deep-accent", ("deep",), 4.5),
    ("on-deep-accent", ("deep-accent",), 4.5),
    ("accent", ("page", "surface"), 3),
    ("control", ("page", "surface", "raised"), 3),
    ("focus", ("page", "surface", "raised", "soft"), 3),
)

_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


@dataclass(frozen=True, slots=True)
class Palette:
    """Role → `#rrggbb`, for each scheme. `is_adjusted`: the brand colour itself failed a ratio."""

    light: Mapping[str, str]
    dark: Mapping[str, str]
    brand: str
    is_adjusted: bool

    def css(self) -> str:
        """Return the roles as custom properties that follow the visitor's colour scheme."""
        lines = [
            f"--{role}:light-dark({value},{self.dark[role]});" for role, value in self.light.items()
        ]
        return ":root{color-scheme:light dark;" + "".join(lines) + "}"


@dataclass(frozen=True, slots=True)
class Ratio:
    """How a role stands out from the ground that it stands out from least, in each scheme."""

    role: str
    ground: str
    light: float
    dark: float
    least: float


def ratios(made: Palette) -> tuple[Ratio, ...]:
    """Return what the contract asks and what a palette reaches, worst ground each."""
    found = []
    for role, grounds, least in CONTRACT:
        light, dark = (
            {ground: contrast(scheme[role], scheme[ground]) for ground in grounds}
            for scheme in (made.light, made.dark)
        )
        worst = min(grounds, key=lambda ground: min(light[ground], dark[ground]))
        found.append(Ratio(role, worst, min(light.values()), min(dark.values()), least))
    return tuple(found)


def palette(brand: str) -> Palette:
    """Return both schemes for a brand colour (`#rgb` or `#rrggbb`). Raises InvalidInput."""
    if not _HEX.fullmatch(brand):
        raise InvalidInput(
            f"`{brand}` is not a colour", hint="write it as #rrggbb, for example #2457a6"
        )
    normal = _normal(brand)
    _, chroma, hue = to_oklch(normal)
    light, dark = _light(normal, chroma, hue), _dark(normal, chroma, hue)
    return Palette(light, dark, normal, is_adjusted=light["accent"] != normal)


def contrast(first: str, second: str) -> float:
    """Return the WCAG contrast ratio of two colours, 1 to 21."""
    high, low = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _light(brand: str, chroma: float, hue: float) -> dict[str, str]:
    tint = min(chroma, 0.12)
    page = from_oklch(0.992, tint * 0.03, hue)
    surface = from_oklch(0.962, tint * 0.11, hue)
    raised = "#ffffff"
    grounds = (page, surface, raised)
    deep = from_oklch(0.265, min(chroma, 0.075), hue)
    accent = _darker_until(brand, lambda c: contrast(c, surface) >= 3 and _label(c) is not None)
    soft = from_oklch(0.925, min(chroma, 0.3) * 0.28, hue)
    return {
        "page": page,
        "surface": surface,
        "raised": raised,
        "text": _until(0.24, -1, tint * 0.22, hue, grounds, 11),
        "muted": _until(0.5, -1, tint * 0.25, hue, (*grounds, soft), 4.6),
        "border": from_oklch(0.885, tint * 0.12, hue),
        "control": _until(0.62, -1, tint * 0.2, hue, grounds, 3.1),
        "accent": accent,
        "on-accent": _label(accent) or "#ffffff",
        "soft": soft,
        "on-soft": _until(0.34, -1, min(chroma, 0.11), hue, (soft,), 7),
        "link": _until(to_oklch(accent)[0], -1, chroma, hue, (*grounds, soft), 4.6),
        "visited": _until(0.45, -1, min(chroma, 0.13), hue + 40, grounds, 4.6),
        "focus": _until(to_oklch(accent)[0], -1, chroma, hue, (*grounds, soft), 3.2),
        "danger": _until(0.52, -1, 0.19, 27, grounds, 4.6),
        **_deep(deep, chroma, hue),
        "art-ground": soft,
        "art-1": from_oklch(0.83, min(chroma, 0.3) * 0.55, hue),
        "art-2": from_oklch(0.62, min(chroma, 0.16), hue),
        "art-3": from_oklch(0.36, min(chroma, 0.1), hue),
        "art-4": from_oklch(0.84, min(max(chroma, 0.06), 0.13), _contrary(hue)),
    }


def _dark(brand: str, chroma: float, hue: float) -> dict[str, str]:
    tint = min(chroma, 0.12)
    page = from_oklch(0.185, tint * 0.12, hue)
    surface = from_oklch(0.225, tint * 0.16, hue)
    raised = from_oklch(0.262, tint * 0.18, hue)
    grounds = (page, surface, raised)
    lightness = max(to_oklch(brand)[0], 0.72)
    vivid = min(chroma, 0.15)
    accent = _until(lightness, 1, vivid, hue, (*grounds,), 4.6)
    soft = from_oklch(0.31, min(chroma, 0.3) * 0.3, hue)
    deep = from_oklch(0.29, min(chroma, 0.06), hue)
    return {
        "page": page,
        "surface": surface,
        "raised": raised,
        "text": _until(0.93, 1, tint * 0.08, hue, grounds, 9),
        "muted": _until(0.74, 1, tint * 0.16, hue, (*grounds, soft), 4.6),
        "border": from_oklch(0.36, tint * 0.2, hue),
        "control": _until(0.56, 1, tint * 0.2, hue, grounds, 3.1),
        "accent": accent,
        "on-accent": _label(accent) or "#000000",
        "soft": soft,
        "on-soft": _until(0.9, 1, min(chroma, 0.06), hue, (soft,), 7),
        "link": _until(0.78, 1, vivid, hue, (*grounds, soft), 4.6),
        "visited": _until(0.78, 1, min(chroma, 0.1), hue + 40, grounds, 4.6),
        "focus": _until(0.78, 1, vivid, hue, (*grounds, soft), 3.2),
        "danger": _until(0.74, 1, 0.15, 27, grounds, 4.6),
        **_deep(deep, chroma, hue),
        "art-ground": soft,
        "art-1": from_oklch(0.42, min(chroma, 0.1), hue),
        "art-2": from_oklch(0.62, min(chroma, 0.14), hue),
        "art-3": from_oklch(0.84, min(chroma, 0.08), hue),
        "art-4": from_oklch(0.74, min(max(chroma, 0.06), 0.12), _contrary(hue)),
    }


def _deep(deep: str, chroma: float, hue: float) -> dict[str, str]:
    """Roles of the dark bands (call to action, footer), the same idea in both schemes."""
    return {
        "deep": deep,
        "on-deep": _until(0.97, 1, min(chroma, 0.02), hue, (deep,), 9),
        "deep-muted": _until(0.82, 1, min(chroma, 0.04), hue, (deep,), 5),
        "deep-border": from_oklch(to_oklch(deep)[0] + 0.12, min(chroma, 0.06), hue),
        "deep-accent": _until(0.86, 1, min(chroma, 0.11), hue, (deep,), 7),
        "on-deep-accent": "#000000",
    }


def _until(
    lightness: float, step: int, chroma: float, hue: float, grounds: tuple[str, ...], ratio: float
) -> str:
    """Move `lightness` in the direction of `step` until the colour stands out from every ground."""
    colour = from_oklch(lightness, chroma, hue)
    while min(contrast(colour, ground) for ground in grounds) < ratio and 0 < lightness < 1:
        lightness = min(1.0, max(0.0, lightness + step * 0.01))
        colour = from_oklch(lightness, chroma, hue)
    return colour


def _darker_until(brand: str, fits: Callable[[str], bool]) -> str:
    """Return the brand colour, or the nearest darker one that fits."""
    lightness, chroma, hue = to_oklch(brand)
    colour = brand
    while not fits(colour) and lightness > 0:
        lightness = max(0.0, lightness - 0.01)
        colour = from_oklch(lightness, chroma, hue)
    return colour


def _contrary(hue: float) -> float:
    """Return a second hue for ornaments: ochre, or blue where the brand is near ochre itself."""
    return 78 if min((hue - 78) % 360, (78 - hue) % 360) > 55 else 250


def _label(ground: str) -> str | None:
    """Return white or black, whichever is readable on `ground`; white first."""
    return next((ink for ink in ("#ffffff", "#000000") if contrast(ink, ground) >= 4.5), None)


# Colour spaces: sRGB ↔ OKLab by Björn Ottosson's published matrices.


def to_oklch(colour: str) -> tuple[float, float, float]:
    """Return lightness 0–1, chroma 0–0.4, hue in degrees."""
    red, green, blue = (_linear(channel) for channel in _channels(colour))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def from_oklch(lightness: float, chroma: float, hue: float) -> str:
    """Return `#rrggbb`, with as much of the chroma as sRGB can show."""
    low, high = 0.0, chroma
    rgb = _rgb(lightness, chroma, hue)
    if not _in_gamut(rgb):
        for _ in range(16):
            middle = (low + high) / 2
            low, high = (middle, high) if _in_gamut(_rgb(lightness, middle, hue)) else (low, middle)
        rgb = _rgb(lightness, low, hue)
    return "#" + "".join(f"{round(255 * _gamma(min(1.0, max(0.0, c)))):02x}" for c in rgb)


def _rgb(lightness: float, chroma: float, hue: float) -> Rgb:
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _in_gamut(rgb: Rgb) -> bool:
    return all(-0.0005 <= channel <= 1.0005 for channel in rgb)


def _normal(colour: str) -> str:
    digits = colour[1:].lower()
    return "#" + (digits if len(digits) == 6 else "".join(d * 2 for d in digits))


def _channels(colour: str) -> Rgb:
    return (
        int(colour[1:3], 16) / 255,
        int(colour[3:5], 16) / 255,
        int(colour[5:7], 16) / 255,
    )


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _gamma(channel: float) -> float:
    return channel * 12.92 if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def _luminance(colour: str) -> float:
    # WCAG's own constant (0.03928) differs from sRGB's only where no 8-bit colour lies.
    red, green, blue = (_linear(channel) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
