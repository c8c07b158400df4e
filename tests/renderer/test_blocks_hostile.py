"""Hostile text in every field of every block comes out as text. Made from the schemas."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import types
import typing
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel
from selectolax.lexbor import LexborHTMLParser, LexborNode
from small_site import PAGES, ROOT, SITE, page, snapshot

from igny8.core.errors import InvalidInput
from igny8.renderer import layout_names, load_layout, render
from igny8.sitebuilder import block_states
from igny8.sitebuilder.blocks import BLOCKS, Href, Html, PageId, Src, parse_block
from igny8.sitebuilder.types import Block, NewsletterForm, PageKind, Person, Snapshot

LAYOUTS = layout_names([ROOT / "layouts"])
OWNED = "document.documentElement.dataset.owned=1"
PAYLOADS = (
    f"<script>{OWNED}</script>",
    f'"><img src=x onerror="{OWNED}">',
    f'" onmouseover="{OWNED}" autofocus onfocus="{OWNED}" x="',
    f"' onmouseover='{OWNED}' x='",
    f"</style><script>{OWNED}</script>",
    f"</title></textarea></script></svg></noscript><svg onload={OWNED}>",
    f"--><script>{OWNED}</script><!--",
    f"]]><script>{OWNED}</script>",
    f"javascript:{OWNED}",
    f'<a href="java\tscript:{OWNED}">x</a><form action="javascript:{OWNED}"><button>',
    f"<iframe srcdoc=\"<script>parent.{OWNED}</script>\"></iframe><base href='https://evil.example'>",
    "{{7*7777}}{% raw %}{# x #}${7*7777}",
    "\u202e\u2066gpj.exe\x00\x1b[31m\x9f",
    "&lt;script&gt;&#x3c;script&#x3e;",
    f"<scr\x00ipt>{OWNED}</scr\x00ipt>",
    f'<math><mi//xlink:href="data:x,<script>{OWNED}</script>">',
)
LINKS = (
    f"javascript:{OWNED}",
    f"JaVaScRiPt:{OWNED}",
    f"\x01javascript:{OWNED}",
    f"java\tscript:{OWNED}",
    f"data:text/html,<script>{OWNED}</script>",
    "vbscript:x",
    "//evil.example/x",
    "/\\evil.example/x",
    "\\\\evil.example",
    " /x",
)
# What the schemas let through, at its nastiest.
LINK, PICTURE = (
    f"https://x.example/\"onmouseover={OWNED}//'><b>{{{{7*7777}}}}",
    '/"onerror=x//<b>.svg',
)
MARKED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
URLS = ("href", "src", "action", "formaction", "poster", "srcset", "xlink:href", "data", "srcdoc")


def filled(kind: Any, text: str) -> Any:
    """Return a value for an annotation in which every text is `text`."""
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if kind == Href:
        return LINK
    if kind == Src:
        return PICTURE
    if kind in (str, Html, PageId):
        return text
    if origin is Literal:
        return args[0]
    if origin is tuple:
        return [filled(args[0], text)]
    if origin in (typing.Union, types.UnionType):
        return filled(str if str in args else args[0], text)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return {name: filled(each, text) for name, each in block_states.hints(kind).items()}
    return {bool: True, int: 1, float: 1.5}[kind]


def uses(type_: str, text: str) -> Iterator[Block]:
    """Yield the block with every field filled, once for each of its choices."""
    data = filled(BLOCKS[type_], text)
    yield Block(type_, data)
    for field, choice in block_states.choices(BLOCKS[type_]):
        yield Block(type_, {**data, field: choice})


def hostile(text: str) -> Snapshot:
    """Return a site in which a text stands in every field of every block, and around them.

    Stray characters are taken out where blocks are read; pages and sites have doors of their own.
    """
    blocks = [
        (type_, number, block)
        for type_ in BLOCKS
        if type_ != "slot"
        for number, block in enumerate(uses(type_, text))
    ]
    text = MARKED.sub("", text)
    person = Person(text, text, text, "/x/")
    pages = [
        page(
            f"{type_}-{number}",
            f"/b/{type_}-{number}/",
            title=text,
            summary=text,
            blocks=(block,),
            terms=(("tags", text),),
            structure_data={"price": "1", "currency": text, "specs": {text: text}, "role": text},
            author=person,
            related=("puncture",),
            parent_id="b",
        )
        for type_, number, block in blocks
    ]
    own = [replace(each, title=text, summary=text) for each in PAGES]
    search = page("search", "/search/", PageKind.SEARCH, title=text)
    listing = page("b", "/b/", PageKind.LISTING, title=text)
    site = replace(
        SITE,
        name=text,
        tagline=text,
        business=replace(SITE.business, street=text, legal_name=text, email=text),
        newsletter=NewsletterForm("https://letters.example/", text),
    )
    return snapshot(*own, listing, search, *pages, site=site)


def pages_of(site: Snapshot, name: str = "default") -> Iterator[tuple[str, str]]:
    layout = load_layout(name, [ROOT / "layouts"], [ROOT / "templates"])
    for each in render(site, layout):
        if each.path.endswith(".html"):
            yield each.path, each.content.decode()


def elements(html: str) -> Iterator[LexborNode]:
    root = LexborHTMLParser(html).root
    assert root is not None
    return root.traverse()


def assert_inert(path: str, html: str) -> None:
    assert not MARKED.search(html), path
    assert "54439" not in html, path
    for node in elements(html):
        given = {name: value or "" for name, value in node.attributes.items()}
        assert node.tag not in {"style", "iframe", "object", "embed", "base", "math"}, path
        if node.tag == "script":
            assert given == {"type": "application/ld+json"}, path
            json.loads(node.text())
        if node.tag == "meta":
            assert "http-equiv" not in given, path
        for name, value in given.items():
            assert not name.startswith("on"), (path, name)
            assert name != "style", path
            if name in URLS:
                scheme = re.match(r"[a-z+.-]+:", value.strip().lower())
                assert not scheme or scheme[0] in {"https:", "mailto:", "tel:"}, (path, value)
                assert not value.startswith(("//", "/\\")), (path, value)
        if node.tag == "form":
            assert given["action"] in {"/search/", "https://letters.example/"}, path


def skeleton(html: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the tags with their attributes' names; what is drawn from a name is left out."""
    return [
        (node.tag or "", tuple(sorted(node.attributes)))
        for node in elements(html)
        if node.tag not in {"-text", "path"}
    ]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_of_any_field_of_any_block_comes_alive(payload: str) -> None:
    for path, html in pages_of(hostile(payload)):
        assert_inert(path, html)


