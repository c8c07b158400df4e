"""Ids that sort as they were made, errors that name the nearest, a clock that can stand still."""

from __future__ import annotations

import importlib
import pkgutil
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

import igny8
from igny8.core import ids
from igny8.core.clock import Clock
from igny8.core.errors import Igny8Error, InvalidInput, NotFound, nearest
from igny8.core.ids import new_id
from igny8.core.outcome import Outcome, Problem


def test_ids_sort_as_they_were_made() -> None:
    made = [new_id("kw") for _ in range(5_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert all(re.fullmatch(r"kw_[0-9a-hjkmnp-tv-z]{26}", one) for one in made)


def test_ids_sort_though_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = new_id("kw")
    monkeypatch.setattr(ids.time, "time", lambda: 1.0)
    assert new_id("kw") > before


def test_threads_never_make_one_id_twice() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: [new_id("kw") for _ in range(500)], range(8)))
    assert len({one for many in made for one in many}) == 8 * 500
    assert all(many == sorted(many) for many in made)


def test_the_clock_tells_utc() -> None:
    assert Clock().now().tzinfo is UTC
    moment = datetime(2028, 2, 29, tzinfo=UTC)
    assert Clock.fixed(moment).now() == moment


def test_an_unknown_name_offers_the_nearest_or_the_list() -> None:
    error = NotFound.named("site", "shpo", ["shop", "blog"], list_with="igny8 site list")
    assert (error.code, error.hint) == ("core.unknown-site", "did you mean `shop`?")
    error = NotFound.named("site", "zzz", ["shop"], list_with="igny8 site list")
    assert error.hint == "run `igny8 site list` to see what there is"
    assert NotFound.named("site", "zzz").hint is None


def test_the_nearest_name_does_not_depend_on_the_order() -> None:
    assert nearest("ab", ["ac", "ad"]) == nearest("ab", ["ad", "ac"])
    assert nearest("", ["a"]) is None


def test_bad_input_says_where() -> None:
    assert str(InvalidInput("is odd", file="a.csv", line=3)) == "a.csv:3: is odd"
    assert str(InvalidInput("is odd", file="a.csv")) == "a.csv: is odd"


def test_an_items_error_becomes_a_problem_of_the_batch() -> None:
    problem = Problem.of("row 3", InvalidInput("is odd", hint="mend it"))
    assert problem == Problem("core.invalid-input", "row 3", "is odd", "mend it")
    assert Outcome(done=(1,), problems=(problem,)).done == (1,)


def _errors(kind: type[Igny8Error]) -> list[type[Igny8Error]]:
    return [kind, *(found for each in kind.__subclasses__() for found in _errors(each))]


def test_every_error_has_a_code_of_its_slice_and_an_exit_status_of_the_table() -> None:
    for module in pkgutil.walk_packages(igny8.__path__, "igny8."):
        if ".cli" not in module.name and ".migrations" not in module.name:
            importlib.import_module(module.name)
    for error in _errors(Igny8Error):
        assert re.fullmatch(r"[a-z]+\.[a-z-]+", error.code), error
        assert error.exit_status in (1, 2, 3, 4, 5, 6, 75), error
