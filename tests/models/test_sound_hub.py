"""Hub models that hear sounds, on tiny networks that are built here; they are loaded and called in the real way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tones import pink

from core.capabilities import AudioArgs, TargetArgs
from core.errors import BadInput, NoModel
from core.media import Audio
from core.models.base import Call
from core.models.sound import ast_hub, clap_hub
from core.models.sound.ast_hub import AstHub
from core.models.sound.clap_extractor_hub import ClapExtractor
from core.models.sound.clap_hub import ClapHub
from core.settings import Settings

RATE = 16_000
CLIP = Audio((0.1 * pink(5 * RATE, 0)).astype(np.float32)[None], RATE)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("hub")
    _tiny_ast(folder / ast_hub.HUB_ID)
    _tiny_clap(folder / clap_hub.HUB_ID)
    return Settings(_env_file=None, hub_dir=folder, data_dir=folder / "data")


def _tiny_ast(folder: Path) -> None:
    """It hears rain, whatever it is given, and a man who speaks, which counts as speech, and a class of its own."""
    import torch
    from transformers import ASTConfig, ASTFeatureExtractor, ASTForAudioClassification

    labels = {0: "Rain", 1: "Male speech, man speaking", 2: "Dog", 3: "Something else"}
    torch.manual_seed(0)
    model = ASTForAudioClassification(
        ASTConfig(
            hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, max_length=64,
            num_mel_bins=32, id2label=labels, label2id={name: i for i, name in labels.items()},
        )
    )  # fmt: skip
    torch.nn.init.zeros_(model.classifier.dense.weight)
    model.classifier.dense.bias.data = torch.tensor([2.0, 0.5, -5.0, 5.0])
    model.save_pretrained(folder)
    ASTFeatureExtractor(num_mel_bins=32, max_length=64).save_pretrained(folder)


def _tiny_clap(folder: Path) -> None:
    import json

    import torch
    from transformers import ClapConfig, ClapFeatureExtractor, ClapModel, ClapProcessor, RobertaTokenizer
    from transformers.convert_slow_tokenizer import bytes_to_unicode

    folder.mkdir(parents=True)
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    vocab = {sign: i for i, sign in enumerate([*special, *bytes_to_unicode().values()])}
    (folder / "vocab.json").write_text(json.dumps(vocab))
    tokenizer = RobertaTokenizer(vocab=vocab, merges=[])
    torch.manual_seed(0)
    text = {
        "vocab_size": len(tokenizer), "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
        "intermediate_size": 16, "projection_dim": 8,
    }  # fmt: skip
    audio = {
        "hidden_size": 32, "patch_embeds_hidden_size": 8, "depths": [1, 1, 1, 1], "num_attention_heads": [1, 1, 2, 2],
        "num_mel_bins": 64, "spec_size": 256, "projection_dim": 8, "window_size": 8, "enable_fusion": False,
    }  # fmt: skip
    audio["hidden_size"] = 64
    model = ClapModel(ClapConfig(text_config=text, audio_config=audio, projection_dim=8))
    model.save_pretrained(folder)
    ClapProcessor(ClapFeatureExtractor(truncation="rand_trunc", padding="repeatpad"), tokenizer).save_pretrained(folder)


def test_the_transformers_classes_become_events(tiny: Settings) -> None:
    model = AstHub(tiny)
    model.load("cpu")
    fractions: list[float] = []
    output = model.run(Call(AudioArgs(audio="clip"), {"audio": (CLIP,)}, progress=fractions.append))
    found = {e["label"]: e for e in output.facts["events"]}
    assert set(found) == {"rain", "speech"}
    assert found["rain"]["confidence"] == pytest.approx(0.88, abs=0.01)
    assert (found["rain"]["start_s"], found["rain"]["end_s"]) == (0, pytest.approx(5, abs=0.1))
    assert output.text is not None and "rain" in output.text.splitlines()[0]
    assert fractions == sorted(fractions) and fractions[-1] == 1
    with pytest.raises(BadInput, match="silent"):
        model.run(Call(AudioArgs(audio="clip"), {"audio": (Audio(np.zeros((1, RATE), np.float32), RATE),)}))


def test_words_are_compared_with_windows(tiny: Settings) -> None:
    import torch

    model = ClapHub(tiny)
    model.load("cpu")
    call = Call(TargetArgs(audio="clip", target="a dog"), {"audio": (CLIP,)})
    output = model.run(call)
    assert output.facts["target"] == "a dog"
    assert 0 <= output.facts["highest_probability"] <= 1
    assert model.run(call).facts == output.facts
    assert output.facts["found"] is False  # of seventeen texts an untrained network prefers none
    assert output.text is not None and "“a dog” is not there" in output.text

    def certain(**inputs: torch.Tensor) -> object:
        rows = len(inputs["input_features"])
        logits = torch.zeros(rows, len(inputs["input_ids"]))
        logits[:, 0] = 20.0
        return type("Fits", (), {"logits_per_audio": logits})

    certain.device = model._model.device  # type: ignore[attr-defined]
    model._model = certain
    found = model.run(call)
    assert found.text is not None and "“a dog” is heard at 0.0" in found.text
    assert found.facts["times"][0]["end_s"] == pytest.approx(5, abs=0.1)


def test_words_lead_an_extraction(tiny: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    model = ClapExtractor(tiny)
    model.load("cpu")
    call = Call(TargetArgs(audio="clip", target="a theremin"), {"audio": (CLIP,)})
    scores = np.full(22, 0.01, np.float32)
    monkeypatch.setattr(ClapHub, "_looks", lambda self, target, mono, count, progress: scores[:count])
    assert not model.run(call).media
    scores[4:10] = 0.9
    output = model.run(call)
    sound, rest = (made.media for made in output.media)
    assert isinstance(sound, Audio) and isinstance(rest, Audio)
    np.testing.assert_allclose(sound.samples + rest.samples, CLIP.samples, atol=1e-6)
    assert output.facts["times"][0]["start_s"] == pytest.approx(2, abs=0.6)


@pytest.mark.parametrize("model", [AstHub, ClapHub, ClapExtractor])
def test_without_weights_there_is_no_model(model: type[AstHub | ClapHub | ClapExtractor], tmp_path: Path) -> None:
    settings = Settings(_env_file=None, hub_dir=tmp_path, data_dir=tmp_path)
    assert "hf download" in (model.missing(settings) or "")
    with pytest.raises(NoModel, match="cannot run here"):
        model(settings).load("cpu")
