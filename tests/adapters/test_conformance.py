"""Every target that ships keeps the promises of its kind; the suite notices one that does not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from igny8.adapters.base import FileTarget, ReleaseTarget
from igny8.adapters.folder import FolderOptions, FolderTarget
from igny8.core.errors import AdapterError
from igny8.testing.adapters import Disk, MemoryOptions, MemoryTarget, Promise, promises


def _folder(root: Path) -> FileTarget:
    return FolderTarget(FolderOptions(path="live"), root)


def _memory(root: Path) -> FileTarget:
    return MemoryTarget(MemoryOptions(disk=str(root)), root)


@pytest.mark.parametrize("promise", promises(_folder(Path())), ids=lambda p: p.__name__)
def test_the_folder_target_keeps_its_promises(promise: Promise, tmp_path: Path) -> None:
    promise(lambda: _folder(tmp_path))


@pytest.mark.parametrize("promise", promises(_memory(Path())), ids=lambda p: p.__name__)
def test_the_memory_target_keeps_its_promises(promise: Promise, tmp_path: Path) -> None:
    promise(lambda: _memory(tmp_path))


class Plain:
    """A target without releases, as a bucket is."""

    options_model = MemoryOptions

    def __init__(self, disk: Disk) -> None:
        disk.releases.setdefault("live", {})
        disk.live = "live"
        self._disk = disk
        self._memory = MemoryTarget(MemoryOptions(), Path())
        self._memory._disk = disk

    def check(self) -> None:
        """Nothing to check."""

    def live(self) -> Mapping[str, str]:
        return self._memory.live()

    def put(self, path: str, content: bytes) -> None:
        self._disk.begun = self._disk.releases["live"]
        self._memory.put(path, content)

    def delete(self, path: str) -> None:
        self._disk.begun = self._disk.releases["live"]
        self._memory.delete(path)


def test_a_target_without_releases_has_fewer_promises_to_keep() -> None:
    plain = Plain(Disk())
    assert not isinstance(plain, ReleaseTarget)
    assert set(promises(plain)) < set(promises(_folder(Path())))
    for promise in promises(plain):
        disk = Disk()
        promise(lambda disk=disk: Plain(disk))  # type: ignore[misc]


class Forgetful(MemoryTarget):
    def delete(self, path: str) -> None:
        """Forgets to."""


class Eager(MemoryTarget):
    def put(self, path: str, content: bytes) -> None:
        super().put(path, content)
        self.commit("early")


class Careless(MemoryTarget):
    def put(self, path: str, content: bytes) -> None:
        self._files()[path] = content


@pytest.mark.parametrize("broken", [Forgetful, Eager, Careless])
def test_a_broken_target_is_noticed(broken: type[MemoryTarget], tmp_path: Path) -> None:
    failed = []
    for promise in promises(_memory(tmp_path)):
        options = MemoryOptions(disk=f"{tmp_path}-{promise.__name__}")
        try:
            promise(lambda options=options: broken(options, tmp_path))  # type: ignore[misc]
        except (AssertionError, AdapterError):
            failed.append(promise)
    assert failed
