"""How true a song is to its notes and beats, and how well its words are understood."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise

import jiwer
import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt
from swift_f0 import SwiftF0

from bench._report import percentile, report
from bench.sentences import normalise
from core.capabilities import RecogniseArgs, SingArgs
from core.errors import BadInput
from core.media import Audio
from core.models.base import Call
from core.models.music._phrasing import phrases
from core.models.music._score import hertz, lay, read_tune
from core.models.music._singing import LEAD_S
from core.models.music.singer import Singer
from core.models.speech.faster_whisper import FasterWhisper
from core.settings import load_settings

SONGS = (
    (
        "Mary had a little lamb, its fleece was white as snow",
        "E4 D4 C4 D4 E4 E4 E4 D4 D4 D4 E4 G4 G4",
        ".4 .4 .4 .4 .4 .4 .8 .4 .4 .8 .4 .4 .8",
    ),
    (
        "Frère Jacques can wait, morning bells are ringing, ding dang dong",
        "G4 A4 G4 F4 E4 C4 G4 A4 G4 F4 E4 C4 C4 G3 C4",
        ".3 .3 .3 .3 .5 .5 .3 .3 .3 .3 .5 .5 .6 .6 1.2",
    ),
    (
        "London bridge is falling down, falling down, falling down",
        "G4 A4 G4 F4 E4 F4 G4 D4 E4 F4 E4 F4 G4",
        ".6 .2 .4 .4 .4 .4 .8 .4 .4 .8 .4 .4 .8",
    ),
    (
        "Oh my darling, oh my darling, oh my darling Clementine",
        "F4 F4 F4 C4 A4 A4 A4 F4 F4 A4 C5 C5 Bb4 A4 G4",
        ".3 .3 .6 .6 .3 .3 .6 .6 .3 .3 .8 .4 .3 .3 1.2",
    ),
    (
        "The water is wide, I cannot cross over, and neither have I wings to fly",
        "D4 G4 A4 B4 A4 G4 E4 D4 E4 G4 A4 B4 D5 B4 A4 G4 A4 B4 A4",
        ".5",
    ),
    (
        "Scarborough fair is where she is going, parsley and sage and rosemary and thyme",
        "D4 D4 A4 A4 E4 F4 E4 D4 A4 C5 D5 C5 A4 B4 G4 A4 D5 D5 C5 A4 A4 G4",
        ".45",
    ),
)
"""Old songs, all in the public domain; other than those that the singer was made with."""

LYRICS = (
    "We built a house of paper on the sand\nand waited for the tide with hand in hand",
    "Every little candle in the window tonight\nis telling all the sailors that the harbour is bright",
    "I left my heart in the pocket of a coat\nand it sailed away upon a ferry boat",
    "Open the door and let the summer in\nthis is the place where all the songs begin",
)
SEEDS = (11, 12)
GOALS = {
    "pitch_cents_median": "<= 10",
    "onset_ms_median": "<= 30",
    "wer_female": "<= 0.35",
    "wer_male": "<= 0.35",
    "rtf": "<= 0.2",
}


def main() -> int:
    settings = load_settings()
    singer, ears = Singer(settings), FasterWhisper(settings)
    singer.load("cpu")
    ears.load("cpu")
    cents: list[float] = []
    onsets: list[float] = []
    spent = length = 0.0
    silent = 0
    heard: dict[str, list[float]] = {"female": [], "male": []}
    for voice in ("female", "male"):
        for args, seed in _asked(voice):
            started = time.perf_counter()
            output = singer.run(Call(args, seed=seed))
            spent += time.perf_counter() - started
            clip = output.media[0].media
            assert isinstance(clip, Audio)
            length += clip.samples.shape[1] / clip.sample_rate
            heard[voice].append(_wer(ears, args.lyrics, clip))
            if args.notes:
                off, late, missed = _true(singer, args, clip)
                cents, onsets, silent = cents + off, onsets + late, silent + missed
    figures = {
        "notes": len(cents) + silent,
        "notes_without_pitch": silent,
        "pitch_cents_median": float(np.median(cents)),
        "pitch_cents_p95": percentile(cents, 95),
        "onset_ms_median": float(np.median(onsets)),
        "onset_ms_p90": percentile(onsets, 90),
        "wer_female": float(np.mean(heard["female"])),
        "wer_male": float(np.mean(heard["male"])),
        "rtf": spent / length,
    }
    report("music_video", figures, GOALS, part="singing")
    return 0


def _asked(voice: str) -> Iterator[tuple[SingArgs, int]]:
    """Songs on their notes, a man's an octave lower; and words whose melody is composed."""
    down = {"female": 0, "male": -1}[voice]
    for lyrics, notes, durations in SONGS:
        lower = "".join(str(int(c) + down) if c.isdigit() else c for c in notes)
        yield SingArgs(lyrics=lyrics, notes=lower, durations=durations, voice=voice), 0
    for lyrics in LYRICS:
        for seed in SEEDS:
            yield SingArgs(lyrics=lyrics, voice=voice), seed


