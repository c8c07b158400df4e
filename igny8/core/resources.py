"""Where the folders that ship with igny8 lie: in the wheel, or beside the package in a checkout."""

from __future__ import annotations

from pathlib import Path

from igny8.core.errors import ConfigError

_PACKAGE = Path(__file__).resolve().parent.parent
_IN_CHECKOUT = {
    "layouts": _PACKAGE.parent / "layouts",
    "templates": _PACKAGE.parent / "templates",
    "agency": _PACKAGE.parent / "examples" / "agency",
}


def shipped(name: str) -> Path:
    """Return the folder of `layouts`, `templates` or `agency`."""
    for folder in (_PACKAGE / "_shipped" / name, _IN_CHECKOUT[name]):
        if folder.is_dir():
            return folder
    raise ConfigError(f"igny8's own folder `{name}` is missing", hint="install igny8 again")
