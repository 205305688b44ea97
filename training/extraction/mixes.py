"""Mixes of sounds for the extraction network, in parts that a seed and a number make again: `python -m
training.extraction.mixes SOUNDS VOICES OUT --parts 8`.

SOUNDS holds what `sounds.txt` lists (unpacked packages), VOICES the voices of `training.separation`. What is not there
is left out.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from core import media
from core.encoder import shared_encoder
from core.media import Audio
from core.models.sound import _matching, _yamnet
from training.extraction.made import MAKERS, RATE, Samples, coloured
from training.separation.mixes import Voice, voices

SECONDS = 4.0
FRAMES = round(SECONDS * RATE)
IN_PART = 240
SPEECH = "speech | a person talking | someone speaking | the voice"
_TEMPLATES = ("{}", "the sound of {}", "the {}")
_SHARES = {"recorded": 0.5, "made": 0.3, "spoken": 0.2}
_LISTED = Path(__file__).parent / "sounds.txt"


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """Recordings of one kind of sound, and its names."""

    words: tuple[str, ...]
    clips: tuple[Samples, ...]


def recorded(folder: Path) -> list[Sound]:
    """The sounds that `sounds.txt` lists, as far as their files are below the folder."""
    files = [path for path in folder.rglob("*") if path.suffix in (".wav", ".ogg", ".mp3", ".flac")]
    found: dict[tuple[str, ...], list[Samples]] = {}
    for line in _LISTED.read_text().splitlines():
        if line and not line.startswith("#"):
            pattern, words = line.rsplit(": ", 1)
            clips = [_clip(path) for path in sorted(files) if path.match(pattern.removeprefix("*/"))]
            found.setdefault(tuple(words.split(" | ")), []).extend(clip for clip in clips if len(clip) > RATE // 20)
    return [Sound(words, tuple(clips)) for words, clips in found.items() if clips]


def _clip(path: Path) -> Samples:
    """Mono at the network's rate, full scale, at most 12 s, silence cut off both ends."""
    clip = media.decode(path)
    samples = np.asarray(soxr.resample(clip.mono(), clip.sample_rate, RATE), np.float32)[: 12 * RATE]
    samples = samples / max(float(np.abs(samples).max(initial=0)), 1e-6)
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    return samples[loud[0] : loud[-1] + 1] if len(loud) else samples[:0]


class Mixer:
    """Draws mixes of two or three sounds and lets the tagger hear them."""

    def __init__(self, sounds: Path, spoken: Path) -> None:
        self._recorded = recorded(sounds)
        self._voices = voices(spoken, "train") if (spoken / "voices.json").exists() else []
        self._kinds = [kind for kind in _SHARES if kind != "spoken" or self._voices]

    def part(self, number: int, seed: int) -> dict[str, NDArray[Any]]:
        """`sources`: int16 (mixes, 2, FRAMES), the sound that is meant and all else; `evidence`: (mixes, windows);
        `words`: sentence vectors (mixes, 512)."""
        rng = np.random.default_rng((seed, number))
        sources: list[NDArray[np.int16]] = []
        evidence: list[Samples] = []
        vectors: list[Samples] = []
        while len(sources) < IN_PART:
            drawn = self._draw(rng)
            mix = sum(samples for _, samples in drawn)
            scale = rng.uniform(0.1, 0.9) / max(float(np.abs(mix).max()), 1e-6)
            heard = _yamnet.shared().hear(Audio(np.asarray(mix * scale, np.float32)[None], RATE))
            for index, (words, samples) in enumerate(drawn[:2]):
                phrase = str(rng.choice(_TEMPLATES)).format(rng.choice(words))
                weights = _weights(phrase)
                if not weights:
                    continue
                rest = sum(other for k, (_, other) in enumerate(drawn) if k != index)
                sources.append(np.round(np.stack([samples, np.asarray(rest)]) * scale * 32767).astype(np.int16))
                share = np.array(list(weights.values()), np.float32)
                evidence.append(np.max(heard.scores[:, list(weights)] * share, axis=1))
                vectors.append(_vector(phrase))
        kept: dict[str, list[NDArray[Any]]] = {"sources": [*sources], "evidence": [*evidence], "words": [*vectors]}
        return {name: np.stack(rows[:IN_PART]) for name, rows in kept.items()}

    def _draw(self, rng: np.random.Generator) -> list[tuple[tuple[str, ...], Samples]]:
        """Two sounds of different names, the second up to 6 dB louder or softer; sometimes a quiet noise too."""
        drawn: list[tuple[tuple[str, ...], Samples]] = []
        while len(drawn) < 2:
            words, samples = self._sound(rng)
            if not drawn or not set(words) & set(drawn[0][0]):
                level_db = rng.uniform(-6, 6) if drawn else 0.0
                drawn.append((words, np.asarray(samples * 10 ** (level_db / 20), np.float32)))
        if rng.random() < 0.3:
            noise = coloured(rng, FRAMES, 20, 9000, rng.uniform(0, 2)) * 10 ** (-rng.uniform(10, 35) / 20)
            drawn.append((("noise",), noise.astype(np.float32)))
        return drawn

    def _sound(self, rng: np.random.Generator) -> tuple[tuple[str, ...], Samples]:
        shares = np.array([_SHARES[kind] for kind in self._kinds])
        kind = str(rng.choice(self._kinds, p=shares / shares.sum()))
        if kind == "made":
            words = str(rng.choice(list(MAKERS)))
            samples = MAKERS[words](rng, FRAMES).astype(np.float32)
            if rng.random() < 0.4:
                samples = _for_a_while(samples, rng)
            names = tuple(words.split(" | "))
        elif kind == "spoken":
            names, samples = tuple(SPEECH.split(" | ")), _speech(self._voices[rng.integers(len(self._voices))], rng)
        else:
            sound = self._recorded[rng.integers(len(self._recorded))]
            names, samples = sound.words, _placed(sound.clips[rng.integers(len(sound.clips))], rng)
        samples = _varied(samples, rng)
        loud = np.abs(samples) > 0.05 * np.abs(samples).max()
        return names, samples / max(float(np.sqrt(np.mean(np.square(samples[loud])))) if loud.any() else 0.0, 1e-6)


