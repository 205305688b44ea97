"""Things that are struck, rung, walked on and broken; and the sounds of a body."""

from __future__ import annotations

import numpy as np
from scipy.signal import oaconvolve

from core.models.sound.generators._dsp import (
    Wave,
    at,
    band,
    clock,
    decay,
    formants,
    frames,
    harmonics,
    hump,
    modes,
    noise,
    pulses,
    room,
    scatter,
    slow,
    tone,
    unit,
)
from core.models.sound.generators._kinds import Family, Take

FAMILY = Family()
_HANDS = 24
"""Pairs of hands whose claps differ; each is heard many times."""


@FAMILY.event(
    "church bell",
    "bell tolling | church bells | cathedral bell | big bell | bells",
    "Church bell | Bell | Change ringing (campanology) | Chime | Gong | Tubular bells",
    repeats_s=2.4,
)
def church_bell(take: Take) -> Wave:
    """Hum, prime, tierce, quint, nominal: the partials of a tuned bell, each with its own life."""
    nominal = take.rng.uniform(780, 860) / take.size
    partials = (
        (0.25, 1.6, 0.5), (0.5, 1.1, 0.8), (0.6, 0.8, 0.8), (0.75, 0.5, 0.4), (1.0, 0.7, 1.0), (1.335, 0.35, 0.5),
        (1.5, 0.3, 0.45), (2.0, 0.25, 0.5), (2.66, 0.14, 0.3), (3.4, 0.08, 0.2),
    )  # fmt: skip
    parts = [(nominal * ratio * d, half, level / 2) for ratio, half, level in partials for d in (1.0, 1.0016)]
    clapper = band(noise(take.rng, 5.0), 1000, 6000, 1) * decay(5.0, 0.006) * 0.4
    return np.asarray(modes(5.0, parts, take.rng) + clapper)


@FAMILY.event(
    "bell",
    "hand bell | small bell | ring a bell | ding | desk bell | service bell",
    "Bell | Ding | Bicycle bell | Chime | Ding-dong | Tuning fork | Glockenspiel | Doorbell",
    repeats_s=1.2,
)
def bell(take: Take) -> Wave:
    """A small bell of brass."""
    hz = take.rng.uniform(1750, 2150) / take.size
    parts = [
        (hz, 0.45, 1.0),
        (hz * 1.003, 0.4, 0.5),
        (hz * 2.41, 0.2, 0.6),
        (hz * 3.9, 0.1, 0.4),
        (hz * 5.6, 0.05, 0.3),
    ]
    return modes(2.5, parts, take.rng)


@FAMILY.texture(
    "wind chimes",
    "wind chime | chimes | tinkling",
    "Wind chime | Chime | Jingle, tinkle | Bell | Glockenspiel | Tubular bells",
)
def wind_chimes(take: Take) -> Wave:
    """Six tubes that a breeze makes meet."""
    tubes = [take.rng.uniform(0.99, 1.01) * hz / take.size for hz in (1046, 1175, 1397, 1568, 1760, 2093)]

    def tube() -> Wave:
        hz = tubes[int(take.rng.integers(6))]
        return modes(2.2, [(hz, 0.4, 1.0), (hz * 2.756, 0.14, 0.5), (hz * 5.404, 0.05, 0.25)], take.rng)

    gust = slow(take.rng, take.seconds, 0.5) ** 2
    return scatter(take.rng, take.seconds, 5 * take.pace * (0.2 + gust), tube, 0.8)


@FAMILY.texture(
    "sleigh bells",
    "jingle bells | jingling | santa's sleigh | tambourine",
    "Jingle bell | Jingle, tinkle | Tambourine | Bell | Keys jangling",
)
def sleigh_bells(take: Take) -> Wave:
    """Many little bells, shaken four times a second."""

    def little() -> Wave:
        hz = take.rng.uniform(3200, 7500) / take.size
        return modes(0.25, [(hz, 0.05, 1.0), (hz * 1.52, 0.03, 0.6)], take.rng)

    shake = np.clip(tone(4.2 * take.pace, take.seconds), 0, 1) ** 2
    return scatter(take.rng, take.seconds, 140 * (0.05 + shake), little, 0.8)


