"""Machines and signals: engines as trains of pulses through pipes, motors, tones that warn and ring."""

from __future__ import annotations

import numpy as np

from core.models.sound.generators._dsp import (
    RATE,
    Wave,
    at,
    band,
    buzz,
    clock,
    decay,
    formants,
    frames,
    harmonics,
    hump,
    modes,
    noise,
    room,
    scatter,
    slow,
    tone,
)
from core.models.sound.generators._kinds import Family, Take

FAMILY = Family()


def _strokes(take: Take, hz: Wave, uneven: float = 0.25) -> Wave:
    """The pressure of an engine's strokes: a pulse each, none quite like another."""
    phase = np.cumsum(hz) / RATE
    stroke = np.floor(phase).astype(np.int64)
    level = 1 + uneven * take.rng.uniform(-1, 1, stroke[-1] + 1)
    part = phase - stroke
    return np.asarray((np.exp(-9 * part) - np.exp(-40 * part)) * level[stroke])


@FAMILY.texture(
    "engine",
    "motor | engine idling | idling car | truck engine | diesel",
    "Engine | Idling | Medium engine (mid frequency) | Heavy engine (low frequency) | Vehicle | "
    "Motor vehicle (road) | Truck | Car | Engine knocking",
)
def engine(take: Take) -> Wave:
    """Four strokes, an exhaust, a rattling block."""
    hz = 26 * take.pace / take.size * (1 + 0.03 * slow(take.rng, take.seconds, 4, -1, 1))
    hz = np.broadcast_to(hz, (frames(take.seconds),))
    strokes = _strokes(take, hz)
    pipe = formants(strokes, [(60 / take.size, 50, 1.0), (130, 80, 0.8), (330, 160, 0.4), (800, 500, 0.2)])
    rattle = band(noise(take.rng, take.seconds), 500, 4000, 1) * strokes * 0.5
    return np.asarray(pipe + 0.25 * rattle + 0.015 * noise(take.rng, take.seconds, -3))


@FAMILY.texture(
    "motorcycle",
    "motorbike | scooter | moped",
    "Motorcycle | Engine | Accelerating, revving, vroom | Vehicle | Motor vehicle (road)",
)
def motorcycle(take: Take) -> Wave:
    """A small engine that is revved."""
    revs = 45 + 75 * slow(take.rng, take.seconds, 0.5) ** 1.5
    strokes = _strokes(take, revs * take.pace / take.size, 0.35)
    pipe = formants(strokes, [(110, 80, 1.0), (260, 150, 0.9), (700, 400, 0.5), (1800, 900, 0.25)])
    air = band(noise(take.rng, take.seconds), 300, 5000, 1) * strokes
    return np.asarray(np.tanh(pipe / pipe.std()) + 0.05 * air)


@FAMILY.texture("helicopter", "chopper | helicopters", "Helicopter | Aircraft | Propeller, airscrew | Aircraft engine")
def helicopter(take: Take) -> Wave:
    """Blades that chop the air eleven times a second, a turbine behind them."""
    rate = 11.5 * take.pace / take.size
    part = np.mod(clock(take.seconds) * rate, 1)
    chop = (0.5 + 0.5 * np.cos(2 * np.pi * part)) ** 3
    air = band(noise(take.rng, take.seconds, -4), 25, 900, 1) * (0.35 + chop)
    hiss = band(noise(take.rng, take.seconds, -2), 400, 5000, 1) * (0.25 + 0.4 * chop)
    return np.asarray(air + 0.25 * hiss)


