"""Where sentences begin and end. `|` marks each end that must be found, and no other may be."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from igny8.text.sentences import spans, split


@pytest.mark.parametrize(
    "marked",
    [
        "Dr. Smith met Mrs. Jones at 5 p.m.|They left on Friday.|It was late.",
        "It costs $5.99.|That is 3.5 times more.|Prices start at approx. $10 a unit.",
        "Version 2.0 is out.|3 people came.|We had 12.|Nobody cared.",
        "J. R. R. Tolkien wrote it.|George W. Bush did not.|Take plan B.|The other failed.",
        'He said "Stop!"|Then he left.|"Really?" he asked.|“Yes.”|She nodded.',
        "He asked, 'Why?'|Nobody knew.|(Not even she.)|The end",
        "Wait... what?|Well…|Paris is nice.|Hmm...|The end",
        "Visit example.com.|Use e.g. Node.js, i.e. the runtime.|See fig. 3 and No. 5.|No.|Wrong.",
        "Acme Inc. Europe makes it.|He works at Acme Inc.|The company is big.",
        "The U.S. Government says so.|It stays in the U.S.|The law is clear.",
        "I love the sun.|Birds sing.|Turn it on.|This is art.|One more rep.|Rest.|Eat a fig.|Go.",
        "iPhone sales rose.|eBay fell.|Were they common!!!|Are they?!|Yes.",
        "He lives on Main St.|The shop is in St. John.",
        "As in Wong et al. (2010) and pp. 5 to 7.|He was born c. 1990.|He has a Ph.D.|The end.",
        "So do I.|Then we go.|I. Newton and A. Einstein agree.",
        "1. Mix the flour.|Wait.",
        "One line\nand the next.|Another",
        "Heading\n\n|A paragraph.|\n\nAnother",
        "Das kostet z. B. 5 Euro.|Am 3. Oktober ist frei.|Prof. Dr. Müller kam bzw. ging.|Ende.",
        "M. Dupont arrive.|Mme. Curie part.|Où va-t-on ?|À Paris.",
        "El Sr. García llegó.|¿Qué pasa?|¡Hola!|La Sra. López también.",
        "これは文です。|次の文です！|ほんと？",
        "It is great.|😀 nice",
        "!!!",
        "No end",
    ],
)
def test_sentences_end_where_a_reader_ends_them(marked: str) -> None:
    expected = [piece.strip() for piece in marked.split("|")]
    assert split(marked.replace("|", " " if "。" not in marked else "")) == expected


def test_nothing_has_no_sentences() -> None:
    assert split("") == split(" \n\n \t ") == []


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.text(st.sampled_from("ab AB.!?…\"')(\n 1。Dr\t") | st.characters(), max_size=60))
def test_spans_cover_all_but_white_space_in_order(text: str) -> None:
    end = 0
    for start, stop in spans(text):
        assert not text[end:start].strip()
        assert start < stop
        assert text[start:stop] == text[start:stop].strip()
        end = stop
    assert not text[end:].strip()


def test_odd_text_takes_linear_time() -> None:
    began = time.perf_counter()
    for text in ("a. ", "A.", "x", ".", " \n", "1. ", "(. ", '" '):
        spans(text * 50_000)
    assert time.perf_counter() - began < 5
