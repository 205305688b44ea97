"""What a file's bytes really are, measured by decoding them."""

from __future__ import annotations

import codecs
import math
import re
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import ffmpeg

from core._media_ffmpeg import running, source
from core._media_picture import is_picture, picture_facts
from core._media_types import EMPTY, EXTENSIONS, MEDIA_TYPES, UNREADABLE
from core._media_wav import Header, read_header
from core.artifacts import Facts, Kind
from core.errors import BadInput, OverLimit
from core.sayings import saying

_HEAD = 64 * 1024
_READ = 1 << 20

PCM_S = 300.0
"""The longest clip whose decoded sound is kept, seconds: 29 MB of mono at 48 kHz."""


def extension(media_type: str) -> str:
    """The file extension, with its dot, of a media type that `measure` gives; `.bin` for any other."""
    return EXTENSIONS.get(media_type, ".bin")


@dataclass(frozen=True, slots=True)
class Streams:
    """What ffmpeg says that it found in its input."""

    demuxer: str = ""
    """Empty: nothing that it could take the bytes for."""
    audio: bool = False
    video: bool = False
    """Moving pictures; a cover picture is none."""


def streams(log: str) -> Streams:
    """Read an ffmpeg log. Metadata of the file cannot fake these lines: ffmpeg indents it deeper."""
    opened = re.search(r"^Input #0, (\w+)", log, re.MULTILINE)
    if not opened or "misdetection possible" in log:
        return Streams()
    lines = re.findall(r"^  Stream #0:\d.*$", log, re.MULTILINE)
    return Streams(
        opened[1],
        audio=any(": Audio: " in line for line in lines),
        video=any(": Video: " in line and "(attached pic)" not in line for line in lines),
    )


def measure(path: Path, *, max_duration_s: float, pcm: Path | None = None) -> tuple[Kind, Facts]:
    """What a file really is, by its bytes alone, and its facts, by decoding it in bounded memory.

    A truncated clip is measured as far as it decodes. With `pcm`, its sound is also kept there as 16-bit WAV, up to
    `PCM_S`: whoever decodes it anyway need not do so again. Loudness is that of ITU-R BS.1770-4 with its gates, to
    0.1 LU.

    Raises:
        BadInput: the file is empty, or nothing in it decodes.
        OverLimit: it plays longer than `max_duration_s` (infinity is no limit), has too many pixels, or takes too
            long to decode.
        Broken: ffmpeg cannot be started.
    """
    size = path.stat().st_size
    if size == 0:
        raise BadInput(EMPTY)
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(b"MThd"):
        return Kind.MIDI, Facts("audio/midi", size)
    if is_picture(head):
        return Kind.IMAGE, picture_facts(path)
    if _is_text(head):
        return Kind.TEXT, Facts("text/plain", size)
    return _measure_clip(path, size, head, max_duration_s, pcm)


