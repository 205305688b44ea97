"""Hub models of pictures, on tiny networks that are built from a config and saved to disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from tiny import tiny_florence2

from core.capabilities import DrawArgs, ImageArgs
from core.errors import Cancelled, NoModel, Unsafe
from core.media import Picture
from core.models.base import Call
from core.models.image.blip_hub import BlipHub
from core.models.image.florence2_hub import Florence2Hub
from core.models.image.stable_diffusion_hub import StableDiffusionHub
from core.settings import Settings

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
"""numpy 2's, of torch's tensors inside diffusers."""

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[DEC]", "[ENC]", "a", "cat", "on", "mat", "red", "dog"]


def noise() -> Picture:
    return Picture(np.random.default_rng(0).integers(0, 256, (40, 60, 3)).astype(np.uint8))


def hub_settings(local: Settings, folder: Path) -> Settings:
    return local.model_copy(update={"hub": True, "hub_dir": folder})


def tiny_blip(folder: Path) -> None:
    from transformers import (
        BertTokenizerFast,
        BlipConfig,
        BlipForConditionalGeneration,
        BlipImageProcessor,
        BlipProcessor,
        BlipTextConfig,
        BlipVisionConfig,
    )

    torch.manual_seed(0)
    sizes = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    text = BlipTextConfig(
        vocab_size=len(WORDS),
        encoder_hidden_size=16,
        bos_token_id=5,
        eos_token_id=3,
        pad_token_id=0,
        sep_token_id=3,
        **sizes,
    )
    vision = BlipVisionConfig(image_size=32, patch_size=16, **sizes)
    BlipForConditionalGeneration(
        BlipConfig(text_config=text.to_dict(), vision_config=vision.to_dict())
    ).save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(WORDS))
    tokenizer = BertTokenizerFast(str(folder / "vocab.txt"))
    BlipProcessor(BlipImageProcessor(size={"height": 32, "width": 32}), tokenizer).save_pretrained(folder)


def tiny_stable_diffusion(folder: Path) -> None:
    from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

    torch.manual_seed(0)
    unet = UNet2DConditionModel(
        block_out_channels=(8, 16), layers_per_block=1, sample_size=8, in_channels=4, out_channels=4, norm_num_groups=4,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"), up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=16, attention_head_dim=4,
    )  # fmt: skip
    vae = AutoencoderKL(
        block_out_channels=(8, 8), in_channels=3, out_channels=3, latent_channels=4, norm_num_groups=4, sample_size=16,
        down_block_types=("DownEncoderBlock2D",) * 2, up_block_types=("UpDecoderBlock2D",) * 2,
    )  # fmt: skip
    letters = [chr(c) for c in range(97, 123)]
    vocabulary = [*letters, *(f"{c}</w>" for c in letters), "<|startoftext|>", "<|endoftext|>"]
    (folder / "words").mkdir(parents=True)
    import json

    (folder / "words" / "vocab.json").write_text(json.dumps({word: n for n, word in enumerate(vocabulary)}))
    (folder / "words" / "merges.txt").write_text("#version: 0.2\n")
    files = [str(folder / "words" / name) for name in ("vocab.json", "merges.txt")]
    tokenizer = CLIPTokenizer(*files, model_max_length=77)
    text = CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(vocabulary), hidden_size=16, intermediate_size=16, num_hidden_layers=1, bos_token_id=52,
            num_attention_heads=2, eos_token_id=53, pad_token_id=53,
        )
    )  # fmt: skip
    StableDiffusionPipeline(
        vae=vae, text_encoder=text, tokenizer=tokenizer, unet=unet, safety_checker=None, feature_extractor=None,
        scheduler=DDIMScheduler(steps_offset=1, clip_sample=False), requires_safety_checker=False,
    ).save_pretrained(folder)  # fmt: skip


@pytest.fixture(scope="module")
def painter(local: Settings, tmp_path_factory: pytest.TempPathFactory) -> StableDiffusionHub:
    folder = tmp_path_factory.mktemp("sd")
    tiny_stable_diffusion(folder / StableDiffusionHub.source)
    model = StableDiffusionHub(hub_settings(local, folder))
    model.steps = 3  # type: ignore[misc]  # three are enough to see that they are counted
    model.load("cpu")
    return model


def test_blip_describes_a_picture(local: Settings, tmp_path: Path) -> None:
    tiny_blip(tmp_path / BlipHub.source)
    model = BlipHub(hub_settings(local, tmp_path))
    assert BlipHub.missing(model.settings) is None
    model.load("cpu")
    text = model.run(Call(ImageArgs(image="i"), {"image": (noise(),)})).text
    assert text and text.endswith(".") and len(text) > 2


@pytest.fixture(scope="module")
def florence2(local: Settings, tmp_path_factory: pytest.TempPathFactory) -> Florence2Hub:
    folder = tmp_path_factory.mktemp("florence")
    tiny_florence2(folder / Florence2Hub.source)
    assert Florence2Hub.missing(hub_settings(local, folder)) is None
    model = Florence2Hub(hub_settings(local, folder))
    model.load("cpu")
    return model


def test_florence2_is_asked_for_a_description_of_the_picture(
    florence2: Florence2Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, torch.Tensor] = {}
    generate = florence2._model.generate
    monkeypatch.setattr(florence2._model, "generate", lambda **inputs: given.update(inputs) or generate(**inputs))
    monkeypatch.setattr(Florence2Hub, "writing", {"max_new_tokens": 12, "num_beams": 3})
    text = florence2.run(Call(ImageArgs(image="i"), {"image": (noise(),)})).text or ""
    assert text[0].isupper() and text.endswith(".") and text[1:-1].isalpha()
    asked = florence2._processor.decode(given["input_ids"][0], skip_special_tokens=True)
    assert asked == "Describe in detail what is shown in the image."
    assert given["pixel_values"].shape == (1, 3, 64, 64)


def test_a_picture_is_drawn_step_by_step_and_again_the_same(painter: StableDiffusionHub) -> None:
    heard: list[float] = []
    first = painter.run(Call(DrawArgs(description="a red cat"), seed=5, progress=heard.append))
    media = first.media[0].media
    assert isinstance(media, Picture)
    assert media.pixels.dtype == np.uint8 and media.pixels.shape[2] == 3
    assert heard == pytest.approx([1 / 3, 2 / 3, 1.0])
    again = painter.run(Call(DrawArgs(description="a red cat"), seed=5)).media[0].media
    other = painter.run(Call(DrawArgs(description="a red cat"), seed=6)).media[0].media
    assert isinstance(again, Picture) and isinstance(other, Picture)
    assert np.array_equal(media.pixels, again.pixels)
    assert not np.array_equal(media.pixels, other.pixels)


def test_drawing_stops_between_two_steps(painter: StableDiffusionHub) -> None:
    steps = 0

    def stop(fraction: float) -> None:
        nonlocal steps
        steps += 1
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        painter.run(Call(DrawArgs(description="a dog"), progress=stop))
    assert steps == 1


def test_what_the_safety_checker_finds_is_not_shown(
    painter: StableDiffusionHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Found:
        nsfw_content_detected = [True]
        images = np.zeros((1, 8, 8, 3))

    monkeypatch.setattr(painter, "_pipeline", lambda *args, **options: Found())
    with pytest.raises(Unsafe):
        painter.run(Call(DrawArgs(description="x")))


@pytest.mark.parametrize("model", [BlipHub, Florence2Hub, StableDiffusionHub])
def test_without_weights_it_says_what_to_do(local: Settings, tmp_path: Path, model: type) -> None:
    settings = hub_settings(local, tmp_path)
    assert "hf download" in model.missing(settings)
    with pytest.raises(NoModel):
        model(settings).load("cpu")
