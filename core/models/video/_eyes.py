"""Eyes that blink and look about: the upper lid drawn down over the eye, the iris moved a little."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.models.video._faces import Points

_LIDS = (
    ((33, 246, 161, 160, 159, 158, 157, 173, 133), (33, 7, 163, 144, 145, 153, 154, 155, 133)),
    ((362, 398, 384, 385, 386, 387, 388, 466, 263), (362, 382, 381, 380, 374, 373, 390, 249, 263)),
)
"""The edges of the upper and the lower lid of both eyes, from the viewer's left to the right."""
_CLOSED = 0.9
"""Part of the opening that the upper lid covers; lashes do the rest."""
_LASHES = 0.03
_BROW = 0.62

Field = NDArray[np.float32]
Pixels = NDArray[np.uint8]


class Eye:
    """One eye of a face in one picture. Lengths are in eye widths."""

    def __init__(self, pixels: Pixels, points: Points, side: int) -> None:
        upper, lower = (points[list(indices), :2] for indices in _LIDS[side])
        left, right = upper[0], upper[-1]
        self.width = float(np.linalg.norm(right - left))
        along = (right - left) / max(self.width, 1e-6)
        down = np.array([-along[1], along[0]])
        centre = (left + right) / 2
        reach = np.array([[x, y] for x in (-0.75, 0.75) for y in (-1.0, 0.6)])
        corners = centre + self.width * (reach[:, :1] * along + reach[:, 1:] * down)
        low, high = np.floor(corners.min(0)), np.ceil(corners.max(0))
        self._left, self._top = (int(max(v, 0)) for v in low)
        self._right, self._bottom = min(int(high[0]), pixels.shape[1]), min(int(high[1]), pixels.shape[0])
        yy, xx = np.mgrid[self._top : self._bottom, self._left : self._right].astype(np.float32)
        self._columns, self._rows = xx - self._left, yy - self._top
        x = ((xx - centre[0]) * along[0] + (yy - centre[1]) * along[1]) / self.width
        y = ((xx - centre[0]) * down[0] + (yy - centre[1]) * down[1]) / self.width
        local_upper = np.column_stack([(upper - centre) @ along, (upper - centre) @ down]) / self.width
        local_lower = np.column_stack([(lower - centre) @ along, (lower - centre) @ down]) / self.width
        at_upper = np.interp(x, local_upper[:, 0], local_upper[:, 1])
        at_lower = np.interp(x, local_lower[:, 0], local_lower[:, 1])
        gap = np.where(np.abs(x) < 0.5, np.maximum(at_lower - at_upper, 0), 0)
        above = np.clip((at_upper - y) / _BROW, 0, 1)
        self._drop = (gap * (1 - above) ** 1.5).astype(np.float32)
        self._lid = (y - at_upper).astype(np.float32)
        self._gap = gap.astype(np.float32)
        inside = np.clip((y - at_upper) / 0.03, 0, 1) * np.clip((at_lower - y) / 0.03, 0, 1) * (np.abs(x) < 0.48)
        self._look = (inside * np.exp(-((x / 0.33) ** 4))).astype(np.float32)
        self._along, self._down = along, down

    @property
    def opening(self) -> float:
        """How far it is open, as a part of its width."""
        return float(self._gap.max(initial=0.0))

    def draw(self, source: Pixels, pixels: Pixels, closed: float, aside: float) -> None:
        """Draw it into `pixels`: `closed` from 0 to 1, `aside` as a part of its width, right is positive."""
        import cv2

        part = source[self._top : self._bottom, self._left : self._right]
        if part.size == 0 or (closed < 0.02 and abs(aside) < 0.003):
            return
        shift = np.float32(aside * self.width) * self._look
        eye = cv2.remap(
            part,
            self._columns - shift * np.float32(self._along[0]),
            self._rows - shift * np.float32(self._along[1]),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        ).astype(np.float32)
        if closed >= 0.02:
            eye = self._covered(part, eye, closed)
        pixels[self._top : self._bottom, self._left : self._right] = np.clip(eye, 0, 255).astype(np.uint8)

    def _covered(self, part: Pixels, eye: NDArray[np.float32], closed: float) -> NDArray[np.float32]:
        import cv2

        drop = np.float32(closed * _CLOSED * self.width) * self._drop
        map_x, map_y = self._columns, self._rows
        for _ in range(2):
            back = cv2.remap(drop, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            map_x = self._columns - back * np.float32(self._down[0])
            map_y = self._rows - back * np.float32(self._down[1])
        lid = cv2.remap(part, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
        edge = closed * _CLOSED * self._gap + _LASHES * closed - self._lid
        cover = np.clip(edge * self.width + 0.5, 0, 1) * np.clip(self._gap * 60, 0, 1)
        cover = np.maximum(cover, (self._lid < 0).astype(np.float32))
        return np.asarray(eye + cover[..., None] * (lid - eye), np.float32)


def eyes(pixels: Pixels, points: Points) -> list[Eye]:
    """Both eyes; one that is hardly to be seen is left alone."""
    return [eye for eye in (Eye(pixels, points, side) for side in (0, 1)) if eye.width > 6 and eye.opening > 0.08]
