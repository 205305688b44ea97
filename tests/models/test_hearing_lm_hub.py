"""Language models that hear, on tiny networks that are built here; how they are loaded and called is the real way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.capabilities import RecogniseArgs, SeparateArgs
from core.errors import BadInput, NoModel, OverLimit
from core.media import Audio
from core.models.base import Call, Output
from core.models.speech import moss_hub
from core.models.speech.moss_hub import MossDiarizationHub, MossHub
from core.models.speech.qwen3_asr_hub import Qwen3AsrHub
from core.settings import Settings

SILENCE = Audio(np.zeros((1, 48_000), np.float32), 16_000)
MARKS = {"audio_token": "<|audio_pad|>", "audio_bos_token": "<|audio_start|>", "audio_eos_token": "<|audio_end|>"}
TURN = ("<|im_start|>", "<|im_end|>")
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{% for c in m['content'] %}{% if c['type'] == 'audio' %}"
    "<|audio_start|><|audio_pad|><|audio_end|>{% else %}{{ c['text'] }}{% endif %}{% endfor %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def _tokenizer() -> Any:
    from tokenizers import Tokenizer
    from tokenizers.decoders import ByteLevel as Letters
    from tokenizers.models import BPE
    from tokenizers.pre_tokenizers import ByteLevel
    from transformers import PreTrainedTokenizerFast
    from transformers.convert_slow_tokenizer import bytes_to_unicode

    letters = Tokenizer(BPE({sign: i for i, sign in enumerate(bytes_to_unicode().values())}, []))
    letters.pre_tokenizer, letters.decoder = ByteLevel(add_prefix_space=False), Letters()
    made = PreTrainedTokenizerFast(
        tokenizer_object=letters, extra_special_tokens=MARKS, pad_token="<|endoftext|>", padding_side="left"
    )
    made.add_tokens([*TURN], special_tokens=True)
    return made


def _sizes(tokenizer: Any) -> dict[str, Any]:
    return {
        "vocab_size": len(tokenizer), "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1,
        "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 8, "model_type": "qwen3",
    }  # fmt: skip


def _tiny_qwen(folder: Path) -> None:
    import torch
    from transformers import (
        Qwen3ASRConfig,
        Qwen3ASRFeatureExtractor,
        Qwen3ASRForConditionalGeneration,
        Qwen3ASRProcessor,
    )

    tokenizer = _tokenizer()
    torch.manual_seed(0)
    audio = {
        "encoder_layers": 1, "encoder_attention_heads": 2, "encoder_ffn_dim": 16, "d_model": 16, "output_dim": 16,
        "downsample_hidden_size": 8, "model_type": "qwen3_asr_encoder",
    }  # fmt: skip
    ids = {"audio_token_id": tokenizer.convert_tokens_to_ids(MARKS["audio_token"])}
    end = tokenizer.convert_tokens_to_ids(TURN[1])
    config = Qwen3ASRConfig(
        audio_config=audio, text_config=_sizes(tokenizer), **ids, pad_token_id=end, eos_token_id=end
    )
    Qwen3ASRForConditionalGeneration(config).save_pretrained(folder)
    processor = Qwen3ASRProcessor(Qwen3ASRFeatureExtractor(), tokenizer, chat_template=TEMPLATE)
    processor.save_pretrained(folder)


def _tiny_moss(folder: Path) -> None:
    import torch
    from transformers import (
        MossTranscribeDiarizeConfig,
        MossTranscribeDiarizeFeatureExtractor,
        MossTranscribeDiarizeForConditionalGeneration,
        MossTranscribeDiarizeProcessor,
    )

    tokenizer = _tokenizer()
    torch.manual_seed(0)
    audio = {"num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16, "hidden_size": 16}
    ids = {"audio_token_id": tokenizer.convert_tokens_to_ids(MARKS["audio_token"])}
    config = MossTranscribeDiarizeConfig(audio_config=audio, text_config=_sizes(tokenizer), **ids)
    MossTranscribeDiarizeForConditionalGeneration(config).save_pretrained(folder)
    extractor = MossTranscribeDiarizeFeatureExtractor()
    MossTranscribeDiarizeProcessor(extractor, tokenizer, chat_template=TEMPLATE).save_pretrained(folder)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("hub")
    _tiny_qwen(folder / Qwen3AsrHub.source)
    _tiny_moss(folder / moss_hub.HUB_ID)
    return Settings(_env_file=None, hub_dir=folder, data_dir=folder / "data", hub=True)


@pytest.fixture(scope="module")
def qwen(tiny: Settings) -> Qwen3AsrHub:
    model = Qwen3AsrHub(tiny)
    model.load("cpu")
    return model


@pytest.fixture(scope="module")
def moss(tiny: Settings) -> MossHub:
    model = MossHub(tiny)
    model.load("cpu")
    return model


def writes(model: Any, text: str, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Lets the untrained network hear for real, and write this; gives what it is asked."""
    import torch

    asked: list[dict[str, Any]] = []
    generate = type(model._model).generate
    ids = model._processor.tokenizer(text, return_tensors="pt")["input_ids"]

    def sure(network: Any, **inputs: Any) -> Any:
        made = generate(network, **{**inputs, "max_new_tokens": 2})
        prompt = inputs["input_ids"]
        assert made.shape[1] > prompt.shape[1]
        asked.append({**inputs, "prompt": model._processor.tokenizer.decode(prompt[0])})
        return torch.cat((prompt, ids), dim=1)

    monkeypatch.setattr(type(model._model), "generate", sure)
    return asked


