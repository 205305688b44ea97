"""Clips that people send in tests."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from core.media import Audio, Form, encode, write_wav

RATE_HZ = 48_000


@cache
def clip(seconds: float, form: Form) -> bytes:
    """A tone that swells and fades, so that its waveform is not flat."""
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    samples = (0.5 * np.sin(np.pi * t / seconds) * np.sin(2 * np.pi * 300 * t)).astype(np.float32)
    with tempfile.TemporaryDirectory() as folder:
        wav, made = Path(folder) / "clip.wav", Path(folder) / f"made.{form}"
        write_wav(Audio(samples[None], RATE_HZ), wav)
        if form == "wav":
            return wav.read_bytes()
        encode(wav, made, form)
        return made.read_bytes()


def voice_note(seconds: float) -> bytes:
    """Ogg with Opus, mono, as Discord's own apps record it."""
    return clip(seconds, "ogg")
