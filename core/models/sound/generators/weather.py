"""Weather, water and fire: filtered noise that wanders, drops and crackles thrown over time."""

from __future__ import annotations

import numpy as np

from core.models.sound.generators._dsp import (
    Wave,
    at,
    band,
    clock,
    decay,
    frames,
    hump,
    modes,
    noise,
    room,
    scatter,
    slow,
    tone,
    unit,
)
from core.models.sound.generators._kinds import Family, Take

FAMILY = Family()
_BANGS = 40
"""Of one thunder: bends of the bolt that are heard one by one."""


def _drop(take: Take, low: float = 1500, high: float = 6000) -> Wave:
    """One drop: a click, and the ring of the bubble that it takes down (Minnaert), whose pitch rises."""
    hz = take.rng.uniform(low, high) / take.size
    seconds = 0.03
    rising = hz * (1 + 0.4 * clock(seconds) / seconds)
    return np.asarray(
        tone(rising, seconds) * decay(seconds, 0.006) + 0.3 * noise(take.rng, seconds) * decay(seconds, 0.0012)
    )


@FAMILY.texture(
    "rain",
    "raining | rainfall | rainy weather | drizzle | downpour | shower of rain",
    "Rain | Rain on surface | Raindrop",
)
def rain(take: Take) -> Wave:
    """Far drops are a hiss, nearer ones a patter of short bursts, the nearest are heard one by one."""

    def burst() -> Wave:
        length = take.rng.uniform(0.002, 0.009)
        return band(noise(take.rng, length), 1200, 11_000, 1) * decay(length, length / 4, 0.0003)

    hiss = band(noise(take.rng, take.seconds, -1.5), 900, 12_000, 1) * (0.85 + 0.15 * slow(take.rng, take.seconds, 0.4))
    near = scatter(take.rng, take.seconds, 350 * take.force, burst, 0.95)
    ground = band(noise(take.rng, take.seconds, -3), 150, 900) * 0.1 * take.force
    return np.asarray(0.3 * take.force * hiss + 0.8 * near + ground)


@FAMILY.texture(
    "dripping",
    "drip | drips | dripping tap | leaking faucet | water drops | droplets",
    "Drip | Water | Water tap, faucet | Raindrop | Liquid | Plop",
)
def dripping(take: Take) -> Wave:
    """Drops into standing water, one after another, in a basin."""
    every, now, parts = 0.75 / take.pace, 0.1, []
    while now < take.seconds - 0.15:
        hz = take.rng.uniform(650, 1100) / take.size
        ring = tone(hz * (1 + 0.55 * clock(0.12) / 0.12), 0.12) * decay(0.12, 0.022)
        parts.append((now, 0.25 * _drop(take, 3000, 6000)))
        parts.append((now + 0.03, ring * take.rng.uniform(0.6, 1)))
        now += every * take.rng.uniform(0.8, 1.25)
    return room(at(take.seconds, parts), take.rng, 0.6, 0.25)


@FAMILY.event("thunder", "thunderclap | thunderstorm | lightning strike | rolling thunder", "Thunder | Thunderstorm")
def thunder(take: Take) -> Wave:
    """One long, crooked bolt: the air tears, then bang after bang comes in from farther up it, over a deep rumble."""
    rng, seconds = take.rng, 6.5 * take.size
    sway = slow(rng, seconds, 1.9, 0.55, 1)
    roll = band(noise(rng, seconds, -3.5), 40, 560, 1) + 0.05 * band(noise(rng, seconds, -2), 800, 4000, 1)
    deep = band(noise(rng, seconds, -6), 20, 110, 1) * slow(rng, seconds, 2, 0.3, 1)
    tear = band(noise(rng, 1.2, -2), 80, 4000, 1) * decay(1.2, 0.12, 0.004) * slow(rng, 1.2, 25, 0.2, 1)
    parts = [(0.0, tear)]
    for start in rng.uniform(0, 1, _BANGS) ** 1.25:
        low = 130 * np.exp(rng.uniform(-0.3, 0.3)) / take.size
        bang = unit(band(noise(rng, 0.5), low, 2.7 * low)) * decay(0.5, 0.065, 0.01)
        parts.append((start * (seconds - 0.8), 1.9 * rng.uniform(0.3, 1) * (1 - 0.4 * start) * bang))
    all_of_it = roll * sway + 0.6 * deep + take.force * at(seconds, parts)
    return room(all_of_it * hump(seconds, 0.01, 0.74), rng, 2.0, 0.25)


@FAMILY.texture(
    "wind", "windy | breeze | gale | blowing wind | howling wind | storm wind", "Wind | Wind noise (microphone)"
)
def wind(take: Take) -> Wave:
    """Gusts: level and brightness wander together, an edge somewhere whistles a little."""
    gust = 0.35 + 0.65 * slow(take.rng, take.seconds, 0.22 * take.pace)
    low = band(noise(take.rng, take.seconds, -4), 60, 700, 1)
    whistle = np.zeros(frames(take.seconds))
    for centre in (380, 560, 830):
        voice = band(noise(take.rng, take.seconds), centre * 0.9, centre * 1.1, 1)
        whistle += voice * slow(take.rng, take.seconds, 0.35) ** 2
    return np.asarray(gust * (0.6 * low + 0.7 * take.force * gust * whistle))


