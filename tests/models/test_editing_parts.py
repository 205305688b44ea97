"""Edits of a stretch of a clip, while the rest stays as it is."""

from __future__ import annotations

import numpy as np
import pytest
from editing import NOISE, RATE, edit, run
from hypothesis import given, settings
from hypothesis import strategies as st
from tones import frequency, tone

from core.errors import BadInput, MissingInput
from core.media import Audio
from core.models.sound.editor import Editor

PARTS = {
    "gain": {"gain_db": -12.0},
    "equalise": {"bass_db": -12.0},
    "reverse": {},
    "normalise": {"loudness_lufs": -30.0},
    "pitch": {"semitones": 4.0},
    "mute": {},
    "bleep": {},
    "pan": {"pan": -1.0},
    "compress": {},
}


@pytest.mark.parametrize("operation", PARTS)
def test_an_edit_of_a_stretch_leaves_the_rest_as_it_is(editor: Editor, operation: str) -> None:
    output = run(editor, operation, NOISE, start_s=0.5, end_s=1.25, **PARTS[operation])
    out = output.media[0].media.samples  # type: ignore[union-attr]
    assert (output.facts["start_s"], output.facts["end_s"]) == (0.5, 1.25)
    assert out.shape == NOISE.samples.shape
    near = RATE // 50
    for part in (slice(0, RATE // 2 - near), slice(5 * RATE // 4 + near, None)):
        assert np.allclose(out[:, part], NOISE.samples[:, part], atol=1e-6)
    inside = slice(RATE // 2 + near, 5 * RATE // 4 - near)
    assert not np.allclose(out[:, inside], NOISE.samples[:, inside], atol=1e-3)


def test_only_the_stretch_is_quieter_and_there_are_no_clicks(editor: Editor) -> None:
    clip = tone(400, 2, level=0.2)
    out = edit(editor, "gain", clip, gain_db=-20.0, start_s=0.5, end_s=1.5).samples[0]
    assert out[RATE : RATE + RATE // 4].std() == pytest.approx(clip.samples[0].std() / 10, rel=0.01)
    steepest = np.abs(np.diff(clip.samples[0], 2)).max()
    assert np.abs(np.diff(out, 2)).max() < 1.2 * steepest


def test_what_is_muted_is_gone_and_a_bleep_is_a_kilohertz(editor: Editor) -> None:
    inside = slice(round(0.52 * RATE), round(1.23 * RATE))
    muted = edit(editor, "mute", NOISE, start_s=0.5, end_s=1.25).samples[:, inside]
    assert np.abs(muted).max() == 0
    bleeped = edit(editor, "bleep", NOISE, start_s=0.5, end_s=1.25).samples[:, inside]
    assert frequency(bleeped[0], RATE) == pytest.approx(1000, abs=1)
    assert 20 * np.log10(np.abs(bleeped).max()) == pytest.approx(-12, abs=0.1)
    steady = np.sin(2 * np.pi * 1000 * np.arange(bleeped.shape[1]) / RATE)
    assert abs(np.corrcoef(bleeped[0], bleeped[1])[0, 1]) > 0.999
    assert np.abs(np.fft.rfft(bleeped[0])).argmax() == np.abs(np.fft.rfft(steady)).argmax()


def test_an_echo_of_a_stretch_rings_on_into_what_follows(editor: Editor) -> None:
    clip = Audio(np.zeros((1, 2 * RATE), np.float32), RATE)
    clip.samples[0, RATE // 2] = 0.5
    out = edit(editor, "echo", clip, start_s=0.4, end_s=0.6, delay_s=0.5, amount=0.5).samples[0]
    assert abs(out[RATE]) > 0.05
    assert out.shape[0] >= 2 * RATE
    late = edit(editor, "echo", clip, start_s=1.0, end_s=1.5, delay_s=0.5, amount=0.5).samples[0]
    assert np.allclose(late[: 2 * RATE], clip.samples[0], atol=1e-6)


def test_a_stretch_at_another_speed_makes_the_clip_shorter(editor: Editor) -> None:
    out = edit(editor, "speed", NOISE, factor=2.0, start_s=0.5, end_s=1.5)
    assert out.duration_s == pytest.approx(1.5, abs=0.02)
    assert np.array_equal(out.samples[:, : RATE // 2 - 500], NOISE.samples[:, : RATE // 2 - 500])
    assert np.array_equal(out.samples[:, -RATE // 2 + 500 :], NOISE.samples[:, -RATE // 2 + 500 :])


def test_a_loop_of_a_stretch_is_nothing_but_the_stretch(editor: Editor) -> None:
    out = edit(editor, "loop", NOISE, times=3, start_s=0.5, end_s=1.0, crossfade_s=0.0)
    assert np.array_equal(out.samples, np.tile(NOISE.samples[:, RATE // 2 : RATE], 3))


@pytest.mark.parametrize("operation", ["mute", "bleep"])
def test_where_to_mute_must_be_said(editor: Editor, operation: str) -> None:
    with pytest.raises(MissingInput, match="From which second"):
        edit(editor, operation, NOISE)


@pytest.mark.parametrize("times", [{"start_s": 2.0}, {"end_s": 9.0}, {"start_s": 1.0, "end_s": 3.0}])
def test_a_stretch_beyond_the_end_says_how_long_the_clip_is(editor: Editor, times: dict[str, float]) -> None:
    with pytest.raises(BadInput, match="only 2 s long"):
        edit(editor, "mute", NOISE, **times)


@settings(max_examples=25, deadline=None)
@given(
    start=st.floats(0, 1.9),
    length=st.floats(0.001, 2),
    operation=st.sampled_from(["gain", "reverse", "mute", "bleep", "speed", "reverb"]),
)
def test_any_stretch_can_be_edited(start: float, length: float, operation: str) -> None:
    editor = Editor.__new__(Editor)
    more = {"gain": {"gain_db": -3.0}, "speed": {"factor": 1.5}}.get(operation, {})
    out = edit(editor, operation, NOISE, start_s=start, end_s=min(2.0, start + length), **more)
    assert np.abs(out.samples).max() <= 1.0
    if operation in ("gain", "reverse", "mute", "bleep"):
        assert out.samples.shape == NOISE.samples.shape
