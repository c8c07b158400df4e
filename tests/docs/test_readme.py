"""The README's transcript runs, in its order, from an empty folder."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

from igny8.adapters.base import FileTarget

ROOT = Path(__file__).resolve().parents[2]


def _transcript() -> list[str]:
    block = re.search(r"```console\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert block is not None
    return [line.removeprefix("$ ") for line in block[1].splitlines()]


def test_every_line_of_the_transcript_runs(tmp_path: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("IGNY8_")}
    folder = tmp_path
    ran = 0
    for line in _transcript():
        words = shlex.split(line)
        if words[0] == "cd":
            folder = folder / words[1]
            continue
        assert words[0] == "igny8"
        if words[1] == "serve":
            continue  # it serves until it is stopped: tests/web drives it
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=folder,
            env=environ,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        ran += 1
    assert ran >= 8


def test_the_adapter_of_the_readme_is_a_target(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    block = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert block is not None
    names: dict[str, Any] = {}
    exec(compile(block[1], "README.md", "exec", dont_inherit=True), names)
    target = names["MirrorTarget"](names["MirrorOptions"](path="mirror"), tmp_path)
    assert isinstance(target, FileTarget)
    target.check()
    target.put("shop/index.html", b"<p>open</p>")
    assert (tmp_path / "mirror" / "shop" / "index.html").read_bytes() == b"<p>open</p>"
    target.delete("shop/index.html")
    target.delete("shop/index.html")
    assert not (tmp_path / "mirror" / "shop" / "index.html").exists()