@FAMILY.texture("sea waves", "sea | ocean | waves | surf | beach | seashore | the coast", "Ocean | Waves, surf | Water")
def sea(take: Take) -> Wave:
    """Waves that gather, break and draw back, one every several seconds."""
    out = 0.06 * band(noise(take.rng, take.seconds, -4), 60, 2500)
    now = -1.5
    while now < take.seconds:
        seconds = take.rng.uniform(5, 7.5) / take.pace
        swell = hump(seconds, 0.45, 0.5) ** 1.5
        foam = band(noise(take.rng, seconds, -2.5), 250, 9000) * swell
        body = band(noise(take.rng, seconds, -6), 40, 500) * swell * 0.7
        wave = take.rng.uniform(0.6, 1) * (0.8 * foam + body * take.size)
        first = frames(now) if now > 0 else 0
        cut = frames(-now) if now < 0 else 0
        end = min(len(out), first + len(wave) - cut)
        if end > first:
            out[first:end] += wave[cut : cut + end - first]
        now += seconds * take.rng.uniform(0.6, 0.85)
    return out


@FAMILY.texture(
    "stream",
    "brook | creek | river | babbling brook | running water | trickling water",
    "Stream | Water | Trickle, dribble | Gurgling | Gush",
)
def stream(take: Take) -> Wave:
    """Bubbles without number over a soft rush."""
    rush = (
        0.3 * band(noise(take.rng, take.seconds, -1.5), 500, 8000, 1) * (0.7 + 0.3 * slow(take.rng, take.seconds, 1.0))
    )

    def bubble() -> Wave:
        hz = take.rng.uniform(400, 2600) / take.size
        length = take.rng.uniform(0.008, 0.03)
        return np.asarray(tone(hz * (1 + 0.3 * clock(length) / length), length) * hump(length, 0.1, 0.7))

    return np.asarray(rush + 0.3 * scatter(take.rng, take.seconds, 220 * take.force, bubble, 0.95))


@FAMILY.texture("waterfall", "falls | cascade | rushing water", "Waterfall | Water | Stream | Rain | Gush")
def waterfall(take: Take) -> Wave:
    """A steady roar, deep and wide."""
    roar = band(noise(take.rng, take.seconds, -2.5), 90, 9000) * (0.85 + 0.15 * slow(take.rng, take.seconds, 2))
    splash = scatter(take.rng, take.seconds, 60, lambda: _drop(take, 800, 3000), 0.9)
    return np.asarray(roar + 0.35 * splash + 0.5 * band(noise(take.rng, take.seconds, -6), 30, 200))


@FAMILY.texture("fire", "campfire | fireplace | crackling fire | bonfire | burning wood | flames", "Fire | Crackle")
def fire(take: Take) -> Wave:
    """Crackles in bursts over a low, uneasy roar."""

    def crack() -> Wave:
        length = take.rng.uniform(0.002, 0.009)
        grain = band(noise(take.rng, length), take.rng.uniform(500, 2500), 12_000, 1)
        return np.asarray(grain * decay(length, length / 4, 0.0002) * take.rng.uniform(0.1, 1) ** 2)

    bursts = slow(take.rng, take.seconds, 1.5) ** 2
    cracks = scatter(take.rng, take.seconds, 25 * take.force * bursts, crack, 0.9)
    fine = scatter(take.rng, take.seconds, 70 * take.force, crack, 0.95)
    flames = band(noise(take.rng, take.seconds, -4), 60, 1200, 1) * (0.6 + 0.4 * slow(take.rng, take.seconds, 3))
    return np.asarray(0.9 * cracks + 0.3 * fine + 0.07 * flames)


@FAMILY.texture(
    "boiling water",
    "boiling | bubbling | bubbles | kettle boiling | simmering",
    "Boiling | Water | Gurgling | Liquid | Frying (food) | Stream",
)
def boiling(take: Take) -> Wave:
    """Round bubbles that rise and burst in a pot that sounds along, over a simmer."""
    rng, seconds = take.rng, take.seconds

    def bubble() -> Wave:
        length = rng.uniform(0.0065, 0.035)
        hz = np.exp(rng.uniform(np.log(245), np.log(970))) / take.size
        return np.asarray(tone(hz * (1 + 0.45 * clock(length) / length), length) * hump(length, 0.1, 0.5))

    simmer = unit(band(noise(rng, seconds, -2.2), 220, 3500, 1)) * slow(rng, seconds, 6, 0.82, 1)
    bubbles = unit(scatter(rng, seconds, 105 * take.force, bubble, 0.9))
    return np.asarray(room(bubbles, rng, 0.3, 0.36) + 0.33 * simmer)


