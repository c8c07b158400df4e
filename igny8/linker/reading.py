"""What the linker keeps of a body, so that it is parsed once: its scan, and its words' stems."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from igny8.linker.injection import scan
from igny8.linker.phrases import stems_in
from igny8.linker.scanning import FoundLink, Scan, Span
from igny8.linker.types import BodyFormat

Key = tuple[str, ...]
"""The stems of a phrase."""

_MARKUP = re.compile(r"<!--.*?-->|<[^<>]*>|\]\([^()\s]*\)|https?://\S+|&\w+;", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Reading:
    """A body as the linker sees it. `stems` are those of all its words, in order."""

    scan: Scan
    stems: Sequence[str]


def read(body: str, body_format: BodyFormat, language: str) -> Reading:
    """Return what the linker keeps of a body."""
    return Reading(scan(body, body_format), stems_of(body, language))


def stems_of(body: str, language: str) -> list[str]:
    """Return the stem of every word of a body, markup aside, in order."""
    return stems_in(_MARKUP.sub(" ", body), language)


def encode(reading: Reading) -> bytes:
    """Return a reading as compressed JSON."""
    seen = reading.scan
    spans = [number for s in seen.spans for number in (s.start, s.end, s.paragraph)]
    links = [
        (k.href, k.anchor, k.start, k.end, k.text_start, k.text_end, k.paragraph)
        for k in seen.links
    ]
    texts = [number for pair in seen.texts for number in pair]
    data = (" ".join(reading.stems), spans, links, texts)
    return zlib.compress(json.dumps(data, separators=(",", ":")).encode(), 1)


def decode(data: bytes) -> Reading:
    """Return the reading of which `encode` made these bytes."""
    stems, spans, links, texts = json.loads(zlib.decompress(data))
    return Reading(
        Scan(
            tuple(map(Span, spans[::3], spans[1::3], spans[2::3])),
            tuple(FoundLink(*link) for link in links),
            tuple(zip(texts[::2], texts[1::2], strict=True)),
        ),
        stems.split(" ") if stems else [],
    )
