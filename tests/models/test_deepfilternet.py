from __future__ import annotations

import numpy as np
import pytest
import soxr
from tones import pink, si_sdr_db

from core.capabilities import AudioArgs
from core.errors import BadInput, Cancelled
from core.media import Audio
from core.models.base import Call
from core.models.speech.deepfilternet import DeepFilterNet


def clean(model: DeepFilterNet, clip: Audio) -> Audio:
    media = model.run(Call(AudioArgs(audio="clip"), {"audio": (clip,)})).media[0].media
    assert isinstance(media, Audio)
    assert media.sample_rate == clip.sample_rate
    assert media.samples.shape == clip.samples.shape
    assert np.isfinite(media.samples).all()
    return media


def noisy(speech: np.ndarray, seed: int) -> np.ndarray:
    """At 0 dB."""
    return speech + pink(len(speech), seed) * speech.std()


def test_removes_pink_noise(deepfilternet: DeepFilterNet, speech: Audio) -> None:
    reference = speech.samples[0]
    gains = []
    for seed in range(3):
        mixture = noisy(reference, seed)
        out = clean(deepfilternet, Audio(mixture[None], speech.sample_rate)).samples[0]
        gains.append(si_sdr_db(reference, out) - si_sdr_db(reference, mixture))
    assert np.mean(gains) >= 8
    assert min(gains) >= 6


@pytest.mark.parametrize("rate", [16_000, 24_000, 44_100, 48_000])
def test_clean_speech_stays_and_stays_in_place(deepfilternet: DeepFilterNet, speech: Audio, rate: int) -> None:
    samples = soxr.resample(speech.samples[0], speech.sample_rate, rate)[:-7]
    assert si_sdr_db(samples, clean(deepfilternet, Audio(samples[None], rate)).samples[0]) >= 28


def test_channels_are_cleaned_one_by_one_and_equal_ones_once(deepfilternet: DeepFilterNet, speech: Audio) -> None:
    left, right = noisy(speech.samples[0], 1), noisy(speech.samples[0], 2)
    both = clean(deepfilternet, Audio(np.stack([left, right]), speech.sample_rate)).samples
    alone = clean(deepfilternet, Audio(right[None], speech.sample_rate)).samples
    assert np.array_equal(both[1], alone[0])
    assert not np.array_equal(both[0], both[1])
    fractions: list[float] = []
    dual = Audio(np.stack([right, right]), speech.sample_rate)
    output = deepfilternet.run(Call(AudioArgs(audio="clip"), {"audio": (dual,)}, progress=fractions.append))
    assert np.array_equal(output.media[0].media.samples, np.repeat(alone, 2, axis=0))  # type: ignore[union-attr]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0, 1)
    assert len(fractions) > 3


@pytest.mark.parametrize("frames", [1, 100, 480, 48_000])
def test_silence_stays_silence(deepfilternet: DeepFilterNet, frames: int) -> None:
    assert not clean(deepfilternet, Audio(np.zeros((2, frames), np.float32), 48_000)).samples.any()


@pytest.mark.parametrize("frames", [1, 479, 481, 5000])
def test_any_length(deepfilternet: DeepFilterNet, frames: int) -> None:
    clean(deepfilternet, Audio(0.1 * pink(5000, 3)[None, :frames], 44_100))


def test_refuses_nothing_and_stops(deepfilternet: DeepFilterNet, speech: Audio) -> None:
    with pytest.raises(BadInput):
        clean(deepfilternet, Audio(np.zeros((1, 0), np.float32), 48_000))

    def stop(fraction: float) -> None:
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        deepfilternet.run(Call(AudioArgs(audio="clip"), {"audio": (speech,)}, progress=stop))
