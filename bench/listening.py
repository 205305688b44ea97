"""Hearing: who spoke when in made dialogues; words, where there are none and where they are hard to hear; batches."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import jiwer
import numpy as np

from bench._hard import COLOURS, hard, noise, wordless
from bench._report import report
from bench._scenes import ABSENT, CLIPS, found, load
from bench.dialogues import COLLAR_S, RATE, Voices, dialogue, error_rate, made_voices, people, said
from bench.sentences import SENTENCES, normalise
from core.capabilities import AudioArgs, RecogniseArgs, SeparateArgs
from core.errors import BadInput
from core.media import Audio
from core.models.base import Call, Model
from core.models.speech.convtasnet import ConvTasNet
from core.models.speech.deepfilternet import DeepFilterNet
from core.models.speech.diarization import Diarization
from core.models.speech.faster_whisper import FasterWhisper
from core.models.speech.hibari import Hibari
from core.models.speech.kokoro import Kokoro
from core.settings import load_settings

DIALOGUES = 12
LOUD = ("vacuum cleaner", "washing machine", "drum kit", "toilet", "kettle", "saw", "bee", "crow")
"""Recordings that speech is heard over."""
Figures = tuple[dict[str, Any], dict[str, str]]
"""Figures and goals."""


def main() -> int:
    parts = {
        "diarization_people": _people,
        "diarization_made_voices": _made_voices,
        "hearing": _hearing,
        "enhancement": _enhancement,
    }
    for part in sys.argv[1:] or parts:
        figures, goals = parts[part]()
        if figures:
            report("speech", figures, goals, part=part)
    return 0


def _loaded(kind: type[Model[Any]]) -> Any:
    model = kind(load_settings())
    model.load("cpu")
    return model


def _people() -> Figures:
    voices = people()
    if not voices:
        print("left out: dialogues of real people; put asterisk-core-sounds-*-g722 into AUDIOGPT_BENCH_SOUNDS")
        return {}, {}
    return _diarize(_loaded(Diarization), voices), {"der": "<= 0.15"}


def _made_voices() -> Figures:
    japanese = None if Kokoro.missing(load_settings()) else _loaded(Kokoro)
    return _diarize(_loaded(Diarization), made_voices(_loaded(Hibari), japanese)), {"der": "<= 0.15"}


def _hearing() -> Figures:
    voice, ears, tasnet = (_loaded(kind) for kind in (Hibari, FasterWhisper, ConvTasNet))
    clips = [said(voice, text) for text in SENTENCES[:4]]
    figures = {
        "words_in_noise": sum(_words(ears, noise(exponent)) for exponent in COLOURS.values()),
        "words_in_other_sounds": sum(_words(ears, clip) for clip in wordless()),
        **{f"wer_{name}": _wer(ears, clip) for name, clip in hard(np.concatenate(clips)).items()},
        "convtasnet_batch_gain": _batch_gain(tasnet, AudioArgs(audio="clip"), clips),
        "recognition_batch_gain": _batch_gain(ears, RecogniseArgs(audio="clip"), clips),
    }
    goals = {key: "0" for key in figures if key.startswith("words_in")}
    return figures, goals | {key: "<= 0.1" for key in figures if key.startswith("wer_")}


def _enhancement() -> Figures:
    """The mean gain in pink noise and among recordings of what is loud in houses, and what clean speech loses."""
    voice = _loaded(Hibari)
    clips = [said(voice, text) for text in SENTENCES[:4]]
    pink = [noise(COLOURS["pink"]).samples[0]]
    loud = [load(path) for name in LOUD if (path := found(CLIPS[name][0])) is not None]
    if not loud:
        print(f"left out: speech among recorded noises; {ABSENT}")
    figures: dict[str, Any] = {}
    for kind in (DeepFilterNet, ConvTasNet):
        model = _loaded(kind)
        figures |= {
            f"{model.id}_gain_db_at_0_db_pink": _gain(model, clips, pink, 0.0),
            f"{model.id}_gain_db_at_5_db_pink": _gain(model, clips, pink, 5.0),
            f"{model.id}_clean_si_sdr_db": float(np.mean([_si_sdr(clip, _cleaned(model, clip)) for clip in clips])),
        }
        if loud:
            figures[f"{model.id}_gain_db_at_5_db_recorded"] = _gain(model, clips, loud, 5.0)
    default = DeepFilterNet.id
    goals = {f"{default}_gain_db_at_0_db_pink": ">= 8", f"{default}_clean_si_sdr_db": ">= 25"}
    return figures, goals | ({f"{default}_gain_db_at_5_db_recorded": ">= 5"} if loud else {})


def _diarize(who: Model[Any], voices: Voices) -> dict[str, float]:
    """Dialogues of two and three voices and talks of one, 8 to 20 turns each."""
    names, rng = sorted(voices), np.random.default_rng(7)
    rates: dict[str, list[float]] = {"der": [], "der_without_collar": [], "der_number_given": []}
    right, audio_s, wall_s = 0, 0.0, 0.0
    for seed in range(DIALOGUES):
        count = min(len(names), (1, 2, 2, 3, 3, 2)[seed % 6])
        talk = dialogue(voices, list(rng.choice(names, count, replace=False)), seed, (8, 14, 20)[seed % 3])
        clip = Audio(talk.samples[None], RATE)
        for key, given in (("der", None), ("der_number_given", count if count > 1 else None)):
            started = time.perf_counter()
            facts = who.run(Call(SeparateArgs(audio="clip", speakers=given), {"audio": (clip,)})).facts
            turns = [(t["start"], t["end"], t["speaker"]) for t in facts["turns"]]
            rates[key].append(error_rate(talk.speaking, turns, COLLAR_S))
            if key == "der":
                wall_s, audio_s = wall_s + time.perf_counter() - started, audio_s + clip.duration_s
                right += facts["speakers"] == count
                rates["der_without_collar"].append(error_rate(talk.speaking, turns, 0))
    means = {key: float(np.mean(found)) for key, found in rates.items()}
    return {**means, "der_worst": max(rates["der"]), "number_right": right / DIALOGUES, "der_rtf": wall_s / audio_s}


def _wer(ears: Model[Any], clip: Audio) -> float:
    heard = ears.run(Call(RecogniseArgs(audio="clip", language="en"), {"audio": (clip,)})).text or ""
    return float(jiwer.wer(normalise(" ".join(SENTENCES[:4])), normalise(heard)))


def _words(ears: Model[Any], clip: Audio) -> int:
    try:
        return len((ears.run(Call(RecogniseArgs(audio="clip"), {"audio": (clip,)})).text or "").split())
    except BadInput:
        return 0


def _gain(model: Model[Any], clips: Sequence[np.ndarray], noises: Sequence[np.ndarray], level_db: float) -> float:
    """Mean gain of the scale-invariant signal-to-distortion ratio, each clip over each noise at that level."""
    gains = []
    for clip, sound in product(clips, noises):
        over = np.resize(sound, len(clip)).astype(np.float64)
        mixture = (clip + over / over.std() * clip.std() * 10 ** (-level_db / 20)).astype(np.float32)
        gains.append(_si_sdr(clip, _cleaned(model, mixture)) - _si_sdr(clip, mixture))
    return float(np.mean(gains))


def _cleaned(model: Model[Any], samples: np.ndarray) -> np.ndarray:
    made = model.run(Call(AudioArgs(audio="clip"), {"audio": (Audio(samples[None], RATE),)})).media[0].media
    assert isinstance(made, Audio)
    return made.samples[0]


def _si_sdr(reference: np.ndarray, estimate: np.ndarray) -> float:
    target = (estimate @ reference) / (reference @ reference) * reference
    return float(10 * np.log10((target @ target) / ((estimate - target) @ (estimate - target))))


def _batch_gain(model: Model[Any], args: Any, clips: Sequence[np.ndarray]) -> float:
    """Throughput of `run_batch` over that of one clip after the other; the best of two tries of each, in turns."""
    calls = [Call(args, {"audio": (Audio(clip[None], RATE),)}) for clip in clips]
    size = max(2, model.batch)
    groups = [calls[at : at + size] for at in range(0, len(calls), size)]
    ways: list[Callable[[], object]] = [
        lambda: [model.run(call) for call in calls],
        lambda: [model.run_batch(group) for group in groups],
    ]
    best = [float("inf"), float("inf")]
    for _ in range(2):
        for index, way in enumerate(ways):
            started = time.perf_counter()
            way()
            best[index] = min(best[index], time.perf_counter() - started)
    return best[0] / best[1]


if __name__ == "__main__":
    sys.exit(main())
