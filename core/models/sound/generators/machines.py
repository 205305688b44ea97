"""Machines and signals: engines as trains of pulses through pipes, motors, tones that warn and ring."""

from __future__ import annotations

import numpy as np

from core.models.sound.generators._dsp import (
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
    pulses,
    room,
    scatter,
    slow,
    tone,
    unit,
)
from core.models.sound.generators._kinds import Family, Take

FAMILY = Family()


@FAMILY.texture(
    "engine",
    "motor | engine idling | idling car | truck engine | diesel",
    "Engine | Idling | Medium engine (mid frequency) | Heavy engine (low frequency) | Vehicle | "
    "Motor vehicle (road) | Truck | Car | Engine knocking",
)
def engine(take: Take) -> Wave:
    """Four cylinders at 900 turns a minute, an exhaust that sends each stroke back, a block that rattles along."""
    rng, seconds = take.rng, take.seconds
    wander = slow(rng, seconds, 2)
    strokes = pulses(rng, 30 * (0.98 + 0.04 * wander) * take.pace / take.size, 0.45, 14.0)
    strokes += 0.6 * np.roll(strokes, frames(0.011))
    blown = strokes + 0.5 * noise(rng, seconds, -2) * strokes
    bodies = [(75 / take.size, 60, 0.4), (190, 130, 0.8), (430, 240, 0.08), (1100, 600, 0.5), (2500, 1400, 0.08)]
    rattle = unit(band(noise(rng, seconds), 1000, 4500, 1) * np.maximum(strokes, 0) ** 0.6)
    exhaust = unit(formants(blown, bodies)) * (0.8 + 0.2 * wander)
    return np.asarray(exhaust + 0.02 * rattle + 0.02 * noise(rng, seconds, -3))


@FAMILY.texture(
    "motorcycle",
    "motorbike | scooter | moped",
    "Motorcycle | Engine | Accelerating, revving, vroom | Vehicle | Motor vehicle (road)",
)
def motorcycle(take: Take) -> Wave:
    """A twin that is revved: 30 to 84 strokes a second, and an exhaust whose end sends each back 10 ms later."""
    rng, seconds = take.rng, take.seconds
    throttle = slow(rng, seconds, 0.58) ** 1.5
    strokes = pulses(rng, (30.5 + 53.5 * throttle) * take.pace / take.size, 0.35, 6.5)
    strokes += 0.38 * np.roll(strokes, frames(0.01))
    blown = strokes + 0.32 * noise(rng, seconds, -2) * strokes
    pipe = formants(blown, [(100, 70, 0.3), (240, 140, 0.95), (560, 260, 0.09), (1300, 600, 0.18), (2800, 1200, 0.02)])
    block = 0.01 * unit(band(noise(rng, seconds), 1500, 5000, 1)) * (0.5 + throttle)
    return np.asarray(unit(pipe) * (0.5 + 0.5 * throttle) + block + 0.005 * noise(rng, seconds, -3))


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
    """A jet overhead: a deep roar, two shafts a little out of tune, turbines that whine and drop as it passes."""
    rng, seconds = take.rng, take.seconds
    near = 0.6 + 0.4 * hump(seconds, 0.45, 0.45)
    doppler = 1 - 0.06 * np.tanh(np.linspace(-2.5, 2.5, frames(seconds)))
    roar = unit(band(noise(rng, seconds, -4.8), 40, 400, 1)) * (0.87 + 0.13 * slow(rng, seconds, 6))
    shafts = [buzz(hz / take.size * doppler, seconds, 0.54, 20) for hz in (127.0, 127.8)]
    whine = [harmonics(hz / take.size * doppler, seconds, [1, 0.3]) for hz in (1800, 2360)]
    hiss = unit(band(noise(rng, seconds), 800, 4000, 1))
    turbines = unit(whine[0] + 0.6 * whine[1])
    return np.asarray((roar + 0.19 * unit(shafts[0] + shafts[1]) + 0.04 * hiss + 0.04 * turbines) * near)


