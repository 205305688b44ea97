"""SeamlessM4T v2 on a tiny network that is built here; how it is loaded and called is the real way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.capabilities import TranslateSpeechArgs, TranslateTextArgs
from core.errors import BadInput, NoModel
from core.media import Audio
from core.models.base import Call, Output
from core.models.speech import seamless_hub
from core.models.speech.seamless_hub import HUB_ID, LANGUAGES, NAMES, SPOKEN, SeamlessHub, SeamlessTextHub
from core.settings import Settings

LETTERS = "abcdefghijklmnopqrstuvwxyz."


def _tiny(folder: Path) -> None:
    import torch
    from transformers import (
        GenerationConfig,
        SeamlessM4TFeatureExtractor,
        SeamlessM4TProcessor,
        SeamlessM4TTokenizer,
        SeamlessM4Tv2Config,
        SeamlessM4Tv2Model,
    )

    signs = ["<pad>", "<unk>", "<s>", "</s>", "▁", *LETTERS, *(f"__{code}__" for code in NAMES.values())]
    vocab = {sign: i for i, sign in enumerate(signs)}
    marks = [f"__{code}__" for code in NAMES.values()]
    tokenizer = SeamlessM4TTokenizer(vocab=vocab, merges=[], additional_special_tokens=marks)
    torch.manual_seed(0)
    config = SeamlessM4Tv2Config(
        vocab_size=len(tokenizer), t2u_vocab_size=30, char_vocab_size=40, hidden_size=16, encoder_layers=1,
        encoder_ffn_dim=16, encoder_attention_heads=2, decoder_layers=1, decoder_ffn_dim=16,
        decoder_attention_heads=2, speech_encoder_layers=1, speech_encoder_attention_heads=2,
        speech_encoder_intermediate_size=16, t2u_encoder_layers=1, t2u_encoder_ffn_dim=16,
        t2u_encoder_attention_heads=2, t2u_decoder_layers=1, t2u_decoder_ffn_dim=16, t2u_decoder_attention_heads=2,
        t2u_variance_predictor_embed_dim=16, t2u_variance_predictor_hidden_dim=8, upsample_initial_channel=32,
        unit_hifi_gan_vocab_size=30, unit_embed_dim=16, lang_embed_dim=8, spkr_embed_dim=8, vocoder_num_spkrs=2,
        vocoder_offset=0,  # untrained, it may choose any unit
    )  # fmt: skip
    model = SeamlessM4Tv2Model(config)
    codes = list(NAMES.values())
    letters = {sign: i for i, sign in enumerate(["<pad>", "<unk>", *LETTERS, "▁"])}
    model.generation_config = GenerationConfig(
        max_new_tokens=12, min_new_tokens=12, num_beams=1,
        decoder_start_token_id=3, bos_token_id=2, pad_token_id=0, eos_token_id=3,
        suppress_tokens=[0, 1, 2, *(vocab[mark] for mark in marks)],
    )  # fmt: skip
    model.generation_config.text_decoder_lang_to_code_id = {code: vocab[f"__{code}__"] for code in codes}
    model.generation_config.t2u_lang_code_to_id = {NAMES[code]: 4 + i % 20 for i, code in enumerate(SPOKEN)}
    model.generation_config.vocoder_lang_code_to_id = {NAMES[code]: i for i, code in enumerate(SPOKEN)}
    model.generation_config.id_to_text = {str(i): sign for sign, i in vocab.items()}
    model.generation_config.char_to_id = letters
    model.save_pretrained(folder / HUB_ID)
    SeamlessM4TProcessor(SeamlessM4TFeatureExtractor(), tokenizer).save_pretrained(folder / HUB_ID)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("hub")
    _tiny(folder)
    return Settings(_env_file=None, hub_dir=folder, data_dir=folder / "data", hub=True, allow_noncommercial=True)


@pytest.fixture(scope="module")
def interpreter(tiny: Settings) -> Iterator[SeamlessHub]:
    model = SeamlessHub(tiny)
    model.load("cpu")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seamless_hub, "_MOST_TOKENS", 12)  # untrained, it would never end by itself
        yield model


def translate(model: SeamlessHub, clip: Audio, **args: Any) -> Output:
    return model.run(Call(TranslateSpeechArgs(audio="clip", **args), {"audio": (clip,)}))


def test_speech_becomes_text_of_the_target_language(
    interpreter: SeamlessHub, speech: Audio, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []
    generate = type(interpreter._model).generate

    def spy(network: Any, **options: Any) -> Any:
        asked.append(options)
        return generate(network, **options)

    monkeypatch.setattr(type(interpreter._model), "generate", spy)
    gap = np.zeros((1, 2 * speech.sample_rate), np.float32)
    long = Audio(np.concatenate([speech.samples, gap] * 4, axis=1), speech.sample_rate)
    output = translate(interpreter, long, target_language="zh", source_language="en")
    assert [once["tgt_lang"] for once in asked] == ["cmn"] * len(asked)
    assert len(asked) == len(output.facts["segments"]) > 1
    assert output.text == "".join(segment["text"] for segment in output.facts["segments"])
    assert set(output.text) <= set(LETTERS + " ")
    assert not output.media
    assert output.facts["segments"][-1]["end"] <= output.facts["duration"]
    assert translate(interpreter, long, target_language="zh").text == output.text


def test_speech_becomes_speech_where_the_network_has_a_voice(interpreter: SeamlessHub, speech: Audio) -> None:
    output = translate(interpreter, speech, target_language="de", output="speech")
    sound = output.media[0].media
    assert isinstance(sound, Audio)
    assert sound.sample_rate == 16_000
    assert sound.samples.any() and np.abs(sound.samples).max() <= 0.9
    assert output.text
    with pytest.raises(BadInput, match="into Afrikaans as text, but have no voice"):
        translate(interpreter, speech, target_language="af", output="speech")


def test_it_refuses_what_it_cannot_translate(interpreter: SeamlessHub, speech: Audio) -> None:
    with pytest.raises(BadInput, match="already in English"):
        translate(interpreter, speech, target_language="en", source_language="en")
    with pytest.raises(BadInput, match="into tlh"):
        translate(interpreter, speech, target_language="tlh")
    with pytest.raises(BadInput, match="no speech"):
        translate(interpreter, Audio(np.zeros((1, 48_000), np.float32), 16_000), target_language="de")


def test_text_becomes_text(tiny: Settings) -> None:
    model = SeamlessTextHub(tiny)
    model.load("cpu")
    call = Call(TranslateTextArgs(text="Guten Morgen. Wie geht es dir?\n\n- ja und nein", target_language="fr"))
    output = model.run(call)
    assert output.facts == {"source_language": "de", "target_language": "fr"}
    assert [line[:2] for line in (output.text or "").split("\n")][1:] == ["", "- "]
    assert model.run(call).text == output.text


def test_the_weights_are_for_no_commercial_use_and_have_to_be_there(tmp_path: Path) -> None:
    assert not SeamlessHub.commercial and not SeamlessTextHub.commercial
    assert set(SPOKEN) <= set(LANGUAGES)
    assert len(set(NAMES.values())) == len(NAMES)
    empty = Settings(_env_file=None, hub_dir=tmp_path)
    for kind in (SeamlessHub, SeamlessTextHub):
        with pytest.raises(NoModel, match=f"hf download {HUB_ID}"):
            kind(empty).load("cpu")
