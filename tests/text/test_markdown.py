"""Markdown as published HTML, headings and text."""

from __future__ import annotations

import hashlib
import re
import time

import markdown_it
import nh3
import pytest

from igny8.core.errors import InvalidInput
from igny8.text import html
from igny8.text.markdown import RENDERER_VERSION, headings, plain, render

EVERYTHING = """\
# Title *here*[^1]

A [link](igny8:ct_01kAbC#x "t"), an [outside one](https://x.example/?a=1&b=2), ~~gone~~ and \
<kbd>Ctrl</kbd>. www.example.com stays text.

Title here
---

- [ ] to **do**
- [x] done
  - [X] nested

| a | b |
|:-:|--:|
| 1 | 2 |

```python
if a < b:

    pass
```

![alt](/a.png)  \nnext

[^1]: A *note*.
"""


def test_everything_renders_as_expected() -> None:
    assert render(EVERYTHING) == (
        '<h1 id="title-here">Title <em>here</em><sup class="footnote-ref">'
        '<a href="#user-fn1" id="user-fnref1">[1]</a></sup></h1>\n'
        '<p>A <a href="igny8:ct_01kAbC#x" title="t">link</a>, an '
        '<a href="https://x.example/?a=1&amp;b=2" rel="noopener">outside one</a>, <s>gone</s> and '
        "<kbd>Ctrl</kbd>. www.example.com stays text.</p>\n"
        '<h2 id="title-here-2">Title here</h2>\n'
        '<ul class="contains-task-list">\n'
        '<li class="task-list-item">☐ to <strong>do</strong></li>\n'
        '<li class="task-list-item">☑ done\n<ul class="contains-task-list">\n'
        '<li class="task-list-item">☑ nested</li>\n</ul>\n</li>\n</ul>\n'
        "<table>\n<thead>\n<tr>\n"
        '<th class="has-text-align-center">a</th>\n<th class="has-text-align-right">b</th>\n'
        "</tr>\n</thead>\n<tbody>\n<tr>\n"
        '<td class="has-text-align-center">1</td>\n<td class="has-text-align-right">2</td>\n'
        "</tr>\n</tbody>\n</table>\n"
        '<pre><code class="language-python">if a &lt; b:\n\n    pass\n</code></pre>\n'
        '<p><img src="/a.png" alt="alt"><br>\nnext</p>\n'
        '<hr class="footnotes-sep">\n<section class="footnotes">\n<ol class="footnotes-list">\n'
        '<li id="user-fn1" class="footnote-item"><p>A <em>note</em>. '
        '<a href="#user-fnref1" class="footnote-backref">↩︎</a></p>\n</li>\n</ol>\n</section>\n'
    )


def test_the_renderer_version_changes_with_what_it_renders() -> None:
    digest = hashlib.sha256(render(EVERYTHING).encode()).hexdigest()[:12]
    assert (RENDERER_VERSION, digest) == (
        "markdown-it-py/4 commonmark+table+strikethrough+footnote+tasks nh3/0.3 igny8/1",
        "d1bfdc05a345",
    ), "stored bodies are keyed by RENDERER_VERSION: raise its last number"
    assert f"markdown-it-py/{markdown_it.__version__.split('.')[0]} " in RENDERER_VERSION
    assert f"nh3/{'.'.join(nh3.__version__.split('.')[:2])} " in RENDERER_VERSION


def test_html_in_markdown_passes_the_door() -> None:
    hostile = (
        "<div onclick=alert(1)>a</div>\n\n<script>alert(1)</script>\n\n"
        "b <img src=x onerror=alert(1)> [c](javascript:alert(1)) <javascript:alert(1)>\n\n"
        "![d](data:text/html,x) <a href='java&#10;script:x'>e</a>\n\n<style>*{}</style>"
    )
    rendered = render(hostile)
    live = re.compile(r"<[^>]*(onclick|onerror|javascript:|data:)|<script|<style")
    unsafe = markdown_it.MarkdownIt("commonmark").render(hostile)
    assert live.search(unsafe), "the control: Markdown alone lets it through"
    assert not live.search(rendered)
    assert '<img src="x">' in rendered


def test_task_boxes_are_only_made_where_a_task_list_has_them() -> None:
    assert "☐" not in render("[ ] no list\n\n- [ ]\n- [y] no\n- `[ ] code`\n\n1. x [ ] y")
    assert render("1. [x] counted").startswith('<ol class="contains-task-list">')


def test_headings_carry_the_ids_of_the_rendered_page() -> None:
    found = headings("# One & *two*\n\n## Setup\n\n## Setup\n\n### 😀\n\n## Main\n")
    assert found == (
        html.Heading(1, "One & two", "one-two"),
        html.Heading(2, "Setup", "setup"),
        html.Heading(2, "Setup", "setup-2"),
        html.Heading(3, "😀", "section"),
        html.Heading(2, "Main", "main-2"),
    )


def test_plain_text_is_what_a_reader_sees() -> None:
    assert plain(EVERYTHING) == (
        "Title here\n\n"
        "A link, an outside one, gone and Ctrl. www.example.com stays text.\n\n"
        "Title here\n\n☐ to do\n\n☑ done\n\n☑ nested\n\na\tb\n\n1\t2\n\n"
        "if a < b:\n\n    pass\n\nnext\n\nA note."
    )


def test_the_same_text_gives_the_same_bytes_again() -> None:
    first = render(EVERYTHING)
    render("[^1] [^1]\n\n[^1]: other\n\n# Title here")
    assert render(EVERYTHING) == first


@pytest.mark.parametrize(
    "piece",
    [">", "[", "*a_ ", "- ", "`", "![[", "[a](<", "|", "&", "<", "^[", "[^", "[^1]", "\\", "#"],
)
def test_odd_markdown_renders_without_delay(piece: str) -> None:
    began = time.perf_counter()
    render(piece * 2_000 + "x\n\n[^1]: y")
    assert time.perf_counter() - began < 3


def test_endless_nesting_is_refused() -> None:
    with pytest.raises(InvalidInput, match="open inside each other"):
        render("<div>" * 5_000)
