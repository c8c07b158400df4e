"""Fixtures: the invented function, a journal folder, a runner around any provider."""

from __future__ import annotations

from pathlib import Path

import pytest
from plan_function import NOW, MakeRunner, PlanFunction, plan_function

from igny8.ai import Runner
from igny8.core.clock import Clock


@pytest.fixture
def function(tmp_path: Path) -> PlanFunction:
    return plan_function(tmp_path / "plan-page.md")


@pytest.fixture
def replies(tmp_path: Path) -> Path:
    return tmp_path / "state" / "replies"


@pytest.fixture
def runner(replies: Path) -> MakeRunner:
    return lambda provider: Runner(
        provider, prompts=lambda _name, _site: None, raw_replies=replies, clock=Clock.fixed(NOW)
    )
