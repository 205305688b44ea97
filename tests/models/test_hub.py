"""The models with hub weights, on tiny networks that are built here; how they are loaded and called is the real way."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny import tiny_whisper

from core.capabilities import RecogniseArgs, SpeakArgs
from core.errors import Ambiguous, BadInput, NoModel
from core.media import Audio
from core.models import hub
from core.models.base import Call, Model, Output
from core.models.speech import fastspeech2_hub, vits_hub, whisper_hub
from core.models.speech._vad import prepared
from core.models.speech.fastspeech2_hub import FastSpeech2Hub
from core.models.speech.vits_hub import VitsHub
from core.models.speech.whisper_hub import WhisperHub
from core.settings import Settings

LETTERS = "abcdefghijklmnopqrstuvwxyz '"


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("hub")
    tiny_whisper(folder / whisper_hub.HUB_ID)
    _tiny_vits(folder / vits_hub.HUB_ID)
    _tiny_fastspeech2(folder)
    return Settings(_env_file=None, hub_dir=folder, data_dir=folder / "data")


def _tiny_vits(folder: Path) -> None:
    import torch
    from transformers import VitsConfig, VitsModel, VitsTokenizer

    folder.mkdir(parents=True)
    vocab = {sign: i for i, sign in enumerate(["<pad>", *LETTERS, "<unk>"])}
    (folder / "vocab.json").write_text(json.dumps(vocab))
    tokenizer = VitsTokenizer(str(folder / "vocab.json"), phonemize=False)
    torch.manual_seed(0)
    model = VitsModel(
        VitsConfig(
            vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, ffn_dim=16,
            flow_size=16, spectrogram_bins=9, prior_encoder_num_flows=1, prior_encoder_num_wavenet_layers=1,
            posterior_encoder_num_wavenet_layers=1, duration_predictor_num_flows=1,
            duration_predictor_filter_channels=16, upsample_initial_channel=16, upsample_rates=[8, 4],
            upsample_kernel_sizes=[16, 8], resblock_kernel_sizes=[3], resblock_dilation_sizes=[[1]],
            wavenet_dilation_rate=1,
        )
    )  # fmt: skip
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def _tiny_fastspeech2(folder: Path) -> None:
    import torch
    from transformers import (
        FastSpeech2ConformerConfig,
        FastSpeech2ConformerHifiGanConfig,
        FastSpeech2ConformerWithHifiGan,
        FastSpeech2ConformerWithHifiGanConfig,
    )

    vocab = {sign: i for i, sign in enumerate(["<blank>", "<unk>", *LETTERS.upper(), ".", "<sos/eos>"])}
    tokenizer = folder / fastspeech2_hub.TOKENIZER_ID
    tokenizer.mkdir(parents=True)
    (tokenizer / "vocab.json").write_text(json.dumps(vocab))
    (tokenizer / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "FastSpeech2ConformerTokenizer"}))
    torch.manual_seed(0)
    acoustic = FastSpeech2ConformerConfig(
        hidden_size=16, vocab_size=len(vocab), num_mel_bins=8, encoder_layers=1, decoder_layers=1,
        encoder_num_attention_heads=2, decoder_num_attention_heads=2, encoder_linear_units=16, decoder_linear_units=16,
        speech_decoder_postnet_units=16, speech_decoder_postnet_layers=2, duration_predictor_channels=16,
        energy_predictor_channels=16, pitch_predictor_channels=16,
    )  # fmt: skip
    vocoder = FastSpeech2ConformerHifiGanConfig(
        model_in_dim=8, upsample_initial_channel=16, upsample_rates=[8, 4], upsample_kernel_sizes=[16, 8],
        resblock_kernel_sizes=[3], resblock_dilation_sizes=[[1]],
    )  # fmt: skip
    both = FastSpeech2ConformerWithHifiGanConfig(model_config=acoustic.to_dict(), vocoder_config=vocoder.to_dict())
    model = FastSpeech2ConformerWithHifiGan(both)
    torch.nn.init.constant_(model.model.duration_predictor.linear.bias, 2.0)  # untrained, it would predict no frames
    model.save_pretrained(folder / fastspeech2_hub.HUB_ID)


@pytest.fixture(scope="session")
def g2p_en(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """In place of the real g2p-en, which is not installed here: letters for phonemes."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "g2p_en.py").write_text("class G2p:\n    def __call__(self, text):\n        return list(text)\n")
    (folder / "g2p_en-2.1.0.dist-info").mkdir()
    (folder / "g2p_en-2.1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: g2p_en\nVersion: 2.1.0\n")
    from transformers.utils.import_utils import is_g2p_en_available

    sys.path.insert(0, str(folder))
    is_g2p_en_available.cache_clear()
    yield
    sys.path.remove(str(folder))
    sys.modules.pop("g2p_en", None)
    is_g2p_en_available.cache_clear()


