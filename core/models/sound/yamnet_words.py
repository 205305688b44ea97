"""Finds a sound that a person names in free words: YAMNet's windows, weighed by what the words mean."""

from __future__ import annotations

from core.capabilities import TARGET_SOUND_DETECTION, TargetArgs
from core.models.base import Call, Output
from core.models.sound import _matching
from core.models.sound._finding import answer
from core.models.sound._listening import listen
from core.models.sound._tagging import Tagging, no_words
from core.settings import Settings


class YamNetWords(Tagging[TargetArgs]):
    """Words and classes are compared as vectors of the multilingual sentence encoder that the router uses too.

    A class's kinds count for it, and the reply says what was listened for: "the doggo" is heard as dog and barking.
    """

    id = "yamnet-words"
    capability = TARGET_SOUND_DETECTION
    memory_bytes = 192 << 20
    called = "The sound finder"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._matcher: _matching.Matcher | None = None

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or which packages to install."""
        return super().missing(settings) or no_words()

    def load(self, device: str) -> None:
        """Read the network and encode what its classes are called: a few seconds. It runs on the CPU.

        Raises:
            NoModel: the weights are not there, or not the known ones.
        """
        super().load(device)
        self._matcher = _matching.shared()

    def run(self, call: Call[TargetArgs]) -> Output:
        """Say when the named sound is heard, or that it is not there; with its times there is a picture.

        Raises:
            BadInput: the clip is empty or silent, or the words mean no sound that is known; it names the nearest.
        """
        assert self._network is not None and self._matcher is not None
        target = call.args.target
        found = listen(self._network, self._matcher, target, call.audio(), call.progress)
        return answer(target, found.times, found.names, found.heard, float(found.scores.max()), found.instead)
