"""Which stretches of a clip are to be mended: those that are asked for, and those that are found to be damaged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from core.media import Audio, Samples
from core.models.sound._defects import clicks, dropouts
from core.models.sound._mending import Gap, Kind

Progress = Callable[[float], None]

NEAR_S = 1.0
"""Who names one time means what is within so much of it."""
_BESIDE_S = 3.0
"""As much more of the clip is heard then: what a click is, is told from the sound around it."""
_SAME_S = 0.002
"""Borders in several channels that differ by less are those of one gap."""
_MOST_OF_IT = 0.25
"""Of a stretch that was asked for: where dropouts are so much of it, they alone are what is missing."""


def damaged(clip: Audio, progress: Progress = lambda fraction: None) -> list[Gap]:
    """Dropouts and clicks of all channels, in order; a click within a dropout or at its edge is none.

    Silence between clicks is no dropout: without them there is no sound beside it.
    """
    found: list[Gap] = []
    beside = round(_SAME_S * clip.sample_rate)
    for channel, x in enumerate(clip.samples):
        sharp = clicks(x, clip.sample_rate, _share(progress, channel, len(clip.samples)))
        hushed = x.copy()
        for start, end in sharp:
            hushed[start:end] = 0
        still = dropouts(hushed, clip.sample_rate) if sharp else []
        gone = [d for d in dropouts(x, clip.sample_rate) if not sharp or not _outside([d], still)]
        edges = [(start - beside, end + beside) for start, end in gone]
        found += [Gap(start, end, "dropout", (channel,)) for start, end in gone]
        found += [Gap(start, end, "click", (channel,)) for start, end in _outside(sharp, edges)]
    return _joined(found, beside)


def _share(progress: Progress, number: int, count: int) -> Progress:
    return lambda part: progress((number + part) / count)


def _outside(spans: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    starts, ends = np.array(others, int).reshape(-1, 2).T
    return [span for span in spans if not ((starts < span[1]) & (ends > span[0])).any()]


def _joined(found: list[Gap], near: int) -> list[Gap]:
    """In order; what is at one time in several channels is one gap."""
    made: list[Gap] = []
    for gap in sorted(found, key=lambda g: (g.start, g.channels)):
        same = next(
            (
                n
                for n in range(len(made) - 1, max(-1, len(made) - 8), -1)
                if made[n].kind == gap.kind
                and not set(made[n].channels) & set(gap.channels)
                and abs(made[n].start - gap.start) <= near
                and abs(made[n].end - gap.end) <= near
            ),
            None,
        )
        if same is None:
            made.append(gap)
            continue
        both = (*made[same].channels, *gap.channels)
        made[same] = replace(made[same], end=max(made[same].end, gap.end), channels=both)
    return made


def near(clip: Audio, start_s: float, end_s: float, kind: Kind | None) -> list[Gap]:
    """The damage between two times, or about one, of one kind or of any."""
    slack = NEAR_S if start_s == end_s else 0.0
    first = max(0, round((start_s - NEAR_S - _BESIDE_S) * clip.sample_rate))
    part = Audio(clip.samples[:, first : round((end_s + NEAR_S + _BESIDE_S) * clip.sample_rate)], clip.sample_rate)
    low, high = ((at_s + side) * clip.sample_rate - first for at_s, side in ((start_s, -slack), (end_s, slack)))
    return [
        replace(gap, start=gap.start + first, end=gap.end + first)
        for gap in damaged(part)
        if gap.end >= low and gap.start <= high and kind in (None, gap.kind)
    ]


def asked(clip: Audio, start: int, end: int) -> list[Gap]:
    """A stretch that somebody named; where most of it is missing, what is missing, up to its exact borders."""
    beside = round(_BESIDE_S * clip.sample_rate)
    first = max(0, start - beside)
    part = clip.samples[:, first : end + beside]
    gone = [
        Gap(a + first, b + first, "dropout", (channel,))
        for channel, x in enumerate(part)
        for a, b in dropouts(x, clip.sample_rate)
        if a + first < end and b + first > start
    ]
    inside = _covered(gone, start, end, part)
    if inside >= _MOST_OF_IT:
        return _joined(gone, round(_SAME_S * clip.sample_rate))
    return [Gap(start, end, "gap", tuple(range(len(clip.samples))))]


def _covered(gaps: Sequence[Gap], start: int, end: int, part: Samples) -> float:
    """How much of a stretch the gaps of the channel are that has most of them."""
    by_channel = [
        sum(min(g.end, end) - max(g.start, start) for g in gaps if channel in g.channels)
        for channel in range(len(part))
    ]
    return max(by_channel) / (end - start)
