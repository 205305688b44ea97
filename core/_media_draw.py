"""Pictures of sound: a waveform's bars and a log-mel spectrogram."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core._media_audio import blocks

if TYPE_CHECKING:
    from PIL import ImageDraw

Columns = NDArray[np.float64]

_RATE = 22050
_FFT = 1024
_HOP = 256
_MELS = 128
_LOW_HZ = 40.0
_RANGE_DB = 80.0
_MOST_COLUMNS = 4096
_TICKS_HZ = (100, 250, 500, 1000, 2000, 4000, 8000)
_MAGMA = (  # Matplotlib's magma by Smith and van der Walt (CC0), at nine even points
    (0, 0, 4), (28, 16, 68), (79, 18, 123), (129, 37, 129), (181, 54, 122),
    (229, 80, 100), (251, 135, 97), (254, 194, 135), (252, 253, 191),
)  # fmt: skip


def waveform(path: Path, points: int) -> list[int]:
    """The bars of a waveform: `points` numbers from 0 to 255, the RMS of equal parts, the loudest being 255.

    Errors are those of `decode`.
    """
    parts = [_windows(block.mono(), max(1, block.sample_rate // 100)) for block in blocks(path)]
    power = np.concatenate(parts)
    edges = np.linspace(0, len(power), points + 1)
    starts = np.minimum(edges[:-1].astype(int), len(power) - 1)
    ends = np.maximum(edges[1:].astype(int), starts + 1)
    total = np.concatenate(([0.0], np.cumsum(power)))
    bars = np.sqrt(np.maximum(0.0, (total[ends] - total[starts]) / (ends - starts)))
    loudest = bars.max()
    return [int(b) for b in np.rint(bars / loudest * 255)] if loudest > 1e-4 else [0] * points


def _windows(samples: NDArray[np.float32], width: int) -> NDArray[np.float64]:
    """Mean square of each window; the last may be short."""
    starts = np.arange(0, len(samples), width)
    return np.add.reduceat(samples.astype(np.float64) ** 2, starts) / np.diff(np.append(starts, len(samples)))


def spectrogram_png(path: Path, *, dark: bool, width: int, height: int) -> bytes:
    """A log-mel spectrogram of a clip of any length as an opaque PNG, with labelled axes in s (or min:s) and Hz.

    80 dB below the loudest point are shown, in magma on dark and in its reverse on light. `width` and `height` are
    pixels. Errors are those of `decode`.
    """
    from PIL import Image, ImageDraw, ImageFont

    columns, duration_s = _log_mel(path)
    paper, ink = ("#16181d", "#e8e8ea") if dark else ("#ffffff", "#202124")

    font = ImageFont.load_default(size=max(13, height // 22))
    canvas = Image.new("RGB", (width, height), paper)
    draw = ImageDraw.Draw(canvas)
    text = font.getbbox("00k")
    left, bottom = int(text[2]) + 14, int(text[3]) + 12
    box = (left, 6, width - 8, height - bottom)
    size = (box[2] - box[0], box[3] - box[1])
    canvas.paste(Image.fromarray(shaded(columns, size, dark=dark)), box[:2])
    _frequency_axis(draw, box, ink, font)
    time_axis(draw, box, ink, font, duration_s)
    out = io.BytesIO()
    canvas.save(out, "PNG")
    return out.getvalue()


def shaded(columns: NDArray[Any], size: tuple[int, int], *, dark: bool) -> NDArray[np.uint8]:
    """A spectrogram as RGB pixels, shape (height, width, 3), low frequencies at the bottom; `size` is (width, height).

    `columns` are values from 0 to 1, shape (times, frequencies); they are shown in magma on dark, in its reverse on
    light.
    """
    from PIL import Image

    ramp = np.linspace(0, 1, 256)
    table = np.array([np.interp(ramp, np.linspace(0, 1, len(_MAGMA)), c) for c in zip(*_MAGMA, strict=True)]).T
    table = np.rint(table if dark else table[::-1]).astype(np.uint8)
    grey = Image.fromarray(np.rint(columns.T[::-1] * 255).astype(np.uint8))
    return np.asarray(table[np.asarray(grey.resize(size, Image.Resampling.BILINEAR))])


def _log_mel(path: Path) -> tuple[Columns, float]:
    """Columns of `_MELS` values from 0 (80 dB down) to 1, at most `2 * _MOST_COLUMNS`, and the length in seconds."""
    bank = _mel_bank()
    kept = np.zeros((0, _MELS))
    rest = np.zeros((0, _MELS))
    stride, count = 1, 0
    for frames, new in _spectra(path):
        count += new
        rest = np.concatenate((rest, frames @ bank.T))
        whole = len(rest) // stride * stride
        kept = np.concatenate((kept, rest[:whole].reshape(-1, stride, _MELS).mean(axis=1)))
        rest = rest[whole:]
        while len(kept) > 2 * _MOST_COLUMNS:  # a long clip: every two columns become one, so memory stays bounded
            even = len(kept) // 2 * 2
            rest = np.concatenate((np.repeat(kept[even:], stride, axis=0), rest))
            kept = kept[:even].reshape(-1, 2, _MELS).mean(axis=1)
            stride *= 2
    if not len(kept):
        kept = rest.mean(axis=0, keepdims=True)
    decibels = 10 * np.log10(np.maximum(kept, 1e-10))
    return np.clip((decibels - decibels.max()) / _RANGE_DB + 1, 0, 1) * (decibels.max() > -90), count / _RATE


def _spectra(path: Path) -> Iterator[tuple[Columns, int]]:
    """Power spectra of the frames that each block completes, and how many samples the block brought."""
    window = np.hanning(_FFT + 1)[:-1]
    held = np.zeros(_FFT // 2, np.float32)
    pending = np.zeros(0, np.float32)
    for block in blocks(path, sample_rate=_RATE, mono=True, block_s=10.0):
        pending = block.samples[0]
        held = np.concatenate((held, pending))
        if len(held) < _FFT:
            yield np.zeros((0, _FFT // 2 + 1)), len(pending)
            continue
        frames = np.lib.stride_tricks.sliding_window_view(held, _FFT)[::_HOP]
        yield np.abs(np.fft.rfft(frames * window)) ** 2, len(pending)
        held = held[len(frames) * _HOP :]
    last = np.zeros(_FFT, np.float32)
    last[: len(held)] = held[:_FFT]
    yield np.abs(np.fft.rfft(last * window))[None] ** 2, 0


def _mel(hz: Any) -> Any:
    """O'Shaughnessy's mel scale (HTK)."""
    return 2595.0 * np.log10(1.0 + np.asarray(hz) / 700.0)


def _mel_bank() -> Columns:
    """Triangular filters, shape (`_MELS`, bins), evenly spaced in mel."""
    mels = np.linspace(_mel(_LOW_HZ), _mel(_RATE / 2), _MELS + 2)
    at = _mel(np.fft.rfftfreq(_FFT, 1 / _RATE))
    step = mels[1] - mels[0]
    bank = np.maximum(0.0, 1.0 - np.abs(at[None, :] - mels[1:-1, None]) / step)
    for row in np.flatnonzero(bank.sum(axis=1) == 0):  # narrower than a bin, at the low end: take the nearest
        bank[row, np.argmin(np.abs(at - mels[row + 1]))] = 1.0
    return np.asarray(bank / bank.sum(axis=1, keepdims=True))


def _frequency_axis(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], ink: str, font: Any) -> None:
    left, top, _, bottom = box
    low, high = _mel(_LOW_HZ), _mel(_RATE / 2)
    free = bottom + font.size
    for hz in _TICKS_HZ:
        y = bottom - (bottom - top) * float((_mel(hz) - low) / (high - low))
        if free - y < font.size * 1.2:
            continue
        free = y
        draw.line((left - 5, y, left, y), fill=ink)
        draw.text((left - 7, y), f"{hz // 1000}k" if hz >= 1000 else str(hz), fill=ink, font=font, anchor="rm")


def time_axis(
    draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], ink: str, font: Any, seconds: float, start_s: float = 0.0
) -> None:
    """Draw ticks and times in s, or min:s, below a box (left, top, right, bottom) that shows so many seconds."""
    left, _, right, bottom = box
    most = max(2, int((right - left) / (font.size * 4.5)))
    steps = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
    step = next((s for s in steps if seconds / s <= most), steps[-1])
    end_s = start_s + seconds
    for index in range(math.ceil(start_s / step), int(end_s / step) + 1):
        at = index * step
        x = left + (right - left) * (at - start_s) / seconds
        label = _clock(at, step) if end_s >= 60 else f"{at:g} s"
        draw.line((x, bottom, x, bottom + 5), fill=ink)
        half = font.getlength(label) / 2
        anchor = "lt" if index == 0 or x - half < left - 6 else "rt" if x + half > right + 6 else "mt"
        draw.text((x, bottom + 7), label, fill=ink, font=font, anchor=anchor)


def _clock(at_s: float, step_s: float) -> str:
    if step_s >= 1:
        return f"{int(at_s) // 60}:{int(at_s) % 60:02d}"
    digits = 1 if step_s >= 0.1 else 2
    return f"{int(at_s) // 60}:{at_s % 60:0{3 + digits}.{digits}f}"
