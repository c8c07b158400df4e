"""Renderer: snapshot and layout in, files out. No store, no clock, no network.

`render` yields artifacts, `write` brings a folder up to date with them.
"""

from typing import TYPE_CHECKING

from igny8.core.lazy import lazy_face

if TYPE_CHECKING:
    from igny8.renderer.gallery import Gallery, build_gallery
    from igny8.renderer.layouts import Layout, layout_names, load_layout
    from igny8.renderer.manifest import MANIFEST
    from igny8.renderer.manifest import read_files as read_manifest
    from igny8.renderer.rendering import render
    from igny8.renderer.services import (
        Built,
        build,
        build_files,
        layout_for,
        output_folder,
        pages_built,
    )
    from igny8.renderer.theme import palette
    from igny8.renderer.theming import SiteTheme, preview_theme, set_theme, site_theme
    from igny8.renderer.types import Artifact, RenderReport, Unresolved, WriteReport
    from igny8.renderer.writing import write
else:
    __getattr__ = lazy_face(__name__, __file__)

__all__ = [
    "MANIFEST",
    "Artifact",
    "Built",
    "Gallery",
    "Layout",
    "RenderReport",
    "SiteTheme",
    "Unresolved",
    "WriteReport",
    "build",
    "build_files",
    "build_gallery",
    "layout_for",
    "layout_names",
    "load_layout",
    "output_folder",
    "pages_built",
    "palette",
    "preview_theme",
    "read_manifest",
    "render",
    "set_theme",
    "site_theme",
    "write",
]
