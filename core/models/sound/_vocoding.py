"""Gaps in speech filled by a vocoder: pitch, spectral envelope and noise of both sides run into each other.

The vocoder is WORLD (Morise, Yokomori and Ozawa, "WORLD: a vocoder-based high-quality speech synthesis system for
real-time applications", IEICE Trans. Inf. & Syst. E99-D(7), 2016). What is further from a border is less like the
sound there, and more like the clip in the mean: that is what a Gauss-Markov process is expected to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from core.models.sound._autoregression import continued

Wave = NDArray[np.float64]

AROUND_S = 1.5
"""Of the clip on each side, so much tells what its mean is."""
LEAST_S = 0.1
"""In less of it no pitch is found."""
_FRAME_S = 0.005
_LOWEST_HZ, _HIGHEST_HZ = 71.0, 500.0
"""The first is the lowest pitch of which the library measures envelopes."""
_NOISE_HZ = 16_000
"""To tell how much is noise, the library reads the spectrum up to 7.9 kHz, whether there is one or not."""
_BEYOND_S = 0.03
"""Each side is continued by so much before its last frame is measured: else half of that frame were nothing."""
_MEMORY_S = 0.1
"""In this time the likeness to the sound at the border falls to 1/e."""
_PITCHED, _OF = 3, 4
"""A side is voiced where so many of so many frames are."""
_BESIDE_S = 0.02
"""So much more is made on each side, to be shifted into phase."""
_FITTED_S, _FADE_S = 0.012, 0.01
"""What is compared on either side of a border to find the phase, and how long the sides fade into what is made."""
_ORDER_S, _CONTINUED_S = 0.02, 0.06
_FLOOR = 1e-18


@dataclass(frozen=True, slots=True, eq=False)
class _Border:
    """The sound at the edge of a gap."""

    f0_hz: float
    """0 where it is unvoiced."""
    envelope: Wave
    """Natural logarithm of power, shape (bins,)."""
    noise: Wave
    """Aperiodicity: how much of each bin is noise, from 0 to 1."""
    mean: Wave
    """The mean of all the side's envelopes."""
    onward: Wave
    """How prediction continues the side into the gap."""


def missing() -> str | None:
    """None, or which package to install."""
    return None if find_spec("pyworld") else "run `make setup`: pyworld-prebuilt is not installed"


def vocoded(left: Wave, right: Wave, length: int, rate: int, excitation: Wave) -> Wave | None:
    """What was said between two stretches of speech; None where one of them is too short to tell.

    `excitation` has variance 1 and shape (2, at least length): the noise of the sound right at the borders.
    """
    if min(len(left), len(right)) < LEAST_S * rate:
        return None
    first, last = _border(left, rate, excitation[0]), _border(right[::-1], rate, excitation[1])
    beside = round(_BESIDE_S * rate)
    times = np.arange(-beside, length + beside + rate * _FRAME_S, rate * _FRAME_S) / rate
    f0 = _pitch(first.f0_hz, last.f0_hz, times, length / rate)
    made = _synthesised(first, last, f0, times, length / rate, rate)[: length + 2 * beside]
    made = np.pad(made, (0, length + 2 * beside - len(made)))
    if f0.any():
        ends = np.concatenate([left, first.onward]), np.concatenate([last.onward[::-1], right])
        middle = _in_phase(made, ends, (len(left), len(last.onward)), f0, beside, rate)
    else:
        middle = made[beside : beside + length]
    return _joined(middle, first.onward, last.onward[::-1], bool(f0.any()), rate)


def _world() -> Any:
    """The library, imported at its first use."""
    import pyworld

    return pyworld


def _border(side: Wave, rate: int, excitation: Wave) -> _Border:
    """The end of a stretch, measured."""
    pw = _world()
    near = side[-round(_CONTINUED_S * rate) :]
    beyond = round(_BEYOND_S * rate)
    onward = continued(near, round(_ORDER_S * rate), np.resize(excitation, beyond))
    x = np.concatenate([side, onward])
    f0, times = pw.dio(x, rate, _LOWEST_HZ, _HIGHEST_HZ, frame_period=_FRAME_S * 1000)
    f0 = pw.stonemask(x, f0, times, rate)
    at = min(len(f0) - 1, round(len(side) / rate / _FRAME_S))
    lately = f0[max(0, at + 1 - _OF) : at + 1]
    pitched = lately[lately > 0]
    edge = f0[at : at + 1].copy(), times[at : at + 1].copy()
    envelope = np.log(pw.cheaptrick(x, *edge, rate) + _FLOOR)[0]
    usual = np.log(pw.cheaptrick(x, f0[:at:2].copy(), times[:at:2].copy(), rate) + _FLOOR)
    return _Border(
        f0_hz=float(np.exp(np.log(pitched).mean())) if len(pitched) >= _PITCHED else 0.0,
        envelope=envelope,
        noise=_noise(x, *edge, rate, len(envelope)),
        mean=usual.mean(axis=0),
        onward=onward,
    )


