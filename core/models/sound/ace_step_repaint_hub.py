"""ACE-Step 1.5 fills stretches of music: its `repaint` task (Gong et al. 2026, arXiv:2602.00744)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import soxr

from core.capabilities import InpaintArgs
from core.errors import NoModel
from core.media import Audio, Samples
from core.models import hub
from core.models.base import Call, Tier
from core.models.music import _ace_step
from core.models.pipeline_hub import seeded
from core.models.sound._mending import Gap
from core.models.sound.mender import Mender
from core.settings import Settings

_AROUND_S, _SHORTEST_S = 30.0, 10.0
"""Of the clip on each side of a gap the network hears so much; less than the second it was not trained on."""
_SHORT_S = 0.15
"""Shorter gaps, and those in speech, are filled as the mender fills them: what the network knows is music."""
_BESIDE_S, _FADE_S = 1.0, 0.03
"""What is made is made as loud as the clip beside it, and fades into it."""


class AceStepRepaintHub(Mender):
    """Finds, measures and tells as the mender does; what lies in a gap of music is made anew, up to 30 s of it.

    Everything outside of the gaps stays as it is, but for 30 ms beside them.
    """

    id = "ace-step-1.5-repaint"
    tier = Tier.HUB
    licence = _ace_step.LICENCE
    memory_bytes = _ace_step.MEMORY_BYTES
    source = _ace_step.SOURCE
    called = "ACE-Step"
    longest_s = 30.0

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._pipeline: Any = None

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or what to install or to download."""
        return super().missing(settings) or hub.missing(settings, cls.source, "diffusers", file="model_index.json")

    @property
    def weights_sha256(self) -> str:
        """Empty: the weights are many files, told apart by their revision."""
        return ""

    def load(self, device: str) -> None:
        """Read the weights: half precision on a GPU.

        Raises:
            NoModel: something is not installed, or the weights are not there.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"{self.source} cannot run here: {reason}.")
        super().load("cpu")
        self._pipeline = _ace_step.pretrained(self.settings, device).to(device)
        self._pipeline.set_progress_bar_config(disable=True)

    def _filled(self, call: Call[InpaintArgs], clip: Audio, gaps: Sequence[Gap]) -> tuple[Samples, list[Gap]]:
        out, done = clip.samples.copy(), []
        for number, gap in enumerate(gaps):
            call.progress(0.4 + 0.6 * number / len(gaps))
            now = Audio(out, clip.sample_rate)
            if gap.length < _SHORT_S * clip.sample_rate or self._spoken(out, clip.sample_rate, gap):
                out, as_usual = super()._filled(replace(call, progress=lambda fraction: None), now, [gap])
                done += as_usual
            else:
                channels = list(gap.channels)
                out[channels] = self._repainted(call, Audio(out[channels], clip.sample_rate), gap)
                done.append(replace(gap, way="repaint"))
        call.progress(1.0)
        return out, done

    def _repainted(self, call: Call[InpaintArgs], clip: Audio, gap: Gap) -> Samples:
        """Those channels of the clip with the gap made anew from what is around it."""
        rate, frames = clip.sample_rate, clip.samples.shape[1]
        around, shortest = round(_AROUND_S * rate), round(_SHORTEST_S * rate)
        first, last = max(0, gap.start - around), min(frames, gap.end + around)
        heard = clip.samples[:, first:last].copy()
        begin, end = gap.start - first, gap.end - first
        heard[:, begin:end] = 0
        made = self._made(call, heard, rate, begin / rate, end / rate, max(0, shortest - heard.shape[1]))
        made *= _level(heard, made, begin, end, round(_BESIDE_S * rate))
        fade = round(_FADE_S * rate)
        share = np.zeros(heard.shape[1], np.float32)
        share[begin:end] = 1.0
        for edge, step in ((range(max(0, begin - fade), begin), 1), (range(end, min(len(share), end + fade)), -1)):
            ramp = np.linspace(0, 1, len(edge) + 2, dtype=np.float32)[1:-1]
            share[edge.start : edge.stop] = ramp[::step]
        samples = clip.samples.copy()
        samples[:, first:last] = samples[:, first:last] * (1 - share) + made * share
        return samples

    def _made(
        self, call: Call[InpaintArgs], heard: Samples, rate: int, begin_s: float, end_s: float, pad: int
    ) -> Samples:
        """What the network makes of the stretch: the same channels, rate and length as `heard`."""
        import torch

        wanted = int(self._pipeline.sample_rate)
        stereo = np.broadcast_to(heard.mean(0), (2, heard.shape[1])) if len(heard) != 2 else heard
        stereo = np.pad(stereo, ((0, 0), (0, pad)), mode="wrap")
        source = soxr.resample(stereo.T, rate, wanted).T
        with torch.random.fork_rng():  # the clip is encoded with noise that no generator can be given for
            torch.manual_seed(call.seed % (1 << 63))
            made = self._pipeline(
                "instrumental music that goes on as before",
                lyrics="[Instrumental]",
                task_type="repaint",
                src_audio=torch.from_numpy(np.ascontiguousarray(source, np.float32)),
                repainting_start=begin_s,
                repainting_end=end_s,
                audio_duration=source.shape[1] / wanted,
                guidance_scale=1.0,
                callback=lambda step, time, latents: call.progress(0.4),  # where a person stops it
                num_inference_steps=_ace_step.STEPS,
                generator=seeded(call.seed),
                output_type="np",
            ).audios[0]
        back = soxr.resample(np.nan_to_num(np.asarray(made, np.float32)).T, wanted, rate).T
        back = np.pad(back, ((0, 0), (0, max(0, heard.shape[1] - back.shape[1]))))[:, : heard.shape[1]]
        return back.copy() if len(heard) == 2 else np.repeat(back.mean(0, keepdims=True), len(heard), axis=0)


def _level(heard: Samples, made: Samples, begin: int, end: int, beside: int) -> float:
    """By how much what was made is louder or quieter than the clip beside the gap."""
    sides = [slice(max(0, begin - beside), begin), slice(end, end + beside)]
    powers = [sum(float(np.square(x[:, side]).sum()) for side in sides) for x in (heard, made)]
    return float(np.sqrt(powers[0] / powers[1])) if min(powers) > 0 else 1.0
