"""Taking one sound out of a mixture: SI-SDR improvement by class of each way of doing it, and of the one that is taken.

Every class is mixed as loud as another clip, pink or brown noise, or speech, 6 s, and asked for by the words of another
language in turn. Where the sound is said not to be there, nothing is measured. No recording of these was trained on; of
the classes in `UNHEARD` none was at all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from bench._report import report
from bench._scenes import ABSENT, CLIPS, RATE, SCENE_CLASSES, SEED, found, load, noise
from bench._sound_words import WORDS
from core.capabilities import AudioArgs, SpeakArgs, TargetArgs
from core.encoder import shared_encoder
from core.errors import BadInput
from core.media import Audio
from core.models.base import Call
from core.models.music.spleeter import SpleeterStems
from core.models.sound import _matching
from core.models.sound._listening import listen
from core.models.sound._parting import Masker, gated
from core.models.sound._yamnet import shared
from core.models.sound.extractor import Extractor
from core.models.speech.deepfilternet import DeepFilterNet
from core.models.speech.hibari import Hibari
from core.settings import load_settings

UNHEARD = frozenset(
    ("crow", "bee", "violin", "cello", "toilet", "vacuum cleaner", "saw", "lion", "telephone", "fireworks", "thunder")
)
FRAMES = 6 * RATE
SPOKEN = "The train to the coast leaves at nine, and there is a seat left by the window, if you would like it."
GOALS = {"si_sdri_db_taken": "printed by class", "given_when_there": ">= 0.75", "given_when_absent": "<= 0.1"}
WORST_DB, BEST_DB = -20.0, 30.0
"""A part that is wholly wrong or wholly right counts no more than that."""

Samples = NDArray[np.float32]


@dataclass(frozen=True)
class Mix:
    """A target in a mixture, and what it is called."""

    name: str
    words: str
    target: Samples
    audio: Audio
    absent: str
    """Words for a class that is not in it."""


def si_sdr_db(reference: Samples, estimate: Samples) -> float:
    """Scale-invariant signal-to-distortion ratio (Le Roux et al. 2019, arXiv:1811.02508)."""
    if not estimate.any():
        return float("-inf")
    aim = (estimate @ reference) / (reference @ reference) * reference
    error = estimate - aim
    return float(10 * np.log10((aim @ aim + 1e-12) / (error @ error + 1e-12)))


def mixes(clips: dict[str, Samples], speech: Samples) -> list[Mix]:
    """For each class one mix with another class's clip, one with noise, one with speech; and speech with each kind."""
    rng = np.random.default_rng(SEED)
    made = []
    for number, name in enumerate((*SCENE_CLASSES, "speech")):
        target = speech if name == "speech" else clips[name]
        for kind in range(3):
            others = [other for other in SCENE_CLASSES if other != name]
            other = str(rng.choice(others))
            beside = clips[other]
            if kind == 1:
                beside = noise(rng, FRAMES, float(rng.choice([1.0, 2.0]))).astype(np.float32)
            elif kind == 2 and name != "speech":
                beside = speech
            words = ("somebody speaking" if kind else "speech") if name == "speech" else _words(name, number + kind)
            parts = [_placed(clip, rng) for clip in (target, beside)]
            scale = 0.5 / np.abs(parts[0] + parts[1]).max()
            absent = str(rng.choice([o for o in others if o != other]))
            audio = Audio((scale * (parts[0] + parts[1]))[None], RATE)
            made.append(Mix(name, words, scale * parts[0], audio, _words(absent, kind)))
    return made


def _words(name: str, number: int) -> str:
    called = WORDS[name].split(" | ")
    return called[number % len(called)]


def _placed(clip: Samples, rng: np.random.Generator) -> Samples:
    """Somewhere in the mix, RMS 1 while it sounds."""
    clip = clip[:FRAMES]
    out = np.zeros(FRAMES, np.float32)
    at = int(rng.integers(FRAMES - len(clip) + 1))
    out[at : at + len(clip)] = clip / np.sqrt(np.mean(np.square(clip)))
    return out


@dataclass(frozen=True)
class Tools:
    """All that is tried."""

    extractor: Extractor
    masker: Masker
    enhancer: DeepFilterNet
    stems: SpleeterStems

    def __post_init__(self) -> None:
        self.enhancer.load("cpu")
        self.stems.load("cpu")


