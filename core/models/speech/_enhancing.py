"""What the models that clean up speech share: rates, channels, lengths and the level stay those of the clip."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import ClassVar

import numpy as np
import soxr
from numpy.typing import NDArray

from core.capabilities import SPEECH_ENHANCEMENT, AudioArgs
from core.errors import BadInput
from core.media import Audio
from core.models.base import Call, Made, Model, Output, Tier
from core.sayings import saying

Channel = NDArray[np.float32]
"""Shape (frames,)."""


class Enhancing(Model[AudioArgs]):
    """Keeps the sample rate, the channels, the length and the alignment of the clip to the sample.

    Every channel goes through a network of its own, as the microphones of a stereo recording hear different noise;
    channels that are equal, as in most "stereo" voice notes, go through one.
    """

    capability = SPEECH_ENHANCEMENT
    tier = Tier.BUNDLED
    sample_rate: ClassVar[int]
    """Hz, of the network."""

    @abstractmethod
    def _clean(self, samples: Channel, progress: Callable[[float], None]) -> Channel:
        """One channel at the network's rate, which is not all zeros; the same length."""

    def run(self, call: Call[AudioArgs]) -> Output:
        """Clean one clip of any sample rate and channel count. Silence stays silence.

        Raises:
            BadInput: the clip has no samples.
        """
        clip = call.audio()
        channels, frames = clip.samples.shape
        if not frames:
            raise BadInput(saying("clip_empty"))
        same = channels == 1 or bool((clip.samples == clip.samples[0]).all())
        sources = clip.samples[:1] if same else clip.samples
        cleaned = []
        for index, source in enumerate(sources):

            def progress(fraction: float, index: int = index) -> None:
                call.progress((index + fraction) / len(sources))

            cleaned.append(of_length(self._at_rate(source, clip.sample_rate, progress), frames))
        call.progress(1.0)
        samples = np.broadcast_to(cleaned[0], (channels, frames)) if same else np.stack(cleaned)
        facts = {"level_change_db": _level_change_db(clip.samples, samples)}
        return Output(media=(Made(Audio(np.ascontiguousarray(samples), clip.sample_rate), "clean"),), facts=facts)

    def _at_rate(self, source: Channel, rate: int, progress: Callable[[float], None]) -> Channel:
        """One channel through the network, at the clip's rate again."""
        if not source.any():
            return source
        samples = source if rate == self.sample_rate else soxr.resample(source, rate, self.sample_rate)
        clean = self._clean(np.ascontiguousarray(samples, dtype=np.float32), progress)
        return clean if rate == self.sample_rate else soxr.resample(clean, self.sample_rate, rate)


def of_length(samples: Channel, frames: int) -> Channel:
    """Cut, or filled up with silence: resampling there and back rounds the length."""
    return np.pad(samples[:frames], (0, max(0, frames - len(samples))))


def _level_change_db(before: NDArray[np.float32], after: NDArray[np.float32]) -> float | None:
    """How much quieter the clip as a whole became, in dB; None for silence."""
    powers = [float(np.mean(np.square(x, dtype=np.float64))) for x in (before, after)]
    return round(10 * float(np.log10(powers[1] / powers[0])), 1) if min(powers) > 0 else None
