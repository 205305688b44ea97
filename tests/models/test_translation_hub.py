"""The translating models with hub weights, on tiny networks; how they are loaded and called is the real way."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from tiny import tiny_whisper

from core.capabilities import TranslateSpeechArgs, TranslateTextArgs
from core.errors import Ambiguous, BadInput, NoModel
from core.media import Audio
from core.models.base import Call
from core.models.choosing import chosen
from core.models.speech.speech_translation_hub import WhisperTranslationHub
from core.models.speech.text_translation_hub import M2M100Hub, NllbHub
from core.settings import Settings

LETTERS = "abcdefghijklmnopqrstuvwxyz."


def tiny_m2m(folder: Path, vocabulary: int) -> None:
    import torch
    from transformers import M2M100Config, M2M100ForConditionalGeneration

    torch.manual_seed(0)
    M2M100ForConditionalGeneration(
        M2M100Config(
            vocab_size=vocabulary, d_model=16, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
            decoder_attention_heads=2, encoder_ffn_dim=16, decoder_ffn_dim=16, max_position_embeddings=64,
        )
    ).save_pretrained(folder)  # fmt: skip


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("hub")
    from transformers import NllbTokenizer

    vocab = {sign: i for i, sign in enumerate(["<s>", "<pad>", "</s>", "<unk>", "▁", *LETTERS])}
    tokenizer = NllbTokenizer(vocab=vocab, merges=[])
    tokenizer.save_pretrained(folder / NllbHub.source)
    tiny_m2m(folder / NllbHub.source, len(tokenizer))
    m2m = folder / M2M100Hub.source
    m2m.mkdir(parents=True)
    (m2m / "vocab.json").write_text(json.dumps(vocab))
    (m2m / "sentencepiece.bpe.model").write_text("letters")
    (m2m / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "M2M100Tokenizer"}))
    tiny_m2m(m2m, len(vocab) + len(M2M100Hub.languages) + 8)
    tiny_whisper(folder / WhisperTranslationHub.source)
    return Settings(_env_file=None, hub_dir=folder, data_dir=folder / "data", hub=True, allow_noncommercial=True)


@pytest.fixture(scope="module", params=[NllbHub, M2M100Hub], ids=lambda c: c.id)
def words(request: pytest.FixtureRequest, tiny: Settings, sentencepiece: None) -> Any:
    model = request.param(tiny)
    model.load("cpu")
    return model


def test_each_sentence_goes_from_the_source_to_the_target(words: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []
    generate = words._model.generate

    def spy(**options: Any) -> Any:
        asked.append(options | {"src": words._tokenizer.src_lang})
        return generate(**options)

    monkeypatch.setattr(words._model, "generate", spy)
    call = Call(TranslateTextArgs(text="Guten Morgen. Wie geht es dir?\n\n- ja und nein", target_language="fr"))
    output = words.run(call)
    (once,) = asked
    assert once["src"] == words.names["de"]
    assert once["input_ids"].shape[0] == 3
    start = words._tokenizer.convert_ids_to_tokens(once["forced_bos_token_id"])
    assert words.names["fr"] in start
    assert output.facts == {"source_language": "de", "target_language": "fr"}
    assert [line[:2] for line in (output.text or "").split("\n")][1:] == ["", "- "]
    assert words.run(call).text == output.text


def test_an_unsure_source_is_asked_and_an_unknown_language_refused(words: Any) -> None:
    with pytest.raises(Ambiguous, match="not sure which language"):
        words.run(Call(TranslateTextArgs(text="zut alors hm", target_language="en")))
    with pytest.raises(BadInput, match="into tlh"):
        words.run(Call(TranslateTextArgs(text="Guten Morgen, mein Freund.", target_language="tlh")))


def test_what_is_missing(tiny: Settings, tmp_path: Path) -> None:
    assert NllbHub.missing(tiny) is None
    empty = Settings(_env_file=None, hub_dir=tmp_path)
    assert "hf download facebook/nllb" in (NllbHub.missing(empty) or "")
    assert "sentencepiece" in (M2M100Hub.missing(empty) or "") or find_spec("sentencepiece")
    with pytest.raises(NoModel):
        NllbHub(empty).load("cpu")
    assert chosen((NllbHub, M2M100Hub), {"text": "Good morning to you.", "target_language": "zu"}) is M2M100Hub


@pytest.fixture(scope="module")
def interpreter(tiny: Settings) -> WhisperTranslationHub:
    model = WhisperTranslationHub(tiny)
    model.load("cpu")
    return model


def test_large_whisper_is_asked_to_translate(
    interpreter: WhisperTranslationHub, speech: Audio, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {}
    network = interpreter._english._model
    assert network is interpreter._ears._model
    generate = network.generate

    def spy(features: Any, **options: Any) -> Any:
        asked.update(options)
        return generate(features, **options)

    monkeypatch.setattr(network, "generate", spy)
    args = TranslateSpeechArgs(audio="clip", source_language="de")
    output = interpreter.run(Call(args, {"audio": (speech,)}))
    assert (asked["task"], asked["language"]) == ("translate", ["de"])
    assert output.facts["target_language"] == "en"
    assert output.text
