"""What the hub models that make sounds by diffusion share: loading, the steps, the length, the loudness."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

import numpy as np

from core.capabilities import TEXT_TO_AUDIO, SoundArgs
from core.errors import ModelFailed, NoModel, OverLimit
from core.media import Audio, Samples
from core.models import hub
from core.models.base import Call, Made, Model, Output, Tier
from core.models.sound.editor import CEILING_DBFS, loudness_lufs, peak_dbfs
from core.settings import Settings

LOUDNESS_LUFS = -18.0
_USUAL_S, _SHORTEST_S = 10.0, 1.0
_SEED_BITS = 63
NEGATIVE = "Low quality."
"""What both makers recommend to steer away from."""


class DiffusionHub(Model[SoundArgs]):
    """Noise that becomes a sound, step by step, led by the words. They should be English."""

    capability = TEXT_TO_AUDIO
    tier = Tier.HUB
    languages = ("en",)
    extra: ClassVar[tuple[str, ...]] = ("diffusers",)
    """Modules that it wants beside transformers and torch."""
    longest_s: ClassVar[float]
    steps: ClassVar[int]

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._pipeline: Any = None

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or what to install or to download."""
        return hub.missing(settings, cls.source, *cls.extra, file="model_index.json")

    def load(self, device: str) -> None:
        """Read the weights: half precision on a GPU.

        Raises:
            NoModel: something is not installed, or the weights are not there.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"{self.source} cannot run here: {reason}.")
        self._pipeline = self._pretrained(device).to(device)
        self._pipeline.set_progress_bar_config(disable=True)

    @abstractmethod
    def _pretrained(self, device: str) -> Any:
        """The pipeline, on the CPU yet, in the precision for the device."""

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
        import torch

        seconds = max(call.args.seconds or _USUAL_S, _SHORTEST_S)
        if seconds > self.longest_s:
            raise OverLimit(f"{self.id} makes sounds of up to {self.longest_s:.0f} seconds. Ask for a shorter one.")
        call.progress(0.0)
        samples, rate = self._made(
            call.args.description,
            seconds,
            negative_prompt=NEGATIVE,
            num_inference_steps=self.steps,
            # On the CPU whatever the device: the same seed gives the same noise everywhere.
            generator=torch.Generator("cpu").manual_seed(call.seed % (1 << _SEED_BITS)),
            callback=lambda step, time, latents: call.progress(min(1.0, (step + 1) / self.steps)),
            output_type="np",
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
        raise ModelFailed("Only silence came of these words. Say it in other words, and I try again.")
    highest = clip.samples * np.float32(10 ** ((CEILING_DBFS - peak_dbfs(clip.samples)) / 20))
    gain_db = min(0.0, LOUDNESS_LUFS - loudness_lufs(Audio(highest, clip.sample_rate)))
    return Audio(highest * np.float32(10 ** (gain_db / 20)), clip.sample_rate)
