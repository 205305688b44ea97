"""Captions that follow the words: a few words at a time, the one that is said brighter than the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

_MOST_WORDS, _MOST_CHARS = 7, 34
_PAUSE_S = 0.9
_LINGER_S = 0.6
_INK, _SAID = "#ffffff", "#ffd24a"
_EDGE = "#10131a"


@dataclass(frozen=True, slots=True)
class Word:
    """A word and when it is said, in seconds."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """Words that are shown together."""

    words: tuple[Word, ...]
    until_s: float

    @property
    def start_s(self) -> float:
        """When it appears."""
        return self.words[0].start_s


def lines(words: Sequence[Word]) -> list[Line]:
    """The words in lines that fit a picture; a pause or a full stop ends one."""
    groups: list[list[Word]] = []
    for word in words:
        last = groups[-1] if groups else []
        full = len(last) >= _MOST_WORDS or sum(len(w.text) + 1 for w in last) + len(word.text) > _MOST_CHARS
        paused = bool(last) and (word.start_s - last[-1].end_s > _PAUSE_S or last[-1].text[-1:] in ".!?。！？")
        if not last or full or paused:
            groups.append([word])
        else:
            last.append(word)
    ends = [*(group[0].start_s for group in groups[1:]), float("inf")][: len(groups)]
    return [Line(tuple(group), min(group[-1].end_s + _LINGER_S, end)) for group, end in zip(groups, ends, strict=True)]


class Captions:
    """Draws the captions of a video of one width."""

    def __init__(self, words: Sequence[Word], width: int) -> None:
        self._lines = lines(words)
        self._width = width
        self._drawn: tuple[tuple[int, int], NDArray[np.uint8]] | None = None
        self._next = 0

    def at(self, time_s: float) -> NDArray[np.uint8] | None:
        """The caption at a time, which never goes back: RGBA, shape (height, width, 4); None where nothing is said."""
        while self._next < len(self._lines) and self._lines[self._next].until_s <= time_s:
            self._next += 1
        if self._next == len(self._lines) or self._lines[self._next].start_s > time_s:
            return None
        line = self._lines[self._next]
        said = sum(word.start_s <= time_s for word in line.words) - 1
        key = (self._next, said)
        if self._drawn is None or self._drawn[0] != key:
            self._drawn = (key, self._draw(line, said))
        return self._drawn[1]

    def _draw(self, line: Line, said: int) -> NDArray[np.uint8]:
        font = ImageFont.load_default(size=self._width / 17)
        rows = self._rows(line, font)
        step = round(self._width / 13)
        image = Image.new("RGBA", (self._width, step * len(rows) + step // 2), (0, 0, 0, 0))
        draw = ImageDraw.Draw(image)
        space = font.getlength(" ")
        for row, members in enumerate(rows):
            lengths = [font.getlength(line.words[index].text) for index in members]
            x = (self._width - sum(lengths) - space * (len(members) - 1)) / 2
            for index, length in zip(members, lengths, strict=True):
                fill = _SAID if index == said else _INK
                draw.text(
                    (x, row * step + step * 0.25), line.words[index].text, fill=fill, font=font, stroke_fill=_EDGE,
                    stroke_width=max(2, self._width // 240),
                )  # fmt: skip
                x += length + space
        return np.asarray(image, np.uint8)

    def _rows(self, line: Line, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> list[list[int]]:
        """Indices of the words of each row, as many as fit."""
        rows: list[list[int]] = [[]]
        used = 0.0
        for index, word in enumerate(line.words):
            length = font.getlength(f"{word.text} ")
            if rows[-1] and used + length > 0.9 * self._width:
                rows.append([])
                used = 0.0
            rows[-1].append(index)
            used += length
        return rows
