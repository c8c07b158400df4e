"""Ids: a prefix that says what the thing is, and 26 characters that sort by time of making."""

from __future__ import annotations

import os
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford: no i, l, o, u


def new_id(prefix: str) -> str:
    """Return e.g. `kw_01k…`: 48 bits of Unix milliseconds, then 80 random bits (a ULID)."""
    number = (int(time.time() * 1000) << 80) | int.from_bytes(os.urandom(10), "big")
    characters = []
    for _ in range(26):
        number, digit = divmod(number, 32)
        characters.append(_ALPHABET[digit])
    return f"{prefix}_{''.join(reversed(characters))}"
