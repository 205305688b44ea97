from __future__ import annotations

import numpy as np
import pytest
import soxr
from tones import pink, si_sdr_db

from core.capabilities import AudioArgs
from core.errors import BadInput, Cancelled, NoModel
from core.media import Audio
from core.models.base import Call, Output
from core.models.speech import convtasnet
from core.models.speech.convtasnet import ConvTasNet
from core.settings import Settings


@pytest.fixture(scope="session")
def network(local: Settings) -> ConvTasNet:
    model = ConvTasNet(local)
    model.load("cpu")
    return model


def clean(model: ConvTasNet, clip: Audio) -> Audio:
    media = model.run(Call(AudioArgs(audio="clip"), {"audio": (clip,)})).media[0].media
    assert isinstance(media, Audio)
    assert (media.sample_rate, media.samples.shape) == (clip.sample_rate, clip.samples.shape)
    return media


@pytest.fixture(scope="session")
def narrow(speech: Audio) -> np.ndarray:
    """About 6 s at 16 kHz: two chunks."""
    return soxr.resample(speech.samples[0], speech.sample_rate, 16_000)


def test_removes_noise_across_the_chunks(network: ConvTasNet, narrow: np.ndarray) -> None:
    noise = pink(len(narrow), 2) * narrow.std() * 10 ** (-5 / 20)
    out = clean(network, Audio((narrow + noise)[None].astype(np.float32), 16_000)).samples[0]
    assert si_sdr_db(narrow, out) - si_sdr_db(narrow, narrow + noise) >= 1.5


@pytest.mark.parametrize("level", [1.0, 0.01])
def test_clean_speech_keeps_its_level_sign_and_place(network: ConvTasNet, narrow: np.ndarray, level: float) -> None:
    out = clean(network, Audio((level * narrow)[None].astype(np.float32), 16_000)).samples[0]
    assert si_sdr_db(narrow, out) >= 25
    assert (out @ narrow) / (narrow @ narrow) == pytest.approx(level, rel=0.03)


def test_no_click_where_chunks_meet(network: ConvTasNet, narrow: np.ndarray) -> None:
    out = clean(network, Audio(narrow[None].astype(np.float32), 16_000)).samples[0]
    seam = slice(round(3.45 * 16_000), round(4.05 * 16_000))
    assert np.abs(np.diff(out - narrow))[seam].max() < 0.05


def test_any_rate_and_stereo(network: ConvTasNet, speech: Audio) -> None:
    second = speech.samples[:, :40_000]
    both = Audio(np.concatenate([second, 0.5 * second]), speech.sample_rate)
    out = clean(network, both).samples
    assert np.allclose(out[1], 0.5 * out[0], atol=1e-3)


@pytest.mark.parametrize("frames", [1, 100, 16_000])
def test_silence_stays_silence_at_any_length(network: ConvTasNet, frames: int) -> None:
    assert not clean(network, Audio(np.zeros((1, frames), np.float32), 16_000)).samples.any()
    clean(network, Audio(0.1 * pink(16_000, 3)[None, :frames], 16_000))


def test_several_at_once_are_what_each_would_be(network: ConvTasNet, narrow: np.ndarray) -> None:
    def stop(fraction: float) -> None:
        raise Cancelled("Stopped.")

    short = Audio(narrow[None, :32_000].astype(np.float32), 16_000)
    args, clip = AudioArgs(audio="clip"), {"audio": (short,)}
    empty = {"audio": (Audio(np.zeros((1, 0), np.float32), 16_000),)}
    first, second, third, fourth = network.run_batch(
        [Call(args, clip), Call(args, empty), Call(args, clip), Call(args, clip, progress=stop)]
    )
    assert isinstance(second, BadInput)
    assert isinstance(fourth, Cancelled)
    assert isinstance(first, Output) and isinstance(third, Output)
    alone = clean(network, short).samples
    assert np.array_equal(first.media[0].media.samples, alone)  # type: ignore[union-attr]
    assert np.array_equal(third.media[0].media.samples, alone)  # type: ignore[union-attr]


def test_says_what_is_missing_or_damaged(local: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ConvTasNet.missing(local) is None
    monkeypatch.setattr(convtasnet, "_SHA256", "0" * 64)
    with pytest.raises(NoModel, match="damaged"):
        ConvTasNet(local).load("cpu")
    monkeypatch.setattr(convtasnet, "find_spec", lambda name: None)
    with pytest.raises(NoModel, match="make setup"):
        ConvTasNet(local).load("cpu")
