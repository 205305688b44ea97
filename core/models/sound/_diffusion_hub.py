"""What the hub models that make sounds by diffusion share: the length, what to steer away from, the loudness."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

import numpy as np

from core.capabilities import TEXT_TO_AUDIO, SoundArgs
from core.errors import ModelFailed, OverLimit
from core.media import Audio, Samples
from core.models.base import Call, Made, Output
from core.models.pipeline_hub import PipelineHub
from core.models.sound.editor import CEILING_DBFS, loudness_lufs, peak_dbfs
from core.sayings import saying

LOUDNESS_LUFS = -18.0
_USUAL_S, _SHORTEST_S = 10.0, 1.0
NEGATIVE = "Low quality."
"""What both makers recommend to steer away from."""


class DiffusionHub(PipelineHub[SoundArgs]):
    """A sound that the words describe. They should be English."""

    capability = TEXT_TO_AUDIO
    languages = ("en",)
    longest_s: ClassVar[float]

    @abstractmethod
    def _made(self, description: str, seconds: float, **options: Any) -> tuple[Samples, int]:
        """Run the pipeline: samples of shape (channels, frames), and their rate in Hz."""

    def run(self, call: Call[SoundArgs]) -> Output:
        """Make the sound, at -18 LUFS where its peaks allow.

        Raises:
            OverLimit: it would last longer than `longest_s`.
            ModelFailed: only silence came of the words.
            Cancelled: the person stopped it; between two steps.
        """
        seconds = max(call.args.seconds or _USUAL_S, _SHORTEST_S)
        if seconds > self.longest_s:
            raise OverLimit(f"{self.id} makes sounds of up to {self.longest_s:.0f} seconds. Ask for a shorter one.")
        call.progress(0.0)
        samples, rate = self._made(
            call.args.description,
            seconds,
            negative_prompt=NEGATIVE,
            callback=lambda step, time, latents: self._stepped(call, step),
            **self._stepwise(call),
        )
        clip = levelled(Audio(np.nan_to_num(np.asarray(samples, np.float32)), rate))
        facts = {"steps": self.steps, "source": "synthesised"}
        return Output(media=(Made(clip, "sound", call.args.description),), facts=facts)


def levelled(clip: Audio) -> Audio:
    """At -18 LUFS where its peaks allow.

    Raises:
        ModelFailed: it is silent.
    """
    if not clip.samples.any():
        raise ModelFailed(saying("scene_silent"))
    highest = clip.samples * np.float32(10 ** ((CEILING_DBFS - peak_dbfs(clip.samples)) / 20))
    gain_db = min(0.0, LOUDNESS_LUFS - loudness_lufs(Audio(highest, clip.sample_rate)))
    return Audio(highest * np.float32(10 ** (gain_db / 20)), clip.sample_rate)
