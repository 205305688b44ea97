"""Measuring what a model has just made, without the cost of a process where that can be saved."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from core._media_facts import measure
from core.artifacts import Facts, Kind

_LONGEST_S = 60.0
"""Above it ffmpeg's bounded memory is worth its start."""
_BLOCK_S = 0.4
"""The gating block of ITU-R BS.1770-4: loudness of less is not defined."""


_meter: Callable[[int], Any] | None = None
"""pyloudnorm's Meter, once it is imported as a whole: another thread must not see half of it."""


def warm() -> None:
    """Import what measures in this process. It takes a second, so a process that stays does it ahead of its work."""
    global _meter
    from pyloudnorm import Meter

    _meter = Meter


def measure_wav(path: Path) -> tuple[Kind, Facts]:
    """The same facts as `measure` gives of a WAV file that `write_wav` wrote: it is opened and read again.

    Raises:
        BadInput: the file holds no audio.
    """
    meter = _meter
    info = soundfile.info(str(path))
    if meter is None or not 0 < info.duration <= _LONGEST_S:
        return measure(path, max_duration_s=math.inf)
    samples, rate = soundfile.read(str(path), dtype="float32", always_2d=True)
    loudness = -math.inf
    if len(samples) >= _BLOCK_S * rate:
        with np.errstate(divide="ignore", invalid="ignore"):
            loudness = float(meter(rate).integrated_loudness(samples))
    return Kind.AUDIO, Facts(
        "audio/wav",
        path.stat().st_size,
        duration_s=round(len(samples) / rate, 6),
        sample_rate_hz=rate,
        channels=samples.shape[1],
        loudness_lufs=round(loudness, 1) if loudness > -70.0 else None,
        has_audio=True,
    )
