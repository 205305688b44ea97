"""Mends recordings: damage that it finds, stretches that are named, sounds that are to go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from core.capabilities import AUDIO_INPAINTING, InpaintArgs
from core.errors import BadInput, OverLimit
from core.media import Audio, Picture, Samples
from core.models.base import Call, Made, Output
from core.models.sound import _matching, _vocoding
from core.models.sound._borders import borders
from core.models.sound._clipping import clipped, declipped
from core.models.sound._events import Event, loud_stretches, spans
from core.models.sound._finding import answer
from core.models.sound._gaps import NEAR_S, asked, damaged, near
from core.models.sound._hearing import checked
from core.models.sound._listening import listen, probable
from core.models.sound._mending import Gap, Mask, filled
from core.models.sound._tagging import Tagging, no_words
from core.models.sound._timeline import before_after
from core.models.sound._told_mending import moment, nothing, told
from core.models.sound._yamnet import class_names
from core.models.sound.damage import damages_named
from core.sayings import saying
from core.settings import Settings

LONGEST_S = 3.0
"""Nobody believes what is made up for longer."""
_MOST = 0.5
"""Of the clip may be filled: the rest tells what belongs there."""
_SLACK_S = 0.05
"""A person who reads "10 s" off a clip of 9.97 s means its end."""
_AROUND_S = 6.0
"""Of the clip on each side of a time is listened to for a sound that is said to be there."""
_BORDER_S = 0.02
"""Taken away beside a sound: its attack and its last decay."""
_BESIDE_S = 3.0
"""Of the clip on each side of a sound its borders are told from, and of a gap whether somebody speaks there."""
_BURST_S = 1.0
"""What stands out for longer is no short sound, but somebody who speaks."""
_SPEECH, _MUSIC = 0.7, 0.2
"""From the first on, and up to the second, it is speech and little else."""
_PEAK_S = 0.005
_CEILING = 10 ** (-1 / 20)
"""Restored peaks stay below it: the whole clip is turned down where they would not."""
_SHOWN_BESIDE_S, _SHOWN_GAPS_S = 1.5, 12.0
"""Of the clip in the picture: so much on each side; gaps further from the first than this are not in it."""

Span = tuple[float, float]
"""Start and end in seconds."""

_LABELS = {"gap": "filled", "sound": "taken out"}


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """What is to be done with a clip."""

    samples: Samples
    """The clip, its peaks already restored."""
    gaps: list[Gap]
    peaks: int = 0
    """Samples that were clipped."""
    unknown: bool = False
    """The named sound was not recognised: what stands out where it should be is filled."""


class Mender(Tagging[InpaintArgs]):
    """Short gaps by autoregression (Janssen et al. 1986), long ones by continuing both sides or by a like stretch.

    Which of these two is tried out beside the gap; in speech, a vocoder fills up to 0.4 s (Morise et al. 2016). All
    channels, any sample rate; everything outside the gaps stays as it is, but for 30 ms beside a gap that another
    stretch of the clip fills. Nothing found changes nothing.
    """

    id = "mender"
    capability = AUDIO_INPAINTING
    memory_bytes = 192 << 20
    called = "The mender"
    longest_s: ClassVar[float] = LONGEST_S

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or which packages to install."""
        return super().missing(settings) or no_words() or _vocoding.missing()

    def run(self, call: Call[InpaintArgs]) -> Output:
        """Fill what is named or found: the clip, a picture of before and after, a sentence.

        Raises:
            BadInput: the clip is empty or silent, a time is beyond its end, or the words mean no sound that is known.
            OverLimit: a gap is too long, or they are most of the clip, to be filled believably.
        """
        clip = checked(call.audio())
        planned = self._planned(call, clip)
        if isinstance(planned, Output):
            return planned
        self._check(planned.gaps, clip)
        rate = clip.sample_rate
        samples, done = self._filled(call, Audio(planned.samples, rate), planned.gaps)
        peak = float(np.abs(samples).max())
        gain = min(1.0, _CEILING / peak) if planned.peaks and peak > 1 else 1.0
        mended = Audio(np.asarray(samples * np.float32(gain), np.float32), rate)
        text = told(done, rate, call.args.target, planned.peaks, gain, planned.unknown)
        facts: dict[str, Any] = {
            "found": True,
            "count": len(done),
            "gaps": [_fact(gap, rate) for gap in done],
            "clipped_samples": planned.peaks,
            "gain_db": round(20 * float(np.log10(gain)), 2),
        }
        picture = self._picture(clip, mended, done, planned.peaks)
        return Output(text, (Made(mended, "mended", text.splitlines()[0]), Made(picture, "before-after", text)), facts)

    def _filled(self, call: Call[InpaintArgs], clip: Audio, gaps: Sequence[Gap]) -> tuple[Samples, list[Gap]]:
        """The clip's samples with every gap filled, and the gaps with how they were."""
        return filled(
            clip,
            gaps,
            call.seed,
            lambda part: call.progress(0.4 + 0.6 * part),
            lambda gap: self._spoken(clip.samples, clip.sample_rate, gap),
        )

    def _planned(self, call: Call[InpaintArgs], clip: Audio) -> _Plan | Output:
        """What is to be filled, or the answer that there is nothing."""
        args = call.args
        start_s, end_s = args.start_s, args.end_s
        if start_s is None and end_s is not None:
            start_s, end_s = end_s, None
        for time_s in (start_s, end_s):
            if time_s is not None and time_s > clip.duration_s + _SLACK_S:
                raise BadInput(saying("mending_beyond", end=moment(clip.duration_s), asked=moment(time_s)))
        kind = next(iter(damages_named(args.target or "")), None)
        if args.target and not kind:
            return self._sounds(call, clip, args.target, start_s, end_s)
        if start_s is None or kind == "clipping":
            return _found(call, clip, kind)
        gaps = near(clip, start_s, start_s if end_s is None else end_s, kind) if kind or end_s is None else []
        if end_s is not None:
            return _Plan(clip.samples, gaps or _between(clip, start_s, end_s))
        return _Plan(clip.samples, gaps) if gaps else nothing(f"near {moment(start_s)}", [kind] if kind else [])

    def _sounds(
        self, call: Call[InpaintArgs], clip: Audio, target: str, start_s: float | None, end_s: float | None
    ) -> _Plan | Output:
        """Where a named sound is that is to go."""
        network, matcher = self._network, _matching.shared()
        assert network is not None
        if start_s is None:
            heard = listen(network, matcher, target, clip, lambda fraction: call.progress(0.4 * fraction))
            if not heard.times:
                return answer(target, [], heard.names, heard.heard, float(heard.scores.max()), heard.instead)
            times = [self._exact(clip, start, end) for start, end, _ in heard.times]
            return _Plan(clip.samples, _cut_out(times, clip))
        near_to, known = self._near(clip, target, start_s, start_s if end_s is None else end_s)
        if near_to:
            return _Plan(clip.samples, _cut_out([near_to], clip), unknown=not known)
        if end_s is not None:
            return _Plan(clip.samples, _between(clip, start_s, end_s))
        text = f"I hear no “{target}” near {moment(start_s)}, so I changed nothing. From when to when shall I fill?"
        return Output(text, facts={"found": False, "target": target})

    def _near(self, clip: Audio, target: str, start_s: float, end_s: float) -> tuple[Span | None, bool]:
        """When the sound is heard at about this time, by its name; else what stands out there for a moment."""
        assert self._network is not None
        first = max(0, round((start_s - _AROUND_S) * clip.sample_rate))
        part = Audio(clip.samples[:, first : round((end_s + _AROUND_S) * clip.sample_rate)], clip.sample_rate)
        offset = first / clip.sample_rate
        heard = self._network.hear(part)
        meant = _matching.shared().meant(target)
        named = [(a, b) for a, b, _ in spans(probable(heard, meant), heard)] if meant else []
        bursts = [(float(a), float(b)) for a, b in loud_stretches(heard.level_db) if b - a <= _BURST_S]
        one = start_s == end_s
        for times, known, slack in ((named, True, NEAR_S if one else 0), (bursts, False, NEAR_S / 2 if one else 0)):
            moved = [(a + offset, b + offset) for a, b in times]
            there = [(a, b) for a, b in moved if b > start_s - slack and a < end_s + slack]
            if there:
                middle = (start_s + end_s) / 2
                a, b = self._exact(clip, *min(there, key=lambda t: max(t[0] - middle, middle - t[1], 0.0)))
                return ((a, b) if one else (max(a, start_s), min(b, end_s))), known
        return None, False

    def _exact(self, clip: Audio, start_s: float, end_s: float) -> Span:
        """To the hundredth of a second, where the sound has what those around it have not."""
        assert self._network is not None
        first = max(0.0, start_s - _BESIDE_S)
        part = clip.samples[:, round(first * clip.sample_rate) : round((end_s + _BESIDE_S) * clip.sample_rate)]
        if end_s - start_s > self.longest_s:
            return start_s, end_s  # it is refused anyhow
        begin, stop = borders(self._network.hear(Audio(part, clip.sample_rate)).mel, start_s - first, end_s - first)
        return begin + first, stop + first

    def _spoken(self, samples: Samples, rate: int, gap: Gap) -> bool:
        """Whether somebody speaks around a gap, and no music plays."""
        assert self._network is not None
        beside = round(_BESIDE_S * rate)
        sides = samples[:, max(0, gap.start - beside) : gap.start], samples[:, gap.end : gap.end + beside]
        scores = self._network.hear(Audio(np.concatenate(sides, axis=1), rate)).scores.mean(axis=0)
        speech, music = (float(scores[class_names().index(name)]) for name in ("Speech", "Music"))
        return speech >= _SPEECH and music <= _MUSIC

    def _check(self, gaps: Sequence[Gap], clip: Audio) -> None:
        longest = max((gap.length for gap in gaps), default=0) / clip.sample_rate
        if longest > self.longest_s:
            raise OverLimit(saying("mending_long", longest=longest, most=self.longest_s))
        total = sum(gap.length for gap in gaps)
        if total > _MOST * clip.samples.shape[1]:
            raise OverLimit(saying("mending_most"))

    def _picture(self, clip: Audio, mended: Audio, gaps: Sequence[Gap], peaks: int) -> Picture:
        """Before and after, of the stretch with the gaps that are near the first."""
        assert self._network is not None
        rate = clip.sample_rate
        times = [(gap.start / rate, gap.end / rate) for gap in gaps]
        begin = times[0][0] if times else 0.0
        shown = [time for time in times if time[1] <= begin + _SHOWN_GAPS_S] or times[:1]
        stop = max((end for _, end in shown), default=clip.duration_s)
        start_s, end_s = max(0.0, begin - _SHOWN_BESIDE_S), min(clip.duration_s, stop + _SHOWN_BESIDE_S)
        part = slice(round(start_s * rate), round(end_s * rate))
        before, after = (self._network.hear(Audio(c.samples[:, part], rate)).mel for c in (clip, mended))
        events = [
            Event(0, _LABELS.get(gap.kind, gap.kind), a, b, 1.0)
            for gap, (a, b) in zip(gaps, times, strict=True)
            if (a, b) in shown
        ]
        if not events and peaks:
            events = [Event(0, "clipping", start_s, end_s, 1.0)]
        return before_after(before, after, events, start_s, end_s - start_s)


