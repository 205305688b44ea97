"""Two voices at once, told apart: SI-SDR above that of the mix, by kinds of pairs; speed; what one voice alone does.

None of the voices was heard in training: hibari's, the five of Kokoro's package, and two of them lowered to men by
WORLD; and two people, where Debian's recordings are (AUDIOGPT_BENCH_SOUNDS).
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from bench._report import report
from bench.dialogues import RATE, Voices, lower, people, said
from bench.sentences import SENTENCES
from core.capabilities import SeparateArgs
from core.errors import BadInput
from core.media import Audio
from core.models.base import Call
from core.models.speech.convtasnet_separation import ConvTasNetSeparation
from core.models.speech.hibari import Hibari
from core.models.speech.kokoro import Kokoro
from core.settings import load_settings

SECONDS, LEVEL_DB, MIXES = 5.0, 5.0, 3
MEN = ("kumo", "low heart", "low nezumi", "it_IT_m_Carlo")
UNHEARD = ("it_IT_m_Carlo", "ru_RU_f_IvrvoiceRU")

Samples = NDArray[np.float32]


def shipped() -> Voices:
    """Speech of the voices in packages, each with sentences of its own."""
    settings = load_settings()
    hibari, kokoro = Hibari(settings), Kokoro(settings)
    for model in (hibari, kokoro):
        model.load("cpu")
    texts = iter([" ".join(SENTENCES[at : at + 3]) for at in range(0, 48, 3)])
    voices = {"heart": [said(hibari, next(texts))]}
    for name in ("alpha", "gongitsune", "nezumi", "tebukuro", "kumo"):
        voices[name] = [said(kokoro, next(texts), voice=name, language="en")]
    voices["low heart"] = [lower(said(hibari, next(texts)))]
    voices["low nezumi"] = [lower(said(kokoro, next(texts), voice="nezumi", language="en"))]
    return voices


def without_pauses(clips: Sequence[Samples]) -> Samples:
    """One after the other, RMS 1, but for frames of 20 ms that are 35 dB below the loud ones."""
    speech = np.concatenate(clips)
    frames = speech[: len(speech) // 320 * 320].reshape(-1, 320)
    level = np.square(frames).mean(axis=1)
    kept = frames[level > np.percentile(level, 95) * 10**-3.5].ravel()
    return np.asarray(kept / np.sqrt(np.mean(np.square(kept))), np.float32)


def mixes(voices: Voices) -> Iterator[tuple[str, Samples]]:
    """The kind of the pair and the two talkers, shape (2, frames): both speak all the time, one up to 5 dB louder."""
    rng = np.random.default_rng(0)
    speech = {name: without_pauses(clips) for name, clips in voices.items()}
    frames = round(SECONDS * RATE)
    for one, other in combinations(sorted(speech), 2):
        kind = "same sex" if (one in MEN) == (other in MEN) else "woman and man"
        for _ in range(MIXES):
            begins = [int(rng.integers(max(1, len(speech[name]) - frames))) for name in (one, other)]
            parts = [
                np.resize(speech[name][at : at + frames], frames) for name, at in zip((one, other), begins, strict=True)
            ]
            parts[1] = parts[1] * np.float32(10 ** (rng.uniform(-LEVEL_DB, LEVEL_DB) / 20))
            yield kind, 0.05 * np.stack(parts)


def si_sdr_db(reference: Samples, estimate: Samples) -> float:
    """Scale-invariant signal-to-distortion ratio (Le Roux et al. 2019, arXiv:1811.02508)."""
    target = (estimate @ reference) / (reference @ reference) * reference
    return float(10 * np.log10((target @ target) / ((estimate - target) @ (estimate - target))))


def separated(model: ConvTasNetSeparation, mix: Samples) -> Samples:
    output = model.run(Call(SeparateArgs(audio="clip"), {"audio": (Audio(mix[None], RATE),)}))
    clips = [made.media for made in output.media]
    return np.concatenate([clip.samples for clip in clips if isinstance(clip, Audio)])


def improvement_db(model: ConvTasNetSeparation, talkers: Samples) -> float:
    """Mean over both talkers; where the model takes the mix for one voice, it has improved nothing."""
    mix = talkers.sum(axis=0)
    try:
        stems = separated(model, mix)
    except BadInput:
        return 0.0
    before = np.mean([si_sdr_db(talker, mix) for talker in talkers])
    orders = (stems, stems[::-1])
    after = max(np.mean([si_sdr_db(t, s) for t, s in zip(talkers, order, strict=True)]) for order in orders)
    return float(after - before)


def told_apart(model: ConvTasNetSeparation, voices: Voices) -> dict[str, list[float]]:
    found: dict[str, list[float]] = defaultdict(list)
    for kind, talkers in mixes(voices):
        value = improvement_db(model, talkers)
        found["all"].append(value)
        found[kind].append(value)
    return found


def alone(model: ConvTasNetSeparation, voices: Voices) -> float:
    """Share of the voices that are said to be one voice when they speak alone."""
    refused = 0
    for clips in voices.values():
        try:
            separated(model, 0.05 * without_pauses(clips)[: round(SECONDS * RATE)])
        except BadInput:
            refused += 1
    return refused / len(voices)


def main() -> None:
    model = ConvTasNetSeparation(load_settings())
    model.load("cpu")
    voices = shipped()
    found = told_apart(model, voices)
    figures: dict[str, float] = {"unseen_voices_si_sdri_db": float(np.mean(found["all"]))}
    figures["unseen_voices_mixes"] = len(found["all"])
    figures["unseen_voices_worst_tenth_below_db"] = float(np.percentile(found["all"], 10))
    for kind in ("woman and man", "same sex"):
        figures[f"{kind.replace(' ', '_')}_si_sdri_db"] = float(np.mean(found[kind]))
    figures["one_voice_alone_noticed"] = alone(model, voices)
    recorded = {name: clips for name, clips in people().items() if name in UNHEARD}
    if len(recorded) == len(UNHEARD):
        figures["people_si_sdri_db"] = float(np.mean(told_apart(model, recorded)["all"]))
    else:
        print("Debian's recordings are not here (AUDIOGPT_BENCH_SOUNDS): the figure of people is left out.")
    long = np.tile(next(mixes(voices))[1].sum(axis=0), 12)
    started = time.perf_counter()
    separated(model, long)
    figures["real_time_factor"] = (time.perf_counter() - started) / (len(long) / RATE)
    report("speech", figures, {"unseen_voices_si_sdri_db": ">= 8"}, part="separation")


if __name__ == "__main__":
    main()
