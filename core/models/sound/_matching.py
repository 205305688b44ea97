"""Which classes of sound the free words of a person mean, in any of nine languages and more."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np

from core.encoder import shared_encoder
from core.models.sound._anchors import anchors
from core.models.sound._sounds import ancestors, is_abstract, is_event, short_name
from core.models.sound._yamnet import Matrix, class_names

FLOOR = 0.5
"""Words that are less similar than this to every class mean none."""
_NEAR = 0.12
"""What is so much less similar than the best is meant too."""
_MOST = 4
_OF_ONE_WORD = 0.92
"""A single word of several counts a little less than all of them."""
_PARENT = 0.8
"""The class above counts a little less: of a barking, the network is often sure only that it is a dog."""
_SOUND_OF = re.compile(
    r"\b(?:the |a |an )?(?:sounds?|noises?)(?: of)?\b|\b(?:el |un |los )?(?:ruido|sonido)s? (?:del?|de la)\b"
    r"|\b(?:le |les |un |des )?(?:bruit|son)s? (?:de la|de l'|du|des|de|d')"
    r"|\b(?:das |ein |die )?Geräusche?(?: (?:von|vom|der|des|einer?|eines))?\b"
    r"|\b(?:il |un )?(?:rumor[ei]|suon[oi]) (?:dell[ae]?|dell'|del|di)\b"
    r"|\b(?:o |um )?(?:som|sons|barulho) (?:d[aoe]s?)\b"
    r"|\bзвуки? |的声音|の音",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"^(?:the|a|an|my|some|any|someone|somebody|el|la|los|las|un|una|le|les|une|der|die|das|den|ein|eine|einen|il|lo|gli"
    r"|o|os|as|um|uma)\s+|^l['’]",
    re.IGNORECASE,
)


@lru_cache(maxsize=1)
def shared() -> Matcher:
    """The one matcher of this process."""
    return Matcher()


class Matcher:
    """Compares words with the names of the classes and with what else they are called, as vectors."""

    def __init__(self) -> None:
        """Encode the words of all classes: a few seconds."""
        called = anchors()
        words: dict[tuple[str, int], None] = {}
        for index, name in enumerate(class_names()):
            if is_event(index):
                plain = re.sub(r"\s*\(.*?\)", "", name).lower()
                own = (plain, plain.split(",")[0], short_name(index), *called.get(name, ()))
                words |= dict.fromkeys((word, index) for word in own)
        self._classes = np.array([index for _, index in words])
        self._vectors = shared_encoder().encode([word for word, _ in words])

    def similarities(self, words: str) -> Matrix:
        """How similar the words are to each class, cosines of shape (classes,); -1 for what is no event."""
        plain = _ARTICLE.sub("", _SOUND_OF.sub(" ", words).strip(" .,!?¿¡") or words).strip() or words
        single = [w for w in re.findall(r"[^\W\d_]{4,}", plain) if len(plain.split()) > 1]
        cosines = shared_encoder().encode([plain, *single]) @ self._vectors.T
        cosines[1:] *= _OF_ONE_WORD
        found = np.full(len(class_names()), -1.0, np.float32)
        np.maximum.at(found, self._classes, cosines.max(axis=0))
        return found

    def meant(self, words: str) -> dict[int, float]:
        """The classes that the words mean, the most similar first, with weights up to 1; empty when they mean none."""
        found = self.similarities(words)
        best = float(found.max())
        order = [int(i) for i in np.argsort(-found, kind="stable")[:_MOST]]
        return {i: 1.0 - 2 * (best - float(found[i])) for i in order if found[i] >= max(FLOOR, best - _NEAR)}

    def near(self, words: str, most: int = 3) -> list[str]:
        """The names of the classes that are most similar to the words."""
        return [short_name(int(i)) for i in np.argsort(-self.similarities(words), kind="stable")[:most]]


def heard_as(meant: dict[int, float]) -> dict[int, float]:
    """The classes in whose scores a meant sound shows, with their weights: its kinds, and the class it is a kind of."""
    weights = dict(meant)
    for index, weight in meant.items():
        for other in range(len(class_names())):
            if index in ancestors(other) and is_event(other):
                weights[other] = max(weight, weights.get(other, 0.0))
        for parent in ancestors(index):
            if not is_abstract(parent):
                weights[parent] = max(_PARENT * weight, weights.get(parent, 0.0))
    return weights
