"""Plugins by entry point. A broken one is listed with its reason and fails only when used."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any

from igny8.core.errors import ConfigError, nearest

GROUPS = (
    "igny8.adapters",
    "igny8.layouts",
    "igny8.blocks",
    "igny8.ai_providers",
    "igny8.commands",
)


@dataclass(frozen=True, slots=True)
class Plugin:
    """An installed entry point, and why it can't be loaded if it can't."""

    group: str
    name: str
    value: str
    package: str
    problem: str | None


def plugins() -> list[Plugin]:
    """Everything installed in igny8's groups, each tried."""
    found = []
    for group in GROUPS:
        for entry in sorted(entry_points(group=group), key=lambda e: e.name):
            try:
                entry.load()
                problem = None
            except Exception as error:  # noqa: BLE001  (a plugin may fail in any way)
                problem = f"{type(error).__name__}: {error}"
            package = entry.dist.name if entry.dist else "?"
            found.append(Plugin(group, entry.name, entry.value, package, problem))
    return found


def load_plugin(group: str, name: str) -> Any:
    """Return what the named entry point points to. Raises ConfigError."""
    known = {entry.name: entry for entry in entry_points(group=group)}
    if name not in known:
        near = nearest(name, known)
        raise ConfigError(
            f"there is no {group.removeprefix('igny8.').replace('_', ' ').rstrip('s')} `{name}`",
            hint=f"did you mean `{near}`?" if near else "see `igny8 plugins list`",
            code="plugins.unknown",
        )
    try:
        return known[name].load()
    except Exception as error:
        raise ConfigError(
            f"plugin `{name}` can't be loaded: {type(error).__name__}: {error}",
            hint="see `igny8 plugins list`",
            code="plugins.broken",
        ) from error
