"""Small media for tests, made once by ffmpeg."""

from __future__ import annotations

import functools
import subprocess
import tempfile
from pathlib import Path

import imageio_ffmpeg

_SINE = ("-f", "lavfi", "-i", "sine=frequency=440:duration={seconds}:sample_rate=48000")
_PICTURES = ("-f", "lavfi", "-i", "testsrc=size={size}:rate=10:duration={seconds}")
_H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")

_RECIPES = {
    "ogg": (*_SINE, "-c:a", "libopus", "-ac", "1", "-b:a", "32k"),
    "mp3": (*_SINE, "-c:a", "libmp3lame"),
    "m4a": (*_SINE, "-c:a", "aac"),
    "wav": _SINE,
    "mp4": (*_PICTURES, *_SINE, *_H264, "-c:a", "aac", "-shortest"),
    "jpg": ("-f", "lavfi", "-i", "testsrc=size={size}:rate=1:duration=1", "-frames:v", "1"),
}


@functools.cache
def clip(extension: str, *, seconds: float = 2.0, size: str = "320x240") -> bytes:
    """A tone, a test picture, or both, in the format of an extension."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-threads", "1"]
    command += [part.format(seconds=seconds, size=size) for part in _RECIPES[extension]]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"clip.{extension}"
        subprocess.run([*command, str(path)], check=True)
        return path.read_bytes()