def recognise(model: Any, clip: Audio, **args: Any) -> Output:
    return model.run(Call(RecogniseArgs(audio="clip", **args), {"audio": (clip,)}))  # type: ignore[no-any-return]


def test_qwen_tells_the_language_that_it_hears(
    qwen: Qwen3AsrHub, speech: Audio, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = writes(qwen, "language German<asr_text>Guten Morgen.", monkeypatch)
    gap = np.zeros((1, 2 * speech.sample_rate), np.float32)
    long = Audio(np.concatenate([speech.samples, gap] * 4, axis=1), speech.sample_rate)
    output = recognise(qwen, long, format="srt", by_speaker=True)
    assert output.facts["language"] == "de"
    segments = output.facts["segments"]
    assert [s["text"] for s in segments] == ["Guten Morgen."] * len(asked)
    assert len(asked) > 1
    assert all(after["start"] >= before["end"] for before, after in zip(segments, segments[1:], strict=False))
    assert "Speaker 1: Guten Morgen." in (output.text or "")
    assert all(once["prompt"].count(MARKS["audio_token"]) > 50 for once in asked)


def test_qwen_keeps_to_the_language_that_is_said(
    qwen: Qwen3AsrHub, speech: Audio, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = writes(qwen, "おはよう", monkeypatch)
    output = recognise(qwen, speech, language="ja")
    assert (output.text, output.facts["language"]) == ("おはよう", "ja")
    assert asked[0]["prompt"].endswith("language Japanese<asr_text>")
    assert recognise(qwen, speech, language="tl").facts["language"] == "fil"
    with pytest.raises(BadInput, match="write down xh here"):
        recognise(qwen, speech, language="xh")


def test_what_holds_no_words_is_no_speech(
    qwen: Qwen3AsrHub, moss: MossHub, speech: Audio, monkeypatch: pytest.MonkeyPatch
) -> None:
    for model in (qwen, moss):
        with pytest.raises(BadInput, match="no speech"):
            recognise(model, SILENCE)
    writes(qwen, "language None<asr_text>", monkeypatch)
    with pytest.raises(BadInput, match="no speech"):
        recognise(qwen, speech)
    writes(moss, "well", monkeypatch)
    with pytest.raises(BadInput, match="no speech"):
        recognise(moss, speech)


def test_untrained_they_say_the_same_again(qwen: Qwen3AsrHub, speech: Audio) -> None:
    outcomes = [qwen.run_batch([Call(RecogniseArgs(audio="c"), {"audio": (speech,)})])[0] for _ in range(2)]
    assert {getattr(o, "text", str(o)) for o in outcomes} == {getattr(outcomes[0], "text", str(outcomes[0]))}


SAID = "[0.10][S02]Good morning.[1.50][2.00][S01]Hello, how are you?[3.20][0:03.4][S01]Well?[9999]"


def test_moss_writes_down_who_says_what(moss: MossHub, speech: Audio, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = writes(moss, SAID, monkeypatch)
    output = recognise(moss, speech, by_speaker=True)
    assert output.text == "Speaker 1: Good morning.\nSpeaker 2: Hello, how are you? Well?"
    assert output.facts["language"] == "en"
    assert output.facts["segments"][-1]["end"] == output.facts["duration"]
    assert recognise(moss, speech).text == "Good morning. Hello, how are you? Well?"
    assert asked[0]["prompt"].count(MARKS["audio_token"]) == pytest.approx(12.5 * speech.duration_s, abs=2)


def test_moss_tells_turns(tiny: Settings, speech: Audio, monkeypatch: pytest.MonkeyPatch) -> None:
    model = MossDiarizationHub(tiny)
    model.load("cpu")
    writes(model, SAID, monkeypatch)
    output = model.run(Call(SeparateArgs(audio="clip"), {"audio": (speech,)}))
    assert [(t["speaker"], t["start"]) for t in output.facts["turns"]] == [(1, 0.1), (2, 2.0)]
    assert (output.text or "").startswith("I hear 2 people:")
    monkeypatch.setattr(moss_hub, "MOST_MINUTES", 0.01)
    with pytest.raises(OverLimit, match="send it in parts"):
        model.run(Call(SeparateArgs(audio="clip"), {"audio": (speech,)}))


@pytest.mark.parametrize("model", [Qwen3AsrHub, MossHub, MossDiarizationHub])
def test_without_weights_it_says_so(model: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    settings = Settings(_env_file=None, data_dir=tmp_path, hub_dir=tmp_path / "none")
    assert f"hf download {model.source}" in (model.missing(settings) or "")
    with pytest.raises(NoModel, match=model.source):
        model(settings).load("cpu")
