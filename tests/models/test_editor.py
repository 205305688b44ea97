from __future__ import annotations

import numpy as np
import pyloudnorm
import pytest
from editing import NOISE, RATE, edit, run
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import welch
from tones import frequency, pink, tone

from core.errors import Ambiguous, BadInput, MissingInput, OverLimit
from core.media import Audio
from core.models.sound.editor import Editor, loudness_lufs, peak_dbfs


def test_trim_is_exact_to_the_sample(editor: Editor) -> None:
    out = edit(editor, "trim", NOISE, start_s=0.5, end_s=1.25)
    assert np.array_equal(out.samples, NOISE.samples[:, 24_000:60_000])
    assert np.array_equal(edit(editor, "trim", NOISE, start_s=1.5).samples, NOISE.samples[:, 72_000:])
    assert np.array_equal(edit(editor, "trim", NOISE, end_s=0.25).samples, NOISE.samples[:, :12_000])
    assert np.array_equal(edit(editor, "trim", NOISE, end_s=2.02).samples, NOISE.samples)


@pytest.mark.parametrize("times", [{"start_s": 2.0}, {"end_s": 9.0}, {"start_s": 1.0, "end_s": 3.0}])
def test_trim_beyond_the_end_says_how_long_the_clip_is(editor: Editor, times: dict[str, float]) -> None:
    with pytest.raises(BadInput, match="only 2 s long"):
        edit(editor, "trim", NOISE, **times)


def test_join_is_exact_and_takes_the_finest_form(editor: Editor) -> None:
    twice = edit(editor, "join", NOISE, NOISE)
    assert np.array_equal(twice.samples, np.concatenate([NOISE.samples] * 2, axis=1))
    mono = tone(440, 1, 16_000)
    out = edit(editor, "join", mono, NOISE)
    assert (out.sample_rate, out.samples.shape) == (RATE, (2, 3 * RATE))
    assert np.array_equal(out.samples[:, RATE:], NOISE.samples)
    assert np.array_equal(out.samples[0, :RATE], out.samples[1, :RATE])
    assert frequency(out.samples[0, :RATE], RATE) == pytest.approx(440, abs=0.5)


def test_mix_sums_from_the_start_and_never_clips(editor: Editor) -> None:
    a, b = tone(440, 1, level=0.2), tone(880, 2, level=0.2)
    out = edit(editor, "mix", a, b)
    assert np.allclose(out.samples[:, :RATE], a.samples + b.samples[:, :RATE])
    assert np.array_equal(out.samples[:, RATE:], b.samples[:, RATE:])
    output = run(editor, "mix", *[tone(440, 1, level=0.9)] * 4)
    assert output.facts["limited"] is True
    assert output.facts["gain_db"] == pytest.approx(-12.1, abs=0.1)
    assert peak_dbfs(output.media[0].media.samples) == pytest.approx(-1, abs=0.05)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("level", "asked", "applied", "limited"),
    [(0.1, 6, 6, False), (0.5, -20, -20, False), (0.5, 20, 5.02, True), (1.0, 6, 0, True), (1.0, -0.5, -0.5, False)],
)
def test_gain_stops_below_clipping(editor: Editor, level: float, asked: float, applied: float, limited: bool) -> None:
    output = run(editor, "gain", tone(440, 1, level=level), gain_db=asked)
    assert output.facts["gain_db"] == pytest.approx(applied, abs=0.02)
    assert output.facts["limited"] is limited
    peak = np.abs(output.media[0].media.samples).max()  # type: ignore[union-attr]
    assert 20 * np.log10(peak / level) == pytest.approx(applied, abs=0.02)


@pytest.mark.parametrize("target", [-30.0, -23.0, -16.0])
def test_normalise_reaches_the_loudness(editor: Editor, target: float) -> None:
    out = edit(editor, "normalise", NOISE, loudness_lufs=target)
    assert pyloudnorm.Meter(RATE).integrated_loudness(out.samples.T) == pytest.approx(target, abs=0.1)


