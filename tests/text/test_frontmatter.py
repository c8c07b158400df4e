"""Front matter and body, apart and together."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from igny8.core.errors import InvalidInput
from igny8.text.frontmatter import join, split


def test_metadata_and_body_come_apart() -> None:
    text = "---\ntitle: 'A: b'\ndate: 2026-01-02\ntags: [x, y]\n---\n\n# Body\n"
    assert split(text) == (
        {"title": "A: b", "date": "2026-01-02", "tags": ["x", "y"]},
        "\n# Body\n",
    )


def test_text_without_front_matter_is_all_body() -> None:
    for text in ("", "# Body\n", "\n---\na: 1\n---\n", "--- x\n---\n", "----\n", "a\n---\nb"):
        assert split(text) == ({}, text)


def test_empty_front_matter_is_no_metadata() -> None:
    assert split("---\n---\nBody") == ({}, "Body")
    assert split("---\n# a comment\n---") == ({}, "")


def test_windows_line_ends_and_a_byte_order_mark_are_read() -> None:
    assert split("\ufeff---\r\na: 1\r\n---\r\nBody\r\nend") == ({"a": 1}, "Body\r\nend")


def test_a_rule_in_the_body_ends_nothing() -> None:
    assert split("---\na: 1\n---\nx\n\n---\n\ny") == ({"a": 1}, "x\n\n---\n\ny")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\na: 1\nno end\n", 1),
        ("---\n- a\n---\n", 2),
        ("---\njust text\n---\n", 2),
        ("---\na: 1\na: 2\n---\n", 3),
        ("---\na: 1\nb: 2\ntitle: x: y\n---\n", 4),
        ("---\na: &x 1\nb: *x\n---\n", 3),
    ],
)
def test_faults_name_the_line_of_the_file(text: str, line: int) -> None:
    with pytest.raises(InvalidInput) as caught:
        split(text, file="a.md")
    assert (caught.value.file, caught.value.line) == ("a.md", line)


def test_writing_is_readable() -> None:
    assert join({"title": "Hello", "tags": ["a"]}, "Body\n") == (
        "---\ntitle: Hello\ntags:\n- a\n---\nBody\n"
    )
    assert join({}, "Body") == "Body"


BODIES = st.text(
    st.sampled_from("-\r\n ab#\ufeff\t") | st.characters(exclude_categories=("Cs",)), max_size=30
) | st.sampled_from(["---", "---\n", "---\r\na: 1\n---\n", "\n\n", "\r", "x\r\ny", "\ufeff---\n"])
META = st.dictionaries(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=8),
    st.none() | st.integers() | st.booleans() | st.sampled_from(["x\n---\ny\n", "---", "a: b", ""])
    | st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=8), max_size=3),
    max_size=3,
)  # fmt: skip


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(META, BODIES)
def test_a_round_trip_keeps_metadata_and_every_character_of_the_body(
    meta: dict[str, object], body: str
) -> None:
    assert split(join(meta, body)) == (meta, body)
