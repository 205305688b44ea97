"""Stable Diffusion: pictures from words, with hub weights (Rombach et al. 2022, arXiv:2112.10752)."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from core.capabilities import TEXT_TO_IMAGE, DrawArgs
from core.errors import NoModel, Unsafe
from core.media import Picture
from core.models import hub
from core.models.base import Call, Made, Model, Output, Tier
from core.settings import Settings

_SEED_BITS = 63
_NEGATIVE = "blurry, low quality"


class StableDiffusionHub(Model[DrawArgs]):
    """Draws 512 pixels square. What its own safety checker finds is not shown."""

    id = "stable-diffusion-1.5"
    capability = TEXT_TO_IMAGE
    tier = Tier.HUB
    licence = "CreativeML-OpenRAIL-M"
    memory_bytes = 5 << 30
    source = "stable-diffusion-v1-5/stable-diffusion-v1-5"
    steps: ClassVar[int] = 25

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._pipeline: Any = None

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or what to install or to download."""
        return hub.missing(settings, cls.source, "diffusers", file="model_index.json")

    def load(self, device: str) -> None:
        """Read the weights: half precision on a GPU.

        Raises:
            NoModel: something is not installed, or the weights are not there.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"{self.source} cannot run here: {reason}.")
        from diffusers import DPMSolverMultistepScheduler, StableDiffusionPipeline

        pipeline = hub.pretrained(StableDiffusionPipeline, self.settings, self.source, dtype=hub.dtype(device))
        pipeline.scheduler = DPMSolverMultistepScheduler.from_config(pipeline.scheduler.config)
        self._pipeline = pipeline.to(device)
        self._pipeline.set_progress_bar_config(disable=True)

    def run(self, call: Call[DrawArgs]) -> Output:
        """Draw.

        Raises:
            Unsafe: the model's safety checker turned the picture down.
            Cancelled: the person stopped it; between two steps.
        """
        import torch

        def stepped(pipeline: Any, step: int, time: Any, tensors: dict[str, Any]) -> dict[str, Any]:
            call.progress(min(1.0, (step + 1) / self.steps))
            return tensors

        made = self._pipeline(
            call.args.description,
            negative_prompt=_NEGATIVE,
            num_inference_steps=self.steps,
            # On the CPU whatever the device: the same seed gives the same noise everywhere.
            generator=torch.Generator("cpu").manual_seed(call.seed % (1 << _SEED_BITS)),
            callback_on_step_end=stepped,
            output_type="np",
        )
        if any(getattr(made, "nsfw_content_detected", None) or ()):
            raise Unsafe("The picture that came of these words is not one that I show. Please ask for another.")
        pixels = np.rint(np.nan_to_num(made.images[0]) * 255).clip(0, 255).astype(np.uint8)
        facts = {"steps": self.steps}
        return Output(media=(Made(Picture(pixels), "drawing", call.args.description),), facts=facts)
