"""Faces in a picture: where they are, and 468 points on each. Two networks of MediaPipe, run without MediaPipe.

Detection is BlazeFace in its full-range form (Bazarevsky et al. 2019), the points are those of Face Mesh (Kartynnik et
al. 2019); both are TensorFlow Lite files in the package of mediapipe, and LiteRT runs them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from core.media import Picture

Points = NDArray[np.float64]

POINTS = 468
_DETECTOR = "modules/face_detection/face_detection_full_range_sparse.tflite"
_MESH = "modules/face_landmark/face_landmark.tflite"
_DETECTED_SIDE, _CELLS = 192, 48
_MESH_SIDE = 192
_SURE = 0.6
_MESH_SURE = 0.5
_OVERLAP = 0.3
_WIDER = 1.5
"""The mesh wants to see this much more than the detected box."""
_TILES = (1.0, 0.55)
"""Sides of the squares that are searched, as a part of the picture's shorter side: the whole, then for small faces."""


@dataclass(frozen=True, eq=False)
class Box:
    """A face as detected, in pixels."""

    centre: Points
    side: float
    score: float
    eyes: Points
    """The viewer's left and right eye, shape (2, 2)."""


@dataclass(frozen=True, eq=False)
class Face:
    """A face with its points."""

    points: Points
    """Shape (468, 3): x and y in pixels of the picture, z in the same scale, smaller is nearer."""
    score: float
    """How sure the mesh is that this is a face, 0 to 1."""

    @property
    def centre(self) -> Points:
        """The middle of its box."""
        xy = self.points[:, :2]
        return np.asarray((xy.min(0) + xy.max(0)) / 2)

    @property
    def height(self) -> float:
        """From brow line to chin, in pixels."""
        return float(np.linalg.norm(self.points[10, :2] - self.points[152, :2]))

    @property
    def yaw_deg(self) -> float:
        """How far it is turned aside: 0 looks at the camera."""
        across = self.points[454] - self.points[234]
        return float(np.degrees(np.arctan2(abs(across[2]), np.linalg.norm(across[:2]))))


def missing() -> str | None:
    """None, or what to install."""
    for package, name in (("mediapipe", "mediapipe"), ("ai_edge_litert", "ai-edge-litert")):
        if find_spec(package) is None:
            return f"run `make setup`: {name} is not installed"
    return None


