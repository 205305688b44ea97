"""Edit clips: cuts and joins, levels, tone, rooms, speed and pitch. Signal processing of our own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any, NoReturn

import numpy as np
import soxr
from numpy.typing import NDArray

from core.capabilities import AUDIO_EDITING, EditArgs
from core.errors import Ambiguous, BadInput, MissingInput, OverLimit
from core.media import Audio, Samples
from core.models.base import Call, Made, Model, Output, Tier
from core.models.sound import _partly
from core.models.sound._effects import ROOMS, TONES, Tone, compressed, echo, equalise, panned, reverb
from core.models.sound._seams import crossfaded, looped, tightened
from core.sayings import saying

CEILING_DBFS = -1.0
"""No operation that raises the level goes above this true peak (EBU R 128, section 3)."""
_MANY = ("join", "mix")
_SLACK_S = 0.05
"""A person who reads "10 s" off a clip of 9.97 s means its end."""
_BLOCK_S = 0.4
"""ITU-R BS.1770-4 measures loudness in blocks of this length."""
_LOUDNESS_CHANNELS = 5
_LONGEST_S = 3600.0
"""What a loop may become."""
_FLOOR_DB = -60.0
"""Where an exponential fade begins and ends; the last step is to silence."""

Edited = tuple[Audio, dict[str, Any]]


class Editor(Model[EditArgs]):
    """Exact to the sample. It keeps sample rate and channels; join and mix take the highest rate and the most channels.

    Nothing ever clips: what raises the level stops at a true peak of -1 dBFS and says so in `limited`.
    """

    id = "editor"
    capability = AUDIO_EDITING
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    memory_bytes = 64 << 20

    def load(self, device: str) -> None:
        """There is nothing to load."""

    def run(self, call: Call[EditArgs]) -> Output:
        """Carry out one operation.

        Raises:
            MissingInput: a parameter of the operation, or the second clip of a join or a mix, is missing.
            Ambiguous: several clips for an operation on one.
            BadInput: a time is beyond the end of the clip, or the clip is empty, silent or too short for it.
        """
        clips = [clip for clip in call.inputs["audios"] if isinstance(clip, Audio)]
        operation = call.args.operation
        _check_count(operation, len(clips))
        if any(clip.samples.shape[1] == 0 for clip in clips):
            raise BadInput(saying("clip_empty"))
        call.progress(0.0)
        if operation in _MANY:
            edited, facts = _JOINED[operation](clips, call.args)
        elif operation in _OF_PARTS and (call.args.start_s is not None or call.args.end_s is not None):
            edited, facts = _in_part(clips[0], call)
        else:
            edited, facts = _EDITED[operation](clips[0], call)
        call.progress(1.0)
        facts = {"operation": operation, "duration_s": round(edited.duration_s, 6), **facts}
        samples = np.ascontiguousarray(edited.samples, dtype=np.float32)
        return Output(media=(Made(Audio(samples, edited.sample_rate), _NAMES.get(operation, operation)),), facts=facts)


def _check_count(operation: str, count: int) -> None:
    if operation in _MANY and count < 2:
        raise MissingInput(saying("edit_two", operation=operation))
    if operation not in _MANY and count > 1:
        raise Ambiguous(saying("edit_which", count=count))


def _trim(clip: Audio, call: Call[EditArgs]) -> Edited:
    if call.args.start_s is None and call.args.end_s is None:
        raise MissingInput(saying("edit_trim"))
    start, end = _stretch(clip, call.args)
    facts = {"start_s": call.args.start_s or 0.0, "end_s": end / clip.sample_rate}
    return Audio(clip.samples[:, start:end], clip.sample_rate), facts


def _stretch(clip: Audio, args: EditArgs) -> tuple[int, int]:
    """From which frame to which frame, where one end may be left open.

    Raises:
        BadInput: it is not inside the clip.
    """
    start_s, end_s = args.start_s or 0.0, args.end_s
    if end_s is None:
        end_s = clip.duration_s
    elif end_s > clip.duration_s + _SLACK_S:
        _beyond(clip, end_s)
    if start_s >= clip.duration_s:
        _beyond(clip, start_s)
    start, end = (min(round(s * clip.sample_rate), clip.samples.shape[1]) for s in (start_s, end_s))
    if start >= end:
        raise BadInput(saying("edit_nothing_left"))
    return start, end


def _in_part(clip: Audio, call: Call[EditArgs]) -> Edited:
    """Only a stretch is edited; a loop is made of nothing but it."""
    start, end = _stretch(clip, call.args)
    rate, operation = clip.sample_rate, call.args.operation
    where = {"start_s": round(start / rate, 6), "end_s": round(end / rate, 6)}
    if operation == "loop":
        looped_part, told = _loop(Audio(clip.samples[:, start:end], rate), call)
        return looped_part, {**told, **where}
    if operation in _COVERS:
        covered = _partly.covered(clip.samples, rate, start, end, tone=operation == "bleep")
        return _below_ceiling([clip], covered, **where)
    facts: dict[str, Any] = {}

    def edit(samples: Samples) -> Samples:
        edited, told = _EDITED[operation](Audio(samples, rate), call)
        facts.update(told)
        return edited.samples

    samples = _two(clip.samples) if operation == "pan" else clip.samples
    way = _partly.filtered if operation in _LINEAR else _partly.replaced
    edited, limited = _below_ceiling([clip], way(samples, rate, start, end, edit))
    return edited, {**facts, **where, **{k: v for k, v in limited.items() if k == "limited"}}


def _unplaced(clip: Audio, call: Call[EditArgs]) -> Edited:
    raise MissingInput(saying("edit_part"))


def _beyond(clip: Audio, asked_s: float) -> NoReturn:
    raise BadInput(saying("edit_beyond", length=clip.duration_s, asked=asked_s))


def _join(clips: list[Audio], args: EditArgs) -> Edited:
    """One after the other; with a crossfade where one is asked for, of at most half of the shortest clip."""
    alike = _alike(clips)
    rate = alike[0].sample_rate
    fade = min(round((args.crossfade_s or 0.0) * rate), *(c.samples.shape[1] // 2 for c in alike))
    joined = Audio(crossfaded([c.samples for c in alike], fade), rate)
    facts = {"clips": len(clips), **({"crossfade_s": round(fade / rate, 3)} if fade else {})}
    return (joined, facts) if not fade else _below_ceiling(alike, joined.samples, **facts)


def _mix(clips: list[Audio], args: EditArgs) -> Edited:
    """All from the start on, summed; as a whole turned down where the sum would clip."""
    alike = _alike(clips)
    longest = max(c.samples.shape[1] for c in alike)
    total = np.zeros((alike[0].samples.shape[0], longest), np.float32)
    for clip in alike:
        total[:, : clip.samples.shape[1]] += clip.samples
    gain_db = min(0.0, CEILING_DBFS - peak_dbfs(total))
    return _amplified(Audio(total, alike[0].sample_rate), gain_db, clips=len(clips), limited=gain_db < 0)


def _alike(clips: list[Audio]) -> list[Audio]:
    """The clips at the highest of their sample rates and the largest of their channel counts.

    Mono goes to every channel; a clip with fewer channels than the widest, but more than one, gets silent ones.
    """
    rate = max(c.sample_rate for c in clips)
    channels = max(c.samples.shape[0] for c in clips)
    alike = []
    for clip in clips:
        samples = clip.samples
        if clip.sample_rate != rate:
            samples = soxr.resample(samples.T, clip.sample_rate, rate).T
        if samples.shape[0] == 1:
            samples = np.repeat(samples, channels, axis=0)
        samples = np.pad(samples, ((0, channels - samples.shape[0]), (0, 0)))
        alike.append(Audio(samples, rate))
    return alike


def _gain(clip: Audio, call: Call[EditArgs]) -> Edited:
    """A boost ends where the peak reaches the ceiling; it never turns into a cut."""
    asked = call.args.gain_db
    if asked is None:
        raise MissingInput(saying("edit_gain"))
    gain_db = asked if asked <= 0 else min(asked, max(0.0, CEILING_DBFS - peak_dbfs(clip.samples)))
    return _amplified(clip, gain_db, limited=gain_db < asked)


def _normalise(clip: Audio, call: Call[EditArgs]) -> Edited:
    """To a target loudness (ITU-R BS.1770-4), below the peak ceiling."""
    before = loudness_lufs(clip)
    target = call.args.loudness_lufs
    gain_db = min(target - before, CEILING_DBFS - peak_dbfs(clip.samples))
    after = before + gain_db
    return _amplified(
        clip, gain_db, limited=gain_db < target - before, loudness_before=round(before, 2), loudness=round(after, 2)
    )


def loudness_lufs(clip: Audio) -> float:
    """Integrated loudness, ITU-R BS.1770-4.

    Raises:
        BadInput: the clip is shorter than one block of the measure, silent, or has more than five channels.
    """
    import pyloudnorm

    channels, frames = clip.samples.shape
    if frames < _BLOCK_S * clip.sample_rate:
        raise BadInput(saying("edit_loudness_short", least=_BLOCK_S))
    if channels > _LOUDNESS_CHANNELS:
        raise BadInput(
            f"I can measure the loudness of at most {_LOUDNESS_CHANNELS} channels; that clip has {channels}."
        )
    with np.errstate(divide="ignore"):  # silence is minus infinity
        loudness = pyloudnorm.Meter(clip.sample_rate).integrated_loudness(clip.samples.T.astype(np.float64))
    if not np.isfinite(loudness):
        raise BadInput(saying("edit_loudness_silent"))
    return float(loudness)


def peak_dbfs(samples: Samples) -> float:
    """True peak, four times oversampled (ITU-R BS.1770-4, annex 2), in dB relative to full scale; -inf for silence."""
    between = max(_oversampled_peak(channel) for channel in samples)
    return max(_sample_peak_dbfs(samples), 20 * float(np.log10(between)) if between > 0 else float("-inf"))


def _oversampled_peak(channel: Samples) -> float:
    """In stretches, so that an hour does not take gigabytes."""
    stream = soxr.ResampleStream(1, 4, 1, dtype="float32")
    step = 1 << 20
    peak = 0.0
    for begin in range(0, len(channel), step):
        last = begin + step >= len(channel)
        peak = max(peak, float(np.abs(stream.resample_chunk(channel[begin : begin + step], last=last)).max(initial=0)))
    return peak


def _amplified(clip: Audio, gain_db: float, **facts: Any) -> Edited:
    samples = clip.samples * np.float32(10 ** (gain_db / 20))
    return Audio(samples, clip.sample_rate), {"gain_db": round(gain_db, 2), **facts}


def _speed(clip: Audio, call: Call[EditArgs]) -> Edited:
    from core.models.sound._stretch import stretch

    factor = call.args.factor
    if factor is None:
        raise MissingInput(saying("edit_speed"))
    samples = stretch(clip.samples, clip.sample_rate, 1 / factor, call.progress) if factor != 1 else clip.samples
    return _below_ceiling([clip], samples, factor=factor)


def _pitch(clip: Audio, call: Call[EditArgs]) -> Edited:
    from core.models.sound._stretch import shift

    semitones = call.args.semitones
    if semitones is None:
        raise MissingInput(saying("edit_pitch"))
    samples = clip.samples
    if semitones:
        samples = shift(samples, clip.sample_rate, 2 ** (semitones / 12), call.progress)
    return _below_ceiling([clip], samples, semitones=semitones)


def _below_ceiling(origins: list[Audio], samples: Samples, **facts: Any) -> Edited:
    """Turned down where the peaks have become higher than both the ceiling and those of the clips before."""
    rate = origins[0].sample_rate
    excess = max(
        measure(samples) - max(CEILING_DBFS, *(measure(clip.samples) for clip in origins))
        for measure in (peak_dbfs, _sample_peak_dbfs)  # what was clipped once has true peaks far above full scale
    )
    if excess > 0:
        return _amplified(Audio(samples, rate), -excess, **facts, limited=True)
    return Audio(samples, rate), facts


def _sample_peak_dbfs(samples: Samples) -> float:
    peak = float(np.abs(samples).max(initial=0.0))
    return 20 * float(np.log10(peak)) if peak > 0 else float("-inf")


def _reverse(clip: Audio, call: Call[EditArgs]) -> Edited:
    return Audio(clip.samples[:, ::-1], clip.sample_rate), {}


def _fade(clip: Audio, call: Call[EditArgs]) -> Edited:
    """Equal power unless said, a quarter of a sine: the loudness seems to change evenly."""
    args = call.args
    if not args.fade_in_s and not args.fade_out_s:
        raise MissingInput(saying("edit_fade"))
    fade_in, fade_out = (round((s or 0.0) * clip.sample_rate) for s in (args.fade_in_s, args.fade_out_s))
    if fade_in + fade_out > clip.samples.shape[1]:
        _beyond(clip, (args.fade_in_s or 0.0) + (args.fade_out_s or 0.0))
    curve = _SHAPES[args.shape]
    envelope = np.ones(clip.samples.shape[1], np.float32)
    envelope[:fade_in] = curve(np.linspace(0, 1, fade_in, endpoint=False))
    envelope[len(envelope) - fade_out :] = curve(np.linspace(1, 0, fade_out))
    shape = args.shape.replace("_", " ")
    facts = {"fade_in_s": args.fade_in_s or 0.0, "fade_out_s": args.fade_out_s or 0.0, "shape": shape}
    return Audio(clip.samples * envelope, clip.sample_rate), facts


def _loop(clip: Audio, call: Call[EditArgs]) -> Edited:
    args = call.args
    times = args.times or 2
    seconds = args.seconds if args.times is None else None
    if (seconds or times * clip.duration_s) > _LONGEST_S:
        raise OverLimit(saying("edit_loop_long", minutes=_LONGEST_S / 60))
    fade = None if args.crossfade_s is None else round(args.crossfade_s * clip.sample_rate)
    samples = looped(clip.samples, clip.sample_rate, times, seconds, fade)
    return _below_ceiling([clip], samples, **({"times": times} if seconds is None else {"seconds": seconds}))


def _reverb(clip: Audio, call: Call[EditArgs]) -> Edited:
    room = ROOMS[call.args.space]
    samples = reverb(clip.samples, clip.sample_rate, room, call.args.amount, call.progress)
    facts = {"space": call.args.space, "amount": call.args.amount, "decay_s": room.decay_s}
    return _below_ceiling([clip], samples, **facts)


def _echo(clip: Audio, call: Call[EditArgs]) -> Edited:
    args = call.args
    samples = echo(clip.samples, clip.sample_rate, args.delay_s, args.amount)
    return _below_ceiling([clip], samples, delay_s=args.delay_s, amount=args.amount)


def _equalise(clip: Audio, call: Call[EditArgs]) -> Edited:
    args = call.args
    own = {name: getattr(args, name) for name in Tone.__dataclass_fields__ if getattr(args, name)}
    if not own and args.preset is None:
        raise MissingInput(saying("edit_filter"))
    tone = replace(TONES.get(args.preset or "", Tone()), **own)
    if tone.low_cut_hz and tone.high_cut_hz and tone.low_cut_hz >= tone.high_cut_hz:
        raise BadInput(saying("edit_filter_all"))
    samples = equalise(clip.samples, clip.sample_rate, tone, call.progress)
    facts = {name: value for name, value in asdict(tone).items() if value}
    return _below_ceiling([clip], samples, **facts, **({"preset": args.preset} if args.preset else {}))


def _compress(clip: Audio, call: Call[EditArgs]) -> Edited:
    """Then to the target loudness, so that what was quiet is louder now."""
    samples = compressed(clip.samples, clip.sample_rate, call.progress)
    return _normalise(Audio(samples, clip.sample_rate), call)


def _remove_silence(clip: Audio, call: Call[EditArgs]) -> Edited:
    samples = tightened(clip.samples, clip.sample_rate, call.args.longest_s)
    if not samples.shape[1]:
        raise BadInput(saying("edit_all_silent"))
    removed_s = (clip.samples.shape[1] - samples.shape[1]) / clip.sample_rate
    return Audio(samples, clip.sample_rate), {"longest_s": call.args.longest_s, "removed_s": round(removed_s, 3)}


def _mono(clip: Audio, call: Call[EditArgs]) -> Edited:
    return Audio(clip.mono()[None], clip.sample_rate), {}


def _stereo(clip: Audio, call: Call[EditArgs]) -> Edited:
    return _below_ceiling([clip], _two(clip.samples))


def _two(samples: Samples) -> Samples:
    """Two channels: one goes to both, and so do those beyond the second, at half their power."""
    if len(samples) == 1:
        return np.repeat(samples, 2, axis=0)
    beyond = samples[2:].sum(axis=0) * np.float32(np.sqrt(0.5))
    return np.asarray(samples[:2] + beyond, np.float32)


def _pan(clip: Audio, call: Call[EditArgs]) -> Edited:
    pan = call.args.pan
    if pan is None:
        raise MissingInput(saying("edit_side"))
    samples = clip.samples if len(clip.samples) == 1 else _two(clip.samples)
    return _below_ceiling([clip], panned(samples, pan), pan=pan)


def _exponential(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Even in decibels."""
    return np.where(x > 0, 10 ** (_FLOOR_DB / 20 * (1 - x)), 0.0)


