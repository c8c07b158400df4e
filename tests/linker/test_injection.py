"""Links go in and come out again without one changed byte, judged by a real renderer and parser."""

from __future__ import annotations

import gc
import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin
from selectolax.lexbor import LexborHTMLParser

from igny8.core.errors import InvalidInput
from igny8.linker.injection import existing_links, inject, scan, strip
from igny8.linker.types import BodyFormat

WORD = re.compile(r"\w+")
RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin)
CLOSED_TAGS = frozenset(
    """
    a h1 h2 h3 h4 h5 h6 code pre kbd samp script style textarea title blockquote q button nav
    figcaption caption th select label svg math template noscript iframe object summary xmp
    """.split()
)
WORDS = ["alpha", "beta", "gamma delta", "über", "x1", "foo_bar", "don't", "Ωmega", "内部", "a"]
MARKDOWN = """* ** _ __ *** ~~ ` `` [ ] ]( ](u) ( ) ![ [r] [r][] [z][r] <b> </b> <kbd> </kbd> <code>
</code> <a~href='u'> </a> <!--~c~--> <!-- --> <http://a.b> http://u.v/w_x \\* \\ &amp; & < ! ^ ^[
[^1] {{~x~}} { } | = [x~a="b"] [/x] <q> </q> <p> <td> <br> <script> </script> <button> </button>
<i~title=" "> " ' . ,""".split()
EMPHASIS = ["*", "**", "_", "~~", "`", "[", "]", "(u)", ")", ".", "!", "^", "\n"]
MARKDOWN_BREAKS = [
    "\n", "\r\n", "\r", "  \n", "\\\n", "\n\n", "\n\n> ", "\n> ", "\n\n# ", "\n===\n", "\n---\n",
    "\n\n- ", "\n  ", "\n    ", "\n\n    ", "\n\t", "\n\n```\n", "\n~~~\n", "\n\n1. ",
    "\n\n| a | b |\n|---|---|\n| c | d |\n", "\n|-|-|\n", "\n\n<div>\n", "\n</div>\n\n",
    "\n\n<blockquote>\n\n", "\n\n</blockquote>\n\n", "\n[r]: http://r\n", "\n\n[^1]: ",
    "\n\n<kbd>\n\n", "\u00a0", "\u2028", "\0",
]  # fmt: skip
TAGS = """p p div i a a code kbd q blockquote blockquote h2 h3 table table tr td th caption ul li dl
dt dd pre button select option svg g nav figure figcaption span label form section summary details
object template math mi noscript tbody thead frameset custom-x xmp tt body""".split()
HTML = [
    *(f"<{tag}>" for tag in TAGS),
    *(f"</{tag}>" for tag in TAGS),
    *"""<a~href='u'> <a~name=x> <br> <br/> <img~src=x> <!--~wp:p~--> <!-- --> <!--> <!x> <?x?> </>
    <![CDATA[x]]> <script> </script> <style> </style> <textarea> </textarea> <title> </title> &amp;
    &eacute; &nbsp; & < > <svg/> <g/> <i~title=" <i~title=' "> '> <b~x=> <b/c> <b~"x> [x] [x~a=1]
    [/x] <p/> </br> <hr> <input> <iframe> </iframe> <plaintext> <foreignObject>""".split(),
    "\n", "\r\n", "\n\n", "\u2028",
]  # fmt: skip


def spaced(marks: list[str]) -> list[str]:
    """In the lists above `~` stands for a blank within a mark."""
    return [mark.replace("~", " ") if len(mark) > 2 else mark for mark in marks]


def documents(marks: list[str]) -> st.SearchStrategy[str]:
    """Nasty documents: words and broken markup in any order, a few kinds of marks at a time."""
    some = st.lists(st.sampled_from(marks), min_size=1, max_size=8, unique=True)
    return some.flatmap(
        lambda chosen: st.lists(
            st.one_of(st.sampled_from(WORDS), st.sampled_from(chosen), st.just(" ")), max_size=40
        ).map("".join)
    )


def links_everywhere(body: str, body_format: BodyFormat, step: int) -> list[tuple[int, int, str]]:
    """Every `step`th word that the scan allows, as a link with a number."""
    found = [
        match.span()
        for span in scan(body, body_format).spans
        for match in WORD.finditer(body, span.start, span.end)
        if "_" not in body[max(match.start() - 1, 0) : match.start() + 1]
        and "_" not in body[match.end() - 1 : match.end() + 1]
    ]
    return [(a, b, f"igny8:{n}") for n, (a, b) in enumerate(found[::step])]


