"""A picture of a sound's way around the listener's head, seen from above."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from core.media import Picture

SIDE = 800
"""Pixels: square, sharp on a phone."""
_PAPER, _INK, _QUIET = "#1c2230", "#f2f4f8", "#8d97ad"
"""An opaque ground of its own, so that a dark chat shows it like a light one."""
_FROM, _TO = (94, 198, 255), (255, 176, 72)
_RADIUS, _HEAD = 235, 76
_X, _Y = SIDE / 2, SIDE / 2 - 45
_GAP_DEG = 18.0
"""A whole turn is drawn so much short of its end, for the arrow to be seen."""
_FINE = 2
"""Drawn larger and scaled down: smooth edges."""


def path_picture(azimuth_deg: NDArray[np.float64], title: str) -> Picture:
    """The way from blue (where it starts) to orange (where it ends); one azimuth is a place. Positive is left.

    The listener looks up; so ahead is at the top and left is at the left.
    """
    image = Image.new("RGB", (SIDE * _FINE, SIDE * _FINE), _PAPER)
    draw = ImageDraw.Draw(image)
    _draw_listener(draw)
    whole = abs(azimuth_deg[-1] - azimuth_deg[0]) >= 360
    points = [_point(a) for a in azimuth_deg if not whole or abs(azimuth_deg[-1] - a) >= _GAP_DEG]
    for index in range(1, len(points)):
        draw.line([points[index - 1], points[index]], fill=_shade(index / len(points)), width=12 * _FINE)
        _dot(draw, points[index], 6, _shade(index / len(points)))
    if len(points) > 1:
        _arrow(draw, points[-2], points[-1])
        _dot(draw, points[0], 17, _FROM)
    else:
        draw.line([(_X * _FINE, _Y * _FINE), points[0]], fill=_QUIET, width=3 * _FINE)
        _dot(draw, points[0], 24, _TO)
    _label(draw, title, (_X, SIDE - 46), 40, _INK)
    return Picture(np.asarray(image.resize((SIDE, SIDE), Image.Resampling.LANCZOS), np.uint8).copy())


def _draw_listener(draw: ImageDraw.ImageDraw) -> None:
    x, y = _X * _FINE, _Y * _FINE
    ring, head = _RADIUS * _FINE, _HEAD * _FINE
    draw.ellipse((x - ring, y - ring, x + ring, y + ring), outline="#3a4359", width=3 * _FINE)
    for ear in (x - head, x + head):
        draw.ellipse((ear - 14 * _FINE, y - 26 * _FINE, ear + 14 * _FINE, y + 26 * _FINE), fill=_QUIET)
    nose = [(x - 20 * _FINE, y - head + 8), (x + 20 * _FINE, y - head + 8), (x, y - head - 26 * _FINE)]
    draw.polygon(nose, fill=_QUIET)
    draw.ellipse((x - head, y - head, x + head, y + head), fill=_QUIET)
    far = _RADIUS + 62
    for name, right, down in (("front", 0, -far), ("behind", 0, far), ("left", -far - 8, 0), ("right", far + 8, 0)):
        _label(draw, name, (_X + right, _Y + down), 34, _INK)


def _point(azimuth_deg: float) -> tuple[float, float]:
    angle = np.deg2rad(azimuth_deg)
    return (
        float((_X - _RADIUS * np.sin(angle)) * _FINE),
        float((_Y - _RADIUS * np.cos(angle)) * _FINE),
    )


def _shade(part: float) -> tuple[int, int, int]:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(_FROM, _TO, strict=True))
    return red, green, blue


def _dot(draw: ImageDraw.ImageDraw, at: tuple[float, float], radius: int, fill: tuple[int, int, int]) -> None:
    x, y, r = *at, radius * _FINE
    draw.ellipse((x - r, y - r, x + r, y + r), fill=fill)


def _arrow(draw: ImageDraw.ImageDraw, before: tuple[float, float], at: tuple[float, float]) -> None:
    way = np.array(at) - np.array(before)
    way = way / max(1e-9, float(np.hypot(*way)))
    across = np.array([-way[1], way[0]])
    tip, base = np.array(at) + 24 * _FINE * way, np.array(at) - 14 * _FINE * way
    corners = (tip, base + 24 * _FINE * across, base - 24 * _FINE * across)
    draw.polygon([(float(x), float(y)) for x, y in corners], fill=_TO)


def _label(draw: ImageDraw.ImageDraw, text: str, at: tuple[float, float], size: int, fill: str) -> None:
    font = ImageFont.load_default(size=size * _FINE)
    draw.text((at[0] * _FINE, at[1] * _FINE), text, fill=fill, font=font, anchor="mm")
