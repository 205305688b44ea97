"""Which sounds belong to what a picture shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from core.models.image._tagger import names
from core.models.image.tags_caption import LIKELY, SURE

_KINDS = (
    ("dog", range(151, 269), "a dog barks three times"),
    ("cat", range(281, 286), "a cat meows twice"),
    ("songbird", (*range(10, 21), *range(87, 97)), "birds"),
    ("bird of the water", range(127, 144), "a stream and distant birds"),
    ("duck or goose", range(97, 100), "a duck quacks three times, a stream"),
    ("frog", range(30, 33), "a frog croaks five times, a stream"),
    ("snake", range(52, 69), "a snake hisses twice"),
    ("cow, bison or buffalo", range(345, 348), "a cow moos twice"),
    ("sheep or ibex", range(348, 351), "a sheep bleats three times"),
    ("pig", range(341, 344), "a pig oinks four times"),
)
"""Kinds with the places of their members in ImageNet's order, and the sounds."""
_THINGS = {
    "a rooster crows twice": "rooster | hen",
    "an owl hoots twice, crickets": "great grey owl",
    "sea waves and distant birds": "beach | sandbar | promontory | breakwater | lighthouse | pier | coral reef | "
    "pelican | albatross | king penguin | sea lion | grey whale | killer whale",
    "sea waves and wind": "catamaran | trimaran | yawl | schooner | pirate ship | ocean liner | container ship | "
    "aircraft carrier | shipwreck | lifeboat | fireboat | motorboat",
    "a stream and birds": "lakeshore | kayak | paddle | gondola | boathouse",
    "waterfall": "dam | fountain",
    "boiling water": "geyser | hot tub | cauldron | hot pot | Crock Pot | soup bowl",
    "wind and distant birds": "mountain | cliff | valley | cliff dwelling | megalith | park bench | birdhouse | "
    "castle | palace | obelisk | stone wall | triumphal arch | totem pole | thatched roof | yurt | tent | "
    "picket fence | split-rail fence | stupa | swing | patio",
    "a dog barks twice": "dingo | dhole | African wild dog",
    "birds and bees": "rapeseed | daisy | hay | corn | greenhouse",
    "explosion and fire": "volcano",
    "bees": "bee | apiary | honeycomb",
    "mosquito": "fly | mosquito net",
    "crickets": "cricket insect | grasshopper | cicada",
    "a horse neighs twice": "common sorrel horse | horse-drawn vehicle",
    "a cow moos and a rooster crows": "barn | bullock cart",
    "train, then a train horn": "steam locomotive | electric locomotive | high-speed train | freight car | "
    "railroad car | tram",
    "siren": "ambulance | fire truck | police van",
    "passing cars and a distant car horn": "station wagon | taxicab | convertible | limousine | minivan | jeep | "
    "ford model t | race car | sports car | pickup truck | moving van | traffic light | traffic or street sign | "
    "suspension bridge | through arch bridge | viaduct | parking meter | car mirror | car wheel | radiator grille",
    "engine": "school bus | minibus | trolleybus | garbage truck | semi-trailer truck | tow truck | tractor | "
    "combine harvester | forklift | snowplow | half-track | tank | lawn mower | chainsaw | go-kart | snowmobile",
    "motorcycle": "moped | motor scooter",
    "aeroplane": "airliner | military aircraft | airplane wing",
    "whoosh, then an explosion": "missile",
    "sonar": "submarine",
    "church bells": "church | bell tower | monastery",
    "wind chimes": "bell or wind chime",
    "bell": "gong",
    "clock ticking": "analog clock | wall clock | stopwatch",
    "alarm clock": "digital clock",
    "a telephone rings": "rotary dial telephone | payphone | mobile phone",
    "typing": "computer keyboard | keyboard space bar | typewriter keyboard | laptop computer | notebook computer | "
    "desktop computer | computer mouse",
    "paper": "library | bookstore | bookcase | envelope | comic book",
    "fire": "fire screen | stove | torch | candle | matchstick",
    "pouring water": "teapot | coffeepot | coffee mug | tea cup | espresso | espresso machine | drink pitcher | "
    "water jug",
    "dripping": "sink | toilet seat | shower curtain",
    "splash": "bathtub | swimming cap | snorkel",
    "fan": "electric fan | hair dryer | vacuum cleaner | space heater",
    "hum": "washing machine | dishwasher | refrigerator",
    "beep": "microwave oven | automated teller machine | oscilloscope",
    "heavy rain": "umbrella | rain barrel",
    "three knocks": "doormat | sliding door | hammer",
    "explosion": "cannon",
    "two gunshots": "assault rifle | rifle | revolver",
    "sawing": "sawmill",
    "applause": "stage | movie theater | scoreboard",
    "glass breaking": "goblet | wine bottle | beer glass",
    "a whistle": "whistle",
    "static": "radio | television",
    "heartbeat": "stethoscope",
    "sleigh bells": "Christmas stocking",
    "a dog barks twice, sleigh bells": "dog sled",
    "wind and footsteps in snow": "ski",
    "wind": "flagpole | parachute | pinwheel",
}
"""Sounds, with the things that make them."""
_APART = 1.5
"""A kind is named, and not its likeliest member, where it is so much likelier."""


@dataclass(frozen=True)
class Heard:
    """What of a picture has a sound."""

    thing: str
    confidence: float
    """That it is in the picture: of all together that sound so."""
    sounds: str
    """A description for a scene."""


@cache
def sounds() -> dict[str, str]:
    """Descriptions of sounds by the names of things."""
    known = {names()[place]: made for _, places, made in _KINDS for place in places}
    return known | {thing: made for made, things in _THINGS.items() for thing in things.split(" | ")}


def heard(scores: NDArray[np.float64]) -> Heard | None:
    """The likeliest sounds, given probabilities of `names()`; None where no thing that has any is likely.

    A kind of very many members is likely only where it is surely one of them: a little of each adds up on any picture.
    """
    together: dict[str, list[int]] = {}
    for place, name in enumerate(names()):
        if made := sounds().get(name):
            together.setdefault(made, []).append(place)
    made, places = max(together.items(), key=lambda known: float(scores[known[1]].sum()))
    confidence = float(scores[places].sum())
    first = max(places, key=lambda place: float(scores[place]))
    kind = next((kind for kind, _, sound in _KINDS if sound == made), None)
    if confidence < (SURE if kind and scores[first] < LIKELY else LIKELY):
        return None
    named = kind if kind and confidence > _APART * scores[first] else names()[first]
    return Heard(named, round(confidence, 2), made)
