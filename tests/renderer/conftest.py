"""The default layout, and a build of a snapshot as path → text."""

from __future__ import annotations

import pytest
from small_site import ROOT, Build

from igny8.renderer import Layout, RenderReport, load_layout, render
from igny8.sitebuilder.types import Snapshot


@pytest.fixture(scope="session")
def layout() -> Layout:
    return load_layout("default", [ROOT / "layouts"], [ROOT / "templates"])


@pytest.fixture
def build(layout: Layout) -> Build:
    """Return a function that renders a snapshot to path → text."""

    def rendered(snapshot: Snapshot, report: RenderReport | None = None) -> dict[str, str]:
        return {each.path: each.content.decode() for each in render(snapshot, layout, report)}

    return rendered
