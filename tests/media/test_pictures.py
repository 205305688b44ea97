"""Still pictures, waveforms, spectrograms."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core import _media_picture, media
from core.artifacts import Kind
from core.errors import BadInput, OverLimit
from core.media import Audio

Make = Callable[[str], Path]


def half_red(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> Image.Image:
    """Blue with a red left half."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    return image.convert(mode)


def test_every_picture_format_is_measured_and_decoded(tmp_path: Path) -> None:
    for form in ("png", "jpeg", "gif", "webp", "bmp", "tiff", "avif"):
        path = tmp_path / "clip.wav"
        half_red().save(path, form)
        kind, facts = media.measure(path, max_duration_s=1)
        assert (kind, facts.media_type, facts.width, facts.height) == (Kind.IMAGE, f"image/{form}", 60, 40)
        pixels = media.picture(path).pixels
        assert (pixels.shape, pixels.dtype) == ((40, 60, 3), np.uint8)
        assert pixels[20, 10].tolist() == pytest.approx([255, 0, 0], abs=12), form
        assert media.extension(facts.media_type) in (f".{form}", ".jpg")


def test_a_photo_is_turned_the_right_way_up(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise by 90 degrees to show
    half_red().save(path, exif=exif)
    _, facts = media.measure(path, max_duration_s=1)
    assert (facts.width, facts.height) == (40, 60)
    pixels = media.picture(path).pixels
    assert pixels.shape == (60, 40, 3)
    assert pixels[10, 20].tolist() == pytest.approx([255, 0, 0], abs=12)
    assert pixels[50, 20].tolist() == pytest.approx([0, 0, 255], abs=12)


def test_an_animation_gives_its_first_frame(tmp_path: Path) -> None:
    path = tmp_path / "moving.gif"
    half_red().save(path, save_all=True, append_images=[Image.new("RGB", (60, 40), "green")])
    assert media.picture(path).pixels[20, 10].tolist() == [255, 0, 0]


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    path = tmp_path / "clear.png"
    Image.new("RGBA", (4, 4), (255, 0, 0, 0)).save(path)
    assert (media.picture(path).pixels == 255).all()


def test_sixteen_bits_are_scaled_not_clipped(tmp_path: Path) -> None:
    path = tmp_path / "deep.png"
    Image.fromarray(np.full((4, 4), 0x8000, np.uint16)).save(path)
    assert (media.picture(path).pixels == 128).all()


def test_a_large_picture_is_made_smaller(tmp_path: Path) -> None:
    path = tmp_path / "wide.png"
    Image.new("L", (5000, 50)).save(path)
    assert media.measure(path, max_duration_s=1)[1].width == 5000
    assert media.picture(path).pixels.shape == (41, 4096, 3)


@pytest.mark.parametrize("side", [9000, 10_000, 14_000])
def test_a_bomb_is_refused_before_it_decodes(tmp_path: Path, side: int) -> None:
    path = tmp_path / "bomb.png"
    Image.new("1", (side, side)).save(path)
    assert path.stat().st_size < 100_000
    for act in (lambda: media.measure(path, max_duration_s=1), lambda: media.picture(path)):
        with pytest.raises(OverLimit, match="^That picture has more than 64 megapixels, which is my limit.$"):
            act()


def test_heic_is_refused_with_a_way_out(tmp_path: Path) -> None:
    path = tmp_path / "photo.heic"
    path.write_bytes(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 64)
    with pytest.raises(BadInput, match="HEIC.*JPEG or PNG"):
        media.measure(path, max_duration_s=1)


def test_a_torn_picture_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "torn.jpg"
    noise = np.random.default_rng(0).integers(0, 255, (80, 80, 3), np.uint8)
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(BadInput, match="not audio, a picture or a video"):
        media.measure(path, max_duration_s=1)
    with pytest.raises(BadInput, match="not audio, a picture or a video"):
        media.picture(path)


def test_no_picture_reader_is_open_to_a_format_that_is_not_listed() -> None:
    assert not _media_picture.is_picture(b"%!PS-Adobe-3.0 EPSF-3.0")
    assert not _media_picture.is_picture(b"RIFF\x00\x00\x00\x00WAVEfmt ")


def test_a_waveform_follows_the_sound(tmp_path: Path) -> None:
    path = tmp_path / "steps.wav"
    steps = np.repeat(np.array([0.0, 0.2, 0.4, 0.8]), 8000)
    media.write_wav(Audio(steps[None].astype(np.float32), 16000), path)
    assert media.waveform(path, 4) == [0, 64, 128, 255]
    assert len(media.waveform(path, 256)) == 256


def test_a_waveform_of_silence_and_of_a_blip(tmp_path: Path) -> None:
    path = tmp_path / "clip.wav"
    media.write_wav(Audio(np.zeros((1, 100), np.float32), 16000), path)
    assert media.waveform(path, 8) == [0] * 8
    media.write_wav(Audio(np.ones((1, 3), np.float32), 16000), path)
    assert media.waveform(path, 8) == [255] * 8


@pytest.mark.parametrize("dark", [True, False])
def test_a_spectrogram_shows_the_tone_where_it_is(tmp_path: Path, dark: bool) -> None:
    path = tmp_path / "tone.wav"
    time = np.arange(16000 * 3) / 16000
    sound = 0.5 * np.sin(2 * np.pi * 1000 * time) * (time < 1.5)
    media.write_wav(Audio(sound[None].astype(np.float32), 16000), path)
    image = Image.open(io.BytesIO(media.spectrogram_png(path, dark=dark, width=640, height=280)))
    assert (image.format, image.mode, image.size) == ("PNG", "RGB", (640, 280))
    light = np.asarray(image.convert("L")).astype(int)
    loud, quiet = light[6:250, 200], light[6:250, 560]
    row = int(loud.argmax() if dark else loud.argmin())
    low, top = 2595 * np.log10(1 + np.array([40.0, 11025.0]) / 700)
    expected = 244 * (1 - (2595 * np.log10(1 + 1000 / 700) - low) / (top - low))
    assert row == pytest.approx(expected, abs=12)
    assert abs(int(loud[row]) - int(quiet[row])) > 120
    assert (light[:, :30] > 150).any() if dark else (light[:, :30] < 100).any()  # its labels are there


def test_a_spectrogram_of_a_blip_and_of_silence(tmp_path: Path) -> None:
    path = tmp_path / "clip.wav"
    for samples in (np.ones((1, 300), np.float32), np.zeros((2, 16000), np.float32)):
        media.write_wav(Audio(samples, 16000), path)
        assert media.spectrogram_png(path, dark=True, width=320, height=160).startswith(b"\x89PNG")


def test_a_long_clip_keeps_its_columns_few_and_its_length(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from core import _media_draw

    path = tmp_path / "long.wav"
    time = np.arange(8000 * 60) / 8000
    loud = (0.5 * np.sin(2 * np.pi * 440 * time) * (time > 30)).astype(np.float32)
    media.write_wav(Audio(loud[None], 8000), path)
    monkeypatch.setattr(_media_draw, "_MOST_COLUMNS", 100)
    columns, duration_s = _media_draw._log_mel(path)
    assert duration_s == pytest.approx(60, abs=0.1)
    assert 100 <= len(columns) <= 201
    level = columns.max(axis=1)
    assert level[: int(len(level) * 0.48)].max() < 0.3
    assert level[int(len(level) * 0.52) : -2].min() > 0.9
