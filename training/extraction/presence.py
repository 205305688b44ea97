"""What each class scores where it is not, and how that tells of a named sound: `python -m training.extraction.presence
SOUNDS VOICES OUT`.

SOUNDS and VOICES are those of `training.extraction.mixes`; none of the benchmark's recordings is among them. Mixes of
two at one level teach each class's mean and spread where it is absent, and the weights of the evidence. Scenes of three
sounds in noise tell at which evidence an event begins: no more false alarms there than by the tagger's own scores.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from scipy.optimize import minimize

from bench._scenes import noise, scene
from core.media import Audio
from core.models.sound import _matching, _yamnet
from core.models.sound._events import ON
from core.models.sound._presence import features, logits
from core.models.sound._sounds import ancestors
from core.models.sound._yamnet import class_names
from training.extraction.made import MAKERS, RATE, Samples
from training.extraction.mixes import Sound, recorded
from training.separation.mixes import voices

FRAMES = 6 * RATE
MIXES, SCENES = 500, 101
MIXED_SEED, SCENE_SEED, ABSENT_SEED, SCENE_ABSENT_SEED = 778, 779, 1, 5
_MADE, _ABSENT, _ABSENT_IN_SCENE = 0.2, 8, 30
_IN_IT = 0.05
"""A class that scores more than that for a sound alone is in it."""
_FLOOR, _FEW, _DECAY = 0.3, 500, 3e-3

Rng = np.random.Generator
Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """A mix as the tagger hears it."""

    scores: Samples
    alone: Samples
    """The highest scores of what is asked for, heard alone, shape (classes,)."""
    asked: str
    absent: str
    beside: frozenset[int]
    """Classes of what is beside it, where that is known."""


@cache
def meant(words: str) -> dict[int, float]:
    return _matching.shared().meant(words)


@cache
def shows(words: str) -> frozenset[int]:
    """The classes in whose scores these words show."""
    return frozenset(_matching.heard_as(meant(words)))


def _hear(samples: Samples) -> Samples:
    return _yamnet.shared().hear(Audio(samples[None], RATE)).scores


def _placed(clip: Samples, rng: Rng) -> Samples:
    """Somewhere in the mix, RMS 1 while it sounds."""
    clip = clip[:FRAMES]
    out = np.zeros(FRAMES, np.float32)
    at = int(rng.integers(FRAMES - len(clip) + 1))
    out[at : at + len(clip)] = clip / np.sqrt(np.mean(np.square(clip)) + 1e-12)
    return out


def mixes(sounds: list[Sound], spoken: Path, rng: Rng) -> Iterator[Heard]:
    """In turn with another sound, with noise, with speech; all at one level."""
    talkers = voices(spoken, "train")
    speech = frozenset(n for n, _ in enumerate(class_names()) if class_names().index("Speech") in (n, *ancestors(n)))
    named = ("Noise", "White noise", "Pink noise", "Static", "Environmental noise")
    noises = frozenset(class_names().index(name) for name in named)

    def draw() -> tuple[tuple[str, ...], Samples]:
        if rng.random() < _MADE:
            words = str(rng.choice(list(MAKERS)))
            return tuple(words.split(" | ")), MAKERS[words](rng, 4 * RATE).astype(np.float32)
        sound = sounds[rng.integers(len(sounds))]
        clip = sound.clips[rng.integers(len(sound.clips))]
        again = max(1, int(np.ceil(0.7 * RATE / len(clip)))) if rng.random() < 0.5 else 1
        return sound.words, np.tile(clip, again)[: 4 * RATE]

    def apart(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
        return not set(one) & set(other) and not shows(one[0]) & shows(other[0])

    for number in range(MIXES):
        words, target = draw()
        beside, known = ("speech",), speech
        if number % 3 == 0:
            beside, clip = _until(draw, lambda other, words=words: apart(words, other))
            known = frozenset()
        elif number % 3 == 1:
            beside, known = ("noise",), noises
            clip = noise(rng, FRAMES, float(rng.choice([1.0, 2.0]))).astype(np.float32)
        else:
            voice = talkers[rng.integers(len(talkers))].samples
            begin = int(rng.integers(max(1, len(voice) - FRAMES)))
            clip = np.asarray(voice[begin : begin + FRAMES], np.float32) / 32768
        absent, _ = _until(draw, lambda other, a=words, b=beside: apart(other, a) and apart(other, b))
        one, other = (_placed(part, rng) for part in (target, clip))
        scale = np.float32(0.5 / np.abs(one + other).max())
        asked, missing = str(rng.choice(words)), str(rng.choice(absent))
        alone = _hear(scale * one).max(0)
        yield Heard(_hear(scale * (one + other)), alone, asked, missing, known)


def _until(
    draw: Callable[[], tuple[tuple[str, ...], Samples]], fits: Callable[[tuple[str, ...]], bool]
) -> tuple[tuple[str, ...], Samples]:
    while True:
        words, samples = draw()
        if fits(words):
            return words, samples


def where_absent(heard: list[Heard]) -> tuple[Table, Table]:
    """The mean and the spread of each class's logit in the windows of mixes that it is not in."""
    count, total, squares = (np.zeros(len(class_names())) for _ in range(3))
    for one in heard:
        counts = one.alone <= _IN_IT
        counts[list(shows(one.asked) | one.beside)] = False
        rows = logits(one.scores)
        count += counts * len(rows)
        total += counts * rows.sum(0)
        squares += counts * np.square(rows).sum(0)
    mean = total / np.maximum(count, 1)
    spread = np.sqrt(np.maximum(squares / np.maximum(count, 1) - np.square(mean), 0)) + _FLOOR
    few = count < _FEW
    mean[few], spread[few] = np.median(mean[~few]), np.median(spread[~few])
    return mean, spread


