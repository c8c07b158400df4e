"""YAML read strictly and written so that it reads back."""

from __future__ import annotations

import time
from enum import StrEnum
from random import Random

import pytest
import yaml as pyyaml
from hypothesis import given, settings
from hypothesis import strategies as st

from igny8.core.errors import InvalidInput
from igny8.safety.yaml import (
    Comments,
    Place,
    comments,
    dump,
    load,
    load_marked,
    with_comments,
)


def test_plain_data_reads_as_written() -> None:
    text = (
        "title: Hello\nempty:\nnothing: ~\ncount: 3\nratio: 0.5\nmany: 1e3\nis_on: true\n"
        "tags: [a, 'b', \"c\\n\"]\ntext: |\n  one\n  two\nnested:\n  - x: 1\n  - y: false\n"
    )
    assert load(text) == {
        "title": "Hello", "empty": None, "nothing": None, "count": 3, "ratio": 0.5, "many": 1000.0,
        "is_on": True, "tags": ["a", "b", "c\n"], "text": "one\ntwo\n",
        "nested": [{"x": 1}, {"y": False}],
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["no", "NO", "yes", "on", "Off", "y", "12:30:00", "1:30", "2024-05-01", "2024-05-01 10:00:00",
     "007", "+49", "0x1f", "0o17", "1_000", ".5", "5.", ".inf", ".nan", "1.2.3", "<<", "="],
)  # fmt: skip
def test_words_that_older_yaml_turns_into_something_stay_text(text: str) -> None:
    assert load(f"a: {text}") == {"a": text}


def test_the_usual_loader_would_have_turned_them() -> None:
    loaded = pyyaml.safe_load("{a: NO, b: 12:30:00, c: 2024-05-01, d: 007}")
    assert not any(isinstance(value, str) for value in loaded.values())


def test_keys_are_text_and_keep_their_order() -> None:
    loaded = load("404: a\ntrue: b\nzebra: c\napple: d\n")
    assert isinstance(loaded, dict)
    assert list(loaded) == ["404", "true", "zebra", "apple"]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "key `a` appears twice"),
        ("x:\n  a: 1\n  a: 2\n", 3, "key `a` appears twice"),
        ("a: &x [1]\nb: *x\n", 2, r"alias `\*x`"),
        ("a: 1\nb: !!python/object/apply:os.system [ls]\n", 2, "tag"),
        ("a: !local 1\n", 1, "tag"),
        ("a: 1\n---\nb: 2\n", 2, "second YAML document"),
        ("a: 1\ntitle: Foo: bar\n", 2, "mapping values"),
        ("a: 1\n\tb: 2\n", 2, "not valid"),
        ("a: 1\nb: [1, 2\n", 3, "not valid"),
        ("? [a, b]\n: 1\n", 1, "key must be plain text"),
        ("a: 1\nb: x\x07y\n", 2, "control character"),
        ("a: 1\nb: x\ud800y\n", 2, "Unicode"),
        ("a: " + "9" * 5000, 1, "too large"),
        ("a: 1e999", 1, "too large"),
        ("a:\n  " + "[" * 40 + "]" * 40, 2, "32 levels"),
    ],
)
def test_faults_are_refused_with_file_and_line(text: str, line: int, message: str) -> None:
    with pytest.raises(InvalidInput, match=message) as caught:
        load(text, file="page.yaml")
    assert (caught.value.file, caught.value.line) == ("page.yaml", line)
    assert caught.value.message.startswith(f"page.yaml:{line}: ")


def test_a_colon_in_a_value_is_explained() -> None:
    with pytest.raises(InvalidInput) as caught:
        load("title: Foo: bar")
    assert caught.value.hint == "put a value that contains `: ` in quotes"


def test_without_a_file_the_message_still_says_the_line() -> None:
    with pytest.raises(InvalidInput, match="line 12: the key"):
        load("a: 1\na: 2\n", first_line=11)


def test_32_levels_are_enough_for_anybody() -> None:
    assert load("[" * 32 + "]" * 32) is not None


def test_bombs_are_refused_quickly() -> None:
    aliases = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{b}: &{b} [*{a},*{a},*{a},*{a},*{a},*{a},*{a},*{a},*{a}]\n"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    began = time.perf_counter()
    for bomb in (aliases, "[" * 5_000, "{a: " * 5_000, "- " * 5_000, "a: x" * 300_000):
        with pytest.raises(InvalidInput):
            load(bomb)
    assert time.perf_counter() - began < 2


def test_a_megabyte_is_the_limit_in_bytes() -> None:
    assert load("é" * 499_000) == "é" * 499_000
    with pytest.raises(InvalidInput, match="over 1 MB"):
        load("é" * 500_001, file="big.yaml")


def test_an_empty_document_is_nothing() -> None:
    assert load("") is None
    assert load("# only a comment\n") is None


class Status(StrEnum):
    DRAFT = "draft"


