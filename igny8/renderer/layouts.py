"""Finds a layout and its recipes in the folders that may hold them: site, workspace, shipped."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from igny8.core.errors import ConfigError, NotFound
from igny8.sitebuilder.templates import Template, load_template, template_names


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout ready to render with.

    `roots` are the `layouts/` folders in the order of look-up, the shipped one last. `styles` are
    template names of CSS files that make the one stylesheet, in order.
    """

    name: str
    title: str
    description: str
    roots: tuple[Path, ...]
    styles: tuple[str, ...]
    templates: Mapping[str, Template]
    is_overridden: bool

    def folders(self) -> tuple[Path, ...]:
        """Return where this layout's files may stand: its own folder, then the shared ones."""
        return tuple(
            folder for root in self.roots for folder in (root / self.name, root / "_frame", root)
        )


def layout_names(roots: Sequence[Path]) -> tuple[str, ...]:
    """Return the names of all layouts that the roots hold, sorted."""
    return tuple(
        sorted({path.parent.name for root in roots for path in root.glob("*/layout.toml")})
    )


def load_layout(name: str, layout_roots: Sequence[Path], template_roots: Sequence[Path]) -> Layout:
    """Return the layout `name` with every recipe a page may ask for.

    Recipes are looked up in `template_roots`, but a layout's own `templates/` folder goes before
    the shipped one, which stands last. Raises NotFound, ConfigError.
    """
    roots = tuple(layout_roots)
    home = next((root for root in roots if (root / name / "layout.toml").is_file()), None)
    if home is None:
        raise NotFound.named("layout", name, layout_names(roots))
    facts = _read(home / name / "layout.toml")
    own = tuple(root / name / "templates" for root in roots)
    recipes = (*template_roots[:-1], *own, *template_roots[-1:])
    return Layout(
        name=name,
        title=str(facts.get("title", name)),
        description=str(facts.get("description", "")),
        roots=roots,
        styles=tuple(facts.get("styles", ())),
        templates={each: load_template(each, recipes) for each in template_names(recipes)},
        is_overridden=any(any(root.rglob("*.html")) for root in roots[:-1]),
    )


def _read(path: Path) -> dict[str, list[str] | str]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}") from None
