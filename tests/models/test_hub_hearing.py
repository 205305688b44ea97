"""The recognisers and the diarization with hub weights, on tiny networks that are built here and loaded from disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.capabilities import RecogniseArgs, SeparateArgs
from core.errors import BadInput, NoModel
from core.media import Audio
from core.models.base import Call, Output
from core.models.choosing import chosen
from core.models.speech import nemotron_diarization_hub, parakeet_hub, wav2vec2_conformer_hub
from core.models.speech._ctc_hub import CtcHub
from core.models.speech.faster_whisper import FasterWhisper
from core.models.speech.nemotron_diarization_hub import NemotronDiarizationHub
from core.models.speech.parakeet_hub import ParakeetHub
from core.models.speech.wav2vec2_conformer_hub import Wav2Vec2ConformerHub
from core.settings import Settings

LETTERS = "abcdefghijklmnopqrstuvwxyz"
SILENCE = Audio(np.zeros((1, 32_000), np.float32), 16_000)


@pytest.fixture(scope="session")
def networks(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("hearing")
    _tiny_parakeet(folder / parakeet_hub.HUB_ID)
    _tiny_conformer(folder / wav2vec2_conformer_hub.HUB_ID)
    _tiny_nemotron(folder / nemotron_diarization_hub.HUB_ID)
    return Settings(_env_file=None, hub_dir=folder, data_dir=folder / "data")


def _tiny_parakeet(folder: Path) -> None:
    import torch
    from tokenizers import Tokenizer, decoders, models
    from transformers import (
        ParakeetCTCConfig,
        ParakeetFeatureExtractor,
        ParakeetForCTC,
        ParakeetProcessor,
        ParakeetTokenizer,
    )

    vocab = {sign: i for i, sign in enumerate(["<unk>", *(f"▁{letter}" for letter in LETTERS), "<pad>"])}
    backend = Tokenizer(models.WordLevel(vocab, unk_token="<unk>"))
    backend.decoder = decoders.Metaspace()
    tokenizer = ParakeetTokenizer(tokenizer_object=backend, unk_token="<unk>", pad_token="<pad>")
    torch.manual_seed(0)
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    encoder = {**sizes, "subsampling_conv_channels": 4, "conv_kernel_size": 3}
    model = ParakeetForCTC(ParakeetCTCConfig(vocab_size=28, pad_token_id=27, encoder_config=encoder))
    model.save_pretrained(folder)
    ParakeetProcessor(ParakeetFeatureExtractor(), tokenizer, blank_token="<pad>").save_pretrained(folder)


def _tiny_conformer(folder: Path) -> None:
    import torch
    from transformers import (
        Wav2Vec2ConformerConfig,
        Wav2Vec2ConformerForCTC,
        Wav2Vec2CTCTokenizer,
        Wav2Vec2FeatureExtractor,
        Wav2Vec2Processor,
    )

    folder.mkdir(parents=True)
    signs = ["<pad>", "<s>", "</s>", "<unk>", "|", *LETTERS.upper()]
    (folder / "vocab.json").write_text(json.dumps({sign: i for i, sign in enumerate(signs)}))
    tokenizer = Wav2Vec2CTCTokenizer(str(folder / "vocab.json"))
    torch.manual_seed(0)
    config = Wav2Vec2ConformerConfig(
        vocab_size=len(signs), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        conv_dim=(8, 8), conv_stride=(10, 32), conv_kernel=(10, 32), num_conv_pos_embeddings=8,
        num_conv_pos_embedding_groups=2, position_embeddings_type="rotary", conv_depthwise_kernel_size=3,
    )  # fmt: skip
    Wav2Vec2ConformerForCTC(config).save_pretrained(folder)
    Wav2Vec2Processor(Wav2Vec2FeatureExtractor(), tokenizer).save_pretrained(folder)


def _tiny_nemotron(folder: Path) -> None:
    import torch
    from transformers import (
        Nemotron3DiarizationConfig,
        Nemotron3DiarizationForAudioFrameClassification,
        Nemotron3DiarizationProcessor,
        NemotronAsrStreamingFeatureExtractor,
    )

    torch.manual_seed(0)
    sizes = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    head = {"hidden_size": 8, "audio_hidden_size": 16}
    config = Nemotron3DiarizationConfig(audio_config={**sizes, "num_mel_bins": 128}, head_config=head)
    Nemotron3DiarizationForAudioFrameClassification(config).save_pretrained(folder)
    extractor = NemotronAsrStreamingFeatureExtractor(feature_size=128)
    Nemotron3DiarizationProcessor(extractor).save_pretrained(folder)


@pytest.fixture(scope="session", params=[ParakeetHub, Wav2Vec2ConformerHub], ids=lambda c: c.id)
def recogniser(request: pytest.FixtureRequest, networks: Settings) -> Any:
    model = request.param(networks)
    model.load("cpu")
    return model


@pytest.fixture(scope="session")
def nemotron(networks: Settings) -> NemotronDiarizationHub:
    model = NemotronDiarizationHub(networks)
    model.load("cpu")
    return model


def recognise(model: CtcHub, clip: Audio, **args: Any) -> Output:
    return model.run(Call(RecogniseArgs(audio="clip", **args), {"audio": (clip,)}))


def spells(model: Any, labels: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets the untrained network be sure of these labels, spread evenly over the frames of whatever it hears."""
    forward = type(model._model).forward

    def sure(network: Any, *args: Any, **options: Any) -> Any:
        output = forward(network, *args, **options)
        frames = output.logits.shape[1]
        output.logits.zero_()
        for at in range(frames):
            output.logits[0, at, labels[at * len(labels) // frames]] = 1
        return output

    monkeypatch.setattr(type(model._model), "forward", sure)


def test_hears_words_in_frames(recogniser: Any, speech: Audio, monkeypatch: pytest.MonkeyPatch) -> None:
    parakeet = isinstance(recogniser, ParakeetHub)
    labels = [27, 8, 8, 27, 9, 27] if parakeet else [0, 12, 12, 13, 0, 4, 14, 0]
    spells(recogniser, labels, monkeypatch)
    fractions: list[float] = []
    call = Call(RecogniseArgs(audio="clip"), {"audio": (speech,)}, progress=fractions.append)
    output = recogniser.run(call)
    assert output.text == ("h i" if parakeet else "HI J")
    assert output.facts["language"] == "en"
    (segment,) = output.facts["segments"]
    assert (segment["start"], segment["end"]) == (0, output.facts["duration"])
    if not parakeet:
        (_, first_end, first), (second_start, second_end, second) = output.facts["words"]
        assert (first, second) == ("HI", "J")
        assert 0 < first_end <= second_start < second_end <= output.facts["duration"]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0, 1)


def test_long_clips_go_in_stretches(recogniser: Any, speech: Audio, monkeypatch: pytest.MonkeyPatch) -> None:
    spells(recogniser, [8 if isinstance(recogniser, ParakeetHub) else 12], monkeypatch)
    gap = np.zeros((1, 2 * speech.sample_rate), np.float32)
    long = Audio(np.concatenate([speech.samples, gap] * 5, axis=1), speech.sample_rate)
    output = recognise(recogniser, long, format="srt", by_speaker=True)
    segments = output.facts["segments"]
    assert len(segments) == 2
    assert segments[0]["end"] <= 30 and segments[1]["start"] >= segments[0]["end"]
    assert output.facts["speakers"] == 1
    assert "Speaker 1: " in (output.text or "")


def test_refuses_silence_and_other_languages(recogniser: Any, speech: Audio) -> None:
    with pytest.raises(BadInput, match="no speech"):
        recognise(recogniser, SILENCE)
    with pytest.raises(BadInput, match="German here. I have: English"):
        recognise(recogniser, speech, language="de")


def test_the_same_network_hears_the_same(recogniser: Any, speech: Audio) -> None:
    first, second = (recogniser.run_batch([Call(RecogniseArgs(audio="c"), {"audio": (speech,)})])[0] for _ in range(2))
    if isinstance(first, BadInput):  # untrained, it may hear nothing but blanks
        assert str(first) == str(second)
    else:
        assert (first.text, first.facts) == (second.text, second.facts)


def test_nemotron_tells_turns_and_overlaps(
    nemotron: NemotronDiarizationHub, speech: Audio, monkeypatch: pytest.MonkeyPatch
) -> None:
    forward = type(nemotron._model).forward

    def sure(network: Any, **options: Any) -> Any:
        output = forward(network, **options)
        output.logits.fill_(-9)
        output.logits[0, 50:300, 5] = 9
        output.logits[0, 250:400, 2] = 9
        return output

    monkeypatch.setattr(type(nemotron._model), "forward", sure)
    output = nemotron.run(Call(SeparateArgs(audio="clip", speakers=3), {"audio": (speech,)}))
    assert output.facts["turns"] == [
        {"speaker": 1, "start": 0.5, "end": 3.0},
        {"speaker": 2, "start": 2.5, "end": 4.0},
    ]
    assert (output.text or "").startswith("I hear 2 people where you asked for 3: Speaker 1 for 0:0")


def test_nemotron_is_the_same_again_and_refuses_silence(nemotron: NemotronDiarizationHub, speech: Audio) -> None:
    call = Call(SeparateArgs(audio="clip"), {"audio": (speech,)})
    assert nemotron.run(call).facts == nemotron.run(call).facts
    with pytest.raises(BadInput, match="no speech"):
        nemotron.run(Call(SeparateArgs(audio="clip"), {"audio": (SILENCE,)}))


@pytest.mark.parametrize("model", [ParakeetHub, Wav2Vec2ConformerHub, NemotronDiarizationHub])
def test_without_weights_it_says_so(model: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    settings = Settings(_env_file=None, data_dir=tmp_path, hub_dir=tmp_path / "none")
    assert f"hf download {model.source}" in (model.missing(settings) or "")
    with pytest.raises(NoModel, match=model.source):
        model(settings).load("cpu")


def test_a_clip_of_unknown_language_goes_to_who_knows_several() -> None:
    models: list[Any] = [ParakeetHub, FasterWhisper]
    assert chosen(models, {"audio": "a"}) is FasterWhisper
    assert chosen(models, {"audio": "a", "language": "en"}) is ParakeetHub
    assert chosen(models, {"audio": "a", "language": "de"}) is FasterWhisper
    assert chosen([ParakeetHub], {"audio": "a"}) is ParakeetHub
