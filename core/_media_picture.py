"""Still pictures, by Pillow."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core._media_types import UNREADABLE, Picture
from core.artifacts import Facts
from core.errors import BadInput, Broken, OverLimit

if TYPE_CHECKING:
    from PIL import Image

MAX_PIXELS = 64_000_000
"""More than any phone's camera gives by default; 192 MB once decoded."""
MAX_SIDE = 4096

_FORMATS = {
    "AVIF": "image/avif", "BMP": "image/bmp", "GIF": "image/gif", "JPEG": "image/jpeg",
    "PNG": "image/png", "TIFF": "image/tiff", "WEBP": "image/webp",
}  # fmt: skip
_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM", b"II*\x00", b"MM\x00*")
_HEIF = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
"""Brands of ISO/IEC 23008-12 files that Pillow does not decode."""
_TURNED = (5, 6, 7, 8)
"""Values of the EXIF orientation that swap width and height."""


def is_picture(head: bytes) -> bool:
    """Whether a file that begins so is a still picture.

    Raises:
        BadInput: it is one, of a format that I cannot read.
    """
    brands = head[8 : 8 + 64] if head[4:8] == b"ftyp" else b""
    if brands[:4] in (b"avif", b"avis") or (brands[:4] in (b"mif1", b"msf1") and b"avif" in brands):
        return True
    if brands[:4] in _HEIF:
        raise BadInput("I cannot read HEIC pictures. Please send it as JPEG or PNG.")
    return head.startswith(_MAGIC) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """The picture, not decoded yet; whatever goes wrong inside the block is told as ours."""
    from PIL import Image

    try:
        with Image.open(path, formats=tuple(_FORMATS)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise OverLimit(f"That picture has more than {MAX_PIXELS // 1_000_000} megapixels, which is my limit.")
            yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise OverLimit(
            f"That picture has more than {MAX_PIXELS // 1_000_000} megapixels, which is my limit."
        ) from error
    except (
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        IndexError,
        struct.error,
    ) as error:  # what Pillow's readers raise
        raise BadInput(UNREADABLE) from error


def picture_facts(path: Path) -> Facts:
    """Type and size as shown (EXIF rotation applied), once the whole picture has decoded.

    Raises:
        BadInput: it does not decode.
        OverLimit: it has more than `MAX_PIXELS`.
    """
    from PIL import ExifTags

    with _opened(path) as image:
        media_type = _FORMATS.get(image.format or "", "image/jpeg")  # else MPO: a JPEG with more of them behind it
        width, height = image.size
        if image.getexif().get(ExifTags.Base.Orientation) in _TURNED:
            width, height = height, width
        image.load()
    return Facts(media_type, path.stat().st_size, width=width, height=height)


def picture(path: Path) -> Picture:
    """Decode a picture: the first frame, the right way up, on white, no side longer than `MAX_SIDE` pixels.

    Raises:
        BadInput: it does not decode.
        OverLimit: it has more than `MAX_PIXELS`.
    """
    from PIL import Image, ImageOps

    with _opened(path) as image:
        image.thumbnail((MAX_SIDE, MAX_SIDE))
        upright = ImageOps.exif_transpose(image)
        if upright.mode.startswith("I"):  # 16 bits a pixel; Pillow would clip them
            return Picture(np.repeat((np.asarray(upright) >> 8).clip(0, 255).astype(np.uint8)[..., None], 3, axis=2))
        if upright.has_transparency_data:
            upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright.convert("RGBA"))
        return Picture(np.array(upright.convert("RGB"), dtype=np.uint8))


def write_jpeg(origin: Path, target: Path, *, side: int, quality: int = 85) -> None:
    """Write a picture as a JPEG without metadata, the right way up, no side longer than `side` pixels.

    Raises:
        BadInput: it does not decode.
        OverLimit: it has more than `MAX_PIXELS`.
        Broken: the disk cannot take it.
    """
    from PIL import Image

    image = Image.fromarray(picture(origin).pixels)
    image.thumbnail((side, side))
    try:
        image.save(target, "JPEG", quality=quality, optimize=True)
    except OSError as error:
        raise Broken(f"cannot write a JPEG: {type(error).__name__}") from error
