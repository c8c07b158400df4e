"""A stored body as HTML."""

from __future__ import annotations

import pytest

from igny8.core.errors import InvalidInput
from igny8.text.bodies import body_to_html


def test_bodies_of_both_formats_are_sanitised_and_get_heading_ids() -> None:
    assert body_to_html("## Hi <b onclick=x>you</b>", "markdown") == (
        '<h2 id="hi-you">Hi <b>you</b></h2>\n'
    )
    assert body_to_html("<h2 onclick=x>Hi</h2>*no*", "html") == '<h2 id="hi">Hi</h2>*no*'
    with pytest.raises(InvalidInput, match="`rst`"):
        body_to_html("x", "rst")
