"""Gaps filled by linear prediction: what stood there is told from the sound on both sides.

Short gaps get the samples that fit the prediction from both sides best (Janssen, Veldhuis and Vries, "Adaptive
interpolation of discrete-time signals that can be modeled as autoregressive processes", IEEE Trans. ASSP 34(2), 1986).
Long ones are continued from either side and faded into each other (Etter, "Restoration of a discrete-time signal
segment by interpolation based on the left-sided and right-sided autoregressive parameters", IEEE Trans. Signal
Processing 44(5), 1996). What no prediction explains is drawn anew, so that noise stays noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cho_factor, cho_solve
from scipy.signal import lfilter, lfiltic

Wave = NDArray[np.float64]
Mask = NDArray[np.bool_]

_MEDIAN = 0.4549
"""Of the square of a normal variable of variance 1."""
_RIDGE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Predictor:
    """How each sample follows from those before it."""

    error_filter: Wave
    """Shape (order + 1,), the first 1."""
    noise: float
    """Power of the steady part of the prediction error: pulses and attacks, which are rare, do not count."""


def burg(parts: Sequence[Wave], order: int) -> Predictor:
    """One stable predictor for several stretches of a signal, by Burg's method (Burg 1975).

    The order is at most a third of the longest stretch.
    """
    order = min(order, max(len(part) for part in parts) // 3)
    parts = [part for part in parts if len(part) > order]
    forward, backward = [part[1:] for part in parts], [part[:-1] for part in parts]
    a = np.ones(1)
    for _ in range(order):
        energy = sum(float(f @ f + b @ b) for f, b in zip(forward, backward, strict=True))
        if energy <= 1e-12 * sum(len(f) for f in forward):
            break
        k = -2 * sum(float(f @ b) for f, b in zip(forward, backward, strict=True)) / energy
        padded = np.append(a, 0.0)
        a = padded + k * padded[::-1]
        stepped = [((f + k * b)[1:], (b + k * f)[:-1]) for f, b in zip(forward, backward, strict=True)]
        forward, backward = [f for f, _ in stepped], [b for _, b in stepped]
    return Predictor(a, _steady(np.concatenate(forward) ** 2))


def _steady(squares: Wave) -> float:
    """The less a squared error is like that of noise, the less of it counts as such."""
    mean = float(squares.mean()) if len(squares) else 0.0
    if mean <= 0:
        return 0.0
    noise = min(mean, float(np.median(squares)) / _MEDIAN)
    return noise * noise / mean


def interpolated(x: Wave, unknown: Mask, predictor: Predictor, excitation: Wave | None = None) -> Wave:
    """`x` with its unknown samples, wherever they are, replaced by those of the smallest prediction error.

    With an `excitation` of variance 1 and shape (frames,), noise is added of which the prediction knows nothing.
    """
    a = predictor.error_filter
    both = np.correlate(a, a, "full")[len(a) - 1 :]
    at = np.flatnonzero(unknown)
    lags = np.abs(at[:, None] - at[None, :])
    normal = np.where(lags < len(both), both[np.minimum(lags, len(both) - 1)], 0.0)
    normal[np.diag_indices(len(at))] *= 1 + _RIDGE
    try:
        factor = cho_factor(normal)
    except LinAlgError:  # silence on both sides: nothing can be told of it
        return np.where(unknown, 0.0, x)

    def fitting(y: Wave) -> Wave:
        known = np.where(unknown, 0.0, y)
        return np.asarray(cho_solve(factor, -np.convolve(known, np.concatenate([both[:0:-1], both]), "same")[at]))

    out = x.copy()
    out[at] = fitting(x)
    if excitation is not None and predictor.noise > 0:
        drawn = lfilter([np.sqrt(predictor.noise)], a, excitation)
        out[at] += drawn[at] - fitting(drawn)
    return out


def bridged(left: Wave, right: Wave, length: int, order: int, excitation: Wave) -> Wave:
    """What lies between two stretches: each is continued, and they fade into each other at even power.

    One of both may be empty. `excitation` has variance 1 and shape (2, length).
    """
    x = (np.arange(length) + 0.5) / length
    if not len(right):
        return continued(left, order, excitation[0])
    if not len(left):
        return continued(right[::-1], order, excitation[1])[::-1]
    onward, back = continued(left, order, excitation[0]), continued(right[::-1], order, excitation[1])[::-1]
    out, into = np.cos(x * np.pi / 2), np.sin(x * np.pi / 2)
    scale = np.sqrt(float(onward @ onward) * float(back @ back))
    alike = max(0.0, float(onward @ back) / scale) if scale > 0 else 0.0
    return np.asarray((onward * out + back * into) / np.sqrt(1 + 2 * alike * out * into))


def continued(x: Wave, order: int, excitation: Wave) -> Wave:
    """As many samples more of a stretch as the `excitation` has."""
    predictor = burg([x], order)
    a = predictor.error_filter
    if len(a) == 1:
        return np.zeros(len(excitation))
    state = lfiltic([1.0], a, x[: -len(a) : -1])
    return np.asarray(lfilter([1.0], a, np.sqrt(predictor.noise) * excitation, zi=state)[0])
