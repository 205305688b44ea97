"""Whether what a model gave back is a result: media that are empty or silent are none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.artifacts import Artifact, Kind
from core.capabilities import AUDIO_EDITING
from core.errors import ModelFailed
from core.media import Audio
from core.models.base import Made
from core.sayings import saying

SILENT_DBFS = -70.0
"""Peak level below which nobody hears anything."""
_LONG_ENOUGH_S = 0.4
"""From here on a measured clip without a loudness is silent; of a shorter one none is measured."""
_ASKED_FOR = re.compile(
    r"\b(?:silen\w+|stille|schweigen|silenzio|quiet|mute\w*|тишин\w*|беззвучн\w*)\b|静音|无声|寂静|沈黙|静けさ|無音",
    re.IGNORECASE,
)
_EMPTY = saying("made_nothing")
_SILENT = saying("made_silence")
UNREADABLE = saying("made_unreadable")


def check_made(made: Sequence[Made]) -> None:
    """Before anything is written.

    Raises:
        ModelFailed: a piece is empty.
    """
    for piece in made:
        if isinstance(piece.media, Audio) and (not piece.media.samples.size or piece.media.sample_rate <= 0):
            raise ModelFailed(_EMPTY)


def check_measured(
    made: Sequence[Made],
    artifacts: Sequence[Artifact],
    capability: str,
    args: Mapping[str, Any],
    inputs: Sequence[Artifact],
) -> None:
    """Once it is written, opened again and measured.

    One silent piece among several is a result (there are no vocals in this song), and so is silence that was asked
    for, that an edit left, or that came of silence.

    Raises:
        ModelFailed: a piece is empty, or nothing that is to be heard can be heard.
    """
    for artifact in artifacts:
        if artifact.kind in (Kind.AUDIO, Kind.VIDEO) and not artifact.facts.duration_s:
            raise ModelFailed(_EMPTY)
    heard = [
        _silent(piece, artifact) for piece, artifact in zip(made, artifacts, strict=True) if artifact.facts.has_audio
    ]
    if heard and all(heard) and not _in_order(capability, args, inputs):
        raise ModelFailed(_SILENT)


def _silent(made: Made, artifact: Artifact) -> bool:
    if isinstance(made.media, Audio):
        return float(np.abs(made.media.samples).max()) < 10 ** (SILENT_DBFS / 20)
    return _no_loudness(artifact)


def _no_loudness(artifact: Artifact) -> bool:
    facts = artifact.facts
    return facts.has_audio and facts.loudness_lufs is None and (facts.duration_s or 0.0) >= _LONG_ENOUGH_S


def _in_order(capability: str, args: Mapping[str, Any], inputs: Sequence[Artifact]) -> bool:
    """Whether silence is what could be expected."""
    sounding = [artifact for artifact in inputs if artifact.facts.has_audio]
    from_silence = bool(sounding) and all(_no_loudness(artifact) for artifact in sounding)
    asked = any(isinstance(value, str) and _ASKED_FOR.search(value) for value in args.values())
    return capability == AUDIO_EDITING.id or from_silence or asked
