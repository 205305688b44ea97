"""The classes of AudioSet (Gemmeke et al. 2017): which is a kind of which, and what a person calls them."""

from __future__ import annotations

import re
from functools import cache

from core.models.sound._yamnet import class_names

_KINDS = (
    "0-5 6-10 13-18 19-22 24-31 36-41 42-43 56-58 59-60 64-65 67-131 68-80 69-75 76-80 81-102 82-84 85-87 88-89 90-91"
    " 93-102 94-96 97-98 99-100 101-102 103-131 104-105 106-116 107-109 110-111 112-113 114-115 118-120 121-126 124-125"
    " 127-128 129-130 132-276 133-210 134-146 135-141 147-155 148-149 150-152 153-154 156-178 157-178 159-165 166-167"
    " 174-178 180-183 184-189 186-187 190-193 195-202 214-220 234-242 249-250 277-279 280-281 282-291 283-285 288-289"
    " 292-293 294-336 295-299 300-321 301-309 302-303 310-314 316-319 322-328 323-327 329-334 330-332 337-347 338-341"
    " 348-357 349-350 358-359 378-380 382-397 383-388 390-391 396-397 398-411 400-402 410-411 412-419 418-419 420-430"
    " 421-425 426-427 431-434 435-437 438-449 507-515"
)
"""A class and the last of its kinds: the network's order goes through the ontology from the root down."""
_MORE_KINDS = ((92, 91), (117, 69), (104, 105), (57, 58), (61, 62), (62, 58), (390, 317), (390, 318), (390, 319))
"""Kinds of a second class: a bleat is also a sheep's."""
_ABSTRACT = frozenset([67, 68, 81, 93, 103, 117, 132, 133, 294, 300, 316, 382, 398, 412, 438, 507, 508])
"""Says too little to be told beside anything more certain."""
_NO_EVENTS = frozenset([457, 458, 494, 496, 498, 499, 505, 506, 511, 512, 513, 520, *range(500, 505)])
"""Silence, rooms, and what is a quality of a sound and none by itself."""
_FAMILIES = (
    *((0, 23), (24, 35), (36, 60), (61, 66), (67, 131), (132, 276), (277, 281), (282, 293), (294, 347), (348, 381)),
    *((382, 397), (398, 419), (420, 437), (438, 450), (451, 493), (507, 519)),
)
"""First and last class of what is easily taken for one another."""

_CALLED = {
    "bark": "barking", "yip": "yapping", "howl": "howling", "bow-wow": "dog barking", "purr": "purring",
    "meow": "meowing", "neigh": "neighing", "moo": "mooing", "oink": "oinking", "bleat": "bleating",
    "cluck": "clucking", "gobble": "gobbling", "quack": "quacking", "honk": "honking", "roar": "roaring",
    "chirp": "chirping", "squawk": "squawking", "coo": "cooing", "caw": "cawing", "hoot": "hooting",
    "croak": "croaking", "bird vocalization": "birdsong", "bird flight": "flapping wings", "buzz": "buzzing",
    "walk": "footsteps", "run": "running steps", "hubbub": "hubbub", "toot": "honking", "fly": "flies", "bee": "bees",
    "domestic animals": "a pet", "livestock": "farm animals", "roaring cats": "a big cat",
    "canidae": "a dog or wolf", "shout": "shouting",
    "yell": "yelling", "cough": "coughing", "sneeze": "sneezing", "sniff": "sniffing", "baby cry": "a baby crying",
    "knock": "knocking", "tap": "tapping", "slam": "slamming", "squeak": "squeaking", "creak": "creaking",
    "rattle": "rattling", "rustle": "rustling", "crackle": "crackling", "drip": "dripping", "pour": "pouring",
    "splash": "splashing", "fill": "filling", "spray": "spraying", "stir": "stirring", "burst": "popping",
    "pump": "pumping", "slosh": "sloshing", "trickle": "trickling", "chink": "clinking", "shatter": "shattering",
    "whack": "a whack", "thump": "thumping", "whoosh": "whooshing", "beep": "beeping", "tick": "ticking",
    "fireworks": "fireworks", "strum": "strumming", "whimper": "whimpering", "groan": "groaning", "grunt": "grunting",
    "sigh": "sighing", "gasp": "gasping", "snort": "snorting", "chant": "chanting", "giggle": "giggling",
    "power windows": "an electric window", "medium engine": "an engine", "heavy engine": "a heavy engine",
    "light engine": "a small engine", "wind noise": "wind on the microphone", "dishes": "dishes",
    "rain on surface": "rain on a surface", "raindrop": "raindrops",
    "civil defense siren": "siren", "single-lens reflex camera": "camera", "effects unit": "effects unit",
}  # fmt: skip
"""Where a class is named otherwise than a person would say that it is heard."""


@cache
def ancestors(index: int) -> frozenset[int]:
    """The classes that a class is a kind of."""
    spans = [tuple(map(int, span.split("-"))) for span in _KINDS.split()]
    above = {first for first, last in spans if first < index <= last}
    more = {parent for parent, child in _MORE_KINDS if child == index or child in above}
    return frozenset(above | more).union(*(ancestors(parent) for parent in more)) - {index}


def is_event(index: int) -> bool:
    """Whether a class is a sound that happens, and not a room or a quality."""
    return index not in _NO_EVENTS


def is_abstract(index: int) -> bool:
    """Whether a class says no more than "some animal", "some music"."""
    return index in _ABSTRACT


def family(index: int) -> int:
    """Classes of one number are easily taken for one another."""
    return next((n for n, (first, last) in enumerate(_FAMILIES) if first <= index <= last), -index)


def short_name(index: int) -> str:
    """The name of a class in a few small words: "crowing", "chicken"."""
    name = re.sub(r"\s*\(.*?\)", "", class_names()[index]).split(", ")[0].lower()
    return _CALLED.get(name, name)
