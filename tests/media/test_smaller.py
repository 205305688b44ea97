"""Media written anew for a chat: a bit rate to aim at, one form that plays everywhere, never larger than it was."""

from __future__ import annotations

import subprocess
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image

from core import media
from core.artifacts import Kind
from core.errors import BadInput


def film(path: Path, size: str, seconds: float = 3.0, *, sound: bool = True) -> Path:
    card = ["-f", "lavfi", "-i", f"testsrc2=size={size}:rate=25:duration={seconds}"]
    tone = ["-f", "lavfi", "-i", f"sine=440:duration={seconds}", "-c:a", "aac"] if sound else []
    codec = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv444p"]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-loglevel", "error", *card, *tone[:4], *codec, *tone[4:]]
    subprocess.run([*command, str(path)], check=True)
    return path


@pytest.mark.parametrize(
    ("size", "kbps", "shown"),
    [("640x361", 2000, (640, 360)), ("1280x720", 700, (854, 480)), ("720x1280", 250, (240, 426))],
)
def test_a_video_keeps_its_shape_and_meets_its_rate(
    tmp_path: Path, size: str, kbps: int, shown: tuple[int, int]
) -> None:
    media.encode_video(film(tmp_path / "in.mp4", size), tmp_path / "out.mp4", kbps=kbps)
    kind, facts = media.measure(tmp_path / "out.mp4", max_duration_s=60)
    assert (kind, facts.media_type, facts.has_audio) == (Kind.VIDEO, "video/mp4", True)
    assert facts.width is not None
    assert facts.height is not None
    assert abs(facts.width - shown[0]) <= 2
    assert abs(facts.height - shown[1]) <= 2
    assert facts.size * 8 / 3.0 / 1000 < kbps * 1.15
    head = (tmp_path / "out.mp4").read_bytes()[:4096]
    assert b"moov" in head, "it cannot start before it is loaded"


def test_a_square_one_for_round_notes_and_one_without_sound(tmp_path: Path) -> None:
    media.encode_video(film(tmp_path / "in.mp4", "640x360", sound=False), tmp_path / "out.mp4", kbps=600, square=True)
    _, facts = media.measure(tmp_path / "out.mp4", max_duration_s=60)
    assert (facts.width, facts.height, facts.has_audio) == (384, 384, False)


def test_what_cannot_be_a_video_is_refused(tmp_path: Path) -> None:
    media.write_wav(media.Audio(np.zeros((1, 8000), np.float32), 8000), tmp_path / "a.wav")
    with pytest.raises(BadInput):
        media.encode_video(tmp_path / "a.wav", tmp_path / "out.mp4", kbps=900)
    with pytest.raises(BadInput, match="too long"):
        media.encode_video(film(tmp_path / "in.mp4", "64x64"), tmp_path / "out.mp4", kbps=120)
    assert not (tmp_path / "out.mp4").exists()


@pytest.mark.parametrize(("form", "kbps"), [("mp3", 32), ("mp3", 128), ("m4a", 64), ("ogg", 16)])
def test_a_clip_meets_its_rate(tmp_path: Path, form: media.Form, kbps: int) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, (2, 44100 * 5)).astype(np.float32)
    media.write_wav(media.Audio(noise, 44100), tmp_path / "a.wav")
    media.encode(tmp_path / "a.wav", tmp_path / f"b.{form}", form, kbps=kbps)
    _, facts = media.measure(tmp_path / f"b.{form}", max_duration_s=60)
    assert facts.duration_s == pytest.approx(5.0, abs=0.1)
    assert facts.size * 8 / 5000 == pytest.approx(kbps, rel=0.25)
    if kbps < 48:
        assert facts.channels == 1


def test_a_picture_is_made_smaller_never_larger(tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).integers(0, 255, (900, 1600, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    media.write_jpeg(tmp_path / "a.png", tmp_path / "b.jpg", side=800)
    media.write_jpeg(tmp_path / "a.png", tmp_path / "c.jpg", side=8000)
    assert [media.measure(tmp_path / f"{n}.jpg", max_duration_s=1)[1].width for n in "bc"] == [800, 1600]
