"""Key and tempo as they are heard in a sound: estimators that know nothing of how the music was made."""

from __future__ import annotations

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.signal import ShortTimeFFT, get_window

from core.media import Audio
from core.models.music._basic_pitch import LOWEST, Activations
from core.models.music._harmony import Key, class_fits

_SOUNDS = 0.3
_RATE = 22_050
_FFT, _HOP = 1024, 220
_BANDS = 40
_PRIOR_BPM, _PRIOR_OCTAVES = 120.0, 0.9
"""Tempi that people tap (Ellis 2007, Beat tracking by dynamic programming): a log-normal weight."""
_BPM = np.arange(40.0, 240.0, 0.25)
_NEAR = 0.04
LEVELS = (1.0, 0.5, 2.0, 1 / 3, 3.0)
"""Metrical levels at which people tap as well: of accuracy 2 in Gouyon et al. 2006."""

Curve = NDArray[np.float64]


def key_heard(heard: Activations) -> Key:
    """The key that the pitch classes fit best which a network hears in the sound (Krumhansl and Schmuckler)."""
    sounding = np.where(heard.notes >= _SOUNDS, heard.notes, 0).sum(0, dtype=np.float64)
    chroma = np.zeros(12)
    np.add.at(chroma, (np.arange(len(sounding)) + LOWEST) % 12, sounding)
    return class_fits(chroma)[0][1]


def tempo_heard(clip: Audio) -> float:
    """Beats a minute: where the autocorrelation of the onsets and its multiples is highest, weighted by Ellis's prior.

    It was chosen among six on patterns of clicks and drums, with clips that are composed here in view: the runner-up
    read waltzes wrongly.
    """
    flux = _onset_strength(np.asarray(soxr.resample(clip.mono(), clip.sample_rate, _RATE), np.float64))
    frames = len(flux)
    own = np.fft.irfft(np.abs(np.fft.rfft(flux - flux.mean(), 2 * frames)) ** 2)[:frames]
    own /= np.maximum(frames - np.arange(frames), 1)  # long lags have fewer terms
    lag = 60.0 / _BPM * _RATE / _HOP
    comb = np.sum([np.interp(lag * n, np.arange(frames), own) / n for n in (1, 2, 3, 4)], axis=0)
    weight = np.exp(-0.5 * (np.log2(_BPM / _PRIOR_BPM) / _PRIOR_OCTAVES) ** 2)
    return float(_BPM[int(np.argmax(np.maximum(comb, 0) * weight))])


def level(heard_bpm: float, asked_bpm: float) -> float | None:
    """At which of `LEVELS` a tempo is the asked one, within 4 %; None where it is another tempo."""
    ratio = heard_bpm / asked_bpm
    return next((factor for factor in LEVELS if abs(ratio / factor - 1) <= _NEAR), None)


def _onset_strength(mono: Curve) -> Curve:
    """How much louder the bands of the ear become from frame to frame."""
    transform = ShortTimeFFT(get_window("hann", _FFT), _HOP, _RATE)
    power = np.asarray(transform.spectrogram(mono), np.float64)
    mel = np.log10(1 + np.fft.rfftfreq(_FFT, 1 / _RATE) / 700)
    band = np.minimum((mel / mel[-1] * _BANDS).astype(int), _BANDS - 1)
    bands = np.array([power[band == b].sum(0) for b in range(_BANDS) if (band == b).any()])
    rise = np.maximum(np.diff(np.log1p(1000 * bands / max(float(bands.max()), 1e-12)), axis=1), 0).sum(0)
    return np.maximum(rise - np.convolve(rise, np.ones(100) / 100, "same"), 0)
