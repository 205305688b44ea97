"""A picture of what is heard when: the mel spectrogram with a row of bars for each kind of sound below it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from core.media import Picture, shaded, time_axis
from core.models.sound._events import Event
from core.models.sound._yamnet import Matrix

ROWS = 8
"""The most kinds of sound that a picture shows."""
_WIDTH, _LEFT, _RIGHT, _TOP = 1080, 280, 1050, 24
"""Pixels: a phone shows it across its screen with letters of 2 mm."""
_SPECTROGRAM, _AXIS, _ROW, _BAR = 330, 66, 66, 40
_PAPER, _INK, _QUIET, _LANE = "#1c2230", "#f2f4f8", "#8d97ad", "#283044"
"""An opaque ground of its own, so that a dark chat shows it like a light one."""
_COLOURS = ("#5ec6ff", "#ffb048", "#7ddf8e", "#ff7f9f", "#c9a2ff", "#f6e05e", "#5fe0d0", "#ff9d6b")
_RANGE = 7.0
"""Nepers between the darkest and the brightest: 60 dB."""
_SHORTEST = 10
_FINE = 2
"""Drawn larger and scaled down: smooth edges."""


def timeline(mel: Matrix, found: Sequence[Event], duration_s: float) -> Picture:
    """A clip's log-mel spectrogram, shape (columns, mels), and its events, of at most `ROWS` kinds.

    A kind is shown for its longest and surest events; the surer an event, the brighter its bar.
    """
    rows = kinds(found)
    height = _TOP + _SPECTROGRAM + _AXIS + _ROW * max(1, len(rows)) + 20
    image = Image.new("RGB", (_WIDTH * _FINE, height * _FINE), _PAPER)
    draw = ImageDraw.Draw(image)
    box = (_LEFT * _FINE, _TOP * _FINE, _RIGHT * _FINE, (_TOP + _SPECTROGRAM) * _FINE)
    size = (box[2] - box[0], box[3] - box[1])
    shown = np.clip((mel - mel.max()) / _RANGE + 1, 0, 1)
    image.paste(Image.fromarray(shaded(shown, size, dark=True)), box[:2])
    for at, words in ((0.1, "high"), (0.9, "low")):
        _label(draw, words, _TOP + _SPECTROGRAM * at, _QUIET)
    time_axis(draw, box, _INK, _font(30), duration_s)
    for row, label in enumerate(rows):
        top = _TOP + _SPECTROGRAM + _AXIS + row * _ROW
        _label(draw, label, top + _BAR / 2, _INK)
        _bar(draw, (_LEFT, _RIGHT), top, _LANE)
        for event in found:
            if event.label == label:
                ends = tuple(_LEFT + (_RIGHT - _LEFT) * s / duration_s for s in (event.start_s, event.end_s))
                left = min(ends[0], _RIGHT - _SHORTEST)
                right = max(ends[1], left + _SHORTEST)
                _bar(draw, (left, right), top, _shade(_COLOURS[row], event.confidence))
    if not rows:
        _label(draw, "nothing certain", _TOP + _SPECTROGRAM + _AXIS + _BAR / 2, _QUIET)
    return Picture(np.asarray(image.resize((_WIDTH, height), Image.Resampling.LANCZOS), np.uint8).copy())


def kinds(found: Sequence[Event]) -> list[str]:
    """The kinds of sound that a picture has room for, in the order in which they begin."""
    weights: dict[str, float] = {}
    for event in found:
        weights[event.label] = weights.get(event.label, 0.0) + event.confidence * (0.5 + event.length_s)
    told = sorted(weights, key=lambda label: -weights[label])[:ROWS]
    return [label for label in weights if label in told]


def _shade(colour: str, confidence: float) -> tuple[int, int, int]:
    part = 0.35 + 0.65 * confidence
    both = (tuple(int(c[i : i + 2], 16) for i in (1, 3, 5)) for c in (_LANE, colour))
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(*both, strict=True))
    return red, green, blue


def _bar(draw: ImageDraw.ImageDraw, ends: tuple[float, ...], top: float, fill: str | tuple[int, int, int]) -> None:
    box = (ends[0] * _FINE, top * _FINE, ends[1] * _FINE, (top + _BAR) * _FINE)
    draw.rounded_rectangle(box, radius=min(10, (ends[1] - ends[0]) / 2) * _FINE, fill=fill)


def _label(draw: ImageDraw.ImageDraw, text: str, y: float, fill: str) -> None:
    """Left of the box, as large as fits."""
    size = 36
    while _font(size).getlength(text) > (_LEFT - 36) * _FINE:
        size -= 2
    draw.text(((_LEFT - 18) * _FINE, y * _FINE), text, fill=fill, font=_font(size), anchor="rm")


def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size=size * _FINE)
    assert isinstance(font, ImageFont.FreeTypeFont)  # what Pillow gives where it was asked for a size
    return font
