"""Pocket TTS on a tiny network that is built here; how it is loaded and called is the real way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tones import pink

from core.capabilities import StyledSpeakArgs
from core.errors import BadInput, NoModel
from core.media import Audio
from core.models.base import Call
from core.models.speech.pocket_tts_hub import CODEC_ID, HUB_ID, PocketTtsHub
from core.settings import Settings

MARKS = {
    "audio_prompt_token": "<voice>",
    "audio_latent_token": "<latent>",
    "audio_prompt_bos_token": "<voice_bos>",
    "audio_bos_token": "<audio_bos>",
}
TEMPLATE = (
    "{% for m in messages %}{% for c in m['content'] %}{% if c['type'] == 'audio' %}<voice_bos><voice>"
    "{% else %}{{ c['text'] }}{% endif %}{% endfor %}{% endfor %}<audio_bos>"
)


def _tiny(folder: Path) -> None:
    import torch
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers
    from transformers import (
        GenerationConfig,
        PocketTTSAudioTokenizerConfig,
        PocketTTSAudioTokenizerModel,
        PocketTTSConfig,
        PocketTTSFeatureExtractor,
        PocketTTSForConditionalGeneration,
        PocketTTSProcessor,
        PreTrainedTokenizerFast,
    )

    letters = [*"<>|", *"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ,.!?'"]
    vocab = {sign: i for i, sign in enumerate(["<unk>", "<pad>", *MARKS.values(), *letters])}
    words = Tokenizer(models.WordLevel(vocab, unk_token="<unk>"))
    words.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=words, unk_token="<unk>", pad_token="<pad>", extra_special_tokens=MARKS, padding_side="left"
    )
    torch.manual_seed(0)
    ids = {f"{name}_id": vocab[token] for name, token in MARKS.items()}
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    config = PocketTTSConfig(
        flow_head_config={
            "hidden_size": 16,
            "num_hidden_layers": 1,
            "latent_dim": 4,
            "condition_dim": 16,
            "frequency_embedding_size": 8,
        },
        vocab_size=len(tokenizer),
        latent_dim=4,
        pad_token_id=vocab["<pad>"],
        **sizes,
        **ids,
    )
    model = PocketTTSForConditionalGeneration(config)
    model.generation_config = GenerationConfig(
        num_flow_steps=1, eos_threshold=-100.0, temperature=0.7, do_sample=True, use_cache=True
    )
    model.save_pretrained(folder / HUB_ID)
    codec = PocketTTSAudioTokenizerModel(
        PocketTTSAudioTokenizerConfig(
            hidden_size=16,
            num_filters=2,
            upsampling_ratios=[6, 5, 4],
            upsample_groups=16,
            num_hidden_layers=1,
            intermediate_size=16,
            num_attention_heads=2,
            num_key_value_heads=2,
            latent_dim=4,
        )
    )
    codec.save_pretrained(folder / CODEC_ID)
    PocketTTSProcessor(PocketTTSFeatureExtractor(), tokenizer, chat_template=TEMPLATE).save_pretrained(folder / HUB_ID)


@pytest.fixture(scope="module")
def pocket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PocketTtsHub]:
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # so small a network only waits for its threads where others work too
    folder = tmp_path_factory.mktemp("hub")
    _tiny(folder)
    settings = Settings(_env_file=None, hub_dir=folder, data_dir=folder / "data")
    assert PocketTtsHub.missing(settings) is None
    model = PocketTtsHub(settings)
    model.load("cpu")
    yield model
    torch.set_num_threads(threads)


def said(model: PocketTtsHub, text: str, reference: Audio, seed: int = 0) -> Audio:
    call: Call[Any] = Call(StyledSpeakArgs(text=text, reference="r"), {"reference": (reference,)}, seed)
    media = model.run(call).media[0].media
    assert isinstance(media, Audio)
    return media


def test_it_says_a_text_after_a_reference(pocket: PocketTtsHub, speech: Audio) -> None:
    first = said(pocket, "Good morning everybody.", speech)
    assert first.sample_rate == 24_000
    assert first.samples.shape[0] == 1
    assert first.samples.shape[1] % 1920 == 0
    assert first.samples.any()
    assert np.abs(first.samples).max() <= 0.9
    assert np.array_equal(first.samples, said(pocket, "Good morning everybody.", speech).samples)
    assert not np.array_equal(first.samples, said(pocket, "Good morning everybody.", speech, seed=1).samples)
    other = Audio(speech.samples[:, ::-1].copy(), speech.sample_rate)
    assert not np.array_equal(first.samples, said(pocket, "Good morning everybody.", other).samples)


def test_long_texts_go_in_chunks(pocket: PocketTtsHub, speech: Audio) -> None:
    text = "The train leaves at nine. " * 8
    assert said(pocket, text, speech).samples.shape[1] > 2 * said(pocket, "Good morning.", speech).samples.shape[1]


def test_it_refuses(pocket: PocketTtsHub, speech: Audio) -> None:
    with pytest.raises(BadInput, match="nothing to say"):
        said(pocket, "...", speech)
    with pytest.raises(BadInput):
        said(pocket, "Доброе утро, дорогие друзья", speech)
    with pytest.raises(BadInput, match="at least 3 seconds"):
        said(pocket, "Good morning.", Audio(0.1 * pink(80_000, 0)[None], 16_000))


def test_without_weights_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    settings = Settings(_env_file=None, data_dir=tmp_path, hub_dir=tmp_path / "none")
    assert HUB_ID in (PocketTtsHub.missing(settings) or "")
    with pytest.raises(NoModel, match=HUB_ID):
        PocketTtsHub(settings).load("cpu")
