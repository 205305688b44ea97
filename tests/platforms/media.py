"""Media that people send in these tests, made here, and a look at what came back."""

from __future__ import annotations

import io
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import soundfile
from numpy.typing import NDArray
from PIL import Image
from platforms import toyshop

from core import media
from core.artifacts import Facts, Kind


@cache
def wav(seconds: float = 1.0, level: float = 0.4) -> bytes:
    """A tone that swells and fades, 16 kHz mono."""
    time = np.arange(int(16000 * seconds)) / 16000
    file = io.BytesIO()
    soundfile.write(file, level * np.sin(2 * np.pi * 330 * time) * np.hanning(len(time)), 16000, format="WAV")
    return file.getvalue()


@cache
def opus(seconds: float = 1.0, level: float = 0.4) -> bytes:
    """The same as a voice note: Ogg and Opus."""
    return _converted(wav(seconds, level), ["-c:a", "libopus", "-ar", "48000", "-f", "ogg"], ".ogg")


@cache
def m4a(seconds: float = 1.0) -> bytes:
    """The same as AAC in an MP4."""
    return _converted(wav(seconds), ["-c:a", "aac", "-f", "ipod"], ".m4a")


@cache
def mp3(seconds: float = 1.0) -> bytes:
    """The same as MP3."""
    return _converted(wav(seconds), ["-c:a", "libmp3lame", "-f", "mp3"], ".mp3")


@cache
def film(seconds: float = 1.0) -> bytes:
    """A test card with a tone: H.264 and AAC."""
    return toyshop.film(seconds)


@cache
def png() -> bytes:
    """A small picture."""
    file = io.BytesIO()
    Image.fromarray(np.full((48, 64, 3), (10, 160, 90), np.uint8)).save(file, "PNG")
    return file.getvalue()


def facts(content: bytes) -> tuple[Kind, Facts]:
    """What bytes really are."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        return media.measure(path, max_duration_s=9999)


def samples(content: bytes) -> NDArray[np.float32]:
    """Decoded to 16 kHz mono."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        return media.decode(path, sample_rate=16000, mono=True).samples[0]


def rms(content: bytes) -> float:
    """Level of a clip, 1 being full scale."""
    return float(np.sqrt(np.mean(samples(content) ** 2)))


def _converted(content: bytes, options: list[str], suffix: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.wav", Path(folder) / f"out{suffix}"
        source.write_bytes(content)
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-i", str(source), *options, str(target)]
        subprocess.run(command, check=True)
        return target.read_bytes()
