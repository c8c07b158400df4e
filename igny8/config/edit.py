"""Change one key of a TOML file, keeping the file usable: a value that does not fit is refused.

Comments in the file are lost: it is written anew from its values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from igny8.config.load import FILE, load, read_toml
from igny8.config.write import to_toml
from igny8.core.errors import ConfigError, InvalidInput
from igny8.safety.paths import write_atomically


def set_workspace(root: Path, key: str, value: str, environ: Mapping[str, str]) -> None:
    """Set `section.key` in igny8.toml. Raises ConfigError if it does not fit."""
    set_key(root / FILE, key, value, lambda: load(root, environ))


def set_key(path: Path, key: str, value: str, check: Callable[[], object]) -> None:
    """Write `key` into the file, as the first reading of `value` that `check` accepts."""
    before = path.read_bytes() if path.exists() else None
    tree = read_toml(path) if before is not None else {}
    refusals: list[ConfigError] = []
    for reading in _readings(value):
        changed = deepcopy(tree)
        _put(changed, key.split("."), reading)
        write_atomically(path, to_toml(changed).encode())
        try:
            check()
        except ConfigError as refusal:
            refusals.append(refusal)
            continue
        return
    _restore(path, before)
    raise refusals[0]


def set_texts(path: Path, values: Mapping[str, str], check: Callable[[], object]) -> None:
    """Write several keys at once, as text: all of them, or none if `check` refuses."""
    before = path.read_bytes() if path.exists() else None
    tree = deepcopy(read_toml(path)) if before is not None else {}
    for key, value in values.items():
        _put(tree, key.split("."), value)
    write_atomically(path, to_toml(tree).encode())
    try:
        check()
    except ConfigError:
        _restore(path, before)
        raise


def _restore(path: Path, before: bytes | None) -> None:
    if before is None:
        path.unlink()
    else:
        write_atomically(path, before)


def _readings(value: str) -> list[Any]:
    """Text may mean a truth, a number, text or a list: the schema decides."""
    readings: list[Any] = []
    if value in ("true", "false"):
        readings.append(value == "true")
    for number in (int, float):
        try:
            readings.append(number(value))
        except ValueError:
            continue
    return [*readings, value, [part.strip() for part in value.split(",") if part.strip()]]


def _put(tree: dict[str, Any], path: list[str], value: Any) -> None:
    for part in path[:-1]:
        nested = tree.setdefault(part, {})
        if not isinstance(nested, dict):
            raise InvalidInput(f"`{part}` is no table of settings")
        tree = nested
    tree[path[-1]] = value