def test_what_is_written_is_easy_to_read() -> None:
    value = {
        "title": "Über: uns", "status": Status.DRAFT, "tags": ("a", "no", "2024-05-01", "1e5"),
        "body": "one\ntwo\n", "long": "word " * 60 + "end", "none": None, "on": True,
    }  # fmt: skip
    assert dump(value) == (
        "title: 'Über: uns'\nstatus: draft\ntags:\n- a\n- 'no'\n- '2024-05-01'\n- '1e5'\n"
        f"body: |\n  one\n  two\nlong: {'word ' * 60}end\nnone: null\n'on': true\n"
    )


def test_a_repeated_value_is_written_twice() -> None:
    shared = ["x"]
    assert load(dump({"a": shared, "b": shared})) == {"a": ["x"], "b": ["x"]}


@pytest.mark.parametrize(
    "value", [{1: "a"}, {"a": object()}, {"a": float("nan")}, {"a": {1}}, {"a": b"x"}, "a\ud800"]
)
def test_what_would_not_read_back_is_not_written(value: object) -> None:
    with pytest.raises(InvalidInput):
        dump(value)


def test_a_value_that_holds_itself_is_refused() -> None:
    loop: list[object] = []
    loop.append(loop)
    with pytest.raises(InvalidInput, match="32 levels"):
        dump(loop)


TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=30) | st.sampled_from(
    ["", "no", "1e5", "-", "---", "...", "a: b", "# x", " x ", "\n", "\n x", "x\n\n", "  a\nb", "'",
     "a\r\nb", "\ufeffx", "\u2028", "\x85", "*a", "&a", "!a", "%a", "@a", "`a", "? a", "null", "~"]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(VALUES)
def test_everything_written_reads_back_the_same(value: object) -> None:
    text = dump(value)
    again = load(text)
    assert again == value
    assert repr(again) == repr(value)
    assert dump(again) == text


MARKED = """# The whole site.

pages:   # in the order of the menu
  # The first thing people see.
  - slug: ''    # the root
    title: "Has # no comment"
    text: |
      words # and no comment
      # nor this
    # Asked every day.
    blocks:
      - faq: {items: [{question: a, answer: 'b # c'}]}  # short
  - {slug: café, title: Café} # closed on Mondays
menus:
  header: [café]
# Ask Mara before changing this.
"""


def test_a_value_knows_its_line_and_a_missing_one_that_of_what_it_is_missing_from() -> None:
    data, place = load_marked(MARKED, file="b.yaml")
    assert data == load(MARKED)
    page = place.at("pages", 0)
    assert page.line == 5
    assert page.at("blocks", 0, "faq", "items", 0, "answer").line == 12
    assert page.at("description").line == 5
    assert place.at("nothing").line == 3
    error = place.at("pages", 1, "title").error("is too short", hint="say more")
    assert (str(error), error.hint) == ("b.yaml:13: is too short", "say more")
    assert Place("b.yaml").line is None


def test_comments_are_told_from_signs_in_texts_and_belong_to_what_follows() -> None:
    said = comments(MARKED)
    assert said.above == {
        (): ("# The whole site.",),
        ("pages", 0): ("# The first thing people see.",),
        ("pages", 0, "blocks"): ("# Asked every day.",),
    }
    assert said.beside == {
        (): "# in the order of the menu",
        ("pages", 0): "# the root",
        ("pages", 0, "blocks", 0): "# short",
        ("pages", 1): "# closed on Mondays",
    }
    assert said.below == ("# Ask Mara before changing this.",)


def test_comments_outlive_writing_the_values_anew() -> None:
    value, said = load(MARKED), comments(MARKED)
    text = with_comments(dump(value), said)
    assert load(text) == value
    assert comments(text) == said
    assert with_comments(dump(load(text)), comments(text)) == text


def test_a_comment_on_what_is_gone_is_gone() -> None:
    text = with_comments(dump({"pages": [{"slug": "b"}]}), comments(MARKED))
    assert "short" not in text
    assert "# The whole site.\n" in text


def test_a_comment_beside_a_long_text_never_becomes_part_of_it() -> None:
    said = Comments(beside={("a",): "# mind this"})
    text = with_comments(dump({"a": "one\ntwo\n"}), said)
    assert load(text) == {"a": "one\ntwo\n"}
    assert "# mind this" in text


_words = st.text("a #:'\"-|>é\u2028\x85", max_size=8)
_plain = st.recursive(
    _words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_words, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(_plain, st.lists(st.text("a #:é", max_size=6), max_size=4), st.randoms())
def test_no_comment_ever_changes_what_is_read(
    value: object, said: list[str], random: Random
) -> None:
    text = dump(value)
    _, place = load_marked(text)
    chosen = [random.choice(sorted(place.lines, key=repr)) for _ in said]
    lines = [f"#{each}".rstrip() for each in said]
    half = len(said) // 2
    written = Comments(
        {steps: (line,) for steps, line in zip(chosen[:half], lines[:half], strict=True)},
        dict(zip(chosen[half:], lines[half:], strict=True)),
        ("# end",),
    )
    commented = with_comments(text, written)
    assert load(commented) == value
    assert all(line in commented for line in _spoken(written))
    again = with_comments(dump(load(commented)), comments(commented))
    assert with_comments(dump(load(again)), comments(again)) == again


def _spoken(said: Comments) -> list[str]:
    above = [line for lines in said.above.values() for line in lines]
    return [*above, *said.beside.values(), *said.below]
