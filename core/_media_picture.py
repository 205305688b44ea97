"""Still pictures, by Pillow; HEIC by libheif."""

from __future__ import annotations

import base64
import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core._media_tags import tagged_jpeg
from core._media_types import UNREADABLE, About, Picture
from core.artifacts import Facts
from core.errors import BadInput, Broken, OverLimit
from core.sayings import saying

if TYPE_CHECKING:
    from PIL import Image

MAX_PIXELS = 64_000_000
"""More than any phone's camera gives by default; 192 MB once decoded."""
MAX_JPEG_PIXELS = 256_000_000
"""A JPEG that is not progressive is decoded at a half, a quarter or an eighth of its size, which takes no more."""
MAX_SIDE = 4096

_FORMATS = {
    "AVIF": "image/avif", "BMP": "image/bmp", "GIF": "image/gif", "HEIF": "image/heic", "JPEG": "image/jpeg",
    "PNG": "image/png", "TIFF": "image/tiff", "WEBP": "image/webp",
}  # fmt: skip
_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*")
_HEIF = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
"""Brands of ISO/IEC 23008-12 files with HEVC inside."""
_UNREAD = {
    b"\x00\x00\x00\x0cJXL ": "JPEG XL", b"\xff\x0a": "JPEG XL", b"\x00\x00\x00\x0cjP  ": "JPEG 2000",
    b"8BPS": "Photoshop", b"\x00\x00\x01\x00": "icon", b"<svg": "SVG",
}  # fmt: skip
_DECODER = "pi_heif"
_SRGB = (b"sRGB", "sRGB".encode("utf-16-be"))
"""How profiles call it: those of version 2, those of version 4."""
_TURNED = (5, 6, 7, 8)
"""Values of the EXIF orientation that swap width and height."""
_TOPS = (1.0, 255.0, 65_535.0)
"""What white is in files of 32 bits a pixel: the smallest of these that no pixel is above, else the brightest pixel."""


def is_picture(head: bytes) -> bool:
    """Whether a file that begins so is a still picture.

    Raises:
        BadInput: it is one, of a format that I cannot read.
    """
    brands = head[8 : 8 + 64] if head[4:8] == b"ftyp" else b""
    if brands[:4] in (b"avif", b"avis") or (brands[:4] in (b"mif1", b"msf1") and b"avif" in brands):
        return True
    unread = next((name for magic, name in _UNREAD.items() if head.startswith(magic)), None)
    if brands[:4] in _HEIF:
        if find_spec(_DECODER):
            return True
        unread = "HEIC"
    if unread:
        raise BadInput(saying("picture_format", format=unread))
    if head[:2] == b"BM":  # so do texts begin
        return head[6:10] == bytes(4)
    return head.startswith(_MAGIC) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")


