"""Responsive pictures: which sizes and formats a picture gets, and the HTML that offers them.

Pure: what is planned here `picture_files` makes. A plan depends on the file's hash and size alone.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from urllib.parse import quote

from markupsafe import Markup

from igny8.safety.html import ATTRIBUTE_PATTERN
from igny8.text.slugs import slugify

WIDTHS = (320, 480, 640, 960, 1280, 1920)
LARGEST = 2560  # no screen shows a page's picture wider
RECIPE = "1"  # changes whenever the same plan is to give other bytes
SIZES = "(max-width: 46rem) 100vw, 46rem"
FOLDER = "assets/pictures"

_BEST_FIRST = ("avif", "webp")
_SUFFIX = {"jpeg": "jpg"}
_TOO_NEAR = 0.85  # a width so near the whole one saves nobody anything
_FALLBACK = 1280  # what browsers get that choose no width
_IMG = re.compile(
    rf"(<picture\b.*?</picture>)|<img((?:{ATTRIBUTE_PATTERN})*)\s*/?>", re.DOTALL | re.IGNORECASE
)
_ATTRIBUTE = re.compile(r' ([^\s"=<>/]+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Source:
    """A picture file of the site. `url` is root-relative; width and height are as shown."""

    url: str
    sha256: str
    format: str
    width: int
    height: int
    alt: str = ""
    is_moving: bool = False


@dataclass(frozen=True, slots=True)
class Variant:
    """One file that is made of a picture. `path` is where it lies below the site's root."""

    path: str
    format: str
    width: int
    height: int


@dataclass(frozen=True)
class Picture:
    """A picture and what is made of it. `whole` takes the place of the file that was given.

    It is the widest variant of the file's own format. A moving picture and one of one pixel have
    no variants: they are shown as they are.
    """

    source: Source
    whole: Variant
    variants: tuple[Variant, ...] = ()

    @cached_property
    def formats(self) -> tuple[str, ...]:
        """Formats to offer, the best first, the file's own last."""
        return tuple(dict.fromkeys(each.format for each in self.variants))

    def of(self, format_: str) -> tuple[Variant, ...]:
        """Variants of one format, the narrowest first."""
        return tuple(each for each in self.variants if each.format == format_)


def plan(source: Source, widths: tuple[int, ...] = WIDTHS) -> Picture:
    """Decide what is made of a picture: never wider than it is, best formats first."""
    own = source.url.removeprefix("/")
    if source.is_moving or source.width < 2:
        return Picture(source, Variant(own, source.format, source.width, source.height))
    largest = min(source.width, LARGEST)
    whole = Variant(own, source.format, largest, _height(source, largest))
    chosen = [width for width in sorted(set(widths)) if width <= largest * _TOO_NEAR] + [largest]
    better = _BEST_FIRST[: _better_than(source.format)]
    narrower = chosen[:-1] if source.format != "gif" else []
    return Picture(
        source,
        whole,
        (
            *(_variant(source, format_, width) for format_ in better for width in chosen),
            *(_variant(source, source.format, width) for width in narrower),
            whole,
        ),
    )


def picture_html(
    picture: Picture,
    *,
    alt: str | None = None,
    sizes: str = SIZES,
    prefix: str = "",
    is_eager: bool = False,
    width: int | None = None,
    attributes: str = "",
) -> Markup:
    """Return the picture's HTML: `<picture>` with all formats, `<img>` for one that has none.

    `alt` None takes the file's own. `width` is that of an image of a fixed size in CSS pixels.
    `prefix` goes before every address (a site below a path). `attributes` are written as they are,
    after the `<img`'s own. Eager is for the one picture that is seen first.
    """
    source = picture.source
    shown = min(width or source.width, picture.whole.width)
    if width:
        sizes = f"(max-width: {shown}px) 100vw, {shown}px"
    *better, own = picture.formats or (source.format,)
    parts = [
        f'<source type="image/{format_}" srcset="{_srcset(picture.of(format_), prefix)}" '
        f'sizes="{html.escape(sizes)}">'
        for format_ in better
    ]
    candidates = picture.of(own)
    fallback = next(
        (each for each in reversed(candidates) if each.width <= _FALLBACK), picture.whole
    )
    img = [f'<img src="{_address(fallback, prefix)}"']
    if len(candidates) > 1:
        img.append(f'srcset="{_srcset(candidates, prefix)}" sizes="{html.escape(sizes)}"')
    img.append(f'alt="{html.escape(source.alt if alt is None else alt)}"')
    img.append(f'width="{shown}" height="{_height(source, shown)}"')
    img.append('fetchpriority="high"' if is_eager else 'loading="lazy" decoding="async"')
    tag = " ".join(img) + attributes + ">"
    made = f"<picture>{''.join(parts)}{tag}</picture>" if parts else tag
    return Markup(made)  # noqa: S704  (escaped above; attributes come from sanitised HTML)


