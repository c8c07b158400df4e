"""SVG files: what they draw stays, what could run, fetch or grow without end does not."""

from __future__ import annotations

import base64
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from igny8.core.errors import InvalidInput
from igny8.safety.svg import ATTRIBUTES, TAGS, clean, is_svg

DRAWING = b"""<?xml version="1.0" encoding="UTF-8"?>
<!-- by an editor -->
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
     xmlns:i="http://ns.example/editor" width="24" height="12.5px" viewBox="0 0 24 24" i:zoom="3">
  <title>A &amp; B</title><metadata><i:notes/></metadata>
  <defs><linearGradient id="a"><stop offset="0" stop-color="#f00"/></linearGradient></defs>
  <style>.x { fill: url(#a) }</style>
  <g transform="translate(1)"><path class="x" d="M0 0h10v10z" fill="url(#a)"/></g>
  <use xlink:href="#a"/><text x="1" xml:space="preserve"> hello <tspan>world</tspan></text>
</svg>"""


def around(inside: str, attributes: str = "") -> bytes:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 10 10" {attributes}><rect width="9" height="9"/>{inside}</svg>'
    ).encode()


def picture(format_: str = "PNG") -> str:
    buffer = io.BytesIO()
    Image.new("RGB", (2, 2)).save(buffer, format_)
    return base64.b64encode(buffer.getvalue()).decode()


def test_a_drawing_keeps_its_shapes_text_and_paint() -> None:
    made = clean(DRAWING)
    text = made.data.decode()
    for part in (
        "<title>A &amp; B</title>",
        '<path class="x" d="M0 0h10v10z" fill="url(#a)"></path>',
        "<style>.x { fill: url(#a) }</style>",
        '<use href="#a">',
        " hello <tspan>world</tspan>",
        'width="24"',
    ):
        assert part in text
    assert "editor" not in text
    assert (made.width, made.height, made.removed) == (24, 13, ())


