"""A recording in another voice: taken apart by WORLD, moved towards the reference, put together. Signal processing.

WORLD: Morise, Yokomori and Ozawa 2016, IEICE Transactions E99-D 7. What is moved, and how, is in `_style`. A speaker
encoder judges on a part of the clip whether that comes nearer to the reference than a filter that leaves the pitch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.util import find_spec

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from core.capabilities import VOICE_CONVERSION, ConvertVoiceArgs
from core.errors import BadInput, NoModel
from core.media import Audio
from core.models.base import Call, Made, Model, Output, Tier
from core.models.speech import _speaker
from core.models.speech._style import Style, from_mel, warped
from core.models.speech._traits import (
    FRAME_S,
    SAMPLE_RATE,
    Frames,
    pitch_and_envelope,
    reference_speech,
    to_mel,
    traits,
    world,
)
from core.sayings import saying
from core.settings import Settings

_BLOCK_S = 12.0
_OVERLAP_S = 0.05
"""Two blocks fade into each other, where it is quiet."""
_SEARCH_S = 3.0
_STEP_S = 0.005
_LISTENING = 0.2
_TRIED_S = 8.0
"""Of the clip's speech, both ways are tried on so much."""
_CLEARLY = 0.02
"""Cosine by which the voice that is put together must be nearer: the filter keeps the recording's own sound."""
_PEAK = 10 ** (-1 / 20)
"""-1 dBFS."""


Way = Callable[[Frames, Style], NDArray[np.float64]]
"""How a style is laid on a stretch of samples; as long as it was."""


