"""What a made file says of itself: read back by others' readers, in every container and in every copy that is sent."""

from __future__ import annotations

import subprocess
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image

from bots.layout import Limits
from bots.renditions import Rung, rendition
from core import media, recipes
from core._media_video import write_video
from core.artifacts import Artifact, ArtifactStore, Kind, Recipe, open_store
from core.jobs import Job
from core.media import Audio
from core.messages import Way
from core.runner import Runner
from core.settings import Settings

RECIPE = Recipe(
    capability="text_to_speech",
    model="hibari",
    model_version="2",
    weights_sha256="ab" * 32,
    args={"text": 'Grüße, 東京; #1 = \\ "x"\nnew line', "speed": 0.8},
    seed=77,
    parents=("0" * 24,),
    person="discord:4711-secret",
    wall_ms=12.5,
    device="cuda:7",
)
ABOUT = recipes.about(RECIPE)
assert ABOUT is not None
SOUND = Audio((0.3 * np.sin(np.arange(16001) / 10))[None].astype(np.float32), 16000)
FRAME = np.tile(np.arange(96, dtype=np.uint8)[None, :, None] * 2, (64, 1, 3))


def made(folder: Path, suffix: str) -> tuple[Path, str]:
    """A small file of a kind, without any metadata, and its media type."""
    path = folder / f"made{suffix}"
    if suffix == ".wav":
        media.write_wav(SOUND, path)
        return path, "audio/wav"
    if suffix == ".png":
        Image.fromarray(FRAME).save(path)
        return path, "image/png"
    if suffix == ".mp4":
        write_video([FRAME] * 10, (96, 64), 10.0, SOUND, path)
        return path, "video/mp4"
    if suffix == ".mid":
        track = b"\0\x90\x3c\x40\x60\x80\x3c\x40\0\xff\x2f\0"
        path.write_bytes(b"MThd\0\0\0\6\0\0\0\1\0\x60MTrk" + len(track).to_bytes(4) + track)
        return path, "audio/midi"
    media.write_wav(SOUND, folder / "origin.wav")
    form = suffix.removeprefix(".")
    media.encode(folder / "origin.wav", path, form)  # type: ignore[arg-type]
    return path, {"ogg": "audio/ogg", "mp3": "audio/mpeg", "m4a": "audio/mp4", "flac": "audio/flac"}[form]


def seen_by_ffmpeg(path: Path) -> str:
    run = subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-i", str(path)], capture_output=True, check=False
    )
    return run.stderr.decode()


CONTAINERS = (".wav", ".ogg", ".mp3", ".m4a", ".flac", ".mp4", ".png", ".mid")


@pytest.mark.parametrize("suffix", CONTAINERS)
def test_a_recipe_is_read_back_whole_from_every_container_and_names_no_person(tmp_path: Path, suffix: str) -> None:
    path, media_type = made(tmp_path, suffix)
    assert media.read_tag(path) is None
    media.tag(path, media_type, ABOUT)
    told = media.read_tag(path)
    assert told == ABOUT.recipe
    read = recipes.read(told)
    assert read is not None
    assert (read.capability, read.model, read.model_version, read.weights_sha256) == ("text_to_speech", "hibari", "2",
        "ab" * 32)  # fmt: skip
    assert (read.args, read.seed, read.parents) == (RECIPE.args, 77, RECIPE.parents)
    content = path.read_bytes()
    assert b"trainedAlgorithmicMedia" in content or b"TrainedAlgorithmicMedia" in content
    assert ABOUT.mark.encode() in content, "the mark that people see"
    assert not any(word in content for word in (b"secret", b"4711", b"discord", b"cuda"))
    media.tag(made(tmp_path, suffix)[0], media_type, ABOUT)
    assert path.read_bytes() == content, "the same again"


@pytest.mark.parametrize("suffix", (".wav", ".ogg", ".mp3", ".m4a", ".flac", ".mp4"))
def test_others_read_the_comment_and_hear_what_was_there(tmp_path: Path, suffix: str) -> None:
    path, media_type = made(tmp_path, suffix)
    before = media.decode(path)
    media.tag(path, media_type, ABOUT)
    assert '"made_by": "AudioGPT Bots", "ai": true' in seen_by_ffmpeg(path)
    assert np.array_equal(media.decode(path).samples, before.samples)


def test_a_video_still_starts_before_it_is_loaded_and_has_xmp(tmp_path: Path) -> None:
    path, media_type = made(tmp_path, ".mp4")
    before = media.measure(path, max_duration_s=9.0)[1]
    media.tag(path, media_type, ABOUT)
    content = path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")
    after = media.measure(path, max_duration_s=9.0)[1]
    assert (after.width, after.height, after.duration_s) == (before.width, before.height, before.duration_s)
    box = content.index(bytes.fromhex("be7acfcb97a942e89c71999491e3afac"))
    assert int.from_bytes(content[box - 8 : box - 4]) == len(content) - (box - 8), "the box ends where the file ends"
    assert content[box - 4 : box] == b"uuid"


