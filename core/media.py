"""Media in and out: the only module that runs ffmpeg."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
"""Shape (channels, frames), -1 to 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Audio:
    """Decoded sound."""

    samples: Samples
    """float32, shape (channels, frames), nominally -1 to 1."""
    sample_rate: int
    """Hz."""

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return float(self.samples.shape[1]) / self.sample_rate

    def mono(self) -> Samples:
        """The mean of the channels, shape (frames,)."""
        return self.samples[0] if self.samples.shape[0] == 1 else self.samples.mean(axis=0, dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A decoded picture."""

    pixels: NDArray[np.uint8]
    """uint8, shape (height, width, 3), RGB."""
