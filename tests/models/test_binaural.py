"""A source around the head: the cues that place it, no click while it moves, and the picture of its way."""

from __future__ import annotations

import bz2
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.signal import butter, sosfiltfilt
from tones import tone

from core.capabilities import BinauralArgs
from core.errors import BadInput, Cancelled, NoModel
from core.media import Audio, Picture
from core.models.base import Call, Output
from core.models.sound import _hrir
from core.models.sound.binaural import Binaural
from core.models.sound.editor import CEILING_DBFS, peak_dbfs
from core.settings import Settings

RATE = 44_100


@pytest.fixture(scope="module")
def binaural(local: Settings) -> Binaural:
    model = Binaural(local)
    model.load("cpu")
    return model


def noise(seconds: float, rate: int = RATE, level: float = 0.1) -> Audio:
    samples = level * np.random.default_rng(1).standard_normal(round(seconds * rate))
    return Audio(samples.astype(np.float32)[None], rate)


def place(model: Binaural, clip: Audio, **args: Any) -> tuple[np.ndarray, Output]:
    output = model.run(Call(BinauralArgs(audio="clip", **args), {"audio": (clip,)}))
    sound = output.media[0].media
    assert isinstance(sound, Audio)
    assert sound.sample_rate == clip.sample_rate
    assert sound.samples.shape == (2, clip.samples.shape[1])
    assert sound.samples.dtype == np.float32
    return sound.samples, output


def itd_us(ears: np.ndarray, rate: int) -> float:
    """By how much the left ear hears first, below 1.5 kHz, by cross-correlation."""
    left, right = sosfiltfilt(butter(4, 1500, fs=rate, output="sos"), ears)
    size = 2 * len(left)
    cross = np.fft.irfft(np.conj(np.fft.rfft(left, size)) * np.fft.rfft(right, size), 16 * size)
    most = round(0.0012 * 16 * rate)
    near = np.concatenate([cross[-most:], cross[: most + 1]])
    return (int(np.argmax(near)) - most) / (16 * rate) * 1e6


def ild_db(ears: np.ndarray) -> float:
    left, right = np.mean(np.square(ears, dtype=np.float64), axis=1)
    return float(10 * np.log10(left / right))


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_noise_from_60_degrees_reaches_the_ears_as_it_was_measured(binaural: Binaural, rate: int) -> None:
    left, _ = place(binaural, noise(2, rate), azimuth_deg=60)
    assert itd_us(left, rate) == pytest.approx(595, abs=30)
    assert ild_db(left) == pytest.approx(14, abs=1)
    right, _ = place(binaural, noise(2, rate), azimuth_deg=-60)
    np.testing.assert_allclose(right[::-1], left, atol=1e-5)


def test_ahead_and_behind_are_in_the_middle_and_between_two_measurements_is_between(binaural: Binaural) -> None:
    for azimuth in (0, 180, -180):
        ears, _ = place(binaural, noise(1), azimuth_deg=azimuth)
        np.testing.assert_allclose(ears[0], ears[1], atol=1e-5)
    times = [itd_us(place(binaural, noise(1), azimuth_deg=a)[0], RATE) for a in (30, 31, 32.5, 34, 35)]
    assert times == sorted(times)
    assert times[0] < times[2] - 8 < times[4] - 16


def test_it_stays_in_time_and_as_loud(binaural: Binaural) -> None:
    clip = Audio(np.zeros((1, RATE), np.float32), RATE)
    clip.samples[0, 1000] = 0.1
    ears, _ = place(binaural, clip, azimuth_deg=0)
    assert abs(int(np.argmax(np.abs(ears[0]))) - 1000) <= RATE // 2000
    assert not np.abs(ears[:, :950]).max() > 1e-4
    source = noise(8)
    turning, _ = place(binaural, source, motion="circle")
    change = 10 * np.log10(np.mean(turning**2, dtype=np.float64) / np.mean(source.samples**2, dtype=np.float64))
    assert abs(change) < 3


def test_full_scale_is_turned_down_and_never_clips(binaural: Binaural) -> None:
    ears, output = place(binaural, tone(3000, 1, RATE, 1.0), azimuth_deg=80)
    assert peak_dbfs(ears) <= CEILING_DBFS + 0.01
    assert output.facts["limited"]
    assert output.facts["gain_db"] < -1