def _ways(mix: Mix, tools: Tools) -> dict[str, Samples]:
    """The target as each way gives it."""
    matcher = _matching.shared()
    made = {}
    if matcher.meant(mix.words):
        heard = listen(shared(), matcher, mix.words, mix.audio, _ignored)
        words = shared_encoder().encode([mix.words])[0]
        made["gate"] = gated(mix.audio, heard.times)[0]
        made["network"] = tools.masker.masked(mix.audio, heard.scores, words, _ignored)[0]
        made["wordless"] = tools.masker.masked(mix.audio, heard.scores, np.zeros_like(words), _ignored)[0]
    if mix.name == "speech":
        call = Call(AudioArgs(audio="mix"), {"audio": (mix.audio,)})
        for name, output in (("enhancer", tools.enhancer.run(call)), ("stems", tools.stems.run(call))):
            part = output.media[0].media
            assert isinstance(part, Audio)
            made[name] = part.samples[0]
    return made


def _ignored(fraction: float) -> None:
    """Nobody watches."""


def main() -> int:
    if any(found(CLIPS[name][0]) is None for name in SCENE_CLASSES):
        print(f"left out: {ABSENT}")
        return 0
    settings = load_settings()
    clips = {name: load(path)[: 4 * RATE] for name in SCENE_CLASSES if (path := found(CLIPS[name][0]))}
    extractor, voice = Extractor(settings), Hibari(settings)
    extractor.load("cpu")
    voice.load("cpu")
    said = voice.run(Call(SpeakArgs(text=SPOKEN))).media[0].media
    assert isinstance(said, Audio)
    speech = np.asarray(soxr.resample(said.samples[0], said.sample_rate, RATE), np.float32)
    by_class: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    there, alarms, chosen = [], [], Counter[str]()
    tools = Tools(extractor, Masker(), DeepFilterNet(settings), SpleeterStems(settings))
    for mix in mixes(clips, speech):
        before = si_sdr_db(mix.target, mix.audio.samples[0])
        taken = _asked(extractor, mix.audio, mix.words)
        ways = {**_ways(mix, tools), "taken": taken[0]} if taken else {}
        for way, made in ways.items():
            gain = si_sdr_db(mix.target, made) - before
            by_class[mix.name][way].append(float(np.clip(gain, WORST_DB, BEST_DB)))
        chosen[taken[1] if taken else "not there"] += 1
        there.append(taken is not None)
        alarms.append(_asked(extractor, mix.audio, mix.absent) is not None)
    _print(by_class)
    print("chosen:", dict(chosen))
    figures = _summary(by_class)
    figures |= {"given_when_there": float(np.mean(there)), "given_when_absent": float(np.mean(alarms))}
    report("sound", figures, GOALS, part="extraction")
    return 0


def _asked(extractor: Extractor, audio: Audio, words: str) -> tuple[Samples, str] | None:
    """What is given for these words, and how it was made; None where the sound is said not to be there."""
    try:
        output = extractor.run(Call(TargetArgs(audio="mix", target=words), {"audio": (audio,)}))
    except BadInput:
        return None
    if not output.media:
        return None
    part = output.media[0].media
    assert isinstance(part, Audio)
    return part.samples[0], str(output.facts["method"])


def _print(by_class: dict[str, dict[str, list[float]]]) -> None:
    ways = ("gate", "network", "wordless", "enhancer", "stems", "taken")
    print(f"{'SI-SDRi, dB':16}" + "".join(f"{way:>10}" for way in ways))
    for name, found_ways in by_class.items():
        cells = [f"{np.mean(found_ways[way]):10.1f}" if found_ways[way] else f"{'-':>10}" for way in ways]
        print(f"{name:16}" + "".join(cells) + ("  unheard" if name in UNHEARD else ""))


def _summary(by_class: dict[str, dict[str, list[float]]]) -> dict[str, Any]:
    """Means over the mixes of heard and unheard classes and of speech."""

    def mean(way: str, names: set[str]) -> float:
        return float(np.mean([gain for name in names for gain in by_class[name][way]]))

    groups = {"heard": set(SCENE_CLASSES) - UNHEARD, "unheard": set(UNHEARD) & set(SCENE_CLASSES)}
    figures: dict[str, Any] = {"seed": SEED}
    for group, names in groups.items():
        figures |= {f"{group}_si_sdri_db_{way}": mean(way, names) for way in ("gate", "network", "wordless", "taken")}
    return figures | {f"speech_si_sdri_db_{way}": mean(way, {"speech"}) for way in ("enhancer", "stems", "taken")}


if __name__ == "__main__":
    raise SystemExit(main())
