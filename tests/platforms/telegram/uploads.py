"""Opens media with ffmpeg and tells what they really are."""

from __future__ import annotations

import asyncio
import functools
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg


@dataclass(frozen=True)
class Probe:
    """What ffmpeg found and decoded. Empty and 0 where there is nothing of it."""

    container: str = ""
    audio: str = ""
    """Codec of the sound."""
    rate: int = 0
    """Hz."""
    channels: int = 0
    video: str = ""
    """Codec of the pictures."""
    width: int = 0
    height: int = 0
    seconds: float = 0.0
    """How long it plays, by decoding."""


async def probe(content: bytes) -> Probe:
    """Open a medium; an empty Probe when it is none."""
    return await asyncio.to_thread(probe_now, content)


@functools.lru_cache(maxsize=256)
def probe_now(content: bytes) -> Probe:
    """As `probe`, and blocks."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "medium"
        path.write_bytes(content)
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-hide_banner", "-i", str(path), "-f", "null", "-"]
        log = subprocess.run(command, capture_output=True, check=False).stderr.decode(errors="replace")
    opened = re.search(r"^Input #0, (\S+?), from", log, re.MULTILINE)
    if not opened or "misdetection possible" in log:
        return Probe()
    said = log.partition("\nStream mapping:")[0]
    sound = re.search(r"Stream #0.*: Audio: (\w+).*?, (\d+) Hz, ([^,\n]+)", said)
    picture = re.search(r"Stream #0.*: Video: (\w+).*?, (\d+)x(\d+)", said)
    times = re.findall(r"time=(\d+):(\d+):(\d+\.\d+)", log)
    hours, minutes, seconds = times[-1] if times else ("0", "0", "0")
    return Probe(
        container=opened[1],
        audio=sound[1] if sound else "",
        rate=int(sound[2]) if sound else 0,
        channels={"mono": 1, "stereo": 2}.get(sound[3].strip(), 0) if sound else 0,
        video=picture[1] if picture else "",
        width=int(picture[2]) if picture else 0,
        height=int(picture[3]) if picture else 0,
        seconds=int(hours) * 3600 + int(minutes) * 60 + float(seconds),
    )
