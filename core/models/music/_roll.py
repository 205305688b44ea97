"""A piano roll: time across, pitch up, a colour for each instrument; chords and sections where they are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from core.media import Picture, time_axis
from core.models.music._score import note_name

_WIDTH, _LEFT, _RIGHT, _TOP = 1080, 92, 1056, 84
"""Pixels: a phone shows it across its screen with letters of 2 mm."""
_ROLL, _AXIS, _LEGEND = 620, 66, 52
_PAPER, _LANE, _BLACK, _INK, _QUIET = "#1c2230", "#283044", "#222a3b", "#f2f4f8", "#8d97ad"
"""An opaque ground of its own, so that a dark chat shows it like a light one."""
COLOURS = ("#5ec6ff", "#ffb048", "#7ddf8e", "#ff7f9f", "#c9a2ff", "#f6e05e", "#5fe0d0", "#ff9d6b")
_FINE = 2
"""Drawn larger and scaled down: smooth edges."""
_DRUMS_PART = 0.16
_FEWEST = 24
"""Semitones that are shown at least."""


@dataclass(frozen=True, slots=True)
class Voice:
    """What is drawn in one colour."""

    name: str
    notes: Sequence[tuple[float, float, float, float]]
    """Start and end in seconds, MIDI note, strength from 0 to 1."""
    drums: bool = False


def piano_roll(voices: Sequence[Voice], duration_s: float, marks: Sequence[tuple[float, str]] = ()) -> Picture:
    """The picture. `marks` are words over the roll at their seconds, such as the names of sections."""
    rows = -(-len(voices) // 3)
    height = _TOP + _ROLL + _AXIS + _LEGEND * rows + 16
    image = Image.new("RGB", (_WIDTH * _FINE, height * _FINE), _PAPER)
    draw = ImageDraw.Draw(image)
    pitched = [note[2] for voice in voices if not voice.drums for note in voice.notes]
    low, high = _span(pitched)
    has_drums = any(voice.drums for voice in voices)
    bottom = _TOP + _ROLL * (1 - _DRUMS_PART * has_drums)
    _lanes(draw, low, high, bottom)
    for at, words in marks:
        x = _LEFT + (_RIGHT - _LEFT) * at / duration_s
        draw.line((x * _FINE, (_TOP - 12) * _FINE, x * _FINE, bottom * _FINE), fill=_QUIET, width=2)
        draw.text(((x + 6) * _FINE, (_TOP - 34) * _FINE), words, fill=_INK, font=_font(28), anchor="lm")
    for number, voice in reversed(list(enumerate(voices))):
        colour = COLOURS[number % len(COLOURS)]
        if voice.drums:
            _hits(draw, voice, duration_s, bottom, colour)
        else:
            _bars(draw, voice, duration_s, (low, high), bottom, colour)
    box = (_LEFT * _FINE, _TOP * _FINE, _RIGHT * _FINE, (_TOP + _ROLL) * _FINE)
    time_axis(draw, box, _INK, _font(30), duration_s)
    for number, voice in enumerate(voices):
        x = _LEFT + (number % 3) * (_RIGHT - _LEFT) / 3
        y = _TOP + _ROLL + _AXIS + _LEGEND * (number // 3) + 22
        spot = (x * _FINE, (y - 11) * _FINE, (x + 22) * _FINE, (y + 11) * _FINE)
        draw.rounded_rectangle(spot, 6 * _FINE, fill=COLOURS[number % len(COLOURS)])
        draw.text(((x + 32) * _FINE, y * _FINE), voice.name, fill=_INK, font=_font(28), anchor="lm")
    return Picture(np.asarray(image.resize((_WIDTH, height), Image.Resampling.LANCZOS), np.uint8).copy())


def _span(pitched: Sequence[float]) -> tuple[int, int]:
    if not pitched:
        return 48, 72
    low, high = int(min(pitched)) - 2, int(max(pitched)) + 2
    more = max(0, _FEWEST - (high - low))
    return low - more // 2, high + more - more // 2


def _y(midi: float, span: tuple[int, int], bottom: float) -> float:
    low, high = span
    return bottom - (midi - low + 0.5) / (high - low + 1) * (bottom - _TOP)


def _lanes(draw: ImageDraw.ImageDraw, low: int, high: int, bottom: float) -> None:
    """Lanes as on a keyboard, every C named."""
    tall = (bottom - _TOP) / (high - low + 1)
    for midi in range(low, high + 1):
        y = _y(midi, (low, high), bottom)
        fill = _BLACK if midi % 12 in (1, 3, 6, 8, 10) else _LANE
        draw.rectangle((_LEFT * _FINE, (y - tall / 2) * _FINE, _RIGHT * _FINE, (y + tall / 2 - 0.5) * _FINE), fill=fill)
        if midi % 12 == 0:
            draw.line((_LEFT * _FINE, (y + tall / 2) * _FINE, _RIGHT * _FINE, (y + tall / 2) * _FINE), fill="#3a445c")
            draw.text(((_LEFT - 14) * _FINE, y * _FINE), note_name(midi), fill=_INK, font=_font(28), anchor="rm")


def _bars(
    draw: ImageDraw.ImageDraw, voice: Voice, duration_s: float, span: tuple[int, int], bottom: float, colour: str
) -> None:
    tall = max(7.0, 0.92 * (bottom - _TOP) / (span[1] - span[0] + 1))
    for start, end, midi, strength in voice.notes:
        x0 = _LEFT + (_RIGHT - _LEFT) * min(start, duration_s) / duration_s
        x1 = max(_LEFT + (_RIGHT - _LEFT) * min(end, duration_s) / duration_s - 1, x0 + 4)
        y = _y(midi, span, bottom)
        box = (x0 * _FINE, (y - tall / 2) * _FINE, x1 * _FINE, (y + tall / 2) * _FINE)
        draw.rounded_rectangle(box, min(tall, x1 - x0) / 3 * _FINE, fill=_dimmed(colour, strength))


def _hits(draw: ImageDraw.ImageDraw, voice: Voice, duration_s: float, top: float, colour: str) -> None:
    """Drums in a strip of their own, a row a drum."""
    kinds = sorted({note[2] for note in voice.notes})
    row = (_TOP + _ROLL - top - 10) / max(1, len(kinds))
    for start, _, midi, strength in voice.notes:
        x = _LEFT + (_RIGHT - _LEFT) * start / duration_s
        y = _TOP + _ROLL - row * (kinds.index(midi) + 0.5)
        box = (x * _FINE, (y - row * 0.4) * _FINE, (x + 4) * _FINE, (y + row * 0.4) * _FINE)
        draw.rectangle(box, fill=_dimmed(colour, strength))


def _dimmed(colour: str, strength: float) -> tuple[int, int, int]:
    part = 0.45 + 0.55 * min(1.0, max(0.0, strength))
    red, green, blue = (
        round(a + (b - a) * part)
        for a, b in zip(*((int(c[i : i + 2], 16) for i in (1, 3, 5)) for c in (_LANE, colour)), strict=True)
    )
    return red, green, blue


def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size=size * _FINE)
    assert isinstance(font, ImageFont.FreeTypeFont)  # what Pillow gives where it was asked for a size
    return font
