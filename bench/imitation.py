"""How near a style and a conversion come to people whom they did not hear, what they cost in words; sound in space."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

import jiwer
import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

from bench._report import report
from bench.dialogues import RATE, Samples, lower, people, said
from bench.sentences import SENTENCES, normalise
from core.capabilities import BinauralArgs, ConvertVoiceArgs, RecogniseArgs, SpeakArgs, StyledSpeakArgs
from core.media import Audio
from core.models.base import Call, Output
from core.models.sound.binaural import Binaural
from core.models.speech._speaker import shared
from core.models.speech.conversion import WorldConversion
from core.models.speech.faster_whisper import FasterWhisper
from core.models.speech.hibari import Hibari
from core.models.speech.kokoro import Kokoro
from core.models.speech.style import StyleTransfer
from core.settings import load_settings

PART_S = 9.0
"""Of each voice: to go by, and as much again to judge by."""
TEXTS = SENTENCES[3:30:9]
TEN_MINUTES = 600
GAIN, WER = "> 0", "<= 0.03"

Voices = dict[str, tuple[Samples, Samples]]


def main() -> int:
    settings = load_settings()
    hibari, style, conversion = Hibari(settings), StyleTransfer(settings), WorldConversion(settings)
    ears = FasterWhisper(settings)
    for model in (hibari, style, conversion, ears):
        model.load("cpu")
    voices = _voices(hibari)
    figures: dict[str, float] = {}
    goals: dict[str, str] = {}
    hear = partial(_hear, ears)
    plain = _sound(hibari.run(Call(SpeakArgs(text=" ".join(TEXTS)))))
    figures |= _styled(style, plain, voices, hear)
    for name, clip in {"woman": plain, "man": Audio(voices["low"][1][None], RATE)}.items():
        figures |= _converted(conversion, name, clip, voices, hear)
    goals |= {key: GAIN for key in figures if key.endswith("gain_min")} | {
        key: WER for key in figures if key.endswith("wer")
    }
    report("speech", figures, goals, part="imitation")
    report(
        "speech",
        _space(),
        {"itd_us_at_60": "595 +- 30", "ild_db_at_60": "14 +- 1", "click_db": "<= -70"}
        | {"ten_minutes_extra_mb": "<= 600"},
        part="space",
    )
    return 0


def _voices(hibari: Hibari) -> Voices:
    """What Kokoro speaks, hibari made a man, and, where their recordings are, people."""
    kokoro = Kokoro(load_settings())
    kokoro.load("cpu")
    clips = {
        voice.name: [said(kokoro, text, voice=voice.name, language="en") for text in SENTENCES[40:46]]
        for voice in kokoro.voices
    }
    clips["low"] = [lower(said(hibari, text)) for text in SENTENCES[40:48]]
    return {name: _halves(np.concatenate(found)) for name, found in {**clips, **people()}.items()}


def _halves(speech: Samples) -> tuple[Samples, Samples]:
    part = min(len(speech) // 2, round(PART_S * RATE))
    return speech[:part], speech[part : 2 * part]


def _styled(model: StyleTransfer, plain: Audio, voices: Voices, hear: Callable[[Audio], str]) -> dict[str, float]:
    figures: dict[str, float] = {}
    gains, heard, spent, made_s = [], [], 0.0, 0.0
    text = " ".join(TEXTS)
    for name, (fit, held_out) in voices.items():
        begun = time.perf_counter()
        made = _sound(model.run(Call(StyledSpeakArgs(text=text, reference="r"), {"reference": (_clip(fit),)})))
        spent, made_s = spent + time.perf_counter() - begun, made_s + made.duration_s
        before, after = _alike(plain, held_out), _alike(made, held_out)
        gains.append(after - before)
        heard.append(hear(made))
        figures |= {f"style_{name}_before": before, f"style_{name}_after": after}
    return {
        **figures,
        "style_references": len(gains),
        "style_gain_mean": float(np.mean(gains)),
        "style_gain_min": min(gains),
        "style_wer": float(jiwer.wer([normalise(text)] * len(heard), heard)),
        "style_rtf": spent / made_s,
    }


def _converted(
    model: WorldConversion, source: str, clip: Audio, voices: Voices, hear: Callable[[Audio], str]
) -> dict[str, float]:
    """The words are judged against those that are heard in the recording before."""
    gains, heard, spent = [], [], 0.0
    others = {name: voice for name, voice in voices.items() if name != "low"}
    for fit, held_out in others.values():
        begun = time.perf_counter()
        inputs = {"audio": (clip,), "reference": (_clip(fit),)}
        made = _sound(model.run(Call(ConvertVoiceArgs(audio="a", reference="r"), inputs)))
        spent += time.perf_counter() - begun
        gains.append(_alike(made, held_out) - _alike(clip, held_out))
        heard.append(hear(made))
    return {
        f"conversion_from_{source}_gain_mean": float(np.mean(gains)),
        f"conversion_from_{source}_gain_min": min(gains),
        f"conversion_from_{source}_wer": float(jiwer.wer([hear(clip)] * len(heard), heard)),
        f"conversion_from_{source}_rtf": spent / (len(gains) * clip.duration_s),
    }


def _sound(output: Output) -> Audio:
    media = output.media[0].media
    assert isinstance(media, Audio)
    return media


def _clip(samples: Samples) -> Audio:
    return Audio(samples[None], RATE)


def _alike(clip: Audio, held_out: Samples) -> float:
    return float(shared().embed(clip.mono(), clip.sample_rate) @ shared().embed(held_out, RATE))


def _hear(ears: FasterWhisper, clip: Audio) -> str:
    return normalise(ears.run(Call(RecogniseArgs(audio="c", language="en"), {"audio": (clip,)})).text or "")


def _space() -> dict[str, float]:
    model = Binaural(load_settings())
    model.load("cpu")
    rate = 48_000
    noise = Audio((0.1 * np.random.default_rng(0).standard_normal((1, 5 * rate))).astype(np.float32), rate)
    tone = Audio((0.4 * np.sin(2 * np.pi * 500 * np.arange(8 * rate) / rate)).astype(np.float32)[None], rate)
    ears = _placed(model, noise, azimuth_deg=60)
    begun = time.perf_counter()
    moving = _placed(model, tone, motion="circle")
    rtf = (time.perf_counter() - begun) / tone.duration_s
    high = sosfiltfilt(butter(8, 3000, "highpass", fs=rate, output="sos"), moving)[:, rate // 4 : -rate // 4]
    levels = np.mean(np.square(ears, dtype=np.float64), axis=1)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        extra = pool.submit(_peak_of_ten_minutes).result()
    return {
        "itd_us_at_60": _itd_us(ears, rate),
        "ild_db_at_60": float(10 * np.log10(levels[0] / levels[1])),
        "click_db": float(20 * np.log10(np.abs(high).max() / np.abs(moving).max())),
        "rtf": rtf,
        "ten_minutes_extra_mb": extra,
    }


def _placed(model: Binaural, clip: Audio, **args: object) -> Samples:
    call = Call(BinauralArgs.model_validate({"audio": "a", **args}), {"audio": (clip,)})
    return _sound(model.run(call)).samples


def _itd_us(ears: NDArray[np.float32], rate: int) -> float:
    """Below 1.5 kHz, by cross-correlation."""
    left, right = sosfiltfilt(butter(4, 1500, fs=rate, output="sos"), ears)
    size, most = 2 * len(left), round(0.0012 * 16 * rate)
    cross = np.fft.irfft(np.conj(np.fft.rfft(left, size)) * np.fft.rfft(right, size), 16 * size)
    near = np.concatenate([cross[-most:], cross[: most + 1]])
    return float(int(np.argmax(near)) - most) / (16 * rate) * 1e6


def _peak_of_ten_minutes() -> float:
    """MB that ten minutes at 24 kHz take, clip and result included, in a process of its own."""
    model = Binaural(load_settings())
    model.load("cpu")
    short = Audio(np.full((1, 24_000), 0.1, np.float32), 24_000)
    _placed(model, short, motion="circle")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    clip = soxr.resample(np.random.default_rng(0).standard_normal(TEN_MINUTES * 8000), 8000, 24_000) * 0.1
    _placed(model, Audio(clip.astype(np.float32)[None], 24_000), motion="circle")
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


if __name__ == "__main__":
    sys.exit(main())
