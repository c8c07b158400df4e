"""An AI function as a value: what goes in, what comes out, which prompt. Asks nobody.

The functions themselves stand in the slices (`ai.py`), the machinery that runs them in `runner.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel

In = TypeVar("In", bound=BaseModel)
Out = TypeVar("Out", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class AIFunction(Generic[In, Out]):
    """One thing that a model is asked to do.

    `name` reads `slice.verb-noun`. `prompt` is the shipped file (see `prompts`), `cost_key` names a
    row of the cost table. `offline` is the slice's own engine: the embedded provider's answer.
    `checks` say what a schema cannot; each returns sentences, which the model gets to read in the
    repair round, so they say what to change.
    """

    name: str
    input: type[In]
    output: type[Out]
    prompt: Path
    cost_key: str
    offline: Callable[[In], Out]
    checks: tuple[Callable[[In, Out], list[str]], ...] = ()