@FAMILY.texture(
    "aeroplane",
    "airplane | plane | jet | aircraft | jet engine | plane taking off",
    "Aircraft | Fixed-wing aircraft, airplane | Jet engine | Aircraft engine | Propeller, airscrew | Vehicle",
)
def aeroplane(take: Take) -> Wave:
    """Engines that swell and go: a deep roar, propellers or turbines in it."""
    near = 0.35 + 0.65 * hump(take.seconds, 0.45, 0.45)
    roar = band(noise(take.rng, take.seconds, -5), 40, 900, 1) * (0.85 + 0.15 * slow(take.rng, take.seconds, 6))
    blades = buzz(92 / take.size * (1 + 0.006 * slow(take.rng, take.seconds, 2, -1, 1)), take.seconds, 0.8, 20)
    return np.asarray((roar + 0.35 * blades + 0.12 * band(noise(take.rng, take.seconds), 800, 3000, 1)) * near)


@FAMILY.texture(
    "train",
    "railway | locomotive | passing train | train on rails | subway",
    "Train | Rail transport | Railroad car, train wagon | Clickety-clack | Subway, metro, underground | "
    "Train wheels squealing | Vehicle",
)
def train(take: Take) -> Wave:
    """Wheels over joints, two and two, and the roll of the cars."""
    sway = 0.6 + 0.4 * slow(take.rng, take.seconds, 3)
    roll = band(noise(take.rng, take.seconds, -4), 40, 1000, 1) * sway
    rail = band(noise(take.rng, take.seconds, -2), 800, 4000, 1) * 0.15 * sway

    def clack() -> Wave:
        hit = modes(0.16, [(170, 0.02, 1), (420, 0.015, 0.7), (1300, 0.008, 0.4)], take.rng)
        return np.asarray(hit + 0.6 * band(noise(take.rng, 0.16), 400, 5000, 1) * decay(0.16, 0.015))

    every, parts = 0.62 / take.pace, []
    for now in np.arange(0.1, take.seconds - 0.4, every):
        parts += [(now, clack()), (now + 0.11 / take.pace, 0.8 * clack())]
    return np.asarray(roll + rail + 1.2 * at(take.seconds, parts))


@FAMILY.event(
    "train horn",
    "train whistle | locomotive horn | ship horn | foghorn",
    "Train horn | Train whistle | Train | Foghorn | Air horn, truck horn | Rail transport",
    repeats_s=3.5,
)
def train_horn(take: Take) -> Wave:
    """A chord of five horns."""
    seconds = 2.2
    chord = sum(buzz(hz / take.size, seconds, 0.82, 24) for hz in (255, 311, 370, 494, 622))
    return np.asarray((chord + 0.3 * noise(take.rng, seconds, -2)) * hump(seconds, 0.06, 0.2))


@FAMILY.texture(
    "siren",
    "police siren | police car | ambulance | fire engine | emergency vehicle",
    "Siren | Emergency vehicle | Police car (siren) | Ambulance (siren) | "
    "Fire engine, fire truck (siren) | Alarm | Civil defense siren",
    variants="wail | two-tone",
)
def siren(take: Take) -> Wave:
    """A wail that climbs and falls; or two tones in turn."""
    t = clock(take.seconds) * take.pace
    if take.variant == "two-tone":
        hz = np.where(np.mod(t, 1.1) < 0.55, 435.0, 580.0) / take.size
    else:
        hz = (650 + 850 * (0.5 - 0.5 * np.cos(2 * np.pi * t / 4.2)) ** 0.8) / take.size
    return formants(harmonics(hz, take.seconds, [1, 0.6, 0.5, 0.3, 0.2, 0.12]), [(900, 900, 1.0), (2200, 1500, 0.7)])


@FAMILY.event(
    "car horn",
    "horn | honk | honking | beep beep | hooter | klaxon",
    "Vehicle horn, car horn, honking | Toot | Honk | Car | Air horn, truck horn | Vehicle",
    repeats_s=1.1,
)
def car_horn(take: Take) -> Wave:
    """Two discs a third apart."""
    seconds = 0.6
    both = buzz(405 / take.size, seconds, 0.9, 30) + buzz(502 / take.size, seconds, 0.9, 30)
    return formants(both, [(1200, 900, 1.0), (2600, 1400, 0.7)]) * hump(seconds, 0.03, 0.1)


