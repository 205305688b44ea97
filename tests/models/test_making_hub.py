"""Hub models that make sounds, on tiny pipelines that are built here; they are loaded and called in the real way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyloudnorm
import pytest
from tiny import tiny_audioldm2, tiny_stable_audio

from core.capabilities import SoundArgs
from core.errors import Cancelled, ModelFailed, NoModel, OverLimit
from core.media import Audio
from core.models.base import Call
from core.models.sound._diffusion_hub import DiffusionHub
from core.models.sound.audioldm2_hub import AudioLdm2Hub
from core.models.sound.stable_audio_hub import StableAudioHub
from core.settings import Settings

Hub = type[DiffusionHub]
BOTH = pytest.mark.parametrize("hub", [AudioLdm2Hub, StableAudioHub])
STEPS = 3
pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"),  # diffusers
    pytest.mark.filterwarnings("ignore:.*weight_norm. is deprecated:FutureWarning"),  # diffusers, of torch
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("hub")
    tiny_audioldm2(made / AudioLdm2Hub.source)
    tiny_stable_audio(made / StableAudioHub.source)
    return made


@pytest.fixture(autouse=True)
def few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    for hub in (AudioLdm2Hub, StableAudioHub):
        monkeypatch.setattr(hub, "steps", STEPS)
    # Its published scheduler wants torchsde, which is not installed here; the tiny one has the other that fits it.
    monkeypatch.setattr(StableAudioHub, "extra", ("diffusers",))


def loaded(hub: Hub, folder: Path) -> DiffusionHub:
    model = hub(Settings(_env_file=None, hub_dir=folder, data_dir=folder / "data"))
    model.load("cpu")
    return model


def clip(model: DiffusionHub, description: str = "a dog barks", seconds: float | None = 2.0, **more: Any) -> Audio:
    media = model.run(Call(SoundArgs(description=description, seconds=seconds), **more)).media[0].media
    assert isinstance(media, Audio)
    return media


@pytest.mark.parametrize(("hub", "rate", "channels"), [(AudioLdm2Hub, 16_000, 1), (StableAudioHub, 4000, 2)])
def test_words_become_a_clip_as_long_as_is_asked_and_as_loud_as_others(
    hub: Hub, rate: int, channels: int, folder: Path
) -> None:
    made = clip(loaded(hub, folder))
    assert (made.samples.shape, made.sample_rate) == ((channels, 2 * rate), rate)
    loudness = pyloudnorm.Meter(rate).integrated_loudness(made.samples.T.astype(np.float64))
    peak = float(np.abs(made.samples).max())
    assert loudness == pytest.approx(-18, abs=0.1) or (
        loudness < -18 and peak == pytest.approx(10 ** (-1 / 20), rel=0.05)
    )
    assert peak < 1


@BOTH
def test_a_seed_gives_the_same_sound_and_other_words_another(hub: Hub, folder: Path) -> None:
    model = loaded(hub, folder)
    first = clip(model, seed=3).samples
    np.testing.assert_array_equal(first, clip(model, seed=3).samples)
    assert not np.allclose(first, clip(model, seed=4).samples, atol=1e-4)
    assert not np.array_equal(first, clip(model, "heavy rain", seed=3).samples)


@BOTH
def test_every_step_tells_how_far_it_is_and_can_be_the_last(hub: Hub, folder: Path) -> None:
    model = loaded(hub, folder)
    fractions: list[float] = []
    clip(model, progress=fractions.append)
    assert fractions == pytest.approx([n / STEPS for n in range(STEPS + 1)])

    def stop(fraction: float) -> None:
        if fraction > 0:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        clip(model, progress=stop)
    assert clip(model).samples.any()


@BOTH
def test_what_is_too_long_and_what_comes_out_silent_is_refused(
    hub: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = loaded(hub, folder)
    with pytest.raises(OverLimit, match=f"up to {hub.longest_s:.0f} seconds"):
        clip(model, seconds=hub.longest_s + 1)
    monkeypatch.setattr(hub, "_made", lambda *args, **options: (np.full((1, 4000), np.nan, np.float32), 4000))
    with pytest.raises(ModelFailed, match="silence"):
        clip(model)


def test_the_language_model_is_the_published_one_with_the_head_that_the_pipeline_wants(folder: Path) -> None:
    from transformers import GPT2LMHeadModel, GPT2Model

    model: Any = loaded(AudioLdm2Hub, folder)
    inside = model._pipeline.language_model
    assert isinstance(inside, GPT2LMHeadModel)
    published = GPT2Model.from_pretrained(folder / AudioLdm2Hub.source / "language_model")
    for name, weights in published.state_dict().items():
        np.testing.assert_array_equal(weights, inside.transformer.state_dict()[name], err_msg=name)


@BOTH
def test_without_weights_or_packages_there_is_no_model(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(_env_file=None, hub_dir=tmp_path, data_dir=tmp_path)
    assert "hf download" in (hub.missing(settings) or "")
    with pytest.raises(NoModel, match="cannot run here"):
        hub(settings).load("cpu")
    monkeypatch.setattr(hub, "extra", ("no_such_package",))
    assert hub.missing(settings) == "install no-such-package"


def test_weights_that_forbid_commercial_use_are_marked() -> None:
    assert not AudioLdm2Hub.commercial
    assert not StableAudioHub.commercial
