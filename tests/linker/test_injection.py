"""Links go into text that stands, and come out again without a trace."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from igny8.linker.injection import existing_links, href_of, inject, scan, strip

_PIECES = st.sampled_from(
    [
        "wheel truing ",
        "and more text. ",
        "\n\n",
        "\r\n\r\n",
        "# Head wheel truing\n\n",
        "`wheel truing` ",
        "```\nwheel truing\n```\n\n",
        "[wheel truing](https://a.example) ",
        "![wheel truing](x.png) ",
        "> wheel truing\n\n",
        "| wheel truing | b |\n| --- | --- |\n| wheel truing | c |\n\n",
        "<a href='/x'>wheel truing</a> ",
        "<h2>wheel truing</h2>\n\n",
        "**wheel truing** ",
        "émoji 🚲 &amp; ",
        "[shortcode wheel truing] ",
        "<!-- wp:paragraph -->\n",
    ]
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(_PIECES, max_size=12), st.sampled_from(["markdown", "html"]))
def test_a_link_taken_out_again_leaves_every_byte(pieces: list[str], body_format: str) -> None:
    body = "".join(pieces)
    spans = [
        (start, start + len("wheel truing"))
        for span in scan(body, body_format).spans  # type: ignore[arg-type]
        for start in [body.find("wheel truing", span.start, span.end)]
        if start >= 0
    ]
    links = [(start, end, href_of(f"con_{number}")) for number, (start, end) in enumerate(spans)]
    linked = inject(body, body_format, links)  # type: ignore[arg-type]
    assert (linked == body) is (not links)
    taken = strip(linked, body_format, lambda link: link.href.startswith("igny8:"))  # type: ignore[arg-type]
    assert taken == body
    found = existing_links(linked, body_format)  # type: ignore[arg-type]
    assert sum(link.href.startswith("igny8:") for link in found) == len(links)


@pytest.mark.parametrize(
    "body",
    [
        "# wheel truing\n",
        "`wheel truing`\n",
        "```\nwheel truing\n```\n",
        "[wheel truing](/x/)\n",
        "![wheel truing](x.png)\n",
    ],
)
def test_nothing_is_linked_where_a_link_does_not_belong(body: str) -> None:
    places = [body[span.start : span.end] for span in scan(body, "markdown").spans]
    assert not any("wheel truing" in place for place in places)