@FAMILY.texture(
    "passing car",
    "car passing by | traffic | road | cars driving by | car",
    "Car passing by | Car | Vehicle | Traffic noise, roadway noise | Motor vehicle (road)",
)
def passing_car(take: Take) -> Wave:
    """Tyres and engine come, drop in pitch, and go; one car after another, over the hum of a road."""
    out = 0.12 * band(noise(take.rng, take.seconds, -5), 40, 700, 1)
    now = -0.5
    while now < take.seconds:
        seconds = take.rng.uniform(2.4, 3.4) / take.pace
        x = np.linspace(-1, 1, frames(seconds))
        near = 1 / (1 + (4.5 * x) ** 2)
        doppler = 1 - 0.07 * np.tanh(6 * x)
        tyres = band(noise(take.rng, seconds, -2.5), 300, 3000, 1) * near**1.5
        motor = buzz(62 / take.size * doppler, seconds, 0.9, 40) * near * 0.35
        car = (tyres + motor + band(noise(take.rng, seconds, -5), 40, 250, 1) * near) * take.rng.uniform(0.6, 1)
        first, cut = (frames(now), 0) if now > 0 else (0, frames(-now))
        end = min(len(out), first + len(car) - cut)
        if end > first:
            out[first:end] += car[cut : cut + end - first]
        now += take.rng.uniform(2.0, 3.2) / take.pace
    return np.asarray(out)


@FAMILY.texture(
    "typing",
    "keyboard | typing on a keyboard | computer keyboard | keystrokes",
    "Typing | Computer keyboard | Typewriter | Clicking",
)
def typing(take: Take) -> Wave:
    """Keys that go down and come up, in bursts of words."""

    def key(level: float) -> Wave:
        down = band(noise(take.rng, 0.06, -1), 500, 4500, 1) * decay(0.06, 0.007, 0.0008)
        desk = band(noise(take.rng, 0.06, -3), 120, 500, 1) * decay(0.06, 0.012, 0.001)
        return np.asarray(level * (down + 0.6 * desk))

    parts, now = [], 0.05
    while now < take.seconds - 0.2:
        for _ in range(int(take.rng.integers(3, 9))):
            parts += [(now, key(take.rng.uniform(0.5, 1))), (now + 0.08, key(0.35))]
            now += take.rng.uniform(0.08, 0.17) / take.pace
        now += take.rng.uniform(0.05, 0.3) / take.pace
    return room(at(take.seconds, parts), take.rng, 0.2, 0.15)


@FAMILY.texture(
    "static",
    "radio static | white noise | hiss | tv snow | interference",
    "Static | White noise | Noise | Pink noise | Radio",
)
def static(take: Take) -> Wave:
    """A station that is not there."""
    crackle = scatter(take.rng, take.seconds, 30, lambda: noise(take.rng, 0.004) * decay(0.004, 0.001), 0.9)
    return np.asarray(noise(take.rng, take.seconds) * (0.8 + 0.2 * slow(take.rng, take.seconds, 6)) + crackle)


@FAMILY.texture(
    "hum",
    "drone | mains hum | electric hum | spaceship | power transformer | dark ambience",
    "Hum | Mains hum | Throbbing | Vibration | Humming",
)
def hum(take: Take) -> Wave:
    """A transformer: 100 Hz and what belongs to it, over a little air."""
    throb = 1 + 0.1 * tone(0.7, take.seconds)
    tones = harmonics(50 / take.size, take.seconds, [0.4, 1, 0.35, 0.6, 0.25, 0.45, 0.15, 0.3, 0.1, 0.2])
    return np.asarray(tones * throb + 0.25 * band(noise(take.rng, take.seconds, -3), 60, 2500, 1))


