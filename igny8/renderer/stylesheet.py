"""The one stylesheet of a site: colour roles, preset, then the layout's CSS files in order."""

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


def stylesheet(layout: Layout, colours: Palette, preset: str) -> bytes:
    """Return the CSS, minified. Raises NotFound for a preset or file that no folder holds."""
    parts = [colours.css(), _file(layout, f"_tokens/presets/{preset}.css", preset)]
    parts += [_file(layout, name, preset) for name in layout.styles]
    return minify("".join(parts)).encode()


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


def _file(layout: Layout, name: str, preset: str) -> str:
    for folder in layout.folders():
        path = folder / name
        if path.is_file():
            return path.read_text("utf-8")
    if name.startswith("_tokens/presets/"):
        known = [p.stem for f in layout.folders() for p in (f / "_tokens/presets").glob("*.css")]
        raise NotFound.named("preset", preset, known)
    raise NotFound(f"layout `{layout.name}` names `{name}`, which none of its folders holds")
