"""Media in and out: the only module that runs ffmpeg, with its private parts `core/_media_*.py`.

Every function blocks: call it in a thread from asyncio. Nothing here trusts a name or a claimed type; ffmpeg gets its
input as an open file and may open nothing else, no network and no second file, whatever a playlist says.
"""

from __future__ import annotations

from core._media_audio import blocks, decode, encode, filtered, mp3, write_wav
from core._media_draw import shaded, spectrogram_png, time_axis, waveform
from core._media_facts import PCM_S, extension, measure
from core._media_ffmpeg import ffmpeg_version
from core._media_made import measure_wav, warm
from core._media_picture import data_url, jpeg, picture, write_jpeg
from core._media_tags import read_tag, tag
from core._media_types import About, Audio, Form, Picture, Samples
from core._media_video import encode_video, write_video

__all__ = [
    "PCM_S",
    "About",
    "Audio",
    "Form",
    "Picture",
    "Samples",
    "blocks",
    "data_url",
    "decode",
    "encode",
    "encode_video",
    "extension",
    "ffmpeg_version",
    "filtered",
    "jpeg",
    "measure",
    "measure_wav",
    "mp3",
    "picture",
    "read_tag",
    "shaded",
    "spectrogram_png",
    "tag",
    "time_axis",
    "warm",
    "waveform",
    "write_jpeg",
    "write_video",
    "write_wav",
]
