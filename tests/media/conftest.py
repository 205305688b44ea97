"""Small clips of every kind, made once by ffmpeg."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

from core import media

Make = Callable[..., Path]

SECONDS = 2.0
SINE = ["-f", "lavfi", "-i", f"sine=frequency=440:duration={SECONDS}:sample_rate=44100"]
STEREO = ["-f", "lavfi", "-i", f"aevalsrc='0.3*sin(440*2*PI*t)|0.1*sin(880*2*PI*t)':s=44100:d={SECONDS}"]
PICTURES = ["-f", "lavfi", "-i", f"testsrc=size=320x240:rate=25:duration={SECONDS}"]
H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-bf", "0"]

CLIPS = {  # name: arguments
    "opus.webm": [*SINE, "-c:a", "libopus"],
    "voice.ogg": [*SINE, "-c:a", "libopus", "-ac", "1"],
    "vorbis.ogg": [*STEREO, "-c:a", "libvorbis"],
    "clip.mp3": [*STEREO, "-c:a", "libmp3lame", "-b:a", "128k"],
    "clip.m4a": [*STEREO, "-c:a", "aac"],
    "clip.flac": [*STEREO],
    "clip.aac": [*STEREO, "-c:a", "aac"],
    "clip.aiff": [*STEREO],
    "clip.amr": [*SINE, "-ar", "8000", "-ac", "1", "-c:a", "libopencore_amrnb"],
    "u8.wav": [*STEREO, "-c:a", "pcm_u8"],
    "s16.wav": [*STEREO, "-c:a", "pcm_s16le"],
    "s24.wav": [*STEREO, "-c:a", "pcm_s24le"],
    "f32.wav": [*STEREO, "-c:a", "pcm_f32le"],
    "adpcm.wav": [*STEREO, "-c:a", "adpcm_ms"],
    "sound.mp4": [*PICTURES, *SINE, *H264, "-c:a", "aac", "-shortest"],
    "silent.mp4": [*PICTURES, *H264],
    "sound.mov": [*PICTURES, *SINE, *H264, "-c:a", "aac", "-shortest"],
    "sound.webm": [*PICTURES, *SINE, "-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus", "-shortest"],
}


def ffmpeg(*arguments: str, streamed: Path | None = None) -> None:
    """Run ffmpeg as a recorder does: to a file, or to a pipe, where no header can be completed."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y", "-threads", "1", *arguments]
    if streamed is None:
        subprocess.run(command, check=True)
        return
    done = subprocess.run([*command, "-f", streamed.suffix[1:], "-"], check=True, capture_output=True)
    streamed.write_bytes(done.stdout)


@pytest.fixture(scope="session", name="ffmpeg")
def _ffmpeg() -> Callable[..., None]:
    return ffmpeg


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clips")


@pytest.fixture(scope="session")
def clip(folder: Path) -> Make:
    """Any of `CLIPS` by its name."""

    def make(name: str) -> Path:
        path = folder / name
        if not path.exists():
            if name == "opus.webm":
                ffmpeg(*CLIPS[name], streamed=path)
            else:
                ffmpeg(*CLIPS[name], str(path))
        return path

    return make


@pytest.fixture(scope="session")
def tone() -> media.Audio:
    """One second of 440 Hz on the left and 880 Hz on the right, 24 kHz."""
    time = np.arange(24000) / 24000
    both = np.stack([0.5 * np.sin(2 * np.pi * 440 * time), 0.2 * np.sin(2 * np.pi * 880 * time)])
    return media.Audio(both.astype(np.float32), 24000)