@FAMILY.texture(
    "clock",
    "ticking | tick tock | ticking clock | clock ticking | watch",
    "Clock | Tick-tock | Tick | Clicking | Mechanisms",
)
def clock_(take: Take) -> Wave:
    """An escapement: tick, tock, the pallet's second touch behind each, in a case in a quiet room."""
    rng = take.rng

    def tick(low: float) -> Wave:
        click = band(noise(rng, 0.12), low, 2.9 * low, 1) * decay(0.12, 0.0011, 0.002)
        case = band(noise(rng, 0.12), 390, 1030, 1) * decay(0.12, 0.026)
        return np.asarray(click + 0.07 * case + at(0.12, [(0.017, 0.33 * click)]))

    beats = max(1, int(take.seconds * 2 * take.pace + 0.01))  # a single one too, whatever its length rounds to
    parts = [(n * 0.5 / take.pace, tick((1810, 1440)[n % 2] / take.size)) for n in range(beats)]
    ticks = room(at(take.seconds, parts), rng, 0.14, 0.36)
    return np.asarray(ticks / max(float(np.abs(ticks).max()), 1e-9) + 0.004 * noise(rng, take.seconds, -2))


@FAMILY.event(
    "footstep",
    "footsteps | steps | walking | walk | someone walking | high heels",
    "Walk, footsteps | Run | Shuffle | Clip-clop | Tap | Knock | Crunch",
    variants="wood | gravel | snow | stone | grass",
    repeats_s=0.55,
)
def footstep(take: Take) -> Wave:
    """A heel and a sole on a floor."""
    rng, floor = take.rng, take.variant or "wood"
    if floor in ("gravel", "snow", "grass"):
        low, high, many, length = {
            "gravel": (900, 9000, 240, 0.2),
            "snow": (350, 4500, 420, 0.26),
            "grass": (500, 5000, 160, 0.2),
        }[floor]

        def grain() -> Wave:
            short = rng.uniform(0.002, 0.01)
            return band(noise(rng, short), low, high, 1) * decay(short, short / 3)

        crunch = scatter(rng, length, many, grain, 0.9) * hump(length, 0.25, 0.5)
        press = band(noise(rng, length, -5), 60, 300) * hump(length, 0.2, 0.6) * 0.3
        return np.asarray(crunch + press)
    low, high, scrape = {"wood": (107, 290, 0.063), "stone": (150, 900, 0.2)}[floor]

    def part(level: float, half_s: float) -> Wave:
        thud = band(noise(rng, 0.3, -4.3), low / take.size, high / take.size, 1) * decay(0.3, half_s, 0.01)
        grit = band(noise(rng, 0.3, -1), 530, 5000, 1) * decay(0.3, 0.0043, 0.01)
        return np.asarray(level * (thud + scrape * grit))

    return room(at(0.5, [(0.0, part(1.0, 0.016)), (0.14, part(0.5, 0.012))]), rng, 0.3, 0.11)


@FAMILY.event(
    "knock",
    "knocking | door knock | knock on the door | knocks | tapping",
    "Knock | Tap | Door | Thump, thud | Wood block | Wood | Thunk",
    repeats_s=0.28,
)
def knock(take: Take) -> Wave:
    """Knuckles on a door."""
    hz = take.rng.uniform(150, 190) / take.size
    body = modes(
        0.25, [(hz, 0.03, 1.0), (hz * 1.9, 0.02, 0.7), (hz * 3.4, 0.012, 0.45), (hz * 6.1, 0.008, 0.3)], take.rng
    )
    skin = band(noise(take.rng, 0.25, -2), 300, 4000, 1) * decay(0.25, 0.006) * 0.8
    return room(np.asarray(body + skin), take.rng, 0.4, 0.2)


@FAMILY.event(
    "door slam",
    "door | slamming door | door closing | door shuts | slam",
    "Door | Slam | Thump, thud | Bang | Thunk | Cupboard open or close | Sliding door",
    repeats_s=1.6,
)
def door_slam(take: Take) -> Wave:
    """A latch, and a wall of wood that booms."""
    boom = band(noise(take.rng, 0.9, -4), 35, 320 / take.size, 1) * decay(0.9, 0.07, 0.002) * 1.6
    crack = band(noise(take.rng, 0.9, -3), 200, 4500, 1) * decay(0.9, 0.018, 0.0005) * 1.5
    latch = band(noise(take.rng, 0.05), 1500, 8000, 1) * decay(0.05, 0.006)
    return room(
        at(1.2, [(0.0, 0.4 * latch), (0.05, boom + crack), (0.13, 0.3 * latch), (0.19, 0.2 * latch)]),
        take.rng,
        0.7,
        0.35,
    )