_SHAPES: dict[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "equal_power": lambda x: np.sin(x * np.pi / 2),
    "linear": lambda x: x,
    "exponential": _exponential,
}
_JOINED: dict[str, Callable[[list[Audio], EditArgs], Edited]] = {"join": _join, "mix": _mix}
_EDITED: dict[str, Callable[[Audio, Call[EditArgs]], Edited]] = {
    "trim": _trim,
    "loop": _loop,
    "gain": _gain,
    "normalise": _normalise,
    "compress": _compress,
    "equalise": _equalise,
    "reverb": _reverb,
    "echo": _echo,
    "speed": _speed,
    "pitch": _pitch,
    "reverse": _reverse,
    "fade": _fade,
    "remove_silence": _remove_silence,
    "mono": _mono,
    "stereo": _stereo,
    "pan": _pan,
    "mute": _unplaced,
    "bleep": _unplaced,
}
_LINEAR = frozenset(["gain", "equalise", "reverb", "echo", "pan"])
"""They keep time and sum up, so that they can fade in and out and ring on."""
_COVERS = frozenset(["mute", "bleep"])
_OF_PARTS = _LINEAR | _COVERS | {"normalise", "compress", "speed", "pitch", "reverse", "remove_silence", "loop"}
"""What can be done to a stretch while the rest stays as it is."""
_NAMES = {
    "trim": "trimmed",
    "join": "joined",
    "loop": "looped",
    "normalise": "normalised",
    "compress": "compressed",
    "equalise": "equalised",
    "reverse": "reversed",
    "fade": "faded",
    "remove_silence": "tightened",
    "pan": "panned",
    "mute": "muted",
    "bleep": "bleeped",
}
"""For file names; the others are called as they are."""
