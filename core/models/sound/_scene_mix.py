"""A scene as sound: events laid at their times over what goes on, each at its place, its distance, its level."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyloudnorm
from numpy.typing import NDArray
from scipy.ndimage import minimum_filter1d, uniform_filter1d
from scipy.signal import butter, fftconvolve, sosfilt

from core.models.sound._scene_reading import Layer, Scene
from core.models.sound._sound_library import Samples, event, texture
from core.models.sound.generators import RATE, Take
from core.models.sound.generators._dsp import noise

LOUDNESS_LUFS = -18.0
_PEAK = 10 ** (-1 / 20)
_AIR_DB = -54.0
"""The air of a place, RMS: nothing that is recorded is followed by digital silence."""
_TEXTURE_S, _REPEATED_S = 8.0, 6.0
"""How long a scene is that says nothing of it: of what goes on, of what repeats."""
_EVENT_DB = {"event": -3.0, "texture": -13.0}
_ALONE_DB = -6.0
_GAP_S = 0.35
_TAIL_S = 0.8
_DUCK_DB = 5.0
"""By how much what goes on gives way to what happens."""
_FAR_DB = 13.0
_PART_S = 20.0
"""A long texture is made in parts of this length, each run into the next, so that memory stays bounded."""

Stereo = NDArray[np.float32]


@dataclass(frozen=True)
class Placed:
    """One sound where it came to lie."""

    layer: Layer
    start_s: float
    seconds: float


def mixed(
    scene: Scene, seconds: float | None, seed: int, progress: Callable[[float], None]
) -> tuple[Stereo, list[Placed]]:
    """The scene at 48 kHz, shape (2, frames), at `LOUDNESS_LUFS` and below -1 dBFS, and what lies where."""
    rng = np.random.default_rng(seed)
    asked = seconds or scene.seconds
    placed, events = _timed(scene, asked, rng)
    length = asked or _length(scene, placed)
    over = np.zeros((2, round(length * RATE)), np.float32)
    for number, (where, mono) in enumerate(events):
        progress(0.4 * number / len(events))
        _add(over, _positioned(mono, where.layer, where.start_s, length, rng), round(where.start_s * RATE))
    under = np.zeros_like(over)
    steady = [layer for layer in scene.layers if _goes_on(layer)]
    for number, layer in enumerate(steady):
        progress(0.4 + 0.5 * number / len(steady))
        mono = _long(layer, length - (layer.start_s or 0.0), rng, loop=scene.loop)
        level = _EVENT_DB["texture"] if events or len(steady) > 1 else _ALONE_DB
        start = layer.start_s or 0.0
        sides = _positioned(mono * np.float32(10 ** (level / 20)), layer, 0.0, length, rng)
        _add(under, sides, round(start * RATE))
        placed.append(Placed(layer, start, length - start))
    out = _finished(scene, over + under * _ducked(over), rng)
    progress(1.0)
    return out, sorted(placed, key=lambda where: where.start_s)


def _goes_on(layer: Layer) -> bool:
    return layer.sound.kind == "texture" and not (layer.times and layer.times > 1)


def _plural(layer: Layer) -> bool:
    """Whether the words mean that it comes again and again: footsteps, church bells, car horns."""
    if layer.constant or layer.sound.name == "footstep":
        return True
    nouns = (layer.sound.name, *layer.sound.words, layer.sound.name.split()[-1])
    said = (layer.said, *layer.said.split())
    return not layer.single and any(word.endswith("s") and word[:-1] in nouns for word in said)


def _take(layer: Layer, rng: np.random.Generator, seconds: float = 4.0) -> Take:
    return Take(rng, seconds, layer.size, layer.force, layer.pace, layer.variant)


def _timed(
    scene: Scene, asked: float | None, rng: np.random.Generator
) -> tuple[list[Placed], list[tuple[Placed, Samples]]]:
    """When each event happens. What is not told a time begins with the scene, or when the one before it is over."""
    events: list[tuple[Placed, Samples]] = []
    now = 0.0
    steady = any(_goes_on(layer) for layer in scene.layers)
    lead = 0.6 if steady else 0.05
    begun = lead
    for layer in scene.layers:
        if _goes_on(layer):
            continue
        if layer.start_s is not None:
            begun = layer.start_s if not layer.after_previous else now + layer.start_s
        elif layer.after_previous:
            begun = max(now + _GAP_S, lead)
        elif events and not _plural(layer):
            begun = now + 0.15 if len(scene.layers) > 2 else begun
        end = begun
        for start, mono in _repeated(layer, begun, asked, rng):
            where = Placed(layer, start, len(mono) / RATE)
            gain = 10 ** ((_EVENT_DB["event"]) / 20)
            events.append((where, mono * np.float32(gain)))
            end = max(end, start + len(mono) / RATE)
        now = max(now, end)
    return [where for where, _ in events], events


def _repeated(layer: Layer, begun: float, asked: float | None, rng: np.random.Generator) -> list[tuple[float, Samples]]:
    found: list[tuple[float, Samples]] = []
    texture_like = layer.sound.kind == "texture"
    every = (layer.sound.repeats_s or 1.2) / layer.pace
    until = asked if asked is not None else begun + _REPEATED_S
    many = layer.times is None and _plural(layer)
    count = layer.times or (10_000 if many else 1)
    start = begun
    for _ in range(count):
        if many and start > until - 0.3:
            break
        mono = texture(layer.sound, _take(layer, rng, 1.5)) if texture_like else event(layer.sound, _take(layer, rng))
        mono = mono * np.float32(rng.uniform(0.85, 1.0))
        found.append((start, mono))
        apart = max(every * rng.uniform(0.92, 1.08), 0.0)
        least = len(mono) / RATE + 0.12 if layer.times and layer.sound.recording else 0.0
        start += max(apart, least)
    return found


def _length(scene: Scene, placed: list[Placed]) -> float:
    ends = [where.start_s + where.seconds for where in placed]
    steady = [layer for layer in scene.layers if _goes_on(layer)]
    tail = _TAIL_S if ends else 0.0
    return max([*(end + tail for end in ends), *((layer.start_s or 0.0) + _TEXTURE_S for layer in steady)])


def _long(layer: Layer, seconds: float, rng: np.random.Generator, *, loop: bool) -> Samples:
    """What goes on for as long as is asked, part by part."""
    if seconds <= _PART_S * 1.5 or loop:
        return texture(layer.sound, _take(layer, rng, max(seconds, 0.5)), loop=loop)
    out = np.zeros(round(seconds * RATE), np.float32)
    blend = RATE
    at = 0
    while at < len(out):
        part = texture(layer.sound, _take(layer, rng, _PART_S)).copy()
        part *= np.float32(0.1 / max(float(part.std()), 1e-6))
        ramp = np.sqrt(np.linspace(0, 1, blend, dtype=np.float32))
        if at:
            part[:blend] *= ramp
        part[-blend:] *= ramp[::-1]
        end = min(len(out), at + len(part))
        out[at:end] += part[: end - at]
        at += len(part) - blend
    return out / np.float32(max(float(np.abs(out).max()), 1e-6))


def _positioned(mono: Samples, layer: Layer, start: float, length: float, rng: np.random.Generator) -> Stereo:
    """A sound at its side and its distance: quieter, duller and more in the room the farther it is."""
    far = layer.distance
    gain = np.float32(10 ** ((layer.gain_db - _FAR_DB * far**1.2) / 20))
    if far > 0.3:
        mono = np.asarray(sosfilt(butter(2, 9000 * (1 - far) + 900, fs=RATE, output="sos"), mono), np.float32)
    tail = round(RATE * (0.25 + 0.9 * far))
    dry = np.pad(mono, (0, tail if layer.sound.kind == "event" else 0)) * gain
    wet = 0.10 + 0.5 * far
    room = np.stack([_room(dry, rng, 0.25 + 0.9 * far) for _ in range(2)])
    frames = np.arange(len(dry)) / RATE + start
    pan = layer.pan if not layer.moves else layer.moves * np.clip(2 * frames / max(length, 0.1) - 1, -0.95, 0.95)
    angle = (np.asarray(pan) + 1) * np.pi / 4
    sides = np.stack([dry * np.cos(angle), dry * np.sin(angle)]) * np.sqrt(2)
    if layer.sound.kind == "texture" and not layer.moves and not layer.pan:
        delay = round(0.011 * RATE)  # what surrounds us is not one point
        sides[1] = 0.75 * sides[1] + 0.25 * np.roll(sides[0], delay)
    return np.asarray(sides + wet * room, np.float32)


def _room(mono: Samples, rng: np.random.Generator, seconds: float) -> Samples:
    count = round(seconds * RATE)
    echo = rng.standard_normal(count) * 10 ** (-3 * np.arange(count) / count)
    echo = sosfilt(butter(1, (200, 5000), "bandpass", fs=RATE, output="sos"), echo)
    return np.asarray(fftconvolve(mono, echo / np.sqrt((echo**2).sum()))[: len(mono)], np.float32)


def _add(out: Stereo, sides: Stereo, at: int) -> None:
    end = min(out.shape[1], at + sides.shape[1])
    if end > at:
        out[:, at:end] += sides[:, : end - at]


def _ducked(over: Stereo) -> NDArray[np.float32]:
    """The gain of what goes on: it steps back while something happens, slowly enough not to pump."""
    level = uniform_filter1d(np.abs(over).max(0), RATE // 10)
    busy = np.clip(level / 0.05, 0, 1)
    gain = 10 ** (-_DUCK_DB * busy / 20)
    return np.asarray(uniform_filter1d(minimum_filter1d(gain, RATE // 5), RATE // 4), np.float32)


def _finished(scene: Scene, out: Stereo, rng: np.random.Generator) -> Stereo:
    if scene.hall:
        out = out + np.float32(0.6) * np.stack([_room(side, rng, 2.4) for side in out])
    for wanted, band in ((scene.muffled, (20.0, 650.0)), (scene.radio, (350.0, 3200.0))):
        if wanted:
            out = np.asarray(sosfilt(butter(3, band, "bandpass", fs=RATE, output="sos"), out, axis=1), np.float32)
    if not scene.loop:
        edge = min(out.shape[1] // 2, round(0.04 * RATE))
        close = min(out.shape[1] // 2, round(0.35 * RATE))
        out[:, :edge] *= np.linspace(0, 1, edge, dtype=np.float32)
        out[:, -close:] *= np.linspace(1, 0, close, dtype=np.float32)
    return _levelled(out, rng)


def _levelled(out: Stereo, rng: np.random.Generator) -> Stereo:
    """At the target loudness, where it is long enough to have one; peaks bent, never clipped."""
    peak = float(np.abs(out).max())
    if peak <= 0:
        return out
    loudness = pyloudnorm.Meter(RATE).integrated_loudness(out.T) if out.shape[1] >= 0.4 * RATE else -np.inf
    gain = 10 ** ((LOUDNESS_LUFS - loudness) / 20) if np.isfinite(loudness) else _PEAK / peak
    air = np.stack([noise(rng, out.shape[1] / RATE, -3)[: out.shape[1]] for _ in out]) * 10 ** (_AIR_DB / 20)
    louder = out * np.float32(min(gain, 4 * _PEAK / peak)) + air.astype(np.float32)
    over = np.abs(louder) > 0.6 * _PEAK
    bent = np.sign(louder) * (0.6 + 0.4 * np.tanh((np.abs(louder) / _PEAK - 0.6) / 0.4)) * _PEAK
    return np.asarray(np.where(over, bent, louder), np.float32)
