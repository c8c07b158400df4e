"""The log of runs: one JSON line a command that worked, read by `status --errors`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run of one command. `outcome` is done, partly, failed or interrupted."""

    run: str
    command: str
    site: str | None
    started_at: str
    seconds: float
    outcome: str
    exit_status: int
    problems: tuple[dict[str, str | None], ...] = ()


def append_run(path: Path, record: RunRecord) -> None:
    """Add one line in one write, so that two processes never mix theirs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(asdict(record), ensure_ascii=False) + "\n"
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(handle, line.encode())
    finally:
        os.close(handle)


def read_runs(path: Path) -> Iterator[RunRecord]:
    """Yield the records, oldest first; a line cut off by a crash is passed over."""
    if not path.is_file():
        return
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            try:
                data = json.loads(line)
                yield RunRecord(**{**data, "problems": tuple(data["problems"])})
            except (ValueError, TypeError, KeyError):
                continue
