"""Hearing sounds: tags of real clips, events and named sounds in made scenes with known truth, speed and memory."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bench._report import report
from bench._scenes import ABSENT, CLIPS, RATE, SCENE_CLASSES, SEED, Placed, Scene, found, load, names, scenes
from bench._sound_words import WORDS, phrases
from core import media
from core.capabilities import AudioArgs, TargetArgs
from core.media import Audio
from core.models.base import Call
from core.models.sound import _matching, _yamnet
from core.models.sound._yamnet import Heard, class_names
from core.models.sound.yamnet import YamNet
from core.models.sound.yamnet_caption import YamNetCaption
from core.models.sound.yamnet_words import YamNetWords
from core.settings import load_settings

SCENES = 40
NEAR_S = 0.5
LONG_S = 600
RECORDINGS = {
    "a-group-of-sheep-are-baaing.wav": "bleating | sheep",
    "drums-and-music-playing-with-a-man-speaking.wav": "speech | music",
}
SHARED = Path(__file__).resolve().parents[2] / "shared" / "media"
GOALS = {
    "top4_hits_of_30": ">= 22",
    "target_hit_rate": ">= 0.75",
    "target_false_alarm_rate": "<= 0.1",
    "target_onset_within_0.5_s": ">= 0.9",
    "memory_mb_per_10_min": "<= 600",
}
MODELS = {"sound_detection": YamNet, "audio_captioning": YamNetCaption}


def main() -> int:
    if len(sys.argv) > 1:
        return _memory(sys.argv[1])
    settings = load_settings()
    detector, finder, captioner = YamNet(settings), YamNetWords(settings), YamNetCaption(settings)
    for model in (detector, finder, captioner):
        model.load("cpu")
    figures: dict[str, Any] = {"seed": SEED, **_meaning(), **_speed(detector, captioner)}
    figures["memory_mb_per_10_min"] = max(_grown(name) for name in MODELS)
    if any(found(path) is None for path, _ in CLIPS.values()):
        print(f"left out: {ABSENT}")
    else:
        made = scenes(SCENES)
        _remember(_yamnet.shared())
        figures |= {**_tags(detector), **_events(detector, made), **_targets(finder, made)}
    report("sound", figures, GOALS, part="hearing")
    return 0


def _remember(network: _yamnet.YamNet) -> None:
    """Let the network listen to each scene once, however many sounds are asked for in it."""
    hear: Callable[..., Heard] = network.hear
    kept: dict[int, Heard] = {}

    def remembered(clip: Audio, progress: Any = None) -> Heard:
        return kept.setdefault(id(clip), kept.get(id(clip)) or hear(clip))

    network.hear = remembered  # type: ignore[method-assign]  # for the time of the measurement


def _tags(model: YamNet) -> dict[str, Any]:
    """How often a right name is among the four likeliest of a whole clip."""
    clips = {name: (Audio(load(found(path) or Path())[None], RATE), names(name)) for name, (path, _) in CLIPS.items()}
    for name, right in RECORDINGS.items():
        if (SHARED / name).is_file():
            clips[name] = (media.decode(SHARED / name), frozenset(right.split(" | ")))
    missed = []
    for name, (clip, right) in clips.items():
        tags = model.run(Call(AudioArgs(audio="clip"), {"audio": (clip,)})).facts["tags"][:4]
        if not right & {tag["label"] for tag in tags}:
            missed.append(name)
            print(f"missed {name}: heard {', '.join(tag['label'] for tag in tags)}")
    hits = len(clips) - len(missed)
    return {"top4_clips": len(clips), "top4_hits": hits, "top4_hits_of_30": 30 * hits / len(clips)}


def _events(model: YamNet, made: list[Scene]) -> dict[str, Any]:
    """How many of the placed sounds are in the table by a right name, and how near their starts are."""
    hits, late = 0, []
    for scene in made:
        events = model.run(Call(AudioArgs(audio="clip"), {"audio": (scene.audio,)})).facts["events"]
        for placed in scene.placed:
            times = [e for e in events if e["label"] in names(placed.name) and _overlap(e, placed)]
            hits += bool(times)
            late += [abs(min(e["start_s"] for e in times) - placed.start_s)] if times else []
    count = sum(len(scene.placed) for scene in made)
    return {
        "event_sounds": count,
        "event_hit_rate": hits / count,
        "event_onset_within_0.5_s": float(np.mean(np.array(late) <= NEAR_S)),
    }


def _overlap(times: dict[str, float], placed: Placed) -> bool:
    return min(times["end_s"], placed.end_s) > max(times["start_s"], placed.start_s)


def _targets(model: YamNetWords, made: list[Scene]) -> dict[str, Any]:
    """Every class is asked for in every scene, by the words of another language in turn."""
    hit: dict[str, list[bool]] = {name: [] for name in SCENE_CLASSES}
    alarms: list[bool] = []
    late: list[float] = []
    for number, scene in enumerate(made):
        there = {placed.name: placed for placed in scene.placed}
        for name in SCENE_CLASSES:
            words = WORDS[name].split(" | ")[number % 9]
            times = model.run(Call(TargetArgs(audio="clip", target=words), {"audio": (scene.audio,)})).facts["times"]
            if name not in there:
                alarms.append(bool(times))
                continue
            right = [t for t in times if _overlap(t, there[name])]
            hit[name].append(bool(right))
            late += [min(abs(t["start_s"] - there[name].start_s) for t in right)] if right else []
    for name, hits in hit.items():
        print(f"{name:16} found {sum(hits)} of {len(hits)}")
    return {
        "target_hit_rate": float(np.mean([h for hits in hit.values() for h in hits])),
        "target_false_alarm_rate": float(np.mean(alarms)),
        "target_onset_within_0.5_s": float(np.mean(np.array(late) <= NEAR_S)),
    }


def _meaning() -> dict[str, Any]:
    """Whether phrases in nine languages mean the right class, first of all and among all that are listened for."""
    matcher = _matching.shared()
    asked = phrases()
    meant = [[class_names()[index] for index in matcher.meant(words)] for words, _ in asked]
    first = [bool(found) and found[0] in right for found, (_, right) in zip(meant, asked, strict=True)]
    among = [bool(right & set(found)) for found, (_, right) in zip(meant, asked, strict=True)]
    return {"phrases": len(asked), "phrase_first": float(np.mean(first)), "phrase_among": float(np.mean(among))}


def _speed(*models: YamNet | YamNetCaption) -> dict[str, float]:
    clip = _noise(60)
    figures = {}
    for model in models:
        started = time.process_time()
        model.run(Call(AudioArgs(audio="clip"), {"audio": (clip,)}))
        figures[f"{model.capability.id}_cpu_rtf"] = (time.process_time() - started) / clip.duration_s
    return figures


def _noise(seconds: int) -> Audio:
    samples = np.random.default_rng(SEED).standard_normal(seconds * 44_100, np.float32)
    return Audio(0.1 * samples[None], 44_100)


def _grown(name: str) -> float:
    """MiB above the loaded model and the clip, in a process of its own."""
    done = subprocess.run([sys.executable, "-m", "bench.sounds", name], capture_output=True, text=True, check=True)
    (grown,) = re.findall(r"grown (\d+\.\d+)", done.stdout)
    return float(grown)


def _memory(name: str) -> int:
    model = MODELS[name](load_settings())
    model.load("cpu")
    model.run(Call(AudioArgs(audio="clip"), {"audio": (_noise(5),)}))
    clip = _noise(LONG_S)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    model.run(Call(AudioArgs(audio="clip"), {"audio": (clip,)}))
    print(f"grown {(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
