"""ACE-Step 1.5 (Gong et al. 2026, arXiv:2602.00744) as its two models load it."""

from __future__ import annotations

from typing import Any

from core.models import hub
from core.settings import Settings

SOURCE = "ACE-Step/acestep-v15-xl-turbo-diffusers"
LICENCE = "MIT AND Apache-2.0"
MEMORY_BYTES = 24 << 30
STEPS = 8
"""The weights are the ones that need 8 steps and no guidance."""


def pretrained(settings: Settings, device: str) -> Any:
    """The pipeline, on the CPU yet, in the half precision in which it was trained and published for a GPU."""
    import torch
    from diffusers import AceStepPipeline

    dtype = torch.bfloat16 if device.startswith("cuda") else torch.float32
    pipeline = hub.pretrained(AceStepPipeline, settings, SOURCE, dtype=dtype)
    pipeline.vae.enable_tiling()  # ten minutes at once would take tens of gigabytes
    return pipeline
