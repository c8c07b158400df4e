"""The door for SVG files from outside: what may stay is named here. Draws nothing.

An SVG is a document: it can hold script, fetch from elsewhere and expand without end. What is
neither shape, text nor paint goes; a file that declares entities is refused.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from math import ceil, isfinite
from xml.parsers import expat

from igny8.core.errors import InvalidInput
from igny8.safety.images import inspect

SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
MAX_BYTES = 2_000_000
_MAX_ELEMENTS = 50_000
_MAX_DEPTH = 100
_MAX_USES = 2_000  # a figure that repeats a figure that repeats … grows without end

TAGS = frozenset(
    str.split("""
    animate animateMotion animateTransform circle clipPath defs desc ellipse feBlend feColorMatrix
    feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap
    feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge
    feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile
    feTurbulence filter g image line linearGradient marker mask mpath path pattern polygon
    polyline radialGradient rect stop style svg switch symbol text textPath title tspan use view
    """)
)
ATTRIBUTES = frozenset(
    str.split("""
    accumulate additive alignment-baseline amplitude aria-hidden aria-label aria-labelledby
    attributeName azimuth baseFrequency baseline-shift begin bias by calcMode class clip-path
    clip-rule clipPathUnits color color-interpolation color-interpolation-filters cx cy d
    diffuseConstant direction display divisor dominant-baseline dur dx dy edgeMode elevation end
    exponent fill fill-opacity fill-rule filter filterUnits flood-color flood-opacity font-family
    font-size font-size-adjust font-stretch font-style font-variant font-weight fr from fx fy
    gradientTransform gradientUnits height href id image-rendering in in2 intercept isolation k1 k2
    k3 k4 kernelMatrix kernelUnitLength keyPoints keySplines keyTimes lang lengthAdjust
    letter-spacing lighting-color limitingConeAngle marker-end marker-mid marker-start markerHeight
    markerUnits markerWidth mask mask-type maskContentUnits maskUnits max method min
    mix-blend-mode mode numOctaves offset opacity operator order orient origin overflow
    paint-order path pathLength patternContentUnits patternTransform patternUnits points
    pointsAtX pointsAtY pointsAtZ preserveAlpha preserveAspectRatio primitiveUnits r radius refX
    refY repeatCount repeatDur result role rotate rx ry scale seed shape-rendering side slope
    space spacing specularConstant specularExponent spreadMethod startOffset stdDeviation
    stitchTiles stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap
    stroke-linejoin stroke-miterlimit stroke-opacity stroke-width style surfaceScale
    systemLanguage tableValues targetX targetY text-anchor text-decoration text-rendering
    textLength to transform transform-origin type unicode-bidi values vector-effect version
    viewBox visibility width word-spacing writing-mode x x1 x2 xChannelSelector y y1 y2
    yChannelSelector z
    """)
)
# What an animation may change: never where something leads.
_MOVABLE = ATTRIBUTES - {"href", "style", "class", "id", "attributeName"}

_FOREIGN_NAMES = frozenset({(_XLINK, "href"), (_XML, "space"), (_XML, "lang")})
_ANIMATIONS = frozenset({"animate", "animateMotion", "animateTransform"})
_UNSAFE_CSS = re.compile(r"@|\\|<|//|expression|script|binding|image-set|src\(", re.IGNORECASE)
_URL = re.compile(r"url\(\s*([\"']?)\s*([^)\"']*)\1\s*\)", re.IGNORECASE)
_DATA_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,([A-Za-z0-9+/=\s]+)")
_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+)\s*(?:px)?\s*")


@dataclass(frozen=True, slots=True)
class Svg:
    """A cleaned SVG. Its size in pixels, where it says one; `removed` names what had to go."""

    data: bytes
    width: int | None
    height: int | None
    removed: tuple[str, ...]


def is_svg(data: bytes) -> bool:
    """Whether these bytes begin as an SVG does: markup whose first element is `svg`."""
    head = data[:4096].decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    head = re.sub(r"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(\[.*?\])?[^>]*>", "", head, flags=re.S)
    return re.match(r"\s*<(\w+:)?svg[\s/>]", head) is not None


def clean(data: bytes) -> Svg:
    """Return what may be published of an SVG file; cleaning it again changes nothing.

    Script, event handlers, foreign objects, links, references to other files and all elements and
    attributes outside the tables above go. Raises InvalidInput for what is no SVG, declares
    entities, or is too large.
    """
    if len(data) > MAX_BYTES:
        raise InvalidInput(
            f"the SVG has more than {MAX_BYTES // 1_000_000} MB", hint="simplify its paths"
        )
    writing = _Writing()
    try:
        writing.read(data)
    except expat.ExpatError as error:
        raise InvalidInput(
            f"the SVG is damaged: {expat.ErrorString(error.code)} in line {error.lineno}",
            hint="save it anew",
        ) from error
    return writing.done()


class _Writing:
    """Reads an SVG and writes it anew, of allowed parts only."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._open: list[str] = []
        self._skipping = 0
        self._style: list[str] | None = None
        self._count = self._uses = 0
        self._removed: dict[str, None] = {}
        self._root: dict[str, str] = {}
        self._namespace = SVG

    def read(self, data: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._entity
        parser.Parse(data, True)

    def done(self) -> Svg:
        width, height = _size(self._root)
        text = "".join(self._out) + "\n"
        return Svg(text.encode(), width, height, tuple(self._removed))

    def _doctype(self, _name: str, _system: str | None, _public: str | None, inner: bool) -> None:
        if inner:
            self._entity()

    def _entity(self, *_: object) -> None:
        raise InvalidInput("the SVG declares entities", hint="save it as plain SVG")

    def _start(self, full: str, attributes: dict[str, str]) -> None:
        space, _, name = full.rpartition(" ")
        if not self._count:
            if name != "svg" or space not in ("", SVG):
                raise InvalidInput("this is no SVG: its first element is not `svg`")
            self._namespace = space  # without one it would show nothing: it gets SVG's
        self._count += 1
        self._uses += name == "use"
        if self._count > _MAX_ELEMENTS or self._uses > _MAX_USES:
            raise InvalidInput("the SVG has too many elements", hint="simplify it")
        if len(self._open) + self._skipping > _MAX_DEPTH:
            raise InvalidInput("the SVG is nested too deeply", hint="simplify it")
        if name == "a" and space == self._namespace and not self._skipping:
            self._removed["<a>"] = None
            name = "g"  # what a link shows stays
            attributes = {k: v for k, v in attributes.items() if not k.endswith("href")}
        moves = name in _ANIMATIONS and attributes.get("attributeName", "d") not in _MOVABLE
        if self._skipping or space != self._namespace or name not in TAGS or moves:
            # An editor's own notes are no loss worth a word.
            if not self._skipping and space == self._namespace and name != "metadata":
                self._removed[f"<{name}>"] = None
            self._skipping += 1
            return
        kept = self._kept(name, attributes)
        if not self._open:
            self._root = dict(kept)
            kept = {"xmlns": SVG, **kept}
        self._open.append(name)
        written = "".join(f' {key}="{_quoted(value)}"' for key, value in kept.items())
        self._out.append(f"<{name}{written}>")
        if name == "style":
            self._style = []

    def _kept(self, tag: str, attributes: Mapping[str, str]) -> dict[str, str]:
        kept: dict[str, str] = {}
        for full, value in attributes.items():
            space, _, name = full.rpartition(" ")
            if space and (space, name) not in _FOREIGN_NAMES:
                continue
            if name in ATTRIBUTES and _is_inert(tag, name, value):
                kept[f"xml:{name}" if space == _XML else name] = value
            elif not name.startswith(("data-", "enable-background")):
                self._removed[name] = None
        return kept

    def _end(self, _name: str) -> None:
        if self._skipping:
            self._skipping -= 1
            return
        if self._style is not None:
            css = "".join(self._style)
            self._style = None
            if _is_inert_css(css):
                self._out.append(escape(css, quote=False))
            else:
                self._removed["<style>"] = None
        self._out.append(f"</{self._open.pop()}>")

    def _text(self, text: str) -> None:
        if self._skipping or not self._open:
            return
        if self._style is not None:
            self._style.append(text)
        else:
            self._out.append(escape(text, quote=False))


def _is_inert(tag: str, name: str, value: str) -> bool:
    if name == "href":
        if value.strip().startswith("#"):
            return True
        picture = _DATA_PICTURE.fullmatch(value.strip()) if tag == "image" else None
        return picture is not None and _is_picture(picture[1])
    if name == "style":
        return _is_inert_css(value)
    if "script:" in value.lower():
        return False  # no attribute kept here runs it; none needs it either
    return all(target.strip().startswith("#") for _, target in _URL.findall(value)) and (
        "url(" not in _URL.sub("", value).lower()
    )


def _is_inert_css(css: str) -> bool:
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return not _UNSAFE_CSS.search(bare) and _is_inert("", "", bare)


def _is_picture(encoded: str) -> bool:
    try:
        inspect(base64.b64decode(encoded))
    except (InvalidInput, binascii.Error):
        return False
    return True


def _quoted(value: str) -> str:
    return escape(value).replace("\n", "&#10;").replace("\t", "&#9;").replace("\r", "&#13;")


def _size(root: Mapping[str, str]) -> tuple[int | None, int | None]:
    """Width and height as the file says them, or as its view box does."""
    sides = [_LENGTH.fullmatch(root.get(side, "")) for side in ("width", "height")]
    if sides[0] and sides[1]:
        return _pixels(float(sides[0][1])), _pixels(float(sides[1][1]))
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    try:
        numbers = [float(number) for number in box]
    except ValueError:
        return None, None
    if len(numbers) != 4 or not all(map(isfinite, numbers)):
        return None, None
    return _pixels(numbers[2]), _pixels(numbers[3])


def _pixels(length: float) -> int | None:
    return ceil(length) if 0 < length <= 100_000 else None
