"""Just enough of Ogg and Opus to judge a voice message without decoding it (RFC 3533, RFC 7845)."""

from __future__ import annotations

import struct
from dataclasses import dataclass


@dataclass(frozen=True)
class Opus:
    channels: int
    input_rate_hz: int
    duration_s: float


def read_opus(content: bytes) -> Opus | None:
    """What an Ogg file with one Opus stream says of itself; None where it is none."""
    head = content.find(b"OpusHead")
    if content[:4] != b"OggS" or not 0 < head < 64:
        return None
    channels, pre_skip, rate = struct.unpack_from("<BHI", content, head + 9)
    last = content.rfind(b"OggS")
    granule = struct.unpack_from("<q", content, last + 6)[0]
    return Opus(channels, rate, (granule - pre_skip) / 48_000)
