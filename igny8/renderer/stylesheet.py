"""The one stylesheet of a site: colour roles, preset, the layout's CSS files in order, fonts.

Presets and fonts are files below `layouts/_tokens/`, whose first comment says what they are like.
"""

from __future__ import annotations

import hashlib
import re

from igny8.core.errors import NotFound
from igny8.renderer.layouts import Layout
from igny8.renderer.theme import Palette

# Strings are kept as they are; comments go; white space shrinks.
_PIECE = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|/\*.*?\*/|\s+', re.DOTALL)
_AROUND = re.compile(r" ?([{};,>]) ?")
_AFTER_COLON = re.compile(r"(--[\w-]+|[\w-]+): ")


OWN_FONTS = "layout"
_FOLDERS = {"preset": "_tokens/presets", "fonts": "_tokens/fonts"}
_ABOUT = re.compile(r"\s*/\*\s*(.*?)\s*\*/", re.DOTALL)


def stylesheet(layout: Layout, colours: Palette, preset: str, fonts: str = OWN_FONTS) -> bytes:
    """Return the CSS, minified. Raises NotFound for what no folder holds."""
    parts = [colours.css(), _token(layout, "preset", preset)]
    parts += [_file(layout, name) for name in layout.styles]
    # Last, so that they win over fonts that the layout has chosen for itself.
    parts.append(_token(layout, "fonts", fonts))
    return minify("".join(parts)).encode()


def choices(layout: Layout, kind: str) -> dict[str, str]:
    """Return all presets (kind `preset`) or pairs of fonts (`fonts`): name → what it is like.

    The nearest folder's file of a name wins, as it does in the stylesheet.
    """
    found: dict[str, str] = {}
    for folder in layout.folders():
        for path in sorted((folder / _FOLDERS[kind]).glob("*.css")):
            about = _ABOUT.match(path.read_text("utf-8"))
            found.setdefault(path.stem, " ".join(about[1].split()) if about else "")
    return dict(sorted(found.items()))


def fingerprinted(name: str, content: bytes) -> str:
    """Return an asset's path with its content's hash: `assets/site.1a2b3c4d5e.css`."""
    stem, dot, suffix = name.rpartition(".")
    return f"assets/{stem}.{hashlib.sha256(content).hexdigest()[:10]}{dot}{suffix}"


def minify(css: str) -> str:
    """Drop comments and spare white space. Selectors' and calc()'s spaces stay."""
    strings: list[str] = []

    def piece(match: re.Match[str]) -> str:
        text = match[0]
        if text[0] in "\"'":
            strings.append(text)
            return f"\0{len(strings) - 1}\0"
        return "" if text.startswith("/*") else " "

    css = _PIECE.sub(piece, css)
    css = _AROUND.sub(r"\1", css).replace(";}", "}")
    css = _AFTER_COLON.sub(r"\1:", css)
    return re.sub("\0(\\d+)\0", lambda match: strings[int(match[1])], css).strip()


def _token(layout: Layout, kind: str, name: str) -> str:
    found = _found(layout, f"{_FOLDERS[kind]}/{name}.css")
    if found is None:
        raise NotFound.named(kind, name, choices(layout, kind), list_with="igny8 sitebuilder theme")
    return found


def _file(layout: Layout, name: str) -> str:
    found = _found(layout, name)
    if found is None:
        raise NotFound(f"layout `{layout.name}` names `{name}`, which none of its folders holds")
    return found


def _found(layout: Layout, name: str) -> str | None:
    paths = (folder / name for folder in layout.folders())
    return next((path.read_text("utf-8") for path in paths if path.is_file()), None)
