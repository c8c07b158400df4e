"""The switches, mirrored in a small workspace file, so that `--help` needs no store.

The store decides; this file only spares start-up a database. Imports nothing that is slow.
"""

from __future__ import annotations

import json
from pathlib import Path

from igny8.safety.paths import write_atomically

_FILE = "modules.json"


def disabled(state: Path, account: str | None) -> frozenset[str]:
    """Modules switched off for `account`; of the only account when none is named."""
    mirrored = _mirrored(state)
    if account is None and len(mirrored) == 1:
        account = next(iter(mirrored))
    return frozenset(mirrored.get(account or "", ()))


def mirror(state: Path, account: str, off: frozenset[str]) -> None:
    """Write an account's switches into the file."""
    mirrored = _mirrored(state)
    mirrored[account] = sorted(off)
    state.mkdir(parents=True, exist_ok=True)
    write_atomically(
        state / _FILE, (json.dumps(mirrored, indent=1, sort_keys=True) + "\n").encode()
    )


def _mirrored(state: Path) -> dict[str, list[str]]:
    try:
        read = json.loads((state / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    kept = read.items() if isinstance(read, dict) else ()
    return {account: off for account, off in kept if isinstance(off, list)}
