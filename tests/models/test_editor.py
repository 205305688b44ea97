from __future__ import annotations

import numpy as np
import pyloudnorm
import pytest
from tones import frequency, pink, tone

from core.capabilities import EditArgs
from core.errors import Ambiguous, BadInput, MissingInput
from core.media import Audio
from core.models.base import Call, Output
from core.models.sound.editor import Editor, peak_dbfs

RATE = 48_000
NOISE = Audio((0.1 * np.stack([pink(2 * RATE, 0), pink(2 * RATE, 1)])).astype(np.float32), RATE)


def run(editor: Editor, operation: str, *clips: Audio, **args: object) -> Output:
    names = tuple(str(i) for i in range(len(clips)))
    return editor.run(Call(EditArgs(operation=operation, audios=names, **args), {"audios": clips}))  # type: ignore[arg-type]


def edit(editor: Editor, operation: str, *clips: Audio, **args: object) -> Audio:
    media = run(editor, operation, *clips, **args).media[0].media
    assert isinstance(media, Audio)
    assert media.samples.dtype == np.float32
    assert np.isfinite(media.samples).all()
    return media


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


@pytest.mark.parametrize("operation", ["trim", "gain", "speed", "pitch", "fade"])
def test_asks_for_what_is_missing(editor: Editor, operation: str) -> None:
    with pytest.raises(MissingInput):
        edit(editor, operation, NOISE)


@pytest.mark.parametrize("operation", ["join", "mix"])
def test_asks_for_the_second_clip(editor: Editor, operation: str) -> None:
    with pytest.raises(MissingInput, match="at least two"):
        edit(editor, operation, NOISE)


@pytest.mark.parametrize("operation", ["trim", "gain", "normalise", "speed", "pitch", "reverse", "fade"])
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
