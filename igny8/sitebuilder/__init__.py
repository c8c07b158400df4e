"""Blueprints and pages: what a site is made of, and the snapshot a build takes in."""

from igny8.sitebuilder.services import (
    Generated,
    apply,
    estimate,
    generate,
    pages,
    take_snapshot,
    template_roots,
)
from igny8.sitebuilder.store import BlueprintVersion
from igny8.sitebuilder.types import Snapshot

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
