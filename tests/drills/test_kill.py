"""`kill -9` anywhere in a run of the whole line: nothing lost, nothing half-made or paid twice."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from killer import KILLED, SITE, Ended, Killer

Outcome = Callable[[Path], dict[str, Any]]
_STRETCHES = 8


class Drill:
    """Kills a run at a point, runs again, and compares with a run that nobody killed."""

    def __init__(
        self, killer: Killer, prepared: Path, finished: tuple[Path, Ended], outcome: Outcome
    ) -> None:
        self._killer = killer
        self._prepared = prepared
        self._outcome = outcome
        self._expected = outcome(finished[0])
        self.points = finished[1].points

    def __call__(self, point: int) -> None:
        root = self._prepared.with_name(f"killed-{point}")
        shutil.copytree(self._prepared, root)
        killed = self._killer.run(root, "run", SITE, "--json", point=point)
        assert killed.status == KILLED, f"point {point} was not reached: {killed.err}"
        current = root / "live" / "current"
        if current.is_symlink():  # what visitors see is a whole release or none
            assert (current / "index.html").is_file()
            assert (current / "sitemap.xml").is_file()
        again = self._killer.run(root, "run", SITE, "--json")
        assert again.status == 0, f"after point {point}: {again.err}"
        assert self._outcome(root) == self._expected, f"point {point}"
        shutil.rmtree(root)


@pytest.fixture(scope="module")
def drill(killer: Killer, prepared: Path, finished: tuple[Path, Ended], outcome: Outcome) -> Drill:
    return Drill(killer, prepared, finished, outcome)


def test_a_run_has_many_points_and_costs_something(finished: tuple[Path, Ended]) -> None:
    assert finished[1].points > 100
    assert json.loads(finished[1].out)["credits"] > 0


@pytest.mark.parametrize("number", range(_STRETCHES))
def test_a_killed_run_is_carried_on(drill: Drill, chance: random.Random, number: int) -> None:
    # Spread over the whole run, each at a chance place of its own stretch.
    stretch = drill.points // _STRETCHES
    drill(1 + number * stretch + chance.randrange(stretch))


def test_a_run_killed_again_and_again_gets_there(
    killer: Killer,
    prepared: Path,
    finished: tuple[Path, Ended],
    outcome: Outcome,
    chance: random.Random,
) -> None:
    root = prepared.with_name("killed-often")
    shutil.copytree(prepared, root)
    for _ in range(6):
        killer.run(root, "run", SITE, "--json", point=1 + chance.randrange(60))
    assert killer.run(root, "run", SITE, "--json").status == 0
    assert outcome(root) == outcome(finished[0])


def test_the_control_a_killed_run_is_not_done_without_the_next(
    killer: Killer, prepared: Path, finished: tuple[Path, Ended]
) -> None:
    root = prepared.with_name("killed-control")
    shutil.copytree(prepared, root)
    assert killer.run(root, "run", SITE, "--json", point=finished[1].points // 2).status == KILLED
    assert not (root / "live" / "current").exists()
    checked = killer.run(root, "status", "--json")
    assert json.loads(checked.out) != json.loads(killer.run(finished[0], "status", "--json").out)


@pytest.mark.drill
def test_a_run_killed_anywhere_is_carried_on(drill: Drill) -> None:
    for point in range(1, drill.points + 1):
        drill(point)
