"""`igny8 demo` in a process of its own: wall time and peak memory, first and second run."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main() -> None:
    """Print both runs."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("first", "second"):
            started = time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "igny8", "demo", str(Path(folder) / "d"), "--json", "-q"],
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            seconds = time.perf_counter() - started
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
            print(f"demo, {name} run: {seconds:.1f} s (at most 60), {peak} MB (at most 500)")


if __name__ == "__main__":
    main()
