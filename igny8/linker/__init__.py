"""Internal links between a site's own pages: candidates, injection, graph."""

from typing import TYPE_CHECKING

from igny8.core.lazy import lazy_face

if TYPE_CHECKING:
    from igny8.linker.changes import Applied, apply, runs, undo
    from igny8.linker.services import (
        GraphRow,
        SiteLink,
        Suggested,
        graph_rows,
        limits_for,
        links,
        suggestions,
    )
    from igny8.linker.types import Limits
else:
    __getattr__ = lazy_face(__name__, __file__)

__all__ = [
    "Applied",
    "GraphRow",
    "Limits",
    "SiteLink",
    "Suggested",
    "apply",
    "graph_rows",
    "limits_for",
    "links",
    "runs",
    "suggestions",
    "undo",
]