@pytest.mark.parametrize("name", LAYOUTS)
def test_no_layout_lets_a_text_come_alive(name: str) -> None:
    for path, html in pages_of(hostile("".join(PAYLOADS)), name):
        assert_inert(path, html)


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_hostile_text_makes_the_same_elements_as_a_harmless_one(name: str) -> None:
    harmless = {path: skeleton(html) for path, html in pages_of(hostile("word"), name)}
    for path, html in pages_of(hostile(PAYLOADS[1] + PAYLOADS[0] + PAYLOADS[2]), name):
        if "rich_text" not in path:  # its HTML is meant to make elements; the sanitiser judges it
            assert skeleton(html) == harmless[path], path


def test_template_syntax_is_printed_as_it_was_typed() -> None:
    found = dict(pages_of(hostile(PAYLOADS[11])))
    assert "{{7*7777}}{% raw %}{# x #}" in found["b/stats-0/index.html"]


def link_fields(schema: type[BaseModel], place: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the way to every field that takes a link or a picture."""

    def within(kind: Any, here: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        if kind in (Href, Src):
            yield here
        elif isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from link_fields(kind, here)
        elif typing.get_origin(kind) is not Annotated:
            for arg in typing.get_args(kind):
                yield from within(arg, here)

    for name, kind in block_states.hints(schema).items():
        yield from within(kind, (*place, name))


@pytest.mark.parametrize("link", LINKS)
def test_every_field_for_a_link_refuses_what_could_run_or_lead_away_unseen(link: str) -> None:
    ways = [(type_, way) for type_ in BLOCKS for way in link_fields(BLOCKS[type_])]
    assert ("gallery", ("items", "image")) in ways
    assert ("pricing", ("items", "action", "href")) in ways
    for type_, way in ways:
        data = filled(BLOCKS[type_], "word")
        parse_block(type_, data)
        inner = data
        for step in way[:-1]:
            inner = inner[step][0] if isinstance(inner[step], list) else inner[step]
        inner[way[-1]] = link
        with pytest.raises(InvalidInput, match=r"a link starts with|a picture is a file"):
            parse_block(type_, data)


@pytest.mark.drill
@pytest.mark.parametrize("name", LAYOUTS)
def test_nothing_runs_in_a_real_browser(tmp_path: Path, name: str) -> None:
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        pytest.skip("no Chromium here")
    wrapped = []
    for number, payload in enumerate(PAYLOADS):
        together = tuple(one for type_ in BLOCKS if type_ != "slot" for one in uses(type_, payload))
        site = hostile(payload)
        one = replace(site.pages[-1], blocks=together)
        found = dict(pages_of(replace(site, pages=(one,)), name))
        wrapped.append((f"{number}.html", found[f"{one.path[1:]}index.html"]))
    for path, html in pages_of(hostile("".join(PAYLOADS)), name):
        wrapped.append((path.replace("/", "-"), html))
    for file, html in wrapped:
        (tmp_path / file).write_text(html, "utf-8")
    trap = f'<img src=x onerror="{OWNED}">'
    (tmp_path / "trap.html").write_text(f"<!DOCTYPE html><title>x</title>{trap}", "utf-8")
    # One page after the other in frames of one page, so that one browser sees them all.
    frames = "".join(f'<iframe src="{each}"></iframe>' for each in ["trap.html", *dict(wrapped)])
    script = (
        "onload=()=>{document.title=[...document.querySelectorAll('iframe')].filter(f=>"
        "f.contentDocument.documentElement.dataset.owned).map(f=>f.getAttribute('src')).join()}"
    )
    (tmp_path / "all.html").write_text(f"<!DOCTYPE html>{frames}<script>{script}</script>", "utf-8")
    done = subprocess.run(
        [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--allow-file-access-from-files",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--virtual-time-budget=20000",
            "--dump-dom",
            (tmp_path / "all.html").as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    title = re.search(r"<title>(.*?)</title>", done.stdout)
    assert title is not None, done.stderr[-2000:]
    assert title[1] == "trap.html"