@pytest.fixture(scope="session")
def whisper_large(tiny: Settings) -> WhisperHub:
    model = WhisperHub(tiny)
    model.load("cpu")
    return model


@pytest.fixture(scope="session", params=[VitsHub, FastSpeech2Hub], ids=lambda c: c.id)
def voice(request: pytest.FixtureRequest, tiny: Settings, g2p_en: None) -> Any:
    model = request.param(tiny)
    model.load("cpu")
    return model


def test_whisper_decodes_with_language_task_and_timestamps(whisper_large: WhisperHub, speech: Audio) -> None:
    asked: dict[str, Any] = {}
    generate = whisper_large._model.generate

    def spy(features: Any, **options: Any) -> Any:
        result = generate(features, **options)
        asked.update(options, result=result, shape=tuple(features.shape))
        return result

    whisper_large._model.generate = spy
    try:
        output = whisper_large.run(Call(RecogniseArgs(audio="clip", language="de"), {"audio": (speech,)}))
    finally:
        whisper_large._model.generate = generate
    assert asked["language"] == ["de"]
    assert (asked["task"], asked["return_timestamps"]) == ("transcribe", True)
    assert asked["shape"] == (1, 80, 3000)
    assert output.facts["language"] == "de"
    assert output.facts["language_probability"] == 1
    assert output.facts["segments"]
    for segment in output.facts["segments"]:
        assert 0 <= segment["start"] <= segment["end"] <= output.facts["duration"]


def test_whisper_detects_the_language_and_is_the_same_again(whisper_large: WhisperHub, speech: Audio) -> None:
    call = Call(RecogniseArgs(audio="clip"), {"audio": (speech,)}, seed=3)
    first, second = whisper_large.run(call), whisper_large.run(call)
    assert (first.text, first.facts) == (second.text, second.facts)
    assert first.facts["language"] in whisper_large.languages
    assert 0 < first.facts["language_probability"] < 1


def test_whisper_asks_for_an_unsure_language_and_says_who_says_what(whisper_large: WhisperHub, speech: Audio) -> None:
    audio = prepared(speech.mono(), speech.sample_rate)
    found = [{"start": 0.2, "end": 2.0, "tokens": [65, 66, 67]}]
    call = Call(RecogniseArgs(audio="clip", by_speaker=True), {"audio": (speech,)})
    unsure = whisper_large._output(call, audio, found, [("de", 0.4), ("nl", 0.3)])
    assert isinstance(unsure, Ambiguous) and "German (40%) or Dutch (30%)" in str(unsure)
    sure = whisper_large._output(call, audio, found, [("de", 0.9), ("nl", 0.05)])
    assert isinstance(sure, Output)
    assert (sure.text or "").startswith("Speaker 1: ")
    assert sure.facts["segments"][0]["speaker"] == 1


