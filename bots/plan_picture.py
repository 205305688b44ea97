"""`/why` as a picture: boxes for media and steps, from top to bottom, with arrows between them."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from bots.plan_graph import Action, Graph, Thing, seconds
from core.artifacts import Kind

_PAPER, _CARD, _INK, _QUIET = "#1c2230", "#2a3347", "#f2f4f8", "#a3adc2"
"""An opaque ground of its own, so that a dark chat shows it like a light one."""
_SENT, _MADE, _STEP = "#5ec6ff", "#ffb048", "#8d97ad"
_WIDTH, _EDGE, _GAP, _PAD = 900, 36, 56, 18
"""Pixels. A phone shows a column of this width with letters of 3 mm."""
_LARGE, _SMALL = 34, 27
_COLUMN = 3000
"""A column that is longer is broken into several, side by side."""
_ACROSS = 3
"""The most boxes beside each other."""
_ARGS = 4
_TAGS = {Kind.AUDIO: "audio", Kind.IMAGE: "picture", Kind.VIDEO: "video", Kind.MIDI: "notes", Kind.TEXT: "text"}

Line = tuple[str, int, str]
"""Words, their size and their colour."""
Point = tuple[float, float]


@dataclass
class _Box:
    id: str
    lines: list[Line]
    colour: str
    filled: bool
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0
    column: int = 0


def plan_picture(graph: Graph) -> bytes:
    """A graph as a PNG of one column, or of several where it is long. Names in letters that are not drawn are told by
    what they name."""
    rows = _placed(_rows(graph))
    boxes = {box.id: box for row in rows for box in row}
    columns = 1 + max(box.column for box in boxes.values())
    height = round(max(box.y + box.height for box in boxes.values())) + _EDGE
    image = Image.new("RGB", (columns * _WIDTH, height), _PAPER)
    draw = ImageDraw.Draw(image)
    for number, action in enumerate(graph.actions):
        step = boxes[_key(number)]
        for one in action.took:
            _arrow(draw, boxes[one], step)
        for one in action.gave:
            _arrow(draw, step, boxes[one])
    for box in boxes.values():
        _card(draw, box)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _key(number: int) -> str:
    return f"step {number}"


def _rows(graph: Graph) -> list[list[_Box]]:
    """Boxes by how far they are from what was sent: media, steps, media, and so on."""
    depth: dict[str, int] = {}
    for number, action in enumerate(graph.actions):
        depth[_key(number)] = at = 1 + max((depth.get(one, 0) for one in action.took), default=0)
        for one in action.took:
            depth.setdefault(one, at - 1)  # what was sent stands above the first step that takes it
        for one in action.gave:
            depth.setdefault(one, at + 1)
    boxes = {_key(n): _step_box(_key(n), action) for n, action in enumerate(graph.actions)}
    boxes |= {one: _thing_box(thing) for one, thing in graph.things.items() if one in depth}
    rows: list[list[_Box]] = []
    for level in sorted(set(depth.values())):
        same = [boxes[one] for one, at in depth.items() if at == level]
        rows += [same[n : n + _ACROSS] for n in range(0, len(same), _ACROSS)]
    return rows


def _step_box(key: str, action: Action) -> _Box:
    licence = f" ({action.licence})" if action.licence else ""
    device = f" on {action.device}" if action.device else ""
    args = [(_drawable(f"{name}: {value}", f"{name}: …"), _SMALL, _INK) for name, value in action.args[:_ARGS]]
    more = [("…", _SMALL, _INK)] if len(action.args) > _ARGS else []
    lines: list[Line] = [
        (action.title, _LARGE, _INK),
        (f"{action.model}{licence}", _SMALL, _QUIET),
        (f"{seconds(action.model_ms)}{device}", _SMALL, _QUIET),
        *args,
        *more,
    ]
    return _Box(key, lines, _STEP, filled=True)


def _thing_box(thing: Thing) -> _Box:
    length = f", {thing.duration_s:.1f} s" if thing.duration_s else ""
    whose = "AI-made" if thing.made else "sent"
    name = _drawable(thing.name, thing.noun)
    what = f"{whose} {_TAGS[thing.kind]}{length}" if thing.kept else "no longer kept"
    lines: list[Line] = [(name, _LARGE, _INK), (what, _SMALL, _QUIET)]
    return _Box(thing.id, lines, _MADE if thing.made else _SENT, filled=False)


def _placed(rows: list[list[_Box]]) -> list[list[_Box]]:
    """Every box with its place: rows below each other, in columns of about the same length."""
    for row in rows:
        width = (_WIDTH - 2 * _EDGE - _PAD * (len(row) - 1)) / len(row)
        for box in row:
            box.width = width
            box.lines = [part for line in box.lines for part in _wrapped(line, width - 2 * _PAD)]
            box.height = 2 * _PAD + sum(_step(size) for _, size, _ in box.lines)
    heights = [max(box.height for box in row) + _GAP for row in rows]
    columns = -(-sum(heights) // _COLUMN)
    longest = sum(heights) / columns
    column, y = 0, float(_EDGE)
    for row, height in zip(rows, heights, strict=True):
        if column + 1 < columns and y > _EDGE and y + height / 2 > longest + _EDGE:
            column, y = column + 1, float(_EDGE)
        for n, box in enumerate(row):
            box.column, box.x, box.y = column, column * _WIDTH + _EDGE + n * (box.width + _PAD), y
        y += height
    return rows


def _step(size: int) -> float:
    return size * 1.3


def _wrapped(line: Line, width: float) -> list[Line]:
    """A line in as many as it needs, three at the most; a word that is too long is broken."""
    text, size, colour = line
    font = _font(size)
    lines, now = [], ""
    for word in text.split(" "):
        rest = f"{now} {word}" if now else word
        while font.getlength(rest) > width:
            cut = len(now) if now and font.getlength(word) <= width else _fitting(rest, font, width)
            lines.append(rest[:cut].strip())
            rest, now = rest[cut:].strip(), ""
        now = rest
    lines.append(now)
    if len(lines) > 3:
        lines = [*lines[:2], f"{lines[2][:-1]}…"]
    return [(part, size, colour) for part in lines if part]


def _fitting(text: str, font: ImageFont.FreeTypeFont, width: float) -> int:
    return max(1, next((n - 1 for n in range(1, len(text) + 1) if font.getlength(text[:n]) > width), len(text)))


def _card(draw: ImageDraw.ImageDraw, box: _Box) -> None:
    corners = (box.x, box.y, box.x + box.width, box.y + box.height)
    draw.rounded_rectangle(corners, radius=16, fill=_CARD if box.filled else _PAPER, outline=box.colour, width=4)
    y = box.y + _PAD
    for text, size, colour in box.lines:
        draw.text((box.x + _PAD, y), text, fill=colour, font=_font(size))
        y += _step(size)


def _arrow(draw: ImageDraw.ImageDraw, start: _Box, end: _Box) -> None:
    """From below one box to above another; into another column by the space between the columns."""
    x1, y1 = start.x + start.width / 2, start.y + start.height
    x2, y2 = end.x + end.width / 2, end.y
    if start.column == end.column:
        middle = y2 - _GAP / 2
        points: Sequence[Point] = [(x1, y1), (x1, middle), (x2, middle), (x2, y2 - 4)]
    else:
        lane = end.column * _WIDTH
        low, high = y1 + _GAP / 4, y2 - _EDGE / 2
        points = [(x1, y1), (x1, low), (lane, low), (lane, high), (x2, high), (x2, y2 - 4)]
    draw.line(points, fill=_QUIET, width=4, joint="curve")
    draw.polygon([(x2 - 11, y2 - 18), (x2 + 11, y2 - 18), (x2, y2 - 2)], fill=_QUIET)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size=size)
    assert isinstance(font, ImageFont.FreeTypeFont)  # what Pillow gives where it was asked for a size
    return font


def _drawable(text: str, instead: str) -> str:
    """The text in the letters that the font has, without accents that it lacks; `instead` where most are lacking."""
    signs = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c)[0] not in "CM")
    kept = "".join(map(_nearest, signs))
    letters = [c for c in signs.partition(".")[0] if c.isalpha()]
    return instead if 2 * sum(bool(_nearest(c)) for c in letters) < len(letters) or not kept.strip() else kept


def _nearest(sign: str) -> str:
    """A sign, else what is left of it without its accents; empty where the font has neither."""
    return sign if _has(sign) else "".join(c for c in unicodedata.normalize("NFD", sign)[:1] if _has(c))


@cache
def _has(sign: str) -> bool:
    return sign == " " or _shape(sign) != _shape("\uffff")


def _shape(sign: str) -> tuple[Any, bytes]:
    mask = _font(_SMALL).getmask(sign)
    return mask.size, bytes(mask)