HOSTILE = {
    "script": "<script>alert(1)</script>",
    "script of a file": '<script xlink:href="https://evil.example/x.js"/>',
    "handler": '<rect onload="alert(1)" width="1"/>',
    "handler in capitals": '<rect onClick="alert(1)"/>',
    "foreign object": '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml" '
    'onload="alert(1)"/></foreignObject>',
    "html": '<h:img xmlns:h="http://www.w3.org/1999/xhtml" src="x" onerror="alert(1)"/>',
    "link": '<a xlink:href="javascript:alert(1)"><text>press</text></a>',
    "plain link": '<a href="https://evil.example/"><text>press</text></a>',
    "picture from elsewhere": '<image href="https://evil.example/x.png"/>',
    "picture of a script": '<image href="data:image/svg+xml;base64,PHN2Zy8+"/>',
    "use of elsewhere": '<use href="https://evil.example/x.svg#a"/>',
    "use of data": '<use xlink:href="data:image/svg+xml,evil.example#a"/>',
    "paint from elsewhere": '<rect fill="url(https://evil.example/x.svg#a)"/>',
    "paint in quotes": "<rect fill=\"url('//evil.example/x#a')\"/>",
    "paint left open": '<rect fill="url(https://evil.example/"/>',
    "style from elsewhere": "<style>rect { fill: url(//evil.example/) }</style>",
    "imported style": '<style>@import "https://evil.example/x.css";</style>',
    "escaped style": "<style>@\\69mport 'evil.example'; * { fill: u\\72l(evil.example) }</style>",
    "style attribute": '<rect style="fill: url(https://evil.example/)"/>',
    "commented url": '<rect style="fill: url/**/(https://evil.example/)"/>',
    "set": '<set attributeName="xlink:href" to="javascript:alert(1)"/>',
    "animated link": '<animate attributeName="href" values="javascript:alert(1)"/>',
    "animated handler": '<animate attributeName="onload" to="alert(1)"/>',
    "base": '<rect xml:base="https://evil.example/"/>',
    "filter picture": '<filter><feImage href="https://evil.example/x.png"/></filter>',
    "instruction": '<?xml-stylesheet href="https://evil.example/x.css"?>',
    "comment": "<!-- evil.example alert -->",
    "character data": "<style><![CDATA[@import 'evil.example';]]></style>",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_what_could_run_or_fetch_is_taken_out_and_the_rest_stays(name: str) -> None:
    made = clean(around(HOSTILE[name]))
    text = made.data.decode()
    for word in ("alert", "evil.example", "javascript", "onload", "onclick", "onerror", "<script"):
        assert word not in text.lower(), text
    assert '<rect width="9" height="9"></rect>' in text
    assert made.removed or name in ("html", "instruction", "comment", "base")


def test_a_link_goes_and_what_it_shows_stays() -> None:
    text = clean(around(HOSTILE["link"])).data.decode()
    assert "<g><text>press</text></g>" in text


def test_a_picture_inside_stays_if_it_is_one() -> None:
    kept = clean(around(f'<image href="data:image/png;base64,{picture()}"/>'))
    assert b"data:image/png" in kept.data
    lying = clean(around('<image href="data:image/png;base64,aGVsbG8="/>'))
    assert b"data:" not in lying.data


@pytest.mark.parametrize(
    "before",
    [
        '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_entities_are_refused(before: str) -> None:
    data = before.encode() + around("<text>&b;</text>" if "&a;" in before else "<text>&x;</text>")
    with pytest.raises(InvalidInput, match="entities"):
        clean(data)


def test_a_doctype_that_declares_nothing_is_no_harm() -> None:
    doctype = b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">'
    data = doctype + around("")
    assert is_svg(data)
    assert b"DOCTYPE" not in clean(data).data


@pytest.mark.parametrize(
    "inside", ["<g>" * 200 + "</g>" * 200, "<g/>" * 60_000, '<use href="#a"/>' * 3_000]
)
def test_endless_files_are_refused(inside: str) -> None:
    with pytest.raises(InvalidInput, match=r"deeply|too many"):
        clean(around(inside))


@pytest.mark.parametrize("data", [b"", b"<svg", b"<html><svg/></html>", b"<svg></g>", b"hello"])
def test_what_is_no_svg_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        clean(data)


def test_a_file_without_its_namespace_gets_it() -> None:
    made = clean(b'<svg width="1e999" height="2"><rect/></svg>').data
    assert made.startswith(b'<svg xmlns="http://www.w3.org/2000/svg"')


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="30" height="20"', (30, 20)),
        ('width="100%" height="100%"', (10, 10)),
        ("", (10, 10)),
        ('width="3in" height="1in"', (10, 10)),
    ],
)
def test_its_size_is_what_it_says_or_its_view_box(attributes: str, size: tuple[int, int]) -> None:
    made = clean(around("", attributes))
    assert (made.width, made.height) == size


_TREES = st.recursive(
    st.text(max_size=8),
    lambda inner: st.tuples(
        st.sampled_from([*sorted(TAGS), "script", "a", "set", "foreignObject"]),
        st.dictionaries(
            st.sampled_from([*sorted(ATTRIBUTES), "onload", "xlink:href"]),
            st.sampled_from(["#a", "url(#b)", "javascript:x", "url(//h)", "1 2", '"<&', "\n\t"]),
            max_size=3,
        ),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


def _xml(tree: object) -> str:
    from html import escape

    if isinstance(tree, str):
        return escape("".join(c for c in tree if c.isprintable()))
    assert isinstance(tree, tuple)
    name, attributes, inner = tree
    written = "".join(
        f' {key}="{escape(value).replace(chr(10), "&#10;")}"' for key, value in attributes.items()
    )
    return f"<{name}{written}>{''.join(map(_xml, inner))}</{name}>"


@settings(max_examples=150, deadline=None)
@given(_TREES)
def test_cleaning_again_changes_nothing(tree: object) -> None:
    once = clean(around(_xml(tree)))
    again = clean(once.data)
    assert again.data == once.data
    assert again.removed == ()
    assert b"javascript" not in once.data
    assert b"<script" not in once.data