def test_pictures_have_iptc_s_property_where_its_readers_look(tmp_path: Path) -> None:
    path, media_type = made(tmp_path, ".png")
    media.tag(path, media_type, ABOUT)
    jpeg = tmp_path / "sent.jpg"
    media.write_jpeg(path, jpeg, side=64, about=ABOUT)
    for file in (path, jpeg):
        with Image.open(file) as image:
            image.load()
            xmp = image.info["xmp"]
        assert b"<Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/" in xmp
    assert media.read_tag(jpeg) == ABOUT.recipe
    assert np.array_equal(media.picture(path).pixels, FRAME)


@pytest.mark.parametrize(
    ("weights", "parents", "term"),
    [
        ("ab", (), "trainedAlgorithmicMedia"),
        ("ab", ("0" * 24,), "compositeWithTrainedAlgorithmicMedia"),
        ("", (), "algorithmicMedia"),
        ("", ("0" * 24,), "algorithmicallyEnhanced"),
    ],
)
def test_the_source_type_is_true(weights: str, parents: tuple[str, ...], term: str) -> None:
    recipe = Recipe("x", "y", weights_sha256=weights, parents=parents)
    assert recipes.source_type(recipe) == f"http://cv.iptc.org/newscodes/digitalsourcetype/{term}"


def test_what_a_person_sent_says_nothing() -> None:
    assert recipes.about(Recipe(person="discord:4711")) is None


def test_a_recipe_that_is_too_long_is_shortened_and_is_none_to_be_repeated() -> None:
    about = recipes.about(Recipe("text_to_speech", "hibari", args={"text": "東" * 20_000, "speed": 1.5}))
    assert about is not None
    assert len(about.recipe) < 48_001
    assert '"speed": 1.5' in about.recipe
    assert recipes.read(about.recipe) is None


@pytest.mark.parametrize("text", ["", "{}", "made with love", "[1]", '{"made_by": "AudioGPT Bots"}', '{"made_by": 7}'])
def test_somebody_else_s_comment_is_no_recipe(text: str) -> None:
    assert recipes.read(text) is None


async def kept(settings: Settings, folder: Path, suffix: str, kind: Kind) -> tuple[Artifact, ArtifactStore]:
    path, media_type = made(folder, suffix)
    media.tag(path, media_type, ABOUT)
    store = open_store(settings)
    facts = media.measure(path, max_duration_s=9.0)[1]
    return Artifact(await store.put(path), kind, path.name, facts, recipe=RECIPE), store


NOTHING_NATIVE = Limits(text=9, caption=9, captioned=frozenset(), plays=frozenset())


@pytest.mark.parametrize(
    ("suffix", "kind", "rung"),
    [
        (".wav", Kind.AUDIO, Rung(Way.VOICE)),
        (".wav", Kind.AUDIO, Rung(Way.AUDIO)),
        (".wav", Kind.AUDIO, Rung(Way.AUDIO, smaller=True)),
        (".wav", Kind.AUDIO, Rung(Way.FILE)),
        (".mp4", Kind.VIDEO, Rung(Way.VIDEO)),
        (".mp4", Kind.VIDEO, Rung(Way.VIDEO_NOTE)),
        (".png", Kind.IMAGE, Rung(Way.IMAGE)),
    ],
)
async def test_every_copy_that_a_chat_is_sent_says_it_too(
    settings: Settings, tmp_path: Path, suffix: str, kind: Kind, rung: Rung
) -> None:
    artifact, store = await kept(settings, tmp_path, suffix, kind)
    async with rendition(artifact, rung, NOTHING_NATIVE, 1 << 20, store) as sent:
        assert sent is not None
        assert media.read_tag(sent.path) == ABOUT.recipe
        assert b"4711" not in sent.path.read_bytes()


async def test_a_worker_writes_it_into_what_it_makes(settings: Settings) -> None:
    store = open_store(settings)
    runner = Runner(settings, store, lambda job, fraction: None)
    job = Job(
        "0" * 32, "text_to_audio", "scene-composer", {"description": "rain", "seconds": 1.0}, person="x:4711", seed=5
    )
    (result,) = await runner.serve("scene-composer", [job])
    assert not isinstance(result, Exception)
    assert result.refusal is None
    (artifact,) = [a for a in result.artifacts if a.kind is Kind.AUDIO]
    async with store.local(artifact.id) as path:
        read = recipes.read(media.read_tag(path) or "")
        assert b"4711" not in path.read_bytes()
        assert path.stat().st_size == artifact.facts.size
    assert read is not None
    assert (read.capability, read.model, read.args, read.seed) == (job.capability, job.model, job.args, 5)
