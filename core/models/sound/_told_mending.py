"""How it is told what was mended, where and how."""

from __future__ import annotations

from collections.abc import Sequence

from core.models.base import Output
from core.models.sound._hearing import named
from core.models.sound._mending import Gap

_SHOWN = 5
_LOST_S = 0.2
"""Longer gaps hold more than a sound: a syllable."""
_ONE = {"dropout": "dropout", "click": "click", "gap": "stretch"}
_WAYS = {
    "interpolation": "computed from the samples on both sides",
    "continuation": "the sound on both sides continued into each other",
    "vocoder": "the voice led on from both sides",
    "patch": "a like stretch of the same recording",
    "repaint": "made anew by a network for music, from what is around it",
}


def told(gaps: Sequence[Gap], rate: int, target: str | None, peaks: int, gain: float, unknown: bool) -> str:
    """What was filled, when, and how; what clipping there was; what cannot be expected.

    The `target` is a sound that was to go; it is `unknown` where it was not recognised.
    """
    kinds = [kind for kind in dict.fromkeys(gap.kind for gap in gaps) if kind in _ONE]
    parts = [_of_one_kind([gap for gap in gaps if gap.kind == kind], rate) for kind in kinds]
    lines = [f"I filled {named(parts)}."] if parts else []
    if gaps and gaps[0].kind == "sound":
        lines = [f"I took “{target}” out ({_times(gaps, rate)}) and filled what it left."]
    if gaps:
        ways = list(dict.fromkeys(_WAYS[gap.way] for gap in gaps if gap.way))
        rest = "" if peaks else "; all else is as it was"
        lines.append(f"What is there now is {' or '.join(ways)}{rest}.")
    if unknown:
        lines.append("I did not recognise it by its sound: that is what stands out there.")
    if any(gap.length > _LOST_S * rate for gap in gaps):
        lines.append("Words or notes that were lost stay lost: it sounds like what is around it.")
    if peaks:
        lines.append(f"I put back the tops of peaks that were cut off ({peaks} samples of clipping).")
        if gain < 1:
            lines.append("They need room, so the whole clip is a little quieter now.")
    return " ".join(lines)


def _of_one_kind(gaps: Sequence[Gap], rate: int) -> str:
    word = _ONE[gaps[0].kind]
    count = f"a {word}" if len(gaps) == 1 else f"{len(gaps)} {word}{'es' if word == 'stretch' else 's'}"
    return f"{count} ({_times(gaps, rate)})"


def _times(gaps: Sequence[Gap], rate: int) -> str:
    times = [_span(gap, rate) for gap in gaps[:_SHOWN]]
    if len(gaps) > _SHOWN:
        times.append(f"{len(gaps) - _SHOWN} more")
    return ", ".join(times)


def _span(gap: Gap, rate: int) -> str:
    start, end = gap.start / rate, gap.end / rate
    if end - start < 0.01:
        return moment(start)
    return f"{moment(start).removesuffix(' s')}–{moment(end)}"


def nothing(where: str, kinds: Sequence[str]) -> Output:
    """The answer where there is nothing to mend."""
    searched = " and no ".join(f"{kind}{'' if kind == 'clipping' else 's'}" for kind in kinds or ("dropout", "click"))
    more = "" if kinds or where != "in it" else " and no clipping"
    text = f"I find no {searched}{more} {where}, so I changed nothing. Tell me from when to when, and I fill that."
    return Output(text, facts={"found": False})


def moment(at_s: float) -> str:
    """A time to the hundredth: "2.50 s", "1:02.50"."""
    if at_s < 60:
        return f"{at_s:.2f} s"
    return f"{int(at_s) // 60}:{at_s % 60:05.2f}"
