"""A mouth that moves: the lips of a still picture opened, closed, narrowed and rounded, with something behind them.

The picture is two layers that meet at the line between the lips. Each is moved by a smooth field, so nothing tears; the
opening between them shows teeth and tongue: the picture's own teeth where it shows some, drawn ones where it does not.
All lengths are in mouth widths, along the mouth and down from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.models.video._faces import Points

UPPER = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
LOWER = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
"""The inner edges of the lips, from the viewer's left to the right."""
_LEFT, _RIGHT = 61, 291
_OUTER_TOP, _OUTER_BOTTOM, _NOSE, _CHIN = 0, 17, 2, 152
_JAW = 0.78
"""Part of an opening that the lower jaw makes."""
_ARCH = 0.2
"""Part of it that the upper lip takes over where lips are round."""
_POUT = 0.04
"""How far the outer edges of lips that are pushed forward move apart, each."""
_NEUTRAL_WIDTH = 0.40
"""A mouth at rest is this part of the face's width at the cheekbones."""
_CHEEKS = (234, 454)
_OWN_TEETH_GAP = 0.07
_SHOWN = 0.045
"""A mouth at rest while speaking is open by this much at most."""

Field = NDArray[np.float32]
Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a mouth does at a moment."""

    open: float = 0.0
    """The opening at its middle, in mouth widths; below 0 the lips are pressed."""
    wide: float = 0.0
    """How far the corners move apart, as a part of their distance; below 0 together."""
    round: float = 0.0
    """0 to 1: lips pushed forward."""
    relaxed: float = 1.0
    """0 to 1: how far a smile of the picture gives way."""


def _smooth(x: NDArray[Any], low: float, high: float) -> NDArray[Any]:
    t = np.clip((x - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


class Mouth:
    """The mouth of one face in one picture."""

    def __init__(self, pixels: Pixels, points: Points) -> None:
        xy = points[:, :2]
        left, right = xy[_LEFT], xy[_RIGHT]
        self.width = float(np.linalg.norm(right - left))
        self._along = (right - left) / self.width
        self._down = np.array([-self._along[1], self._along[0]])
        self._centre = (left + right) / 2
        self._local = self._to_local(xy)
        self._gap = float(self._local[14, 1] - self._local[13, 1])
        self._box(pixels.shape)
        self._source = pixels[self._top : self._bottom, self._left : self._right]
        self._fields()
        self._smile = self._smiling(xy)
        self._light = self._lighting(xy)
        self._teeth, self._teeth_alpha = self._upper_teeth(xy)

    def _to_local(self, xy: Points) -> Points:
        off = xy - self._centre
        return np.column_stack([off @ self._along, off @ self._down]) / self.width

    def _to_pixels(self, local: Points) -> Points:
        return np.asarray(self._centre + self.width * (local[:, :1] * self._along + local[:, 1:] * self._down))

    def _box(self, shape: tuple[int, ...]) -> None:
        """The part of the picture that a mouth can move."""
        chin = float(self._local[_CHIN, 1])
        reach = np.array([[x, y] for x in (-1.45, 1.45) for y in (-0.95, chin + 0.75)])
        corners = self._to_pixels(reach)
        low, high = np.floor(corners.min(0)), np.ceil(corners.max(0))
        self._left, self._top = (int(max(v, 0)) for v in low)
        self._right, self._bottom = min(int(high[0]), shape[1]), min(int(high[1]), shape[0])
        yy, xx = np.mgrid[self._top : self._bottom, self._left : self._right].astype(np.float32)
        local = self._to_local(np.stack([xx.ravel(), yy.ravel()], 1).astype(np.float64))
        self._x = local[:, 0].reshape(xx.shape).astype(np.float32)
        self._y = local[:, 1].reshape(xx.shape).astype(np.float32)
        self._columns, self._rows = np.meshgrid(
            np.arange(xx.shape[1], dtype=np.float32), np.arange(xx.shape[0], dtype=np.float32)
        )

    def _fields(self) -> None:
        """What each parameter moves, in mouth widths at every pixel of the box."""
        local, x, y = self._local, self._x, self._y
        upper, lower = local[list(UPPER)], local[list(LOWER)]
        at_upper = np.interp(x, upper[:, 0], upper[:, 1]).astype(np.float32)
        at_lower = np.interp(x, lower[:, 0], lower[:, 1]).astype(np.float32)
        corner = float(min(-upper[0, 0], upper[-1, 0]))
        inside = np.clip(1 - (x / corner) ** 2, 0, 1) ** 0.8
        rounder = np.clip(1 - (x / corner) ** 2, 0, 1) ** 0.45 - inside
        gap = np.where(np.abs(x) < corner, np.maximum(at_lower - at_upper, 0), 0)
        chin = float(local[_CHIN, 1])
        below = float(local[_OUTER_BOTTOM, 1])
        nose = float(local[_NOSE, 1])
        above = float(local[_OUTER_TOP, 1])
        broad = np.clip(1 - (x / 1.15) ** 2, 0, 1) ** 1.5
        into_chin = _smooth(y, below - 0.03, below + 0.3)
        under = 1 - _smooth(y, chin * 0.97, chin + 0.6)
        face = 1 - _smooth(np.abs(x), 0.85, 1.3)
        self._open_low = ((1 - into_chin) * inside + into_chin * broad * 0.95) * under * face
        self._shut_low = ((1 - into_chin) * gap + into_chin * broad * 0.95 * self._gap) * under * face
        over = _smooth(y, nose + 0.04, above + 0.02)
        self._open_up, self._shut_up = inside * over, gap * over
        self._round_low = (1 - into_chin) * rounder * under * face
        self._round_up = rounder * over
        near = np.exp(-((x / 0.85) ** 4) - ((y - (below + above) / 2) / 0.55) ** 2)
        near *= 1 - (1 - _smooth(y, nose - 0.12, above + 0.03)) * np.exp(-((x / 0.5) ** 4))  # the nose stays
        self._narrow = x * near
        # pushed forward, lips look fuller; their inner edges stay, or whatever is round would also be open
        middle = np.clip(1 - (x / 0.42) ** 2, 0, 1)
        self._pout_up = -_bump(y, above, 0.16) * middle * _smooth(at_upper - y, 0, float(local[13, 1]) - above)
        self._pout_low = _bump(y, below, 0.18) * middle * _smooth(y - at_lower, 0, below - float(local[14, 1]))
        self._corners = np.exp(-(((np.abs(x) - 0.5) / 0.26) ** 2) - (y / 0.4) ** 2)

    def _smiling(self, xy: Points) -> tuple[float, float]:
        """How far the corners are drawn apart, as a part, and how far up, in mouth widths."""
        cheeks = float(np.linalg.norm(xy[_CHEEKS[1]] - xy[_CHEEKS[0]]))
        wide = max(0.0, self.width / cheeks / _NEUTRAL_WIDTH - 1)
        lifted = max(0.0, float(self._local[13, 1] + self._local[14, 1]) / 2 - 0.02)
        return min(wide, 0.25), min(lifted, 0.16)

    def _moves(self, shape: Shape) -> tuple[list[Field], list[Field]]:
        """How far the upper and the lower layer move, along and down, in pixels."""
        wide, lifted = self._smile
        along = (shape.wide - 0.55 * wide * shape.relaxed) * self._narrow
        sink = 0.6 * lifted * shape.relaxed * self._corners
        pout = _POUT * shape.round
        down = (_JAW - _ARCH * shape.round) * shape.open
        up = shape.open - down
        lower = down * (self._open_low + shape.round * self._round_low) - _JAW * self._shut_low
        upper = (1 - _JAW) * self._shut_up - up * (self._open_up + shape.round * self._round_up)
        lower = lower + sink + pout * self._pout_low
        upper = upper + sink + pout * self._pout_up
        return [along, upper], [along, lower]

    def _warped(self, move: list[Field]) -> Pixels:
        """One layer moved. Each pixel looks back to where it came from; the field is followed twice to be exact."""
        import cv2

        scale = np.float32(self.width)
        (ax, ay), (dx, dy) = self._along, self._down
        columns = (scale * (move[0] * ax + move[1] * dx)).astype(np.float32)
        rows = (scale * (move[0] * ay + move[1] * dy)).astype(np.float32)
        map_x, map_y = self._columns - columns, self._rows - rows
        for _ in range(2):
            field = cv2.remap(
                np.dstack([columns, rows]), map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
            )
            map_x, map_y = self._columns - field[..., 0], self._rows - field[..., 1]
        return np.asarray(
            cv2.remap(self._source, map_x, map_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.uint8
        )

    def _at(self, field: Field, index: int) -> float:
        """A field where a point is."""
        column, row = self._to_pixels(self._local[index : index + 1])[0] - (self._left, self._top)
        r = int(np.clip(round(row), 0, field.shape[0] - 1))
        c = int(np.clip(round(column), 0, field.shape[1] - 1))
        return float(field[r, c])

    def _edge(self, indices: tuple[int, ...], move: list[Field]) -> Points:
        """An edge of a lip where it has moved to, in local coordinates."""
        moved = [[self._at(move[0], i), self._at(move[1], i)] for i in indices]
        return np.asarray(self._local[list(indices)] + np.array(moved))

    def draw(self, pixels: Pixels, shape: Shape) -> None:
        """Draw the mouth in this shape into a copy of the picture that it was made from."""
        up, low = self._moves(shape)
        upper, lower = self._edge(UPPER, up), self._edge(LOWER, low)
        lower[:, 1] = np.maximum(lower[:, 1], upper[:, 1])
        frame = self._warped(up).astype(np.float32)
        inside = self._mask(np.vstack([upper, lower[::-1]]), 0.012)
        if inside.any():
            frame += inside[..., None] * (self._behind(shape, upper, lower) - frame)
        left, right = lower[0] + (-2.0, 0.0), lower[-1] + (2.0, 0.0)
        below = self._mask(np.vstack([[left], lower, [right], [right + (0, 4)], [left + (0, 4)]]), 0.008)
        frame += below[..., None] * (self._warped(low).astype(np.float32) - frame)
        pixels[self._top : self._bottom, self._left : self._right] = np.clip(frame, 0, 255).astype(np.uint8)

    def _mask(self, polygon: Points, soft: float) -> Field:
        import cv2

        at = self._to_pixels(polygon) - (self._left, self._top)
        mask = np.zeros(self._x.shape, np.uint8)
        cv2.fillPoly(mask, [np.round(at * 16).astype(np.int32)], 255, lineType=cv2.LINE_AA, shift=4)
        blurred = cv2.GaussianBlur(mask, (0, 0), max(0.5, soft * self.width))
        return np.asarray(blurred / np.float32(255), np.float32)

    def _behind(self, shape: Shape, upper: Points, lower: Points) -> NDArray[np.float32]:
        """What is seen between the lips: a dark room, a tongue, lower teeth, upper teeth, and the lips' shadow."""
        light = self._light
        out = np.empty((*self._x.shape, 3), np.float32)
        out[:] = light * np.array([58.0, 24.0, 22.0], np.float32)
        jaw = _JAW * (shape.open - self._gap)
        floor = float(self._local[14, 1]) + jaw
        tongue = np.exp(-((self._x / 0.27) ** 4) - ((self._y - floor - 0.02) / 0.16) ** 4)
        out += tongue[..., None] * 0.8 * (light * np.array([158, 82, 80], np.float32) - out)
        low_row = _smooth(shape.open - 0.14 + np.zeros(1), 0, 0.12)[0] * (1 - shape.round)
        if low_row > 0:
            row = np.exp(-((self._x / 0.3) ** 6)) * _smooth(self._y, floor - 0.085, floor - 0.055)
            out += low_row * row[..., None] * (0.78 * light * np.array([206, 194, 178], np.float32) - out)
        out += (1 - 0.85 * shape.round) * self._teeth_alpha[..., None] * (self._teeth - out)
        at_upper = np.interp(self._x, upper[:, 0], upper[:, 1])
        at_lower = np.interp(self._x, lower[:, 0], lower[:, 1])
        half = max(float(upper[-1, 0] - upper[0, 0]) / 2, 0.05)
        middle = float(upper[-1, 0] + upper[0, 0]) / 2
        shade = 0.5 + 0.5 * _smooth(self._y - at_upper, -0.01, 0.07)
        shade *= 0.75 + 0.25 * _smooth(at_lower - self._y, -0.01, 0.04)
        shade *= 1 - 0.75 * np.clip(np.abs(self._x - middle) / half, 0, 1) ** 3
        out *= shade[..., None]
        return np.asarray(np.repeat(out.mean(2, keepdims=True), 3, 2) if self._grey else out, np.float32)

    def _lighting(self, xy: Points) -> NDArray[np.float32]:
        """The colour of the light on the face, red, green and blue: 1 in plain daylight."""
        skin = np.mean([self._pixel(xy[i]) for i in (50, 280, 205, 425)], axis=0)
        level = float(np.clip(skin.mean() / 175, 0.35, 1.0))
        self._grey = float(np.ptp(skin)) < 6
        cast = skin / max(float(skin.mean()), 1.0) / np.array([1.16, 0.97, 0.87])
        return np.asarray(level * (1 + 0.5 * (np.clip(cast, 0.6, 1.5) - 1)), np.float32)

    def _pixel(self, at: Points) -> NDArray[np.uint8]:
        row = int(np.clip(at[1] - self._top, 0, self._source.shape[0] - 1))
        column = int(np.clip(at[0] - self._left, 0, self._source.shape[1] - 1))
        return np.asarray(self._source[row, column], np.uint8)

    def _upper_teeth(self, xy: Points) -> tuple[NDArray[np.float32], Field]:
        """The upper row, where the skull holds it: the picture's own where it shows them, else drawn."""
        own = self._mask(self._local[[*UPPER, *LOWER[::-1]]], 0.01)
        shown = self._source[own > 0.9].astype(np.float32)
        if self._gap > _OWN_TEETH_GAP and len(shown):
            skin = np.mean([self._pixel(xy[i]) for i in (50, 280, 205, 425)], axis=0)
            pale = np.ptp(shown, axis=1) / np.maximum(shown.max(1), 1) < 0.8 * np.ptp(skin) / skin.max() + 0.05
            if float(np.mean(pale & (shown.mean(1) > 0.72 * skin.mean()))) > 0.3:
                return self._source.astype(np.float32), own
        light = self._light
        top = float(self._local[13, 1]) - 0.05
        bottom = top + 0.05 + 0.1 - 0.12 * self._x**2
        row = _smooth(bottom - self._y, -0.008, 0.012) * _smooth(self._y, top - 0.02, top) * (np.abs(self._x) < 0.46)
        edges = np.array([-0.36, -0.285, -0.19, -0.1, 0.0, 0.1, 0.19, 0.285, 0.36])
        between = np.min(np.abs(self._x[..., None] - edges), axis=-1)
        lines = 1 - 0.09 * np.exp(-((between / 0.009) ** 2))
        tint = light * np.array([206, 194, 178], np.float32)
        round_off = 1 - 0.5 * np.clip(np.abs(self._x) / 0.42, 0, 1) ** 2
        return (tint * (lines * round_off)[..., None]).astype(np.float32), row.astype(np.float32)


def _bump(y: NDArray[Any], middle: float, width: float) -> NDArray[Any]:
    return np.asarray(np.exp(-(((y - middle) / width) ** 2)))
