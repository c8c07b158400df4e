"""How far long work is: a bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
import time

from igny8.cli.output import Style, is_terminal, say

_EVERY = 5.0  # seconds between plain lines
_WIDTH = 24


class Progress:
    """A `Reporter` on stderr."""

    def __init__(self, style: Style) -> None:
        self._is_quiet = style.is_quiet
        self._label = ""
        self._started = 0.0
        self._said = 0.0

    def step(self, label: str, done: int, total: int) -> None:
        """Show `done` of `total`, with the time that is left."""
        if self._is_quiet or not total:
            return
        now = time.monotonic()
        if label != self._label:
            self._label, self._started, self._said = label, now, now
        if is_terminal():
            self._draw(label, done, total, now)
        elif done == total or now - self._said >= _EVERY:
            self._said = now
            say(f"{label}: {done} of {total}")

    def note(self, text: str) -> None:
        """Say something now."""
        if not self._is_quiet:
            say(text)

    def _draw(self, label: str, done: int, total: int, now: float) -> None:
        full = int(_WIDTH * done / total)
        left = (now - self._started) / done * (total - done) if done else 0.0
        eta = f" {left:3.0f} s left" if done < total else f" {now - self._started:5.1f} s   "
        bar = "━" * full + "╌" * (_WIDTH - full)
        sys.stderr.write(f"\r{label:<14} {bar} {done:>4}/{total}{eta}")
        sys.stderr.write("\n" if done >= total else "")
        sys.stderr.flush()
