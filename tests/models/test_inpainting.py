"""Mending: what is damaged is found and filled, what is named is filled, and all else stays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tones import pink, si_sdr_db, tone

from core.capabilities import InpaintArgs
from core.errors import BadInput, Cancelled, NoModel, OverLimit
from core.media import Audio, Picture, Samples
from core.models.base import Call, Output
from core.models.sound import _yamnet
from core.models.sound._borders import borders
from core.models.sound._gaps import damaged
from core.models.sound._mending import log_spectral_distance
from core.models.sound._timeline import before_after
from core.models.sound._vocoding import vocoded
from core.models.sound.damage import damages_named
from core.models.sound.mender import Mender
from core.settings import Settings

GAP_S = (2.0, 2.1)


@pytest.fixture(scope="module")
def mender(local: Settings) -> Mender:
    model = Mender(local)
    model.load("cpu")
    return model


def mend(model: Mender, clip: Audio, progress: Any = lambda fraction: None, **args: Any) -> Output:
    return model.run(Call(InpaintArgs(audio="clip", **args), {"audio": (clip,)}, progress=progress))


def sound(output: Output) -> Samples:
    media = output.media[0].media
    assert isinstance(media, Audio)
    return media.samples


def chord(seconds: float, rate: int, channels: int = 1) -> Audio:
    """Three steady notes in a little noise."""
    notes = sum(tone(hz, seconds, rate, 0.15).samples[0] for hz in (220.0, 277.2, 329.6))
    frames = len(notes)
    return Audio(np.stack([notes + 0.002 * pink(frames, c) for c in range(channels)]).astype(np.float32), rate)


def without(clip: Audio, start_s: float, end_s: float) -> Audio:
    samples = clip.samples.copy()
    samples[:, round(start_s * clip.sample_rate) : round(end_s * clip.sample_rate)] = 0
    return Audio(samples, clip.sample_rate)


def faded(clip: Audio, start: int, end: int) -> Samples:
    """The gap as a linear fade: the sound before it, mirrored, goes out, that behind it comes in."""
    x, length = clip.samples.copy(), end - start
    padded = np.pad(x, ((0, 0), (length, length)))  # the frame k of the clip is k + length here
    weight = np.linspace(1, 0, length, dtype=np.float32)
    before, after = padded[:, start:end][:, ::-1], padded[:, end + length : end + 2 * length][:, ::-1]
    x[:, start:end] = before * weight + after * weight[::-1]
    return x


def changed_outside(clip: Audio, made: Samples, start_s: float, end_s: float) -> float:
    start, end = round(start_s * clip.sample_rate), round(end_s * clip.sample_rate)
    difference = np.abs(made - clip.samples)
    return float(max(difference[:, :start].max(initial=0), difference[:, end:].max(initial=0)))


# What is found


@pytest.mark.parametrize(("rate", "channels"), [(8_000, 1), (16_000, 2), (44_100, 1), (48_000, 2)])
def test_a_dropout_is_found_to_the_millisecond_and_filled(mender: Mender, rate: int, channels: int) -> None:
    whole = chord(4, rate, channels)
    clip = without(whole, *GAP_S)
    output = mend(mender, clip)
    (gap,) = output.facts["gaps"]
    assert gap["kind"] == "dropout"
    assert (gap["start_s"], gap["end_s"]) == pytest.approx(GAP_S, abs=0.002)
    assert gap["channels"] == list(range(channels))
    made = sound(output)
    assert made.shape == clip.samples.shape and np.isfinite(made).all()
    assert changed_outside(clip, made, 1.998, 2.102) == 0
    part = slice(round(2.0 * rate), round(2.1 * rate))
    assert all(si_sdr_db(a[part], b[part]) > 10 for a, b in zip(whole.samples, made, strict=True))
    assert output.text is not None and "I filled a dropout (2.00–2.10 s)." in output.text


def test_a_dropout_of_one_channel_is_filled_in_it_alone(mender: Mender) -> None:
    clip = chord(4, 16_000, 2)
    clip.samples[1, 32_000:33_600] = 0
    output = mend(mender, clip)
    assert [gap["channels"] for gap in output.facts["gaps"]] == [[1]]
    np.testing.assert_array_equal(sound(output)[0], clip.samples[0])
    assert np.abs(sound(output)[1, 32_000:33_600]).max() > 0.1


def test_clicks_are_found_and_taken_away(mender: Mender, speech: Audio) -> None:
    clip = Audio(speech.samples.copy(), speech.sample_rate)
    at = [round(s * clip.sample_rate) for s in (1.03, 2.05, 3.11)]
    for start in at:
        clip.samples[0, start : start + 8] += np.array([0.5, -0.5, 0.4, -0.4, 0.3, -0.2, 0.1, -0.1], np.float32)
    output = mend(mender, clip)
    found = [gap["start_s"] * clip.sample_rate for gap in output.facts["gaps"] if gap["kind"] == "click"]
    hit = [any(abs(start - there) < 20 for there in found) for start in at]
    assert sum(hit) >= 2 and len(found) <= len(at)
    for start in np.array(at)[hit]:
        part = slice(start, start + 8)
        before = np.abs(clip.samples[0, part] - speech.samples[0, part]).max()
        assert np.abs(sound(output)[0, part] - speech.samples[0, part]).max() < before / 2


@pytest.mark.parametrize("seed", range(8, 12))
def test_clicks_among_pulses_and_plosives_are_found_and_nothing_else_is(speech: Audio, seed: int) -> None:
    clip, rate = Audio(speech.samples.copy(), speech.sample_rate), speech.sample_rate
    rng = np.random.default_rng(seed)
    at = rng.choice(np.arange(20), 12, replace=False) * (rate // 5) + rate // 2
    for start in at:
        width = int(rng.integers(2, rate // 700))
        clip.samples[0, start : start + width] += 6 * speech.samples.std() * np.exp(-3 * np.arange(width) / width)
    found = [gap for gap in damaged(clip) if gap.kind == "click"]
    assert sum(any(gap.start - 20 <= start <= gap.end for gap in found) for start in at) >= 9
    assert all(any(gap.start - 20 <= start <= gap.end for start in at) for gap in found)


def test_a_click_in_silence_is_found_to_its_end() -> None:
    """Its decay follows from itself, so that only its first sample is an error of prediction."""
    samples = np.zeros(24_000, np.float32)
    samples[12_000:12_030] = 0.5 * np.exp(-np.arange(30) / 10)
    (gap,) = damaged(Audio(samples[None], 24_000))
    assert gap.kind == "click" and gap.start <= 12_000 and gap.end >= 12_025


def test_clipped_peaks_are_put_back_and_the_clip_is_turned_down_for_them(mender: Mender) -> None:
    whole = chord(3, 16_000)
    whole.samples[:] *= 3
    clip = Audio(np.clip(whole.samples, -0.7, 0.7), 16_000)
    output = mend(mender, clip)
    made = sound(output)
    assert output.facts["clipped_samples"] > 1000
    assert output.facts["gain_db"] < 0
    assert np.abs(made).max() <= 10 ** (-1 / 20) + 1e-6
    assert si_sdr_db(whole.samples[0], made[0]) > si_sdr_db(whole.samples[0], clip.samples[0]) + 6
    assert output.text is not None and "quieter" in output.text


def test_in_what_is_whole_nothing_is_found(mender: Mender, speech: Audio) -> None:
    rate = 24_000
    noises = [np.random.default_rng(n).standard_normal((2, 10 * rate)).astype(np.float32) * 0.1 for n in range(2)]
    steps = np.zeros((1, 8 * rate), np.float32)  # knocks: attacks, and silence between them
    for n in range(16):
        start = n * rate // 2 + 500
        decay = np.exp(-np.arange(rate // 4) / 600)
        steps[0, start : start + rate // 4] += (0.5 * decay * pink(rate // 4, n)).astype(np.float32)
    whole = [speech, chord(5, rate, 2), *(Audio(noise, rate) for noise in noises), Audio(steps, rate)]
    for clip in whole:
        output = mend(mender, clip)
        assert not output.media
        assert output.facts == {"found": False}
        assert output.text is not None and "I changed nothing" in output.text


# What is named


@pytest.mark.parametrize("args", [{"start_s": 2.0}, {"start_s": 1.9, "end_s": 2.2}, {"start_s": 2.4, "target": "gap"}])
def test_a_dropout_near_a_named_time_is_filled_to_its_own_borders(mender: Mender, args: dict[str, Any]) -> None:
    clip = without(chord(4, 16_000), *GAP_S)
    (gap,) = mend(mender, clip, **args).facts["gaps"]
    assert (gap["start_s"], gap["end_s"]) == pytest.approx(GAP_S, abs=0.002)


def test_a_named_stretch_is_filled_whatever_is_there(mender: Mender) -> None:
    clip = chord(4, 16_000)
    clip.samples[:, 32_000:33_600] = np.random.default_rng(0).standard_normal((1, 1600)) * 0.3
    output = mend(mender, clip, start_s=2.0, end_s=2.1)
    assert [gap["kind"] for gap in output.facts["gaps"]] == ["gap"]
    assert changed_outside(clip, sound(output), 2.0, 2.1) == 0
    assert si_sdr_db(chord(4, 16_000).samples[0, 32_000:33_600], sound(output)[0, 32_000:33_600]) > 10


@pytest.mark.parametrize(("start_s", "end_s"), [(0.0, 0.3), (3.8, 4.0), (3.9, 4.04)])
def test_the_very_start_and_end_are_filled_from_one_side(mender: Mender, start_s: float, end_s: float) -> None:
    whole = chord(4, 16_000)
    clip = without(whole, start_s, min(4.0, end_s))
    made = sound(mend(mender, clip, start_s=start_s, end_s=end_s))
    part = slice(round(start_s * 16_000), round(end_s * 16_000))
    assert np.isfinite(made).all()
    assert np.std(made[0, part]) == pytest.approx(np.std(whole.samples[0, part]), rel=0.4)


def test_a_sound_near_a_time_is_taken_out_and_what_it_leaves_is_filled(mender: Mender, speech: Audio) -> None:
    rate = speech.sample_rate
    clip = Audio(speech.samples.copy(), rate)
    beep = slice(round(2.0 * rate), round(2.6 * rate))
    clip.samples[0, beep] += tone(1000, 0.6, rate, 0.3).samples[0]
    for args in ({"target": "the beep", "start_s": 2.0}, {"target": "beeping"}):
        output = mend(mender, clip, **args)
        (gap,) = output.facts["gaps"]
        assert gap["kind"] == "sound"
        assert (gap["start_s"], gap["end_s"]) == pytest.approx((2.0, 2.6), abs=0.08)
        heard = [tone_power(x[0, beep], rate) for x in (clip.samples, sound(output), speech.samples)]
        assert heard[1] < 0.05 * heard[0]
        assert output.text is not None and "words" in output.text.lower()


def tone_power(x: Samples, rate: int) -> float:
    return float(abs(np.exp(-2j * np.pi * 1000 * np.arange(len(x)) / rate) @ x) ** 2)


def test_a_sound_that_is_not_there_changes_nothing(mender: Mender, speech: Audio) -> None:
    output = mend(mender, speech, target="dog barking")
    assert not output.media and output.facts["found"] is False
    assert output.text is not None and "is not there" in output.text
    output = mend(mender, speech, target="click", start_s=2.0)
    assert not output.media and output.text is not None and "no clicks near 2.00 s" in output.text


def test_a_range_that_is_named_with_an_unknown_sound_is_filled_as_it_is_named(mender: Mender, speech: Audio) -> None:
    output = mend(mender, speech, target="the theory of relativity", start_s=1.0, end_s=2.5)
    (gap,) = output.facts["gaps"]
    assert 1.0 <= gap["start_s"] < gap["end_s"] <= 2.5


@pytest.mark.parametrize(
    ("args", "error", "words"),
    [
        ({"start_s": 0.5, "end_s": 4.0}, OverLimit, "3.5 s to fill"),
        ({"start_s": 0.5, "end_s": 3.4}, OverLimit, "more than half"),
        ({"start_s": 6.0}, BadInput, "ends at 5.00 s"),
        ({"start_s": 5.0, "end_s": 5.04}, BadInput, "nothing of that clip"),
        ({"target": "the theory of relativity"}, BadInput, "don't know what"),
    ],
)
def test_what_cannot_be_filled_is_refused(mender: Mender, args: dict[str, Any], error: Any, words: str) -> None:
    with pytest.raises(error, match=words):
        mend(mender, chord(5, 16_000), **args)


def test_silence_and_nothing_are_refused(mender: Mender) -> None:
    for frames, words in ((8000, "silent"), (0, "empty")):
        with pytest.raises(BadInput, match=words):
            mend(mender, Audio(np.zeros((1, frames), np.float32), 8000))


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("the clicks", "click"),
        ("Knackser", "click"),
        ("щелчки", "click"),
        ("dropouts", "dropout"),
        ("el hueco", "dropout"),
        ("die Aussetzer", "dropout"),
        ("clipping", "clipping"),
        ("cough", None),
        ("popcorn", None),
        ("гудок", None),
    ],
)
def test_damage_is_known_by_its_names(words: str, kind: str | None) -> None:
    assert next(iter(damages_named(words)), None) == kind


# How well, and how it is shown


EVENLY = (0.8, 1.2, 1.6, 2.0, 2.4, 2.8, 3.2, 3.6)
"""Where speech is broken: at even steps, at pauses and bursts alike."""


@pytest.mark.parametrize("gap_ms", [50, 100, 200, 1000])
def test_a_gap_is_nearer_the_truth_than_silence_and_a_linear_fade(mender: Mender, speech: Audio, gap_ms: int) -> None:
    rate = 16_000
    rain = Audio((0.1 * pink(8 * rate, 1))[None], rate)
    distances = []
    clips = [(chord(8, rate), (2.5,)), (rain, (2.5,)), (speech, EVENLY if gap_ms <= 200 else ())]
    for clip, starts in clips:  # what somebody said in a whole second nothing can tell
        for start_s in starts:
            end_s = start_s + gap_ms / 1000
            start, end = (round(s * clip.sample_rate) for s in (start_s, end_s))
            holed = without(clip, start_s, end_s)
            ways = (holed.samples, faded(clip, start, end), sound(mend(mender, holed, start_s=start_s, end_s=end_s)))
            distances.append(
                [log_spectral_distance(clip.samples[0], way[0], clip.sample_rate, start, end) for way in ways]
            )
    silence, fade, ours = np.mean(distances, axis=0)
    assert ours < fade
    assert ours < silence - 2


def test_speech_is_led_on_by_a_vocoder_and_music_is_not(mender: Mender, speech: Audio) -> None:
    distances = []
    for start_s in EVENLY:
        start, end = (round(s * speech.sample_rate) for s in (start_s, start_s + 0.1))
        output = mend(mender, without(speech, start_s, start_s + 0.1), start_s=start_s, end_s=start_s + 0.1)
        assert {gap["method"] for gap in output.facts["gaps"]} == {"vocoder"}
        distances.append(
            [
                log_spectral_distance(speech.samples[0], x[0], speech.sample_rate, start, end)
                for x in (faded(speech, start, end), sound(output))
            ]
        )
    fade, ours = np.mean(distances, axis=0)
    assert ours < fade - 0.4
    assert output.text is not None and "the voice led on from both sides" in output.text
    output = mend(mender, without(chord(4, 16_000), *GAP_S), start_s=2.0, end_s=2.1)
    assert {gap["method"] for gap in output.facts["gaps"]} == {"continuation"}


def test_music_that_repeats_itself_is_filled_from_where_it_is_the_same(mender: Mender) -> None:
    rate = 16_000
    bar = np.concatenate([chord(0.5, rate).samples[0] * 2.0**-n * np.hanning(rate // 2) for n in range(4)])
    whole = Audio(np.tile(bar, 6)[None].astype(np.float32), rate)
    holed = without(whole, 4.1, 4.9)
    output = mend(mender, holed, start_s=4.1, end_s=4.9)
    assert {gap["method"] for gap in output.facts["gaps"]} == {"patch"}
    part = slice(round(4.1 * rate), round(4.9 * rate))
    left = whole.samples[0, part] - sound(output)[0, part]
    assert np.std(left) < 0.3 * np.std(whole.samples[0, part])
    assert changed_outside(holed, sound(output), 4.069, 4.931) == 0


def test_the_same_seed_makes_the_same_sound_and_it_stops_when_it_is_told_to(mender: Mender) -> None:
    clip = without(chord(4, 16_000), *GAP_S)
    fractions: list[float] = []
    first, second = (mend(mender, clip, fractions.append) for _ in range(2))
    np.testing.assert_array_equal(sound(first), sound(second))
    assert fractions[: len(fractions) // 2] == sorted(fractions[: len(fractions) // 2])

    def stop(fraction: float) -> None:
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        mend(mender, clip, stop)


def test_the_picture_shows_before_and_after_with_the_gap_below(mender: Mender) -> None:
    output = mend(mender, without(chord(70, 16_000), 65.0, 65.5))
    picture = output.media[1].media
    assert isinstance(picture, Picture)
    height, width = picture.pixels.shape[:2]
    assert (width, height) == (1080, 860)
    bright = picture.pixels.astype(int).sum(axis=2)
    x = 280 + round(770 * (1.5 + 0.25) / 3.5)  # the middle of the gap
    assert bright[200, x] < 60 < 150 < bright[340 : 24 + 330, x].max() + bright[650:700, x].max()
    bar = picture.pixels[860 - 20 - 66 + 20, x].astype(int)
    assert abs(bar - [0x5E, 0xC6, 0xFF]).max() < 12


def test_the_picture_is_one_where_nothing_is_but_noise() -> None:
    mel = np.full((1, 64), -6.9, np.float32)
    assert before_after(mel, mel, [], 0, 0.01).pixels.shape == (860, 1080, 3)


# The parts


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100])
def test_a_voice_glides_through_a_gap_in_phase_with_both_sides(rate: int) -> None:
    hz = np.linspace(120, 150, 2 * rate)
    phase = np.cumsum(hz) / rate
    harmonics = np.arange(1, int(0.45 * rate / 150))
    voice = sum(np.cos(2 * np.pi * k * phase) / (1 + (k / 6) ** 2) for k in harmonics) * 0.1
    start, length = rate - rate // 20, rate // 10
    noise = np.random.default_rng(0).standard_normal((2, length))
    made = vocoded(voice[:start], voice[start + length :], length, rate, noise)
    assert made is not None
    truth = voice[start : start + length]
    edge = rate // 100
    for part in (slice(0, edge), slice(length - edge, length)):
        assert np.corrcoef(made[part], truth[part])[0, 1] > 0.9
    assert np.std(made) == pytest.approx(np.std(truth), rel=0.5)
    lags = np.arange(rate // 200, rate // 90)
    alike = [float(made[lag:] @ made[:-lag]) / (length - lag) for lag in lags]
    assert rate / lags[int(np.argmax(alike))] == pytest.approx(135, rel=0.05)


def test_a_voice_is_not_told_from_too_little_of_it() -> None:
    assert vocoded(np.ones(100), np.ones(8000), 800, 8000, np.zeros((2, 800))) is None


def test_borders_are_where_a_sound_has_what_the_others_have_not() -> None:
    rng = np.random.default_rng(0)
    mel = rng.normal(-3, 0.3, (500, 64)).astype(np.float32)
    mel[200:262, 30:33] = 1.5
    assert borders(mel, 2.1, 2.4) == pytest.approx((2.0, 2.62), abs=0.02)
    assert borders(rng.normal(-3, 0.1, (500, 64)).astype(np.float32), 2.1, 2.4) == (2.1, 2.4)
    assert borders(mel[:100], 0.2, 0.9) == (0.2, 0.9)


def test_a_long_clip_is_all_searched() -> None:
    rate = 8_000
    clip = Audio((0.1 * pink(60 * rate, 4))[None], rate)
    for at in (1.0, 33.0, 59.0):
        clip.samples[0, round(at * rate) : round(at * rate) + 160] = 0
    assert [round(gap.start / rate) for gap in damaged(clip)] == [1, 33, 59]


def test_what_is_missing_is_named(local: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_yamnet, "_PACKAGE", "no_such_package")
    assert "no_such_package" in (Mender.missing(local) or "")
    with pytest.raises(NoModel, match="not installed"):
        Mender(local).load("cpu")
