"""The site under check, as every family of rules sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from igny8.reports.site_check.addresses import Addresses
from igny8.reports.site_check.types import BuiltFiles, Expectations


@dataclass(frozen=True, slots=True)
class Site:
    """Its files, what is expected of it, where addresses lead, and its pages by number."""

    files: BuiltFiles
    expected: Expectations
    addresses: Addresses
    numbers: Mapping[str, int]

    def text(self, path: str) -> str:
        """Read a text file; bytes that are no UTF-8 become replacement characters."""
        return self.files.read(path).decode("utf-8-sig", errors="replace")