class WorldConversion(Model[ConvertVoiceArgs]):
    """Keeps words, melody and timing; pitch, range, formants and spectrum follow the reference, or, where that comes
    about as near to it, the spectrum alone.

    From a man's voice to a woman's or back it is weaker than within a sex: the pitch and the formants go the way, the
    manner of speaking does not, and consonants lose some clearness. What it gives is mono, at 24 kHz, as loud as the
    clip.
    """

    id = "world"
    capability = VOICE_CONVERSION
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    memory_bytes = 96 << 20
    source = f"pyworld-prebuilt==0.3.6.post1, {_speaker.SOURCE}"

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or which package to install."""
        absent = None if find_spec("pyworld") else "run `make setup`: pyworld-prebuilt is not installed"
        return absent or _speaker.missing()

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the speaker encoder's weights file."""
        return _speaker.WEIGHTS_SHA256

    def load(self, device: str) -> None:
        """Read the speaker encoder. It runs on the CPU whatever the device.

        Raises:
            NoModel: a package is not installed, or its weights are not the known ones.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"The voice conversion is not installed here: {reason}.")
        world()
        _speaker.shared()

    def run(self, call: Call[ConvertVoiceArgs]) -> Output:
        """Change the voice of one clip of any sample rate and channel count.

        Raises:
            BadInput: one of both holds less than 3 s of speech with a pitch.
        """
        clip = call.audio()
        reference = reference_speech(call.audio("reference"), lambda part: call.progress(part * _LISTENING / 2))
        try:
            own = reference_speech(clip, lambda part: call.progress(_LISTENING * (1 + part) / 2))
        except BadInput as error:
            raise BadInput(saying("conversion_short")) from error
        style, way = _nearer(own, reference)
        changed = _converted(_at_rate(clip), style, way, call)
        level = float(np.sqrt(np.mean(np.square(clip.mono(), dtype=np.float64))))
        gain = level / max(float(np.sqrt(np.mean(np.square(changed)))), 1e-9)
        gain = min(gain, _PEAK / max(float(np.abs(changed).max()), 1e-9))
        call.progress(1.0)
        facts = {name: value for name, value in style.facts().items() if name != "tempo"}  # the timing stays
        sound = Audio((changed * gain).astype(np.float32)[None], SAMPLE_RATE)
        return Output(media=(Made(sound, "converted"),), facts=facts)


def _nearer(own: Frames, reference: Frames) -> tuple[Style, Way]:
    """Of the two ways, the one by which a part of the speech comes nearer to the reference."""
    source, wanted = traits(own), traits(reference)
    ways = ((Style.between(source, wanted), _moved), (Style.of_the_spectrum(source, wanted), _filtered))
    encoder = _speaker.shared()
    voice = encoder.embed(reference.astype(np.float32), SAMPLE_RATE)
    tried = own[: round(_TRIED_S * SAMPLE_RATE)]
    moved, filtered = (
        float(encoder.embed(way(tried, style).astype(np.float32), SAMPLE_RATE) @ voice) for style, way in ways
    )
    return ways[0] if moved > filtered + _CLEARLY else ways[1]


def _at_rate(clip: Audio) -> Frames:
    mono = clip.mono()
    if clip.sample_rate != SAMPLE_RATE:
        mono = soxr.resample(mono, clip.sample_rate, SAMPLE_RATE)
    return np.ascontiguousarray(mono, np.float64)


def _converted(samples: Frames, style: Style, way: Way, call: Call[ConvertVoiceArgs]) -> NDArray[np.float64]:
    """As long as it was, block by block, so that an hour takes the memory of its samples and of one block."""
    out = np.zeros(len(samples))
    fade = round(_OVERLAP_S * SAMPLE_RATE)
    rise = np.sin(np.linspace(0, np.pi / 2, fade)) ** 2
    for start, end in _blocks(samples):
        call.progress(_LISTENING + (1 - _LISTENING) * start / len(samples))
        begin, stop = max(0, start - fade), min(len(samples), end)
        made = way(samples[begin:stop], style)
        if begin < start:
            made[:fade] *= rise
            out[begin:start] *= 1 - rise
        out[begin:stop] += made
    return out


def _blocks(samples: Frames) -> Iterator[tuple[int, int]]:
    """Where to cut: about every `_BLOCK_S`, where it is quietest."""
    block, search, hop = (round(s * SAMPLE_RATE) for s in (_BLOCK_S, _SEARCH_S, _OVERLAP_S))
    start = 0
    while len(samples) - start > block + search:
        window = np.abs(samples[start + block - search : start + block])
        level = uniform_filter1d(window, hop)
        cut = start + block - search + int(np.argmin(level[hop:-hop])) + hop
        yield start, cut
        start = cut
    yield start, len(samples)


def _moved(samples: Frames, style: Style) -> NDArray[np.float64]:
    """Taken apart, moved, and put together again."""
    pw = world()
    if len(samples) < FRAME_S * SAMPLE_RATE or not samples.any():
        return np.zeros(len(samples))
    f0, times, power = pitch_and_envelope(samples, _STEP_S)
    # At 0, what has a pitch counts as voiced: a second opinion turns voices hoarse.
    aperiodicity = pw.d4c(samples, f0, times, SAMPLE_RATE, threshold=0.0)
    log_magnitude = warped(0.5 * np.log(power + 1e-16), style.warp)
    moved = np.ascontiguousarray(np.exp(2 * (log_magnitude + _change(style, log_magnitude, f0))))
    made = pw.synthesize(style.new_pitch(f0), moved, aperiodicity, SAMPLE_RATE, _STEP_S * 1000)
    return np.asarray(np.pad(made[: len(samples)], (0, max(0, len(samples) - len(made)))))


def _filtered(samples: Frames, style: Style) -> NDArray[np.float64]:
    """The recording itself, its spectrum changed frame by frame; pitch and formants stay."""
    if len(samples) < FRAME_S * SAMPLE_RATE or not samples.any():
        return np.zeros(len(samples))
    f0, _, power = pitch_and_envelope(samples, _STEP_S)
    gains = np.exp(_change(style, 0.5 * np.log(power + 1e-16), f0))
    size, hop = 2 * (power.shape[1] - 1), round(_STEP_S * SAMPLE_RATE)
    window = np.hanning(size + 1)[:size]
    padded = np.pad(samples, (size // 2, size))
    made, weight = np.zeros(len(padded)), np.full(len(padded), 1e-9)
    for at, gain in zip(range(0, len(samples), hop), gains, strict=False):
        part = slice(at, at + size)
        made[part] += window * np.fft.irfft(np.fft.rfft(window * padded[part]) * gain)
        weight[part] += window**2
    return np.asarray((made / weight)[size // 2 : size // 2 + len(samples)])


def _change(style: Style, log_magnitude: Frames, f0: Frames) -> NDArray[np.float32]:
    """What to add to log magnitudes of shape (frames, bins), in nepers."""
    voicing = uniform_filter1d((f0 > 0).astype(np.float64), 5)
    return from_mel(style.change(to_mel(log_magnitude), voicing), log_magnitude.shape[1])