def _speech(voice: Voice, rng: np.random.Generator) -> Samples:
    begin = int(rng.integers(max(1, len(voice.samples) - FRAMES)))
    part = np.asarray(voice.samples[begin : begin + FRAMES], np.float32) / 32768
    return (
        _for_a_while(np.pad(part, (0, FRAMES - len(part))), rng)
        if rng.random() < 0.5
        else np.pad(part, (0, FRAMES - len(part)))
    )


def _for_a_while(samples: Samples, rng: np.random.Generator) -> Samples:
    """Only a part of it, faded in and out."""
    length = int(rng.uniform(0.3, 0.8) * FRAMES)
    begin = int(rng.integers(FRAMES - length))
    window = np.zeros(FRAMES, np.float32)
    window[begin : begin + length] = np.clip(np.hanning(length) * 20, 0, 1)
    return samples * window


def _placed(clip: Samples, rng: np.random.Generator) -> Samples:
    """A recording at another speed, once or again and again, in silence."""
    factor = 2 ** rng.uniform(-0.35, 0.35)
    count = max(64, int(len(clip) / factor))
    clip = np.interp(np.arange(count) * factor, np.arange(len(clip)), clip).astype(np.float32)
    out = np.zeros(FRAMES, np.float32)
    if len(clip) >= FRAMES:
        begin = int(rng.integers(len(clip) - FRAMES + 1))
        return clip[begin : begin + FRAMES].copy()
    at = int(rng.integers(FRAMES - len(clip)))
    again = rng.random() < 0.6
    while at < FRAMES:
        part = clip[: FRAMES - at]
        out[at : at + len(part)] += part * rng.uniform(0.6, 1)
        at += len(clip) + int(rng.exponential(0.3) * RATE) if again else FRAMES
    return out


def _varied(samples: Samples, rng: np.random.Generator) -> Samples:
    """By another microphone, and now and then in a room."""
    if rng.random() < 0.6:
        at = np.fft.rfftfreq(FRAMES, 1 / RATE)
        curve = np.interp(np.log2(at + 50), np.linspace(5.6, 13, 6), rng.uniform(-6, 6, 6))
        samples = np.fft.irfft(np.fft.rfft(samples) * 10 ** (curve / 20), FRAMES).astype(np.float32)
    if rng.random() < 0.25:
        decay = int(RATE * rng.uniform(0.1, 0.5))
        tail = 10 ** (-3 * np.arange(decay) / decay) * rng.standard_normal(decay)
        tail *= 10 ** (-rng.uniform(3, 15) / 20) / np.sqrt(np.sum(tail**2))
        tail[0] = 1
        samples = fftconvolve(samples, tail)[:FRAMES].astype(np.float32)
    return samples


@lru_cache(maxsize=4096)
def _weights(phrase: str) -> dict[int, float]:
    return _matching.heard_as(_matching.shared().meant(phrase))


@lru_cache(maxsize=4096)
def _vector(phrase: str) -> Samples:
    return np.asarray(shared_encoder().encode([phrase])[0], np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sounds", type=Path)
    parser.add_argument("voices", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--parts", type=int, default=16)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    mixer = Mixer(args.sounds, args.voices)
    args.out.mkdir(parents=True, exist_ok=True)
    for number in range(args.parts):
        path = args.out / f"{number:03}.npz"
        if not path.exists():
            np.savez(path.with_suffix(".part.npz"), allow_pickle=False, **mixer.part(number, args.seed))
            path.with_suffix(".part.npz").rename(path)
            print(path, flush=True)


if __name__ == "__main__":
    main()
