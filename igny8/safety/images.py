"""The door for picture files: what they are, that they may be decoded, and writing them anew."""

from __future__ import annotations

import io
import struct
import warnings
from dataclasses import dataclass, replace
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING

from igny8.core.errors import InvalidInput

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS = 64_000_000
MAX_FRAMES = 600
MAX_MOVING_PIXELS = 400_000_000  # of all frames together
FORMATS = ("AVIF", "GIF", "JPEG", "PNG", "WEBP")
_FEW_COLOURS = 64  # grey photographs have up to 256
_ORIENTATION = 0x0112
_TURNED = frozenset({5, 6, 7, 8})
# What Pillow's decoders raise on damaged input; SyntaxError and struct.error are no mistakes.
_DAMAGED = (OSError, ValueError, SyntaxError, EOFError, TypeError, LookupError, struct.error)


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """A picture's format (`png jpeg gif webp avif`) and its size in pixels as shown.

    `frame_count` is more than 1 for one that moves; only `examine` counts.
    """

    format: str
    width: int
    height: int
    frame_count: int = 1


def inspect(data: bytes) -> ImageFacts:
    """Read format and size from the file's own header, turned as its orientation says.

    Raises InvalidInput for other formats, SVG too, and for more than 64 megapixels.
    """
    image = _open(data)
    width, height = image.size
    if _orientation(image) in _TURNED:
        width, height = height, width
    return ImageFacts(format=str(image.format).lower(), width=width, height=height)


def examine(data: bytes) -> ImageFacts:
    """Read all of a picture, as a browser will: `inspect`, and every frame decoded.

    Raises InvalidInput as `inspect` does, for one that is cut off or damaged, and for one that
    moves with more than 600 frames or 400 megapixels of them.
    """
    facts = inspect(data)
    image = _open(data)
    try:
        count = int(getattr(image, "n_frames", 1))
        pixels = count * facts.width * facts.height
        if count > 1 and (count > MAX_FRAMES or pixels > MAX_MOVING_PIXELS):
            raise _too_long(count)
        for number in range(count):
            image.seek(number)
            image.load()
    except _DAMAGED as error:
        raise _damaged(image, error) from error
    return replace(facts, frame_count=count)


def decode(data: bytes) -> Image:
    """Return the decoded picture, to be written anew. Raises InvalidInput, for damage too."""
    image = _open(data)
    try:
        image.load()
    except _DAMAGED as error:
        raise _damaged(image, error) from error
    return image


def upright(data: bytes) -> Image:
    """Return the picture as it is shown: turned as it says, in sRGB, with no notes at all.

    The mode is L, RGB or RGBA. Raises InvalidInput as `decode` does.
    """
    from PIL import ImageOps

    image = decode(data)
    try:
        turned: Image = ImageOps.exif_transpose(image)
    except _DAMAGED:
        turned = image
    turned = _in_srgb(turned)
    if turned.has_transparency_data:
        turned = turned.convert("RGBA")
        if turned.getchannel("A").getextrema() == (255, 255):
            turned = turned.convert("RGB")
    elif turned.mode not in ("L", "RGB"):
        turned = turned.convert("L" if turned.mode in ("1", "I;16") else "RGB")
    turned.info = {}
    return turned


def narrowed(image: Image, width: int, height: int) -> Image:
    """Return the picture in a smaller size in pixels."""
    return image.resize((width, height), _pillow().Resampling.LANCZOS, reducing_gap=3.0)


def encode(image: Image, format_: str) -> bytes:
    """Write an upright picture as `avif`, `webp`, `jpeg`, `png` or `gif`: same pixels, same bytes.

    A drawing of few colours is kept exactly in WebP; photographs lose what is not seen.
    """
    is_flat = image.getcolors(_FEW_COLOURS) is not None
    options: dict[str, dict[str, object]] = {
        # One thread: the order in which several finish may show in the bytes.
        "avif": {"quality": 75 if is_flat else 58, "speed": 7, "max_threads": 1},
        "webp": {"lossless": is_flat, "quality": 80, "method": 4},
        "jpeg": {"quality": 82, "optimize": True, "progressive": True},
        "png": {"optimize": True},
        "gif": {},
    }
    if format_ == "jpeg" and image.mode == "RGBA":
        image = image.convert("RGB")
    buffer = io.BytesIO()
    image.save(buffer, format_.upper(), **options[format_])
    return buffer.getvalue()


def _in_srgb(image: Image) -> Image:
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    from PIL import ImageCms

    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        shown = ImageCms.profileToProfile(
            image,
            own,
            ImageCms.createProfile("sRGB"),
            outputMode="RGBA" if image.mode == "RGBA" else "RGB",
        )
    except (ImageCms.PyCMSError, *_DAMAGED):
        return image  # a profile that nobody can read is as good as none
    return shown or image


def _open(data: bytes) -> Image:
    pillow = _pillow()
    try:
        image: Image = pillow.open(io.BytesIO(data), formats=FORMATS)
    except (pillow.DecompressionBombError, pillow.DecompressionBombWarning) as error:
        raise _too_large() from error
    except _DAMAGED as error:
        raise InvalidInput(
            "this is not a picture igny8 takes", hint="use PNG, JPEG, WebP, AVIF or GIF"
        ) from error
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise _too_large()
    if not width or not height:
        raise InvalidInput("the picture has no pixels")
    return image


def _damaged(image: Image, error: Exception) -> InvalidInput:
    return InvalidInput(
        f"the {image.format} picture is damaged: {error}", hint="save it anew, or copy it again"
    )


def _too_long(count: int) -> InvalidInput:
    return InvalidInput(
        f"the picture moves: its {count} frames are more than {MAX_FRAMES}, or more than "
        f"{MAX_MOVING_PIXELS // 1_000_000} megapixels together",
        hint="make it a video (MP4), or smaller",
    )


def _too_large() -> InvalidInput:
    return InvalidInput(
        f"the picture has more than {MAX_PIXELS // 1_000_000} megapixels", hint="make it smaller"
    )


def _orientation(image: Image) -> int | None:
    try:
        return image.getexif().get(_ORIENTATION)
    except _DAMAGED:
        # Browsers show a picture whose notes are damaged; so do we.
        return None


@cache
def _pillow() -> ModuleType:
    """Import Pillow, set so that it refuses bombs wherever in this process it decodes."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
    return Image
