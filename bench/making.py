"""Sounds made from their names: whether an independent tagger hears what was asked for, and how fast they are made."""

from __future__ import annotations

import time

import numpy as np

from bench._report import report
from core.capabilities import SoundArgs
from core.media import Audio
from core.models.base import Call
from core.models.sound import _yamnet
from core.models.sound._sound_library import library
from core.models.sound._yamnet import class_names
from core.models.sound.scene import SceneComposer
from core.settings import load_settings

SEEDS = (1, 2, 3)
TOP = 5


def main() -> int:
    composer = SceneComposer(load_settings())
    composer.load("cpu")
    network, names = _yamnet.shared(), class_names()
    found: dict[str, list[bool]] = {}
    spent = length = 0.0
    for name, sound in library().items():
        for seed in SEEDS:
            started = time.perf_counter()
            output = composer.run(Call(SoundArgs(description=name), seed=seed))
            spent += time.perf_counter() - started
            clip = output.media[0].media
            assert isinstance(clip, Audio)
            length += clip.samples.shape[1] / clip.sample_rate
            scores = network.hear(clip).scores.max(0)
            scores[names.index("Silence")] = 0
            top = {names[index] for index in np.argsort(-scores)[:TOP]}
            found.setdefault(name, []).append(bool(top & set(sound.labels)))
    for name, hits in found.items():
        if not all(hits):
            print(f"{name}: heard in {sum(hits)} of {len(hits)}")
    figures = {
        "named_sounds": len(found),
        "seeds": len(SEEDS),
        "in_top_5": float(np.mean([np.mean(hits) for hits in found.values()])),
        "always_in_top_5": sum(all(hits) for hits in found.values()),
        "rtf": spent / length,
    }
    report("sound", figures, {"named_sounds": ">= 40", "in_top_5": ">= 0.8"}, part="making")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
