"""The whole line on the example business, as a stranger runs it: a process of its own, offline."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def _igny8(*words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("IGNY8_")}
    return subprocess.run(
        [sys.executable, "-m", "igny8", *map(str, words)],
        cwd=cwd,
        env=environ,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """One demo for all tests of this file: it is the product's slowest command."""
    root = tmp_path_factory.mktemp("demo")
    ran = _igny8("demo", "shop", "--json", cwd=root)
    assert ran.returncode == 0, ran.stderr
    return root / "shop", json.loads(ran.stdout)


def test_the_demo_reaches_what_it_promises(demo: tuple[Path, dict[str, Any]]) -> None:
    root, facts = demo
    assert Path(facts["workspace"]) == root
    least = {"keywords": 300, "clusters": 15, "contents": 30, "links": 60, "pages": 40}
    assert {name: facts[name] for name, count in least.items() if facts[name] < count} == {}
    assert facts["ideas"] >= facts["contents"]
    assert facts["credits_spent"] > 0
    assert facts["seconds"] > 0


def test_the_release_is_a_whole_site(demo: tuple[Path, dict[str, Any]]) -> None:
    root, facts = demo
    release, output = Path(facts["release_dir"]), Path(facts["output_dir"])
    assert (release / "index.html").is_file()
    assert (root / "published" / facts["site"] / "current").resolve() == release
    built = {p.relative_to(output) for p in output.rglob("*") if p.is_file()}
    live = {p.relative_to(release) for p in release.rglob("*") if p.is_file()}
    assert live <= built
    assert {path.name for path in built - live} <= {".igny8-manifest.json", ".igny8-journal"}


def test_every_internal_link_of_the_site_leads_somewhere(
    demo: tuple[Path, dict[str, Any]],
) -> None:
    _, facts = demo
    output = Path(facts["output_dir"])
    dead = []
    for page in output.rglob("*.html"):
        for href in re.findall(r'href="(/[^"#?]*)', page.read_text("utf-8")):
            target = output / href.lstrip("/")
            if not (target.is_file() or (target / "index.html").is_file()):
                dead.append((page.name, href))
    assert dead == []


def test_the_ledger_is_clean_after_it(demo: tuple[Path, dict[str, Any]]) -> None:
    root, facts = demo
    ran = _igny8("credits", "check", "--json", cwd=root)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["balance"]["spent"] == facts["credits_spent"]


def test_a_second_demo_does_and_charges_nothing(demo: tuple[Path, dict[str, Any]]) -> None:
    root, facts = demo
    before = _stamps(Path(facts["output_dir"]))
    ran = _igny8("demo", root.name, "--json", cwd=root.parent)
    assert ran.returncode == 0, ran.stderr
    again = json.loads(ran.stdout)
    assert {k: v for k, v in again.items() if k != "seconds"} == {
        k: v for k, v in facts.items() if k != "seconds"
    }
    assert _stamps(Path(facts["output_dir"])) == before


def test_no_draft_shares_more_than_a_third_with_another(
    demo: tuple[Path, dict[str, Any]],
) -> None:
    root, facts = demo
    ran = _igny8("writer", "content", "--site", facts["site"], "--json", cwd=root)
    items = json.loads(ran.stdout)
    assert [item["slug"] for item in items if item["unverified"]] == []
    from igny8.app import App
    from igny8.writer import contents
    from igny8.writer.grounding import units

    with App(root) as app:
        bodies = [set(units(item.body)) for item in contents(app.context(), facts["site"])]
    shares = [
        len(one & other) / min(len(one), len(other))
        for number, one in enumerate(bodies)
        for other in bodies[:number]
    ]
    assert max(shares) <= 1 / 3


def test_status_finds_nothing_left_to_do(demo: tuple[Path, dict[str, Any]]) -> None:
    root, facts = demo
    ran = _igny8("status", "--site", facts["site"], "--json", cwd=root)
    assert json.loads(ran.stdout)["next"] is None


def _stamps(folder: Path) -> dict[str, int]:
    # The manifest says what the store looked like; the demo's second run looked at it again.
    return {
        str(path): path.stat().st_mtime_ns
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".igny8-manifest.json"
    }