def test_normalise_stops_at_the_ceiling_and_refuses_silence(editor: Editor) -> None:
    peaky = NOISE.samples * 0.01
    peaky[:, RATE] = 0.9
    output = run(editor, "normalise", Audio(peaky, RATE), loudness_lufs=-10)
    assert output.facts["limited"] is True
    assert output.facts["loudness"] < -10
    assert peak_dbfs(output.media[0].media.samples) == pytest.approx(-1, abs=0.05)  # type: ignore[union-attr]
    with pytest.raises(BadInput, match="silent"):
        edit(editor, "normalise", Audio(np.zeros((1, RATE), np.float32), RATE))
    with pytest.raises(BadInput, match="too short"):
        edit(editor, "normalise", tone(440, 0.2))


def cents(measured: float, wanted: float) -> float:
    return abs(1200 * float(np.log2(measured / wanted)))


@pytest.mark.parametrize("rate", [16_000, 24_000, 44_100, 48_000])
@pytest.mark.parametrize("semitones", [-12, -3.5, 2, 7])
def test_pitch_moves_and_the_duration_stays(editor: Editor, rate: int, semitones: float) -> None:
    clip = tone(440, 3, rate)
    out = edit(editor, "pitch", clip, semitones=semitones)
    assert out.samples.shape == clip.samples.shape
    assert cents(frequency(out.samples[0], rate), 440 * 2 ** (semitones / 12)) < 1
    assert out.samples[0, rate:-rate].std() == pytest.approx(0.3535, rel=0.02)


def test_the_pitch_of_a_voice_moves(editor: Editor, speech: Audio) -> None:
    out = edit(editor, "pitch", speech, semitones=2)
    assert out.samples.shape == speech.samples.shape
    before, after = (_voice_hz(clip) for clip in (speech, out))
    assert 1200 * np.log2(after / before) == pytest.approx(200, abs=25)


