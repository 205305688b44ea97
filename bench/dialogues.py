"""Dialogues made of single utterances, so that who speaks when is known to 10 ms; and the error rate against it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pyworld
import soxr
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from bench.sentences import SENTENCES
from core.capabilities import SpeakArgs
from core.media import Audio
from core.models.base import Call
from core.models.speech._speaking import Speaking

RATE = 16_000
FRAME = RATE // 100
COLLAR_S = 0.25
"""NIST's: so much around every border of a turn is not judged."""
PROMPTS = Path(os.environ.get("AUDIOGPT_BENCH_SOUNDS", "/usr/share/asterisk/sounds"))
"""Where Debian's asterisk-core-sounds-{en,fr,it,ru}-g722 are: recordings of four people."""
PEOPLE = ("en_US_f_Allison", "fr_CA_f_June", "it_IT_m_Carlo", "ru_RU_f_IvrvoiceRU")

Samples = NDArray[np.float32]
Voices = dict[str, list[Samples]]


@dataclass
class Dialogue:
    samples: Samples
    speaking: NDArray[np.bool_]
    """Shape (speakers, frames of 10 ms)."""


def people(count: int = 24) -> Voices:
    """Utterances of 1.5 to 9 s of real people; none where the recordings are not there."""
    found: Voices = {}
    for name in PEOPLE:
        paths = sorted((PROMPTS / name).glob("*.g722"))
        shuffled = (paths[i] for i in np.random.default_rng(0).permutation(len(paths)))
        good = (c for c in map(_g722, shuffled) if 1.5 <= len(c) / RATE <= 9 and np.abs(c).max() > 0.02)
        if clips := list(islice(good, count)):
            found[name] = clips
    return found


def made_voices(english: Speaking, japanese: Speaking | None, count: int = 8) -> Voices:
    """The voices that packages ship, and one of them an octave lower with a longer throat."""
    heart = [said(english, text) for text in SENTENCES[: 2 * count]]
    voices = {"heart": heart[:count], "low": [lower(clip) for clip in heart[count:]]}
    for name in ("alpha", "kumo") if japanese else ():
        assert japanese is not None
        texts = SENTENCES[2 * count : 3 * count]
        voices[name] = [said(japanese, text, voice=name, language="en") for text in texts]
    return voices


def said(model: Speaking, text: str, **args: str) -> Samples:
    media = model.run(Call(SpeakArgs(text=text, **args))).media[0].media
    assert isinstance(media, Audio)
    return np.asarray(soxr.resample(media.samples[0], media.sample_rate, RATE), np.float32)


def lower(clip: Samples) -> Samples:
    x = clip.astype(np.float64)
    f0, times = pyworld.dio(x, RATE)
    f0 = pyworld.stonemask(x, f0, times, RATE)
    envelope, noise = pyworld.cheaptrick(x, f0, times, RATE), pyworld.d4c(x, f0, times, RATE)
    bins = np.arange(envelope.shape[1])
    warped = np.array([np.interp(bins / 0.84, bins, row) for row in envelope])
    return np.asarray(pyworld.synthesize(f0 * 0.5, warped, noise, RATE), np.float32)


def _g722(path: Path) -> Samples:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-f", "g722", "-i", str(path)]
    raw = subprocess.run([*command, "-ac", "1", "-ar", str(RATE), "-f", "f32le", "-"], capture_output=True).stdout
    return np.frombuffer(raw, "<f4")


def dialogue(voices: Voices, names: Sequence[str], seed: int, turns: int) -> Dialogue:
    """Turns of one or two utterances with pauses of up to 0.8 s; one in ten falls into the end of the one before."""
    rng = np.random.default_rng(seed)
    left = {name: list(rng.permutation(len(voices[name]))) for name in names}
    parts: list[tuple[int, int, Samples]] = []
    at, before = 0, -1
    for turn in range(turns):
        others = [n for n in range(len(names)) if n != before] or [0]
        speaker = turn if turn < len(names) else int(rng.choice(others))
        for _ in range(rng.integers(1, 3)):
            left[names[speaker]] = left[names[speaker]] or list(rng.permutation(len(voices[names[speaker]])))
            clip = trimmed(voices[names[speaker]][left[names[speaker]].pop()])
            clip = clip / clip.std() * 0.06 * 10 ** (rng.uniform(-3, 3) / 20)
            parts.append((speaker, at, clip.astype(np.float32)))
            at += len(clip) + int(rng.uniform(0.15, 0.5) * RATE)
        at = max(0, at + int((rng.uniform(-0.6, -0.2) if rng.random() < 0.1 else rng.uniform(0.1, 0.8)) * RATE))
        before = speaker
    length = max(start + len(clip) for _, start, clip in parts) + RATE // 2
    samples, speaking = np.zeros(length, np.float32), np.zeros((len(names), length // FRAME), bool)
    for speaker, start, clip in parts:
        samples[start : start + len(clip)] += clip
        active = voiced(clip)
        speaking[speaker, start // FRAME : start // FRAME + len(active)] |= active
    return Dialogue(samples, speaking)


def trimmed(clip: Samples) -> Samples:
    loud = np.flatnonzero(voiced(clip))
    return clip[loud[0] * FRAME : (loud[-1] + 1) * FRAME]


def voiced(clip: Samples) -> NDArray[np.bool_]:
    """By energy, within 40 dB of the loudest frame; pauses of up to 0.3 s are part of the speech."""
    frames = clip[: len(clip) // FRAME * FRAME].reshape(-1, FRAME)
    level = 10 * np.log10(np.square(frames).mean(axis=1) + 1e-10)
    active = np.asarray(level > max(level.max() - 40, -60))
    loud = np.flatnonzero(active)
    for start, end in zip(loud, loud[1:], strict=False):
        if end - start <= 30:
            active[start:end] = True
    return active


def error_rate(true: NDArray[np.bool_], turns: Iterable[tuple[float, float, int]], collar_s: float) -> float:
    """Diarization error rate: missed, false and confused speech over all speech, by the best pairing of speakers."""
    told = list(turns)
    heard = np.zeros((max((s for *_, s in told), default=1), true.shape[1]), bool)
    for start, end, speaker in told:
        heard[speaker - 1, round(start * 100) : round(end * 100)] = True
    judged = np.ones(true.shape[1], bool)
    width = round(collar_s * 100)
    for row in true:
        for edge in np.flatnonzero(np.diff(row.astype(int))):
            judged[max(0, edge - width) : edge + width] = False
    true, heard = true[:, judged], heard[:, judged]
    both = (true[:, None] & heard[None]).sum(axis=-1)
    right = both[linear_sum_assignment(-both)].sum()
    return float((np.maximum(true.sum(axis=0), heard.sum(axis=0)).sum() - right) / true.sum())
