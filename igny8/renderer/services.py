"""Use case of building: take a snapshot, render it, bring a folder up to date."""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from igny8 import accounts, sitebuilder
from igny8.accounts import Need
from igny8.context import Context
from igny8.core.errors import ConfigError
from igny8.core.outcome import Problem
from igny8.core.resources import shipped
from igny8.renderer import freshness
from igny8.renderer.manifest import Manifest, load, read_files
from igny8.renderer.types import Unresolved, WriteReport

if TYPE_CHECKING:
    from igny8.config.load import Config
    from igny8.renderer.assets import Assets
    from igny8.renderer.layouts import Layout
    from igny8.sitebuilder import Snapshot


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made. `unresolved` are links to pages that are not in it."""

    output_dir: Path
    page_count: int
    written: WriteReport
    unresolved: tuple[Unresolved, ...]
    problems: tuple[Problem, ...] = ()


def output_folder(ctx: Context, site_slug: str) -> Path:
    """Where a site is built unless `--out` says otherwise."""
    return ctx.config.site_folder(site_slug) / "output"


def layout_for(config: Config, snapshot: Snapshot) -> Layout:
    """The site's layout: looked up in site, workspace, then what ships with igny8."""
    from igny8.renderer.layouts import load_layout

    slug = snapshot.site.slug
    roots = [
        config.site_folder(slug) / "layouts",
        config.root / "layouts",
        shipped("layouts"),
    ]
    return load_layout(
        snapshot.site.layout,
        [root for root in dict.fromkeys(roots) if root.is_dir()],
        sitebuilder.template_roots(config, slug),
    )


def assets_of(config: Config, snapshot: Snapshot) -> Assets | None:
    """The site's own files; None where it has none and wants no cards."""
    from urllib.parse import urlsplit

    from igny8.renderer.assets import Assets

    site = snapshot.site
    folder = config.site_folder(site.slug) / "files"
    if not folder.is_dir() and not site.social_cards:
        return None
    prefix = urlsplit(site.base_url).path.rstrip("/")
    return Assets(folder, config.state / "cache" / site.slug, prefix=prefix)


def build(
    ctx: Context,
    site_slug: str,
    *,
    out: Path | None = None,
    is_full: bool = False,
    uses_stored: bool = True,
) -> Built:
    """Build a site into `out`, in place: only what changed is written, what is gone is removed.

    `is_full` makes every file anew; without `uses_stored` bodies are rendered anew too.

    Raises Busy while another run works on the site, ConfigError when `out` can't be written.
    """
    site = accounts.site(ctx, site_slug, Need.READ)
    folder = (out or output_folder(ctx, site.slug)).resolve()
    with ctx.lock(f"site {site.slug}", f"build {site.slug}"):
        store = ctx.store_file
        read = (
            freshness.inputs(
                ctx.config,
                site.slug,
                ctx.clock.now().date(),
                store=store,
                account=ctx.account.id,
            )
            if store is not None
            else ""  # a server's store can't be known by a file
        )
        take = functools.partial(sitebuilder.take_snapshot, ctx, site.slug, uses_stored=uses_stored)
        return _brought_up(ctx.config, take, folder, read, is_full=is_full or not uses_stored)


def build_files(
    config: Config, site_slug: str, today: date, *, out: Path | None = None, is_full: bool = False
) -> Built:
    """Build a site from its exported files alone, as `build` does: no store, no account.

    The caller holds the site's lock.
    """
    folder = (out or config.site_folder(site_slug) / "output").resolve()
    read = freshness.inputs(config, site_slug, today, store=None)
    take = functools.partial(sitebuilder.snapshot_of_files, config, site_slug, today)
    return _brought_up(config, take, folder, read, is_full=is_full)


def _brought_up(
    config: Config, take: Callable[[], Snapshot], folder: Path, read: str, *, is_full: bool
) -> Built:
    last = None if is_full else load(folder)
    if last and read and last.inputs == read and freshness.is_untouched(folder, last):
        return _unchanged(folder, last)
    return _built(config, take, folder, read, last, is_full=is_full)


def _unchanged(folder: Path, last: Manifest) -> Built:
    report = WriteReport((), (), len(last.files))
    return Built(folder, last.page_count, report, tuple(last.loose), tuple(last.problems))


def _built(
    config: Config,
    take: Callable[[], Snapshot],
    folder: Path,
    read: str,
    last: Manifest | None,
    *,
    is_full: bool,
) -> Built:
    from igny8.renderer.building import bring_up_to_date
    from igny8.renderer.rendering import Rendering

    # What a build makes it keeps until it ends: looking for circles in it finds none.
    gc.disable()
    try:
        snapshot = take()
        rendering = Rendering(snapshot, layout_for(config, snapshot), assets_of(config, snapshot))
        done = bring_up_to_date(rendering, folder, is_full=is_full, inputs=read, before=last)
    except OSError as error:
        raise ConfigError(
            f"{error.filename or folder} can't be written: {error.strerror}",
            hint="check room and permissions; the next build finishes what this one began",
            code="renderer.unwritable",
        ) from error
    finally:
        gc.enable()
    return Built(folder, rendering.page_count, done.written, done.unresolved, rendering.problems)


def pages_built(ctx: Context, site_slug: str) -> list[str]:
    """Paths of the HTML pages of the last build."""
    accounts.site(ctx, site_slug, Need.READ)
    manifest = read_files(output_folder(ctx, site_slug))
    return sorted(path for path in manifest if path.endswith("index.html"))
