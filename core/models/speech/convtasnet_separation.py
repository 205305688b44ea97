"""Two people who talk at once, one clip each: Conv-TasNet (Luo and Mesgarani 2019, arXiv:1809.07454)."""

from __future__ import annotations

from abc import abstractmethod
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import soxr
from numpy.typing import NDArray

from core.capabilities import SPEECH_SEPARATION, SeparateArgs
from core.errors import BadInput, NoModel, OverLimit
from core.media import Audio
from core.models import hub
from core.models.base import Call, Made, Model, Output, Tier
from core.models.speech import _speaker
from core.models.speech._enhancing import Channel
from core.models.speech._transcript import NO_SPEECH
from core.models.speech._unmixing import Stems, full_band, unmixed, voices
from core.models.speech._vad import prepared, speech_spans
from core.sayings import saying
from core.settings import Settings

HUB_ID = "JorisCos/ConvTasNet_Libri2Mix_sepclean_16k"
_FILE = "pytorch_model.bin"
WEIGHTS = Path(__file__).with_name("convtasnet_separation.safetensors")
_SHA256 = "ad082a7e9dfe4d8a83cf03399105256854a6c77476151bbb7f055b362c1480d1"
_FAINT_DB = 16.0
"""A voice so much below the other is what is left of the other, not somebody else."""
_ALIKE, _SAME = 0.8, 0.92
"""Cosines of the speaker vectors from which on two talkers sound alike, and may be one person."""
_LOUDEST = 0.99
_LEAST = 1e-10


class Separating(Model[SeparateArgs]):
    """Gives two mono clips at the clip's sample rate, each as loud as in it, the louder talker first.

    Two voices of one kind are told apart less well, and each keeps some of the other. It takes no third talker out:
    that one stays in both. Music and noise go where they fit best. One person alone is not always noticed, and then
    comes back in two parts.
    """

    capability = SPEECH_SEPARATION
    speeds: ClassVar[tuple[float, ...]] = (1.0,)
    """At which the network hears a clip."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._network: Any = None
        self._rate = 16_000
        self._sha256 = ""

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or which packages to install."""
        if find_spec("faster_whisper") is None:
            return "run `make setup`: faster-whisper not installed"
        return _speaker.missing()

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the weights file."""
        return self._sha256

    @abstractmethod
    def _read(self) -> tuple[Any, int, Path]:
        """The network, its sample rate in Hz, and the file that its weights come from."""

    def load(self, device: str) -> None:
        """Read the network.

        Raises:
            NoModel: a package or the weights are missing, or the weights are not whole.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"Taking voices apart is not installed here: {reason}.")
        network, self._rate, path = self._read()
        self._network = network.to(device)
        self._sha256 = sha256(path.read_bytes()).hexdigest()

    def run(self, call: Call[SeparateArgs]) -> Output:
        """Take the talkers of one clip of any sample rate and channel count apart.

        Raises:
            BadInput: the clip is empty, nobody speaks in it, or clearly only one person does.
            OverLimit: more than two talkers are asked for.
        """
        clip, asked = call.audio(), call.args.speakers or 2
        if asked > 2:
            raise OverLimit(saying("talkers_many", asked=asked))
        mono = np.ascontiguousarray(clip.mono(), np.float32)
        if not len(mono):
            raise BadInput(saying("clip_empty"))
        audio = prepared(mono, clip.sample_rate)
        if not speech_spans(audio, pause_s=0.5, pad_s=0.1):
            raise BadInput(NO_SPEECH)
        call.progress(0.0)
        heard = _at_rate(mono, clip.sample_rate, self._rate)
        stems = unmixed(self._network, heard, self._rate, call.progress, self.speeds)
        levels = 10 * np.log10(np.mean(np.square(stems, dtype=np.float64), axis=1) + _LEAST)
        if abs(levels[0] - levels[1]) > _FAINT_DB:
            raise BadInput(saying("talkers_one"))
        order = [0, 1] if levels[0] >= levels[1] else [1, 0]
        whole = full_band(stems[order], mono, self._rate, clip.sample_rate)
        return _told(whole, clip.sample_rate, levels[order], _likeness(stems, self._rate))


def _at_rate(samples: Channel, rate: int, wanted: int) -> Channel:
    return samples if rate == wanted else np.asarray(soxr.resample(samples, rate, wanted), np.float32)


def _likeness(stems: Stems, rate: int) -> float | None:
    """The cosine of the two talkers' speaker vectors; None where one of them is never the louder for long enough."""
    found = voices(stems, rate)
    return None if found is None else round(float(found[0] @ found[1]), 3)


def _told(stems: Stems, rate: int, levels: NDArray[np.float64], likeness: float | None) -> Output:
    """Two clips, as loud as they were in the mix, but for what would be beyond full scale."""
    loudest = float(np.abs(stems).max())
    scaled = stems * np.float32(min(1.0, _LOUDEST / max(loudest, _LEAST)))
    text = "Here are the two voices, one clip each, the louder one first."
    if likeness is not None and likeness > _SAME:
        text += " They sound so alike that it may be one person, or two whom I could not tell apart well."
    elif likeness is not None and likeness > _ALIKE:
        text += " They sound alike, so each keeps some of the other."
    media = tuple(
        Made(Audio(np.ascontiguousarray(stem[None]), rate), f"voice-{number}", f"Voice {number}")
        for number, stem in enumerate(scaled, start=1)
    )
    facts = {"speakers": 2, "level_db": [round(float(level), 1) for level in levels], "likeness": likeness}
    return Output(text=text, media=media, facts=facts)


class ConvTasNetSeparation(Separating):
    """A small network trained here, on mixes of recorded and synthetic voices (training/separation), up to 8 kHz."""

    id = "convtasnet-separation"
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    memory_bytes = 256 << 20
    source = WEIGHTS.name
    speeds = (1.0, 0.93, 1.07)  # 0.4 dB better on voices that no figure here is of, for three times the time

    def _read(self) -> tuple[Any, int, Path]:
        from core.models.speech._tasnet_weights import read

        if sha256(WEIGHTS.read_bytes()).hexdigest() != _SHA256:
            raise NoModel("The weights that take voices apart are damaged. Please install the program again.")
        return read(WEIGHTS), 16_000, WEIGHTS


class ConvTasNetLibri2Mix(Separating):
    """The paper's own network, trained on 212 hours of mixes of 921 readers by Joris Cosentino with Asteroid."""

    id = "convtasnet-libri2mix"
    tier = Tier.HUB
    licence = "CC-BY-SA-4.0"
    memory_bytes = 512 << 20
    source = HUB_ID

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or what to install or to download."""
        return super().missing(settings) or hub.missing(settings, HUB_ID, file=_FILE)

    def _read(self) -> tuple[Any, int, Path]:
        from core.models.speech._tasnet_weights import published

        path = hub.located(self.settings, HUB_ID, _FILE)
        assert path is not None  # `missing` has looked
        network, rate = published(path)
        return network, rate, path
