"""What starting costs: CPU of `igny8 --help` against a bare interpreter, in pairs."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys

_ROUNDS = 9


def cpu_seconds(*words: str) -> float:
    """User and system time of one process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def main() -> None:
    """Print the median ratio."""
    ratios, own = [], []
    for _ in range(_ROUNDS):
        bare = cpu_seconds("-c", "pass")
        mine = cpu_seconds("-m", "igny8", "--help")
        ratios.append(mine / bare)
        own.append(mine)
    print(
        f"igny8 --help: {statistics.median(own) * 1000:.0f} ms of CPU, "
        f"{statistics.median(ratios):.1f} x `python -c pass` (at most 15)"
    )


if __name__ == "__main__":
    main()
