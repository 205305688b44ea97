"""Stable Diffusion: pictures from words, with hub weights (Rombach et al. 2022, arXiv:2112.10752)."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.capabilities import TEXT_TO_IMAGE, DrawArgs
from core.errors import Unsafe
from core.media import Picture
from core.models import hub
from core.models.base import Call, Made, Output
from core.models.pipeline_hub import PipelineHub
from core.sayings import saying

_NEGATIVE = "blurry, low quality"


class StableDiffusionHub(PipelineHub[DrawArgs]):
    """Draws 512 pixels square. What its own safety checker finds is not shown."""

    id = "stable-diffusion-1.5"
    capability = TEXT_TO_IMAGE
    licence = "CreativeML-OpenRAIL-M"
    memory_bytes = 5 << 30
    source = "stable-diffusion-v1-5/stable-diffusion-v1-5"
    steps = 25

    def _pretrained(self, device: str) -> Any:
        from diffusers import DPMSolverMultistepScheduler, StableDiffusionPipeline

        pipeline = hub.pretrained(StableDiffusionPipeline, self.settings, self.source, dtype=hub.dtype(device))
        pipeline.scheduler = DPMSolverMultistepScheduler.from_config(pipeline.scheduler.config)
        return pipeline

    def run(self, call: Call[DrawArgs]) -> Output:
        """Draw.

        Raises:
            Unsafe: the model's safety checker turned the picture down.
            Cancelled: the person stopped it; between two steps.
        """

        def stepped(pipeline: Any, step: int, time: Any, tensors: dict[str, Any]) -> dict[str, Any]:
            self._stepped(call, step)
            return tensors

        made = self._pipeline(
            call.args.description,
            negative_prompt=_NEGATIVE,
            callback_on_step_end=stepped,
            **self._stepwise(call),
        )
        if any(getattr(made, "nsfw_content_detected", None) or ()):
            raise Unsafe(saying("picture_unsafe"))
        pixels = np.rint(np.nan_to_num(made.images[0]) * 255).clip(0, 255).astype(np.uint8)
        facts = {"steps": self.steps}
        return Output(media=(Made(Picture(pixels), "drawing", call.args.description),), facts=facts)