def _wer(ears: FasterWhisper, lyrics: str, clip: Audio) -> float:
    try:
        text = ears.run(Call(RecogniseArgs(audio="a", language="en"), {"audio": (clip,)})).text or ""
    except BadInput:  # it hears no words at all
        text = ""
    return float(jiwer.wer(normalise(lyrics), normalise(text) or "-"))


def _true(singer: Singer, args: SingArgs, clip: Audio) -> tuple[list[float], list[float], int]:
    """Cents that notes are off, ms that vowels are off their beat, and the notes in which no pitch is heard."""
    assert args.notes
    words = [syllable for line in singer.lines(args.lyrics) for syllable in line]
    score = lay(read_tune(args.notes, args.durations, 100.0), words)
    mono = clip.samples.mean(0)
    f0 = SwiftF0(threads=1).detect(mono, clip.sample_rate)
    times, level = _vowel_level(mono, clip.sample_rate)
    cents: list[float] = []
    late: list[float] = []
    silent = 0
    for phrase in phrases(score):
        notes = [(LEAD_S + phrase.start_s + at, note) for at, note in phrase.notes()]
        for start, note in notes:
            middle = (f0.timestamps > start + 0.05 + 0.1 * note.seconds) & (f0.timestamps < start + 0.75 * note.seconds)
            sure = middle & (f0.confidence > 0.5)
            if sure.any():
                cents.append(abs(float(1200 * np.log2(np.median(f0.pitch_hz[sure]) / hertz(note.midi)))))
            else:
                silent += 1
        for (before, first), (start, second) in pairwise(notes):
            if second.midi != first.midi:
                late += _crossing(f0, before, start, (first.midi + second.midi) / 2, second.midi > first.midi)
            else:
                late += _rise(times, level, start, second.seconds)
    return cents, late, silent


def _crossing(f0: object, before: float, start: float, middle: float, rising: bool) -> list[float]:
    """ms between the beat and the moment at which the pitch is halfway to the new note; none where it is unvoiced."""
    stamps, hz, sure = (getattr(f0, name) for name in ("timestamps", "pitch_hz", "confidence"))
    near = (stamps > max(before, start - 0.15)) & (stamps < start + 0.15) & (sure > 0.5)
    midi = 69 + 12 * np.log2(hz[near] / 440)
    beyond = midi > middle if rising else midi < middle
    if not beyond.any() or beyond[0]:
        return []
    index = int(np.argmax(beyond))
    if stamps[near][index] - stamps[near][index - 1] > 0.03:
        return []  # a consonant without pitch lies between
    return [abs(float(stamps[near][index] - 0.008 - start)) * 1000]


def _rise(times: NDArray[np.float64], level: NDArray[np.float64], start: float, seconds: float) -> list[float]:
    """The same by the level of the vowel, where it falls before the beat and rises again."""
    held = level[(times > start + 0.1) & (times < start + min(seconds, 0.4))]
    near = (times > start - 0.15) & (times < start + 0.12)
    if not len(held) or level[near].min() > np.median(held) - 9:
        return []
    lowest = int(np.argmin(level[near]))
    above = np.flatnonzero(level[near][lowest:] > np.median(held) - 6)
    return [abs(float(times[near][lowest + above[0]] - start)) * 1000] if len(above) else []


def _vowel_level(mono: NDArray[np.float32], rate: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    band = sosfiltfilt(butter(3, (350, 3200), "bandpass", fs=rate, output="sos"), mono.astype(np.float64))
    hop, width = round(0.005 * rate), round(0.02 * rate)
    power = np.convolve(band**2, np.ones(width) / width, "same")[::hop]
    return np.arange(len(power)) * hop / rate, 10 * np.log10(power + 1e-9)


if __name__ == "__main__":
    raise SystemExit(main())
