"""English speech in the style of a reference: hibari's frames, moved before they become sound. Signal processing.

It follows pitch, range, tempo, formants, spectrum and loudness of the reference. It is no clone: who knows the speaker
is not deceived.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from core.capabilities import STYLE_TRANSFER_TTS, SpeakArgs, StyledSpeakArgs
from core.models.base import Call, Made, Model, Output, Tier
from core.models.speech._speaking import Manner
from core.models.speech._style import Style, from_mel, warped
from core.models.speech._traits import Frames, Traits, reference_speech, to_mel, traits
from core.models.speech.hibari import Hibari, passes
from core.settings import Settings

_SAMPLE_TEXT = (
    "The birch canoe slid on the smooth planks. Glue the sheet to the dark blue background. It is easy to tell the "
    "depth of a well. These days a chicken leg is a rare dish. Four hours of steady work faced us."
)
"""Of the Harvard sentences (IEEE 1969), phonetically balanced: the voice's own way of speaking is measured on them."""
_LISTENING = 0.4
"""Part of the time that goes by before the first word."""
_VOICED_HZ = 40.0
"""Below it the network means unvoiced."""
_EXP_MOST = 7.0


class Styled(Hibari):
    """The voice with a style laid on."""

    style: Style | None = None

    def own_way(self) -> tuple[Traits, Frames]:
        """How the voice speaks by itself, and its voiced frames as the network gives them, as log-mel."""
        manner = Manner(self.voices[0], "en", 1.0, np.random.default_rng(0))
        own: list[Frames] = []
        spoken = []
        for sentence in self._network.phonemize(_SAMPLE_TEXT):
            frames = self._frames(sentence, manner)
            f0 = frames[5]
            own.append(to_mel(_total(frames[0], frames[2], frames[3]))[f0 > _VOICED_HZ])
            spoken.append(_sound(frames, manner))
        speech = np.concatenate(spoken).astype(np.float64)
        return traits(speech / np.abs(speech).max()), np.concatenate(own)

    def _frames(self, phonemes: str, manner: Manner) -> list[Any]:
        """What the network says: harmonic magnitude and phase, noise, free magnitude and phase, F0; frames first."""
        ids = np.asarray([self._network.ids(phonemes)], np.int64)
        given = {"ids": ids, "speed": np.asarray([manner.speed], np.float32)}
        parts = [one[0] for one in self._network.sess.run(None, given)]
        return [part.T if part.ndim == 2 else part for part in parts]

    def _say(self, sentence: str, manner: Manner) -> NDArray[np.float32]:
        spoken = [
            _sound(self._moved(self._frames(phonemes, manner)), manner)
            for part in self._network.phonemize(sentence)
            for phonemes in passes(part)
        ]
        return np.concatenate(spoken) if spoken else np.zeros(0, np.float32)

    def _moved(self, frames: list[Any]) -> list[Any]:
        style = self.style
        assert style is not None
        harmonic, turn, noise, free, phase, f0 = frames
        harmonic, noise, free = (warped(part, style.warp) for part in (harmonic, noise, free))
        voiced = f0 > _VOICED_HZ
        voicing = uniform_filter1d(voiced.astype(np.float64), 5)
        change = from_mel(style.change(to_mel(_total(harmonic, noise, free)), voicing), harmonic.shape[1])
        pitch = np.where(voiced, style.new_pitch(np.where(voiced, f0, 0.0)), f0).astype(np.float32)
        return [harmonic + change, turn, noise + change, free + change, phase, pitch]


def _total(*log_magnitudes: NDArray[np.float32]) -> Frames:
    """The log magnitude of branches that add up by power."""
    power = sum(np.exp(2 * np.minimum(part.astype(np.float64), _EXP_MOST)) for part in log_magnitudes)
    return np.asarray(0.5 * np.log(power + 1e-12))


def _sound(frames: list[Any], manner: Manner) -> NDArray[np.float32]:
    from hibari import dsp

    parts = [np.ascontiguousarray(part.T if part.ndim == 2 else part, np.float32) for part in frames]
    return np.asarray(dsp.synth(*parts, manner.rng), np.float32)


class StyleTransfer(Model[StyledSpeakArgs]):
    """Says an English text in the manner of a reference of at least 3 seconds, in any language."""

    id = "style"
    capability = STYLE_TRANSFER_TTS
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    languages = ("en",)
    memory_bytes = 224 << 20
    source = Hibari.source

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._voice = Styled(settings)
        self._own: tuple[Traits, Frames] | None = None

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or which package to install."""
        return Hibari.missing(settings)

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the voice's network."""
        return self._voice.weights_sha256

    def load(self, device: str) -> None:
        """Read the voice and measure how it speaks by itself, 2 s. It runs on the CPU whatever the device.

        Raises:
            NoModel: the package is not installed.
        """
        self._voice.load(device)
        self._own = self._voice.own_way()

    def run(self, call: Call[StyledSpeakArgs]) -> Output:
        """Say a text: mono, 24 kHz, at most -1 dBFS.

        Raises:
            BadInput: the text is not English, or the reference holds less than 3 s of speech with a pitch.
        """
        assert self._own is not None
        source, own_frames = self._own
        speech = reference_speech(call.audio("reference"), lambda part: call.progress(0.8 * _LISTENING * part))
        style = Style.between(source, traits(speech), own_frames)
        call.progress(_LISTENING)
        self._voice.style = style

        def progress(fraction: float) -> None:
            call.progress(_LISTENING + (1 - _LISTENING) * fraction)

        said = self._voice.run(
            Call(SpeakArgs(text=call.args.text, speed=style.tempo), seed=call.seed, progress=progress)
        )
        facts = {**said.facts, **style.facts(), "reference_s": round(len(speech) / self._voice.sample_rate, 1)}
        return Output(media=(Made(said.media[0].media, "styled"),), facts=facts)
