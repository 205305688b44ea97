"""What is measured of a way of speaking: pitch and its range, tempo, and the shapes of its spectrum.

Pitch by DIO and StoneMask, envelopes by CheapTrick, all of WORLD (Morise et al. 2016, IEICE E99-D 7).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.fft import dct
from scipy.ndimage import gaussian_filter1d

from core.errors import BadInput
from core.media import Audio
from core.models.speech import _vad
from core.sayings import saying

SAMPLE_RATE = 24_000
BANDS = 40
"""Of the mel scale up to 12 kHz."""
ORDER = 24
"""Cepstral coefficients that tell one sound from another; finer ones are the pitch."""
FRAME_S = 0.01
LEAST_S, MOST_S = 3.0, 60.0
"""Speech that a reference must hold, and what is listened to of it."""
_PAUSE_S = 0.3
_RANGE_NEPER = 4.6
"""Frames more than 40 dB below the loudest are pauses."""
_LOW_HZ, _HIGH_HZ = 60.0, 500.0
_TRACKING = {"channels_in_octave": 4.0, "allowed_range": 0.2}
"""More filters than DIO has by itself, and twice its tolerance: lively voices keep their pitch where it glides."""
_SYLLABLE_BANDS = slice(7, 24)
"""350 to 3100 Hz, where vowels are loud and hisses are not."""
_SYLLABLE_S = 0.03
"""How much the loudness is smoothed before its peaks are counted."""
_DIP_NEPER = 0.25

Frames = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Traits:
    """A way of speaking, measured frame by frame, every 10 ms."""

    voiced: Frames
    """Log-mel envelopes (nepers of magnitude) of voiced frames, shape (frames, BANDS)."""
    unvoiced: Frames
    """The same of unvoiced ones that are no pauses."""
    pitch: float
    """Median of the logarithm of F0 in Hz."""
    pitch_spread: float
    """Its interquartile range, in nepers."""
    rate_hz: float
    """Peaks of loudness a second of speech: about the syllables."""

    @property
    def f0_hz(self) -> float:
        """The median pitch."""
        return float(np.exp(self.pitch))


def mel(bins: int) -> tuple[Frames, Frames]:
    """The mel value of each bin of a spectrum up to `SAMPLE_RATE / 2`, and those of the bands' centres."""
    of_bins = 1127 * np.log1p(np.linspace(0, SAMPLE_RATE / 2, bins) / 700)
    return of_bins, np.linspace(of_bins[1], of_bins[-1], BANDS)


def to_mel(log_magnitude: Frames) -> Frames:
    """Log spectra of shape (frames, bins) as means over triangular mel bands."""
    of_bins, centres = mel(log_magnitude.shape[1])
    weights = np.maximum(0, 1 - np.abs(of_bins[:, None] - centres) / (centres[1] - centres[0]))
    return np.asarray(log_magnitude @ (weights / weights.sum(0)))


def cepstra(log_mel: Frames) -> Frames:
    """The first `ORDER` cepstral coefficients, shape (frames, ORDER)."""
    return np.asarray(dct(log_mel, norm="ortho", axis=1)[:, :ORDER])


def world() -> Any:
    """The WORLD library, imported at its first use."""
    import pyworld

    return pyworld


def pitch_and_envelope(samples: Frames, frame_s: float = FRAME_S) -> tuple[Frames, Frames, Frames]:
    """F0 in Hz (0 where unvoiced), times in s, and power envelopes of shape (frames, bins), of a clip at 24 kHz."""
    pw = world()
    limits = {"f0_floor": _LOW_HZ, "f0_ceil": _HIGH_HZ}
    f0, times = pw.dio(samples, SAMPLE_RATE, frame_period=frame_s * 1000, **limits, **_TRACKING)
    f0 = pw.stonemask(samples, f0, times, SAMPLE_RATE)
    return f0, times, pw.cheaptrick(samples, f0, times, SAMPLE_RATE)


def reference_speech(clip: Audio, progress: Callable[[float], None] = lambda fraction: None) -> Frames:
    """The speech of a reference, its pauses taken out, mono at 24 kHz, at most `MOST_S`.

    Raises:
        BadInput: it holds less than `LEAST_S` of speech.
    """
    mono = clip.mono()
    heard = _vad.prepared(mono, clip.sample_rate)
    spans = _vad.speech_spans(heard, pause_s=_PAUSE_S, pad_s=0.05, progress=progress)
    wide = mono if clip.sample_rate == SAMPLE_RATE else soxr.resample(mono, clip.sample_rate, SAMPLE_RATE)
    scale = SAMPLE_RATE / _vad.SAMPLE_RATE
    parts = [wide[round(start * scale) : round(end * scale)] for start, end in spans]
    speech = np.concatenate([*parts, np.zeros(0, np.float32)])[: round(MOST_S * SAMPLE_RATE)].astype(np.float64)
    if len(speech) < LEAST_S * SAMPLE_RATE:
        raise BadInput(saying("speech_short", least=LEAST_S, heard=round(len(speech) / SAMPLE_RATE, 2)))
    return np.asarray(speech / np.abs(speech).max())


def traits(speech: Frames) -> Traits:
    """Measure speech at 24 kHz, shape (frames,).

    Raises:
        BadInput: it has no pitch: it is whispered, or no speech.
    """
    f0, _, power = pitch_and_envelope(speech)
    envelopes = to_mel(0.5 * np.log(power + 1e-12))
    level = envelopes.mean(axis=1)
    active = level > np.percentile(level, 98) - _RANGE_NEPER
    voiced = (f0 > 0) & active
    if voiced.sum() * FRAME_S < LEAST_S / 4:
        raise BadInput(saying("speech_pitchless"))
    pitches = np.log(f0[voiced])
    low, middle, high = np.percentile(pitches, [25, 50, 75])
    loudness = envelopes[:, _SYLLABLE_BANDS].mean(axis=1)
    floor = float(np.percentile(loudness, 98)) - _RANGE_NEPER
    rate = _peaks(np.maximum(loudness, floor)) / float((loudness > floor).sum() * FRAME_S)
    return Traits(envelopes[voiced], envelopes[(f0 == 0) & active], float(middle), float(high - low), rate)


def _peaks(level: Frames) -> int:
    """How often loudness rises and falls again by more than `_DIP_NEPER`."""
    smooth = gaussian_filter1d(level, _SYLLABLE_S / FRAME_S)
    count, low, high = 0, float(smooth[0]), float(smooth[0])
    rising = True
    for value in smooth:
        if rising:
            high = max(high, value)
            if value < high - _DIP_NEPER:
                count, rising, low = count + 1, False, value
        else:
            low = min(low, value)
            if value > low + _DIP_NEPER:
                rising, high = True, value
    return count
