"""One HTML page that shows a theme: its colours, type and shape, then every block. Pure.

It stands alone: style, drawings and pictures are in it, and nothing in it leads anywhere.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any

from igny8.renderer import gallery_site
from igny8.renderer.layouts import Layout
from igny8.renderer.rendering import render
from igny8.renderer.stylesheet import stylesheet
from igny8.renderer.theme import Palette, Ratio, palette, ratios
from igny8.sitebuilder.types import Block, Page, PageKind, SiteFacts, Snapshot

# These show something of the page they stand on, or ask for more than one page.
_LEFT_OUT = frozenset(
    str.split("author_box breadcrumbs facts hero page_header pagination related search tags toc")
)
_HEAD_LINK = re.compile(r"<link\b[^>]*>\s*|<script\b.*?</script>\s*", re.DOTALL)
_MAIN = re.compile(r"<main\b[^>]*>")
_DOOR = re.compile(r'((?:<a\b[^>]*?\shref|<form\b[^>]*?\saction)=")(?!#)[^"]*(")')
_PICTURE = re.compile(r'(\ssrc=")([^"]*)(")')
_STEPS = (5, 4, 3, 2, 1, 0)
_SCHEMES = ("system", "light", "dark")
_STYLE = """
.theme-bar{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;margin-block:1rem 2rem}
.theme-bar label{display:inline-flex;gap:.5rem;align-items:center;min-block-size:1.75rem}
.theme-roles{display:grid;grid-template-columns:repeat(auto-fill,minmax(11rem,1fr));gap:1rem;
margin:0 0 3rem;padding:0;list-style:none;font-size:var(--step--1)}
.theme-roles span{display:block;block-size:3.25rem;border:1px solid var(--border)}
.theme-roles div{display:grid;grid-template-columns:1fr 1fr;margin-block-end:.5rem}
.theme-page h2{margin-block:2.5rem 1rem}
.theme-type>p{margin:0 0 .5rem;line-height:1.15;font-family:var(--font-display);
font-weight:var(--weight-display);letter-spacing:var(--tracking-display)}
.theme-type .prose{margin-block:1.5rem}
:root:has(#theme-light:checked){color-scheme:light}
:root:has(#theme-dark:checked){color-scheme:dark}
"""


def preview(
    layout: Layout, facts: SiteFacts, fonts: str, examples: Mapping[str, Mapping[str, Any]]
) -> bytes:
    """Return the page for the theme in `facts`, in a layout, with the data of block examples."""
    colours = palette(facts.theme.brand)
    made = {each.path: each for each in render(_snapshot(facts, examples), layout)}
    page = made["index.html"].content.decode()
    pictures = {
        each.path: _data_url(each.content, each.media_type)
        for each in (*made.values(), *gallery_site.pictures(colours))
        if each.media_type.startswith("image/")
    }
    prefix = "/" + re.sub(r"^https?://[^/]+/?", "", facts.base_url).strip("/")
    css = stylesheet(layout, colours, facts.theme.preset, fonts).decode()
    page = _HEAD_LINK.sub("", page)
    page = page.replace("</head>", f"<style>{css}{_STYLE}</style>\n</head>", 1)
    page = _PICTURE.sub(lambda match: _inline(match, pictures, prefix), page)
    page = _DOOR.sub(r"\1#\2", page)
    tokens = "".join(_tokens(facts, fonts, colours))
    return _MAIN.sub(lambda match: match[0] + tokens, page, count=1).encode()


def _snapshot(facts: SiteFacts, examples: Mapping[str, Mapping[str, Any]]) -> Snapshot:
    blocks = tuple(Block(type_, data) for type_, data in examples.items() if type_ not in _LEFT_OUT)
    hero = Block("hero", examples["hero"]) if "hero" in examples else None
    home = Page(
        "home",
        "/",
        PageKind.HOME,
        f"{facts.name}: theme",
        blocks=(hero, *blocks) if hero else blocks,
        is_noindex=True,
    )
    business = gallery_site.business(str)
    return Snapshot(replace(facts, business=business), (home, *gallery_site.pages(str)))


def _tokens(facts: SiteFacts, fonts: str, colours: Palette) -> Iterator[str]:
    theme = facts.theme
    yield '<section class="section theme-page"><div class="wrap">'
    yield f"<h1>{escape(facts.name)}</h1>"
    yield (
        f"<p>Layout <code>{escape(facts.layout)}</code>, brand <code>{escape(theme.brand)}</code>, "
        f"preset <code>{escape(theme.preset)}</code>, fonts <code>{escape(fonts)}</code>.</p>"
    )
    yield '<div class="theme-bar" role="group" aria-label="Colour scheme">'
    for scheme in _SCHEMES:
        checked = " checked" if scheme == "system" else ""
        yield (
            f'<label><input type="radio" name="theme-scheme" id="theme-{scheme}"{checked}> '
            f"{scheme}</label>"
        )
    yield "</div><h2>Colours</h2><ul class='theme-roles'>"
    for role, light in colours.light.items():
        dark = colours.dark[role]
        yield (
            f'<li><div><span style="background:{light}"></span>'
            f'<span style="background:{dark}"></span></div>'
            f"<strong>{role}</strong><br><code>{light}</code> <code>{dark}</code></li>"
        )
    yield "</ul><h2>Contrast</h2>"
    yield from _contrasts(ratios(colours))
    yield "<h2>Type</h2><div class='theme-type'>"
    for step in _STEPS:
        yield f'<p style="font-size:var(--step-{step})">Step {step}: {escape(facts.name)}</p>'
    yield f"<div class='prose'>{gallery_site.body(str)}</div></div></div></section>"


def _contrasts(found: Sequence[Ratio]) -> Iterator[str]:
    yield '<div class="scroller" role="region" aria-label="Contrast" tabindex="0"><table>'
    yield (
        "<thead><tr><th scope='col'>Role</th><th scope='col'>On, at worst</th>"
        "<th scope='col'>Light</th><th scope='col'>Dark</th><th scope='col'>Asked</th></tr></thead>"
    )
    for each in found:
        yield (
            f"<tr><th scope='row'>{each.role}</th><td>{each.ground}</td>"
            f"<td>{each.light:.1f}</td><td>{each.dark:.1f}</td><td>{each.least:g}</td></tr>"
        )
    yield "</table></div>"


def _inline(match: re.Match[str], pictures: Mapping[str, str], prefix: str) -> str:
    path = match[2].removeprefix(prefix).lstrip("/")
    return match[1] + pictures.get(path, match[2]) + match[3]


def _data_url(content: bytes, media_type: str) -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"
