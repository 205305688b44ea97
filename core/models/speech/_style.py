"""From one way of speaking to another: how pitch, formants, spectrum and tempo are moved towards a reference.

Everything is computed from statistics of both sides; nothing is learned and nobody is recognised. The result is a
style: it comes nearer to the reference, and does not become its speaker.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.fft import idct

from core.models.speech._traits import BANDS, ORDER, Frames, Traits, cepstra, mel

_FORMANTS_BY_PITCH = 0.3
"""Between speakers the formants rise by about this power of the pitch: a fifth from a man to a woman, whose pitch is
1.8 times as high (Peterson and Barney 1952)."""
_WARPS = (0.78, 1.25)
_RANGES = (0.6, 1.6)
_TEMPOS = (0.85, 1.2)
_MOST_VOICED, _MOST_UNVOICED = 2.0, 1.2
"""What the long-term spectrum may be changed by, in nepers: 17 and 10 dB."""
_MOST_SHAPED = 1.5
_LEVEL_BANDS = slice(4, 28)
"""Where both spectra are brought to the same level: 170 to 4200 Hz."""
_SHAPING = 0.7
"""How far the spread of the cepstra follows. All the way costs words."""
_ENOUGH_FRAMES = 500
"""Fewer tell less of a spread, and are followed less."""
_FLOOR = 0.01
_F0_HZ = (55.0, 600.0)
_BINS = 601


@dataclass(frozen=True, eq=False)
class Style:
    """The way from a source to a reference."""

    warp: float
    """Formants are multiplied by it."""
    tempo: float
    """1.2 is a fifth faster."""
    pitch: tuple[float, float, float]
    """Median of the source's log F0, that of the reference, and the factor of its range."""
    voiced: Frames
    """Change of the voiced spectrum, nepers, shape (BANDS,)."""
    unvoiced: Frames
    spread: Frames
    """What turns the deviation of a frame's cepstrum from the mean into its change, shape (ORDER, ORDER)."""
    centre: Frames
    """That mean, after warping."""

    @classmethod
    def between(cls, source: Traits, reference: Traits, own_frames: Frames | None = None) -> Style:
        """From `source` to `reference`.

        `own_frames` are voiced log-mel frames of the domain in which the style is applied, where that is not the one
        in which the source was measured.
        """
        warp = float(np.clip(np.exp(_FORMANTS_BY_PITCH * (reference.pitch - source.pitch)), *_WARPS))
        widened = float(np.clip(reference.pitch_spread / max(source.pitch_spread, 1e-3), *_RANGES))
        voiced, unvoiced = warped_mel(source.voiced, warp), warped_mel(source.unvoiced, warp)
        own = voiced if own_frames is None else warped_mel(own_frames, warp)
        return cls(
            warp,
            float(np.clip(reference.rate_hz / max(source.rate_hz, 0.1), *_TEMPOS)),
            (source.pitch, reference.pitch, widened),
            _difference(voiced, reference.voiced, _MOST_VOICED),
            _difference(unvoiced, reference.unvoiced, _MOST_UNVOICED),
            _spread(cepstra(voiced), cepstra(reference.voiced)),
            cepstra(own).mean(0),
        )

    @classmethod
    def of_the_spectrum(cls, source: Traits, reference: Traits) -> Style:
        """The same with pitch and formants left alone: it can be laid on a recording by a filter.

        Taking speech apart and putting it together again costs likeness, at times more than the change of pitch gains.
        """
        return replace(
            cls.between(replace(source, pitch=reference.pitch), reference), pitch=(source.pitch, source.pitch, 1.0)
        )

    def new_pitch(self, f0_hz: NDArray[Any]) -> NDArray[Any]:
        """F0 in Hz, moved and widened where it is above 0."""
        source, reference, widened = self.pitch
        moved = np.exp(reference + (np.log(np.maximum(f0_hz, 1.0)) - source) * widened)
        return np.where(f0_hz > 0, np.clip(moved, *_F0_HZ), 0.0)

    def change(self, log_mel: Frames, voicing: Frames) -> Frames:
        """What to add to warped frames of shape (frames, BANDS), in nepers; `voicing` is 0 to 1, shape (frames,)."""
        moved = (cepstra(log_mel) - self.centre) @ self.spread.T
        shaped = np.zeros_like(log_mel)
        shaped[:, :ORDER] = moved
        shaped = np.clip(idct(shaped, norm="ortho", axis=1), -_MOST_SHAPED, _MOST_SHAPED)
        part = voicing[:, None]
        return np.asarray(part * (shaped + self.voiced) + (1 - part) * self.unvoiced)

    def facts(self) -> dict[str, Any]:
        """JSON-ready: what was moved and by how much."""
        source, reference, widened = self.pitch
        return {
            "pitch_hz": [round(float(np.exp(source)), 1), round(float(np.exp(reference)), 1)],
            "pitch_range": round(widened, 2),
            "formants": round(self.warp, 3),
            "tempo": round(self.tempo, 2),
        }


