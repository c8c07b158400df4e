"""A site in every layout side by side, to be seen in the browser before one is chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path

from igny8.config.load import Config
from igny8.core.errors import ConfigError
from igny8.renderer.rendering import render
from igny8.renderer.services import layout_for
from igny8.renderer.types import Artifact
from igny8.renderer.writing import write
from igny8.sitebuilder import Choice, Snapshot

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;margin:2rem;color-scheme:light dark}"
    "ul{display:grid;grid-template-columns:repeat(auto-fill,22rem);gap:2rem;"
    "padding:0;list-style:none}"
    ".frame{overflow:hidden;border:1px solid;aspect-ratio:4/3}"
    "iframe{border:0;inline-size:1280px;block-size:960px;transform:scale(.275);"
    "transform-origin:0 0}"
)


def preview_layouts(
    config: Config, snapshot: Snapshot, layouts: Sequence[Choice], out: Path
) -> Path:
    """Build the snapshot in each layout into `out`, in place; return the page that shows all.

    The pages ask for their style by absolute path: `out` must be served, not opened as a file.
    Raises InvalidInput when `out` holds files of others, ConfigError when it can't be written.
    """
    try:
        write(list(_artifacts(config, snapshot, layouts)), out)
    except OSError as error:
        raise ConfigError(
            f"{error.filename or out} can't be written: {error.strerror}",
            hint="check room and permissions, or name another folder",
            code="renderer.unwritable",
        ) from error
    return out / "index.html"


def _artifacts(config: Config, snapshot: Snapshot, layouts: Sequence[Choice]) -> Iterator[Artifact]:
    yield Artifact("index.html", _cover(snapshot, layouts).encode(), "text/html")
    for layout in layouts:
        base = f"https://preview.example/{layout.name}/"
        site = replace(snapshot.site, layout=layout.name, base_url=base)
        made = replace(snapshot, site=site)
        for each in render(made, layout_for(config, made)):
            yield Artifact(f"{layout.name}/{each.path}", each.content, each.media_type)


def _cover(snapshot: Snapshot, layouts: Sequence[Choice]) -> str:
    name = escape(snapshot.site.name)
    entries = "".join(
        f'<li><h2><a href="{escape(each.name)}/">{escape(each.title)}</a></h2>'
        f'<p>{escape(each.description)}</p><div class="frame">'
        f'<iframe src="{escape(each.name)}/" title="{escape(each.title)}" tabindex="-1">'
        "</iframe></div></li>"
        for each in layouts
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{name}: layouts</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>'
        f"<h1>{name} in every layout</h1><ul>{entries}</ul></html>\n"
    )
