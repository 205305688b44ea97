"""The trained head: which capability a clause asks for, from its vector and from what is at hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from core.embedded.grams import grams
from core.encoder import DIMENSIONS, Vectors
from core.errors import WrongUse

NONE = "none"
"""Words only."""
FRAGMENT = "fragment"
"""A part of the clause before it: an adverb, an object, a reason."""
SEVERAL = "several"
"""More than one request."""
NO_REQUEST = frozenset([NONE, FRAGMENT, SEVERAL])
"""Labels that are no capability."""
WEIGHTS = Path(__file__).parent / "head.npz"

Probabilities = dict[str, float]
Wide = tuple[Mapping[str, int], Vectors]
"""The place of each feature, and its weights for the labels, shape (features, labels)."""


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
    """A network with one hidden layer of rectified units on the meaning, and weights of the words beside it.

    Wide and deep, as Cheng et al. 2016 (arXiv:1606.07792) have it; probabilities by softmax.
    """

    def __init__(self, labels: list[str], words: list[str], deep: Sequence[Vectors], wide: Wide) -> None:
        self.labels = labels
        self.words = words
        """Those of the requests that it was trained with, the commonest first."""
        self._deep = deep
        self._places, self._wide = wide

    def __call__(self, text: str, vector: Vectors, state: State) -> Probabilities:
        """Probability of each label, for a clause and its vector."""
        weights, bias, out, out_bias = self._deep
        z = out @ np.maximum(weights @ inputs(vector[None], [state])[0] + bias, 0.0) + out_bias
        if known := [self._places[gram] for gram in grams(text) if gram in self._places]:
            z = z + self._wide[known].sum(0) / np.sqrt(len(known))
        p = np.exp(z - z.max())
        return dict(zip(self.labels, (p / p.sum()).tolist(), strict=True))


@lru_cache(maxsize=4)
def load_head(known: frozenset[str], path: Path = WEIGHTS) -> Head:
    """Read the head.

    Raises:
        WrongUse: it was trained for other capabilities; train it again.
    """
    with np.load(path, allow_pickle=False) as file:
        labels, words, known_grams = (str(file[name]).split("\n") for name in ("labels", "words", "grams"))
        deep = [file[name].astype(np.float32) for name in ("hidden", "hidden_bias", "weights", "bias")]
        wide = file["wide"].astype(np.float32) * file["wide_scale"].astype(np.float32)
    strangers = set(labels) - known - NO_REQUEST
    if strangers or deep[0].shape[1] != DIMENSIONS + FEATURES or len(deep[2]) != len(labels):
        raise WrongUse(
            f"the router's head does not fit (unknown: {', '.join(sorted(strangers)) or 'none'}): run `make train`"
        )
    return Head(labels, words, deep, ({gram: place for place, gram in enumerate(known_grams)}, wide))
