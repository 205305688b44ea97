"""A scene as sound: events laid at their times over what goes on, each at its place, its distance, its level."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pyloudnorm
from numpy.typing import NDArray
from scipy.ndimage import minimum_filter1d, uniform_filter1d
from scipy.signal import butter, oaconvolve, sosfilt, sosfilt_zi

from core.models.sound._scene_reading import Layer, Scene
from core.models.sound._scene_timing import Placed, Plan
from core.models.sound._sound_library import Samples, event, texture
from core.models.sound.generators import RATE, Take

LOUDNESS_LUFS = -18.0
_LOUDER_LU = 2.0
"""A scene that is said to be loud or quiet as a whole is that much louder or quieter, at most."""
_PEAK = 10 ** (-1 / 20)
_EVENT_DB, _UNDER_DB, _ALONE_DB = -3.0, -13.0, -6.0
_DUCK_DB = 5.0
"""By how much what goes on gives way to what happens."""
_FAR_DB = 13.0
_WET, _RECORDED_WET = 0.12, 0.04
"""How much of the room is heard at the usual distance: a recording was made in one."""
_PART_S, _BLEND_S = 20.0, 1.0
"""What goes on is made in parts of this length, each run into the next, so that memory stays bounded."""
_LONGEST_LOOP_S = 30.0
_COMES_S, _GOES_S = 0.4, 0.6
"""How what goes on for a part of the scene comes and goes."""
_HALL_S, _HALL_WET = 2.4, 0.6
_STRETCH = 30 * RATE
_HOP = RATE // 100
_BUSY = 0.05
_AROUND_S = 0.011

Stereo = NDArray[np.float32]
Curve = NDArray[np.float64]


def mixed(
    scene: Scene, seconds: float | None, seed: int, progress: Callable[[float], None]
) -> tuple[Stereo, list[Placed]]:
    """The scene at 48 kHz, shape (2, frames), near `LOUDNESS_LUFS` and below -1 dBFS, and what lies where."""
    rng = np.random.default_rng(seed)
    plan = Plan(scene, seconds or scene.seconds, rng)
    mixer = _Mixer(scene, plan, rng)
    total = len(plan.placed)
    for number, where in enumerate(sorted(plan.placed, key=lambda where: where.lasting)):
        progress(0.8 * number / total)
        mixer.add(where)
    progress(0.8)
    out = mixer.finished()
    progress(1.0)
    return out, sorted(plan.placed, key=lambda where: where.start_s)


class _Mixer:
    """Two buses: what happens, and what goes on and gives way to it."""

    def __init__(self, scene: Scene, plan: Plan, rng: np.random.Generator) -> None:
        self._scene, self._plan, self._rng = scene, plan, rng
        self._over = np.zeros((2, round(plan.seconds * RATE)), np.float32)
        self._under = np.zeros_like(self._over)
        self._alone = len(plan.placed) == 1
        self._rooms: dict[float, Stereo] = {}

    def add(self, where: Placed) -> None:
        """Make one sound and lay it down."""
        if where.lasting:
            self._add_lasting(where)
            return
        layer = where.layer
        if layer.sound.kind == "texture":
            mono = texture(layer.sound, self._take(layer, where.seconds)).copy()
            _fade(mono, 0.03, 0.03)
        else:
            mono = event(layer.sound, self._take(layer, 4.0))
        mono = mono * np.float32(self._rng.uniform(0.85, 1.0) * 10 ** (_EVENT_DB / 20))
        tail = np.pad(mono, (0, round(RATE * _tail_s(layer))))
        self._lay(self._over, self._positioned(tail, layer, where.start_s), round(where.start_s * RATE))

    def _add_lasting(self, where: Placed) -> None:
        layer, start = where.layer, round(where.start_s * RATE)
        gain = np.float32(10 ** ((_ALONE_DB if self._alone else _UNDER_DB) / 20))
        end = start + round(where.seconds * RATE)
        whole = start == 0 and end >= self._over.shape[1]
        for at, part in self._parts(where):
            sides = self._positioned(part * gain, layer, (start + at) / RATE)
            if not whole:
                _edge(sides, start + at, start, end)
            self._lay(self._under, sides, start + at)

    def _parts(self, where: Placed) -> Iterator[tuple[int, Samples]]:
        """What goes on, part by part, with the frame at which each begins; all at one level."""
        layer, frames = where.layer, round(where.seconds * RATE)
        if self._scene.loop:
            turns = max(1, round(where.seconds / _LONGEST_LOOP_S))
            one = texture(layer.sound, self._take(layer, frames / turns / RATE), loop=True)
            for number in range(turns):
                yield number * len(one), one
            return
        if frames <= 1.5 * _PART_S * RATE:
            yield 0, texture(layer.sound, self._take(layer, max(where.seconds, 0.5)))[:frames]
            return
        blend, at, level = round(_BLEND_S * RATE), 0, 0.0
        ramp = np.sqrt(np.linspace(0, 1, blend, dtype=np.float32))
        while at < frames:
            part = texture(layer.sound, self._take(layer, _PART_S)).copy()
            level = level or float(part.std())
            part *= np.float32(level / max(float(part.std()), 1e-6))
            part[:blend] *= ramp if at else 1
            part[-blend:] *= ramp[::-1]
            yield at, part[: frames - at]
            at += len(part) - blend

    def _take(self, layer: Layer, seconds: float) -> Take:
        return Take(self._rng, seconds, layer.size, layer.force, layer.pace, layer.variant)

    def _positioned(self, mono: Samples, layer: Layer, start_s: float) -> Stereo:
        """A sound at its side and its distance: quieter, duller and more in the room the farther it is."""
        far = layer.distance
        if far > 0.3:
            sos = butter(2, 9000 * (1 - far) + 900, fs=RATE, output="sos")
            mono = sosfilt(sos, mono, zi=sosfilt_zi(sos) * mono[0])[0]
        dry = np.asarray(mono * 10 ** ((layer.gain_db - _FAR_DB * far**1.2) / 20), np.float32)
        angle = (self._pan(layer, start_s, len(dry)) + 1) * np.float32(np.pi / 4)
        sides = np.stack([dry * np.cos(angle), dry * np.sin(angle)]) * np.float32(np.sqrt(2))
        if layer.sound.kind == "texture" and not layer.moves and not layer.pan:
            late = np.roll(sides[0], round(_AROUND_S * RATE))  # what surrounds us is not one point
            sides[1] = 0.75 * sides[1] + 0.25 * late
        wet = np.float32((_RECORDED_WET if layer.sound.recording else _WET) + 0.6 * max(0.0, far - Layer.distance))
        return np.stack([side + wet * _echoed(dry, room) for side, room in zip(sides, self._room(far), strict=True)])

    def _pan(self, layer: Layer, start_s: float, frames: int) -> NDArray[np.float32]:
        if not layer.moves:
            return np.full(1, layer.pan, np.float32)
        part = (start_s + np.arange(frames, dtype=np.float32) / RATE) / self._plan.seconds
        return np.asarray(layer.moves * np.clip(2 * part - 1, -0.95, 0.95), np.float32)

    def _room(self, far: float) -> Stereo:
        """The echo of a distance, shape (2, frames): the same for all that is as far."""
        if far not in self._rooms:
            self._rooms[far] = _echo(self._rng, 0.25 + 0.9 * far)
        return self._rooms[far]

    def _lay(self, out: Stereo, sides: Stereo, at: int) -> None:
        end = min(out.shape[1], at + sides.shape[1])
        if end > at:
            out[:, at:end] += sides[:, : end - at]
        if self._scene.loop and at + sides.shape[1] > end:  # what rings on does so at the beginning
            rest = sides[:, max(end - at, 0) :][:, : out.shape[1]]
            out[:, : rest.shape[1]] += rest

    def finished(self) -> Stereo:
        """Both buses as one, in the room that is asked for, at their loudness."""
        duck = _ducking(self._over)
        out = self._over
        for start in range(0, out.shape[1], _STRETCH):
            part = slice(start, min(start + _STRETCH, out.shape[1]))
            at = np.arange(part.start, part.stop) / _HOP
            out[:, part] += self._under[:, part] * np.interp(at, np.arange(len(duck)), duck).astype(np.float32)
        if "hall" in self._scene.rooms:
            for side, echo in zip(out, _echo(self._rng, _HALL_S), strict=True):
                _add_echo(side, echo)
        for room, band in (("muffled", (20.0, 650.0)), ("radio", (350.0, 3200.0))):
            if room in self._scene.rooms:
                _filter(out, butter(3, band, "bandpass", fs=RATE, output="sos"))
        if not self._scene.loop:
            for side in out:
                _fade(side, 0.02, 0.3)
        return levelled(out, LOUDNESS_LUFS + _louder(self._scene))


def _tail_s(layer: Layer) -> float:
    """How long the room rings on behind an event."""
    return 0.25 + 0.9 * layer.distance


def _fade(mono: Samples, rise_s: float, fall_s: float) -> None:
    """Fade in and out, in place."""
    rise, fall = (min(len(mono) // 2, round(seconds * RATE)) for seconds in (rise_s, fall_s))
    mono[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)
    mono[len(mono) - fall :] *= np.linspace(1, 0, fall, dtype=np.float32)


def _edge(sides: Stereo, at: int, start: int, end: int) -> None:
    """Fade, in place, a part that lies at a frame of what begins and ends at others."""
    frames = np.arange(at, at + sides.shape[1], dtype=np.float64)
    rise, fall = (min(seconds * RATE, (end - start) / 2) or 1.0 for seconds in (_COMES_S, _GOES_S))
    sides *= np.clip(np.minimum((frames - start) / rise, (end - frames) / fall), 0, 1)


def _echo(rng: np.random.Generator, seconds: float) -> Stereo:
    """Two decays of noise by 60 dB, shape (2, frames), each of energy 1."""
    count = round(seconds * RATE)
    noise = rng.standard_normal((2, count)) * 10 ** (-3 * np.arange(count) / count)
    noise = sosfilt(butter(1, (200, 5000), "bandpass", fs=RATE, output="sos"), noise, axis=1)
    return np.asarray(noise / np.sqrt((noise**2).sum(1, keepdims=True)), np.float32)


def _echoed(mono: Samples, room: Samples) -> Samples:
    return np.asarray(oaconvolve(mono, room)[: len(mono)], np.float32)


def _add_echo(side: Samples, echo: Samples) -> None:
    """Add an echo, in place and in stretches."""
    ringing = np.zeros(len(echo) - 1, np.float32)
    for start in range(0, len(side), _STRETCH):
        part = side[start : start + _STRETCH]
        wet = np.asarray(oaconvolve(part, echo), np.float32)
        wet[: len(ringing)] += ringing
        ringing = wet[len(part) :].copy()
        part += np.float32(_HALL_WET) * wet[: len(part)]


def _filter(out: Stereo, sos: Curve) -> None:
    """Filter, in place and in stretches."""
    state = np.zeros((len(sos), len(out), 2))
    for start in range(0, out.shape[1], _STRETCH):
        part = out[:, start : start + _STRETCH]
        part[:], state = sosfilt(sos, part, axis=1, zi=state)


def _ducking(over: Stereo) -> Curve:
    """The gain of what goes on, 100 a second: it steps back while something happens, slowly enough not to pump."""
    count = -(-over.shape[1] // _HOP)
    level = np.zeros(count)
    for n in range(0, count, 3000):
        part = over[:, n * _HOP : (n + 3000) * _HOP]
        padded = np.pad(np.abs(part).max(0), (0, -part.shape[1] % _HOP))
        level[n : n + 3000] = padded.reshape(-1, _HOP).mean(1)
    busy = np.clip(uniform_filter1d(level, 10) / _BUSY, 0, 1)
    return np.asarray(uniform_filter1d(minimum_filter1d(10 ** (-_DUCK_DB * busy / 20), 20), 25))


def _louder(scene: Scene) -> float:
    """By how many LU a scene is louder, all of which is loud; or quieter."""
    gains = [layer.gain_db for layer in scene.layers]
    same = all(gain > 0 for gain in gains) or all(gain < 0 for gain in gains)
    return float(np.clip(max(gains, key=abs) / 2.5, -_LOUDER_LU, _LOUDER_LU)) if same else 0.0


def levelled(out: Stereo, target: float) -> Stereo:
    """At the target loudness, in place; peaks bent, never clipped."""
    peak = max(float(out.max()), -float(out.min()))
    if peak <= 0:
        return out
    loudness = _loudness(out)
    gain = 10 ** ((target - loudness) / 20) if loudness is not None else _PEAK / peak
    gain = min(gain, 4 * _PEAK / peak)
    for start in range(0, out.shape[1], _STRETCH):
        part = out[:, start : start + _STRETCH]
        part *= np.float32(gain)
        size = np.abs(part)
        bent = np.sign(part) * (0.6 + 0.4 * np.tanh((size / _PEAK - 0.6) / 0.4)) * _PEAK
        np.copyto(part, bent.astype(np.float32), where=size > 0.6 * _PEAK)
    return out


def _loudness(out: Stereo) -> float | None:
    """In LUFS, the mean of its stretches that are not silent; None where it is too short to have one."""
    meter = pyloudnorm.Meter(RATE)
    powers = []
    for start in range(0, max(1, out.shape[1] - _STRETCH // 2), _STRETCH):
        end = start + _STRETCH if out.shape[1] - start > 1.5 * _STRETCH else out.shape[1]
        if end - start < 0.4 * RATE:
            return None
        with np.errstate(divide="ignore"):  # silence is minus infinity
            powers.append(10 ** (meter.integrated_loudness(out[:, start:end].T) / 10))
        if end == out.shape[1]:
            break
    mean = float(np.mean([power for power in powers if power > 0] or [0]))
    return 10 * float(np.log10(mean)) if mean > 0 else None
