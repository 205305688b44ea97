"""A native voice message: what Discord wants beside the bytes.

The library can receive voice messages and not send them. This adds the two fields of discord-api-docs,
`resources/message`: the duration and the waveform, one byte a point, at most one point per 0.1 s and 256 in all.
"""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import discord

from bots.renditions import Rendition
from core import media

NAME = "voice-message.ogg"
_POINTS_PER_S = 10
_MOST_POINTS = 256


class VoiceFile(discord.File):
    """The one file of a voice message."""

    __slots__ = ("duration_s", "waveform")

    def __init__(self, path: str, duration_s: float, waveform: bytes) -> None:
        super().__init__(path, NAME)
        self.duration_s = duration_s
        self.waveform = waveform

    def to_dict(self, index: int) -> dict[str, Any]:
        """The attachment's description."""
        made: dict[str, Any] = {**super().to_dict(index)}
        return made | {"duration_secs": self.duration_s, "waveform": base64.b64encode(self.waveform).decode()}


async def voice_file(made: Rendition) -> VoiceFile:
    """Ogg with Opus as a voice message. Errors are those of `core.media.waveform`."""
    seconds = made.artifact.facts.duration_s or 0.0
    points = max(1, min(_MOST_POINTS, int(seconds * _POINTS_PER_S)))
    waveform = await asyncio.to_thread(media.waveform, made.path, points)
    return VoiceFile(str(made.path), round(seconds, 3), bytes(waveform))