def _voice_hz(clip: Audio) -> float:
    """Median of the autocorrelation's peak over loud frames, 80 to 400 Hz."""
    rate, found = clip.sample_rate, []
    for frame in np.lib.stride_tricks.sliding_window_view(clip.samples[0], 1024)[::512]:
        if frame.std() > 0.04:
            spectrum = np.abs(np.fft.rfft(frame * np.hanning(1024), 4096)) ** 2
            correlation = np.fft.irfft(spectrum)[: rate // 80]
            lag = rate // 400 + int(np.argmax(correlation[rate // 400 :]))
            if 0 < lag < len(correlation) - 1:  # the parabola through the peak gives fractions of a sample
                left, top, right = correlation[lag - 1 : lag + 2]
                found.append(rate / (lag + (left - right) / (2 * (left - 2 * top + right))))
    assert len(found) > 20
    return float(np.median(found))


@pytest.mark.parametrize("rate", [24_000, 44_100])
@pytest.mark.parametrize("factor", [0.25, 0.5, 1.1, 2, 4])
def test_speed_keeps_the_pitch(editor: Editor, rate: int, factor: float) -> None:
    clip = tone(440, 3, rate)
    out = edit(editor, "speed", clip, factor=factor)
    assert out.samples.shape[1] == round(3 * rate / factor)
    assert cents(frequency(out.samples[0], rate), 440) < 1
    quarter = out.samples.shape[1] // 4
    assert out.samples[0, quarter:-quarter].std() == pytest.approx(0.3535, rel=0.02)


def test_speed_keeps_attacks_in_place_and_the_stereo_image(editor: Editor) -> None:
    clicks = np.zeros((2, 2 * RATE), np.float32)
    clicks[0, RATE] = 0.8
    clicks[1, RATE] = 0.4
    out = edit(editor, "speed", Audio(clicks, RATE), factor=0.5).samples
    assert np.abs(out[0]).argmax() == pytest.approx(2 * RATE, abs=0.005 * RATE)
    assert np.allclose(out[0], 2 * out[1], atol=1e-5)


@pytest.mark.parametrize(("operation", "args"), [("speed", {"factor": 1.0}), ("pitch", {"semitones": 0.0})])
def test_no_change_changes_nothing(editor: Editor, operation: str, args: dict[str, float]) -> None:
    assert np.array_equal(edit(editor, operation, NOISE, **args).samples, NOISE.samples)


def test_reverse_twice_is_the_clip(editor: Editor) -> None:
    back = edit(editor, "reverse", NOISE)
    assert np.array_equal(back.samples, NOISE.samples[:, ::-1])
    assert np.array_equal(edit(editor, "reverse", back).samples, NOISE.samples)


def test_fades_have_equal_power(editor: Editor) -> None:
    flat = Audio(np.ones((1, 4 * RATE), np.float32), RATE)
    out = edit(editor, "fade", flat, fade_in_s=1, fade_out_s=2).samples[0]
    assert out[0] == 0
    assert out[RATE // 2] == pytest.approx(np.sqrt(0.5), abs=1e-3)
    assert (out[RATE : 2 * RATE] == 1).all()
    assert out[3 * RATE] == pytest.approx(np.sqrt(0.5), abs=1e-3)
    assert out[-1] == pytest.approx(0, abs=1e-6)
    with pytest.raises(BadInput, match="only 4 s long"):
        edit(editor, "fade", flat, fade_out_s=5)


@pytest.mark.parametrize("operation", ["trim", "gain", "speed", "pitch", "fade", "equalise", "pan"])
def test_asks_for_what_is_missing(editor: Editor, operation: str) -> None:
    with pytest.raises(MissingInput):
        edit(editor, operation, NOISE)


@pytest.mark.parametrize("operation", ["join", "mix"])
def test_asks_for_the_second_clip(editor: Editor, operation: str) -> None:
    with pytest.raises(MissingInput, match="at least two"):
        edit(editor, operation, NOISE)


@pytest.mark.parametrize("operation", ["trim", "loop", "gain", "speed", "reverse", "reverb", "equalise", "pan"])
def test_asks_which_clip_is_meant(editor: Editor, operation: str) -> None:
    with pytest.raises(Ambiguous, match="Which one"):
        edit(editor, operation, NOISE, NOISE)


@pytest.mark.parametrize("operation", ["reverse", "speed", "pitch", "normalise"])
def test_refuses_an_empty_clip(editor: Editor, operation: str) -> None:
    with pytest.raises(BadInput, match="empty"):
        edit(editor, operation, Audio(np.zeros((1, 0), np.float32), RATE), factor=2, semitones=2)


@pytest.mark.parametrize("frames", [1, 7, 1000])
@pytest.mark.parametrize(("operation", "args"), [("speed", {"factor": 4}), ("pitch", {"semitones": -24})])
def test_the_shortest_clips(editor: Editor, frames: int, operation: str, args: dict[str, float]) -> None:
    clip = Audio(NOISE.samples[:, :frames], RATE)
    out = edit(editor, operation, clip, **args)
    assert out.samples.shape[1] == (frames if operation == "pitch" else max(1, round(frames / 4)))


@pytest.mark.parametrize(("shape", "half"), [("linear", 0.5), ("exponential", 10 ** (-30 / 20))])
def test_fades_of_other_shapes(editor: Editor, shape: str, half: float) -> None:
    flat = Audio(np.ones((2, 4 * RATE), np.float32), RATE)
    out = edit(editor, "fade", flat, fade_in_s=1, fade_out_s=2, shape=shape).samples[1]
    assert out[0] == 0
    assert out[RATE // 2] == pytest.approx(half, rel=1e-3)
    assert (out[RATE : 2 * RATE] == 1).all()
    assert out[3 * RATE] == pytest.approx(half, rel=1e-3)
    assert out[-1] == 0


def test_a_crossfade_joins_with_even_power(editor: Editor) -> None:
    other = Audio(NOISE.samples[::-1, ::-1], RATE)
    output = run(editor, "join", NOISE, other, crossfade_s=1.0)
    assert output.facts["crossfade_s"] == 1.0
    out = output.media[0].media.samples  # type: ignore[union-attr]
    assert out.shape == (2, 3 * RATE)
    assert np.array_equal(out[:, :RATE], NOISE.samples[:, :RATE])
    assert np.array_equal(out[:, 2 * RATE :], other.samples[:, RATE:])
    assert out[:, RATE : 2 * RATE].std() == pytest.approx(NOISE.samples.std(), rel=0.1)
    steady = edit(editor, "join", tone(400, 2), tone(400, 2), crossfade_s=0.5).samples[0]
    assert steady[RATE:-RATE].max() == pytest.approx(0.5, abs=0.01)


def test_a_clip_whose_end_fits_its_start_is_looped_as_it_is(editor: Editor) -> None:
    clip = tone(400, 1)
    assert np.array_equal(edit(editor, "loop", clip, times=3).samples, np.tile(clip.samples, 3))
    assert np.array_equal(edit(editor, "loop", clip).samples, np.tile(clip.samples, 2))


def test_a_loop_has_no_click_at_its_seams(editor: Editor) -> None:
    clip = tone(440.3, 1.01)
    out = edit(editor, "loop", clip, times=4).samples[0]
    assert np.abs(np.diff(out, 2)).max() <= 1.2 * np.abs(np.diff(clip.samples[0], 2)).max()
    assert len(out) == 4 * clip.samples.shape[1] - 3 * round(0.05 * RATE)


@settings(max_examples=60, deadline=None)
@given(frames=st.integers(1, 3000), seconds=st.floats(0.001, 1.0), fade=st.none() | st.floats(0, 0.2))
def test_a_loop_is_exactly_as_long_as_asked(frames: int, seconds: float, fade: float | None) -> None:
    clip = Audio(NOISE.samples[:, :frames], 8000)
    out = edit(Editor.__new__(Editor), "loop", clip, seconds=seconds, crossfade_s=fade)
    assert out.samples.shape == (2, round(seconds * 8000))
    assert np.abs(out.samples).max() <= max(1.0, np.abs(clip.samples).max())


def test_a_loop_has_a_longest_length(editor: Editor) -> None:
    with pytest.raises(OverLimit, match="60 minutes"):
        edit(editor, "loop", Audio(np.ones((1, 80_000), np.float32), 8000), times=1000)


@pytest.mark.parametrize(("space", "decay_s"), [("room", 0.5), ("hall", 1.9), ("cathedral", 5.0), ("plate", 1.4)])
def test_a_room_dies_away_in_its_time(editor: Editor, space: str, decay_s: float) -> None:
    click = np.zeros((2, 100), np.float32)
    click[:, 0] = 0.9
    tail = edit(editor, "reverb", Audio(click, RATE), space=space, amount=1.0).samples
    left = np.cumsum(np.square(tail[0, ::-1], dtype=np.float64))[::-1]  # Schroeder's backward integral
    level = 10 * np.log10(left / left[0] + 1e-12)
    begin, end = (int(np.argmax(level < db)) for db in (-5, -25))
    assert 3 * (end - begin) / RATE == pytest.approx(decay_s, rel=0.35)
    assert abs(np.corrcoef(tail)[0, 1]) < 0.2


def test_reverb_keeps_the_level_and_its_amount_counts(editor: Editor) -> None:
    assert np.array_equal(edit(editor, "reverb", NOISE, amount=0.0).samples, NOISE.samples)
    for amount in (0.15, 0.6, 1.0):
        out = edit(editor, "reverb", NOISE, space="room", amount=amount).samples
        assert out[:, RATE : 2 * RATE].std() == pytest.approx(NOISE.samples.std(), rel=0.3)
    quiet, much = (edit(editor, "reverb", NOISE, amount=a).samples[:, 2 * RATE :].std() for a in (0.1, 0.7))
    assert much > 3 * quiet > 0


def test_reverb_is_the_same_whether_in_blocks_or_not(editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = edit(editor, "reverb", NOISE, space="plate").samples
    monkeypatch.setattr("core.models.sound._effects._BLOCK", 7001)
    assert np.allclose(edit(editor, "reverb", NOISE, space="plate").samples, whole, atol=1e-5)
    whole = edit(editor, "equalise", NOISE, bass_db=6).samples
    monkeypatch.setattr("core.models.sound._effects._BLOCK", 1000)
    assert np.allclose(edit(editor, "equalise", NOISE, bass_db=6).samples, whole, atol=1e-5)


def test_an_echo_comes_when_it_should(editor: Editor) -> None:
    click = np.zeros((1, 10), np.float32)
    click[0, 0] = 0.5
    out = edit(editor, "echo", Audio(click, RATE), delay_s=0.25, amount=0.5).samples[0]
    assert np.allclose(out[[0, 12_000, 24_000, 36_000]], [0.5, 0.25, 0.125, 0.0625])
    assert np.count_nonzero(out[:36_001]) == 4


def gains_db(before: Audio, after: Audio, *bands: tuple[float, float]) -> list[float]:
    """The change of the level between two frequencies each."""
    hz, old = welch(before.samples[0], before.sample_rate, nperseg=8192)
    new = welch(after.samples[0], after.sample_rate, nperseg=8192)[1]
    inside = [(hz >= low) & (hz <= high) for low, high in bands]
    return [float(10 * np.log10(new[i].sum() / old[i].sum())) for i in inside]


BASS, MIDS, TREBLE = (30.0, 60.0), (800.0, 1250.0), (10_000.0, 20_000.0)


@pytest.mark.parametrize("gain_db", [-12.0, -6.0, 6.0])
@pytest.mark.parametrize("band", [0, 1, 2])
def test_the_equaliser_changes_the_band_that_is_meant(editor: Editor, band: int, gain_db: float) -> None:
    out = edit(editor, "equalise", NOISE, **{("bass_db", "mid_db", "treble_db")[band]: gain_db})
    change = gains_db(NOISE, out, BASS, MIDS, TREBLE)
    assert change.pop(band) == pytest.approx(gain_db, abs=0.6)
    assert np.allclose(change, 0, atol=0.6)


def test_low_and_high_cut(editor: Editor) -> None:
    low = gains_db(NOISE, edit(editor, "equalise", NOISE, low_cut_hz=400), BASS, MIDS)
    high = gains_db(NOISE, edit(editor, "equalise", NOISE, high_cut_hz=4000), MIDS, TREBLE)
    assert low[0] < -40 < -1 < low[1]
    assert high[1] < -30 < -1 < high[0]
    with pytest.raises(BadInput, match="nothing would be left"):
        edit(editor, "equalise", NOISE, low_cut_hz=500, high_cut_hz=300)


def test_a_telephone_has_the_band_of_one(editor: Editor) -> None:
    out = edit(editor, "equalise", NOISE, preset="telephone")
    below, inside, above = gains_db(NOISE, out, (40, 100), (600, 2500), (8000, 20_000))
    assert below < -30 and above < -30 and inside > -1
    slow = tone(300, 1, 4000)
    assert np.array_equal(edit(editor, "equalise", slow, treble_db=6).samples, slow.samples)


def test_compression_brings_quiet_and_loud_together(editor: Editor) -> None:
    steps = np.repeat([0.5, 0.05], 2 * RATE).astype(np.float32)
    clip = Audio((tone(500, 4).samples * steps), RATE)
    output = run(editor, "compress", clip)
    out = output.media[0].media
    assert isinstance(out, Audio)
    loud, quiet = out.samples[0, RATE : 2 * RATE].std(), out.samples[0, 3 * RATE :].std()
    assert 20 * np.log10(loud / quiet) == pytest.approx(12, abs=1)  # of 20: 12 above the threshold become 4
    assert loudness_lufs(out) == pytest.approx(-16, abs=0.2)


def test_pauses_are_cut_to_what_is_asked(editor: Editor) -> None:
    hush, sound = 1e-4 * pink(3 * RATE, 5)[None], tone(440, 1).samples
    short = hush[:, : round(0.3 * RATE)]
    clip = Audio(np.concatenate([hush, sound, short, sound, hush, sound, hush], axis=1), RATE)
    output = run(editor, "remove_silence", clip, longest_s=0.4)
    out = output.media[0].media
    assert isinstance(out, Audio)
    # Three of 3 s become 0.2, 0.4 and 0.2 s; that of 0.3 s stays.
    assert output.facts["removed_s"] == pytest.approx(8.2, abs=0.1)
    assert out.duration_s == pytest.approx(clip.duration_s - output.facts["removed_s"], abs=1e-3)
    power = [float(np.square(c.samples, dtype=np.float64).sum()) for c in (clip, out)]
    assert power[1] == pytest.approx(power[0], rel=0.001)
    assert run(editor, "remove_silence", NOISE).facts["removed_s"] == 0
    with pytest.raises(BadInput, match="silent all through"):
        edit(editor, "remove_silence", Audio(np.zeros((1, RATE), np.float32), RATE))


def test_channels(editor: Editor) -> None:
    mono = tone(440, 1)
    assert np.allclose(edit(editor, "mono", NOISE).samples[0], NOISE.samples.mean(axis=0))
    assert np.array_equal(edit(editor, "stereo", mono).samples, np.repeat(mono.samples, 2, axis=0))
    assert np.array_equal(edit(editor, "stereo", NOISE).samples, NOISE.samples)
    assert edit(editor, "stereo", Audio(np.repeat(mono.samples, 6, axis=0), RATE)).samples.shape == (2, RATE)


@pytest.mark.parametrize("clip", [tone(440, 1, level=0.3), NOISE])
def test_panning_moves_and_keeps_the_power(editor: Editor, clip: Audio) -> None:
    power = np.sum(np.repeat(clip.samples, 3 - len(clip.samples), axis=0) ** 2)
    left, centre, right = (edit(editor, "pan", clip, pan=pan).samples for pan in (-1.0, 0.0, 1.0))
    assert np.allclose(centre, clip.samples, atol=1e-6)
    assert np.allclose(left[1], 0, atol=1e-6) and np.allclose(right[0], 0, atol=1e-6)
    assert np.sum(left**2) == pytest.approx(power, rel=0.2)
    assert np.sum(right**2) == pytest.approx(power, rel=0.2)


LOUD = Audio(np.clip(pink(8000, 3), -0.99, 0.99)[None].astype(np.float32), 16_000)
RISKY = [
    ("reverb", {"amount": 0.5}), ("echo", {"amount": 0.9}), ("equalise", {"bass_db": 24, "mid_db": 12}),
    ("compress", {"loudness_lufs": -5}), ("pan", {"pan": -1}), ("stereo", {}), ("mono", {}), ("loop", {"times": 3}),
    ("remove_silence", {}), ("equalise", {"preset": "radio"}),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "args"), RISKY)
def test_nothing_becomes_louder_than_full_scale(editor: Editor, operation: str, args: dict[str, float]) -> None:
    out = edit(editor, operation, LOUD, **args)
    assert np.abs(out.samples).max() <= np.abs(LOUD.samples).max() + 1e-4
    assert peak_dbfs(out.samples) <= max(-1, peak_dbfs(LOUD.samples)) + 0.05


@pytest.mark.parametrize("frames", [1, 2, 7, 500])
@pytest.mark.parametrize(("operation", "args"), [r for r in RISKY if r[0] != "compress"])
def test_effects_on_the_shortest_clips(editor: Editor, frames: int, operation: str, args: dict[str, float]) -> None:
    assert edit(editor, operation, Audio(NOISE.samples[:, :frames], RATE), **args).samples.shape[1] >= 1


@settings(max_examples=60, deadline=None)
@given(start=st.integers(0, 2 * RATE - 2), length=st.integers(1, RATE))
def test_any_cut_is_exact_to_the_sample(start: int, length: int) -> None:
    end = min(start + length, 2 * RATE)
    out = edit(Editor.__new__(Editor), "trim", NOISE, start_s=start / RATE, end_s=end / RATE)
    assert np.array_equal(out.samples, NOISE.samples[:, start:end])