@pytest.mark.parametrize("motion", ["circle", "left_to_right", "right_to_left"])
def test_no_click_while_it_moves(binaural: Binaural, motion: str) -> None:
    """A click is broad: it would stand out far above the tone, where a filter that jumps puts it."""

    def above_3_khz_db(ears: np.ndarray) -> float:
        high = sosfiltfilt(butter(8, 3000, "highpass", fs=RATE, output="sos"), ears)
        return float(20 * np.log10(np.abs(high[:, RATE // 4 : -RATE // 4]).max() / np.abs(ears).max()))

    assert above_3_khz_db(place(binaural, tone(500, 4, RATE, 0.4), motion=motion)[0]) < -70
    parts = [place(binaural, tone(500, 1, RATE, 0.4), azimuth_deg=azimuth)[0] for azimuth in (60, 65)]
    assert above_3_khz_db(np.concatenate(parts, axis=1)) > -55  # a jump of but 5 degrees


def test_it_goes_where_it_is_sent(binaural: Binaural) -> None:
    def sides(**args: Any) -> list[float]:
        ears, _ = place(binaural, noise(8), **args)
        return [ild_db(ears[:, round(s * RATE) : round((s + 0.3) * RATE)]) for s in (0.0, 1.85, 5.85, 7.7)]

    start, left, right, end = sides(motion="circle")
    assert left > 9 and right < -9
    assert abs(start) < 6 and abs(end) < 6
    start, left, right, end = sides(motion="circle", azimuth_deg=180)
    assert left < -9 and right > 9
    start, left, right, end = sides(motion="left_to_right")
    assert start > 9 and end < -9
    assert start > 0 and left > 3 and right < -3
    assert sides(motion="right_to_left")[0] < -9


def test_long_circles_are_whole_turns_of_about_eight_seconds(binaural: Binaural) -> None:
    assert place(binaural, noise(3), motion="circle")[1].facts["turns"] == 1
    fractions: list[float] = []
    clip = noise(33, 8000)
    call = Call(BinauralArgs(audio="clip", motion="circle"), {"audio": (clip,)}, progress=fractions.append)
    assert binaural.run(call).facts["turns"] == 4
    assert fractions == sorted(fractions)
    assert len(fractions) > 10
    assert fractions[-1] == 1

    def stop(fraction: float) -> None:
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        binaural.run(Call(BinauralArgs(audio="clip"), {"audio": (clip,)}, progress=stop))


@pytest.mark.parametrize("frames", [1, 441, 5000])
@pytest.mark.parametrize("rate", [8000, 11_025, 192_000])
def test_any_length_and_rate(binaural: Binaural, frames: int, rate: int) -> None:
    clip = Audio(0.1 * np.ones((3, frames), np.float32), rate)
    assert np.isfinite(place(binaural, clip, motion="left_to_right")[0]).all()


def test_the_picture_shows_the_way_on_a_ground_of_its_own(binaural: Binaural) -> None:
    def drawn(**args: Any) -> np.ndarray:
        picture = place(binaural, noise(1), **args)[1].media[1].media
        assert isinstance(picture, Picture)
        assert picture.pixels.shape == (800, 800, 3)
        return picture.pixels.astype(int)

    still = drawn(azimuth_deg=90)
    orange = np.argwhere((still[..., 0] > 200) & (still[..., 2] < 110))
    row, column = orange.mean(axis=0)
    assert column < 200 and 300 < row < 400  # at the left of the head
    assert still[0, 0].sum() < 150 and still.max() > 220
    assert not np.array_equal(drawn(motion="circle"), drawn(motion="left_to_right"))


def test_refuses_silence_and_nothing(binaural: Binaural) -> None:
    for frames in (0, 1000):
        with pytest.raises(BadInput, match="nothing to place"):
            place(binaural, Audio(np.zeros((1, frames), np.float32), RATE))


def test_only_the_known_measurements_are_opened(
    binaural: Binaural, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Harmful:
        def __reduce__(self) -> Any:
            return (Path.touch, (tmp_path / "ran",))

    data = tmp_path / "data.bz2"
    data.write_bytes(bz2.compress(pickle.dumps(Harmful())))
    monkeypatch.setattr(_hrir, "data_file", lambda: data)
    with pytest.raises(NoModel, match="damaged"):
        _hrir.measured()
    monkeypatch.setattr(_hrir, "SHA256", _hrir.hashlib.sha256(data.read_bytes()).hexdigest())
    with pytest.raises(pickle.UnpicklingError):
        _hrir.measured()
    assert not (tmp_path / "ran").exists()
    monkeypatch.setattr("core.models.sound.binaural.data_file", lambda: None)
    assert "slab" in (Binaural.missing(binaural.settings) or "")
