"""A package's face whose members are imported when they are first asked for."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path


def lazy_face(package: str, file: str) -> Callable[[str], object]:
    """Return a module's `__getattr__` that makes the imports under its `if TYPE_CHECKING`.

    So a face is written once, readers and type checkers see plain imports, and a command loads what
    it uses: building a site needs neither the ORM nor what writes drafts.
    """
    sources = _sources(Path(file).read_text("utf-8"))

    def __getattr__(name: str) -> object:
        source = sources.get(name)
        if source is None:
            raise AttributeError(f"module `{package}` has no `{name}`")
        module, original = source
        value = getattr(import_module(module), original) if original else import_module(module)
        setattr(sys.modules[package], name, value)
        return value

    return __getattr__


def _sources(text: str) -> dict[str, tuple[str, str]]:
    """Name in the face → (module, name there); a module itself has no name there."""
    found: dict[str, tuple[str, str]] = {}
    for node in ast.parse(text).body:
        if not isinstance(node, ast.If):
            continue
        for each in node.body:
            if isinstance(each, ast.ImportFrom) and each.module:
                for alias in each.names:
                    found[alias.asname or alias.name] = (each.module, alias.name)
    return found
