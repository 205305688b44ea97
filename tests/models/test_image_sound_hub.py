"""A picture's sound by hub models, on tiny networks that are built from a config and saved to disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny import tiny_audioldm2, tiny_florence2, tiny_stable_audio

from core.capabilities import ImageSoundArgs
from core.errors import Cancelled, ModelFailed, NoModel
from core.media import Audio, Picture
from core.models.base import Call, Output, Tier
from core.models.image.florence2_hub import Florence2Hub
from core.models.image.seen_heard_hub import SeenHeardAudioLdm2, SeenHeardStableAudio
from core.models.sound.audioldm2_hub import AudioLdm2Hub
from core.models.sound.stable_audio_hub import StableAudioHub
from core.settings import Settings

Chain = type[SeenHeardAudioLdm2] | type[SeenHeardStableAudio]
BOTH = pytest.mark.parametrize("chain", [SeenHeardAudioLdm2, SeenHeardStableAudio])
STEPS = 2
pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"),  # diffusers
    pytest.mark.filterwarnings("ignore:.*weight_norm. is deprecated:FutureWarning"),  # diffusers, of torch
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("hub")
    tiny_florence2(made / Florence2Hub.source)
    tiny_audioldm2(made / AudioLdm2Hub.source)
    tiny_stable_audio(made / StableAudioHub.source)
    return made


@pytest.fixture(scope="module", autouse=True)
def few_steps() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for maker in (AudioLdm2Hub, StableAudioHub):
            patch.setattr(maker, "steps", STEPS)
        patch.setattr(Florence2Hub, "writing", {"max_new_tokens": 8})
        # Its published scheduler wants torchsde, which is not installed here; the tiny one has the other that fits it.
        patch.setattr(StableAudioHub, "extra", ("diffusers",))
        yield


@pytest.fixture(scope="module", params=[SeenHeardAudioLdm2, SeenHeardStableAudio])
def model(request: pytest.FixtureRequest, folder: Path) -> Any:
    chain: Chain = request.param
    settings = Settings(_env_file=None, hub_dir=folder, data_dir=folder / "data")
    assert chain.missing(settings) is None
    loaded = chain(settings)
    loaded.load("cpu")
    return loaded


def sound_of(model: Any, seed: int = 0, shown: int = 0, **more: Any) -> Output:
    pixels = np.random.default_rng(shown).integers(0, 256, (40, 60, 3)).astype(np.uint8)
    call = Call(ImageSoundArgs(image="i", seconds=2), {"image": (Picture(pixels),)}, seed=seed, **more)
    output = model.run(call)
    assert isinstance(output, Output)
    return output


def test_a_pictures_sound_is_made_of_the_sentence_that_is_told(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    described: list[str] = []
    made = model.maker._made
    monkeypatch.setattr(
        model.maker,
        "_made",
        lambda self, words, *more, **others: described.append(words) or made(self, words, *more, **others),
    )
    output = sound_of(model)
    (seen,) = described
    assert output.text == f"I saw “{seen}”, so I made the sound of that."
    assert output.facts["seen"] == output.facts["made"] == seen
    assert output.media[0].name == "picture-sound"
    clip = output.media[0].media
    assert isinstance(clip, Audio) and clip.samples.any() and clip.samples.shape[1] == 2 * clip.sample_rate


def test_a_seed_gives_the_same_sound_again(model: Any) -> None:
    first, again, other = (sound_of(model, seed).media[0].media for seed in (3, 3, 4))
    assert isinstance(first, Audio) and isinstance(again, Audio) and isinstance(other, Audio)
    np.testing.assert_array_equal(first.samples, again.samples)
    assert not np.allclose(first.samples, other.samples, atol=1e-4)


def test_it_tells_how_far_it_is_and_stops_between_two_steps(model: Any) -> None:
    fractions: list[float] = []
    sound_of(model, progress=fractions.append)
    assert fractions == sorted(fractions) and fractions[0] > 0 and fractions[-1] == pytest.approx(1)

    def stop(fraction: float) -> None:
        if fraction == pytest.approx(0.65):
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        sound_of(model, progress=stop)


def test_a_picture_that_gives_no_words_gives_no_sound(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model._describing._processor, "decode", lambda *args, **options: " . ")
    with pytest.raises(ModelFailed, match="No words"):
        sound_of(model)


@BOTH
def test_each_of_its_two_networks_is_missed_where_it_is_not(chain: Chain, folder: Path, tmp_path: Path) -> None:
    settings = Settings(_env_file=None, hub_dir=tmp_path, data_dir=tmp_path)
    assert f"hf download {Florence2Hub.source}" in (chain.missing(settings) or "")
    with pytest.raises(NoModel, match="cannot run here"):
        chain(settings).load("cpu")
    (tmp_path / "florence-community").symlink_to(folder / "florence-community")
    assert f"hf download {chain.maker.source}" in (chain.missing(settings) or "")
    with pytest.raises(NoModel, match="cannot run here"):
        chain(settings).load("cpu")


@BOTH
def test_it_is_under_both_licences(chain: Chain) -> None:
    assert chain.tier is Tier.HUB and not chain.commercial
    assert set(chain.licence.split(" AND ")) == {Florence2Hub.licence, chain.maker.licence}
