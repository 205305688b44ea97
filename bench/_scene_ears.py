"""Ears that know nothing of how a scene was made: onsets by energy, classes and their times by the tagger."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, minimum_filter1d, uniform_filter1d

from core.media import Audio
from core.models.sound import _yamnet
from core.models.sound._sound_library import Sound
from core.models.sound._yamnet import STEP_S, class_names

RATE, HOP, SIZE = 16_000, 160, 512
HOP_S = HOP / RATE
_STEADY_PERCENT = 25
"""What goes on is what each frequency has for three quarters of the time."""
_OVER = 8.0
_LOW_HZ = 150
_RISE_DB, _BELOW_DB, _WITHIN = 5.0, 12.0, 15
"""A sound begins where the level rises by so much within so many frames, not too far below the loudest."""
_TOP = 5

Curve = NDArray[np.float64]


@dataclass(frozen=True)
class Ears:
    """What can be told of a clip by listening to it."""

    clip: Audio

    @cached_property
    def _power(self) -> Curve:
        """Shape (frames, bins), 100 frames a second."""
        mono = np.asarray(soxr.resample(self.clip.mono(), self.clip.sample_rate, RATE), np.float64)
        padded = np.pad(mono, (SIZE // 2, SIZE))
        frames = np.lib.stride_tricks.sliding_window_view(padded, SIZE)[::HOP][: len(mono) // HOP]
        power = np.abs(np.fft.rfft(frames * np.hanning(SIZE), axis=1)) ** 2
        return np.asarray(uniform_filter1d(power[:, round(_LOW_HZ * SIZE / RATE) :], 5, axis=0))

    @cached_property
    def steady(self) -> Curve:
        """The power of what goes on, by frequency."""
        return np.asarray(np.percentile(self._power, _STEADY_PERCENT, axis=0))

    @cached_property
    def events_db(self) -> Curve:
        """The level, 100 a second, of what stands out from what goes on."""
        over = np.clip(self._power - _OVER * self.steady, 0, None).sum(1)
        return np.asarray(10 * np.log10(uniform_filter1d(over, 3) + 1e-6 * self._power.sum(1).max() + 1e-20))

    @property
    def stands_out_db(self) -> float:
        """By how much the loudest of what happens is above what goes on."""
        return float(self.events_db.max() - 10 * np.log10(self.steady.sum() + 1e-20))

    def onsets_s(self, apart_s: float) -> list[float]:
        """When something begins: rises of the level that are so far apart."""
        level = self.events_db
        risen = level - minimum_filter1d(level, _WITHIN, origin=_WITHIN // 2, mode="constant", cval=level.min())
        begins = (risen > _RISE_DB) & (maximum_filter1d(level, 9, origin=-4) > level.max() - _BELOW_DB)
        found: list[float] = []
        for at in np.flatnonzero(begins) * HOP_S:
            if not found or at - found[-1] > apart_s:
                found.append(float(at))
        return found

    @cached_property
    def _scores(self) -> Curve:
        return np.asarray(_yamnet.shared().hear(self.clip).scores, np.float64)

    def peak(self, sound: Sound) -> tuple[float, float]:
        """When the tagger is surest of a sound, in seconds, and how sure it is."""
        scores = self._scores[:, [class_names().index(label) for label in sound.labels]].max(1)
        best = int(scores.argmax())
        return best * STEP_S, float(scores[best])

    def goes_on(self, sound: Sound) -> bool:
        """Whether one of a sound's names is among the tagger's first five in some window."""
        wanted = {class_names().index(label) for label in sound.labels}
        scores = self._scores.copy()
        scores[:, class_names().index("Silence")] = 0
        first = np.argsort(-scores, axis=1)[:, :_TOP]
        return bool(np.isin(first, list(wanted)).any())
