"""The mark that says that a machine made the picture: in a corner of every frame, readable and out of the way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

TEXT = "AI-made"
_OPAQUE = 0.72


class Mark:
    """The mark for frames of one size."""

    def __init__(self, size: tuple[int, int]) -> None:
        """`size` is width and height in pixels."""
        width, height = size
        points = max(12, min(width, height) // 26)
        font = ImageFont.load_default(size=points)
        left, top, right, bottom = font.getbbox(TEXT)
        pad = points // 2
        box = (int(right - left) + 2 * pad, int(bottom - top) + pad)
        image = Image.new("L", box, 0)
        draw = ImageDraw.Draw(image)
        draw.rounded_rectangle((0, 0, box[0] - 1, box[1] - 1), radius=box[1] / 2, fill=90)
        draw.text((pad - left, pad / 2 - top), TEXT, fill=255, font=font)
        level = np.asarray(image, np.float32)[..., None] / 255
        ink = np.where(level > 0.5, 1.0, 0.0).astype(np.float32)
        self._alpha = (np.where(level > 0, _OPAQUE * np.maximum(level, 0.5), 0)).astype(np.float32)
        self._ink = 255 * ink
        self._at = (slice(height - box[1] - pad, height - pad), slice(width - box[0] - pad, width - pad))

    def put(self, frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The frame with the mark, drawn into it."""
        part = frame[self._at].astype(np.float32)
        frame[self._at] = (part + self._alpha * (self._ink - part)).astype(np.uint8)
        return frame
