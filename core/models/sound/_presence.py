"""How probable a named sound is, by what its class scores where it is not: some show everywhere, some hardly at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from core.models.sound._events import ON
from core.models.sound._matching import heard_as

LEARNT = Path(__file__).parent / "presence.safetensors"
_LEAST = 3e-4
"""Of the tagger's probabilities: below it they are all the same."""
_SHARPNESS = 2.0
"""How fast the probability rises with the evidence: it is `ON` where an event begins, whatever this is."""

Windows = NDArray[np.float32]
Logits = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """What made mixes taught (`training.extraction.presence`)."""

    mean: Logits
    """Of each class's logit in windows in which it is not, shape (classes,)."""
    spread: Logits
    weights: Logits
    """Of the words' logit, of how unusual the likeliest class's is, and what is added."""
    on: float
    """The evidence at which an event begins."""


@lru_cache(maxsize=1)
def learnt() -> Learnt:
    """The one of this process."""
    from safetensors.numpy import load_file

    kept = {name: values.astype(np.float64) for name, values in load_file(LEARNT).items()}
    return Learnt(kept["mean"], kept["spread"], kept["weights"], float(kept["on"][0]))


def features(scores: Windows, meant: Mapping[int, float], mean: Logits, spread: Logits) -> Logits:
    """What tells of a sound in each window, shape (windows, 2).

    Args:
        scores: the tagger's, shape (windows, classes).
        meant: the classes that the words mean, the likeliest first, with weights up to 1.
        mean: of each class's logit where it is not.
        spread: of the same.
    """
    weights = heard_as(dict(meant))
    share = np.array(list(weights.values()), np.float32)
    words = logits(np.max(scores[:, list(weights)] * share, axis=1))
    first = next(iter(meant))
    return np.stack([words, (logits(scores[:, first]) - mean[first]) / spread[first]], axis=1)


def logits(scores: Windows) -> Logits:
    """Log odds, bounded."""
    return np.asarray(logit(np.clip(scores.astype(np.float64), _LEAST, 1 - _LEAST)))


def present(scores: Windows, meant: Mapping[int, float]) -> Windows:
    """How probable a sound of these classes is in each window, shape (windows,)."""
    known = learnt()
    evidence = features(scores, meant, known.mean, known.spread) @ known.weights[:2] + known.weights[2]
    return np.asarray(expit(_SHARPNESS * (evidence - known.on) + logit(ON)), np.float32)
