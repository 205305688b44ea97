"""The speaking language models, on tiny networks; how they are loaded and called is the real way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.capabilities import SpeakArgs
from core.errors import BadInput, NoModel
from core.media import Audio
from core.models.base import Call
from core.models.speech import spoken_lm_hub
from core.models.speech.spoken_lm_hub import CODEC_ID, CsmHub, DiaHub
from core.settings import Settings

LETTERS = "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ.,?!'[]0"


def tiny_dia(folder: Path) -> None:
    import torch
    from transformers import (
        DacConfig,
        DacModel,
        DiaConfig,
        DiaFeatureExtractor,
        DiaForConditionalGeneration,
        DiaTokenizer,
    )

    torch.manual_seed(0)
    heads = {"num_attention_heads": 2, "num_key_value_heads": 2, "head_dim": 8}
    cross = {
        "cross_num_attention_heads": 2,
        "cross_head_dim": 8,
        "cross_num_key_value_heads": 2,
        "cross_hidden_size": 16,
    }
    sizes = {"num_hidden_layers": 1, "hidden_size": 16, "intermediate_size": 16}
    config = DiaConfig(encoder_config={**sizes, **heads}, decoder_config={**sizes, **heads, **cross})
    DiaForConditionalGeneration(config).save_pretrained(folder / DiaHub.source)
    DiaFeatureExtractor(sampling_rate=44_100, hop_length=8).save_pretrained(folder / DiaHub.source)
    DiaTokenizer().save_pretrained(folder / DiaHub.source)
    codec = DacConfig(
        encoder_hidden_size=4, downsampling_ratios=[2, 4], upsampling_ratios=[4, 2], decoder_hidden_size=16,
        sampling_rate=44_100, hidden_size=16,
    )  # fmt: skip
    DacModel(codec).save_pretrained(folder / CODEC_ID)


def tiny_csm(folder: Path) -> None:
    import torch
    from tokenizers import Regex, Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Split
    from transformers import (
        CsmConfig,
        CsmForConditionalGeneration,
        CsmProcessor,
        EncodecFeatureExtractor,
        PreTrainedTokenizerFast,
    )

    audio = ["<|AUDIO|>", "<|audio_eos|>"]
    vocab = {sign: i for i, sign in enumerate(["<pad>", "<s>", "</s>", "<unk>", *audio, *LETTERS])}
    letters = Tokenizer(WordLevel(vocab, unk_token="<unk>"))
    letters.pre_tokenizer = Split(Regex("."), "isolated")
    marks = {"pad_token": "<pad>", "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=letters, extra_special_tokens=audio, **marks)
    torch.manual_seed(0)
    sizes = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1}
    heads = {"num_attention_heads": 2, "num_key_value_heads": 2}
    depth = {"num_codebooks": 4, "backbone_hidden_size": 16, "vocab_size": 35, "max_position_embeddings": 5}
    codec = {
        "model_type": "mimi", "num_filters": 4, "upsampling_ratios": [16, 16], "codebook_size": 64, "codebook_dim": 8,
        "num_quantizers": 4, "vector_quantization_hidden_dimension": 8, "upsample_groups": 16, "sliding_window": 16,
    }  # fmt: skip
    CsmForConditionalGeneration(
        CsmConfig(
            num_codebooks=4, vocab_size=35, text_vocab_size=len(vocab), max_position_embeddings=512, pad_token_id=0,
            bos_token_id=1, audio_token_id=4, audio_eos_token_id=5, codebook_pad_token_id=33, codebook_eos_token_id=34,
            depth_decoder_config={**depth, **sizes, **heads}, codec_config={**codec, **sizes, **heads},
            **sizes, **heads,
        )
    ).save_pretrained(folder / CsmHub.source)  # fmt: skip
    CsmProcessor(EncodecFeatureExtractor(sampling_rate=24_000), tokenizer).save_pretrained(folder / CsmHub.source)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("hub")
    tiny_dia(folder)
    tiny_csm(folder)
    return Settings(_env_file=None, hub_dir=folder, data_dir=folder / "data", hub=True)


@pytest.fixture(params=[DiaHub, CsmHub], ids=lambda c: c.id)
def voice(request: pytest.FixtureRequest, tiny: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(spoken_lm_hub, "_FRAMES_PER_CHARACTER", 1)  # untrained, they would never end by themselves
    monkeypatch.setattr(spoken_lm_hub, "_FRAMES_MORE", 30)
    model = request.param(tiny)
    model.load("cpu")
    return model


def said(model: Any, text: str, **more: Any) -> Audio:
    media = model.run(Call(SpeakArgs(text=text, **more.pop("args", {})), **more)).media[0].media
    assert isinstance(media, Audio)
    return media


def test_speaks_at_its_codecs_rate_the_same_way_for_a_seed(voice: Any) -> None:
    asked: list[dict[str, Any]] = []
    generate = voice._model.generate

    def spy(**options: Any) -> Any:
        codes = generate(**options)
        asked.append(options)
        return codes

    voice._model.generate = spy
    first, second, third = (said(voice, "Hello there.", seed=seed) for seed in (1, 1, 2))
    assert all(once["do_sample"] for once in asked)
    assert first.sample_rate == {"dia": 44_100, "csm": 24_000}[voice.id]
    assert np.isfinite(first.samples).all()
    assert 0 < np.abs(first.samples).max() <= 10 ** (-1 / 20)
    assert np.array_equal(first.samples, second.samples)
    if voice.id == "dia":  # the untrained codec of the other one gives the same sound for all codes
        assert first.samples.shape != third.samples.shape or not np.array_equal(first.samples, third.samples)


def test_speed_changes_the_length_alone(voice: Any) -> None:
    normal, fast = said(voice, "Hello there."), said(voice, "Hello there.", args={"speed": 2.0})
    assert fast.samples.shape[1] == round(normal.samples.shape[1] / 2)


def test_sentences_are_gathered_into_passages(voice: Any) -> None:
    passages = voice._sentences("One. Two. Three.\n\nFour. " + "And a longer one, word by word. " * 10)
    assert passages[0].text == "One. Two. Three."
    assert passages[0].pause_s > 0
    assert max(len(p.text) for p in passages) < 220
    assert sum(p.text.count("longer") for p in passages) == 10


def test_other_languages_are_refused(voice: Any) -> None:
    with pytest.raises(BadInput, match=r"German aloud here\. I have: English"):
        voice.run(Call(SpeakArgs(text="Guten Morgen, wie geht es dir?")))


def test_without_weights_there_is_no_model(tmp_path: Path) -> None:
    empty = Settings(_env_file=None, hub_dir=tmp_path)
    for kind in (DiaHub, CsmHub):
        with pytest.raises(NoModel, match=f"hf download {kind.source}"):
            kind(empty).load("cpu")
