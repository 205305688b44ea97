"""Where somebody speaks: Silero VAD 6, in memory for one block of a clip of any length."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import soxr
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
_BLOCK_S = 120
_SILENCE_PEAK = 1e-4
"""-80 dBFS. Below it there is nothing but the dither of a 16-bit file."""
_LOUD_PEAK = 0.1
"""-20 dBFS. Quieter clips are brought up to it: the voice activity detection misses quiet speech, and takes noise at
full scale for some."""
_SHORTEST_MS = 100
"""Shorter than any word."""

_CUT_S = 0.5
"""The shortest pause in which a long clip may be cut."""

Span = tuple[int, int]
"""First sample and the one behind the last."""


def prepared(samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
    """16 kHz, loud enough for the voice activity detection. Takes and gives a mono clip of shape (frames,)."""
    audio = samples if sample_rate == SAMPLE_RATE else soxr.resample(samples, sample_rate, SAMPLE_RATE)
    peak = float(np.abs(audio).max(initial=0.0))
    if _SILENCE_PEAK < peak < _LOUD_PEAK:
        audio = audio * np.float32(_LOUD_PEAK / peak)
    return np.ascontiguousarray(audio, dtype=np.float32)


def speech_spans(
    audio: NDArray[np.float32],
    *,
    pause_s: float,
    pad_s: float,
    progress: Callable[[float], None] = lambda fraction: None,
) -> list[Span]:
    """The stretches of speech in a prepared clip. Pauses of less than `pause_s` do not part them.

    `pad_s` is kept before and behind each. Long clips are looked at in blocks of two minutes, at whose borders nothing
    is lost: what goes on beyond one is put together again.
    """
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(
        min_speech_duration_ms=_SHORTEST_MS,
        min_silence_duration_ms=round(pause_s * 1000),
        speech_pad_ms=round(pad_s * 1000),
    )
    step = _BLOCK_S * SAMPLE_RATE
    spans: list[Span] = []
    for begin in range(0, len(audio), step):
        progress(begin / len(audio))
        block = audio[begin : begin + step]
        for found in get_speech_timestamps(block, options):
            start, end = begin + found["start"], begin + found["end"]
            if spans and start - spans[-1][1] <= pad_s * SAMPLE_RATE and spans[-1][1] >= begin - pad_s * SAMPLE_RATE:
                start = spans.pop()[0]  # it went on over the border of two blocks
            spans.append((start, end))
    return spans


def stretches(
    audio: NDArray[np.float32], longest_s: float, progress: Callable[[float], None] = lambda fraction: None
) -> Iterator[Span]:
    """Where to cut a prepared clip into stretches of at most `longest_s`: in its pauses, where there are any.

    A short clip stays whole; of a longer one, which is looked through first, only the stretches with speech are given.
    """
    longest = int(longest_s * SAMPLE_RATE)
    if len(audio) <= longest:
        yield 0, len(audio)
        return
    start, end = -1, 0
    for first, last in speech_spans(audio, pause_s=_CUT_S, pad_s=_CUT_S / 2, progress=progress):
        if start >= 0 and last - start > longest:
            yield start, end
            start = -1
        start = first if start < 0 else start
        end = last
        while end - start > longest:  # somebody who never pauses
            yield start, start + longest
            start += longest
    if start >= 0:
        yield start, end
