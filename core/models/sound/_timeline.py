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
    image, draw = _paper(_TOP + _SPECTROGRAM + _AXIS, found)
    box = _spectrogram(image, mel, float(mel.max()), _TOP)
    for at, words in ((0.1, "high"), (0.9, "low")):
        _label(draw, words, _TOP + _SPECTROGRAM * at, _QUIET)
    time_axis(draw, box, _INK, _font(30), duration_s)
    _rows(draw, found, _TOP + _SPECTROGRAM + _AXIS, 0.0, duration_s)
    return _scaled(image)


def before_after(before: Matrix, after: Matrix, found: Sequence[Event], start_s: float, duration_s: float) -> Picture:
    """The log-mel spectrograms of a stretch as it was and as it is now, shape (columns, mels), and what was mended.

    The stretch begins at `start_s` of its clip; the times of the events are those in the clip.
    """
    second = _TOP + _SPECTROGRAM + _TOP
    image, draw = _paper(second + _SPECTROGRAM + _AXIS, found)
    loudest = float(max(before.max(), after.max()))
    for top, mel, words in ((_TOP, before, "before"), (second, after, "after")):
        box = _spectrogram(image, mel, loudest, top)
        _label(draw, words, top + _SPECTROGRAM / 2, _INK)
    time_axis(draw, box, _INK, _font(30), duration_s, start_s)
    _rows(draw, found, second + _SPECTROGRAM + _AXIS, start_s, duration_s)
    return _scaled(image)


def _paper(top: int, found: Sequence[Event]) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """Room for what is above `top` and for the rows of events below it."""
    height = top + _ROW * max(1, len(kinds(found))) + 20
    image = Image.new("RGB", (_WIDTH * _FINE, height * _FINE), _PAPER)
    return image, ImageDraw.Draw(image)


def _scaled(image: Image.Image) -> Picture:
    small = image.resize((image.width // _FINE, image.height // _FINE), Image.Resampling.LANCZOS)
    return Picture(np.asarray(small, np.uint8).copy())


def _spectrogram(image: Image.Image, mel: Matrix, loudest: float, top: int) -> tuple[int, int, int, int]:
    """Draws it, and tells its box."""
    box = (_LEFT * _FINE, top * _FINE, _RIGHT * _FINE, (top + _SPECTROGRAM) * _FINE)
    shown = np.clip((mel - loudest) / _RANGE + 1, 0, 1)
    image.paste(Image.fromarray(shaded(shown, (box[2] - box[0], box[3] - box[1]), dark=True)), box[:2])
    return box


def _rows(draw: ImageDraw.ImageDraw, found: Sequence[Event], begin: float, start_s: float, duration_s: float) -> None:
    """A row of bars for each kind of sound."""
    rows = kinds(found)
    for row, label in enumerate(rows):
        top = begin + row * _ROW
        _label(draw, label, top + _BAR / 2, _INK)
        _bar(draw, (_LEFT, _RIGHT), top, _LANE)
        for event in found:
            if event.label == label:
                ends = tuple(
                    _LEFT + (_RIGHT - _LEFT) * (s - start_s) / duration_s for s in (event.start_s, event.end_s)
                )
                left = min(ends[0], _RIGHT - _SHORTEST)
                right = max(ends[1], left + _SHORTEST)
                _bar(draw, (left, right), top, _shade(_COLOURS[row], event.confidence))
    if not rows:
        _label(draw, "nothing certain", begin + _BAR / 2, _QUIET)


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
