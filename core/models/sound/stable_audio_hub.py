"""Stable Audio Open: sounds from words with hub weights (Evans et al. 2024, arXiv:2407.14358)."""

from __future__ import annotations

from typing import Any

from core.media import Samples
from core.models import hub
from core.models.sound._diffusion_hub import DiffusionHub


class StableAudioHub(DiffusionHub):
    """Stereo, 44.1 kHz, always through the whole window of 47 s, of which it gives the asked length."""

    id = "stable-audio-open"
    licence = "LicenseRef-Stability-AI-Community"
    commercial = False
    memory_bytes = 6 << 30
    source = "stabilityai/stable-audio-open-1.0"
    extra = ("diffusers", "torchsde")
    longest_s = 47.0
    steps = 100

    def _pretrained(self, device: str) -> Any:
        from diffusers import StableAudioPipeline

        return hub.pretrained(StableAudioPipeline, self.settings, self.source, dtype=hub.dtype(device))

    def _made(self, description: str, seconds: float, **options: Any) -> tuple[Samples, int]:
        made = self._pipeline(description, audio_end_in_s=seconds, **options).audios
        return made[0], int(self._pipeline.vae.config.sampling_rate)
