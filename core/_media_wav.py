"""The header of a WAV stream, as ffmpeg writes it to a pipe (Microsoft RIFF, WAVE form)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import IO


@dataclass(frozen=True, slots=True)
class Header:
    """What a `fmt ` chunk says."""

    channels: int
    sample_rate: int
    """Hz."""
    frame_bytes: int


def read_header(stream: IO[bytes]) -> Header | None:
    """Read up to the first sample. None when the stream ends before it: nothing was decoded.

    Sizes of the outer chunks are not looked at: on a pipe ffmpeg cannot know them.
    """
    if len(stream.read(12)) < 12:
        return None
    header = None
    while len(chunk := stream.read(8)) == 8:
        name, size = struct.unpack("<4sI", chunk)
        if name == b"data":
            return header
        body = stream.read(size + size % 2)
        if name == b"fmt ":
            _, channels, rate, _, frame_bytes = struct.unpack_from("<HHIIH", body)
            header = Header(channels, rate, frame_bytes)
    return None
