"""Measured head-related impulse responses of the KEMAR manikin, in the horizontal plane, ready to be interpolated.

Gardner and Martin, "HRTF measurements of a KEMAR dummy-head microphone", MIT Media Lab Perceptual Computing Technical
Report 280, 1994: every 5 degrees, 512 taps at 44.1 kHz. They come in the data of the package slab, of which nothing is
imported.
"""

from __future__ import annotations

import bz2
import hashlib
import io
import pickle
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.fft import irfft, rfft, rfftfreq

from core.errors import NoModel

SHA256 = "61f562a68284ba40899fd66b9d9e976351a41def04e3e826ae4cb3d5c3a7d975"
STEP_DEG = 5
_RATE = 44_100
_TAPS = 640
"""At 44.1 kHz, once equalised."""
_BOOST_DB = 12.0
"""The most that the equaliser adds: below 100 Hz and above 16 kHz the loudspeaker gave next to nothing."""
_LEAD_S = 0.001
"""Kept ahead of the first arrival in front, so that nothing of the nearer ear is cut."""
_ONSET = 0.1
_FINE = 16

Spectra = NDArray[np.complex64]


def data_file() -> Path | None:
    """Where the measurements lie; None where slab is not installed."""
    spec = find_spec("slab")
    folders = list(spec.submodule_search_locations or []) if spec else []
    path = Path(folders[0]) / "data" / "mit_kemar_normal_pinna.bz2" if folders else None
    return path if path and path.is_file() else None


class _Unpickler(pickle.Unpickler):
    """Makes arrays and empty objects, and calls nothing else, whatever the file asks for."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("numpy.core.multiarray", "_reconstruct"):
            from numpy._core.multiarray import _reconstruct

            return _reconstruct
        if module == "numpy" and name in ("ndarray", "dtype"):
            return getattr(np, name)
        if module.startswith("slab."):
            return type(name, (), {})
        raise pickle.UnpicklingError(f"{module}.{name} has no place in measurements")


def measured() -> NDArray[np.float64]:
    """The responses, shape (72 azimuths, 2 ears, 512 taps) at 44.1 kHz; azimuth 0 is ahead, then turning left.

    Raises:
        NoModel: slab is not installed, or its file is not the known one.
    """
    path = data_file()
    content = path.read_bytes() if path else b""
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise NoModel("The head measurements on this machine are missing or damaged. Please run `make setup` again.")
    found = _Unpickler(io.BytesIO(bz2.decompress(content))).load()
    level = {float(az): i for i, (az, elevation, _) in enumerate(found.sources) if abs(elevation) < 0.1}
    turns = range(0, 360, STEP_DEG)
    return np.stack([np.asarray(found.data[level[az]].data, np.float64).T for az in turns])


@dataclass(frozen=True, eq=False)
class Head:
    """The responses at one sample rate, split into arrival times and what comes after the arrival.

    Responses that begin at the same time can be mixed without cancelling each other; the arrival times are mixed by
    themselves.
    """

    aligned: NDArray[np.float64]
    """Shape (72, 2, taps), each beginning after `lead` frames."""
    delay_s: NDArray[np.float64]
    """Shape (72, 2): arrival after that in front, seconds; negative is earlier."""
    sample_rate: int
    lead: int
    """Frames."""

    @classmethod
    def at(cls, sample_rate: int, responses: NDArray[np.float64]) -> Head:
        """Of `measured()` responses: equalised, brought to a sample rate in Hz, aligned."""
        even = _equalised(responses)
        if sample_rate != _RATE:
            flat = soxr.resample(even.reshape(-1, _TAPS).T, _RATE, sample_rate).T
            even = flat.reshape(*even.shape[:2], -1) * (_RATE / sample_rate)
        onset = _onset_s(responses)
        front = onset[0].mean()
        lead = round(_LEAD_S * sample_rate)
        shift = (front - onset) + lead / sample_rate - front
        taps = even.shape[-1]
        aligned = irfft(_shifted(rfft(even, 2 * taps), shift, sample_rate), 2 * taps)[..., :taps]
        return cls(aligned, onset - front, sample_rate, lead)

    @property
    def taps(self) -> int:
        """Frames of a response with the latest arrival."""
        return int(self.aligned.shape[-1]) + 2 * self.lead

    @cached_property
    def _spectra(self) -> dict[int, Spectra]:
        return {}

    def at_azimuths(self, azimuth_deg: NDArray[np.float64], size: int) -> Spectra:
        """The filters for sources at these azimuths, shape (azimuths, 2, size // 2 + 1): left ear, right ear.

        `size` is that of the Fourier transform. Positive azimuths are left, any number of turns.
        """
        if size not in self._spectra:
            self._spectra[size] = np.asarray(rfft(self.aligned, size), np.complex64)
        table, turns = self._spectra[size], len(self.aligned)
        place = np.mod(azimuth_deg, 360.0) / STEP_DEG
        low = np.floor(place).astype(np.int64) % turns
        high, part = (low + 1) % turns, place - np.floor(place)
        delay = (1 - part[:, None]) * self.delay_s[low] + part[:, None] * self.delay_s[high]
        weight = part.astype(np.float32)[:, None, None]
        mixed = (1 - weight) * table[low] + weight * table[high]
        return _shifted(mixed, delay, self.sample_rate)


def _shifted(spectra: NDArray[Any], delay_s: NDArray[np.float64], sample_rate: int) -> Spectra:
    """Spectra of shape (..., bins) delayed by seconds of shape (...)."""
    bins = spectra.shape[-1]
    frequency = rfftfreq(2 * (bins - 1), 1 / sample_rate)
    return np.asarray(spectra * np.exp(-2j * np.pi * delay_s[..., None] * frequency), np.complex64)


def _onset_s(responses: NDArray[np.float64]) -> NDArray[np.float64]:
    """When each response first reaches a tenth of its peak, seconds."""
    fine = np.abs(irfft(rfft(responses), responses.shape[-1] * _FINE))
    first = np.argmax(fine > _ONSET * fine.max(-1, keepdims=True), axis=-1)
    return np.asarray(first / (_RATE * _FINE), np.float64)


def _equalised(responses: NDArray[np.float64]) -> NDArray[np.float64]:
    """Without what all directions have in common: the loudspeaker and the ear canal, which the listener's own adds.

    Diffuse-field equalisation (Møller, "Fundamentals of binaural technology", Applied Acoustics 36, 1992) by a
    minimum-phase filter, which moves neither ear against the other. The mean power over all directions becomes 1.
    """
    size = 4096
    power = np.mean(np.abs(rfft(responses, size)) ** 2, axis=(0, 1))
    mid = power[(rfftfreq(size, 1 / _RATE) > 200) & (rfftfreq(size, 1 / _RATE) < 8000)].mean()
    gain_db = np.minimum(-10 * np.log10(np.maximum(power, 1e-12)), -10 * np.log10(mid) + _BOOST_DB)
    filters = rfft(responses, size) * _minimum_phase(gain_db, size)
    fade = np.ones(_TAPS)
    fade[-64:] = np.cos(np.linspace(0, np.pi / 2, 64)) ** 2
    return np.asarray(irfft(filters, size)[..., :_TAPS] * fade)


def _minimum_phase(gain_db: NDArray[np.float64], size: int) -> NDArray[np.complex128]:
    """The spectrum with these gains and the least delay, by the real cepstrum."""
    cepstrum = irfft(gain_db * np.log(10) / 20, size)
    fold = np.zeros(size)
    fold[0] = fold[size // 2] = 1
    fold[1 : size // 2] = 2
    return np.asarray(np.exp(rfft(cepstrum * fold)))
