"""Video written anew: the one form that every chat plays, at a size that a chat takes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import ffmpeg
import numpy as np
from numpy.typing import NDArray

from core._media_audio import write_wav
from core._media_facts import streams
from core._media_ffmpeg import feeding, running, source
from core._media_tags import written
from core._media_types import UNREADABLE, About, Audio
from core.errors import BadInput, Broken

_AUDIO_KBPS = 96
_LEAST_KBPS = 80
_WRITE_LIMIT_S = 3600.0
"""Drawing the frames counts, and ten minutes of them take several."""
_SIDES = ((2500, 1080), (900, 720), (400, 480), (200, 360), (0, 240))
"""From which video bit rate in kbit/s on which longer side, in pixels times 16/9, is worth it."""


def encode_video(origin: Path, target: Path, *, kbps: int, square: bool = False, about: About | None = None) -> None:
    """Write `origin` as H.264 and AAC in an MP4 that starts before it is loaded, at about `kbps` kbit/s in all.

    The picture is made smaller where the bit rate would not carry it, never larger. `square` cuts the middle out, with
    384 pixels a side, as round video notes want it. `about` is what the new file says of itself.

    Raises:
        BadInput: there are no moving pictures in it, or so few bits that nothing could be seen.
        OverLimit: it takes too long.
        Broken: ffmpeg cannot be started or cannot write.
    """
    video_kbps = kbps - _AUDIO_KBPS
    if video_kbps < _LEAST_KBPS:
        raise BadInput("That video is too long for so small a file.")
    file = source()
    side = next(side for least, side in _SIDES if video_kbps >= least)
    picture = file["V:0"]
    if square:
        picture = picture.filter("crop", "min(iw,ih)", "min(iw,ih)").filter("scale", 384, 384)
    else:
        wide, high = f"min({side * 16 // 9},iw)", f"min({side * 16 // 9},ih)"
        picture = picture.filter("scale", wide, high, force_original_aspect_ratio="decrease", force_divisible_by=2)
    options: dict[str, Any] = {
        "format": "mp4", "c:v": "libx264", "preset": "veryfast", "pix_fmt": "yuv420p", "c:a": "aac",
        "b:v": f"{video_kbps}k", "maxrate": f"{video_kbps}k", "bufsize": f"{2 * video_kbps}k",
        "b:a": f"{_AUDIO_KBPS}k", "ac": 2, "movflags": "+faststart", "map_metadata": -1, "map": "0:a:0?",
        **(written(about) if about else {}),
    }  # fmt: skip
    graph = ffmpeg.output(picture, f"file:{target.absolute()}", **options).overwrite_output()
    with running(graph, origin) as child:
        child.stdout.read()
    if child.returncode == 0 and target.stat().st_size:
        return
    target.unlink(missing_ok=True)
    if not streams(child.log).video:
        raise BadInput(UNREADABLE)
    raise Broken(f"ffmpeg cannot write mp4: status {child.returncode}")


def write_video(
    frames: Iterable[NDArray[np.uint8]],
    size: tuple[int, int],
    fps: float,
    sound: Audio,
    target: Path,
    *,
    about: str = "",
) -> None:
    """Write frames of `size` (width, height; both even), uint8 RGB, with their sound: H.264 and AAC, MP4, faststart.

    Frames are taken one by one, as fast as they can be written. `about` becomes the file's comment.

    Raises:
        OverLimit: it takes too long.
        Broken: ffmpeg cannot be started or cannot write. What `frames` raises passes through.
    """
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "sound.wav"
        write_wav(sound, wav)
        shown = ffmpeg.input("pipe:0", format="rawvideo", pix_fmt="rgb24", s=f"{size[0]}x{size[1]}", framerate=fps)
        heard = ffmpeg.input(f"file:{wav}")
        options: dict[str, Any] = {
            "format": "mp4", "c:v": "libx264", "preset": "veryfast", "crf": 22, "pix_fmt": "yuv420p", "c:a": "aac",
            "b:a": f"{_AUDIO_KBPS}k", "ar": 48000, "movflags": "+faststart", "metadata": f"comment={about}",
        }  # fmt: skip
        graph = ffmpeg.output(shown, heard, f"file:{target.absolute()}", **options).overwrite_output()
        with feeding(graph, limit_s=_WRITE_LIMIT_S) as child:
            for frame in frames:
                child.write(np.ascontiguousarray(frame).tobytes())
    if child.returncode or not target.stat().st_size:
        target.unlink(missing_ok=True)
        raise Broken(f"ffmpeg cannot write mp4: status {child.returncode}")
