"""Files to publish: known by their bytes, whatever they are called."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from igny8.core.errors import InvalidInput
from igny8.safety import images
from igny8.safety.filetypes import SUFFIXES, judge, sniff
from igny8.safety.images import MAX_FRAMES, examine


def moving(count: int, size: tuple[int, int] = (8, 8), format_: str = "GIF") -> bytes:
    frames = [Image.new("RGB", size, (n % 256, n // 256 * 9 % 256, 0)) for n in range(count)]
    buffer = io.BytesIO()
    frames[0].save(buffer, format_, save_all=True, append_images=frames[1:], duration=50)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n%", "application/pdf"),
        (b"PK\x03\x04rest", "application/zip"),
        (b"ID3\x04\x00", "audio/mpeg"),
        (b"\xff\xfb\x90\x00", "audio/mpeg"),
        (b"OggS\x00\x02", "audio/ogg"),
        (b"wOF2\x00\x01", "font/woff2"),
        (b"\x00\x00\x00\x18ftypmp42\x00", "video/mp4"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", "video/webm"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        ("Grüße,\r\nzwei\n".encode(), "text/plain"),
        (b"\xef\xbb\xbfa,b\n", "text/plain"),
        (b'{"a": 1}', "text/plain"),
    ],
)
def test_a_file_is_what_it_begins_with(data: bytes, kind: str) -> None:
    assert sniff(data) == kind
    assert kind in SUFFIXES


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP", "AVIF", "GIF"])
def test_pictures_are_known_with_their_size(format_: str) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (30, 20)).save(buffer, format_)
    made = judge(buffer.getvalue())
    assert (made.media_type, made.width, made.height) == (f"image/{format_.lower()}", 30, 20)
    assert made.data == buffer.getvalue()


@pytest.mark.parametrize(
    "data",
    [b"", b"<!DOCTYPE html><p>x", b" \n<html>", b"\xef\xbb\xbf<script>x</script>", b"<?xml?><a/>",
     b"<?php x ?>", b"MZ\x90\x00", b"\x7fELF\x02", b"#!\x00", b"\xff\xfe<\x00h\x00", b"\x80abc",
     b"BM\x3a\x00", b"II*\x00", b"\x00\x00\x00\x18ftypheic", b"\x89PNG\r\n\x1a\n", b"GIF89a"],
)  # fmt: skip
def test_what_a_browser_could_run_or_nobody_knows_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        judge(data)


def test_a_cut_picture_is_refused() -> None:
    buffer = io.BytesIO()
    Image.effect_noise((200, 200), 90).save(buffer, "JPEG")
    with pytest.raises(InvalidInput, match="damaged"):
        judge(buffer.getvalue()[:-3000])


def test_a_moving_picture_is_counted_and_its_later_frames_are_read_too() -> None:
    data = moving(3)
    assert examine(data).frame_count == 3
    for cut in range(len(data) - 30, len(data) - 2):
        try:
            assert examine(data[:cut]).frame_count < 3
        except InvalidInput as error:
            assert "damaged" in error.message


def test_endless_animations_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidInput, match="moves"):
        examine(moving(MAX_FRAMES + 1))
    monkeypatch.setattr(images, "MAX_MOVING_PIXELS", 10 * 100)
    assert examine(moving(9, (10, 10))).frame_count == 9
    with pytest.raises(InvalidInput, match="moves"):
        examine(moving(11, (10, 10)))


def test_an_svg_is_kept_without_what_could_run() -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3" onload="x()"/>'
    made = judge(svg)
    assert made.removed == ("onload",)
    assert b"onload" not in made.data
    assert (made.width, made.height) == (4, 3)
