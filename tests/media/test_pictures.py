"""Still pictures, waveforms, spectrograms."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from paths import TESTS
from PIL import Image, ImageCms

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


@pytest.mark.parametrize(
    ("values", "form"),
    [
        (np.full((4, 4), 0x8000, np.uint16), "png"),
        (np.full((4, 4), 0x8000, np.uint16), "tiff"),
        (np.array([[0x8000, 0xFF00]] * 2, np.int32), "tiff"),
        (np.array([[0.502, 1.0]] * 2, np.float32), "tiff"),
        (np.array([[128, np.nan], [255, -5]], np.float32), "tiff"),
    ],
)
def test_deep_pictures_are_scaled_not_clipped(tmp_path: Path, values: np.ndarray, form: str) -> None:
    path = tmp_path / "deep"
    Image.fromarray(values).save(path, form)
    pixels = media.picture(path).pixels
    assert pixels[0, 0].tolist() == pytest.approx([128] * 3, abs=1)
    if values.dtype != np.uint16:
        assert pixels.max() >= 254


def test_sixteen_bits_of_each_colour_keep_their_colour(tmp_path: Path) -> None:
    import cv2

    path = tmp_path / "deep.png"
    cv2.imwrite(str(path), np.full((4, 4, 3), (0x1000, 0x8000, 0xFFFF), np.uint16))  # blue, green, red
    assert media.picture(path).pixels[0, 0].tolist() == pytest.approx([255, 128, 16], abs=1)


@pytest.mark.parametrize(("size", "small"), [((5000, 50), (41, 4096, 3)), ((1, 20_000), (4096, 1, 3))])
def test_a_large_picture_is_made_smaller(tmp_path: Path, size: tuple[int, int], small: tuple[int, ...]) -> None:
    path = tmp_path / "wide.png"
    Image.new("L", size).save(path)
    assert media.measure(path, max_duration_s=1)[1].width == size[0]
    assert media.picture(path).pixels.shape == small


def test_a_photo_of_very_many_pixels_is_decoded_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_media_picture, "MAX_PIXELS", 1000)
    monkeypatch.setattr(_media_picture, "MAX_SIDE", 20)
    path = tmp_path / "huge.jpg"
    half_red((180, 120)).save(path)
    facts = media.measure(path, max_duration_s=1)[1]
    assert (facts.width, facts.height) == (180, 120)
    pixels = media.picture(path).pixels
    assert pixels.shape == (13, 20, 3)
    assert pixels[6, 4].tolist() == pytest.approx([255, 0, 0], abs=12)
    half_red((180, 120)).save(path, progressive=True)  # it would be held whole
    with pytest.raises(OverLimit):
        media.picture(path)
    monkeypatch.setattr(_media_picture, "MAX_JPEG_PIXELS", 20_000)
    half_red((180, 120)).save(path)
    with pytest.raises(OverLimit):
        media.picture(path)


def test_a_text_that_begins_like_a_bitmap_is_a_text(tmp_path: Path) -> None:
    path = tmp_path / "car.txt"
    path.write_text("BMW builds cars.")
    assert media.measure(path, max_duration_s=1)[0] is Kind.TEXT


def test_a_picture_for_a_language_model_is_a_small_jpeg_without_its_metadata(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "a maker's name"
    half_red((600, 400)).save(tmp_path / "photo.jpg", exif=exif)
    url = media.data_url(media.picture(tmp_path / "photo.jpg"), 150)
    head, _, content = url.partition(",")
    assert head == "data:image/jpeg;base64"
    read = Image.open(io.BytesIO(base64.b64decode(content)))
    assert (read.format, read.size, dict(read.getexif())) == ("JPEG", (150, 100), {})


@pytest.mark.parametrize("side", [9000, 10_000, 14_000])
def test_a_bomb_is_refused_before_it_decodes(tmp_path: Path, side: int) -> None:
    path = tmp_path / "bomb.png"
    Image.new("1", (side, side)).save(path)
    assert path.stat().st_size < 100_000
    for act in (lambda: media.measure(path, max_duration_s=1), lambda: media.picture(path)):
        with pytest.raises(OverLimit, match="^That picture has more than 64 megapixels, which is my limit.$"):
            act()


def test_heic_of_a_phone_is_read_and_turned_as_it_says() -> None:
    pytest.importorskip("pi_heif", reason="pi-heif is not installed: HEIC pictures are refused")
    path = TESTS / "data" / "half_red.heic"
    kind, facts = media.measure(path, max_duration_s=1)
    assert (kind, facts.media_type, facts.width, facts.height) == (Kind.IMAGE, "image/heic", 40, 60)
    pixels = media.picture(path).pixels
    assert pixels[10, 20].tolist() == pytest.approx([255, 0, 0], abs=12)
    assert pixels[50, 20].tolist() == pytest.approx([0, 0, 255], abs=12)
    assert media.extension("image/heic") == ".heic"


def test_heic_without_its_decoder_is_refused_with_a_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_media_picture, "_DECODER", "no_such_decoder")
    path = tmp_path / "photo.heic"
    path.write_bytes(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 64)
    with pytest.raises(BadInput, match="HEIC.*JPEG or PNG"):
        media.measure(path, max_duration_s=1)


def test_a_heic_that_is_none_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("pi_heif", reason="pi-heif is not installed: HEIC pictures are refused")
    path = tmp_path / "photo.heic"
    whole = (TESTS / "data" / "half_red.heic").read_bytes()
    for content in (whole[:300], whole[:100] + bytes(len(whole) - 100)):
        path.write_bytes(content)
        with pytest.raises(BadInput, match="not audio, a picture or a video"):
            media.measure(path, max_duration_s=1)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "JPEG XL"),
        (b"\xff\x0a\xfa\x7f", "JPEG XL"),
        (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG 2000"),
        (b"8BPS\x00\x01", "Photoshop"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
    ],
)
def test_a_format_that_is_not_read_is_called_by_its_name(tmp_path: Path, head: bytes, name: str) -> None:
    path = tmp_path / "picture"
    path.write_bytes(head + bytes(64))
    with pytest.raises(BadInput, match=f"^I cannot read {name} pictures. Please send it as JPEG or PNG.$"):
        media.measure(path, max_duration_s=1)


@pytest.mark.parametrize(
    ("mode", "form", "red"),
    [
        ("CMYK", "jpeg", [255, 0, 0]),
        ("CMYK", "tiff", [255, 0, 0]),
        ("YCbCr", "jpeg", [255, 0, 0]),
        ("P", "png", [255, 0, 0]),
        ("P", "gif", [255, 0, 0]),
        ("LAB", "tiff", [255, 0, 0]),
        ("L", "jpeg", [76, 76, 76]),
        ("LA", "png", [76, 76, 76]),
        ("1", "png", None),
    ],
)
def test_every_way_to_store_colours_becomes_rgb(tmp_path: Path, mode: str, form: str, red: list[int] | None) -> None:
    path = tmp_path / "picture"
    if mode == "LAB":
        to_lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
        made = ImageCms.applyTransform(half_red(), to_lab)
        assert made is not None
    else:
        made = half_red(mode="RGB").convert(mode)
    made.save(path, form)
    pixels = media.picture(path).pixels
    assert (pixels.shape, pixels.dtype) == ((40, 60, 3), np.uint8)
    if red is None:
        assert set(np.unique(pixels)) <= {0, 255}
    else:
        assert pixels[20, 10].tolist() == pytest.approx(red, abs=12)
        assert pixels[20, 50].tolist() != pytest.approx(red, abs=12)


def test_the_colours_are_those_that_the_profile_means(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for name in _media_picture._SRGB:
        profile = profile.replace(name, b"x" * len(name))
    swapped = profile.replace(b"rXYZ", b"?XYZ").replace(b"bXYZ", b"rXYZ").replace(b"?XYZ", b"bXYZ")
    path = tmp_path / "photo.png"
    half_red().save(path, icc_profile=swapped)
    assert media.picture(path).pixels[20, 10].tolist() == pytest.approx([0, 0, 255], abs=6)
    half_red(mode="RGBA").save(path, icc_profile=swapped)
    assert media.picture(path).pixels[20, 10].tolist() == pytest.approx([0, 0, 255], abs=6)
    for useless in (b"no profile", swapped[:200]):
        half_red().save(path, icc_profile=useless)
        assert media.picture(path).pixels[20, 10].tolist() == [255, 0, 0]


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
