"""Sound to arrays and back."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from core import _media_audio, media
from core.errors import BadInput, Broken
from core.media import Audio, Form

Make = Callable[[str], Path]


def pitch_hz(audio: Audio) -> float:
    """The strongest frequency of the first channel."""
    spectrum = np.abs(np.fft.rfft(audio.samples[0] * np.hanning(audio.samples.shape[1])))
    return float(spectrum.argmax() * audio.sample_rate / audio.samples.shape[1])


@pytest.mark.parametrize(
    "name",
    [
        "opus.webm",
        "voice.ogg",
        "clip.mp3",
        "clip.m4a",
        "clip.flac",
        "clip.amr",
        "u8.wav",
        "s16.wav",
        "s24.wav",
        "f32.wav",
    ]
    + ["adpcm.wav", "sound.mp4", "sound.webm"],
)
def test_every_format_gives_the_same_sound(clip: Make, name: str) -> None:
    audio = media.decode(clip(name), sample_rate=16000, mono=True)
    assert audio.samples.dtype == np.float32
    assert audio.samples.flags.c_contiguous
    assert audio.samples.shape == (1, pytest.approx(32000, abs=1500))
    assert audio.sample_rate == 16000
    assert pitch_hz(audio) == pytest.approx(440, abs=2)


def test_own_rate_and_channels_are_the_default(clip: Make) -> None:
    audio = media.decode(clip("clip.flac"))
    assert (audio.sample_rate, audio.samples.shape) == (44100, (2, 88200))
    assert np.abs(audio.samples).max(axis=1) == pytest.approx([0.3, 0.1], abs=0.01)


def test_wav_by_soundfile_equals_wav_by_ffmpeg(clip: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = media.decode(clip("s16.wav"), mono=True, start_s=0.5, duration_s=0.25)
    monkeypatch.setattr(_media_audio, "_open_wav", lambda *_: None)
    slow = media.decode(clip("s16.wav"), mono=True, start_s=0.5, duration_s=0.25)
    assert fast.samples.shape == slow.samples.shape == (1, 11025)
    np.testing.assert_allclose(fast.samples, slow.samples, atol=1e-6)


@pytest.mark.parametrize("name", ["s16.wav", "clip.flac", "clip.mp3"])
def test_a_cut_is_exact_to_the_sample(clip: Make, name: str) -> None:
    whole = media.decode(clip(name))
    part = media.decode(clip(name), start_s=0.7, duration_s=0.3)
    start = round(0.7 * 44100)
    np.testing.assert_allclose(part.samples, whole.samples[:, start : start + 13230], atol=1e-6)


@pytest.mark.parametrize("name", ["s16.wav", "clip.mp3"])
def test_a_cut_past_the_end_is_refused(clip: Make, name: str) -> None:
    with pytest.raises(BadInput, match="ends before"):
        media.decode(clip(name), start_s=60)


def test_a_video_without_sound_says_so(clip: Make, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="^That video has no sound.$"):
        media.decode(clip("silent.mp4"))
    with pytest.raises(BadInput, match="^That video has no sound.$"):
        list(media.blocks(clip("silent.mp4")))
    with pytest.raises(BadInput, match="^That video has no sound.$"):
        media.encode(clip("silent.mp4"), tmp_path / "sound.ogg", "ogg")


@pytest.mark.parametrize(("name", "rate"), [("s16.wav", None), ("clip.mp3", None), ("s16.wav", 16000)])
def test_blocks_add_up_to_the_clip(clip: Make, name: str, rate: int | None) -> None:
    found = list(media.blocks(clip(name), sample_rate=rate, block_s=0.3))
    assert [round(b.duration_s, 3) for b in found[:-1]] == [0.3] * (len(found) - 1)
    whole = media.decode(clip(name), sample_rate=rate)
    np.testing.assert_array_equal(np.concatenate([b.samples for b in found], axis=1), whole.samples)


def test_blocks_that_nobody_wants_stop_the_decoder(clip: Make) -> None:
    before = threading.active_count()
    stream = media.blocks(clip("clip.mp3"), block_s=0.1)
    assert len(list(itertools.islice(stream, 2))) == 2
    stream.close()  # type: ignore[attr-defined]  # it is a generator
    assert threading.active_count() == before


def test_what_is_no_number_becomes_silence(tmp_path: Path) -> None:
    path = tmp_path / "nan.wav"
    soundfile.write(path, np.array([0.5, np.nan, np.inf, -0.5], np.float32), 8000, subtype="FLOAT")
    assert media.decode(path).samples.tolist() == [[0.5, 0.0, 0.0, -0.5]]


def test_wav_round_trips_exactly_and_clips(tmp_path: Path, tone: Audio) -> None:
    first, second = tmp_path / "1.wav", tmp_path / "2.wav"
    media.write_wav(tone, first)
    again = media.decode(first)
    np.testing.assert_allclose(again.samples, tone.samples, atol=0.5 / 32768 + 1e-9)
    media.write_wav(again, second)
    assert first.read_bytes() == second.read_bytes()
    media.write_wav(Audio(np.array([[2.0, -2.0]], np.float32), 8000), first)
    assert media.decode(first).samples.tolist() == [[32767 / 32768, -1.0]]


def test_a_disk_that_refuses_is_our_fault(tmp_path: Path, tone: Audio) -> None:
    with pytest.raises(Broken, match="cannot write"):
        media.write_wav(tone, tmp_path / "missing" / "clip.wav")


@pytest.mark.parametrize(
    ("form", "media_type", "rate", "channels"),
    [
        ("ogg", "audio/ogg", 48000, 1),
        ("mp3", "audio/mpeg", 24000, 2),
        ("m4a", "audio/mp4", 24000, 2),
        ("wav", "audio/wav", 24000, 2),
        ("flac", "audio/flac", 24000, 2),
    ],
)
def test_every_form_is_what_it_says_and_always_the_same(
    tmp_path: Path, tone: Audio, form: Form, media_type: str, rate: int, channels: int
) -> None:
    origin, target, again = tmp_path / "in.wav", tmp_path / f"-out %03d.{form}", tmp_path / "again"
    media.write_wav(tone, origin)
    media.encode(origin, target, form)
    media.encode(origin, again, form)
    assert target.read_bytes() == again.read_bytes()
    _, facts = media.measure(target, max_duration_s=60)
    assert (facts.media_type, facts.sample_rate_hz, facts.channels) == (media_type, rate, channels)
    assert facts.duration_s == pytest.approx(1.0, abs=0.1)
    assert pitch_hz(media.decode(target)) == pytest.approx(440, abs=2)


def test_a_voice_note_is_small(tmp_path: Path, tone: Audio) -> None:
    media.write_wav(tone, tmp_path / "in.wav")
    media.encode(tmp_path / "in.wav", tmp_path / "out.ogg", "ogg")
    assert b"OpusHead" in (tmp_path / "out.ogg").read_bytes()[:64]
    assert (tmp_path / "out.ogg").stat().st_size < 9_000


def test_filters_change_time_and_pitch(tone: Audio) -> None:
    faster = media.filtered(tone, [("atempo", {"tempo": 2.0})])
    assert faster.duration_s == pytest.approx(0.5, abs=0.05)
    assert faster.samples.shape[0] == 2
    assert pitch_hz(faster) == pytest.approx(440, abs=5)
    higher = media.filtered(tone, [("rubberband", {"pitch": 2.0}), ("volume", {"volume": 0.5})])
    assert pitch_hz(higher) == pytest.approx(880, abs=10)
    assert higher.duration_s == pytest.approx(1.0, abs=0.05)


def test_no_filter_is_no_change(tone: Audio) -> None:
    same = media.filtered(tone, [])
    assert same.sample_rate == tone.sample_rate
    np.testing.assert_array_equal(same.samples, tone.samples)


def test_a_filter_that_is_none_is_our_fault(tone: Audio) -> None:
    with pytest.raises(Broken, match="cannot apply nonsense"):
        media.filtered(tone, [("nonsense", {})])