@FAMILY.event(
    "splash",
    "splashing | plunge | falling into water | jump into the pool",
    "Splash, splatter | Water | Liquid | Slosh | Plop",
)
def splash(take: Take) -> Wave:
    """A slap, a rush, and drops that come down again."""
    seconds = 1.6 * take.size
    slap = band(noise(take.rng, seconds, -3), 120, 3000, 1) * decay(seconds, 0.06, 0.002)
    rush = band(noise(take.rng, seconds, -1.5), 500, 9000, 1) * decay(seconds, 0.3, 0.03) * 0.9
    drops = scatter(take.rng, seconds, 260, lambda: _drop(take, 700, 3000), 0.9) * decay(seconds, 0.6, 0.12)
    return np.asarray(slap + rush + 0.35 * drops)


@FAMILY.texture(
    "pouring water",
    "pouring | filling a glass | pour a drink | tap running | faucet",
    "Pour | Water | Fill (with liquid) | Liquid | Water tap, faucet | Sink (filling or washing) | Trickle, dribble",
)
def pouring(take: Take) -> Wave:
    """The tone of the vessel rises as it fills."""
    fill = np.linspace(0, 1, frames(take.seconds))

    def bubble() -> Wave:
        length = take.rng.uniform(0.008, 0.03)
        return np.asarray(tone(take.rng.uniform(600, 2600), length) * hump(length, 0.1, 0.7))

    jet = band(noise(take.rng, take.seconds, -1.5), 700, 8000, 1) * 0.35
    vessel = tone((420 + 900 * fill**1.6) / take.size, take.seconds) * band(noise(take.rng, take.seconds), 0, 120) * 2
    return np.asarray(jet + 0.15 * vessel + 0.3 * scatter(take.rng, take.seconds, 200, bubble, 0.95))


@FAMILY.event(
    "explosion",
    "explode | blast | bomb | detonation | boom",
    "Explosion | Boom | Artillery fire | Burst, pop | Eruption | Gunshot, gunfire | Fireworks | Bang",
)
def explosion(take: Take) -> Wave:
    """A shock, a fireball that rolls, debris."""
    seconds = 3.2 * take.size
    shock = band(noise(take.rng, seconds, -1), 60, 9000) * decay(seconds, 0.06, 0.0005) * 1.6
    ball = band(noise(take.rng, seconds, -6), 22, 350 / take.size) * decay(seconds, 0.5, 0.01) * 1.6
    mids = band(noise(take.rng, seconds, -3), 150, 2500) * decay(seconds, 0.25, 0.005) * 0.7
    drop = tone(np.geomspace(95, 28, frames(seconds)) / take.size, seconds) * decay(seconds, 0.25, 0.003)
    return np.tanh(1.5 * (shock + ball + mids + drop))


@FAMILY.event(
    "fireworks",
    "firework | rocket and bang | new year's eve rockets",
    "Fireworks | Firecracker | Explosion | Burst, pop | Boom",
    repeats_s=1.6,
)
def fireworks(take: Take) -> Wave:
    """A rocket's whistle, a bang that comes back from all around, stars that crackle."""
    rng, rise = take.rng, 0.9
    whistle = 0.04 * tone(np.linspace(1500, 2300, frames(rise)), rise) * hump(rise, 0.4, 0.2)
    whistle += 0.04 * band(noise(rng, rise), 1500, 4000, 1) * hump(rise, 0.4, 0.2)
    boom = band(noise(rng, 2.0, -4), 40, 1500, 1) * decay(2.0, 0.09, 0.003) * 1.5
    around = band(noise(rng, 2.0, -5), 40, 500, 1) * decay(2.0, 0.4, 0.15) * 0.5

    def star() -> Wave:
        return band(noise(rng, 0.03), 800, 5000, 1) * decay(0.03, 0.004)

    stars = scatter(rng, 1.8, 45, star, 0.9) * hump(1.8, 0.2, 0.6)
    return room(at(3.4, [(0.0, whistle), (rise, boom + around), (rise + 0.25, 0.35 * stars)]), rng, 1.2, 0.4)


@FAMILY.event(
    "gunshot",
    "gun | shot | pistol | rifle | shooting",
    "Gunshot, gunfire | Explosion | Cap gun | Artillery fire | Machine gun | Fusillade | Bang | Burst, pop",
    repeats_s=0.9,
)
def gunshot(take: Take) -> Wave:
    """The muzzle's shock and its echo."""
    seconds = 1.4
    shock = noise(take.rng, seconds) * decay(seconds, 0.007, 0.0001) * 2
    body = band(noise(take.rng, seconds, -4), 60, 1200 / take.size) * decay(seconds, 0.05, 0.0005)
    echo = band(noise(take.rng, seconds, -3), 150, 3000) * decay(seconds, 0.22, 0.02) * 0.18
    thump = modes(seconds, [(85 / take.size, 0.04, 1.0)])
    return np.tanh(1.6 * (shock + body + echo + thump))
