"""Slugs of titles."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from igny8.text.slugs import MAX_LENGTH, slugify, unique


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Hello, World!", "hello-world"),
        ("Don’t stop: it's 50% off", "dont-stop-its-50-off"),
        ("Straße nach Köln", "strasse-nach-koln"),
        ("STRASSE", "strasse"),
        ("Łódź, Đakovo & Þingvellir", "lodz-dakovo-thingvellir"),
        ("Smørrebrød æble œuvre", "smorrebrod-aeble-oeuvre"),
        ("İstanbul ve Ilıca", "istanbul-ve-ilica"),
        ("Москва, Київ", "moskva-kiiv"),
        ("Ελλάδα", "ellada"),
        ("ﬁne ½ m² №5", "fine-1-2-m2-no5"),
        ("  --a__b--  ", "a-b"),
        ("C++ vs C#", "c-vs-c"),
        ("co\u00adoperate", "cooperate"),
    ],
)
def test_titles_become_slugs(text: str, slug: str) -> None:
    assert slugify(text) == slug
    assert slugify(slug) == slug


@pytest.mark.parametrize("text", ["", "😀", "-", "\u200f", "日本語", "!!!"])
def test_what_leaves_nothing_gets_the_fallback(text: str) -> None:
    assert slugify(text) == "item"
    assert slugify(text, fallback="section") == "section"


def test_long_titles_are_cut_at_a_word() -> None:
    slug = slugify("considerable " * 20)
    assert slug == "-".join(["considerable"] * 5)
    assert slugify("x" * 200) == "x" * MAX_LENGTH
    assert slugify("a" * 75 + " b") == "a" * 75
    assert slugify("a" * 37 + " " + "b" * 37) == "a" * 37 + "-" + "b" * 37


def test_taken_slugs_get_the_next_number() -> None:
    assert unique("a", set()) == "a"
    assert unique("a", {"a"}) == "a-2"
    assert unique("a", {"a", "a-2", "a-4"}) == "a-3"
    assert unique("x" * 75, {"x" * 75}) == "x" * 73 + "-2"


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.text())
def test_every_slug_is_fit_for_a_url_and_a_file_name(text: str) -> None:
    slug = slugify(text)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= MAX_LENGTH
    assert slugify(slug) == slug


def test_slugs_need_no_parser() -> None:
    code = (
        "import sys, igny8.text.slugs\n"
        "sys.exit(any(name in sys.modules for name in ('markdown_it', 'selectolax', 'nh3')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
