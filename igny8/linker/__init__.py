"""Internal links between a site's own pages: candidates, injection, graph."""

from igny8.linker.services import (
    Applied,
    GraphRow,
    SiteLink,
    Suggested,
    apply,
    graph,
    limits_for,
    links,
    runs,
    suggestions,
    undo,
)
from igny8.linker.types import Limits

__all__ = [
    "Applied",
    "GraphRow",
    "Limits",
    "SiteLink",
    "Suggested",
    "apply",
    "graph",
    "limits_for",
    "links",
    "runs",
    "suggestions",
    "undo",
]
