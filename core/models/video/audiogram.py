"""A recording as a video for sharing: a waveform that moves, what is said word by word, over a cover picture."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from core.capabilities import AUDIOGRAM, AudiogramArgs, RecogniseArgs
from core.errors import BadInput, OverLimit
from core.media import Audio, Picture, write_video
from core.models.base import Call, File, Made, Model, Output, Tier
from core.models.speech.faster_whisper import FasterWhisper
from core.models.video._captions import Captions, Word
from core.sayings import saying
from core.settings import Settings

FPS = 25
LONGEST_S = 900.0
_SIZES = {"square": (720, 720), "vertical": (720, 1280)}
_BARS = 48
_LISTENING = 0.4
_QUIETEST = 1e-4
_DIM = 0.55
"""How bright a cover is left, so that white words are read on it."""
_TOP, _LOW = (34, 46, 84), (112, 58, 120)
"""The ground where no cover is given, from top to bottom."""
_INK = np.array([255, 255, 255], np.float32)

Pixels = NDArray[np.uint8]


class Audiogram(Model[AudiogramArgs]):
    """Draws the sound as bars that dance; captions come from `whisper-base`, where something is said."""

    id = "audiogram"
    capability = AUDIOGRAM
    tier = Tier.BUNDLED
    licence = "MIT"
    memory_bytes = FasterWhisper.memory_bytes
    source = FasterWhisper.source

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._ears = FasterWhisper(settings)

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or which packages to install."""
        return FasterWhisper.missing(settings)

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of Whisper's weights file."""
        return self._ears.weights_sha256

    def load(self, device: str) -> None:
        """Read the weights of what hears words.

        Raises:
            NoModel: a package is missing, or its weights are not the known ones.
        """
        self._ears.load(device)

    def run(self, call: Call[AudiogramArgs]) -> Output:
        """Make the video: MP4, H.264 and AAC, 25 frames a second, 720 pixels wide.

        Raises:
            BadInput: there is nothing to be heard.
            Ambiguous: captions are wanted, and it is not clear which language is spoken.
            OverLimit: it lasts longer than `LONGEST_S`.
        """
        sound = call.audio()
        seconds = sound.samples.shape[1] / sound.sample_rate
        if seconds > LONGEST_S:
            raise OverLimit(saying("film_long", limit=LONGEST_S))
        if float(np.abs(sound.samples).max(initial=0.0)) < _QUIETEST:
            raise BadInput(saying("film_silent"))
        words, language, why_none = self._words(call, sound) if call.args.captions else ((), None, None)
        size = _SIZES[call.args.shape]
        cover = call.inputs.get("image", ())
        ground = _ground(size, cover[0] if cover and isinstance(cover[0], Picture) else None)
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "audiogram.mp4"
            write_video(_frames(call, sound, ground, words), size, FPS, sound, target, about="made with AudioGPT Bots")
            content = target.read_bytes()
        call.progress(1.0)
        facts: dict[str, Any] = {
            "fps": FPS, "width": size[0], "height": size[1], "seconds": round(seconds, 2), "language": language,
            "captions": [[word.start_s, word.end_s, word.text] for word in words],
        }  # fmt: skip
        caption = "a sound video with captions" if words else "a sound video"
        return Output(why_none, (Made(File(content, "video/mp4", ".mp4"), "audiogram", caption),), facts)

    def _words(self, call: Call[AudiogramArgs], sound: Audio) -> tuple[tuple[Word, ...], str | None, str | None]:
        """What is said when, and its language; where there are no words to show, why not: music has a video too.

        Raises:
            Ambiguous: it is not clear which language is spoken.
        """
        asked = RecogniseArgs(audio=call.args.audio, language=call.args.language, format="srt")
        try:
            heard = self._ears.run(
                Call(asked, {"audio": (sound,)}, progress=lambda part: call.progress(_LISTENING * part))
            )
        except BadInput as refused:
            return (), None, f"It has no captions. {refused.message}"
        words = heard.facts.get("words", ())
        return tuple(Word(float(a), float(b), str(text)) for a, b, text in words if text), heard.facts["language"], None


