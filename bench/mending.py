"""Mending recordings: how near fillings are to what was there, what damage is found, what is found where none is.

Speech is that of hibari, music is composed, textures are made by the scene composer: three clips of each, seeds fixed.
A filling is compared with silence and with a linear fade, in which the sound before the gap, mirrored, goes out while
that behind it comes in.
"""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import time
from collections import defaultdict
from typing import Any

import numpy as np

from bench._report import report
from core.capabilities import InpaintArgs, MusicArgs, SoundArgs, SpeakArgs
from core.media import Audio, Samples
from core.models.base import Call, Model, Output
from core.models.music.composer import Composer
from core.models.sound._gaps import damaged
from core.models.sound._mending import log_spectral_distance
from core.models.sound.mender import Mender
from core.models.sound.scene import SceneComposer
from core.models.speech.hibari import Hibari
from core.settings import load_settings

SEED = 20_270
GAPS_MS = (50, 100, 200, 1000)
A_CLIP = 2
"""Gaps of each length in each clip."""
DROPOUTS_MS, CLICKS = (3, 20, 100, 500), 6
NEAR_S = 0.003
LONG_S = 600
SAID = (
    "The weather in London was cold and wet last week, so we stayed at home and read a long book about the sea.",
    "Please put the kettle on, sit down, and tell me everything that happened while I was away from the office.",
    "Seven brown horses ran along the river until the evening, and nobody knew who had opened the gate.",
)
PLAYED = ("calm piano piece", "rock band with drums", "string quartet, slow")
SOUNDED = ("heavy rain", "sea waves", "an engine")

Clips = dict[str, list[Audio]]


def main() -> int:
    if len(sys.argv) > 1:
        return _memory()
    clips = _clips()
    model = Mender(load_settings())
    model.load("cpu")
    figures: dict[str, Any] = {"seed": SEED}
    goals: dict[str, str] = {}
    for kind, some in clips.items():
        for gap_ms in GAPS_MS:
            figures |= _distances(model, kind, some, gap_ms, goals)
    figures |= {**_found(clips), **_alarms(clips), **_cost()}
    goals |= {"dropout_hit_rate": ">= 0.9", "false_alarms_per_min": "<= 1", "memory_mb_per_10_min": "<= 600"}
    report("sound", figures, goals, part="mending")
    return 0


def _clips() -> Clips:
    """Mono, as the models make them."""

    def made(model: Model[Any], calls: list[Call[Any]]) -> list[Audio]:
        model.load("cpu")
        outputs = [model.run(call) for call in calls]
        sounds = [next(m.media for m in output.media if isinstance(m.media, Audio)) for output in outputs]
        return [Audio(np.ascontiguousarray(sound.samples[:1]), sound.sample_rate) for sound in sounds]

    settings = load_settings()
    return {
        "speech": made(Hibari(settings), [Call(SpeakArgs(text=text)) for text in SAID]),
        "music": made(Composer(settings), [Call(MusicArgs(description=words, seconds=15), seed=3) for words in PLAYED]),
        "texture": made(
            SceneComposer(settings), [Call(SoundArgs(description=words, seconds=12), seed=3) for words in SOUNDED]
        ),
    }


