"""What can be measured of any picture: its colours, its light, its shape."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.media import Picture

_HUES = (
    (15, "red"), (40, "orange"), (68, "yellow"), (160, "green"), (200, "turquoise"), (255, "blue"), (290, "purple"),
    (340, "pink"), (361, "red"),
)  # fmt: skip
"""Degrees of hue up to which a colour goes by a name."""
_GREY, _DARK, _BRIGHT = 0.16, 60, 195
_MUCH = 0.12


def measured(picture: Picture) -> dict[str, Any]:
    """Facts of a picture: `colours` (the most first), `light`, `shape`, `black_and_white`."""
    import cv2

    pixels = cv2.resize(picture.pixels, (96, 96), interpolation=cv2.INTER_AREA).reshape(-1, 3).astype(np.float64)
    top, low = pixels.max(1), pixels.min(1)
    chroma = top - low
    saturation = chroma / np.maximum(top, 1)
    light = float(pixels.mean())
    height, width = picture.pixels.shape[:2]
    return {
        "colours": _colours(pixels, top, chroma, saturation),
        "light": "dark" if light < _DARK else "bright" if light > _BRIGHT else "",
        "shape": "tall" if height > 1.2 * width else "wide" if width > 1.2 * height else "square",
        "black_and_white": bool(np.percentile(chroma, 98) < 14),
        "plain": bool(pixels.std(0).max() < 6),
    }


def _colours(pixels: Any, top: Any, chroma: Any, saturation: Any) -> list[str]:
    red, green, blue = pixels.T
    wide = np.maximum(chroma, 1e-9)
    hue = (
        np.where(
            top == red,
            (green - blue) / wide % 6,
            np.where(top == green, (blue - red) / wide + 2, (red - green) / wide + 4),
        )
        * 60.0
    )
    parts: dict[str, float] = {}
    plain = (saturation < _GREY) | (top < 40)
    for name, where in (
        ("black", top < 55),
        ("white", pixels.min(1) > 205),
        ("grey", (top >= 55) & (pixels.min(1) <= 205)),
    ):
        parts[name] = float(np.mean(plain & where))
    start = 0
    for end, name in _HUES:
        inside = ~plain & (hue >= start) & (hue < end)
        brown = inside & (top < 150) if name in ("orange", "red", "yellow") else np.zeros(len(top), bool)
        parts[name] = parts.get(name, 0.0) + float(np.mean(inside & ~brown))
        parts["brown"] = parts.get("brown", 0.0) + float(np.mean(brown))
        start = end
    kept = sorted((share, name) for name, share in parts.items() if share > _MUCH)
    return [name for _, name in reversed(kept)][:3]
