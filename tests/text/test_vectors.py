"""TF-IDF, neighbours, BM25 and shingles against their definitions."""

from __future__ import annotations

import math
import random

import pytest

from igny8.text import vectors

DOCS = [["red", "shoe"], ["blue", "shoe"], ["red", "shoe", "sale"], ["garden", "hose"], []]


def _random_rows(count: int) -> list[vectors.Vector]:
    chance = random.Random(7)
    terms = [f"t{i}" for i in range(40)]
    return vectors.tfidf([chance.sample(terms, chance.randint(1, 5)) for _ in range(count)])


def test_rows_have_length_one_and_empty_documents_stay_empty() -> None:
    *rows, empty = vectors.tfidf(DOCS)
    assert all(math.isclose(sum(v * v for v in row.values()), 1.0) for row in rows)
    assert empty == {}


def test_a_rare_term_weighs_more_than_a_common_one() -> None:
    row = vectors.tfidf(DOCS)[1]
    assert row["blue"] > row["shoe"]


def test_weights_scale_terms_and_zero_removes_them() -> None:
    row = vectors.tfidf(DOCS, {"blue": 0.0})[1]
    assert row == {"shoe": 1.0}


def test_cosine_is_one_for_the_same_direction_and_zero_for_nothing_shared() -> None:
    rows = vectors.tfidf(DOCS)
    assert vectors.cosine(rows[0], rows[0]) == pytest.approx(1.0)
    assert vectors.cosine(rows[0], rows[3]) == 0
    assert vectors.cosine(rows[0], rows[4]) == 0


@pytest.mark.parametrize("minimum", [0.0, 0.3])
def test_neighbours_are_the_exact_nearest_rows(minimum: float) -> None:
    rows = _random_rows(200)
    found = vectors.neighbours(rows, k=7, minimum=minimum)
    for index, row in enumerate(rows):
        everyone = [vectors.cosine(row, other) for i, other in enumerate(rows) if i != index]
        best = [s for s in sorted(everyone, reverse=True)[:7] if s > minimum]
        assert [s for _, s in found[index]] == pytest.approx(best)
        assert index not in [other for other, _ in found[index]]


def test_similarities_stay_exact_when_a_term_is_too_common_to_follow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vectors, "_COMMON", 10)
    rows = _random_rows(200)
    found = vectors.neighbours(rows, k=7)
    assert all(near for near in found)
    for index, near in enumerate(found):
        for other, similarity in near:
            assert similarity == pytest.approx(vectors.cosine(rows[index], rows[other]))


def test_centroid_points_between_its_rows() -> None:
    centre = vectors.centroid([{"a": 1.0}, {"b": 1.0}])
    assert centre == pytest.approx({"a": math.sqrt(0.5), "b": math.sqrt(0.5)})
    assert vectors.centroid([]) == {}


def test_bm25_ranks_the_document_that_answers_the_query_first() -> None:
    docs = [["how", "to", "bleed", "a", "radiator"], ["radiator", "prices"], ["garden", "hose"]]
    scores = vectors.Bm25(docs).scores(["bleed", "radiator"])
    assert scores[0] > scores[1] > scores[2] == 0


def test_bm25_matches_its_formula() -> None:
    docs = [["a", "a", "b"], ["b"]]
    rarity = math.log(1 + (2 - 1 + 0.5) / (1 + 0.5))
    norm = 1.5 * (1 - 0.75 + 0.75 * 3 / 2)
    assert vectors.Bm25(docs).scores(["a"]) == pytest.approx([rarity * 2 * 2.5 / (2 + norm), 0])


def test_bm25_of_nothing_scores_nothing() -> None:
    assert vectors.Bm25([]).scores(["a"]) == []
    assert vectors.Bm25([[], ["a"]]).scores([]) == [0, 0]


def test_near_duplicates_share_most_shingles() -> None:
    text = "the quick brown fox jumps over the lazy dog every day of the week".split()
    near = [*text[:-1], "year"]
    other = "a garden hose should be emptied before the first frost of the winter".split()
    one = vectors.shingles(text, 3)
    assert vectors.jaccard(one, vectors.shingles(near, 3)) > 0.7
    assert vectors.jaccard(one, vectors.shingles(other, 3)) == 0


def test_short_and_empty_texts_have_shingles_too() -> None:
    assert vectors.shingles(["a", "b"], 5) == {("a", "b")}
    assert vectors.shingles([], 5) == frozenset()
    assert vectors.jaccard(frozenset(), frozenset()) == 0
