"""Ids: a prefix that says what the thing is, and 26 characters that sort by time of making."""

from __future__ import annotations

import os
import time
from threading import Lock

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford: no i, l, o, u


class _Numbers:
    """ULID numbers, each greater than the one before: rows sort as they were made."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last = 0

    def __call__(self) -> int:
        number = (int(time.time() * 1000) << 80) | int.from_bytes(os.urandom(10), "big")
        with self._lock:
            # Within one millisecond, or after the clock was set back, count on from the last.
            self._last = number if number >> 80 > self._last >> 80 else self._last + 1
            return self._last


_next_number = _Numbers()


def new_id(prefix: str) -> str:
    """Return e.g. `kw_01k…`: 48 bits of Unix milliseconds, then 80 random bits (a ULID).

    A process never makes a smaller one than before.
    """
    number = _next_number()
    characters = []
    for _ in range(26):
        number, digit = divmod(number, 32)
        characters.append(_ALPHABET[digit])
    return f"{prefix}_{''.join(reversed(characters))}"
