"""A scene from words: what is heard, how often, when, how loud, how far and where, over what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from core.errors import BadInput
from core.models.sound._scene_marks import Mark, marks
from core.models.sound._scene_naming import ranked, similar
from core.models.sound._sound_library import Sound
from core.sayings import saying

_MOST_TIMES = 40
_USUALLY = {"knock": 3}
"""How often it comes where it comes again and no number is said."""
_PLACES = frozenset({"door slam", "passing car", "fan", "telephone"})
"""Where something else is ("knocking at the door", "rain on a car") they are its place and make no sound."""
_OF_ANOTHER = {"passing car": "car horn", "fire": "gunshot", "hum": "fan"}
"""What, beside another without a word between, only says whose that is or what it does: "a car honks", "gun fires"."""
_COUNTABLE = frozenset({"clock", "dripping", "snoring", "sawing", "sea waves", "passing car"})
"""Of what goes on: what is heard so and so many times. "A dog barks in the rain twice" counts the dog."""
_AFTER_ITS_SOUND = frozenset({"count", "far", "left", "right", "across", "back", "constant", "every", "length", "at"})
"""What stands behind the sound that it belongs to, where two stand without a word between: "barks twice"."""
_GAINS_DB = {"quiet": (-9.0, -9.0), "loud": (5.0, 5.0), "heavy": (4.0, 2.0), "light": (-5.0, -3.0)}
"""Of an event, and of what goes on."""
_NEAR = 3
_PHRASE = 60


@dataclass(frozen=True)
class Layer:
    """One sound of a scene."""

    sound: Sound
    said: str
    """The words that it came from."""
    group: int = 0
    """What is told to come then is of a later group."""
    times: int | None = None
    """How often; None is as usual: once, or for as long as the scene where it comes again."""
    again: bool = False
    """Of an event: again and again."""
    every_s: float | None = None
    """From one to the next, where that is said."""
    start_s: float | None = None
    """When it begins in the scene; with `relative`, after the beginning of what was said before."""
    relative: bool = False
    seconds: float | None = None
    """How long it goes on, where that is said of it alone."""
    gain_db: float = 0.0
    distance: float = 0.25
    """0 is at the ear, 1 is far away."""
    pan: float = 0.0
    """-1 is left."""
    moves: int = 0
    """1 goes from left to right, -1 back."""
    size: float = 1.0
    force: float = 1.0
    pace: float = 1.0
    variant: str = ""

    @property
    def goes_on(self) -> bool:
        """Whether it is one sound that lasts, and not one that happens."""
        return self.sound.kind == "texture" and not (self.times and self.times > 1)


@dataclass(frozen=True)
class Scene:
    """What is to be heard."""

    layers: tuple[Layer, ...]
    seconds: float | None = None
    rooms: frozenset[str] = frozenset()
    """Of `loop`, `hall`, `muffled`, `radio`: what is said of the whole."""
    unknown: tuple[str, ...] = ()
    """What was asked for and cannot be made."""

    @property
    def loop(self) -> bool:
        """Whether its end is to run on into its beginning."""
        return "loop" in self.rooms


@dataclass(frozen=True)
class _Piece:
    """Marks that belong together: at most one sound and what is said of it."""

    group: int
    marks: tuple[Mark, ...]
    placed: bool = False
    """Behind a word like "in" or "at": it may say where something is, and no more."""
    denied: bool = False

    @property
    def sounds(self) -> list[Mark]:
        return [mark for mark in self.marks if mark.kind == "sound"]

    @property
    def words(self) -> str:
        """What is not understood, as it was written."""
        return " ".join(mark.text for mark in self.marks if mark.kind == "word").strip(" '-")[:_PHRASE]


def read(description: str) -> Scene:
    """The scene that a description means.

    Raises:
        BadInput: nothing in it is a sound that can be made; the sentence names what is near.
    """
    found, rooms = marks(description)
    layers: list[Layer] = []
    unknown: list[str] = []
    lengths: list[tuple[int | None, float]] = []
    for piece in _pieces(found):
        sound = piece.sounds[0].sound if piece.sounds else None
        if sound is None and piece.words and not piece.placed:
            sound = similar(piece.words)
            if sound is None:
                unknown.append(piece.words)
        place = sound is not None and piece.placed and sound.name in _PLACES and bool(layers)
        if place:
            layers[-1] = _described(layers[-1], piece)
        elif sound is not None and piece.placed and (said := _said_before(sound, piece.group, layers)) is not None:
            layers[said] = _described(layers[said], piece)
        elif sound is not None and not piece.denied:
            layer = _counting_before(_layer(piece, sound), layers)
            if not (layers and _the_same(layers[-1], layer)):
                layers.append(layer)
        elif sound is None and layers:
            last = layers.pop()
            last = _placed(last, piece) if piece.words else _described(last, piece)
            layers.append(_counting_before(last, layers))
        index = len(layers) - 1 if sound is not None and layers else None
        lengths += [(index, mark.value) for mark in piece.marks if mark.kind == "length"]
    if not layers:
        raise BadInput(_refusal(description.strip()[:_PHRASE]))
    seconds, timed = _lengths(lengths, layers)
    return Scene(tuple(timed), seconds, frozenset(rooms), tuple(dict.fromkeys(unknown)))


def _pieces(found: Sequence[Mark]) -> Iterator[_Piece]:
    """The marks cut where words join, follow or place, and between two sounds."""
    group, placed, denied = 0, False, False
    piece: list[Mark] = []
    for mark in found:
        if mark.kind in ("then", "join", "place", "not"):
            yield from _split(_Piece(group, tuple(piece), placed, denied))
            piece, placed = [], mark.kind == "place"
            group += mark.kind == "then"
            denied = mark.kind == "not" or (denied and mark.kind == "place")
        else:
            piece.append(mark)
    yield from _split(_Piece(group, tuple(piece), placed, denied))


def _split(piece: _Piece) -> Iterator[_Piece]:
    """One piece a sound: what stands between two belongs to the later one, unless it is of a kind that follows."""
    part: list[Mark] = []
    current: Sound | None = None
    for mark in _making(piece.marks):
        if mark.kind == "sound" and current is not None and mark.sound is not current:
            last = max(n for n, one in enumerate(part) if one.kind == "sound")
            own = last + 1
            while own < len(part) and part[own].kind in _AFTER_ITS_SOUND:
                own += 1
            yield replace(piece, marks=tuple(part[:own]))
            part = part[own:]
        if mark.kind == "sound":
            current = mark.sound
        part.append(mark)
    if part:
        yield replace(piece, marks=tuple(part))


def _making(found: Sequence[Mark]) -> list[Mark]:
    """The marks without the sounds that only say whose the one beside them is."""
    sounds = [mark for mark in found if mark.kind == "sound" and mark.sound]
    dropped: set[int] = set()
    for one, other in pairwise(sounds):
        for mark, beside in ((one, other), (other, one)):
            owner = _OF_ANOTHER.get(mark.sound.name) if mark.sound else None
            if beside.sound and beside.sound.name == owner and not mark.again:
                dropped.add(mark.start)
    return [mark for mark in found if mark.start not in dropped]


def _said_before(sound: Sound, group: int, layers: Sequence[Layer]) -> int | None:
    """The layer of a sound that happens, with only its place said since: "a dog in the rain barks twice"."""
    since = next((n for n in reversed(range(len(layers))) if not layers[n].goes_on), len(layers) - 1)
    same = sound.kind == "event" and layers and layers[since].sound is sound and layers[since].group == group
    return since if same and since < len(layers) - 1 else None


def _counting_before(layer: Layer, before: list[Layer]) -> Layer:
    """A layer without its count where that can only be of what happens before it, which is given it."""
    if layer.times is None or layer.sound.kind == "event" or layer.sound.name in _COUNTABLE:
        return layer
    if before and before[-1].sound.kind == "event" and before[-1].times is None:
        before[-1] = replace(before[-1], times=layer.times, again=False)
        return replace(layer, times=None)
    return layer


def _layer(piece: _Piece, sound: Sound) -> Layer:
    said = " ".join(mark.text for mark in piece.marks)
    layer = _described(Layer(sound, said, piece.group), piece)
    named = [mark.text for mark in piece.sounds]
    again = layer.again or any(mark.again for mark in piece.sounds)
    times = layer.times
    if times is None and len(named) > 1 and len(set(named)) == 1:  # knock, knock, knock
        times = len(named)
    if times is None and again:
        times = _USUALLY.get(sound.name)
    return replace(layer, times=times, again=again and times is None)


def _the_same(one: Layer, other: Layer) -> bool:
    """Whether what goes on is only said again: "golven aan zee"."""
    return one.goes_on and replace(other, said=one.said) == one


def _described(layer: Layer, piece: _Piece) -> Layer:
    """A layer with all that a piece says of it."""
    kinds = {mark.kind for mark in piece.marks}
    value = {mark.kind: mark.value for mark in piece.marks}
    event = layer.sound.kind == "event"
    strong, weak = kinds & {"heavy", "loud"}, kinds & {"light", "quiet"}
    moves = -1 if "back" in kinds else 1 if "across" in kinds else layer.moves
    pan = 0.75 * (("right" in kinds) - ("left" in kinds))
    start = next((value[kind] for kind in ("after", "later", "at") if kind in value), None)
    times = min(int(value["count"]), _MOST_TIMES) if "count" in value else layer.times
    described = replace(
        layer,
        times=times,
        again=times is None and (layer.again or bool(kinds & {"constant", "every"})),
        every_s=value.get("every", layer.every_s),
        gain_db=layer.gain_db + sum(gains[not event] for kind, gains in _GAINS_DB.items() if kind in kinds),
        distance=0.85 if "far" in kinds else 0.05 if "near" in kinds else layer.distance,
        pan=(pan or layer.pan) * (not moves),
        moves=moves,
        size=1.35 if "big" in kinds else 0.75 if "small" in kinds else layer.size,
        force=1.7 if strong else 0.5 if weak else layer.force,
        pace=1.6 if "fast" in kinds else 0.62 if "slow" in kinds else layer.pace,
    )
    if start is not None:
        relative = "later" in value or ("after" in value and layer.group > 0)
        described = replace(described, start_s=start, relative=relative)
    return _placed(described, piece)


def _placed(layer: Layer, piece: _Piece) -> Layer:
    """A layer on the ground that a piece names."""
    variants = [mark.text for mark in piece.marks if mark.kind == "variant" and mark.text in layer.sound.variants]
    return replace(layer, variant=variants[-1]) if variants else layer


def _lengths(said: list[tuple[int | None, float]], layers: list[Layer]) -> tuple[float | None, list[Layer]]:
    """How long the scene is, and the layers that have a length of their own.

    A single length is that of the scene, unless it is said of a sound that another follows.
    """
    last = layers[-1].group
    if len(said) == 1 and (said[0][0] is None or layers[said[0][0]].group == last == 0):
        return said[0][1], layers
    timed = list(layers)
    whole = None
    for index, seconds in said:
        if index is None:
            whole = seconds
        else:
            timed[index] = replace(timed[index], seconds=seconds)
    return whole, timed


def _refusal(phrase: str) -> str:
    near = ", ".join(sound.name for _, sound in ranked(phrase)[:_NEAR])
    return saying("scene_unknown", sound=phrase, near=near)
