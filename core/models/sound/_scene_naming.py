"""Which sounds words name: by what they are called in twelve languages, else by what the words mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from core.encoder import Vectors, shared_encoder
from core.models.sound._scene_names import CALLED
from core.models.sound._scene_words import bounded, is_eastern, plain
from core.models.sound._sound_library import Sound, library
from core.models.sound._sounds import is_event, short_name
from core.models.sound._yamnet import class_names

FLOOR = 0.62
"""Similarity below which a name is not meant."""
_NOT_ALONE = frozenset({"falls", "coach", "watch", "passing object", "fly by", "beep beep"})
"""Words that mean a sound only among others: "rain falls"."""
_PLURAL = r"(?:e?s|'s)?"
_OTHER_THINGS = re.compile(
    r"(?<!\w)(?:hot dogs?|corn dogs?|dog ?ears?|bell peppers?|ping[ -]?pong|submarine sandwich(?:es)?|sea ?horses?"
    r"|horse ?radish|horse ?power|trains? of thought|fan clubs?|wind instruments?|wind ?shields?|snake eyes|cat ?walks?"
    r"|paper (?:aero|air)?planes?|cat ?fish|bees'? knees|rain ?coats?|rain ?bows?"
    r"|rain dance|whistle ?stop|pig ?(?:pen|tail)s?"
    r"|guinea pigs?|frog in (?:my|your|his|her|the) throat|heart to heart|bark(?:s|ed|ing)? orders|cow ?(?:boy|girl)s?"
    r"|streams? of (?:people|consciousness)|waves? of (?:laughter|people|emotion)|duck ?tape|bull ?dogs?|fire ?walls?"
    r"|(?:sound|brain|heat) waves?|glass ceilings?|meerschweinchen|seepferdchen|regenbogen|regenmantel|papierflieger"
    r"|perr(?:it)?os? calientes?|arco ?iris|avion (?:en papier|de papel))(?!\w)"
)
"""What is called by the name of something that sounds, and sounds otherwise or not at all."""


@dataclass(frozen=True)
class Mention:
    """A place in a text that names a sound."""

    start: int
    end: int
    sound: Sound
    again: bool
    """Said in a way that means more than one: bells, barking."""


@cache
def _names() -> tuple[re.Pattern[str], list[tuple[Sound, bool, str]]]:
    """One pattern with a group a name, the longest name first, and what each group stands for."""
    named: dict[str, tuple[Sound, bool]] = {}
    for sound in library().values():
        for name in CALLED.get(sound.name, "").split("|"):
            if name:
                named.setdefault(plain(name.lstrip("+")), (sound, name.startswith("+")))
    for sound in library().values():
        for name in (sound.name, *sound.words):
            if name not in _NOT_ALONE:
                named.setdefault(plain(name), (sound, False))
    ordered = sorted(named, key=len, reverse=True)
    groups = [f"({_pattern(name)})" for name in ordered]
    return re.compile("|".join(groups)), [(*named[name], name) for name in ordered]


def _pattern(name: str) -> str:
    if is_eastern(name) or "*" in name or not name.isascii() or name.endswith("s"):
        return bounded(name)
    return rf"(?<!\w){re.escape(name)}{_PLURAL}(?!\w)"


def mentions(text: str) -> Iterator[Mention]:
    """The sounds that a plain text names, in order."""
    pattern, meanings = _names()
    for match in pattern.finditer(_OTHER_THINGS.sub(lambda other: " " * len(other[0]), text)):
        sound, again, name = meanings[(match.lastindex or 1) - 1]
        many = name == plain(sound.name) and match[0] in (f"{name}s", f"{name}es") and name not in ("knock", "beep")
        yield Mention(match.start(), match.end(), sound, again or many)


@cache
def _vectors() -> tuple[list[Sound], Vectors, Vectors]:
    """The names of all sounds as vectors, and those of what can be heard but not made here."""
    said = [(sound, name) for sound in library().values() for name in (sound.name, *sound.words)]
    made = {label for sound in library().values() for label in sound.labels}
    others = [short_name(n) for n, name in enumerate(class_names()) if is_event(n) and name not in made]
    encode = shared_encoder().encode
    return [sound for sound, _ in said], encode([name for _, name in said]), encode(others)


def ranked(phrase: str) -> list[tuple[float, Sound]]:
    """Sounds by how near their nearest name is to a phrase, the nearest first; each once."""
    sounds, vectors, _ = _vectors()
    near = vectors @ shared_encoder().encode([phrase])[0]
    best: dict[str, tuple[float, Sound]] = {}
    for index in np.argsort(-near, kind="stable"):
        sound = sounds[int(index)]
        best.setdefault(sound.name, (float(near[index]), sound))
    return list(best.values())


def similar(phrase: str) -> Sound | None:
    """The sound that a phrase in any language means; None where none is near enough, or another sound is nearer."""
    score, sound = ranked(phrase)[0]
    if score < FLOOR or _OTHER_THINGS.search(plain(phrase)):
        return None
    _, _, others = _vectors()
    return sound if score >= float((others @ shared_encoder().encode([phrase])[0]).max()) else None
