"""Write `igny8.toml` and `site.toml`: a small TOML writer for the shapes these two files have."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from igny8.config.load import FILE
from igny8.safety.paths import write_atomically


def to_toml(tree: Mapping[str, Any]) -> str:
    """Render nested tables of strings, numbers, booleans and lists as TOML."""
    lines = [f"{k} = {_value(v)}" for k, v in tree.items() if not isinstance(v, Mapping)]
    _tables(tree, "", lines)
    return "\n".join(lines).strip() + "\n"


def write_workspace(root: Path, tree: Mapping[str, Any]) -> None:
    """Write the workspace's file whole, or not at all."""
    write_atomically(root / FILE, to_toml(tree).encode())


def write_site(folder: Path, tree: Mapping[str, Any]) -> None:
    """Write a site's file whole, or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / "site.toml", to_toml(tree).encode())


def _tables(tree: Mapping[str, Any], prefix: str, lines: list[str]) -> None:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            lines += ["", f"[{prefix}{key}]"]
            lines += [f"{k} = {_value(v)}" for k, v in value.items() if not isinstance(v, Mapping)]
            _tables(value, f"{prefix}{key}.", lines)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_value(item) for item in value)}]"
    if isinstance(value, (int, float)):
        return str(value)
    # A JSON string is a TOML basic string, but for DEL, which JSON leaves bare.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007F")
