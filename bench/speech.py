"""Text to speech and back: word error rate, and the speed of both against calling their libraries directly."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import jiwer
import numpy as np
import soxr

from bench._report import report
from bench.sentences import SENTENCES, normalise
from core.capabilities import RecogniseArgs, SpeakArgs
from core.errors import BadInput
from core.media import Audio
from core.models.base import Call
from core.models.speech.faster_whisper import FasterWhisper, joined_weights
from core.models.speech.hibari import Hibari
from core.settings import load_settings

ROUNDS = 3
TIMED = 30
"""Sentences that are timed, in turns with the direct calls so that both see the same load."""


def main() -> int:
    settings = load_settings()
    voice, ears = Hibari(settings), FasterWhisper(settings)
    voice.load("cpu")
    ears.load("cpu")
    clips = [_say(voice, text) for text in SENTENCES]
    heard = [_hear(ears, clip) for clip in clips]
    references, hypotheses = [normalise(t) for t in SENTENCES], [normalise(t) for t in heard]
    for reference, hypothesis in zip(references, hypotheses, strict=True):
        if reference != hypothesis:
            print(f"said  {reference}\nheard {hypothesis}\n")
    seconds = sum(clip.duration_s for clip in clips[:TIMED])
    speak, hear = _voice_times(voice), _ears_times(ears, settings.data_dir, clips[:TIMED])
    report(
        "speech",
        {
            "sentences": len(SENTENCES),
            "words": sum(len(r.split()) for r in references),
            "wer": jiwer.wer(references, hypotheses),
            "sentences_with_errors": sum(r != h for r, h in zip(references, hypotheses, strict=True)),
            "tts_rtf": speak[0] / seconds,
            "tts_rtf_direct": speak[1] / seconds,
            "tts_relative_speed": speak[1] / speak[0],
            "asr_rtf": hear[0] / seconds,
            "asr_rtf_direct": hear[1] / seconds,
            "asr_relative_speed": hear[1] / hear[0],
            "asr_rtf_of_a_long_clip": _long_rtf(ears, clips),
        },
        {
            "wer": "<= 0.01",
            "tts_rtf": "<= 0.05",
            "tts_relative_speed": ">= 0.95",
            "asr_relative_speed": ">= 0.95",
            "asr_rtf_of_a_long_clip": "<= 0.15",
        },
    )
    return 0


def _say(voice: Hibari, text: str) -> Audio:
    media = voice.run(Call(SpeakArgs(text=text))).media[0].media
    assert isinstance(media, Audio)
    return media


def _long_rtf(ears: FasterWhisper, clips: Sequence[Audio]) -> float:
    """All sentences in one clip, as a single one takes a window of 30 s however short it is; the better of two runs."""
    clip = Audio(np.concatenate([c.samples for c in clips], axis=1), clips[0].sample_rate)
    spent = []
    for _ in range(2):
        started = time.perf_counter()
        _hear(ears, clip)
        spent.append(time.perf_counter() - started)
    return min(spent) / clip.duration_s


def _hear(ears: FasterWhisper, clip: Audio) -> str:
    try:
        return ears.run(Call(RecogniseArgs(audio="clip"), {"audio": (clip,)})).text or ""
    except BadInput as refusal:
        print(f"refused a clip: {refusal}")
        return ""


def _in_turns(ours: Sequence[Callable[[], Any]], direct: Sequence[Callable[[], Any]]) -> tuple[float, float]:
    """Seconds of each side, summed over the items: of every item the best of `ROUNDS`, side by side."""
    total = [0.0, 0.0]
    for pair in zip(ours, direct, strict=True):
        best = [float("inf"), float("inf")]
        for turn in range(ROUNDS):
            for side in (0, 1) if turn % 2 == 0 else (1, 0):
                start = time.perf_counter()
                pair[side]()
                best[side] = min(best[side], time.perf_counter() - start)
        total[0] += best[0]
        total[1] += best[1]
    return total[0], total[1]


def _voice_times(voice: Hibari) -> tuple[float, float]:
    from hibari import Hibari as Direct

    direct = Direct(threads=1)
    direct("Warm up.")
    texts = SENTENCES[:TIMED]
    return _in_turns(
        [lambda t=t: _say(voice, t) for t in texts],  # type: ignore[misc]
        [lambda t=t: direct(t, seed=0) for t in texts],  # type: ignore[misc]
    )


def _ears_times(ears: FasterWhisper, data_dir: Any, clips: Sequence[Audio]) -> tuple[float, float]:
    """The direct side gets 16 kHz samples ready made; resampling to them is counted on ours."""
    from faster_whisper import WhisperModel

    threads = min(8, len(os.sched_getaffinity(0)))
    direct = WhisperModel(str(joined_weights(data_dir)), device="cpu", compute_type="int8", cpu_threads=threads)
    ready = [np.asarray(soxr.resample(c.samples[0], c.sample_rate, 16_000), np.float32) for c in clips]
    return _in_turns(
        [lambda c=c: _hear(ears, c) for c in clips],  # type: ignore[misc]
        [lambda x=x: list(direct.transcribe(x, vad_filter=True)[0]) for x in ready],  # type: ignore[misc]
    )


if __name__ == "__main__":
    sys.exit(main())
