"""Picture files: facts from their headers, bombs and strangers refused."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import zlib

import pytest
from PIL import Image

from igny8.core.errors import InvalidInput
from igny8.safety.images import FORMATS, ImageFacts, decode, inspect


def picture(format_: str, size: tuple[int, int] = (40, 20), **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(buffer, format_, **options)
    return buffer.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A tiny PNG whose header claims a huge picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


@pytest.mark.parametrize("format_", FORMATS)
def test_every_allowed_format_is_known_by_its_contents(format_: str) -> None:
    data = picture(format_)
    assert inspect(data) == ImageFacts(format_.lower(), 40, 20)
    assert decode(data).size == (40, 20)


@pytest.mark.parametrize("format_", ["BMP", "TIFF", "ICO", "PPM", "TGA", "EPS", "PDF"])
def test_other_formats_are_refused_though_pillow_could_write_them(format_: str) -> None:
    with pytest.raises(InvalidInput, match="not a picture"):
        inspect(picture(format_))


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"GIF89a",
     b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\x00\x00\x00\x00WEBP", b"%!PS-Adobe", b"<html>"],
)  # fmt: skip
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        inspect(data)


@pytest.mark.parametrize("size", [(20_000, 20_000), (8_001, 8_000), (65_000, 65_000)])
def test_bombs_are_refused_by_their_header(size: tuple[int, int]) -> None:
    bomb = png_claiming(*size)
    assert len(bomb) < 200
    for read in (inspect, decode):
        with pytest.raises(InvalidInput, match="64 megapixels"):
            read(bomb)


def test_64_megapixels_are_allowed() -> None:
    assert inspect(png_claiming(8_000, 8_000)) == ImageFacts("png", 8_000, 8_000)


def test_a_truncated_picture_does_not_decode() -> None:
    data = picture("JPEG", (400, 400))
    with pytest.raises(InvalidInput, match="damaged"):
        decode(data[: len(data) // 2])


def test_a_turned_photograph_has_the_size_that_is_shown() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert inspect(picture("JPEG", (40, 20), exif=exif)) == ImageFacts("jpeg", 20, 40)


def test_damage_anywhere_gives_facts_or_invalid_input_and_nothing_else() -> None:
    chance = random.Random(8)
    for format_ in FORMATS:
        whole = picture(format_)
        for _ in range(60):
            data = bytearray(whole)
            for _ in range(chance.randint(1, 6)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            for read in (inspect, decode):
                try:
                    read(bytes(data[: chance.randint(1, len(data))]))
                except InvalidInput as error:
                    assert error.message


def test_pillow_is_imported_only_when_a_picture_is_read() -> None:
    code = "import sys, igny8.safety.images; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