@FAMILY.event(
    "glass breaking",
    "broken glass | shattering glass | glass smash | smash | window breaking | breaking glass",
    "Shatter | Glass | Breaking | Smash, crash | Chink, clink",
    repeats_s=1.8,
)
def glass(take: Take) -> Wave:
    """A crack, and splinters that ring and rain down."""
    crack = band(noise(take.rng, 0.5), 1500, 16_000, 1) * decay(0.5, 0.02, 0.0003)

    def splinter() -> Wave:
        hz = take.rng.uniform(2200, 9000) / take.size
        return modes(0.25, [(hz, take.rng.uniform(0.012, 0.05), 1.0), (hz * 1.47, 0.015, 0.5)], take.rng)

    rain = scatter(take.rng, 1.5, 90, splinter, 0.9) * decay(1.5, 0.3, 0.03)
    return at(1.6, [(0.0, 1.6 * crack), (0.02, 0.8 * rain)])


@FAMILY.texture("sawing", "saw | sawing wood | handsaw", "Sawing | Filing (rasp) | Tools | Scrape | Sanding | Rub")
def sawing(take: Take) -> Wave:
    """Strokes to and fro, teeth in wood."""
    part = np.mod(clock(take.seconds) * 1.9 * take.pace, 1)
    stroke = np.sin(np.pi * part) ** 0.7 * np.where(part < 0.5, 1.0, 0.9)
    teeth = 0.4 + 0.6 * (tone(95 + 60 * stroke, take.seconds) > 0)
    rasp = formants(noise(take.rng, take.seconds) * teeth, [(900, 500, 1.0), (2400, 1200, 0.9), (5200, 2500, 0.5)])
    return np.asarray(rasp * np.abs(np.sin(2 * np.pi * part)) ** 0.6)


@FAMILY.texture(
    "applause", "clapping | audience clapping | clap | ovation", "Applause | Clapping | Crowd | Cheering | Hands"
)
def applause(take: Take) -> Wave:
    """Hundreds of cupped hands in a hall: each pair has its own hollow between 1.2 and 2.3 kHz; some are near."""
    rng, count = take.rng, frames(take.seconds)
    out = np.zeros(count)
    for _ in range(_HANDS):
        hollow = np.exp(rng.uniform(np.log(1200), np.log(2300))) / take.size
        air = noise(rng, 0.05)
        clap = unit(band(air, hollow / 1.16, hollow * 1.16, 1)) * decay(0.05, 0.0048, 0.0022)
        clap += 0.11 * unit(band(air, 1500, 7000, 1)) * decay(0.05, 0.0034, 0.0022)
        claps = np.zeros(count)
        for per_s, level in ((11.0, 1.0), (580.0, 0.26)):
            many = rng.poisson(per_s * take.force * take.seconds / _HANDS)
            np.add.at(claps, rng.integers(0, count, many), level * np.exp(0.8 * rng.standard_normal(many)))
        out += oaconvolve(claps, clap)[:count]
    hall = unit(room(out, rng, 1.55, 0.1))
    return np.asarray(hall + 0.0045 * unit(band(noise(rng, take.seconds), 530, 2850, 1)))


@FAMILY.event(
    "heartbeat",
    "heart | heart beating | pulse",
    "Heart sounds, heartbeat | Heart murmur | Throbbing | Thump, thud",
    repeats_s=0.85,
)
def heartbeat(take: Take) -> Wave:
    """Lub, dub."""

    def beat(hz: float, level: float, length: float) -> Wave:
        body = tone(hz / take.size, 0.2) * decay(0.2, length, 0.012) + 0.4 * tone(1.8 * hz, 0.2) * decay(
            0.2, length / 2, 0.008
        )
        return np.asarray(level * body)

    return at(0.55, [(0.0, beat(48, 1.0, 0.035)), (0.29, beat(62, 0.7, 0.025))])