@cache
def _formats() -> tuple[str, ...]:
    """Pillow's names of the formats that are read, once its readers are set up."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MAX_JPEG_PIXELS  # Pillow's own guard comes behind the one in `_opened`
    if find_spec(_DECODER):
        import pi_heif

        pi_heif.register_heif_opener()
    return tuple(_FORMATS)


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """The picture, not decoded yet; whatever goes wrong inside the block is told as ours."""
    from PIL import Image

    try:
        with Image.open(path, formats=_formats()) as image:
            scales = image.format in ("JPEG", "MPO") and not image.info.get("progressive")
            limit = MAX_JPEG_PIXELS if scales else MAX_PIXELS
            if image.width * image.height > limit:
                raise _too_large(limit)
            yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(MAX_PIXELS) from error
    except (
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        IndexError,
        struct.error,
    ) as error:  # what Pillow's readers raise
        raise BadInput(UNREADABLE) from error


def _too_large(limit: int) -> OverLimit:
    return OverLimit(saying("picture_big", most=limit // 1_000_000))


def _decode(image: Image.Image) -> None:
    """Decode the first frame; of a JPEG, no more of it than `MAX_SIDE` asks for."""
    fit = MAX_SIDE / max(image.size)
    if fit < 1:
        image.draft(None, (max(1, int(image.width * fit)), max(1, int(image.height * fit))))
    image.load()


def picture_facts(path: Path) -> Facts:
    """Type and size as shown (EXIF rotation applied), once the whole picture has decoded.

    Raises:
        BadInput: it does not decode.
        OverLimit: it has more than `MAX_PIXELS`, or `MAX_JPEG_PIXELS`.
    """
    from PIL import ExifTags

    with _opened(path) as image:
        media_type = _FORMATS.get(image.format or "", "image/jpeg")  # else MPO: a JPEG with more of them behind it
        width, height = image.size
        if image.getexif().get(ExifTags.Base.Orientation) in _TURNED:
            width, height = height, width
        _decode(image)
    return Facts(media_type, path.stat().st_size, width=width, height=height)


def picture(path: Path) -> Picture:
    """Decode a picture: the first frame, the right way up, in sRGB, on white, no side longer than `MAX_SIDE` pixels.

    Raises:
        BadInput: it does not decode.
        OverLimit: it has more than `MAX_PIXELS`, or `MAX_JPEG_PIXELS`.
    """
    from PIL import ImageOps

    with _opened(path) as image:
        _decode(image)
        whole = image.convert("RGBA" if image.has_transparency_data else "RGB") if image.mode in ("P", "PA") else image
        whole.thumbnail((MAX_SIDE, MAX_SIDE))
        return Picture(np.array(_rgb(ImageOps.exif_transpose(whole)), dtype=np.uint8))


def _rgb(image: Image.Image) -> Image.Image:
    from PIL import Image

    if image.mode == "F" or image.mode.startswith("I"):
        return Image.fromarray(_in_eight_bits(image)).convert("RGB")
    if image.has_transparency_data:
        above = image.convert("RGBA")
        above.info.pop("transparency", None)
        icc = image.info.get("icc_profile")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), above).convert("RGB")
        return _in_srgb(image, icc)
    return _in_srgb(image, image.info.get("icc_profile"))


def _in_eight_bits(image: Image.Image) -> np.ndarray:
    """A grey picture of 16 or 32 bits a pixel, which Pillow would clip: shape (height, width)."""
    values = np.nan_to_num(np.asarray(image).astype(np.float64), posinf=0, neginf=0)
    if image.mode.startswith("I;16"):
        return (values / 256).astype(np.uint8)
    top = next((t for t in _TOPS[image.mode == "I" :] if values.max() <= t), values.max())
    return (values.clip(0) * (255 / top)).round().astype(np.uint8)


def _in_srgb(image: Image.Image, icc: bytes | None) -> Image.Image:
    """With the colours that its profile means, where it has another than sRGB."""
    from PIL import ImageCms

    if icc and not any(name in icc for name in _SRGB):
        try:
            made = ImageCms.profileToProfile(
                image, ImageCms.ImageCmsProfile(io.BytesIO(icc)), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            if made is not None:
                return made
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile that is broken or not meant for such pixels: colours are a little off without it
    return image.convert("RGB")


def jpeg(picture: Picture, side: int, quality: int = 85) -> bytes:
    """A picture as a JPEG without metadata, no side longer than `side` pixels."""
    from PIL import Image

    image = Image.fromarray(picture.pixels)
    image.thumbnail((side, side))
    packed = io.BytesIO()
    image.save(packed, "JPEG", quality=quality, optimize=True)
    return packed.getvalue()


def data_url(picture: Picture, side: int) -> str:
    """A picture as language models take it: `jpeg` in a data URL."""
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg(picture, side)).decode()}"


def write_jpeg(origin: Path, target: Path, *, side: int, quality: int = 85, about: About | None = None) -> None:
    """Write a picture as a JPEG without its metadata, the right way up, no side longer than `side` pixels.

    `about` is what the new file says of itself.

    Raises:
        BadInput: it does not decode.
        OverLimit: it has more than `MAX_PIXELS`, or `MAX_JPEG_PIXELS`.
        Broken: the disk cannot take it.
    """
    content = jpeg(picture(origin), side, quality)
    content = tagged_jpeg(content, about) if about else content
    try:
        target.write_bytes(content)
    except OSError as error:
        raise Broken(f"cannot write a JPEG: {type(error).__name__}") from error
