"""The modules that can be switched, what each needs, and values of this slice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# Module → the modules whose code it uses. A module that others need goes only together with them.
NEEDS: dict[str, tuple[str, ...]] = {
    "thinker": (),
    "planner": (),
    "writer": ("thinker",),
    "linker": ("writer",),
    "optimizer": ("writer",),
    "sitebuilder": ("writer",),
    "publisher": ("sitebuilder",),
}


@dataclass(frozen=True, slots=True)
class Module:
    """A module's switch and its own configuration."""

    module: str
    is_enabled: bool
    needs: tuple[str, ...]
    needed_by: tuple[str, ...]
    config: dict[str, Any]


def needs_of(module: str) -> tuple[str, ...]:
    """The modules that `module` can't work without, directly or through others."""
    return tuple(name for name in NEEDS if module in needed_by(name))


def needed_by(module: str) -> tuple[str, ...]:
    """The modules that stop working without `module`, directly or through others."""
    found: list[str] = []
    for name, needs in NEEDS.items():
        if module in needs or any(need in found for need in needs):
            found.append(name)
    return tuple(found)
