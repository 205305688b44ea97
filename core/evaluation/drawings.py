"""A picture to look at: a wall clock, drawn."""

from __future__ import annotations

import math

from PIL import Image, ImageDraw, ImageFilter

_DARK, _PALE = (18, 18, 18), (245, 243, 236)


def clock(side: int = 480) -> Image.Image:
    """A round clock on a wall, RGB."""
    image = Image.new("RGB", (side, side), (196, 186, 168))
    draw = ImageDraw.Draw(image)
    middle = side / 2

    def at(degrees: float, radius: float) -> tuple[float, float]:
        angle = math.radians(degrees)
        return middle + radius * math.sin(angle), middle - radius * math.cos(angle)

    for radius, colour in ((200, (70, 45, 30)), (186, (110, 75, 50)), (172, _PALE)):
        draw.ellipse((middle - radius, middle - radius, middle + radius, middle + radius), fill=colour)
    for minute in range(60):
        inner, width = (150, 2) if minute % 5 else (142, 6)
        draw.line((*at(6 * minute, inner), *at(6 * minute, 163)), fill=_DARK, width=width)
    for hour in range(1, 13):
        draw.text(at(30 * hour, 122), str(hour), fill=_DARK, anchor="mm", font_size=30)
    for degrees, length, width in ((305, 80, 11), (60, 125, 7)):
        draw.line((middle, middle, *at(degrees, length)), fill=_DARK, width=width)
    draw.ellipse((middle - 9, middle - 9, middle + 9, middle + 9), fill=_DARK)
    return image.filter(ImageFilter.GaussianBlur(1))
