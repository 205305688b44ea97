"""Sound scenes with known truth: clips of known classes in noise, at times and levels that a seed draws.

The clips are recordings of the Debian packages tuxpaint-stamps-default and sound-theme-freedesktop: installed, or
unpacked below the folder that BENCH_SOUNDS names. They are used for measuring only and are no part of the project.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from core import media
from core.media import Audio
from core.models.sound._sounds import short_name
from core.models.sound._yamnet import class_names

SEED = 20_260
RATE = 16_000
ROOTS = (Path(os.environ.get("BENCH_SOUNDS", "/")), Path("/"))
STAMPS, THEME = "usr/share/tuxpaint/stamps", "usr/share/sounds/freedesktop/stereo"
ABSENT = "the sounds of Debian's tuxpaint-stamps-default and sound-theme-freedesktop are not installed here"

CLIPS: dict[str, tuple[str, str]] = {
    "dog": (f"{STAMPS}/animals/mammals/dogs/dog.ogg", "dog | bark | bow-wow | yip"),
    "cow": (f"{STAMPS}/animals/mammals/bovines/cow.ogg", "cattle | moo"),
    "rooster": (f"{STAMPS}/animals/birds/rooster.ogg", "chicken | crowing"),
    "crow": (f"{STAMPS}/animals/birds/crow.ogg", "crow | caw"),
    "duck": (f"{STAMPS}/animals/birds/duck.ogg", "duck | quack"),
    "horse": (f"{STAMPS}/animals/mammals/equines/horse.ogg", "horse | neigh"),
    "sheep": (f"{STAMPS}/animals/mammals/bovines/sheep.ogg", "sheep | bleat"),
    "pig": (f"{STAMPS}/animals/mammals/pig.ogg", "pig | oink"),
    "bee": (f"{STAMPS}/animals/insects/bee.ogg", "bee | fly | buzz | insect"),
    "frog": (f"{STAMPS}/animals/amphibians/frog.ogg", "frog | croak"),
    "owl": (f"{STAMPS}/animals/birds/owl.ogg", "owl | hoot"),
    "lion": (f"{STAMPS}/animals/mammals/cats/lion.ogg", "roaring cats | roar"),
    "violin": (f"{STAMPS}/hobbies/music/string/violin.ogg", "violin"),
    "cello": (f"{STAMPS}/hobbies/music/string/cello.ogg", "cello | double bass"),
    "drum kit": (
        f"{STAMPS}/hobbies/music/percussion/drumkit.ogg",
        "drum kit | drum | snare drum | bass drum | hi-hat | cymbal | percussion",
    ),
    "cymbal": (f"{STAMPS}/hobbies/music/percussion/cymbal_crash.ogg", "cymbal | hi-hat"),
    "toilet": (f"{STAMPS}/household/toilet.ogg", "toilet flush"),
    "vacuum cleaner": (f"{STAMPS}/household/vacuum_cleaner.ogg", "vacuum cleaner"),
    "hammer": (f"{STAMPS}/household/tools/hammer.ogg", "hammer | whack | knock"),
    "saw": (f"{STAMPS}/household/tools/saw.ogg", "sawing"),
    "kettle": (f"{STAMPS}/household/kettle.ogg", "pour | boiling | water | water tap | fill"),
    "thunder": (f"{STAMPS}/naturalforces/lightningbolt.ogg", "thunder | thunderstorm"),
    "fireworks": (f"{STAMPS}/seasonal/newyears/fireworks.ogg", "fireworks | firecracker"),
    "camera": (f"{STAMPS}/hobbies/camera_35mm.ogg", "camera"),
    "washing machine": (f"{STAMPS}/household/Washing-machine.ogg", "mechanisms"),
    "mosquito": (f"{STAMPS}/animals/insects/mosquito.ogg", "mosquito | fly | buzz"),
    "telephone": (f"{THEME}/phone-incoming-call.oga", "telephone | telephone bell ringing | ringtone"),
    "alarm clock": (f"{THEME}/alarm-clock-elapsed.oga", "alarm clock | smoke detector | beep | buzzer"),
}
"""By what is heard: the file, and the names of classes that are right."""
SCENE_CLASSES = (
    *("dog", "rooster", "crow", "duck", "sheep", "pig", "bee", "frog", "violin", "cello", "drum kit", "toilet"),
    *("vacuum cleaner", "thunder", "telephone", "alarm clock", "saw", "lion", "cymbal", "fireworks"),
)
"""The twenty that scenes are made of."""


@dataclass(frozen=True)
class Placed:
    """One clip in a scene: its class and where it lies, in seconds."""

    name: str
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Scene:
    audio: Audio
    placed: tuple[Placed, ...]


def found(path: str) -> Path | None:
    return next((root / path for root in ROOTS if (root / path).is_file()), None)


def names(clip: str) -> frozenset[str]:
    """What the detector may call the sound of a clip."""
    right = CLIPS[clip][1].split(" | ")
    return frozenset(
        short_name(i) for i, full in enumerate(class_names()) if full.lower().split(",")[0].split(" (")[0] in right
    )


def load(path: Path) -> NDArray[np.float32]:
    """Mono at 16 kHz, shape (frames,), at full scale, what is 40 dB down cut off at both ends."""
    clip = media.decode(path)
    samples = np.asarray(soxr.resample(clip.mono(), clip.sample_rate, RATE), np.float32)
    samples /= np.abs(samples).max()
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    return samples[loud[0] : loud[-1] + 1]


def scenes(count: int, seed: int = SEED) -> list[Scene]:
    """Scenes of 12 s with three sounds of different classes that do not overlap, 10 to 25 dB above pink or brown noise.

    Every class comes about equally often.
    """
    rng = np.random.default_rng(seed)
    paths = {name: found(CLIPS[name][0]) for name in SCENE_CLASSES}
    clips = {name: load(path)[: 3 * RATE] for name, path in paths.items() if path is not None}
    made = []
    queue: list[str] = []
    for _ in range(count):
        while len(queue) < 3:
            queue += [str(name) for name in rng.permutation(list(clips))]
        made.append(scene(rng, {name: clips[name] for name in queue[:3]}))
        del queue[:3]
    return made


def scene(rng: np.random.Generator, clips: dict[str, NDArray[np.float32]]) -> Scene:
    """Each clip in a third of 12 s of noise, at a time and a level that are drawn."""
    total = noise(rng, 12 * RATE, float(rng.choice([1.0, 2.0])))
    placed = []
    for slot, (name, clip) in enumerate(clips.items()):
        room = 4 * RATE - len(clip) - RATE // 2
        at = slot * 4 * RATE + RATE // 4 + int(rng.integers(max(1, room)))
        level_db = float(rng.uniform(10, 25))
        rms = np.sqrt(np.mean(np.square(clip)))
        total[at : at + len(clip)] += clip / rms * 10 ** (level_db / 20)
        placed.append(Placed(name, at / RATE, (at + len(clip)) / RATE))
    total *= 0.5 / np.abs(total).max()
    return Scene(Audio(total.astype(np.float32)[None], RATE), tuple(placed))


def noise(rng: np.random.Generator, frames: int, slope: float) -> NDArray[np.float64]:
    """Noise whose power falls with frequency to this power, RMS 1."""
    spectrum = np.fft.rfft(rng.standard_normal(frames))
    at = np.fft.rfftfreq(frames, 1 / RATE)
    spectrum *= np.where(at < 40, 0, np.maximum(at, 40) ** (-slope / 2))
    noise = np.fft.irfft(spectrum, frames)
    return np.asarray(noise / noise.std())