@FAMILY.texture(
    "train",
    "railway | locomotive | passing train | train on rails | subway",
    "Train | Rail transport | Railroad car, train wagon | Clickety-clack | Subway, metro, underground | "
    "Train wheels squealing | Vehicle",
)
def train(take: Take) -> Wave:
    """Wheels over the joints of the rails, two axles and two again, over the roll and the weight of the cars."""
    rng, seconds = take.rng, take.seconds
    roll = unit(band(noise(rng, seconds, -3.3), 46, 890, 1)) * slow(rng, seconds, 5.5, 0.56, 1)
    weight = unit(band(noise(rng, seconds, -6), 30, 200, 1))
    rail = unit(band(noise(rng, seconds), 800, 4000, 1))

    def clack() -> Wave:
        knock = unit(band(noise(rng, 0.18, -3.8), 150, 940, 1)) * decay(0.18, 0.022, 0.003)
        return np.asarray(knock + 0.25 * modes(0.18, [(95, 0.03, 1.0), (240, 0.025, 0.6), (1150, 0.01, 0.3)], rng))

    parts = [
        (now + after / take.pace, level * rng.uniform(0.8, 1) * clack())
        for now in np.arange(0.1, seconds, 1.08 / take.pace)
        for after, level in ((0.0, 1.0), (0.15, 0.8), (0.4, 0.9), (0.55, 0.75))
    ]
    joints = room(at(seconds, parts), rng, 0.4, 0.45)
    return np.asarray(roll + 0.4 * weight + 0.016 * rail + 2.2 * joints)


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
    """Tyres, which roar near 800 Hz, and an engine come, drop in pitch, and go; car after car over a road's murmur."""
    rng = take.rng
    out = 0.04 * unit(band(noise(rng, take.seconds, -5), 40, 700, 1))
    now = -0.3
    while now < take.seconds:
        seconds = 4.4 * rng.uniform(0.85, 1.15) / take.pace
        x = np.linspace(-1, 1, frames(seconds))
        near = (1 / (1 + (8.9 * x) ** 2)) ** 0.8
        near = (near - near[0]) / (1 - near[0])
        doppler = 1 - 0.07 * np.tanh(11 * x)
        tyres = unit(band(noise(rng, seconds, -2.5), 700, 940, 1)) * near
        spray = 0.07 * unit(band(noise(rng, seconds), 1000, 5000, 1)) * near**1.5
        motor = 0.9 * unit(buzz(60 / take.size * doppler, seconds, 0.765, 40))
        body = 0.5 * unit(band(noise(rng, seconds, -5), 40, 250, 1))
        car = (tyres + spray + (motor + body) * near**0.8) * rng.uniform(0.6, 1)
        first, cut = (frames(now), 0) if now > 0 else (0, frames(-now))
        end = min(len(out), first + len(car) - cut)
        if end > first:
            out[first:end] += car[cut : cut + end - first]
        now += 2.6 * rng.uniform(0.8, 1.2) / take.pace
    return out


@FAMILY.texture(
    "typing",
    "keyboard | typing on a keyboard | computer keyboard | keystrokes",
    "Typing | Computer keyboard | Typewriter | Clicking",
)
def typing(take: Take) -> Wave:
    """Keys that are felt for, go down and come up, each on a desk that sounds along; words, and pauses to think."""
    rng = take.rng

    def key(level: float, low: float) -> Wave:
        cap = band(noise(rng, 0.08, -1), low, max(3000, 2 * low), 1) * decay(0.08, 0.0033, 0.004)
        desk = band(noise(rng, 0.08, -3), 120, 500, 1) * decay(0.08, 0.03, 0.004)
        return np.asarray(level * (cap + 0.11 * desk))

    parts, now = [], 0.1
    while now < max(take.seconds - 0.25, 0.2):
        for _ in range(int(rng.integers(2, 9))):
            level = rng.uniform(0.4, 1)
            up = now + rng.uniform(0.06, 0.11)
            parts += [(now, key(0.32 * level, 1400)), (now + 0.012, key(level, 940)), (up, key(0.27 * level, 1500))]
            now += 0.11 * rng.uniform(0.6, 1.5) / take.pace
        now += rng.uniform(0.05, 0.4) / take.pace
    keys = room(at(take.seconds, parts), rng, 0.15, 0.12)
    return np.asarray(keys / max(float(np.abs(keys).max()), 1e-9) + 0.0016 * noise(rng, take.seconds, -3))


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
    """A transformer: its iron moves twice in each turn of the mains, so 100 Hz and its overtones lead; a little air."""
    levels = [0.95**n * (1.0 if n % 2 else 0.22) for n in range(34)]
    levels[0] *= 0.07
    tones = unit(harmonics(50 / take.size, take.seconds, levels)) * (1 + 0.09 * tone(0.7, take.seconds))
    return np.asarray(tones + 0.15 * unit(band(noise(take.rng, take.seconds, -3), 40, 1150, 1)))


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
    """Air that blades push past one after another, and a motor that is never quite even."""
    rng, seconds = take.rng, take.seconds
    air = unit(band(noise(rng, seconds, -4), 60, 1270, 1)) * (1 + 0.17 * tone(26 * take.pace, seconds))
    motor = unit(buzz(95 / take.size * (1 + 0.008 * slow(rng, seconds, 1, -1, 1)), seconds, 0.79, 24))
    return np.asarray(air + motor + 0.5 * unit(band(noise(rng, seconds), 800, 3500, 1)))
