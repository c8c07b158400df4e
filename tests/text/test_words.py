"""Words, counts, stems and function words."""

from __future__ import annotations

import subprocess
import sys

import pytest

from igny8.text import words


def test_tokens_are_lower_case_words_without_punctuation() -> None:
    assert words.tokens("Hello, World! (Twice?)") == ["hello", "world", "twice"]


def test_both_kinds_of_apostrophe_are_one() -> None:
    assert words.tokens("Don’t use the client's 'quoted' words") == [
        "don't", "use", "the", "client's", "quoted", "words",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("e-mail", ["e", "mail"]),
        ("C++ or C#, 2.5 l", ["c++", "or", "c#", "2.5", "l"]),
        ("+foo a+b", ["foo", "a", "b"]),
        ("24/7 open", ["24", "7", "open"]),
        ("Cafe\u0301 Zu\u0308rich", ["café", "zürich"]),
        ("मुंबई होटल", ["मुंबई", "होटल"]),
        ("東京 hotel", ["東", "京", "hotel"]),
        ("soft\u00adhyphen", ["softhyphen"]),
        ("snake_case", ["snake", "case"]),
        ("", []),
        ("— … !", []),
    ],
)
def test_tokens_of_odd_words(text: str, expected: list[str]) -> None:
    assert words.tokens(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A well-known and/or rule.", 4),
        ("Mail me@example.com, see www.example.com/page", 4),
        ("one—two", 2),
        ("東京", 2),
        ("  ", 0),
        ("Don't stop", 2),
    ],
)
def test_count_counts_as_a_reader_does(text: str, expected: int) -> None:
    assert words.count(text) == expected


def test_stems_join_the_forms_of_a_word() -> None:
    assert len({words.stem(w) for w in ("clean", "cleaning", "Cleaned", "cleans")}) == 1
    assert words.stem("knives") == words.stem("knife")
    assert words.stem("client's") == "client"


def test_a_locale_stems_like_its_language() -> None:
    assert words.stem("Häuser", "de-AT") == words.stem("häuser", "de") != "häuser"
    assert words.stems("l'eau des chevaux", "fr_FR") == words.stems("eau des chevaux", "fr")


def test_a_language_without_a_stemmer_keeps_its_words() -> None:
    assert words.stem("Liczniki", "xx") == "liczniki"


def test_function_words_are_told_from_content_words() -> None:
    assert words.content_stems("How do I clean the oven's doors?") == ["clean", "oven", "door"]
    assert words.is_stop("Don’t")
    assert not words.is_stop("oven")


def test_english_function_words_mean_nothing_in_other_languages() -> None:
    assert not words.is_stop("the", "de")


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("box", "boxes"), ("cookie", "cookies"), ("battery", "batteries"), ("bus", "buses"),
        ("horse", "horses"), ("watch", "watches"), ("knife", "knives"), ("child", "children's"),
        ("shoe", "shoes"), ("tie", "ties"), ("house", "houses"), ("man", "mens"),
    ],
)  # fmt: skip
def test_a_plural_and_its_singular_share_a_key(one: str, many: str) -> None:
    assert words.plural_key(one) == words.plural_key(many)


@pytest.mark.parametrize(
    ("left", "right"),
    [("cleaner", "cleaning"), ("car", "care"), ("plan", "plane"), ("new", "news"), ("gas", "ga")],
)
def test_other_words_do_not_share_a_plural_key(left: str, right: str) -> None:
    assert words.plural_key(left) != words.plural_key(right)


def test_importing_words_does_not_import_the_stemmer() -> None:
    code = "import sys, igny8.text.words; sys.exit('snowballstemmer' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
