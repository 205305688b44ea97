"""A scene from words: what is heard, how often, when, how loud, how far and where, over what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from core.encoder import shared_encoder
from core.errors import BadInput
from core.models.sound import _scene_words as words
from core.models.sound._sound_library import Sound, library

FLOOR = 0.62
"""Similarity below which a name is not meant."""
_NEAR = 3
_MOST_TIMES = 40


@dataclass(frozen=True)
class Layer:
    """One sound of a scene."""

    sound: Sound
    said: str
    """The words that it came from."""
    times: int | None = None
    """How often; None is as usual: once, or for as long as the scene where it repeats by nature."""
    start_s: float | None = None
    after_previous: bool = False
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
    constant: bool = False
    single: bool = False
    """An article says that there is one of it."""


@dataclass(frozen=True)
class Scene:
    """What is to be heard."""

    layers: tuple[Layer, ...]
    seconds: float | None = None
    loop: bool = False
    hall: bool = False
    muffled: bool = False
    radio: bool = False
    unknown: tuple[str, ...] = field(default=())


def read(description: str) -> Scene:
    """The scene that a description means.

    Raises:
        BadInput: nothing in it is a sound that can be made; the sentence names what is near.
    """
    lower = re.sub(r"[.!?…]+(?=\s|$)", " , ", description.lower())
    text = f" {lower.strip()} "
    flags = {name: _has(getattr(words, name.upper()), text) for name in ("hall", "muffled", "radio", "loop")}
    for name, found in flags.items():
        text = _without(getattr(words, name.upper()), text) if found else text
    layers: list[Layer] = []
    unknown: list[str] = []
    seconds: float | None = None
    for number, group in enumerate(_parts(words.THEN, text)):
        first_of_group = True
        for clause in _parts(words.JOIN, group):
            for piece, known in _pieces(clause):
                layer, length = _layer(piece, known)
                seconds = length if length is not None and (layer is None or layer.times is None) else seconds
                if layer is None:
                    if known is None and _wordy(piece):
                        unknown.append(_bare(piece))
                    continue
                layers.append(replace(layer, after_previous=number > 0 and first_of_group and layer.start_s is None))
                first_of_group = False
    if not layers:
        raise BadInput(_refusal(description, unknown))
    return Scene(tuple(layers), seconds, flags["loop"], flags["hall"], flags["muffled"], flags["radio"], tuple(unknown))


def _parts(pattern: str, text: str) -> list[str]:
    return [part for part in re.split(pattern, text) if part.strip(" ,")]


def _pieces(clause: str) -> list[tuple[str, Sound | None]]:
    """A clause with its sound; one that holds two ("a dog barks in heavy rain") as two."""
    found = _aliased(clause)
    if len(found) > 1:
        cuts = [0, *(start for start, _ in found[1:]), len(clause)]
        parts = [clause[a:b] for a, b in zip(cuts, cuts[1:], strict=False)]
        return [(_handed_over(parts, n), sound) for n, (_, sound) in enumerate(found)]
    if found:
        return [(clause, found[0][1])]
    meant = similar(_bare(clause)) if _wordy(clause) else None
    if meant is None:
        halves = [half for half in re.split(words.INSIDE, clause) if half.strip()]
        if len(halves) > 1:
            return [(half, similar(_bare(half)) if _wordy(half) else None) for half in halves]
    return [(clause, meant)]


def _handed_over(parts: list[str], number: int) -> str:
    """The words of a part, with the adjectives that end the part before it and belong to its own noun."""
    before = parts[number - 1] if number else ""
    lead = (
        re.split(r"\b(?:in|on|im|dans|en|nel|no|na|w|в|at|barks?|rings?|blows?|calls?)\b", before)[-1] if number else ""
    )
    tail = parts[number]
    if number + 1 < len(parts):
        tail = re.split(r"\b(?:in|on|im|dans|en|nel|no|na|w|в|at)\b", tail)[0] or tail
    return f"{lead if len(lead) < 40 else ''} {tail}"


def _aliased(clause: str) -> list[tuple[int, Sound]]:
    """Sounds that are named in so many words, in order; where two names overlap the longer one counts."""
    spans: list[tuple[int, int, Sound]] = []
    for sound in library().values():
        for name in (sound.name, *sound.words):
            pattern = rf"(?<!\w){re.escape(name)}(?:e?s|'s)?(?!\w)"
            spans += [(m.start(), m.end(), sound) for m in re.finditer(pattern, clause)]
    spans.sort(key=lambda s: (s[0] - s[1], s[0]))
    kept: list[tuple[int, int, Sound]] = []
    for start, end, sound in spans:
        if all(end <= a or start >= b for a, b, _ in kept):
            kept.append((start, end, sound))
    kept.sort(key=lambda span: span[0])
    found: list[tuple[int, Sound]] = []
    for start, _, sound in kept:  # "a dog barks" names one sound twice
        if not found or found[-1][1] is not sound:
            found.append((start, sound))
    return found


def _layer(piece: str, sound: Sound | None) -> tuple[Layer | None, float | None]:
    """A piece as a layer, and how long it says that the scene is."""
    start = None
    for pattern in (words.AFTER, words.AT):
        if start is None and (match := re.search(pattern, piece)):
            start = words.seconds_of(match)
            piece = piece[: match.start()] + " " + piece[match.end() :]
    length = None
    if match := re.search(words.FOR, piece):
        length = words.seconds_of(match)
        piece = piece[: match.start()] + " " + piece[match.end() :]
    if sound is None:
        return None, length
    gain = -9.0 * _has(words.QUIET, piece) + 5.0 * _has(words.LOUD, piece) + 2.0 * _has(words.HEAVY, piece)
    across, back = _has(words.ACROSS, piece), _has(words.BACK, piece)
    left, right = _has(words.LEFT, piece) and not across, _has(words.RIGHT, piece) and not across
    return Layer(
        sound,
        _bare(piece),
        times=_times(piece),
        start_s=start,
        gain_db=gain - 3.0 * _has(words.LIGHT, piece),
        distance=0.85 if _has(words.FAR, piece) else 0.05 if _has(words.NEAR, piece) else 0.25,
        pan=0.0 if back or across or left == right else -0.75 if left else 0.75,
        moves=-1 if back else 1 if across else 0,
        size=1.35 if _has(words.BIG, piece) else 0.75 if _has(words.SMALL, piece) else 1.0,
        force=1.7 if _has(words.HEAVY, piece) else 0.5 if _has(words.LIGHT, piece) else 1.0,
        pace=1.6 if _has(words.FAST, piece) else 0.62 if _has(words.SLOW, piece) else 1.0,
        variant=next((v for v in sound.variants if re.search(rf"\b{re.escape(v)}", piece)), ""),
        constant=_has(words.CONSTANT, piece),
        single=_has(words.ARTICLE, piece),
    ), length


def _times(piece: str) -> int | None:
    if match := re.search(rf"(\d+)\s*{words.TIMES}?\b", piece):
        return max(1, min(int(match[1]), _MOST_TIMES))
    ordered = "|".join(map(re.escape, sorted(words.NUMBER, key=len, reverse=True)))
    for pattern in (rf"(?<!\w)({ordered})\s+{words.TIMES}(?!\w)", rf"(?<!\w)({ordered})(?!\w)"):
        if match := re.search(pattern, piece):
            return words.NUMBER[match[1]]
    return None


def _has(pattern: str, text: str) -> bool:
    return re.search(rf"(?<!\w)(?:{pattern})(?!\w)", text) is not None


def _without(pattern: str, text: str) -> str:
    return re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", " ", text)


_SAID_ABOUT = re.compile(
    r"(?<!\w)(?:the|a|an|of|is|are|sounds?|noises?|effects?|make|me|please|some|someone|somebody|there|with|"
    r"its?|very|in|on|"
    r"der|die|das|ein|eine|einen|einer|von|geräusch|klang|le|la|les|un|une|des|du|bruit|son|el|los|las|una|"
    r"unos|ruido|sonido|"
    r"il|lo|gli|suono|rumore|o|os|as|um|uma|som|barulho|het|een|geluid|dźwięk|odgłos|звук|шум)(?!\w)"
)


def _bare(piece: str) -> str:
    """The words of a piece that can name a sound."""
    for pattern in (words.QUIET, words.LOUD, words.FAR, words.NEAR, words.FAST, words.SLOW, words.ACROSS, words.BACK):
        piece = _without(pattern, piece)
    kept = _SAID_ABOUT.sub(" ", re.sub(rf"(?<!\w){words.TIMES}(?!\w)|\d+", " ", piece))
    return " ".join(word for word in kept.split() if word not in words.NUMBER).strip(" ,'\"-")


def _wordy(piece: str) -> bool:
    return sum(c.isalpha() for c in _bare(piece)) >= 2


class _Names:
    """The vectors of all names, once they are needed."""

    def __init__(self) -> None:
        said = [(sound, name) for sound in library().values() for name in (sound.name, *sound.words)]
        self.sounds = [sound for sound, _ in said]
        self.vectors = shared_encoder().encode([name for _, name in said])

    _made: _Names | None = None

    @classmethod
    def shared(cls) -> _Names:
        """The one of this process; its 250 names take a second."""
        cls._made = cls._made or cls()
        return cls._made


def ranked(phrase: str) -> list[tuple[float, Sound]]:
    """Sounds by how near their nearest name is to a phrase, the nearest first; each once."""
    names = _Names.shared()
    (vector,) = shared_encoder().encode([phrase])
    near = names.vectors @ vector
    best: dict[str, tuple[float, Sound]] = {}
    for index in np.argsort(-near):
        sound = names.sounds[int(index)]
        best.setdefault(sound.name, (float(near[index]), sound))
    return list(best.values())


def similar(phrase: str) -> Sound | None:
    """The sound that a phrase in any language means; None where none is near enough."""
    score, sound = ranked(phrase)[0]
    return sound if score >= FLOOR else None


def _refusal(description: str, unknown: Sequence[str]) -> str:
    phrase = next(iter(unknown), "") or _bare(description.lower()) or description
    near = ", ".join(sound.name for _, sound in ranked(phrase)[:_NEAR])
    return f"I have no sound for {phrase[:60]!r}. The nearest that I can make: {near}. /help tells more."
