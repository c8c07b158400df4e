"""100,000 keywords: import, list and filter on SQLite, with peak memory."""

from __future__ import annotations

import random
import resource
import tempfile
import time
from pathlib import Path

from igny8 import accounts, planner
from igny8.core.report import Silent
from igny8.workspace import create

_COUNT = 100_000


def main() -> None:
    """Print seconds and the process's peak memory."""
    chance = random.Random(1)
    stems = [f"{a}{b}" for a in "bcdfglmnprst" for b in ("ike", "ord", "ane", "ove", "ight", "ack")]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        with (root / "keywords.csv").open("w") as out:
            out.write("keyword,volume,difficulty\n")
            for number in range(_COUNT):
                text = " ".join(chance.sample(stems, 3))
                out.write(f"{text} {number},{chance.randrange(10, 90_000)},{number % 100}\n")
        app, ctx, _ = create(root / "w", name="A", email="a@b.c", slug="a", report=Silent())
        accounts.add_site(ctx, "s")
        started = time.perf_counter()
        planner.import_keywords(ctx, "s", root / "keywords.csv")
        imported = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        started = time.perf_counter()
        planner.keywords(ctx, "s", limit=50)
        listed = time.perf_counter() - started
        started = time.perf_counter()
        planner.keywords(ctx, "s", contains="bike", min_volume=50_000, limit=50)
        filtered = time.perf_counter() - started
        app.close()
    print(f"import of {_COUNT:,} keywords: {imported:.1f} s (at most 20), {peak} MB (at most 300)")
    print(f"list: {listed:.2f} s; filter: {filtered:.2f} s (at most 0.5 each)")


if __name__ == "__main__":
    main()
