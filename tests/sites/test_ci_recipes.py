"""The recipes of `examples/ci` do what they say: each igny8 command in them runs in a workspace."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
RECIPES = ROOT / "examples" / "ci"


@dataclass(frozen=True)
class Recipe:
    """A recipe's igny8 commands in order and the variables that it sets for them."""

    commands: tuple[str, ...]
    variables: dict[str, str]


def github() -> Recipe:
    data = yaml.safe_load((RECIPES / "github-actions.yml").read_text("utf-8"))
    runs = [step["run"] for job in data["jobs"].values() for step in job["steps"] if "run" in step]
    return Recipe(tuple(_commands("\n".join(runs))), data["env"])


def gitlab() -> Recipe:
    data = yaml.safe_load((RECIPES / "gitlab-ci.yml").read_text("utf-8"))
    jobs = [job for job in data.values() if isinstance(job, dict) and "script" in job]
    lines = [
        line for job in jobs for key in ("before_script", "script") for line in job.get(key, ())
    ]
    return Recipe(tuple(_commands("\n".join(lines))), {"SITE": data["variables"]["SITE"]})


def cron() -> Recipe:
    text = (RECIPES / "crontab").read_text("utf-8")
    once = re.findall(r"^# Once, in \S+: (.+)$", text, re.MULTILINE)
    (line,) = re.findall(r"^[\d,*/-]+(?: [\d,*/-]+){4} (.+)$", text, re.MULTILINE)
    return Recipe(tuple(_commands("\n".join([*once, line]))), {})


ALL = {"github": github, "gitlab": gitlab, "cron": cron}


def _commands(script: str) -> Iterator[str]:
    for command in re.split(r"&&|\n", script):
        if command.strip().startswith("igny8 "):
            yield command.strip()


@dataclass(frozen=True)
class Done:
    """A workspace after a recipe ran in it, and how each of its commands ended."""

    recipe: Recipe
    folder: Path
    ended: dict[str, int]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Done]:
    """Run a recipe once, in a workspace as a CI machine checks it out: files, no store."""
    kept: dict[str, Done] = {}

    def run(name: str) -> Done:
        if name not in kept:
            recipe = ALL[name]()
            folder = _checked_out(tmp_path_factory.mktemp(name))
            ended = {c: _run(c, folder, recipe.variables) for c in recipe.commands}
            kept[name] = Done(recipe, folder, ended)
        return kept[name]

    return run


def _checked_out(root: Path) -> Path:
    content = root / "repository" / "sites" / "corner" / "content"
    content.mkdir(parents=True)
    (root / "repository" / "igny8.toml").write_text("schema = 1\n", "utf-8")
    (content.parent / "site.toml").write_text(
        'name = "Corner Cafe"\nbase_url = "https://corner.example"\n', "utf-8"
    )
    (content / "sourdough.md").write_text(
        "---\ntitle: Why the bread sells out by ten\nstatus: published\ndate: 2026-05-02\n---\n\n"
        "Forty loaves fit the oven, and the first tray is cut for breakfast.\n",
        "utf-8",
    )
    return root / "repository"


def _run(command: str, repository: Path, variables: dict[str, str]) -> int:
    """Run one command line in a shell, where `igny8` is the one under test."""
    programs = repository.parent / "bin"
    programs.mkdir(exist_ok=True)
    program = programs / "igny8"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m igny8 "$@"\n', "utf-8")
    program.chmod(0o755)
    environment = {
        **os.environ,
        **variables,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }
    ran = subprocess.run(
        ["/bin/sh", "-c", command], cwd=repository, env=environment, capture_output=True, text=True
    )
    assert ran.returncode in (0, 1), f"{command}: {ran.stderr}"
    return ran.returncode


@pytest.mark.parametrize("name", ALL)
def test_every_command_of_a_recipe_succeeds_on_a_sound_site(
    name: str, done: Callable[[str], Done]
) -> None:
    ended = done(name).ended
    assert sorted(command.split()[1] for command in ended) == ["build", "check", "init", "site"]
    assert set(ended.values()) == {0}


@pytest.mark.parametrize("name", ALL)
def test_the_check_of_a_recipe_stops_a_faulty_site(
    name: str, done: Callable[[str], Done], tmp_path: Path
) -> None:
    ran = done(name)
    folder = tmp_path / "repository"
    shutil.copytree(ran.folder, folder)
    post = folder / "sites" / "corner" / "content" / "sourdough.md"
    post.write_text(post.read_text("utf-8") + "\n[The menu](/menu/)\n", "utf-8")
    again = [c for c in ran.recipe.commands if c.split()[1] in ("build", "check")]
    assert [_run(command, folder, ran.recipe.variables) for command in again] == [0, 1]


def test_github_uploads_what_its_commands_leave(done: Callable[[str], Done]) -> None:
    ran = done("github")
    data = yaml.safe_load((RECIPES / "github-actions.yml").read_text("utf-8"))
    given = {
        step["uses"].partition("@")[0]: step.get("with", {})
        for step in data["jobs"]["site"]["steps"]
        if "uses" in step
    }
    pages = given["actions/upload-pages-artifact"]["path"]
    site = pages.replace("${{ env.SITE }}", ran.recipe.variables["SITE"])
    assert (ran.folder / site / "index.html").is_file()
    report = ran.folder / given["github/codeql-action/upload-sarif"]["sarif_file"]
    assert json.loads(report.read_text("utf-8"))["version"] == "2.1.0"


def test_gitlab_keeps_what_its_commands_leave(done: Callable[[str], Done]) -> None:
    ran = done("gitlab")
    data: dict[str, Any] = yaml.safe_load((RECIPES / "gitlab-ci.yml").read_text("utf-8"))
    kept = data["site"]["artifacts"]
    assert data["pages"]["artifacts"]["paths"] == kept["paths"]
    for path in kept["paths"]:
        assert (ran.folder / path / "index.html").is_file()
    report = ElementTree.parse(ran.folder / kept["reports"]["junit"])
    assert report.getroot().tag == "testsuites"


def test_cron_copies_the_folder_that_its_commands_build(done: Callable[[str], Done]) -> None:
    ran = done("cron")
    text = (RECIPES / "crontab").read_text("utf-8")
    (source,) = re.findall(r"rsync .* (\S+)/ \S+/$", text, re.MULTILINE)
    assert (ran.folder / source / "index.html").is_file()
