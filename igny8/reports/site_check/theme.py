"""Rules of the theme's colours: text and controls stand out from what they stand on.

Read from the custom properties that stylesheets set on :root, for light and for dark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from igny8.core.findings import Finding, Rule, Severity
from igny8.renderer.theme import contrast

_CONTRAST = Rule(
    "theme/contrast",
    Severity.ERROR,
    "a colour of the theme does not stand out enough from what it stands on",
    "choose a darker or lighter colour; text needs 4.5:1, controls and focus rings 3:1",
)

RULES = (_CONTRAST,)

_GROUNDS = ("page", "surface", "raised")
_TEXTS = ("text", "muted", "link", "visited", "danger")
_CONTROLS = ("control", "focus", "accent")
_TEXT_RATIO, _CONTROL_RATIO = 4.5, 3.0

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_STEP = re.compile(r"([^{};]*)([{};])")
_ROOT = re.compile(r"(^|,)\s*(:root|html)\s*(,|$)")
_PROPERTY = re.compile(r"\s*--([A-Za-z0-9-]+)\s*:\s*(.+?)\s*(!important)?\s*", re.DOTALL)
_SCHEME = re.compile(r"prefers-color-scheme\s*:\s*(light|dark)")
_PAIR = re.compile(r"light-dark\(\s*((?:[^(),]|\([^()]*\))+?)\s*,\s*((?:[^(),]|\([^()]*\))+?)\s*\)")
_VARIABLE = re.compile(r"var\(\s*--([A-Za-z0-9-]+)\s*(?:,\s*([^()]*?)\s*)?\)")
_HEX = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_RGB = re.compile(r"rgb\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*\)")
_NAMED = {"white": "#ffffff", "black": "#000000"}
_DEEPEST = 8

Schemes = dict[str, dict[str, str]]


def schemes(css: str) -> Schemes:
    """Return the custom properties of the root as written, for `light` and `dark`."""
    found: Schemes = {"light": {}, "dark": {}}
    above: list[str] = []
    for match in _STEP.finditer(_COMMENT.sub(" ", css)):
        said, mark = match.groups()
        if mark == "{":
            above.append(said.strip())
            continue
        if said.strip() and above and _ROOT.search(above[-1]):
            _take(said, above, found)
        if mark == "}" and above:
            above.pop()
    return found


def _take(declaration: str, above: list[str], found: Schemes) -> None:
    match = _PROPERTY.fullmatch(declaration)
    if match is None:
        return
    media = " ".join(above[:-1])
    asked = _SCHEME.findall(media)
    if "@media" in media and not asked:
        return  # print, narrow screens: not what most people see
    for scheme in asked or ("light", "dark"):
        found[scheme][match[1]] = match[2]


def check(path: str, css: str) -> Iterator[Finding]:
    """Check the colours of one stylesheet."""
    found = schemes(css)
    for scheme, written in found.items():
        colours = {
            role: colour
            for role in written
            if (colour := _colour(f"var(--{role})", scheme, written)) is not None
        }
        for front, ground, wanted in _pairs(colours):
            ratio = contrast(colours[front], colours[ground])
            if ratio < wanted:
                message = (
                    f"--{front} {colours[front]} on --{ground} {colours[ground]} is "
                    f"{ratio:.2f}:1 in {scheme}, {wanted:g}:1 is needed"
                )
                yield _CONTRAST.at(path, message)


def _pairs(colours: Mapping[str, str]) -> Iterator[tuple[str, str, float]]:
    """Yield what stands on what: the roles of the layouts, and any `on-x` on its `x`."""
    for ground in _GROUNDS:
        if ground not in colours:
            continue
        yield from ((front, ground, _TEXT_RATIO) for front in _TEXTS if front in colours)
        yield from ((front, ground, _CONTROL_RATIO) for front in _CONTROLS if front in colours)
    for front in colours:
        ground = front.removeprefix("on-")
        if front != ground and ground in colours:
            yield front, ground, _TEXT_RATIO
    for front in ("deep-muted", "deep-accent"):
        if front in colours and "deep" in colours:
            yield front, "deep", _TEXT_RATIO


def _colour(value: str, scheme: str, written: Mapping[str, str], depth: int = 0) -> str | None:
    """Return `#rrggbb` of a value; None where it is no colour that can be worked out."""
    if depth > _DEEPEST:
        return None
    value = value.strip()
    if match := _PAIR.fullmatch(value):
        return _colour(match[1 if scheme == "light" else 2], scheme, written, depth + 1)
    if match := _VARIABLE.fullmatch(value):
        inner = written.get(match[1], match[2] or "")
        return _colour(inner, scheme, written, depth + 1) if inner else None
    if match := _HEX.fullmatch(value):
        digits = match[1] if len(match[1]) == 6 else "".join(c * 2 for c in match[1])
        return f"#{digits.lower()}"
    if match := _RGB.fullmatch(value):
        return "#" + "".join(f"{min(int(part), 255):02x}" for part in match.groups())
    return _NAMED.get(value.lower())