def _is_text(head: bytes) -> bool:
    """UTF-8 without control characters. The head may end inside a character."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return all(c.isprintable() or c in "\n\r\t\f\ufeff" or ord(c) > 0x9F for c in text)


def _measure_clip(path: Path, size: int, head: bytes, max_duration_s: float, pcm: Path | None) -> tuple[Kind, Facts]:
    sound, log = _decode_sound(path, max_duration_s, pcm)
    found = streams(log)
    if not found.demuxer or not (sound or found.video):
        raise BadInput(UNREADABLE)
    moving = _Moving() if not found.video else _decode_moving(path, max_duration_s)
    duration_s = max(sound.duration_s if sound else 0.0, moving.duration_s)
    if duration_s > max_duration_s:
        raise OverLimit(saying("clip_long", limit=max_duration_s))
    return (Kind.VIDEO if found.video else Kind.AUDIO), Facts(
        _media_type(found, head),
        size,
        duration_s=round(duration_s, 6),
        sample_rate_hz=sound.sample_rate if sound else None,
        channels=sound.channels if sound else None,
        loudness_lufs=_loudness(log),
        width=moving.width,
        height=moving.height,
        has_audio=sound is not None,
    )


@dataclass(frozen=True, slots=True)
class _Sound:
    duration_s: float
    sample_rate: int
    channels: int


def _decode_sound(path: Path, max_duration_s: float, pcm: Path | None) -> tuple[_Sound | None, str]:
    """Decode the first sound track, a second past the limit at most. None when nothing decodes; and ffmpeg's log."""
    options = {"map": "0:a:0", "c:a": "pcm_s16le", "af": "ebur128=framelog=quiet", "bitexact": None}
    graph = ffmpeg.output(source(), "pipe:", format="wav", **options, **_until(max_duration_s))
    count = 0
    with running(graph, path) as child:
        header = read_header(child.stdout)
        with _writer(pcm, header) as write:
            while chunk := child.stdout.read(_READ):
                count += len(chunk)
                write(chunk)
    if header is None or count < header.frame_bytes:
        return None, child.log
    return _Sound(count // header.frame_bytes / header.sample_rate, header.sample_rate, header.channels), child.log


@contextmanager
def _writer(pcm: Path | None, header: Header | None) -> Iterator[Callable[[bytes], None]]:
    """Where decoded sound goes beside being counted: into a WAV file, up to `PCM_S`, or nowhere."""
    if pcm is None or header is None:
        yield lambda chunk: None
        return
    room = int(PCM_S * header.sample_rate) * header.frame_bytes
    with wave.open(str(pcm), "wb") as file:
        file.setnchannels(header.channels)
        file.setsampwidth(header.frame_bytes // header.channels)
        file.setframerate(header.sample_rate)

        def write(chunk: bytes) -> None:
            nonlocal room
            file.writeframesraw(chunk[:room])
            room = max(0, room - len(chunk))

        yield write


def _until(max_duration_s: float) -> dict[str, float]:
    """Where ffmpeg stops: a second past the limit shows that it is passed."""
    return {"t": max_duration_s + 1.0} if math.isfinite(max_duration_s) else {}


def _loudness(log: str) -> float | None:
    """Integrated loudness from the summary that `ebur128` ends with; its floor of -70 means that nothing passed."""
    found = re.search(r"Integrated loudness:\s+I:\s+(-?[\d.]+) LUFS", log)
    value = float(found[1]) if found else -70.0
    return value if value > -70.0 else None


@dataclass(frozen=True, slots=True)
class _Moving:
    duration_s: float = 0.0
    width: int | None = None
    height: int | None = None


def _decode_moving(path: Path, max_duration_s: float) -> _Moving:
    """Decode the first picture, which gives the size as shown, and walk through the packets, which gives the length."""
    file = source()
    first = ffmpeg.output(file, "first", map="0:V:0", format="null", **{"frames:v": 1})
    walk = ffmpeg.output(file, "walk", map="0:V:0", format="null", c="copy", **_until(max_duration_s))
    with running(ffmpeg.merge_outputs(first, walk).global_args("-progress", "pipe:1"), path) as child:
        progress = dict(line.split("=", 1) for line in child.stdout.read().decode().split() if "=" in line)
    size = re.search(r"^  Stream #0:0.*Video: wrapped_avframe.*, (\d+)x(\d+)", child.log, re.MULTILINE)
    if child.returncode != 0 or not size or progress.get("frame", "0") == "0":
        raise BadInput(UNREADABLE)
    micros = progress.get("out_time_us", "N/A")
    return _Moving(int(micros) / 1e6 if micros.lstrip("-").isdigit() else 0.0, int(size[1]), int(size[2]))


def _media_type(found: Streams, head: bytes) -> str:
    name = found.demuxer
    if name == "matroska" and b"webm" in head[:64]:  # the EBML DocType, RFC 8794
        name = "webm"
    if name == "mov" and found.video and head[4:12] == b"ftypqt  ":
        return "video/quicktime"
    return MEDIA_TYPES[name][found.video]
