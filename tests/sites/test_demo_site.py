"""The site that is tracked with the code builds: files in, a whole site out."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def test_the_tracked_site_builds_from_its_files(igny8: Callable[..., Any], workspace: Path) -> None:
    shutil.copytree(ROOT / "sites" / "demo", workspace / "sites" / "demo")
    assert igny8("site", "add", "demo", "--type", "ecommerce").status == 0
    content = workspace / "sites" / "demo" / "content"
    assert igny8("writer", "import", content, "--site", "demo", "--status", "published").status == 0
    built = igny8("build", "demo", "--json")
    assert built.status == 0, built.err
    facts = json.loads(built.out)
    output = Path(facts["output_dir"])
    assert facts["unresolved"] == []
    page = (output / "shop" / "tide-mug" / "index.html").read_text("utf-8")
    assert "£24" in page
    assert '"@type":"Product"' in page.replace('": "', '":"')
    advice = (output / "advice" / "care-for-stoneware" / "index.html").read_text("utf-8")
    assert 'href="/advice/mending/"' in advice
    for name in ("sitemap.xml", "robots.txt", "feed.xml", "404.html", "_headers", "llms.txt"):
        assert (output / name).is_file()


def test_a_second_build_writes_nothing(igny8: Callable[..., Any], workspace: Path) -> None:
    shutil.copytree(ROOT / "sites" / "demo", workspace / "sites" / "demo")
    igny8("site", "add", "demo")
    content = workspace / "sites" / "demo" / "content"
    igny8("writer", "import", content, "--site", "demo", "--status", "published")
    igny8("build", "demo")
    assert json.loads(igny8("build", "demo", "--json").out)["written"] == 0