def rewrite(
    body: str,
    find: Callable[[str], Picture | None],
    *,
    prefix: str = "",
    sizes: str = SIZES,
    is_first_eager: bool = False,
) -> str:
    """Return sanitised HTML in which every `<img>` that `find` knows offers all its variants.

    `find` is given the address as the HTML has it, unescaped. Other images load lazily too;
    pictures that the author made responsive stay as they are. `is_first_eager`: the body's first
    image is the first of the page.
    """
    if "<img" not in body:
        return body
    waiting = is_first_eager

    def replaced(match: re.Match[str]) -> str:
        nonlocal waiting
        is_eager, waiting = waiting, False
        if match[1] is not None:
            return match[1]
        given = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(match[2])}
        picture = None if "srcset" in given else find(given.get("src", ""))
        if picture is None:
            return _lazy(match[2], given, is_eager=is_eager)
        width = given.get("width", "")
        kept = "".join(
            f' {name}="{html.escape(given[name])}"'
            for name in ("class", "dir", "id", "lang", "title")
            if name in given
        )
        return picture_html(
            picture,
            alt=given.get("alt") or None,
            sizes=sizes,
            prefix=prefix,
            is_eager=is_eager,
            width=int(width) if width.isdigit() and int(width) else None,
            attributes=kept,
        )

    if "<picture" in body:
        return _IMG.sub(replaced, body)
    # Patterns that look for images read every letter of every page; this looks at images alone.
    first, *pieces = body.split("<img")
    return first + "".join(_IMG.sub(replaced, f"<img{piece}", count=1) for piece in pieces)


def references(body: str) -> Iterator[str]:
    """Yield the addresses of all images of a piece of sanitised HTML, unescaped."""
    for match in _IMG.finditer(body):
        for name, value in _ATTRIBUTE.findall(match[2] or ""):
            if name == "src":
                yield html.unescape(value)


def _lazy(attributes: str, given: dict[str, str], *, is_eager: bool) -> str:
    if is_eager:
        added = ' fetchpriority="high"'
        attributes = _ATTRIBUTE.sub(lambda m: "" if m[1] == "loading" else m[0], attributes)
    else:
        added = "" if "loading" in given else ' loading="lazy"'
        added += "" if "decoding" in given else ' decoding="async"'
    return f"<img{attributes}{added}>"


def _better_than(format_: str) -> int:
    return _BEST_FIRST.index(format_) if format_ in _BEST_FIRST else len(_BEST_FIRST)


def _variant(source: Source, format_: str, width: int) -> Variant:
    named = hashlib.sha256(f"{RECIPE}:{source.sha256}:{format_}:{width}".encode()).hexdigest()
    stem = slugify(PurePosixPath(source.url).stem, fallback="picture")
    path = f"{FOLDER}/{stem}-{width}.{named[:10]}.{_SUFFIX.get(format_, format_)}"
    return Variant(path, format_, width, _height(source, width))


def _height(source: Source, width: int) -> int:
    return max(1, round(source.height * width / source.width))


def _srcset(variants: tuple[Variant, ...], prefix: str) -> str:
    return ", ".join(f"{_address(each, prefix)} {each.width}w" for each in variants)


def _address(variant: Variant, prefix: str) -> str:
    # `quote` leaves nothing that HTML or a srcset would read as its own.
    return f"{html.escape(prefix)}/{quote(variant.path)}"