@FAMILY.event(
    "whistle",
    "referee whistle | police whistle | whistle blow | coach",
    "Whistle | Whistling | Steam whistle | Train whistle",
    repeats_s=1.4,
)
def whistle(take: Take) -> Wave:
    """A pea that rattles in a whistle."""
    seconds = 0.8
    pea = 1 + 0.35 * tone(38, seconds)
    hz = 2850 / take.size * (1 + 0.02 * tone(38, seconds))
    blow = 0.15 * band(noise(take.rng, seconds), 2000, 8000)
    return np.asarray(
        (tone(hz, seconds) * pea + 0.3 * tone(1.31 * hz, seconds) * pea + blow) * hump(seconds, 0.04, 0.1)
    )


@FAMILY.texture("snoring", "snore | sleeping person | snores", "Snoring | Snort | Breathing | Grunt")
def snoring(take: Take) -> Wave:
    """In with a palate that flutters 40 to 50 times a second in the stream of air, out with a soft sigh."""
    rng, seconds = take.rng, take.seconds
    part = np.mod(clock(seconds) / (3.4 / take.pace), 1)
    into = np.where(part < 0.38, np.sin(np.pi * np.clip(part / 0.38, 0, 1)) ** 1.5, 0)
    out = np.where(part > 0.5, np.sin(np.pi * np.clip((part - 0.5) / 0.35, 0, 1)), 0)
    flutter = unit(pulses(rng, (37 + 14 * into + 5 * slow(rng, seconds, 9, -1, 1)) / take.size, 0.12, 6.75))
    air = noise(rng, seconds, -2)
    throat = formants(
        1.4 * flutter + 0.56 * air * np.abs(flutter) + 0.04 * air,
        [(390, 160, 1.0), (450, 250, 0.1), (1300, 500, 0.28), (2600, 900, 0.41)],
    )
    sigh = 0.055 * band(air, 470, 4000, 1) * out
    return np.asarray(unit(throat) * into + sigh + 0.01 * noise(rng, seconds, -3))


@FAMILY.event(
    "whoosh",
    "swoosh | swish | fly by | passing object | sword swing",
    "Whoosh, swoosh, swish | Wind | Arrow | Whip | Sound effect",
    repeats_s=0.9,
)
def whoosh(take: Take) -> Wave:
    """Air that something cuts, coming and going."""
    seconds = 0.7 / take.pace
    x = np.linspace(-1, 1, frames(seconds))
    near = np.exp(-((x / 0.35) ** 2))
    bright = band(noise(take.rng, seconds), 900, 5000, 1) * near**2
    return np.asarray(bright + band(noise(take.rng, seconds, -3), 200, 1500, 1) * near)


@FAMILY.texture(
    "paper",
    "crumpling paper | paper rustling | crumple | plastic bag | wrapping paper",
    "Crumpling, crinkling | Crackle | Rustle | Tearing | Crunch | Crushing",
)
def paper(take: Take) -> Wave:
    """Folds that give way in bursts, small ones and large ones, none of them sharp."""
    rng = take.rng

    def fold() -> Wave:
        length = np.exp(rng.uniform(np.log(0.004), np.log(0.044)))
        low = rng.uniform(1060, 3070)
        return np.asarray(band(noise(rng, length), low, 4 * low, 1) * decay(length, length / 3.5, 0.002))

    bursts = 0.08 + slow(rng, take.seconds, 3.1) ** 2
    folds = scatter(rng, take.seconds, 675 * bursts * take.pace, lambda: fold() * rng.uniform(0.1, 1) ** 1.6, 0.95)
    return room(folds, rng, 0.25, 0.1)


@FAMILY.event(
    "sonar", "submarine | ping | radar", "Sonar | Ping | Beep, bleep | Sine wave | Ding | Echo", repeats_s=2.6
)
def sonar(take: Take) -> Wave:
    """A ping under water, and its echo."""
    ping = harmonics(1450 / take.size, 1.8, [1, 0.05]) * decay(1.8, 0.22, 0.004)
    return room(at(2.4, [(0.0, ping), (0.55, 0.25 * ping)]), take.rng, 1.5, 0.4)