def _noise(x: Wave, f0: Wave, times: Wave, rate: int, bins: int) -> Wave:
    """The aperiodicity of one frame."""
    more = -(-_NOISE_HZ // rate)
    noise = _world().d4c(resample_poly(x, more, 1) if more > 1 else x, f0, times, more * rate)[0]
    bins_hz, noise_hz = np.linspace(0, rate / 2, bins), np.linspace(0, more * rate / 2, len(noise))
    return np.asarray(np.interp(bins_hz, noise_hz, noise))


def _pitch(first_hz: float, last_hz: float, times: Wave, length_s: float) -> Wave:
    """The pitch at each time: it glides; beside an unvoiced side, the voice reaches to the middle."""
    at = np.clip(times / length_s, 0, 1)
    if first_hz and last_hz:
        return np.asarray(np.exp((1 - at) * np.log(first_hz) + at * np.log(last_hz)))
    return np.where(at < 0.5, first_hz, last_hz)


def _synthesised(first: _Border, last: _Border, f0: Wave, times: Wave, length_s: float, rate: int) -> Wave:
    inside = np.clip(times, 0, length_s)[:, None]
    whole = np.sinh(length_s / _MEMORY_S)
    fore, back = np.sinh((length_s - inside) / _MEMORY_S) / whole, np.sinh(inside / _MEMORY_S) / whole
    mean = (first.mean + last.mean) / 2
    envelope = fore * (first.envelope - mean) + back * (last.envelope - mean) + mean
    at = inside / length_s
    noise = np.where(f0[:, None] > 0, np.clip((1 - at) * first.noise + at * last.noise, 0, 1), 1.0)
    return np.asarray(_world().synthesize(f0, np.exp(envelope), noise, rate, _FRAME_S * 1000))


def _in_phase(made: Wave, ends: tuple[Wave, Wave], borders: tuple[int, int], f0: Wave, beside: int, rate: int) -> Wave:
    """What was made, its pulses shifted onto those of both sides: it is stretched by less than a period.

    `borders` are where in the two `ends` the gap begins and stops.
    """
    length = len(made) - 2 * beside
    period = rate / float(f0[f0 > 0].mean())
    half = round(_FITTED_S * rate)
    shifts = [
        _shift(made, at, end[max(0, border - half) : border + half], int(period / 2)) if voiced else None
        for at, end, border, voiced in zip(
            (beside, beside + length), ends, borders, (f0[0] > 0, f0[-1] > 0), strict=True
        )
    ]
    first, last = (float(next(s for s in order if s is not None)) for order in (shifts, shifts[::-1]))
    last -= period * round((last - first) / period)
    at = beside + np.arange(length) + first + (last - first) * np.arange(length) / length
    return np.interp(at, np.arange(len(made)), made)


def _shift(made: Wave, at: int, own: Wave, reach: int) -> int:
    """How much later than `at` what was made is most like a stretch around the border."""
    begin = at - len(own) // 2 - reach
    tried = made[max(0, begin) : begin + len(own) + 2 * reach]
    if begin < 0 or len(tried) < len(own) + 2 * reach:
        return 0
    windows = np.lib.stride_tricks.sliding_window_view(tried, len(own))
    return int(np.argmax((windows @ own) / np.sqrt(np.sum(windows**2, axis=1) + 1e-12))) - reach


def _joined(middle: Wave, onward: Wave, back: Wave, in_phase: bool, rate: int) -> Wave:
    """The continued sides fade into the middle: at even sum where they are in phase, else at even power."""
    fade = min(round(_FADE_S * rate), len(middle) // 2, len(onward))
    into = np.sin((np.arange(fade) + 0.5) / fade * np.pi / 2) ** (2 if in_phase else 1)
    out = into[::-1]
    joined = middle.copy()
    joined[:fade] = joined[:fade] * into + onward[:fade] * out
    joined[len(middle) - fade :] = joined[len(middle) - fade :] * out + back[len(back) - fade :] * into
    return joined
