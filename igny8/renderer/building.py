"""Brings an output folder up to date with a rendering: makes what is stale, on all cores.

A file is made again when a fact it was made of reads otherwise now, when it is not as the last
build left it, or when what all pages share has changed. The result is the same as a clean build's.
"""

from __future__ import annotations

import os
import pickle
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from igny8.renderer.manifest import Entry, Manifest
from igny8.renderer.rendering import Job, Rendering
from igny8.renderer.types import Unresolved, WriteReport
from igny8.renderer.writing import Folder

_BATCH = 100  # pages whose bodies are held at once
_WORTH_A_PROCESS = 150  # jobs below which starting another process costs more than it saves
_MOST_PROCESSES = 8


@dataclass(frozen=True, slots=True)
class Updated:
    """What a build did, and all links of the site that lead nowhere."""

    written: WriteReport
    unresolved: tuple[Unresolved, ...]


@dataclass(slots=True)
class _Done:
    """What one process made: paths with their entries, uses and loose links."""

    entries: dict[str, Entry]
    written: list[str]
    uses: dict[str, frozenset[str]]
    unresolved: dict[str, list[Unresolved]]
    unchanged_count: int


def bring_up_to_date(
    rendering: Rendering,
    out: Path,
    *,
    is_full: bool = False,
    inputs: str = "",
    before: Manifest | None = None,
    processes: int | None = None,
) -> Updated:
    """Make `out` hold exactly the rendering's files, besides those of others.

    `is_full` makes every file anew; `inputs` is kept for the next build to compare; `before` is
    what the last one left, if the caller has read that already. Raises
    InvalidInput and Conflict as `write` does, and whatever making a page raises.
    """
    jobs = rendering.jobs()
    folder = Folder(out, is_full=is_full, before=before)
    try:
        manifest, changed = _kept(rendering, folder.before, is_full=is_full)
        dirty = _dirty(jobs, folder, manifest)
        for done in _make(rendering, folder, dirty, processes):
            folder.made |= done.entries
            folder.written += done.written
            folder.unchanged_count += done.unchanged_count
            _note(manifest, done)
        live = {job.path for job in jobs}
        manifest.uses = {path: used for path, used in manifest.uses.items() if path in live}
        manifest.unresolved = {p: ls for p, ls in manifest.unresolved.items() if p in live}
        # Those of the last build that read the same now need not be asked again.
        for key, value in manifest.facts.items():
            if not value or key in changed:
                manifest.facts[key] = rendering.fact(key)
        manifest.inputs = inputs
        manifest.page_count, manifest.problems = rendering.page_count, list(rendering.problems)
        found = manifest.unresolved
        manifest.loose = [each for job in jobs for each in found.get(job.path, ())]
        manifest.loose += rendering.unresolved
        return Updated(folder.finish(manifest), tuple(manifest.loose))
    finally:
        folder.close()


def _kept(
    rendering: Rendering, before: Manifest, *, is_full: bool
) -> tuple[Manifest, frozenset[str]]:
    """The new manifest as far as the old one still holds, and the facts that read otherwise now."""
    if is_full or before.digest != rendering.digest:
        return Manifest(digest=rendering.digest), frozenset()
    changed = _changed(rendering, before.facts)
    stale = before.stale(changed)
    kept = Manifest(
        digest=before.digest,
        facts=dict(before.facts),
        uses={path: used for path, used in before.uses.items() if path not in stale},
        unresolved={p: links for p, links in before.unresolved.items() if p not in stale},
    )
    return kept, changed


def _changed(rendering: Rendering, facts: Mapping[str, str]) -> frozenset[str]:
    """The keys that read otherwise now."""
    changed = []
    for key, value in facts.items():
        kind, _, id_ = key.partition(":")
        # A card shows a part of its page: that need not be asked while the page is the same.
        same = f"page:{id_}" if kind == "card" else ""
        if same and same in facts and rendering.fact(same) == facts[same]:
            continue
        if rendering.fact(key) != value:
            changed.append(key)
    return frozenset(changed)


