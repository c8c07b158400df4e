"""What a site can choose from, and where it lies: the site's own, the workspace's, igny8's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from igny8.config.load import Config
from igny8.core.resources import shipped
from igny8.sitebuilder.templates import load_template, template_file, template_names


class Origin(StrEnum):
    """Whose a file is. The site's goes before the workspace's, that before igny8's own."""

    SITE = "site"
    WORKSPACE = "workspace"
    SHIPPED = "shipped"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose by its name."""

    name: str
    title: str
    description: str
    origin: Origin
    path: Path


def roots(config: Config, folder: str, site_slug: str | None = None) -> list[tuple[Origin, Path]]:
    """Return where `folder` (templates, layouts) is looked up, in order."""
    found = [
        (Origin.WORKSPACE, config.root / folder),
        (Origin.SHIPPED, shipped(folder)),
    ]
    if found[0][1] == found[1][1]:
        del found[0]  # igny8's own checkout is a workspace too
    if site_slug is not None:
        found.insert(0, (Origin.SITE, config.site_folder(site_slug) / folder))
    return found


def origin_of(path: Path, known: Sequence[tuple[Origin, Path]]) -> Origin:
    """Return whose folder a file is in."""
    return next(origin for origin, root in known if path.is_relative_to(root))


def template_choices(config: Config, site_slug: str | None = None) -> list[Choice]:
    """Return the page recipes that a site can use, by name."""
    known = roots(config, "templates", site_slug)
    folders = [root for _, root in known]
    found = []
    for name in template_names(folders):
        path = template_file(name, folders)
        recipe = load_template(name, folders)
        blocks = [i.type for parts in recipe.regions.values() for i in parts if i.type != "slot"]
        found.append(Choice(name, recipe.title, ", ".join(blocks), origin_of(path, known), path))
    return found
