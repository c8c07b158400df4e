"""The door for files that a site publishes: what they are by their bytes, and what may be kept.

A file is what it begins with, never what it is called; anything that a browser could run as a
page of the site (HTML, XML, scripts) is no file to publish.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from igny8.core.errors import InvalidInput
from igny8.safety import images, svg

# Media type → the suffixes that servers and browsers know it by; the first is the usual one.
SUFFIXES = {
    "application/pdf": ("pdf",),
    "application/zip": ("zip",),
    "audio/mpeg": ("mp3",),
    "audio/ogg": ("ogg", "oga", "opus"),
    "font/woff2": ("woff2",),
    "image/avif": ("avif",),
    "image/gif": ("gif",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/svg+xml": ("svg",),
    "image/webp": ("webp",),
    "text/plain": ("txt", "csv", "json", "md", "vtt"),
    "video/mp4": ("mp4", "m4v"),
    "video/webm": ("webm",),
}
_MP4_BRANDS = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Publishable:
    """What may be kept of a file. `data` differs from what came only where something had to go.

    Width and height are pixels of pictures as they are shown; `removed` names what had to go.
    """

    data: bytes
    media_type: str
    width: int | None = None
    height: int | None = None
    removed: tuple[str, ...] = ()


def judge(data: bytes) -> Publishable:
    """Tell what a file is and return what may be published of it. Raises InvalidInput."""
    media_type = sniff(data)
    if media_type == "image/svg+xml":
        made = svg.clean(data)
        return Publishable(made.data, media_type, made.width, made.height, made.removed)
    if media_type.startswith("image/"):
        facts = images.examine(data)
        return Publishable(data, media_type, facts.width, facts.height)
    return Publishable(data, media_type)


def sniff(data: bytes) -> str:
    """Return the media type that the bytes themselves show. Raises InvalidInput for others."""
    if not data:
        raise InvalidInput("the file is empty")
    found = _binary(data)
    if found is not None:
        return found
    if svg.is_svg(data):
        return "image/svg+xml"
    if _is_text(data):
        return "text/plain"
    raise InvalidInput(
        "this is no kind of file that a site publishes",
        hint="pictures, PDF, plain text, MP3, Ogg, MP4, WebM, WOFF2 and ZIP are",
    )


def _binary(data: bytes) -> str | None:
    head = data[:64]
    if head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")) or (
        (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
        or (head[4:8] == b"ftyp" and head[8:12] in (b"avif", b"avis", b"mif1"))
    ):
        return f"image/{images.inspect(data).format}"
    if head.startswith(b"ID3") or (
        head[:1] == b"\xff" and head[1:2] in (b"\xfb", b"\xf3", b"\xf2")
    ):
        return "audio/mpeg"
    if head[4:8] == b"ftyp" and head[8:12] in _MP4_BRANDS:
        return "video/mp4"
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head:
        return "video/webm"
    begins = {
        b"%PDF-": "application/pdf",
        b"PK\x03\x04": "application/zip",
        b"OggS": "audio/ogg",
        b"wOF2": "font/woff2",
    }
    return next((kind for mark, kind in begins.items() if head.startswith(mark)), None)


def _is_text(data: bytes) -> bool:
    """Plain words: no control characters, and nothing that a browser might take for markup."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not _CONTROL.search(text) and not text.lstrip().startswith("<")
