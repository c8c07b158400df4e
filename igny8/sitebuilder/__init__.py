"""Blueprints and pages: what a site is made of, and the snapshot a build takes in."""

from typing import TYPE_CHECKING

from igny8.core.lazy import lazy_face

if TYPE_CHECKING:
    from igny8.sitebuilder.services import (
        Generated,
        apply,
        estimate,
        generate,
    )
    from igny8.sitebuilder.snapshots import pages, take_snapshot, template_roots
    from igny8.sitebuilder.store import BlueprintVersion
    from igny8.sitebuilder.types import Snapshot
else:
    __getattr__ = lazy_face(__name__, __file__)

__all__ = [
    "BlueprintVersion",
    "Generated",
    "Snapshot",
    "apply",
    "estimate",
    "generate",
    "pages",
    "take_snapshot",
    "template_roots",
]
