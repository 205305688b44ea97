"""What decoded media are, and the words for what cannot be decoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.sayings import saying

Samples = NDArray[np.float32]
"""Shape (channels, frames), -1 to 1."""

Form = Literal["ogg", "mp3", "m4a", "wav", "flac"]
"""What `encode` writes: `ogg` is a voice note (Opus, mono, 48 kHz, 32 kbit/s)."""

UNREADABLE = saying("file_unreadable")
EMPTY = saying("file_empty")
SILENT_VIDEO = saying("video_silent")


MEDIA_TYPES = {  # ffmpeg demuxer of real files: media type of sound alone, media type with moving pictures
    "aac": ("audio/aac", "audio/aac"),
    "ac3": ("audio/ac3", "audio/ac3"),
    "aiff": ("audio/aiff", "audio/aiff"),
    "amr": ("audio/amr", "audio/amr"),
    "asf": ("audio/x-ms-wma", "video/x-ms-wmv"),
    "au": ("audio/basic", "audio/basic"),
    "avi": ("video/x-msvideo", "video/x-msvideo"),
    "caf": ("audio/x-caf", "audio/x-caf"),
    "flac": ("audio/flac", "audio/flac"),
    "flv": ("video/x-flv", "video/x-flv"),
    "matroska": ("audio/x-matroska", "video/x-matroska"),
    "mov": ("audio/mp4", "video/mp4"),
    "mp3": ("audio/mpeg", "audio/mpeg"),
    "mpeg": ("video/mpeg", "video/mpeg"),
    "mpegts": ("video/mp2t", "video/mp2t"),
    "ogg": ("audio/ogg", "video/ogg"),
    "w64": ("audio/x-w64", "audio/x-w64"),
    "wav": ("audio/wav", "audio/wav"),
    "webm": ("audio/webm", "video/webm"),
    "wv": ("audio/x-wavpack", "audio/x-wavpack"),
}

EXTENSIONS = {
    "audio/aac": ".aac", "audio/ac3": ".ac3", "audio/aiff": ".aiff", "audio/amr": ".amr", "audio/basic": ".au",
    "audio/flac": ".flac", "audio/midi": ".mid", "audio/mp4": ".m4a", "audio/mpeg": ".mp3", "audio/ogg": ".ogg",
    "audio/wav": ".wav", "audio/webm": ".webm", "audio/x-caf": ".caf", "audio/x-matroska": ".mka",
    "audio/x-ms-wma": ".wma", "audio/x-w64": ".w64", "audio/x-wavpack": ".wv",
    "image/avif": ".avif", "image/bmp": ".bmp", "image/gif": ".gif", "image/heic": ".heic",
    "image/jpeg": ".jpg", "image/png": ".png",
    "image/tiff": ".tiff", "image/webp": ".webp",
    "text/plain": ".txt",
    "video/mp2t": ".ts", "video/mp4": ".mp4", "video/mpeg": ".mpg", "video/ogg": ".ogv", "video/quicktime": ".mov",
    "video/webm": ".webm", "video/x-flv": ".flv", "video/x-matroska": ".mkv", "video/x-ms-wmv": ".wmv",
    "video/x-msvideo": ".avi",
}  # fmt: skip


_CANCELLED = 0.02
"""Part of the loudest channel's power: with a cable wired the wrong way round, less than this is left of a voice."""


@dataclass(frozen=True, slots=True)
class About:
    """What a made file says of itself in its metadata. All of it is ASCII."""

    recipe: str
    """How it was made: for programs."""
    mark: str
    """That it was made by AI: for people."""
    source_type: str
    """The IPTC digital source type, a URI."""


@dataclass(frozen=True, slots=True, eq=False)
class Audio:
    """Decoded sound."""

    samples: Samples
    """float32, shape (channels, frames), nominally -1 to 1."""
    sample_rate: int
    """Hz."""

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return float(self.samples.shape[1]) / self.sample_rate

    def mono(self) -> Samples:
        """The mean of the channels, shape (frames,); the loudest alone where they cancel each other out."""
        first: Samples = self.samples[0]
        if len(self.samples) == 1:
            return first
        mixed: Samples = self.samples.mean(axis=0, dtype=np.float32)
        powers = [float(np.vdot(channel, channel)) for channel in self.samples]
        loudest: Samples = self.samples[int(np.argmax(powers))]
        return loudest if float(np.vdot(mixed, mixed)) < _CANCELLED * max(powers) else mixed


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A decoded picture."""

    pixels: NDArray[np.uint8]
    """uint8, shape (height, width, 3), RGB."""
