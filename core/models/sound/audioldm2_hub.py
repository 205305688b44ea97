"""AudioLDM 2: sounds from words with hub weights (Liu et al. 2023, arXiv:2308.05734)."""

from __future__ import annotations

from typing import Any

from core.media import Samples
from core.models import hub
from core.models.sound._diffusion_hub import DiffusionHub


class AudioLdm2Hub(DiffusionHub):
    """Mono, 16 kHz. A solver of higher order needs a tenth of the steps that the weights were published with."""

    id = "audioldm2"
    licence = "CC-BY-NC-SA-4.0"
    commercial = False
    memory_bytes = 5 << 30
    source = "cvssp/audioldm2"
    longest_s = 30.0
    steps = 25

    def _pretrained(self, device: str) -> Any:
        from diffusers import AudioLDM2Pipeline, DPMSolverMultistepScheduler
        from transformers import GPT2LMHeadModel

        dtype = hub.dtype(device)
        # Published as a GPT2Model, which the pipeline cannot generate with; the weights are the same.
        language_model = hub.pretrained(
            GPT2LMHeadModel, self.settings, self.source, subfolder="language_model", dtype=dtype
        )
        pipeline = hub.pretrained(
            AudioLDM2Pipeline, self.settings, self.source, language_model=language_model, dtype=dtype
        )
        pipeline.scheduler = DPMSolverMultistepScheduler.from_config(pipeline.scheduler.config)
        return pipeline

    def _made(self, description: str, seconds: float, **options: Any) -> tuple[Samples, int]:
        made = self._pipeline(description, audio_length_in_s=seconds, **options).audios
        return made, int(self._pipeline.vocoder.config.sampling_rate)
