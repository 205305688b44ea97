"""Descriptions of sound scenes with known truth, drawn from a grammar: what, how often, in which order, how loud, how
far, how long, over what. English, and counted scenes in ten more languages."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

Rng = np.random.Generator

COUNTED = {
    "dog": ("a dog barks {times}", "{many} dog barks", "a dog that barks {times}"),
    "cat": ("a cat meows {times}", "{many} meows", "a kitten meowing {times}"),
    "cow": ("a cow moos {times}", "{many} cow moos", "the cow is mooing {times}"),
    "sheep": ("a sheep bleats {times}", "{many} sheep bleats", "a lamb bleating {times}"),
    "duck": ("a duck quacks {times}", "{many} quacks", "a duck quacking {times}"),
    "rooster": ("a rooster crows {times}", "{many} rooster crows", "the rooster crows {times}"),
    "knock": ("someone knocks {times}", "{many} knocks on a door", "knocking {times} at the door"),
    "gunshot": ("{many} gunshots", "a gun fires {times}", "{many} shots are fired"),
    "car horn": ("a car honks {times}", "{many} honks of a car horn", "the car horn sounds {times}"),
    "beep": ("{many} beeps", "a machine beeps {times}", "something beeps {times}"),
    "church bell": ("a church bell rings {times}", "{many} strokes of a church bell", "the church bell tolls {times}"),
    "bell": ("a bell rings {times}", "{many} dings of a bell", "the little bell rings {times}"),
    "telephone": ("a telephone rings {times}", "{many} rings of a telephone", "the phone rings {times}"),
    "door slam": ("a door slams {times}", "{many} door slams", "the door is slammed {times}"),
    "whistle": ("a whistle blows {times}", "{many} whistles", "somebody whistles {times}"),
}
"""Sounds that happen, by name."""
STEADY = {
    "rain": ("in the rain", "while it rains", "over rain"),
    "wind": ("in the wind", "with wind in the background", "while the wind blows"),
    "stream": ("by a stream", "next to a babbling brook", "with a stream in the background"),
    "crickets": ("with crickets", "while crickets chirp", "at night with crickets in the background"),
    "engine": ("over a running engine", "with an engine idling in the background", "while an engine is running"),
    "fan": ("with a fan humming", "over the hum of a fan", "with a fan in the background"),
    "sea waves": ("by the sea", "with sea waves in the background", "on a beach with waves"),
    "fire": ("by a crackling fire", "next to a campfire", "with a fire crackling"),
    "birds": ("while birds sing", "with birdsong in the background", "with birds chirping"),
}
"""What goes on meanwhile, by name."""
EVEN = ("rain", "wind", "stream", "engine", "fan", "sea waves")
"""Of that, what has no beginnings of its own to be counted."""
ONE = {
    "dog": "a dog barks", "cat": "a cat meows", "cow": "a cow moos", "rooster": "a rooster crows",
    "sheep": "a sheep bleats", "thunder": "thunder", "telephone": "a telephone rings", "church bell": "a church bell",
    "glass breaking": "glass breaks", "knock": "three knocks", "gunshot": "a gunshot", "car horn": "a car horn",
    "explosion": "an explosion", "horse": "a horse neighs", "doorbell": "a doorbell", "duck": "a duck quacks",
}  # fmt: skip
THEN = ("{}, then {}", "first {}, then {}", "{} followed by {}", "{}, and after that {}", "{} and then {}")
THEN_TWICE = ("{}, then {}, then {}", "first {}, then {} and finally {}", "{} followed by {}, then {}")
LOUDNESS = (
    ("a loud {}", "a {}", "a quiet {}"),
    ("a very loud {}", "a {}", "a faint {}"),
    ("a deafening {}", "a {}", "a soft {}"),
)
DISTANCE = (
    ("a {} close by", "a {} far away"),
    ("a nearby {}", "a distant {}"),
    ("a {} up close", "a {} in the distance"),
)
NAMED = ("dog bark", "car horn", "church bell", "gunshot", "knock", "cow", "rooster", "telephone", "beep", "whistle")
LENGTHS = (
    "{what} for {n} seconds",
    "{n} seconds of {what}",
    "{what}, {n} s",
    "{what} that lasts {n} seconds",
    "a {n}-second clip of {what}",
)
GOING_ON = ("rain", "wind", "sea waves", "fire", "birds", "crickets", "applause", "a stream", "traffic", "typing")
_WORDS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
_TIMES = {1: "once", 2: "twice", **{n: f"{_WORDS[n]} times" for n in (3, 4, 5, 6)}}

ABROAD: dict[str, tuple[str, str, str, str, str]] = {
    "es": ("un perro ladra {} veces", "una vaca muge {} veces", "alguien llama a la puerta {} veces",
           "bajo la lluvia", "dos tres cuatro"),
    "fr": ("un chien aboie {} fois", "une vache meugle {} fois", "on frappe {} fois à la porte",
           "sous la pluie", "deux trois quatre"),
    "de": ("ein Hund bellt {}", "eine Kuh muht {}", "jemand klopft {} an die Tür",
           "im Regen", "zweimal dreimal viermal"),
    "it": ("un cane abbaia {} volte", "una mucca muggisce {} volte", "qualcuno bussa {} volte alla porta",
           "sotto la pioggia", "due tre quattro"),
    "pt": ("um cachorro late {} vezes", "uma vaca muge {} vezes", "alguém bate {} vezes na porta",
           "na chuva", "duas três quatro"),
    "nl": ("een hond blaft {} keer", "een koe loeit {} keer", "iemand klopt {} keer op de deur",
           "in de regen", "twee drie vier"),
    "pl": ("pies szczeka {} razy", "krowa muczy {} razy", "ktoś puka {} razy do drzwi",
           "w deszczu", "dwa trzy cztery"),
    "ru": ("собака лает {} раза", "корова мычит {} раза", "кто-то стучит {} раза в дверь",
           "под дождём", "два три четыре"),
    "zh": ("狗叫{}声", "牛叫{}声", "敲门{}下", "在雨中", "两 三 四"),
    "ja": ("犬が{}回吠える", "牛が{}回鳴く", "ドアを{}回ノックする", "雨の中で", "2 3 4"),
}  # fmt: skip
"""By language: a dog, a cow, knocks, in the rain, and two to four."""


@dataclass(frozen=True)
class Described:
    """A description and what is true of its scene."""

    text: str
    names: tuple[str, ...] = ()
    """What happens, in order."""
    count: int = 0
    under: str = ""
    """What goes on meanwhile."""
    seconds: float = 0.0
    starts: tuple[float, ...] = ()
    """When each is to be heard, in seconds."""


def counted(rng: Rng) -> list[Described]:
    """Each sound three times with one to six of it, one of them alone and the others over what goes on."""
    made = []
    for name, ways in COUNTED.items():
        for number, way in enumerate(ways):
            count = int(rng.integers(1, 7 if number else 5))
            text = way.format(times=_TIMES[count], many=_WORDS[count])
            text = text[:-1] if count == 1 and "{many}" in way and text.endswith("s") else text
            under = str(rng.choice(EVEN)) if number else ""
            where = f" {rng.choice(STEADY[under])}" if under else ""
            made.append(Described(f"{text}{where}", (name,), count, under))
    return made


def over(rng: Rng) -> list[Described]:
    """One sound over each that goes on, in every way to say it."""
    return [
        Described(f"{ONE[name]} {way}", (name,), under=under)
        for under, ways in STEADY.items()
        for way, name in zip(ways, (str(name) for name in rng.choice(list(ONE), len(ways), replace=False)), strict=True)
    ]


def counted_abroad(rng: Rng) -> list[Described]:
    """Three sounds in ten languages, two of them in the rain."""
    made = []
    for language, (*ways, rain, numbers) in ABROAD.items():
        for place, (name, way) in enumerate(zip(("dog", "cow", "knock"), ways, strict=True)):
            which = int(rng.integers(3))
            text = way.format(numbers.split()[which])
            text = f"{text}{'' if language == 'zh' else ' '}{rain}" if place else text
            made.append(Described(text, (name,), which + 2, "rain" if place else ""))
    return made


def ordered(rng: Rng, count: int) -> list[Described]:
    """Two or three sounds of different names one after another."""
    made = []
    for number in range(count):
        names = tuple(str(name) for name in rng.choice(list(ONE), 2 + number % 2, replace=False))
        way = str(rng.choice(THEN if len(names) == 2 else THEN_TWICE))
        made.append(Described(way.format(*(ONE[name] for name in names)), names))
    return made


def louder() -> list[tuple[Described, ...]]:
    """For each sound a loud, a usual and a quiet one, over the same rain or alone in its kind of words."""
    return [
        tuple(Described(f"{way.format(name)} in the rain", (name,), under="rain") for way in LOUDNESS[number % 3])
        for number, name in enumerate(NAMED)
    ]


def nearer() -> list[tuple[Described, ...]]:
    """For each sound a near one and a far one, over the same rain."""
    return [
        tuple(Described(f"{way.format(name)}, rain", (name,), under="rain") for way in DISTANCE[number % 3])
        for number, name in enumerate(NAMED)
    ]


def lasting(rng: Rng) -> list[Described]:
    """What goes on, for so many seconds, in every way to say it."""
    made = []
    for what, way in zip(GOING_ON * 2, LENGTHS * 4, strict=True):
        seconds = int(rng.integers(3, 21))
        made.append(Described(way.format(what=what, n=seconds), (what,), seconds=float(seconds)))
    return made


def timed(rng: Rng) -> list[Described]:
    """A sound at a time that is said, or every so many seconds."""
    made = []
    for name, number in product(("gunshot", "car horn", "dog", "church bell", "knock"), range(3)):
        seconds = int(rng.integers(2, 6))
        once = {"knock": "a knock"}.get(name, ONE[name])
        if number == 0:
            made.append(Described(f"rain, and after {seconds} seconds {once}", (name,), starts=(float(seconds),)))
        elif number == 1:
            made.append(Described(f"wind; at {seconds} seconds {once}", (name,), starts=(float(seconds),)))
        else:
            made.append(Described(f"{once} every {seconds} seconds, three times", (name,), 3, seconds=float(seconds)))
    return made