def _dirty(jobs: Sequence[Job], folder: Folder, manifest: Manifest) -> list[Job]:
    return [job for job in jobs if job.path not in manifest.uses or not folder.keep(job.path)]


def _note(manifest: Manifest, done: _Done) -> None:
    numbers = {key: number for number, key in enumerate(manifest.facts)}
    for path, keys in done.uses.items():
        manifest.number_uses(path, keys, numbers)
        if path in done.unresolved:
            manifest.unresolved[path] = done.unresolved[path]
        else:
            manifest.unresolved.pop(path, None)


def _make(
    rendering: Rendering, folder: Folder, jobs: Sequence[Job], processes: int | None
) -> list[_Done]:
    count = processes or min(len(os.sched_getaffinity(0)), _MOST_PROCESSES)
    count = min(count, len(jobs) // _WORTH_A_PROCESS + 1)
    # A fork copies one thread only: with others running, a lock could stay held for ever.
    if count < 2 or not hasattr(os, "fork") or threading.active_count() > 1:
        return [_work(rendering, folder, jobs)]
    # Neighbours cost about the same: dealt out in turn, all processes end together.
    shares = [jobs[number::count] for number in range(count)]
    children = [
        _Child(rendering, folder, share, number) for number, share in enumerate(shares[1:], 1)
    ]
    try:
        done = [_work(rendering, folder, shares[0])]
        for child, share in zip(children, shares[1:], strict=True):
            # What went wrong there goes wrong here too, and can be said here.
            done.append(child.result() or _work(rendering, folder, share))
        return done
    finally:
        for child in children:
            child.end()


def _work(rendering: Rendering, folder: Folder, jobs: Sequence[Job]) -> _Done:
    before, written = set(folder.made), len(folder.written)
    unchanged = folder.unchanged_count
    uses: dict[str, frozenset[str]] = {}
    unresolved: dict[str, list[Unresolved]] = {}
    for start in range(0, len(jobs), _BATCH):
        batch = jobs[start : start + _BATCH]
        rendering.fetch(batch)
        for job in batch:
            made = rendering.make(job)
            folder.put(made.artifact)
            uses[job.path] = made.uses
            if made.unresolved:
                unresolved[job.path] = list(made.unresolved)
    done = _Done(
        {path: entry for path, entry in folder.made.items() if path in uses or path not in before},
        folder.written[written:],
        uses,
        unresolved,
        folder.unchanged_count - unchanged,
    )
    # The caller counts what every process did, this one too.
    del folder.written[written:]
    folder.unchanged_count = unchanged
    return done


class _Child:
    """A forked process that makes a share of the jobs and sends back what it did."""

    def __init__(
        self, rendering: Rendering, folder: Folder, jobs: Sequence[Job], number: int
    ) -> None:
        reading, writing = os.pipe()
        self._process = os.fork()
        if self._process:
            os.close(writing)
            self._reading = reading
            return
        status = 1
        try:
            os.close(reading)
            folder.share(number)
            sent = pickle.dumps(_work(rendering, folder, jobs), pickle.HIGHEST_PROTOCOL)
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(sent)
            status = 0
        except BaseException:  # noqa: BLE001  (this process ends here, whatever happened)
            status = 1
        finally:
            os._exit(status)

    def result(self) -> _Done | None:
        """Wait for it; None when it failed."""
        with os.fdopen(self._reading, "rb") as pipe:
            sent = pipe.read()
        self._reading = -1
        _, status = os.waitpid(self._process, 0)
        self._process = 0
        if status or not sent:
            return None
        done: _Done = pickle.loads(sent)  # noqa: S301  (our own process wrote it)
        return done

    def end(self) -> None:
        """End it, if this run ends before it does."""
        if not self._process:
            return
        import signal

        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        os.close(self._reading)