def asked_in_vain(heard: Heard, words: list[str], rng: Rng) -> list[str]:
    """Words for sounds that are not in a mix."""
    inside = frozenset(np.flatnonzero(heard.alone > _IN_IT)) | shows(heard.asked)
    rest = [str(one) for one in rng.permutation(words) if not inside & shows(str(one))]
    return [heard.absent, *rest[: _ABSENT - 1]]


def weighed(there: list[Table], absent: list[Table]) -> Table:
    """The weights of both features and what is added: logistic regression on the strongest window of each."""
    both = np.concatenate([*there, *absent])
    mean, spread = both.mean(0), both.std(0)

    def loss(weights: Table) -> tuple[float, Table]:
        cost, slope = _DECAY * float(weights[:2] @ weights[:2]), 2 * _DECAY * np.array([*weights[:2], 0.0])
        for group, answer in ((there, 1.0), (absent, 0.0)):
            strongest = np.stack([max(rows, key=lambda row: row @ weights[:2]) for rows in scaled(group)])
            evidence = strongest @ weights[:2] + weights[2]
            cost += float(np.mean(np.logaddexp(0, evidence) - answer * evidence))
            wrong = 1 / (1 + np.exp(-evidence)) - answer
            slope += np.array([*(strongest * wrong[:, None]).mean(0), wrong.mean()])
        return cost, slope

    def scaled(group: list[Table]) -> list[Table]:
        return [(rows - mean) / spread for rows in group]

    found = minimize(loss, np.array([0.5, 0.5, -1.0]), jac=True, method="L-BFGS-B").x
    return np.array([*(found[:2] / spread), found[2] - float(found[:2] @ (mean / spread))])


def beginning(sounds: list[Sound], evidence: Callable[[Samples, str], float]) -> float:
    """The evidence that gives as many false alarms in scenes as the tagger's own scores do at `ON`."""
    rng = np.random.default_rng(SCENE_SEED)
    drawn: list[tuple[Samples, frozenset[int], list[str]]] = []
    while len(drawn) < SCENES:
        clips: dict[str, Samples] = {}
        while len(clips) < 3:
            sound = sounds[rng.integers(len(sounds))]
            words, clip = str(rng.choice(sound.words)), sound.clips[rng.integers(len(sound.clips))][: 3 * RATE]
            if shows(words) and not any(shows(words) & shows(other) for other in clips):
                clips[words] = clip
        made = scene(rng, clips)
        inside = [frozenset(np.flatnonzero(_hear(clip).max(0) > _IN_IT)) for clip in clips.values()]
        names = [placed.name for placed in made.placed]
        drawn.append((_hear(made.audio.samples[0]), frozenset().union(*inside, *map(shows, names)), names))
    called = sorted({name for _, _, names in drawn for name in names})
    own, new = [], []
    for scores, inside_it, _ in drawn:
        for words in np.random.default_rng(SCENE_ABSENT_SEED).permutation(called)[:_ABSENT_IN_SCENE]:
            if not inside_it & shows(str(words)):
                weights = _matching.heard_as(meant(str(words)))
                own.append(float((scores[:, list(weights)] * np.array(list(weights.values()))).max()))
                new.append(evidence(scores, str(words)))
    return float(np.quantile(new, 1 - np.mean(np.array(own) >= ON)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sounds", type=Path)
    parser.add_argument("voices", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    sounds = recorded(args.sounds)
    heard = list(mixes(sounds, args.voices, np.random.default_rng(MIXED_SEED)))
    mean, spread = where_absent(heard)
    words = sorted({one.asked for one in heard} | {one.absent for one in heard})
    rng = np.random.default_rng(ABSENT_SEED)

    def told(one: Heard, asked: list[str]) -> list[Table]:
        return [features(one.scores, meant(name), mean, spread) for name in asked if meant(name)]

    there = [rows for one in heard for rows in told(one, [one.asked])]
    absent = [rows for one in heard for rows in told(one, asked_in_vain(one, words, rng))]
    weights = weighed(there, absent)
    on = beginning(
        sounds,
        lambda scores, name: float((features(scores, meant(name), mean, spread) @ weights[:2]).max() + weights[2]),
    )
    learnt = {"mean": mean, "spread": spread, "weights": weights, "on": np.array([on])}
    save_file({name: values.astype(np.float32) for name, values in learnt.items()}, args.out)


if __name__ == "__main__":
    main()
