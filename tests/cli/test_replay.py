"""`audiogpt replay`: what was made comes out the same again, or it is said why not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from PIL import Image

from bots.cli import replay as module
from bots.cli.ask import do
from bots.cli.replay import replay
from core import media, recipes
from core.artifacts import Artifact, Facts, Kind, Recipe, open_store
from core.capabilities import Args, Capability
from core.errors import WrongUse
from core.media import Audio
from core.models.base import Call, Made, Model, Output, Tier
from core.settings import Settings
from core.store import Store


class NoiseArgs(Args):
    text: str = ""


NOISE = Capability("noise", "make noise", "Make noise.", NoiseArgs, (Kind.AUDIO,), "nothing")


class Chance(Model[NoiseArgs]):
    """Pays no attention to its seed."""

    id: ClassVar[str] = "chance"
    capability = NOISE
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    memory_bytes = 1 << 20

    def load(self, device: str) -> None:
        return None

    def run(self, call: Call[NoiseArgs]) -> Output:
        noise = np.random.default_rng().uniform(-0.5, 0.5, (1, 4000)).astype(np.float32)
        return Output(media=(Made(Audio(noise, 8000), "noise"),))


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"models": f"{__name__}:Chance"})


async def made(settings: Settings, folder: Path, capability: str, *args: str, files: tuple[Path, ...] = ()) -> Any:
    answer = await do(settings, capability, list(args), list(files), [], folder)
    assert answer["refusal"] is None, answer
    return [Path(a["path"]) for a in answer["artifacts"]]


async def verdict(settings: Settings, what: Path | str, *attached: Path) -> tuple[str, str]:
    found = await replay(settings, str(what), list(attached))
    return found["verdict"], found["why"]


async def test_speech_and_edits_come_out_the_same(settings: Settings, tmp_path: Path) -> None:
    (speech,) = await made(settings, tmp_path, "text_to_speech", "text=The train leaves at nine.")
    assert await verdict(settings, speech) == ("same bytes", "")
    (edited,) = await made(settings, tmp_path, "audio_editing", "operation=reverb", files=(speech,))
    gone = ("cannot", "1 of the files that it was made from is no longer kept")
    assert await verdict(settings, edited) == gone
    assert await verdict(settings, edited, speech) == ("same bytes", "")
    assert await verdict(settings, edited, edited) == gone, "another file is not what it was made from"


@pytest.mark.parametrize(
    ("capability", "description"), [("text_to_music", "a calm piano piece"), ("text_to_audio", "rain and thunder")]
)
async def test_music_and_scenes_come_out_the_same(
    settings: Settings, tmp_path: Path, capability: str, description: str
) -> None:
    files = await made(settings, tmp_path, capability, f"description={description}", "seconds=4")
    for file in files[:2]:  # of music: the sound and the notes
        assert await verdict(settings, file) == ("same bytes", ""), file.name


async def test_the_file_that_a_chat_was_sent_is_known_again(settings: Settings, tmp_path: Path) -> None:
    (speech,) = await made(settings, tmp_path, "text_to_speech", "text=Hello there.")
    told = media.read_tag(speech)
    assert told is not None
    recipe = recipes.read(told)
    assert recipe is not None
    media.encode(speech, tmp_path / "voice.ogg", "ogg", about=recipes.about(recipe))
    assert await verdict(settings, tmp_path / "voice.ogg") == ("same bytes", "of the same encoding")


async def test_what_was_changed_differs_and_how_is_said(settings: Settings, tmp_path: Path) -> None:
    (speech,) = await made(settings, tmp_path, "text_to_speech", "text=Hello there.")
    whole, told = media.decode(speech), media.read_tag(speech)
    assert told is not None
    recipe = recipes.read(told)
    assert recipe is not None
    about = recipes.about(recipe)
    assert about is not None

    async def rewritten(samples: Any) -> tuple[str, str]:
        media.write_wav(Audio(samples, whole.sample_rate), tmp_path / "changed.wav")
        media.tag(tmp_path / "changed.wav", "audio/wav", replace(about, mark="another mark"))
        return await verdict(settings, tmp_path / "changed.wav")

    assert await rewritten(whole.samples) == ("same samples", "the sound; the files differ")
    louder = await rewritten(np.clip(whole.samples * 1.1, -1, 1))
    assert louder[0] == "differs"
    assert "apart" in louder[1]
    shorter = await rewritten(whole.samples[:, : whole.sample_rate // 4])
    assert shorter[0] == "differs"
    assert "0.25 s" in shorter[1]


async def test_a_model_that_is_not_deterministic_is_found_out(settings: Settings, tmp_path: Path) -> None:
    (noise,) = await made(settings, tmp_path, "noise")
    found = await verdict(settings, noise)
    assert found[0] == "differs"
    assert found[1].startswith("the model chance is not deterministic")


@pytest.fixture
async def kept(settings: Settings) -> AsyncIterator[Store]:
    store = await Store.open(settings.database)
    yield store
    await store.close()


async def put(settings: Settings, store: Store, path: Path, recipe: Recipe) -> str:
    key = await open_store(settings).put(path)
    await store.keep(Artifact(key, Kind.AUDIO, path.name, Facts("audio/wav", 1), recipe=recipe), "someone")
    return key


async def test_what_is_kept_is_made_again_by_its_id(settings: Settings, kept: Store, tmp_path: Path) -> None:
    (speech,) = await made(settings, tmp_path, "text_to_speech", "text=Hello there.")
    (edited,) = await made(settings, tmp_path, "audio_editing", "operation=echo", files=(speech,))
    told = [media.read_tag(path) for path in (speech, edited)]
    recipe, edit = [recipes.read(text) for text in told if text]
    assert recipe is not None
    assert edit is not None
    await put(settings, kept, speech, recipe)
    key = await put(settings, kept, edited, edit)
    assert await verdict(settings, key) == ("same bytes", "")
    await open_store(settings).delete(edit.parents[0])
    assert (await verdict(settings, key))[0] == "cannot"


@pytest.mark.parametrize(
    ("recipe", "why"),
    [
        (Recipe(), "it was sent by a person"),
        (Recipe("text_to_speech", "vox-9000"), "the model vox-9000 is not known"),
        (Recipe("text_to_image", "stable-diffusion-1.5"), "cannot run here"),
        (Recipe("audio_editing", "editor", args={"operation": "echo", "audios": ["0" * 24]}), "not made from"),
        (Recipe("text_to_speech", "hibari", args={"text": ""}), "text"),
    ],
)
async def test_why_it_cannot_be_made_again_is_said(
    settings: Settings, kept: Store, tmp_path: Path, recipe: Recipe, why: str
) -> None:
    media.write_wav(Audio(np.zeros((1, 800), np.float32), 8000), tmp_path / "a.wav")
    key = await put(settings, kept, tmp_path / "a.wav", recipe)
    found = await verdict(settings, key)
    assert found[0] == "cannot"
    assert why in found[1]


async def test_a_file_cannot_speak_for_who_is_imitated(settings: Settings, tmp_path: Path) -> None:
    media.write_wav(Audio(np.zeros((1, 800), np.float32), 8000), tmp_path / "a.wav")
    recipe = Recipe("voice_conversion", "world-vocoder", args={}, parents=())
    model = next(m for m in module.registry(settings).of("voice_conversion") if m.tier is Tier.BUNDLED)
    about = recipes.about(replace(recipe, model=model.id))
    assert about is not None
    media.tag(tmp_path / "a.wav", "audio/wav", about)
    found = await verdict(settings, tmp_path / "a.wav")
    assert found[0] == "cannot"
    assert "agreement" in found[1]


async def test_what_tells_nothing_or_is_not_there(settings: Settings, tmp_path: Path) -> None:
    await asyncio.to_thread(Image.new("RGB", (8, 8)).save, tmp_path / "own.png")
    (tmp_path / "notes.txt").write_text("made_by")
    for name in ("own.png", "notes.txt"):
        assert await verdict(settings, tmp_path / name) == ("cannot", "the file does not say how it was made")
    with pytest.raises(WrongUse, match="neither"):
        await replay(settings, str(tmp_path / "nothing.wav"), [])
    with pytest.raises(WrongUse, match="no artifact"):
        await replay(settings, "0" * 24, [])
