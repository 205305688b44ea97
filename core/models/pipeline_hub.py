"""What the hub models that are pipelines of diffusers share: the loading, the noise of a seed, the steps."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

from core.errors import NoModel
from core.models import hub
from core.models.base import A, Call, Model, Tier
from core.settings import Settings

_SEED_BITS = 63


class PipelineHub(Model[A]):
    """Noise that becomes what the words say, step by step."""

    tier = Tier.HUB
    extra: ClassVar[tuple[str, ...]] = ("diffusers",)
    """Modules that it wants beside transformers and torch."""
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

    def _stepwise(self, call: Call[A]) -> dict[str, Any]:
        """What every pipeline is called with."""
        return {"num_inference_steps": self.steps, "generator": seeded(call.seed), "output_type": "np"}

    def _stepped(self, call: Call[A], step: int) -> None:
        """Tell that a step, counted from 0, is done."""
        call.progress(min(1.0, (step + 1) / self.steps))


def seeded(seed: int) -> Any:
    """The generator of a pipeline's noise, on the CPU whatever the device: the same seed gives the same everywhere."""
    import torch

    return torch.Generator("cpu").manual_seed(seed % (1 << _SEED_BITS))
