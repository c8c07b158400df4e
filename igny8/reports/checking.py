"""Use case of checking: the files of a built site, judged by the rules of `site_check`."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from igny8 import accounts, renderer
from igny8.accounts import Need
from igny8.context import Context
from igny8.core.errors import NotFound
from igny8.core.findings import Finding, Rule, chosen
from igny8.reports.site_check import RULES, BuiltFiles, Expectations, check_site

_STEP = 100  # pages between two signs of progress


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found, worst first, by which rules, and where it looked.

    `fail_on` is the site's own threshold: a severity's name, or `never`.
    """

    output_dir: Path
    page_count: int
    file_count: int
    findings: tuple[Finding, ...]
    rules: tuple[Rule, ...]
    fail_on: str


def check(
    ctx: Context,
    site_slug: str,
    *,
    out: Path | None = None,
    only: Sequence[str] = (),
    ignored: Sequence[str] = (),
) -> Checked:
    """Check the built site in `out`, by default the site's own output folder. Builds nothing.

    `only` and `ignored` name rules or families. Raises NotFound where nothing is built, UsageError
    for a rule that does not exist.
    """
    site = accounts.site(ctx, site_slug, Need.READ)
    config = ctx.config.site(site.slug)
    settings = config.settings.check
    rules = chosen(RULES, only, (*ignored, *settings.ignore))
    folder = (out or renderer.output_folder(ctx, site.slug)).resolve()
    sizes = _sizes(folder)
    if not any(path.endswith((".html", ".htm")) for path in sizes):
        raise NotFound(
            f"there is no built site in {folder}",
            hint=f"run `igny8 build {site.slug}{f' --out {out}' if out else ''}`",
            code="reports.no-build",
        )

    def on_page(done: int, total: int) -> None:
        if done % _STEP == 0 or done == total:
            ctx.report.step("checking", done, total)

    report = check_site(
        BuiltFiles(sizes, lambda path: (folder / path).read_bytes()),
        Expectations(
            base_url=config.identity.base_url,
            page_bytes=settings.page_kb * 1000,
            image_bytes=settings.image_kb * 1000,
            images_bytes=settings.images_kb * 1000,
            unresolved=_unresolved(folder),
        ),
        rules=rules,
        on_page=on_page,
    )
    return Checked(
        folder,
        report.page_count,
        report.file_count,
        report.findings,
        tuple(rule for rule in RULES if rule.id in rules),
        settings.fail_on,
    )


def _sizes(folder: Path) -> dict[str, int]:
    """Every file below `folder` with its size; links are not followed, dotfiles are no pages."""
    sizes: dict[str, int] = {}
    waiting = [folder]
    while waiting:
        try:
            entries = list(os.scandir(waiting.pop()))
        except (FileNotFoundError, NotADirectoryError):
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                waiting.append(Path(entry.path))
            elif entry.is_file(follow_symlinks=False) and not entry.name.startswith(".igny8-"):
                path = Path(entry.path).relative_to(folder).as_posix()
                sizes[path] = entry.stat(follow_symlinks=False).st_size
    return sizes


def _unresolved(folder: Path) -> Mapping[str, tuple[str, ...]]:
    """Path → targets of links that the build left as plain text, as its manifest tells."""
    try:
        manifest = json.loads((folder / renderer.MANIFEST).read_bytes())
        noted = manifest.get("unresolved", {})
        return {path: tuple(str(target) for _, target in links) for path, links in noted.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}  # built by something else, or by another igny8: the rule has nothing to say
