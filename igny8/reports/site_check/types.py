"""What the checks of a built site take and give back. The rules stand with their families."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from igny8.core.findings import Finding


@dataclass(frozen=True, slots=True)
class BuiltFiles:
    """A built folder: sizes in bytes by path (`/` between the parts), and a way to read one."""

    sizes: Mapping[str, int]
    read: Callable[[str], bytes]

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> BuiltFiles:
        """Take files that are in memory already."""
        return cls({path: len(content) for path, content in files.items()}, files.__getitem__)


@dataclass(frozen=True, slots=True)
class Expectations:
    """What the site promises: where it will stand, and how much a page may weigh (bytes).

    `unresolved` maps a page's path to the targets of links that the build left as plain text.
    """

    base_url: str
    page_bytes: int = 60_000
    image_bytes: int = 300_000
    images_bytes: int = 1_500_000
    unresolved: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alternate:
    """One `<link rel="alternate" hreflang>`: language code, address as written, its line."""

    language: str
    url: str
    line: int


@dataclass(slots=True)
class PageFacts:
    """What is kept of a page after it was read: little, since a site may have 10,000 of them.

    `links` holds numbers of pages (see `Check.numbers`) and lines by turns; `fragments` are
    (number of the page, fragment, line). `refresh` is where the page sends its visitors.
    """

    path: str
    url: str
    language: str = ""
    title: str = ""
    title_line: int = 0
    description: str = ""
    description_line: int = 0
    canonical: str = ""
    canonical_line: int = 0
    refresh: str = ""
    is_noindex: bool = False
    ids: frozenset[str] = frozenset()
    links: array[int] = field(default_factory=lambda: array("I"))
    fragments: tuple[tuple[int, str, int], ...] = ()
    alternates: tuple[Alternate, ...] = ()

    @property
    def is_page(self) -> bool:
        """Whether it is a page of its own: neither a redirect nor what stands for missing pages."""
        return not self.refresh and self.path != NOT_FOUND_PAGE

    @property
    def is_indexable(self) -> bool:
        """Whether search engines are to list it."""
        return self.is_page and not self.is_noindex

    @property
    def is_continuation(self) -> bool:
        """Whether it continues a list, as `/advice/page/2/` does: it has nothing of its own."""
        return _CONTINUATION.search(self.url) is not None


NOT_FOUND_PAGE = "404.html"
_CONTINUATION = re.compile(r"/page/[0-9]+/$")


@dataclass(frozen=True, slots=True)
class CheckReport:
    """All findings in order, and how many pages and files were looked at."""

    findings: tuple[Finding, ...]
    page_count: int
    file_count: int