@FAMILY.event(
    "telephone",
    "phone | phone ringing | telephone ring | ringing phone | old telephone",
    "Telephone | Telephone bell ringing | Ringtone | Alarm clock | Bell",
    repeats_s=3.0,
)
def telephone(take: Take) -> Wave:
    """Two bells and a clapper between them, twenty times a second."""
    seconds, rate = 1.8, 21.0
    parts = []
    for n in range(int(seconds * rate)):
        hz = (1420, 1780)[n % 2] / take.size
        parts.append(
            (n / rate, modes(0.35, [(hz, 0.07, 1.0), (hz * 2.67, 0.04, 0.6), (hz * 4.9, 0.02, 0.35)], take.rng))
        )
    return at(seconds + 0.6, parts)


@FAMILY.event(
    "alarm clock",
    "alarm | beeping alarm | wake-up alarm | digital alarm | timer",
    "Alarm clock | Alarm | Beep, bleep | Buzzer | Smoke detector, smoke alarm | Fire alarm",
    repeats_s=1.0,
)
def alarm(take: Take) -> Wave:
    """Four beeps."""

    def beep() -> Wave:
        square = harmonics(2050 / take.size, 0.075, [1, 0, 0.33, 0, 0.2])
        return np.asarray(square * hump(0.075, 0.05, 0.08))

    return at(0.6, [(n * 0.125, beep()) for n in range(4)])


@FAMILY.event(
    "smoke alarm",
    "fire alarm | smoke detector | burglar alarm",
    "Smoke detector, smoke alarm | Fire alarm | Alarm | Beep, bleep | Alarm clock | Buzzer",
    repeats_s=1.6,
)
def smoke_alarm(take: Take) -> Wave:
    """Three long piercing beeps near 3.1 kHz."""
    beep = harmonics(3120 / take.size, 0.3, [1, 0.3, 0.2]) * hump(0.3, 0.02, 0.03)
    return at(1.5, [(n * 0.45, beep) for n in range(3)])


@FAMILY.event(
    "beep",
    "bleep | reversing beeper | microwave beep | censor beep | electronic beep",
    "Beep, bleep | Reversing beeps | Sine wave | Alarm | Microwave oven | Truck",
    repeats_s=0.9,
)
def beep(take: Take) -> Wave:
    """One plain tone."""
    return np.asarray(harmonics(1250 / take.size, 0.42, [1, 0.08, 0.15]) * hump(0.42, 0.02, 0.03))


@FAMILY.event(
    "doorbell",
    "ding dong | door chime | ring the bell",
    "Doorbell | Ding-dong | Bell | Ding | Chime | Door",
    repeats_s=2.4,
)
def doorbell(take: Take) -> Wave:
    """Ding, dong: two bars, a third apart."""

    def bar(hz: float) -> Wave:
        return modes(1.6, [(hz, 0.28, 1.0), (hz * 2.76, 0.08, 0.3), (hz * 5.4, 0.03, 0.12)], take.rng)

    return at(2.3, [(0.0, bar(659 / take.size)), (0.55, bar(523 / take.size))])


@FAMILY.event(
    "laser",
    "pew | ray gun | blaster | sci-fi shot | zap",
    "Sound effect | Zing | Chirp tone | Synthesizer | Whoosh, swoosh, swish | Boing | Video game music",
    repeats_s=0.5,
)
def laser(take: Take) -> Wave:
    """A tone that falls four octaves in a quarter of a second."""
    seconds = 0.35
    hz = np.geomspace(4200, 180, frames(seconds)) / take.size
    return np.asarray(harmonics(hz, seconds, [1, 0.5, 0.35, 0.2]) * decay(seconds, 0.09, 0.002))


@FAMILY.texture(
    "fan",
    "ventilator | air conditioner | computer fan | air conditioning",
    "Mechanical fan | Air conditioning | Whir | Hum | Vacuum cleaner | Noise | Hair dryer",
)
def fan(take: Take) -> Wave:
    """Blades and air."""
    air = band(noise(take.rng, take.seconds, -3), 80, 4000, 1) * (1 + 0.12 * tone(17 * take.pace, take.seconds))
    return np.asarray(air + 0.15 * buzz(95 / take.size, take.seconds, 0.6, 8))
