"""The tune of a recording: what somebody hums, whistles or plays, as notes."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.errors import BadInput
from core.media import Audio
from core.models.music._score import Group, Note, Rest, Tune
from core.sayings import saying

_SHORTEST_S = 0.09
_SHORTEST_REST_S = 0.15
_LONGEST_S = 120.0
_FEWEST = 2


def tune_of(clip: Audio) -> Tune:
    """The notes of the loudest voice of a clip, each on the nearest semitone of the clip's own tuning.

    F0 by SwiftF0 (Nieradzik 2025), notes by its segmentation.

    Raises:
        BadInput: it holds no tune.
    """
    from swift_f0 import SwiftF0, segment_notes

    samples = clip.samples.mean(0)[: round(_LONGEST_S * clip.sample_rate)]
    level = float(np.abs(samples).max(initial=0.0))
    if level > 0:
        samples = samples / level * 0.7  # what is whispered is measured like what is sung
    found = segment_notes(SwiftF0(threads=1).detect(samples, clip.sample_rate)) if level > 1e-4 else []
    held = [note for note in found if note.end - note.start >= _SHORTEST_S]
    if len(held) < _FEWEST:
        raise BadInput(saying("tune_none"))
    return Tune(tuple(_parts(held)))


def _parts(notes: list[Any]) -> list[Group | Rest]:
    midi = np.array([69 + 12 * np.log2(note.pitch_hz / 440) for note in notes])
    off = float(np.angle(np.exp(2j * np.pi * midi).mean()) / (2 * np.pi))
    parts: list[Group | Rest] = []
    for number, (note, pitch) in enumerate(zip(notes, midi, strict=True)):
        following = notes[number + 1].start if number + 1 < len(notes) else note.end
        silence = following - note.end
        length = note.end - note.start if silence >= _SHORTEST_REST_S else following - note.start
        parts.append((Note(float(round(pitch - off)), float(length)),))
        if silence >= _SHORTEST_REST_S:
            parts.append(Rest(float(silence)))
    return parts