def judge(body: str, body_format: BodyFormat, links: list[tuple[int, int, str]]) -> None:
    """Parse the page before and after: same tree without the links, none where it must not be."""
    linked = inject(body, body_format, links)
    assert strip(linked, body_format, lambda link: link.href.startswith("igny8:")) == body
    if body_format == "html":
        before, after = LexborHTMLParser(body), LexborHTMLParser(linked)
    else:
        before, after = (LexborHTMLParser(RENDERER.render(text)) for text in (body, linked))
    found = after.css('a[href^="igny8:"]')
    anchors = {node.attributes["href"]: node.text() for node in found}
    assert anchors == {href: body[start:end] for start, end, href in links}
    assert len(found) == len(links)
    for node in found:
        parent = node.parent
        while parent is not None:
            assert parent.tag not in CLOSED_TAGS, f"{node.text()} stands in {parent.tag}"
            parent = parent.parent
    for node in found:
        node.unwrap()
    assert after.html == before.html


@settings(
    max_examples=250, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)
@given(documents(spaced(MARKDOWN) + MARKDOWN_BREAKS), st.integers(1, 3))
def test_links_in_any_markdown_change_nothing_but_themselves(body: str, step: int) -> None:
    judge(body, "markdown", links_everywhere(body, "markdown", step))


@settings(
    max_examples=400, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)
@given(documents(spaced(HTML)), st.integers(1, 3))
def test_links_in_any_html_change_nothing_but_themselves(body: str, step: int) -> None:
    judge(body, "html", links_everywhere(body, "html", step))


@settings(
    max_examples=250, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)
@given(documents(EMPHASIS), st.integers(1, 2))
def test_links_beside_emphasis_marks_keep_their_meaning(body: str, step: int) -> None:
    judge(body, "markdown", links_everywhere(body, "markdown", step))


PAGE_MARKDOWN = """# Heading alpha

Plain **bold alpha** and *soft* text, `code alpha`, [a link](http://x.y "title") and [ref alpha][r].
A wrapped
line, <kbd>key alpha</kbd>, AT&amp;T, www.alpha.com/alpha and ![image alpha](i.png).

    indented alpha

```
fenced alpha
```

> quoted alpha with [a link](quoted)

| head alpha | b |
|---|---|
| cell alpha | [t](cell) |

- item alpha
  goes on

<div>
raw alpha <a href="/raw">k</a>

inside alpha

</div>

[shortcode id="alpha"] and [box]boxed alpha[/box]

Note[^1].

[^1]: footnote alpha

[r]: http://ref.example
"""


def spans_of(body: str, body_format: BodyFormat) -> list[str]:
    return [body[s.start : s.end].strip() for s in scan(body, body_format).spans]


def test_markdown_spans_leave_out_every_closed_place() -> None:
    spans = spans_of(PAGE_MARKDOWN, "markdown")
    with_alpha = [span for span in spans if "alpha" in span]
    assert with_alpha == ["bold alpha", "cell alpha", "item alpha\n  goes on", "inside alpha"]
    assert "text," in " ".join(spans)
    assert "wrapped\nline," in " ".join(spans)


def test_markdown_links_are_found_wherever_they_stand() -> None:
    links = existing_links(PAGE_MARKDOWN, "markdown")
    assert [(link.href, link.anchor) for link in links] == [
        ("http://x.y", "a link"),
        ("http://ref.example", "ref alpha"),
        ("quoted", "a link"),
        ("cell", "t"),
        ("/raw", "k"),
    ]


def test_a_link_holds_no_other_link() -> None:
    links = existing_links("[a [b](inner) c](outer) ![d [e](f)](g.png)", "markdown")
    assert links[0].href == "inner"
    assert "outer" not in [link.href for link in links]


PAGE_HTML = (
    "<!-- wp:heading --><h2>Heading alpha</h2><!-- /wp:heading -->\r\n"
    '<!-- wp:paragraph {"a":"alpha"} -->\r\n<p title="alpha > alpha">One <b>alpha</b> &amp; more,'
    ' <a href="/x?a=1&amp;b=2">linked <i>alpha</i></a> tail.</p>\r\n<!-- /wp:paragraph -->\r\n'
    "<pre>alpha</pre><p><code>alpha</code><q>alpha</q><button>alpha</button></p>"
    "<figure><img alt='alpha'><figcaption>alpha</figcaption></figure>"
    "<table><tr><th>head alpha<tr><td>cell alpha</table>"
    "<blockquote><p>quoted alpha</p></blockquote><nav>alpha</nav>"
    '[gallery ids="alpha"][caption]alpha[/caption] [very common; alpha]'
    "<script>if (a < b) { alpha }</script><style>alpha{}</style>"
    "<!-- wp:shortcode -->alpha<!-- /wp:shortcode -->"
    "<ul><li>first alpha<li>second alpha</ul><svg><g/><text>alpha</text></svg><p>last alpha"
)