def test_whisper_takes_long_clips_and_batches(whisper_large: WhisperHub, speech: Audio) -> None:
    long = Audio(np.tile(speech.samples, (2, 8)), speech.sample_rate)
    silence = Audio(np.zeros((1, 16_000), np.float32), 16_000)
    fractions: list[float] = []
    calls = [
        Call(RecogniseArgs(audio="clip", language="en"), {"audio": (long,)}, progress=fractions.append),
        Call(RecogniseArgs(audio="clip"), {"audio": (silence,)}),
        Call(RecogniseArgs(audio="clip", language="zz"), {"audio": (speech,)}),
        Call(RecogniseArgs(audio="clip", language="yue", format="vtt"), {"audio": (speech,)}),
    ]
    first, second, third, fourth = whisper_large.run_batch(calls)
    assert isinstance(first, Output)
    assert first.facts["duration"] > 40
    assert first.facts["segments"][-1]["end"] > 30
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    assert isinstance(second, BadInput) and "no speech" in str(second)
    assert isinstance(third, BadInput) and "'zz'" in str(third)
    assert isinstance(fourth, Output)
    assert (fourth.text or "").startswith("WEBVTT")


def test_voices_speak(voice: Any) -> None:
    def say(text: str, seed: int = 0, speed: float = 1.0) -> Audio:
        media = voice.run(Call(SpeakArgs(text=text, speed=speed), seed=seed)).media[0].media
        assert isinstance(media, Audio)
        return media

    clip = say("Hello there.")
    assert clip.sample_rate == (16_000 if isinstance(voice, VitsHub) else 22_050)
    assert clip.samples.dtype == np.float32
    assert clip.samples.shape[0] == 1
    assert clip.samples.shape[1] > 300
    assert np.array_equal(clip.samples, say("Hello there.").samples)
    assert say("Hello there.", speed=0.5).duration_s > 1.3 * clip.duration_s
    assert say("Hello there. And again.").duration_s > clip.duration_s + 0.3
    if isinstance(voice, VitsHub):
        other = say("Hello there.", seed=1).samples
        assert other.shape != clip.samples.shape or not np.array_equal(other, clip.samples)


def test_voices_refuse_and_batch(voice: Any) -> None:
    calls = [Call(SpeakArgs(text=text)) for text in ("Good morning.", "Привет, мир", "...", "Good morning.")]
    first, second, third, fourth = voice.run_batch(calls)
    assert isinstance(second, BadInput) and "Russian" in str(second)
    assert isinstance(third, BadInput) and "nothing to say" in str(third)
    assert np.array_equal(first.media[0].media.samples, fourth.media[0].media.samples)
    with pytest.raises(BadInput, match=f"I have: {voice.voices[0].name}"):
        voice.run(Call(SpeakArgs(text="Hello.", voice="somebody")))


@pytest.mark.parametrize("model", [WhisperHub, VitsHub, FastSpeech2Hub])
def test_without_weights_it_says_so(
    model: type[Model[Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, g2p_en: None
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    settings = Settings(_env_file=None, data_dir=tmp_path, hub_dir=tmp_path / "none")
    assert "hf download" in (model.missing(settings) or "")
    assert model.source in (model.missing(settings) or "")
    with pytest.raises(NoModel, match=model.source):
        model(settings).load("cpu")
    monkeypatch.setattr(hub, "find_spec", lambda name: None)
    assert (model.missing(settings) or "").startswith("install transformers, torch")


def test_the_phonemes_of_fastspeech2_want_a_package(tiny: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "find_spec", lambda name: None if name == "g2p_en" else object())
    assert FastSpeech2Hub.missing(tiny) == "install g2p-en"
    assert WhisperHub.missing(tiny) is None


def test_damaged_weights_are_no_model(tiny: Settings, tmp_path: Path) -> None:
    folder = tmp_path / vits_hub.HUB_ID
    folder.mkdir(parents=True)
    (folder / "config.json").write_text('{"model_type": "vits"}')
    with pytest.raises(NoModel, match="not whole"):
        VitsHub(tiny.model_copy(update={"hub_dir": tmp_path})).load("cpu")


def test_only_what_may_be_sold_is_called_commercial() -> None:
    assert (VitsHub.licence, VitsHub.commercial) == ("CC-BY-NC-4.0", False)
    assert WhisperHub.commercial and FastSpeech2Hub.commercial
