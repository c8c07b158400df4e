"""Spreads pure work over all cores by forking. Knows nothing of links."""

from __future__ import annotations

import gc
import os
import pickle
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Generic, TypeVar

_MOST = 8

Item = TypeVar("Item")
Result = TypeVar("Result")


def spread(
    work: Callable[[Sequence[Item]], Result],
    items: Sequence[Item],
    *,
    least: int,
    processes: int | None = None,
) -> list[Result]:
    """Return what `work` makes of each share of `items`, this process's share first.

    Every n-th item makes a share, so that all end together; fewer than `least` items a process
    are not worth one. Results are pickled; `work` changes nothing outside itself.
    """
    count = processes or min(_cores(), _MOST)
    count = min(count, len(items) // max(least, 1) + 1)
    # A fork copies one thread only: with others running, a lock could stay held for ever.
    if count < 2 or not hasattr(os, "fork") or threading.active_count() > 1:
        return [work(items)]
    shares = [items[number::count] for number in range(count)]
    children = [_Child(work, share) for share in shares[1:]]
    try:
        results = [work(shares[0])]
        for child, share in zip(children, shares[1:], strict=True):
            sent = child.result()
            # What went wrong there goes wrong here too, and can be said here.
            results.append(work(share) if sent is None else sent[0])
        return results
    finally:
        for child in children:
            child.end()


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the collector from going through a site's worth of values again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Child(Generic[Item, Result]):
    """A forked process that does one share and sends back what it made."""

    def __init__(self, work: Callable[[Sequence[Item]], Result], share: Sequence[Item]) -> None:
        reading, writing = os.pipe()
        self._process = os.fork()
        if self._process:
            os.close(writing)
            self._reading = reading
            return
        status = 1
        try:
            os.close(reading)
            sent = pickle.dumps(work(share), pickle.HIGHEST_PROTOCOL)
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(sent)
            status = 0
        finally:
            os._exit(status)

    def result(self) -> tuple[Result] | None:
        """Wait for it; None when it failed."""
        with os.fdopen(self._reading, "rb") as pipe:
            sent = pipe.read()
        self._reading = -1
        _, status = os.waitpid(self._process, 0)
        self._process = 0
        if status or not sent:
            return None
        return (pickle.loads(sent),)  # noqa: S301  (our own process wrote it)

    def end(self) -> None:
        """End it, if this run ends before it does."""
        if not self._process:
            return
        import signal

        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        os.close(self._reading)
