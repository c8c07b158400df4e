"""Cells that a spreadsheet must show, not run."""

from __future__ import annotations

import pytest

from igny8.safety.csv import cell


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1",
     "－1+1", "＠x", " =1+1", "\ufeff=1", "=HYPERLINK(\"//evil.example\")", "-", "+49 30"],
)  # fmt: skip
def test_formulas_get_an_apostrophe(text: str) -> None:
    assert cell(text) == "'" + text


@pytest.mark.parametrize(
    "text",
    ["", "plain", "a=b", "a@b.example", "5", "-5", "+3.25", "-1,234.5", "1e-5", "-12%", "'x"],
)
def test_text_and_numbers_stay(text: str) -> None:
    assert cell(text) == text


def test_values_become_the_text_that_json_would_show() -> None:
    assert [cell(value) for value in (None, True, False, 3, -2.5, 0)] == [
        "", "true", "false", "3", "-2.5", "0",
    ]  # fmt: skip
