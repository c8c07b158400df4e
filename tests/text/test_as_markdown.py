"""HTML as Markdown says the same words: what it reads as, rendered again, is what was there."""

from __future__ import annotations

import html as entities

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from igny8.text import as_markdown, html, markdown


def words(text: str) -> list[str]:
    return html.plain(text).split()


@pytest.mark.parametrize(
    ("given_html", "expected"),
    [
        ("<h2 id='a'>A <em>b</em></h2><p>c</p>", "## A *b*\n\nc\n"),
        ('<p><a href="/a (b)/">x</a> <a href="#y">y</a></p>', "[x](/a%20%28b%29/) y\n"),
        ('<p><img src="/f.png" alt="A *b*"></p>', "![A \\*b\\*](/f.png)\n"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c\n"),
        ('<ol start="3"><li>a</li><li>b</li></ol>', "3. a\n4. b\n"),
        ("<pre><code>a\n  ```\n</code></pre>", "````\na\n  ```\n````\n"),
        ("<p>a <code>b`c</code></p>", "a ``b`c``\n"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b\n"),
        ("<p>1. a<br># b<br>- c</p>", "1\\. a\\\n\\# b\\\n\\- c\n"),
        (
            "<p>2 < 3 &amp;lt; a_b _c_ [d] <b>e</b></p>",
            "2 < 3 &amp;lt; a_b \\_c\\_ \\[d\\] **e**\n",
        ),
        ("<dl><dt>Time</dt><dd>A day</dd></dl>", "**Time**\n\nA day\n"),
        ('<div><a href="/c"><h3>Card</h3><p>text</p></a></div>', "[Card text](/c)\n"),
        ("<nav>a</nav><form>b</form><p hidden>c</p><svg><text>d</text></svg>", ""),
        ('<p>a<span aria-hidden="true">→</span> <button>b</button></p>', "a\n"),
        ("<p><strong>£14</strong><span>2 h</span><b>x</b></p>", "£14 2 h**x**\n"),
        (
            "<table><tr><th>A</th><th>B|C</th></tr><tr><td>1<br>2</td></tr></table>",
            "| A | B\\|C |\n| --- | --- |\n| 1 2 |  |\n",
        ),
    ],
)
def test_html_becomes_the_markdown_that_one_would_write(given_html: str, expected: str) -> None:
    assert as_markdown.from_html(given_html) == expected


TEXT = st.text(st.sampled_from("ab1 .*_`~[]()<>#-+=!|\\&;:x"), min_size=1, max_size=12)
INLINE = st.recursive(
    TEXT.map(entities.escape),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag.split()[0]}>",
        st.sampled_from(["b", "em", "s", "code", 'a href="/x/"', "span"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=5,
)
LINE = st.lists(INLINE, min_size=1, max_size=4).map("".join)
BLOCK = st.recursive(
    st.builds(lambda tag, line: f"<{tag}>{line}</{tag}>", st.sampled_from(["p", "h2", "h4"]), LINE),
    lambda inner: st.builds(
        lambda tag, parts: (
            f"<{tag}>" + "".join(f"<li>{part}</li>" for part in parts) + f"</{tag}>"
            if tag != "blockquote"
            else f"<blockquote>{''.join(parts)}</blockquote>"
        ),
        st.sampled_from(["ul", "ol", "blockquote"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(BLOCK, min_size=1, max_size=3).map("".join))
def test_markdown_of_any_html_renders_to_the_same_words(given_html: str) -> None:
    made = as_markdown.from_html(given_html)
    assert "".join(words(markdown.render(made))) == "".join(words(given_html)), made
