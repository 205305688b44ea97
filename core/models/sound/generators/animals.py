"""Animals: a throat's buzz or a whistle whose pitch moves, through the resonances of a mouth."""

from __future__ import annotations

import numpy as np

from core.models.sound.generators._dsp import (
    Wave,
    at,
    band,
    buzz,
    clock,
    frames,
    harmonics,
    hump,
    noise,
    slow,
)
from core.models.sound.generators._kinds import Family, Take

FAMILY = Family()


def _curve(seconds: float, points: list[tuple[float, float]]) -> Wave:
    """Hz through points of relative time and value, smooth."""
    t = np.linspace(0, 1, frames(seconds))
    place = np.interp(t, [p for p, _ in points], np.log([v for _, v in points]))
    kernel = np.hanning(max(3, len(t) // 12))
    half = len(kernel) // 2
    smooth = np.convolve(np.pad(place, half, mode="edge"), kernel / kernel.sum(), "valid")
    return np.exp(smooth[: len(t)])


@FAMILY.texture(
    "birds",
    "birdsong | bird | chirping birds | singing birds | tweeting | dawn chorus | forest birds",
    "Bird | Bird vocalization, bird call, bird song | Chirp, tweet",
)
def birds(take: Take) -> Wave:
    """Several birds, each with its own phrase that it sings again and again."""
    parts: list[tuple[float, Wave]] = []
    for _ in range(4):
        base = take.rng.uniform(2300, 5200) / take.size
        notes = [
            (take.rng.uniform(0.05, 0.16), take.rng.uniform(0.8, 1.3), take.rng.uniform(0.7, 1.4))
            for _ in range(int(take.rng.integers(2, 6)))
        ]
        level, now = take.rng.uniform(0.25, 1.0), take.rng.uniform(0, 1.2)
        while now < take.seconds - 0.3:
            start = now
            for seconds, first, last in notes:
                hz = _curve(seconds, [(0, base * first), (0.5, base * (first + last) / 2 * 1.08), (1, base * last)])
                parts.append((start, level * harmonics(hz, seconds, [1, 0.15]) * hump(seconds, 0.2, 0.4)))
                start += seconds + 0.03
            now = start + take.rng.uniform(0.5, 1.8) / take.pace
    return np.asarray(at(take.seconds, parts) + 0.004 * noise(take.rng, take.seconds, -3))


@FAMILY.texture("crickets", "cricket | chirping crickets | night insects | cicadas | summer night", "Cricket | Insect")
def crickets(take: Take) -> Wave:
    """A few crickets out of step: chirps of three or four strokes of a wing, each a tone near 4.4 kHz that sinks."""
    rng, seconds = take.rng, take.seconds
    out = 0.008 * noise(rng, seconds, -2.6)
    t = clock(seconds)
    for _ in range(5):
        hz = rng.uniform(4040, 4820) / take.size
        chirps = rng.uniform(1.3, 2.1) * take.pace
        stroke = np.mod(t * chirps + rng.uniform(0, 1), 1) / chirps * rng.uniform(26, 34)
        part = np.mod(stroke, 1)
        wing = np.sin(np.pi * np.clip(part / 0.66, 0, 1)) ** 2 * (stroke < rng.integers(3, 5))
        teeth = 1 + 0.4 * slow(rng, seconds, 200, -1, 1)
        level = rng.uniform(0.15, 1) ** 1.5
        out = out + level * harmonics(hz * (1 - 0.02 * part), seconds, [1, 0.09]) * wing * teeth
    return np.asarray(out)


@FAMILY.texture(
    "bees", "bee | buzzing bee | wasp | hive | bumblebee", "Bee, wasp, etc. | Insect | Buzz | Fly, housefly"
)
def bees(take: Take) -> Wave:
    """Wings that beat about 230 times a second, each bee coming and going, none in tune with another."""
    out = np.zeros(frames(take.seconds))
    for _ in range(14):
        hz = take.rng.uniform(205, 275) / take.size * (1 + 0.09 * slow(take.rng, take.seconds, 7, -1, 1))
        out += buzz(hz, take.seconds, 0.88, 26) * slow(take.rng, take.seconds, 1.1, 0.02, 1) ** 2
    return np.asarray(out + 0.25 * band(noise(take.rng, take.seconds), 400, 6000, 1))


@FAMILY.texture(
    "mosquito", "gnat | mosquito whine | fly buzzing", "Mosquito | Fly, housefly | Insect | Bee, wasp, etc. | Buzz"
)
def mosquito(take: Take) -> Wave:
    """A thin whine that circles: wings that beat some 500 times a second, never quite evenly."""
    middle = take.rng.uniform(430, 560) / take.size
    hz = middle * (
        1 + 0.07 * slow(take.rng, take.seconds, 1.2, -1, 1) + 0.012 * slow(take.rng, take.seconds, 30, -1, 1)
    )
    near = slow(take.rng, take.seconds, 0.6, 0.15, 1) ** 2
    wings = buzz(hz, take.seconds, 0.82, 18) * (1 + 0.25 * slow(take.rng, take.seconds, 60, -1, 1))
    return np.asarray(wings * near + 0.02 * noise(take.rng, take.seconds))


@FAMILY.event("snake", "hiss | hissing snake | rattlesnake", "Snake | Hiss | Rattle", repeats_s=1.6)
def snake(take: Take) -> Wave:
    """A hiss."""
    seconds = 1.3
    return (
        band(noise(take.rng, seconds, 1), 3500, 12_000, 1)
        * hump(seconds, 0.15, 0.4)
        * slow(take.rng, seconds, 9, 0.7, 1)
    )