def _found(call: Call[InpaintArgs], clip: Audio, kind: str | None) -> _Plan | Output:
    """All the damage of a clip, or of one kind."""
    samples, peaks = clip.samples, 0
    masks: list[Mask | None] = []
    if kind in (None, "clipping"):
        masks = [clipped(x) for x in clip.samples]
        peaks = sum(int(mask.sum()) for mask in masks if mask is not None)
        if peaks:
            samples = np.stack(
                [
                    x if mask is None else declipped(x, mask, clip.sample_rate, lambda part: call.progress(0.2 * part))
                    for x, mask in zip(clip.samples, masks, strict=True)
                ]
            )
    gaps: list[Gap] = []
    if kind != "clipping":
        found = damaged(Audio(samples, clip.sample_rate), lambda part: call.progress(0.2 + 0.2 * part))
        gaps = [gap for gap in found if kind in (None, gap.kind) and not _at_peaks(gap, masks, clip.sample_rate)]
    return _Plan(samples, gaps, peaks) if gaps or peaks else nothing("in it", [kind] if kind else [])


def _at_peaks(gap: Gap, masks: Sequence[Mask | None], rate: int) -> bool:
    """Whether a click is but a peak that was put back."""
    beside = round(_PEAK_S * rate)
    part = slice(max(0, gap.start - beside), gap.end + beside)
    at_them = any(mask is not None and mask[part].any() for mask in (masks[c] for c in gap.channels if masks))
    return gap.kind == "click" and at_them


