"""What the text-to-speech models share: which texts they take, sentence by sentence, pauses, level, facts."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from core.capabilities import TEXT_TO_SPEECH, SpeakArgs
from core.errors import BadInput
from core.media import Audio
from core.models.base import Call, Made, Model, Output, Voice
from core.models.choosing import chosen, spoken_language, voice_called
from core.models.speech._reading import Sentence, other_scripts, readable, sentences
from core.models.speech._transcript import has_words
from core.sayings import saying

NOTHING_TO_SAY = saying("speech_empty")
_PEAK = 10 ** (-1 / 20)
"""-1 dBFS, so that a lossy encoder has room."""


@dataclass(frozen=True)
class Manner:
    """How a text is to be said."""

    voice: Voice
    language: str
    """ISO 639-1 code."""
    speed: float
    """1 is the voice's own."""
    rng: np.random.Generator


class Speaking(Model[SpeakArgs]):
    """A text-to-speech model. The same text, voice, speed and seed give the same samples."""

    capability = TEXT_TO_SPEECH
    gap_s: ClassVar[float] = 0.0
    """Silence that this voice needs between sentences; some make their own."""

    @property
    @abstractmethod
    def sample_rate(self) -> int:
        """Hz, once loaded."""

    @abstractmethod
    def _say(self, sentence: str, manner: Manner) -> NDArray[np.float32]:
        """One sentence, shape (frames,); nothing where the text holds nothing to say."""

    def _voice(self, language: str, asked: str | None) -> Voice | None:
        """The voice of a name or a kind; the one for the language where none is asked."""
        return voice_called(self.voices, asked)

    def _sentences(self, text: str) -> Sequence[Sentence]:
        return sentences(text)

    def run(self, call: Call[SpeakArgs]) -> Output:
        """Say a text: mono, at most -1 dBFS.

        Raises:
            BadInput: there is nothing to say, or not in this language, or there is no such voice.
        """
        manner = self._manner(call)
        spoken = list(self._spoken(call, manner))
        if not spoken:
            raise BadInput(NOTHING_TO_SAY)
        samples = with_headroom(np.concatenate(spoken))
        facts: dict[str, Any] = {
            "voice": manner.voice.name,
            "language": manner.language,
            "sentences": len(spoken),
        }
        if foreign := other_scripts(call.args.text, manner.language):
            facts["foreign_words"] = foreign
        return Output(media=(Made(Audio(samples[None], self.sample_rate), "speech"),), facts=facts)

    def stream(self, call: Call[SpeakArgs]) -> Iterator[NDArray[np.float32]]:
        """The same text sentence by sentence, each as soon as it is spoken: shape (frames,), as loud as it comes.

        Raises:
            BadInput: as `run`.
        """
        return self._spoken(call, self._manner(call))

    def _manner(self, call: Call[SpeakArgs]) -> Manner:
        args = call.args
        if not has_words(args.text):
            raise BadInput(NOTHING_TO_SAY)
        given = args.model_dump()
        chosen([type(self)], given)
        language = spoken_language(given)
        voice = self._voice(language, args.voice)
        assert voice is not None  # `chosen` has seen to it
        return Manner(voice, language, args.speed, np.random.default_rng(call.seed))

    def _spoken(self, call: Call[SpeakArgs], manner: Manner) -> Iterator[NDArray[np.float32]]:
        parts = self._sentences(readable(call.args.text, manner.language))
        for done, sentence in enumerate(parts, start=1):
            call.progress((done - 1) / len(parts))
            samples = self._say(sentence.text, manner)
            if len(samples):
                pause_s = self.gap_s + sentence.pause_s if done < len(parts) else 0.0
                spoken = np.pad(samples, (0, round(pause_s / manner.speed * self.sample_rate)))
                if call.heard is not None and len(parts) > 1:
                    call.heard(Audio(with_headroom(spoken)[None], self.sample_rate))
                yield spoken
        call.progress(1.0)


def with_headroom(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same sound, as loud as it is but at most -1 dBFS."""
    peak = float(np.abs(samples).max(initial=0.0))
    return samples * np.float32(_PEAK / peak) if peak > _PEAK else samples