class FaceFinder:
    """Both networks, loaded. Not safe for two threads at once."""

    def __init__(self) -> None:
        self._detector = _interpreter(_DETECTOR)
        self._mesh = _interpreter(_MESH)
        self.sha256 = hashlib.sha256(_file(_MESH).read_bytes()).hexdigest()

    def boxes(self, picture: Picture) -> list[Box]:
        """Where faces are, the largest first."""
        pixels = picture.pixels
        short = min(pixels.shape[:2])
        found: list[Box] = []
        for part in _TILES:
            side = max(round(part * short), 32)
            for y in _starts(pixels.shape[0], side):
                for x in _starts(pixels.shape[1], side):
                    found += self._in_square(pixels, x, y, side)
        whole = max(pixels.shape[:2])
        for margin in (0, whole // 2):  # what fills the picture is found only with room about it
            found += self._in_square(pixels, -margin, -margin, whole + 2 * margin)
        return sorted(_merged(found), key=lambda box: -box.side)

    def _in_square(self, pixels: NDArray[np.uint8], x: int, y: int, side: int) -> list[Box]:
        import cv2

        top, left = max(y, 0), max(x, 0)
        part = pixels[top : y + side, left : x + side]
        square = np.zeros((side, side, 3), np.uint8)
        square[top - y : top - y + part.shape[0], left - x : left - x + part.shape[1]] = part
        small = cv2.resize(square, (_DETECTED_SIDE, _DETECTED_SIDE), interpolation=cv2.INTER_AREA)
        boxes, scores = _run(self._detector, small.astype(np.float32)[None] / 127.5 - 1)
        if boxes.shape[-1] == 1:
            boxes, scores = scores, boxes
        sure = expit(scores[0, :, 0])
        scale = side / _DETECTED_SIDE
        found = []
        for index in np.flatnonzero(sure > _SURE):
            cell = np.array([index % _CELLS + 0.5, index // _CELLS + 0.5]) * (_DETECTED_SIDE / _CELLS)
            raw = boxes[0, index]
            centre = (raw[:2] + cell) * scale + (x, y)
            eyes = (raw[4:8].reshape(2, 2) + cell) * scale + (x, y)
            found.append(Box(centre, float(max(raw[2:4])) * scale, float(sure[index]), eyes))
        return found

    def mesh(self, picture: Picture, box: Box) -> Face:
        """The points of a detected face; twice, since the second look is better framed than the first."""
        face = self._mesh_at(picture, box.centre, box.side * _WIDER, box.eyes[1] - box.eyes[0])
        eyes = face.points[263, :2] - face.points[33, :2]
        extent = np.ptp(face.points[:, :2], axis=0).max()
        return self._mesh_at(picture, face.centre, float(extent) * _WIDER, eyes)

    def _mesh_at(self, picture: Picture, centre: Points, side: float, across: Points) -> Face:
        import cv2

        angle = np.arctan2(across[1], across[0])
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * side / _MESH_SIDE
        origin = centre - turn @ np.full(2, _MESH_SIDE / 2)
        crop = cv2.warpAffine(
            picture.pixels,
            np.column_stack([turn, origin]),
            (_MESH_SIDE, _MESH_SIDE),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        outputs = _run(self._mesh, np.asarray(crop / 255, np.float32)[None])
        raw = next(o for o in outputs if o.size == 3 * POINTS).reshape(POINTS, 3).astype(np.float64)
        score = float(next(o for o in outputs if o.size == 1).reshape(()))
        xy = raw[:, :2] @ turn.T + origin
        return Face(np.column_stack([xy, raw[:, 2] * side / _MESH_SIDE]), float(expit(score)))

    def faces(self, picture: Picture) -> list[Face]:
        """The faces of a picture with their points, from left to right."""
        found = [self.mesh(picture, box) for box in self.boxes(picture)]
        return sorted((f for f in found if f.score > _MESH_SURE), key=lambda face: float(face.centre[0]))


def _starts(length: int, side: int) -> list[int]:
    """Where squares of a side begin that cover a length, overlapping by about half."""
    if length <= side:
        return [0]
    count = int(np.ceil((length - side) / (side / 2))) + 1
    return [round(k * (length - side) / (count - 1)) for k in range(count)]


def _merged(boxes: Sequence[Box]) -> list[Box]:
    """One box a face: of those that lie over each other, the surest."""
    kept: list[Box] = []
    for box in sorted(boxes, key=lambda b: -b.score):
        if all(_over(box, other) < _OVERLAP for other in kept):
            kept.append(box)
    return kept


def _over(a: Box, b: Box) -> float:
    """What two squares share, as a part of the smaller one."""
    apart = np.abs(a.centre - b.centre)
    shared = np.clip((a.side + b.side) / 2 - apart, 0, min(a.side, b.side))
    return float(shared.prod() / min(a.side, b.side) ** 2)


@cache
def _folder() -> Path:
    spec = find_spec("mediapipe")
    assert spec is not None and spec.submodule_search_locations
    return Path(next(iter(spec.submodule_search_locations)))


def _file(name: str) -> Path:
    return _folder() / name


def _interpreter(name: str) -> Any:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(_file(name)), num_threads=1)
    interpreter.allocate_tensors()
    return interpreter


def _run(interpreter: Any, given: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], given)
    interpreter.invoke()
    return [interpreter.get_tensor(detail["index"]).copy() for detail in interpreter.get_output_details()]