def _between(clip: Audio, start_s: float, end_s: float) -> list[Gap]:
    """The stretch between two times.

    Raises:
        BadInput: it is empty.
    """
    frames = clip.samples.shape[1]
    start, end = (min(frames, round(time * clip.sample_rate)) for time in (start_s, end_s))
    if end <= start:
        raise BadInput(saying("mending_between", start=moment(start_s), end=moment(end_s)))
    return asked(clip, start, end)


def _cut_out(times: Sequence[tuple[float, float]], clip: Audio) -> list[Gap]:
    """A little more than the sound, in all channels; what touches is one."""
    frames, rate = clip.samples.shape[1], clip.sample_rate
    gaps: list[Gap] = []
    for start_s, end_s in sorted(times):
        start, end = max(0, round((start_s - _BORDER_S) * rate)), min(frames, round((end_s + _BORDER_S) * rate))
        if gaps and start <= gaps[-1].end:
            gaps[-1] = replace(gaps[-1], end=max(end, gaps[-1].end))
        else:
            gaps.append(Gap(start, end, "sound", tuple(range(len(clip.samples)))))
    return gaps


def _fact(gap: Gap, rate: int) -> dict[str, Any]:
    return {
        "start_s": round(gap.start / rate, 4),
        "end_s": round(gap.end / rate, 4),
        "kind": gap.kind,
        "method": gap.way,
        "channels": list(gap.channels),
    }
