"""Which layouts a site can use, and where they lie."""

from __future__ import annotations

from igny8.config.load import Config
from igny8.renderer.layouts import layout_names, load_layout
from igny8.sitebuilder.shelf import Choice, roots


def layouts(config: Config, site_slug: str | None = None) -> list[Choice]:
    """Return the layouts by name, each with what its own description says."""
    known = [(origin, root) for origin, root in roots(config, "layouts", site_slug)]
    folders = [root for _, root in known if root.is_dir()]
    recipes = [root for _, root in roots(config, "templates", site_slug)]
    found = []
    for name in layout_names(folders):
        layout = load_layout(name, folders, recipes)
        origin, root = next(pair for pair in known if (pair[1] / name / "layout.toml").is_file())
        found.append(Choice(name, layout.title, layout.description, origin, root / name))
    return found