def test_html_spans_leave_out_every_closed_place() -> None:
    assert [span for span in spans_of(PAGE_HTML, "html") if "alpha" in span] == [
        "alpha",
        "cell alpha",
        "[very common; alpha]",
        "first alpha",
        "second alpha",
        "last alpha",
    ]


def test_html_links_carry_their_address_decoded() -> None:
    (link,) = existing_links(PAGE_HTML, "html")
    assert (link.href, link.anchor) == ("/x?a=1&b=2", "linked alpha")
    assert PAGE_HTML[link.text_start : link.text_end] == "linked <i>alpha</i>"


@pytest.mark.parametrize(
    ("body", "body_format", "linked"),
    [
        ("see alpha beta.\r\n", "markdown", "see [alpha beta](igny8:7).\r\n"),
        ("**alpha beta**, yes", "markdown", "**[alpha beta](igny8:7)**, yes"),
        ("- alpha beta\n", "markdown", "- [alpha beta](igny8:7)\n"),
        ("<p>alpha beta</p>\r\n", "html", '<p><a href="igny8:7">alpha beta</a></p>\r\n'),
    ],
)
def test_links_are_written_in_the_way_of_the_format(
    body: str, body_format: BodyFormat, linked: str
) -> None:
    start = body.index("alpha beta")
    assert inject(body, body_format, [(start, start + 10, "igny8:7")]) == linked
    assert strip(linked, body_format, {"igny8:7"}) == body


@pytest.mark.parametrize(
    ("body", "body_format"),
    [
        ("# alpha", "markdown"),
        ("`alpha`", "markdown"),
        ("[alpha](x)", "markdown"),
        ("wow!alpha", "markdown"),
        ("om**alpha**", "markdown"),
        ("alpha*)*", "markdown"),
        ("a ^alpha", "markdown"),
        ("<p>am<b>alpha</b></p>", "html"),
        ("<p>alpha<b>bet</b></p>", "html"),
        ("<p>alpha&eacute;</p>", "html"),
        ("<code><i>" + "<div>" * 9 + "</code>alpha", "html"),
        ("<a href=x>alpha", "html"),
        ("<a><table><td></a>alpha", "html"),
        ("<noscript><li></noscript>alpha", "html"),
        ("<script><!--<script></script>alpha", "html"),
    ],
)
def test_a_link_in_a_closed_place_is_refused(body: str, body_format: BodyFormat) -> None:
    start = body.index("alpha")
    with pytest.raises(InvalidInput):
        inject(body, body_format, [(start, start + 5, "igny8:1")])


def test_links_that_overlap_or_carry_blanks_are_refused() -> None:
    with pytest.raises(InvalidInput):
        inject("alpha beta", "markdown", [(0, 10, "igny8:1"), (6, 10, "igny8:2")])
    with pytest.raises(InvalidInput):
        inject("alpha beta", "markdown", [(0, 6, "igny8:1")])
    with pytest.raises(InvalidInput):
        inject("alpha beta", "markdown", [(0, 5, "http://x y")])


def test_strip_takes_only_the_links_that_are_wanted() -> None:
    body = "[one](igny8:1) [two](/two) <a href='/three'>three</a>"
    assert strip(body, "markdown", {"igny8:1"}) == "one [two](/two) <a href='/three'>three</a>"
    assert strip(body, "markdown", lambda link: True) == "one two three"


@pytest.mark.parametrize("body_format", ["markdown", "html"])
@pytest.mark.parametrize(
    "unit", ["[", "[a](", "`a ``b ", "<a ", "<!--", "<?", "*a ", "<i>x", "&a", "{{", '[a "', "a\n"]
)
def test_scanning_a_long_line_takes_linear_time(unit: str, body_format: BodyFormat) -> None:
    def seconds(size: int) -> float:
        body = unit * (size // len(unit))
        tries = []
        for _ in range(3):
            began = time.process_time()
            scan(body, body_format)
            tries.append(time.process_time() - began)
        return min(tries)

    # 32 times the text: a quadratic scan takes 1,024 times as long. The collector is off because
    # one of its full runs costs as much as the whole small scan.
    gc.disable()
    try:
        small, large = seconds(4_000), seconds(128_000)
    finally:
        gc.enable()
    assert large < 150 * small + 0.1
