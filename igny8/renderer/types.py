"""What a render gives back: artifacts, and what it could not resolve."""

from __future__ import annotations

from dataclasses import dataclass, field

from igny8.core.outcome import Problem


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of the site. `path` is relative to the output folder, with `/` between its parts."""

    path: str
    content: bytes
    media_type: str = "text/html"


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A link on page `page_id` whose `target` is not in the snapshot; it reads as plain text."""

    page_id: str
    target: str


@dataclass(slots=True)
class RenderReport:
    """Filled while a render is consumed."""

    unresolved: list[Unresolved] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    page_count: int = 0


@dataclass(frozen=True, slots=True)
class WriteReport:
    """Paths relative to the output folder, sorted; the unchanged files were left alone."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged_count: int

    @property
    def written_count(self) -> int:
        """How many files were written."""
        return len(self.written)

    @property
    def removed_count(self) -> int:
        """How many files were removed."""
        return len(self.removed)