def _frames(call: Call[AudiogramArgs], sound: Audio, ground: Pixels, words: tuple[Word, ...]) -> Iterator[Pixels]:
    height, width = ground.shape[:2]
    levels = _levels(sound)
    captions = Captions(words, width)
    count = max(1, int(sound.samples.shape[1] / sound.sample_rate * FPS))
    begun = _LISTENING if call.args.captions else 0.0
    for number in range(count):
        if number % FPS == 0:
            call.progress(begun + (1 - begun) * number / count)
        frame = ground.copy()
        _bars(frame, levels[min(number, len(levels) - 1)], number / count)
        shown = captions.at(number / FPS)
        if shown is not None:
            top = round(height * 0.66)
            _over(frame[top : top + shown.shape[0]], shown)
        yield frame


def _levels(sound: Audio) -> NDArray[np.float32]:
    """The bars of every frame, 0 to 1: how loud it is in bands from 80 Hz to 8 kHz. Shape (frames, `_BARS`)."""
    mono = sound.samples.mean(0)
    rate = sound.sample_rate
    window = max(64, round(0.05 * rate))
    hop = rate / FPS
    count = max(1, int(len(mono) / hop))
    edges = np.geomspace(80, min(8000, 0.45 * rate), _BARS + 1) * window / rate
    shape = np.hanning(window).astype(np.float32)
    out = np.zeros((count, _BARS), np.float32)
    for number in range(count):
        part = mono[round(number * hop) : round(number * hop) + window]
        spectrum = np.abs(np.fft.rfft(np.pad(part, (0, window - len(part))) * shape))
        total = np.concatenate([[0.0], np.cumsum(spectrum**2)])
        low = np.floor(edges[:-1]).astype(np.int64)
        high = np.maximum(np.ceil(edges[1:]).astype(np.int64), low + 1)
        out[number] = np.sqrt((total[high] - total[low]) / (high - low))
    out = np.log10(np.maximum(out / max(float(np.percentile(out, 99.5)), 1e-9), 1e-3)) / 3 + 1
    smooth = gaussian_filter1d(np.clip(out, 0, 1), 1.0, axis=1)
    return np.asarray(gaussian_filter1d(smooth, 0.7, axis=0), np.float32)


def _bars(frame: Pixels, levels: NDArray[np.float32], done: float) -> None:
    """The bars about the middle, those that time has passed bright; under them a line that fills."""
    height, width = frame.shape[:2]
    left, right, middle = round(0.08 * width), round(0.92 * width), round(0.42 * height)
    step = (right - left) / _BARS
    for bar, level in enumerate(levels):
        half = max(2, round(0.17 * width * float(level)))
        x = round(left + bar * step)
        part = frame[middle - half : middle + half, x : x + max(3, round(step * 0.6))]
        part[:] = (0.25 * part + 0.75 * _INK).astype(np.uint8)
    line = slice(round(0.6 * height), round(0.6 * height) + max(3, height // 240))
    frame[line, left:right] = (0.6 * frame[line, left:right] + 0.4 * 255).astype(np.uint8)
    frame[line, left : left + round((right - left) * done)] = 255


def _over(part: Pixels, shown: Pixels) -> None:
    alpha = shown[: part.shape[0], :, 3:].astype(np.float32) / 255
    part[:] = (part + alpha * (shown[: part.shape[0], :, :3].astype(np.float32) - part)).astype(np.uint8)


def _ground(size: tuple[int, int], cover: Picture | None) -> Pixels:
    """What everything stands on: the cover, filling the frame and dimmed, or a gradient."""
    import cv2

    width, height = size
    if cover is None:
        t = np.linspace(0, 1, height, dtype=np.float32)[:, None]
        rows = np.asarray(_TOP, np.float32) * (1 - t) + np.asarray(_LOW, np.float32) * t
        return np.repeat(rows[:, None], width, axis=1).astype(np.uint8)
    pixels = cover.pixels
    scale = max(width / pixels.shape[1], height / pixels.shape[0])
    wide, high = max(width, round(pixels.shape[1] * scale)), max(height, round(pixels.shape[0] * scale))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    filled = cv2.resize(pixels, (wide, high), interpolation=way)
    x, y = (wide - width) // 2, (high - height) // 2
    return (filled[y : y + height, x : x + width] * _DIM).astype(np.uint8)