def warped(spectra: NDArray[Any], factor: float) -> NDArray[Any]:
    """Spectra of shape (frames, bins), linear in frequency, stretched along it by `factor`."""
    bins = spectra.shape[1]
    place = np.minimum(np.arange(bins) / factor, bins - 1)
    low = np.floor(place).astype(np.int64)
    high, part = np.minimum(low + 1, bins - 1), (place - low).astype(spectra.dtype)
    return np.asarray((1 - part) * spectra[:, low] + part * spectra[:, high])


def warped_mel(frames: Frames, factor: float) -> Frames:
    """The same of log-mel frames of shape (frames, BANDS)."""
    _, centres = mel(_BINS)
    hz = 700 * np.expm1(centres / 1127)
    place = np.interp(1127 * np.log1p(hz / factor / 700), centres, np.arange(BANDS))
    low = np.floor(place).astype(np.int64)
    high, part = np.minimum(low + 1, BANDS - 1), place - low
    return np.asarray((1 - part) * frames[:, low] + part * frames[:, high])


def from_mel(change: Frames, bins: int) -> NDArray[np.float32]:
    """A change in mel bands, shape (frames, BANDS), on a linear axis of so many bins up to 12 kHz."""
    of_bins, centres = mel(bins)
    place = np.clip((of_bins - centres[0]) / (centres[1] - centres[0]), 0, BANDS - 1)
    low = np.floor(place).astype(np.int64)
    high, part = np.minimum(low + 1, BANDS - 1), (place - low).astype(np.float32)
    narrow = change.astype(np.float32)
    return np.asarray((1 - part) * narrow[:, low] + part * narrow[:, high])


def _difference(source: Frames, reference: Frames, most: float) -> Frames:
    """Between the long-term spectra, without their levels; none where one side is hardly there."""
    if min(len(source), len(reference)) < 20:
        return np.zeros(BANDS)
    difference = reference.mean(0) - source.mean(0)
    return np.asarray(np.clip(difference - difference[_LEVEL_BANDS].mean(), -most, most))


def _spread(source: Frames, reference: Frames) -> Frames:
    """The least linear change that gives Gaussians of one covariance the other (optimal transport; Knott and Smith
    1984), less the identity, and but a part of it."""
    if min(len(source), len(reference)) <= ORDER:
        return np.zeros((ORDER, ORDER))
    floor = _FLOOR * np.eye(ORDER)
    before, after = np.cov(source.T) + floor, np.cov(reference.T) + floor
    root = _root(before)
    inverse = np.linalg.inv(root)
    whole = inverse @ _root(root @ after @ root) @ inverse
    part = _SHAPING * min(1.0, min(len(source), len(reference)) / _ENOUGH_FRAMES)
    return np.asarray(part * (whole - np.eye(ORDER)))


def _root(matrix: Frames) -> Frames:
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 1e-12))) @ vectors.T)
