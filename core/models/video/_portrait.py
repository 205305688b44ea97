"""A picture with a face as something that moves: framed, checked, and drawn anew for every moment."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.errors import BadInput
from core.media import Picture
from core.models.video._eyes import eyes
from core.models.video._faces import Face, Points
from core.models.video._mouth import Mouth, Shape
from core.sayings import saying

SIDE = 512
"""Pixels of a square frame, and of the longer side of any other."""
_WHOLE = 0.24
"""A face of at least this part of the picture's longer side keeps its picture; a smaller one is cut out."""
_CUT = 2.7
"""Side of the cut in heights of the face."""
_LEAST_PX = 44
"""Height of a face below which nothing could be seen of a mouth."""
_MOST_YAW_DEG = 32.0
_FLAT = 0.42
"""Part of a face without any grain from which it is taken for a drawing."""

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Pose:
    """What the whole head does at a moment."""

    shape: Shape = field(default_factory=Shape)
    closed: float = 0.0
    """The eyelids, 0 to 1."""
    aside: float = 0.0
    """Where the eyes look, as a part of an eye's width."""
    turn: float = 0.0
    """Radians by which the head tilts, about the neck."""
    shift: tuple[float, float] = (0.0, 0.0)
    """How far it moves right and down, in heights of the face."""
    near: float = 0.0
    """How much larger it is, as a part."""


class Portrait:
    """A face that can be drawn in any pose."""

    def __init__(self, picture: Picture, face: Face) -> None:
        """Frame the picture.

        Raises:
            BadInput: the face is too small, turned too far aside, or drawn.
        """
        _usable(picture.pixels, face)
        self.pixels, self.points = framed(picture.pixels, face)
        points = self.points
        self._height = float(np.linalg.norm(points[10, :2] - points[152, :2]))
        self._mouth = Mouth(self.pixels, points)
        self._eyes = eyes(self.pixels, points)
        self._prepare_sway(points)

    def _prepare_sway(self, points: Points) -> None:
        """How much each pixel goes along when the head moves: wholly on it, not at all away from it."""
        rows, columns = np.mgrid[: self.pixels.shape[0], : self.pixels.shape[1]].astype(np.float32)
        chin, brow = points[152, :2], points[10, :2]
        middle = (chin + brow) / 2
        self._pivot = (chin + 0.45 * (chin - brow)).astype(np.float32)
        up = (brow - chin) / self._height
        side = np.array([-up[1], up[0]])
        along = ((columns - middle[0]) * up[0] + (rows - middle[1]) * up[1]) / self._height
        across = ((columns - middle[0]) * side[0] + (rows - middle[1]) * side[1]) / self._height
        far = np.hypot(np.where(along > 0, along / 1.05, along / 0.95), across / 0.8)
        fade = np.clip((1.9 - far) / 1.1, 0, 1)
        self._weight = (fade * fade * (3 - 2 * fade)).astype(np.float32)
        self._columns, self._rows = columns, rows

    def draw(self, pose: Pose) -> Pixels:
        """The picture in a pose: uint8 of the frame's shape."""
        frame = self.pixels.copy()
        self._mouth.draw(frame, pose.shape)
        for eye in self._eyes:
            eye.draw(self.pixels, frame, pose.closed, pose.aside)
        return self._swayed(frame, pose)

    def _swayed(self, frame: Pixels, pose: Pose) -> Pixels:
        import cv2

        if not (pose.turn or pose.near or any(pose.shift)):
            return frame
        x, y = self._columns - self._pivot[0], self._rows - self._pivot[1]
        right, down = (np.float32(v * self._height) for v in pose.shift)
        turn, near = np.float32(pose.turn), np.float32(pose.near)
        map_x = self._columns - self._weight * (right - turn * y + near * x)
        map_y = self._rows - self._weight * (down + turn * x + near * y)
        return np.asarray(cv2.remap(frame, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def framed(pixels: Pixels, face: Face) -> tuple[Pixels, Points]:
    """The picture at the size of the video, and the face's points in it."""
    import cv2

    height, width = pixels.shape[:2]
    if face.height >= _WHOLE * max(height, width):
        left, top, wide, high = 0.0, 0.0, float(width), float(height)
    else:
        wide = high = min(_CUT * face.height, float(height), float(width))
        left = float(np.clip(face.centre[0] - wide / 2, 0, width - wide))
        top = float(np.clip(face.centre[1] - 0.45 * high, 0, height - high))
    scale = SIDE / max(wide, high)
    size = (max(2, 2 * round(wide * scale / 2)), max(2, 2 * round(high * scale / 2)))
    move = np.array([[size[0] / wide, 0, -left * size[0] / wide], [0, size[1] / high, -top * size[1] / high]])
    part = pixels[int(top) : int(np.ceil(top + high)), int(left) : int(np.ceil(left + wide))]
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    frame = np.ascontiguousarray(cv2.resize(part, size, interpolation=way), np.uint8)
    points = face.points.copy()
    points[:, :2] = points[:, :2] @ move[:, :2].T + move[:, 2]
    points[:, 2] *= size[0] / wide
    return frame, points


def _usable(pixels: Pixels, face: Face) -> None:
    if face.height < _LEAST_PX:
        raise BadInput(saying("face_small"))
    if face.yaw_deg > _MOST_YAW_DEG:
        raise BadInput(saying("face_aside"))
    if _grainless(pixels, face) > _FLAT:
        raise BadInput(saying("face_drawn"))


def _grainless(pixels: Pixels, face: Face) -> float:
    """The part of a face's skin whose neighbouring pixels are the same; a photograph's never quite are."""
    xy = face.points[:, :2]
    left, top = np.maximum(xy.min(0).astype(int), 0)
    right, bottom = np.ceil(xy.max(0)).astype(int)
    part = pixels[top:bottom, left:right].astype(np.int16)
    if min(part.shape[:2]) < 3:
        return 0.0
    across = np.abs(np.diff(part, axis=1)).max(2)[:-1]
    down = np.abs(np.diff(part, axis=0)).max(2)[:, :-1]
    return float(np.mean((across == 0) & (down == 0)))
