"""Places a recording around the listener's head, standing or moving, by measured head-related responses."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft

from core.capabilities import MONO_TO_BINAURAL, BinauralArgs
from core.errors import BadInput, NoModel
from core.media import Audio, Samples
from core.models.base import Call, Made, Model, Output, Tier
from core.models.sound._hrir import SHA256, Head, data_file, measured
from core.models.sound._path_picture import path_picture
from core.models.sound.editor import CEILING_DBFS, peak_dbfs
from core.sayings import saying
from core.settings import Settings

TURN_S = 8.0
"""About how long one way around the head takes; whole turns fill the clip."""
_HOP_S = 0.01
"""The source moves at most half a degree in it: far below the step that filters can be heard to change by."""
_BLOCKS_AT_ONCE = 256
_POINTS = 181
"""Of a way in the picture."""
_SIDES = ((22.5, "in front"), (67.5, "in front, {}"), (112.5, "on the {}"), (157.5, "behind, {}"), (181.0, "behind"))

Azimuths = NDArray[np.float64]


class Binaural(Model[BinauralArgs]):
    """For headphones. Azimuth 0 is ahead, positive is left: 90 is the left ear, 180 behind.

    It keeps the sample rate, the length and the alignment of the clip; several channels are mixed to one first. On the
    way around the head both ears together stay as loud as the clip was on both; a true peak above -1 dBFS turns the
    whole down. A circle starts at `azimuth_deg` (ahead) and turns left; the ways across go from ear to ear in front.
    """

    id = "kemar"
    capability = MONO_TO_BINAURAL
    tier = Tier.BUNDLED
    licence = "MIT"
    memory_bytes = 32 << 20
    source = "slab==1.8.2"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._responses: NDArray[np.float64] | None = None

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or which package to install."""
        return None if data_file() else "run `make setup`: slab is not installed"

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the measurements."""
        return SHA256 if self._responses is not None else ""

    def load(self, device: str) -> None:
        """Read the measurements, 0.2 s. It runs on the CPU whatever the device.

        Raises:
            NoModel: they are not there, or not the known ones.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"The head measurements are not installed here: {reason}.")
        self._responses = measured()

    def run(self, call: Call[BinauralArgs]) -> Output:
        """Place one clip of any sample rate and channel count: two channels, left ear and right ear, and the way.

        Raises:
            BadInput: the clip is empty or silent.
        """
        clip = call.audio()
        source = clip.mono()
        if not np.abs(source).max(initial=0.0) > 0:
            raise BadInput(saying("clip_silent_around"))
        assert self._responses is not None
        way, facts = _way(call.args, clip.duration_s)
        placed = _placed(source, Head.at(clip.sample_rate, self._responses), way, call)
        gain_db = min(0.0, CEILING_DBFS - peak_dbfs(placed))
        placed *= np.float32(10 ** (gain_db / 20))
        call.progress(1.0)
        facts |= {"gain_db": round(gain_db, 2), "limited": gain_db < 0, "sample_rate_hz": clip.sample_rate}
        shown = np.linspace(way[0], way[0] + np.clip(way[-1] - way[0], -180, 360), _POINTS if len(way) > 1 else 1)
        title = _title(call.args.motion, facts)
        sound = Made(Audio(placed, clip.sample_rate), "binaural", f"for headphones: {title}")
        return Output(media=(sound, Made(path_picture(shown, title), "path", f"the way: {title}")), facts=facts)


def _way(args: BinauralArgs, duration_s: float) -> tuple[Azimuths, dict[str, Any]]:
    """The azimuths in degrees where the source is at the start and, when it moves, at the end; and what to tell."""
    start = args.azimuth_deg or 0.0
    facts: dict[str, Any] = {"motion": args.motion}
    if args.motion == "circle":
        turns = max(1, round(duration_s / TURN_S))
        return np.array([start, start + 360.0 * turns]), {**facts, "azimuth_deg": start, "turns": turns}
    if args.motion == "static":
        return np.array([start]), {**facts, "azimuth_deg": start}
    side = 90.0 if args.motion == "left_to_right" else -90.0
    return np.array([side, -side]), {**facts, "azimuth_deg": side, "end_azimuth_deg": -side}


def _title(motion: str, facts: dict[str, Any]) -> str:
    if motion == "circle":
        return "around you" if facts["turns"] == 1 else f"around you, {facts['turns']} times"
    if motion != "static":
        return motion.replace("_", " ")
    azimuth = float(facts["azimuth_deg"])
    side = "left" if azimuth > 0 else "right"
    return next(words for most, words in _SIDES if abs(azimuth) < most).format(side) + f" ({azimuth:+.0f}°)"


def _placed(source: Samples, head: Head, way: Azimuths, call: Call[BinauralArgs]) -> Samples:
    """The sound at the ears, shape (2, frames), of a source that goes evenly from the first azimuth to the last.

    Overlapping blocks, each through the filters of the azimuth at its middle, add up. Hann windows at half overlap sum
    to one, so a source that stands is the plain convolution, and one that moves fades from filter to filter.
    """
    frames = len(source)
    hop = max(1, round(_HOP_S * head.sample_rate))
    size = next_fast_len(2 * hop + head.taps, real=True)
    size += size % 2
    window = (0.5 - 0.5 * np.cos(np.pi * np.arange(2 * hop) / hop)).astype(np.float32)
    count = -(-frames // hop) + 1
    padded = np.pad(source, (hop, (count + 1) * hop - frames - hop))
    blocks = np.lib.stride_tricks.sliding_window_view(padded, 2 * hop)[::hop]
    out = np.zeros((2, count * hop + size), np.float32)
    steady = head.at_azimuths(way, size) if len(way) == 1 else None
    for first in range(0, count, _BLOCKS_AT_ONCE):
        call.progress(first / count)
        index = np.arange(first, min(count, first + _BLOCKS_AT_ONCE))
        at = np.clip(index * hop / frames, 0.0, 1.0)  # the middle of block i is sample i * hop
        filters = steady if steady is not None else head.at_azimuths(way[0] + at * (way[-1] - way[0]), size)
        heard = irfft(rfft(blocks[index] * window, size)[:, None] * filters, size)
        for row, block in zip(heard, index, strict=True):
            out[:, block * hop : block * hop + size] += row
    begin = hop + head.lead
    return np.ascontiguousarray(out[:, begin : begin + frames])
