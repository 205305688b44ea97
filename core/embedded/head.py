"""The trained head: which capability a clause asks for, from its vector and from what is at hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from core.encoder import DIMENSIONS, Vectors
from core.errors import WrongUse

NONE = "none"
"""Words only."""
FRAGMENT = "fragment"
"""A part of the clause before it: an adverb, an object, a reason."""
WEIGHTS = Path(__file__).parent / "head.npz"

Probabilities = dict[str, float]


@dataclass(frozen=True, slots=True)
class State:
    """What is at hand when a clause is said."""

    audio: bool = False
    image: bool = False
    text: bool = False
    """Words that an earlier clause's step gives."""
    several: bool = False
    """More than one clip."""
    follow: bool = False
    """It comes after another request in the same message."""

    @property
    def features(self) -> list[float]:
        """As the head sees it."""
        return [float(f) for f in (self.audio, self.image, self.text, self.several, self.follow)]


FEATURES = len(State().features)


def inputs(vectors: Vectors, states: Iterable[State]) -> Vectors:
    """What the head sees: shape `(n, DIMENSIONS + FEATURES)`."""
    return np.hstack([vectors, np.array([s.features for s in states], dtype=np.float32)])


class Head:
    """A network with one hidden layer of rectified units; probabilities by softmax."""

    def __init__(
        self, labels: list[str], words: list[str], hidden: tuple[Vectors, Vectors], output: tuple[Vectors, Vectors]
    ) -> None:
        self.labels = labels
        self.words = words
        """Those of the requests that it was trained with, the commonest first."""
        self._hidden = hidden
        self._output = output

    def __call__(self, vector: Vectors, state: State) -> Probabilities:
        """Probability of each label."""
        (weights, bias), (out, out_bias) = self._hidden, self._output
        z = out @ np.maximum(weights @ inputs(vector[None], [state])[0] + bias, 0.0) + out_bias
        p = np.exp(z - z.max())
        return dict(zip(self.labels, (p / p.sum()).tolist(), strict=True))


@lru_cache(maxsize=4)
def load_head(known: frozenset[str], path: Path = WEIGHTS) -> Head:
    """Read the head.

    Raises:
        WrongUse: it was trained for other capabilities; train it again.
    """
    with np.load(path, allow_pickle=False) as file:
        labels, words = ([str(one) for one in file[name]] for name in ("labels", "words"))
        hidden, hidden_bias, out, out_bias = (
            file[name].astype(np.float32) for name in ("hidden", "hidden_bias", "weights", "bias")
        )
    strangers = set(labels) - known - {NONE, FRAGMENT}
    if strangers or hidden.shape[1] != DIMENSIONS + FEATURES or len(out) != len(labels):
        raise WrongUse(
            f"the router's head does not fit (unknown: {', '.join(sorted(strangers)) or 'none'}): run `make train`"
        )
    return Head(labels, words, (hidden, hidden_bias), (out, out_bias))
