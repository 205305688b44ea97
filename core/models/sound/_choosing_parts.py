"""Of several attempts at one sound the best, as the tagger hears it: the sound is in the part, and not in the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from core.media import Audio, Samples
from core.models.sound._events import spans
from core.models.sound._finding import Time
from core.models.sound._listening import Listened
from core.models.sound._parting import Masker, gated

IN_TIME, MASKED, VOICELESS = "time", "mask", "voiceless"
"""How a part was made: all that is heard at the sound's times, what a mask let through, or all but the voices."""
_WAYS = 4
"""The most attempts at one clip."""
_STRONGEST = 4
"""So many windows, a second of sound, say how well it is heard."""
_SURE = 3e-3
_REST = 0.5
"""What is left behind counts half of what is there."""

Windows = NDArray[np.float32]
Score = Callable[[Audio], Windows]
"""How probable the sound is in each window of a clip."""
Progress = Callable[[float], None]
Attempt = tuple[str, Samples]


class Chooser:
    """Parts a clip in several ways and keeps the best."""

    def __init__(self) -> None:
        """Read the network that draws masks."""
        self._masker = Masker()

    def part(
        self,
        clip: Audio,
        found: Listened,
        words: Windows,
        score: Score,
        progress: Progress,
        voiceless: Samples | None = None,
    ) -> tuple[str, Samples, Listened]:
        """How it was made, the sound, and when and how well it is heard, in the mixture or alone.

        Args:
            clip: the mixture.
            found: what came of listening to it.
            words: the sentence vector of what the sound is called.
            score: listens to a part.
            progress: is told how far it is.
            voiceless: the mixture without its voices, where it has some and can be rid of them.
        """
        sources = [clip.samples] if voiceless is None else [clip.samples, voiceless]
        first = self._masker.masked(clip, found.scores, words, lambda fraction: progress(0.2 * fraction))
        heard = [score(Audio(x, clip.sample_rate)) for x in (first, *sources[1:])]
        scores = np.maximum.reduce([found.scores, *heard])
        times = list(spans(scores, found.heard))
        best, made, worth = MASKED, first, -np.inf
        ways = (self._attempts(Audio(x, clip.sample_rate), scores, words, times) for x in sources)
        as_it_is = [] if voiceless is None else [(VOICELESS, voiceless)]
        for number, (kind, attempt) in enumerate(chain(as_it_is, *ways)):
            progress(0.2 + 0.8 * number / (_WAYS * len(sources) + 1))
            part, rest = (_heard(score(Audio(x, clip.sample_rate))) for x in (attempt, clip.samples - attempt))
            if part - _REST * rest > worth:
                best, made, worth = kind, attempt, part - _REST * rest
        progress(1.0)
        return best, made, replace(found, scores=scores, times=times)

    def _attempts(self, clip: Audio, scores: Windows, words: Windows, times: list[Time]) -> Iterator[Attempt]:
        """With the words, without them, the latter at its times only, and all that is heard at its times."""
        yield MASKED, self._masker.masked(clip, scores, words, _untold)
        wordless = self._masker.masked(clip, scores, np.zeros_like(words), _untold)
        yield MASKED, wordless
        if times:
            yield MASKED, gated(Audio(wordless, clip.sample_rate), times)
            yield IN_TIME, gated(clip, times)


def _untold(fraction: float) -> None:
    """An attempt is a step by itself."""


def _heard(scores: Windows) -> float:
    """How well a sound is heard: the logit of its strongest windows' mean."""
    strongest = float(np.sort(scores)[-_STRONGEST:].mean())
    return float(np.log((strongest + _SURE) / (1 - strongest + _SURE)))
