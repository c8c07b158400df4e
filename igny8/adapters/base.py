"""What an adapter must be able to do, and what it may offer besides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict


class Options(BaseModel):
    """An adapter's options. Flags, prompts and docs follow from its fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@runtime_checkable
class FileTarget(Protocol):
    """A place for a built site. Errors of the place below are raised as AdapterError.

    An adapter is a class: it is called with its options (an `options_model`) and the workspace's
    folder. Every command makes a new one, so nothing may depend on what it remembers.
    """

    options_model: type[Options]

    def check(self) -> None:
        """Raise AdapterError, with a hint, unless the target can be written."""

    def live(self) -> Mapping[str, str]:
        """Path → SHA-256 of what visitors see now; empty where nothing was published."""

    def put(self, path: str, content: bytes) -> None:
        """Make or replace one file."""

    def delete(self, path: str) -> None:
        """Remove one file; one that is not there is no error."""


@runtime_checkable
class ReleaseTarget(FileTarget, Protocol):
    """A target that can switch whole releases: visitors see the old one or the new one.

    Between `begin` and `commit`, `put` and `delete` work on the new release, which starts as a
    copy of the live one.
    """

    def begin(self, release: str) -> None:
        """Start a release. One of that name that was not committed is thrown away."""

    def commit(self, release: str) -> None:
        """Make the release live, whole, in one step."""

    def releases(self) -> list[str]:
        """Committed releases, oldest first."""

    def current(self) -> str | None:
        """The live release."""

    def switch(self, release: str) -> None:
        """Make an earlier release live again."""
