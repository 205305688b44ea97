"""Which of several faces is meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.errors import Ambiguous, BadInput
from core.models.video._faces import Face
from core.sayings import saying

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_SMALL = 0.55
"""A face below this part of the largest one's height is in the background."""


def chosen(faces: Sequence[Face], words: str | None) -> Face:
    """The face that words mean ("left", "the second from the right", "largest"); the only one, where there is but one.

    `faces` stand from left to right.

    Raises:
        BadInput: there is no face, or none where the words say.
        Ambiguous: there are several and nothing says which.
    """
    if not faces:
        raise BadInput(saying("face_none"))
    if words:
        return _meant(faces, words.lower())
    largest = max(face.height for face in faces)
    near = [face for face in faces if face.height >= _SMALL * largest]
    if len(near) == 1:
        return near[0]
    raise Ambiguous(saying("face_which", count=len(near), places=_places(len(near))))


def _meant(faces: Sequence[Face], words: str) -> Face:
    if re.search(r"\b(largest|biggest|nearest|closest|big one)\b", words):
        return max(faces, key=lambda face: face.height)
    if re.search(r"\b(smallest|farthest|furthest)\b", words):
        return min(faces, key=lambda face: face.height)
    if re.search(r"\b(middle|centre|center)\b", words):
        return faces[len(faces) // 2]
    number = next((n for n, word in enumerate(_ORDINALS) if word in words), None)
    if (digit := re.search(r"\d+", words)) and number is None:
        number = int(digit[0]) - 1
    from_right = "right" in words
    if number is None and not from_right and "left" not in words:
        raise Ambiguous(saying("face_unknown", places=_places(len(faces))))
    index = (number or 0) if not from_right else len(faces) - 1 - (number or 0)
    if not 0 <= index < len(faces):
        raise BadInput(saying("face_fewer", count=len(faces)))
    return faces[index]


def _places(count: int) -> str:
    if count == 2:
        return "left or right"
    if count == 3:
        return "left, middle or right"
    return "first, second, ... from the left"
