"""What a file is, by its bytes."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
import soundfile
from PIL import Image

from core import _media_ffmpeg, media
from core.artifacts import Facts, Kind
from core.errors import BadInput, Broken, OverLimit

Make = Callable[[str], Path]
UNREADABLE = "That file is not audio, a picture or a video I can read."

AUDIO = {  # name: media type, sample rate, channels
    "opus.webm": ("audio/webm", 48000, 1),
    "voice.ogg": ("audio/ogg", 48000, 1),
    "vorbis.ogg": ("audio/ogg", 44100, 2),
    "clip.mp3": ("audio/mpeg", 44100, 2),
    "clip.m4a": ("audio/mp4", 44100, 2),
    "clip.flac": ("audio/flac", 44100, 2),
    "clip.aac": ("audio/aac", 44100, 2),
    "clip.aiff": ("audio/aiff", 44100, 2),
    "clip.amr": ("audio/amr", 8000, 1),
    "u8.wav": ("audio/wav", 44100, 2),
    "s16.wav": ("audio/wav", 44100, 2),
    "s24.wav": ("audio/wav", 44100, 2),
    "f32.wav": ("audio/wav", 44100, 2),
    "adpcm.wav": ("audio/wav", 44100, 2),
}


def measured(path: Path, limit_s: float = 7200.0) -> tuple[Kind, Facts]:
    return media.measure(path, max_duration_s=limit_s)


@pytest.mark.parametrize("name", AUDIO)
def test_sound_is_measured_whatever_it_is_called(clip: Make, tmp_path: Path, name: str) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(clip(name).read_bytes())
    kind, facts = measured(path)
    assert kind is Kind.AUDIO
    assert (facts.media_type, facts.sample_rate_hz, facts.channels) == AUDIO[name]
    assert facts.duration_s == pytest.approx(2.0, abs=0.08)
    assert facts.size == path.stat().st_size
    assert facts.has_audio
    assert facts.width is None
    assert media.extension(facts.media_type) == Path(name).suffix


@pytest.mark.parametrize(
    ("name", "media_type", "sound"),
    [
        ("sound.mp4", "video/mp4", True),
        ("silent.mp4", "video/mp4", False),
        ("sound.mov", "video/quicktime", True),
        ("sound.webm", "video/webm", True),
    ],
)
def test_a_video_is_one_with_sound_and_without(clip: Make, name: str, media_type: str, sound: bool) -> None:
    kind, facts = measured(clip(name))
    assert kind is Kind.VIDEO
    assert (facts.media_type, facts.width, facts.height, facts.has_audio) == (media_type, 320, 240, sound)
    assert (facts.sample_rate_hz is not None) is sound
    assert facts.duration_s == pytest.approx(2.0, abs=0.1)


def test_an_album_cover_makes_no_video(clip: Make, tmp_path: Path, ffmpeg: Callable[..., None]) -> None:
    cover, song = tmp_path / "cover.png", tmp_path / "song.mp3"
    Image.new("RGB", (64, 64), "red").save(cover)
    ffmpeg("-i", str(clip("clip.mp3")), "-i", str(cover), "-map", "0", "-map", "1", "-c:a", "copy", str(song))
    kind, facts = measured(song)
    assert (kind, facts.media_type, facts.width) == (Kind.AUDIO, "audio/mpeg", None)


def test_a_turned_video_is_measured_as_it_is_shown(clip: Make, tmp_path: Path, ffmpeg: Callable[..., None]) -> None:
    turned = tmp_path / "turned.mp4"
    ffmpeg("-display_rotation", "90", "-i", str(clip("sound.mp4")), "-c", "copy", str(turned))
    _, facts = measured(turned)
    assert (facts.width, facts.height) == (240, 320)


def test_loudness_is_that_of_the_standard(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, (48000 * 4, 2)).astype(np.float32)
    noise[: 48000 * 2] *= 0.01  # below the relative gate
    path = tmp_path / "noise.wav"
    soundfile.write(path, noise, 48000, subtype="FLOAT")
    expected = pyloudnorm.Meter(48000).integrated_loudness(noise)
    assert measured(path)[1].loudness_lufs == pytest.approx(expected, abs=0.15)


def test_silence_and_a_blip_have_no_loudness(tmp_path: Path) -> None:
    for name, samples in (("silence.wav", np.zeros(48000)), ("blip.wav", np.full(4800, 0.5))):
        soundfile.write(tmp_path / name, samples, 48000)
        assert measured(tmp_path / name)[1].loudness_lufs is None


def test_a_truncated_mp3_is_measured_as_far_as_it_decodes(clip: Make, tmp_path: Path) -> None:
    whole = clip("clip.mp3").read_bytes()
    cut = tmp_path / "cut.mp3"
    cut.write_bytes(whole[: len(whole) // 2])
    _, facts = measured(cut)
    assert facts.duration_s == pytest.approx(1.0, abs=0.1)


def test_a_clip_past_the_limit_is_refused_in_words(clip: Make) -> None:
    with pytest.raises(OverLimit, match="^That clip is longer than 1 second, which is my limit.$"):
        measured(clip("clip.mp3"), 1.0)
    with pytest.raises(OverLimit, match="longer than 1 second"):
        measured(clip("silent.mp4"), 1.0)
    assert measured(clip("clip.mp3"), float("inf"))[0] is Kind.AUDIO


def test_three_hours_are_refused_without_decoding_to_the_end(tmp_path: Path, ffmpeg: Callable[..., None]) -> None:
    path = tmp_path / "long.flac"
    ffmpeg("-f", "lavfi", "-i", "anullsrc=r=2000:cl=mono:d=10800", "-compression_level", "0", str(path))
    with pytest.raises(OverLimit, match="^That clip is longer than 2 hours, which is my limit.$"):
        measured(path)


@pytest.mark.parametrize(
    "content", [b"\x00" * 5000, b"RIFF\x24\x00\x00\x00WAVE", b"OggS" + b"\x01" * 900, b"\x89PNG\r\n\x1a\n"]
)
def test_broken_bytes_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.wav"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=UNREADABLE):
        measured(path)


def test_noise_is_never_taken_for_media(tmp_path: Path) -> None:
    path = tmp_path / "noise.mp3"
    for seed in range(12):
        path.write_bytes(random.Random(seed).randbytes(60_000))
        with pytest.raises(BadInput, match=UNREADABLE):
            measured(path)


def test_an_empty_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "empty.wav"
    path.touch()
    with pytest.raises(BadInput, match="^That file is empty.$"):
        measured(path)


def test_text_called_wav_is_text(tmp_path: Path) -> None:
    path = tmp_path / "song.wav"
    for text in ("hello\n", "Grüße, 你好 🎧\r\n" * 6000):
        path.write_text(text, encoding="utf-8")
        assert measured(path)[0] is Kind.TEXT
        with pytest.raises(BadInput, match=UNREADABLE):
            media.decode(path)


def test_midi_is_midi(tmp_path: Path) -> None:
    path = tmp_path / "tune.mid"
    path.write_bytes(b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x00\x60MTrk\x00\x00\x00\x04\x00\xff\x2f\x00")
    assert measured(path) == (Kind.MIDI, Facts("audio/midi", path.stat().st_size))


@pytest.mark.parametrize("header", ["#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n", "ffconcat version 1.0\nfile "])
def test_a_playlist_opens_no_other_file(clip: Make, tmp_path: Path, header: str) -> None:
    path = tmp_path / "list.mp3"
    path.write_text(f"{header}{clip('clip.mp3')}\n#EXT-X-ENDLIST\n")
    with pytest.raises(BadInput):
        media.decode(path)
    with pytest.raises(BadInput):
        media.encode(path, tmp_path / "out.ogg", "ogg")
    assert not (tmp_path / "out.ogg").exists()


def test_a_decoder_that_hangs_is_stopped(clip: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_media_ffmpeg, "TIME_LIMIT_S", 0.2)
    graph = _media_ffmpeg.ffmpeg.input("anullsrc", f="lavfi", re=None).output("-", format="null")
    with pytest.raises(OverLimit), _media_ffmpeg.running(graph, clip("clip.mp3")) as child:
        child.stdout.read()
    assert child.returncode == -9


def test_a_machine_without_ffmpeg_is_our_fault(clip: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    assert media.ffmpeg_version()
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "/nowhere/ffmpeg")
    with pytest.raises(Broken, match="ffmpeg cannot be started"):
        media.ffmpeg_version()
    with pytest.raises(Broken, match="ffmpeg cannot be started"):
        measured(clip("clip.mp3"))
