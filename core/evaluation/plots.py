"""Plots as inline SVG, without a script or a font of their own; colours are the page's, for light and dark."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

WIDTH = 360
"""Units; a phone shows it about one to one."""
_LABEL = 142
_BAR, _GAP, _TOP = 9, 7, 16


def bars(title: str, groups: Mapping[str, Mapping[str, float]], series: Sequence[str], goal: float | None) -> str:
    """Horizontal bars of shares, 0 to 1: a group a row, one bar a series in it; `goal` is a dashed line."""
    row = _BAR * len(series) + _GAP
    height = _TOP + row * len(groups) + _GAP
    span = WIDTH - _LABEL - 34
    parts = [_line(_LABEL + span * share, _TOP - 4, height - _GAP, "grid") for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    parts += [
        f'<text class="tick" x="{_LABEL + span * share:.1f}" y="9" text-anchor="middle">{share:.0%}</text>'
        for share in (0.0, 0.5, 1.0)
    ]
    if goal is not None:
        parts.append(_line(_LABEL + span * goal, _TOP - 4, height - _GAP, "goal"))
    for index, (name, values) in enumerate(groups.items()):
        top = _TOP + index * row
        middle = top + _BAR * len(series) / 2 + 3.2
        parts.append(f'<text x="{_LABEL - 6}" y="{middle:.1f}" text-anchor="end">{escape(name)}</text>')
        for number, one in enumerate(series):
            if one not in values:
                continue
            y, wide = top + number * _BAR, span * values[one]
            parts.append(f'<rect class="s{number % 6}" x="{_LABEL}" y="{y}" width="{wide:.1f}" height="{_BAR - 2}"/>')
            parts.append(f'<text class="tick" x="{_LABEL + wide + 3:.1f}" y="{y + 7}">{values[one]:.0%}</text>')
    return _svg(title, height, parts)


def curves(title: str, series: Mapping[str, Sequence[float]]) -> str:
    """Share of the turns that are over by a time: values in milliseconds at even shares, a logarithmic axis."""
    left, bottom, height = 34, 150, 170
    values = [max(v, 0.1) for line in series.values() for v in line]
    low = math.floor(math.log10(min(values)))
    high = max(math.ceil(math.log10(max(values))), low + 1)
    span = WIDTH - left - 14

    def x(ms: float) -> float:
        return left + span * (math.log10(max(ms, 0.1)) - low) / (high - low)

    def y(share: float) -> float:
        return bottom - (bottom - _TOP) * share

    parts = []
    for power in range(low, high + 1):
        parts.append(_line(x(10.0**power), _TOP, bottom, "grid"))
        parts.append(f'<text class="tick" x="{x(10.0**power):.1f}" y="{bottom + 13}" text-anchor="middle">'
                     f"{_time(10.0**power)}</text>")  # fmt: skip
    parts += [
        f'<text class="tick" x="{left - 5}" y="{y(share) + 3:.1f}" text-anchor="end">{share:.0%}</text>'
        for share in (0.0, 0.5, 1.0)
    ]
    for number, line in enumerate(series.values()):
        points = " ".join(f"{x(ms):.1f},{y(i / (len(line) - 1)):.1f}" for i, ms in enumerate(line))
        parts.append(f'<polyline class="l{number % 6}" points="{points}"/>')
    return _svg(title, height, parts)


def _time(ms: float) -> str:
    return f"{ms / 1000:g} s" if ms >= 1000 else f"{ms:g} ms"


def _line(x: float, top: float, bottom: float, look: str) -> str:
    return f'<line class="{look}" x1="{x:.1f}" x2="{x:.1f}" y1="{top:.1f}" y2="{bottom:.1f}"/>'


def _svg(title: str, height: float, parts: Sequence[str]) -> str:
    named = f"<title>{escape(title)}</title>"
    return f'<svg viewBox="0 0 {WIDTH} {height:g}" role="img">{named}{"".join(parts)}</svg>'