def _places(clip: Audio, length: int, count: int, rng: np.random.Generator) -> list[int]:
    """Where something is heard: frames at which stretches of that length begin."""
    x, rate = clip.samples[0], clip.sample_rate
    power = np.cumsum(np.concatenate([[0.0], np.square(x, dtype=np.float64)]))
    starts = np.arange(rate // 2, len(x) - length - rate // 2)
    edge = rate // 50
    least = 0.25 * power[-1] / len(x)
    heard = [(power[at + edge] - power[at - edge]) / (2 * edge) > least for at in (starts, starts + length)]
    return [int(at) for at in rng.choice(starts[heard[0] & heard[1]], count, replace=False)]


def _distances(model: Mender, kind: str, clips: list[Audio], gap_ms: int, goals: dict[str, str]) -> dict[str, float]:
    """Mean log-spectral distance in dB of each filling, and how often ours is nearer than the fade."""
    rng = np.random.default_rng((SEED, gap_ms))
    found: dict[str, list[float]] = defaultdict(list)
    for clip in clips:
        length, rate = round(gap_ms / 1000 * clip.sample_rate), clip.sample_rate
        for start in _places(clip, length, A_CLIP, rng):
            end = start + length
            holed = Audio(_with(clip, start, np.zeros(length, np.float32)), rate)
            args = InpaintArgs(audio="clip", start_s=start / rate, end_s=end / rate)
            ours = _sound(model.run(Call(args, {"audio": (holed,)})))
            for way, x in (("silence", holed.samples), ("fade", _faded(clip, start, end)), ("ours", ours)):
                found[way].append(log_spectral_distance(clip.samples[0], x[0], rate, start, end))
    name = f"lsd_db_{kind}_{gap_ms}_ms"
    means = {way: float(np.mean(values)) for way, values in found.items()}
    goals[f"{name}_ours"] = f"< {min(means['silence'], means['fade']):.1f}"
    return {f"{name}_{way}": value for way, value in means.items()}


def _with(clip: Audio, start: int, part: Samples) -> Samples:
    samples = clip.samples.copy()
    samples[0, start : start + len(part)] = part
    return samples


def _faded(clip: Audio, start: int, end: int) -> Samples:
    x, length = clip.samples[0], end - start
    sides = [np.zeros(length, np.float32) for _ in range(2)]
    before, after = x[max(0, start - length) : start][::-1], x[end : end + length][::-1]
    sides[0][: len(before)], sides[1][length - len(after) :] = before, after
    weight = np.linspace(1, 0, length, dtype=np.float32)
    return _with(clip, start, sides[0] * weight + sides[1] * weight[::-1])


def _sound(output: Output) -> Samples:
    media = output.media[0].media
    assert isinstance(media, Audio)
    return media.samples


def _found(clips: Clips) -> dict[str, Any]:
    """Dropouts of zeros found with both borders within 3 ms; clicks of up to 1.5 ms, as loud as the clip and louder."""
    rng = np.random.default_rng(SEED)
    dropped: list[bool] = []
    clicked: dict[str, list[bool]] = defaultdict(list)
    for kind, some in clips.items():
        for clip in some:
            rate = clip.sample_rate
            for ms in DROPOUTS_MS:
                length = round(ms / 1000 * rate)
                for start in _places(clip, length, A_CLIP, rng):
                    gaps = damaged(Audio(_with(clip, start, np.zeros(length, np.float32)), rate))
                    ends = [(abs(g.start - start), abs(g.end - start - length)) for g in gaps if g.kind == "dropout"]
                    dropped.append(any(max(both) <= NEAR_S * rate for both in ends))
            samples, starts = clip.samples.copy(), _places(clip, rate // 100, CLICKS, rng)
            for start in starts:
                width = int(rng.integers(2, round(0.0015 * rate)))
                shape = np.exp(-3 * np.arange(width) / width) * rng.uniform(0.7, 1.3, width)
                samples[0, start : start + width] += 6 * clip.samples.std() * rng.choice([-1, 1]) * shape
            gaps = damaged(Audio(samples, rate))
            clicked[kind] += [any(g.start - 50 <= start <= g.end + 50 for g in gaps) for start in starts]
    hits = {f"click_hit_rate_{kind}": float(np.mean(there)) for kind, there in clicked.items()}
    return {"dropouts": len(dropped), "dropout_hit_rate": float(np.mean(dropped)), **hits}


def _alarms(clips: Clips) -> dict[str, float]:
    """What is found in whole clips and in noise, a minute."""
    rng = np.random.default_rng(SEED)
    noises = [Audio(rng.normal(0, level, (1, 20 * 44_100)).astype(np.float32), 44_100) for level in (0.01, 0.1, 0.3)]
    counts, minutes = {}, {}
    for kind, some in {**clips, "noise": noises}.items():
        counts[kind] = sum(len(damaged(clip)) for clip in some)
        minutes[kind] = sum(clip.duration_s for clip in some) / 60
    each = {f"false_alarms_per_min_{kind}": counts[kind] / minutes[kind] for kind in counts}
    return {**each, "false_alarms_per_min": sum(counts.values()) / sum(minutes.values())}


def _cost() -> dict[str, float]:
    clip = Audio(0.1 * np.random.default_rng(SEED).standard_normal((2, 60 * 44_100), np.float32), 44_100)
    started = time.process_time()
    damaged(clip)
    rtf = (time.process_time() - started) / clip.duration_s
    done = subprocess.run([sys.executable, "-m", "bench.mending", "memory"], capture_output=True, text=True, check=True)
    (grown,) = re.findall(r"grown (\d+\.\d+)", done.stdout)
    return {"search_stereo_cpu_rtf": rtf, "memory_mb_per_10_min": float(grown)}


def _memory() -> int:
    """MiB above the loaded model and a stereo clip with a dropout in it, in a process of its own."""
    model = Mender(load_settings())
    model.load("cpu")
    clips = [
        Audio(0.1 * np.random.default_rng(SEED).standard_normal((2, seconds * 44_100), np.float32), 44_100)
        for seconds in (5, LONG_S)
    ]
    for clip in clips:
        clip.samples[:, 88_200:90_000] = 0
    model.run(Call(InpaintArgs(audio="clip"), {"audio": (clips[0],)}))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    model.run(Call(InpaintArgs(audio="clip"), {"audio": (clips[1],)}))
    print(f"grown {(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
