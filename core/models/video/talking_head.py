"""A portrait that talks: a photograph's own face, warped. Signal processing; no person is imagined."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.capabilities import TALKING_HEAD, SpeakArgs, TalkingHeadArgs
from core.errors import BadInput, MissingInput, NoModel, OverLimit
from core.media import Audio, Picture, write_video
from core.models.base import Call, File, Made, Model, Output, Tier
from core.models.choosing import chosen as speaker_of
from core.models.choosing import spoken_language
from core.models.speech._hibari_frames import OpenNetwork
from core.models.speech._speakers import SPEAKERS
from core.models.speech._speaking import NOTHING_TO_SAY, Speaking
from core.models.speech._timed_speech import timed
from core.models.speech.hibari import Hibari
from core.models.video._choosing import chosen
from core.models.video._faces import FaceFinder, missing
from core.models.video._mark import TEXT, Mark
from core.models.video._motion import Spoken, poses
from core.models.video._portrait import Portrait
from core.sayings import saying
from core.settings import Settings

FPS = 25
LONGEST_S = 600.0
_QUIETEST = 1e-3
_READY = 0.1
"""How far the call is when the face is found and the words are spoken."""


class TalkingHead(Model[TalkingHeadArgs]):
    """Makes a face in a photograph say a text or a recording: lips, lids, glances and a head that moves a little.

    English that it speaks itself moves the lips phoneme by phoneme, any other sound by its level.
    """

    id = "face-warp"
    capability = TALKING_HEAD
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    memory_bytes = 420 << 20
    source = "mediapipe==0.10.21, hibari-tts==0.2.1"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._finder: FaceFinder | None = None
        self._network: OpenNetwork | None = None
        self._voices: dict[str, Speaking] = {}
        self._device = "cpu"

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or which package to install."""
        return missing() or Hibari.missing(settings)

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the face mesh."""
        return self._finder.sha256 if self._finder else ""

    def load(self, device: str) -> None:
        """Read the face networks; a voice is read when there are words to say.

        Raises:
            NoModel: a package is not installed.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"What finds faces is not installed here: {reason}.")
        self._device = device
        self._finder = FaceFinder()

    def run(self, call: Call[TalkingHeadArgs]) -> Output:
        """Make the video: MP4, H.264 and AAC, 25 frames a second, 512 pixels on its longer side.

        Raises:
            BadInput: there is no usable face, nothing to say, or nothing to be heard.
            Ambiguous: there are several faces and no word says which.
            MissingInput: neither a text nor a recording is given.
            OverLimit: it would last longer than `LONGEST_S`.
        """
        assert self._finder is not None
        (picture,) = call.inputs["image"]
        assert isinstance(picture, Picture)
        face = chosen(self._finder.faces(picture), call.args.face)
        portrait = Portrait(picture, face)
        sound, spoken, facts = self._sound(call)
        seconds = sound.samples.shape[1] / sound.sample_rate
        if seconds > LONGEST_S:
            raise OverLimit(saying("portrait_long", limit=LONGEST_S))
        call.progress(_READY)
        height, width = portrait.pixels.shape[:2]
        about = f"{TEXT}: a still photograph made to talk by AudioGPT Bots ({self.id} {self.version})"
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "head.mp4"
            frames = self._frames(call, portrait, sound, spoken)
            write_video(frames, (width, height), FPS, sound, target, about=about)
            content = target.read_bytes()
        facts |= {"fps": FPS, "width": width, "height": height, "seconds": round(seconds, 2), "mark": TEXT}
        made = Made(File(content, "video/mp4", ".mp4"), "talking-head", f"a portrait that talks ({TEXT})")
        return Output(media=(made,), facts=facts)

    def _frames(
        self, call: Call[TalkingHeadArgs], portrait: Portrait, sound: Audio, spoken: Sequence[Spoken]
    ) -> Iterator[NDArray[np.uint8]]:
        height, width = portrait.pixels.shape[:2]
        mark = Mark((width, height))
        count = max(1, int(sound.samples.shape[1] / sound.sample_rate * FPS))
        for number, pose in enumerate(poses(sound, FPS, call.seed, spoken)):
            if number % FPS == 0:
                call.progress(_READY + (1 - _READY) * number / count)
            yield mark.put(portrait.draw(pose))
        call.progress(1.0)

    def _sound(self, call: Call[TalkingHeadArgs]) -> tuple[Audio, tuple[Spoken, ...], dict[str, Any]]:
        """What is heard, its phonemes where they are known, and where it came from."""
        args = call.args
        if args.audio is not None:
            sound = call.audio()
            if float(np.abs(sound.samples).max(initial=0.0)) < _QUIETEST:
                raise BadInput(saying("portrait_silent"))
            return sound, (), {"lips": "by sound"}
        if args.text is None or not args.text.strip():
            raise MissingInput(saying("portrait_wordless"))
        given = {"text": args.text, "voice": args.voice, "language": args.language}
        model = speaker_of([m for m in SPEAKERS if m.missing(self.settings) is None], given)
        if model is Hibari:
            return self._english(args.text, call.seed)
        voice = self._voice(next(m for m in SPEAKERS if m is model))
        words = SpeakArgs(text=args.text, voice=args.voice, language=args.language)
        said = voice.run(Call(words, seed=call.seed, progress=lambda part: call.progress(_READY * part)))
        spoken = said.media[0].media
        assert isinstance(spoken, Audio)
        return spoken, (), {"lips": "by sound", **said.facts}

    def _english(self, text: str, seed: int) -> tuple[Audio, tuple[Spoken, ...], dict[str, Any]]:
        if self._network is None:
            self._network = OpenNetwork()
        speech = timed(self._network, text, seed)
        if not len(speech.samples):
            raise BadInput(NOTHING_TO_SAY)
        peak = float(np.abs(speech.samples).max())
        samples = speech.samples * np.float32(0.89 / max(peak, 0.89))
        spoken = tuple(Spoken(*phoneme) for phoneme in speech.phonemes)
        facts = {"lips": "by phonemes", "voice": Hibari.voices[0].name, "language": spoken_language({"text": text})}
        return Audio(samples[None], self._network.sample_rate), spoken, facts

    def _voice(self, model: type[Speaking]) -> Speaking:
        if model.id not in self._voices:
            voice = model(self.settings)
            voice.load(self._device)
            self._voices[model.id] = voice
        return self._voices[model.id]
