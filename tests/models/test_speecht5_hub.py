"""SpeechT5 on tiny networks that are built here; how they are loaded and called is the real way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tones import pink

from core.capabilities import ConvertVoiceArgs, StyledSpeakArgs
from core.errors import BadInput, NoModel
from core.media import Audio
from core.models.base import Call
from core.models.speech import _xvector
from core.models.speech.speecht5_hub import VOCODER_ID, SpeechT5ConversionHub, SpeechT5Hub
from core.settings import Settings

SILENCE = Audio(np.zeros((1, 48_000), np.float32), 16_000)


def _tiny(folder: Path) -> None:
    import torch
    from transformers import (
        SpeechT5Config,
        SpeechT5FeatureExtractor,
        SpeechT5ForSpeechToSpeech,
        SpeechT5ForTextToSpeech,
        SpeechT5HifiGan,
        SpeechT5HifiGanConfig,
    )

    torch.manual_seed(0)
    config = SpeechT5Config(
        vocab_size=40, hidden_size=16, encoder_layers=1, encoder_attention_heads=2, encoder_ffn_dim=16,
        decoder_layers=1, decoder_attention_heads=2, decoder_ffn_dim=16, speech_decoder_prenet_units=16,
        speech_decoder_prenet_layers=1, speech_decoder_postnet_layers=1, speech_decoder_postnet_units=16,
        num_conv_pos_embeddings=4, num_conv_pos_embedding_groups=2, conv_dim=(16,) * 3, conv_kernel=(10, 8, 4),
        conv_stride=(10, 8, 4), num_feat_extract_layers=3,
    )  # fmt: skip
    reading = SpeechT5ForTextToSpeech(config)
    torch.nn.init.constant_(reading.speech_decoder_postnet.prob_out.bias, -9.0)  # it goes on to the longest
    reading.save_pretrained(folder / SpeechT5Hub.source)
    SpeechT5ForSpeechToSpeech(config).save_pretrained(folder / SpeechT5ConversionHub.source)
    (folder / SpeechT5Hub.source / "spm_char.model").write_text("letters")
    SpeechT5FeatureExtractor().save_pretrained(folder / SpeechT5ConversionHub.source)
    sizes = {"upsample_initial_channel": 8, "upsample_rates": (16, 16), "upsample_kernel_sizes": (32, 32)}
    vocoder = SpeechT5HifiGanConfig(resblock_kernel_sizes=(3,), resblock_dilation_sizes=((1,),), **sizes)
    SpeechT5HifiGan(vocoder).save_pretrained(folder / VOCODER_ID)
    (folder / _xvector.HUB_ID).mkdir(parents=True)
    named = {f"blocks.{key}": value for key, value in _xvector.network().state_dict().items()}
    torch.save(named, folder / _xvector.HUB_ID / _xvector.WEIGHTS)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # so small a network only waits for its threads where others work too
    folder = tmp_path_factory.mktemp("hub")
    _tiny(folder)
    yield Settings(_env_file=None, hub_dir=folder, data_dir=folder / "data")
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def reader(tiny: Settings, sentencepiece: None) -> SpeechT5Hub:
    model = SpeechT5Hub(tiny)
    model.load("cpu")
    return model


@pytest.fixture(scope="module")
def converter(tiny: Settings) -> SpeechT5ConversionHub:
    model = SpeechT5ConversionHub(tiny)
    model.load("cpu")
    return model


def sound(model: Any, args: Any, seed: int = 0, **clips: Audio) -> Audio:
    media = model.run(Call(args, {name: (clip,) for name, clip in clips.items()}, seed)).media[0].media
    assert isinstance(media, Audio)
    assert media.sample_rate == 16_000
    assert np.isfinite(media.samples).all() and media.samples.any()
    assert np.abs(media.samples).max() <= 0.9
    return media


def say(model: SpeechT5Hub, text: str, reference: Audio, seed: int = 0) -> Audio:
    return sound(model, StyledSpeakArgs(text=text, reference="r"), seed, reference=reference)


def test_a_text_is_said_in_the_voice_of_a_reference(
    reader: SpeechT5Hub, speech: Audio, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    generate = reader._model.generate_speech

    def spy(ids: Any, voice: Any, **options: Any) -> Any:
        asked.append((ids, voice))
        return generate(ids, voice, **options)

    monkeypatch.setattr(reader._model, "generate_speech", spy)
    first = say(reader, "Good morning. It is nine.", speech)
    assert np.array_equal(first.samples, say(reader, "Good morning. It is nine.", speech).samples)
    assert not np.array_equal(first.samples, say(reader, "Good morning. It is nine.", speech, seed=1).samples)
    other = Audio(speech.samples[:, ::-1].copy(), speech.sample_rate)
    say(reader, "Good morning.", other)
    assert [tuple(voice.shape) for _, voice in asked] == [(1, 512)] * len(asked)
    assert len(asked) == 7  # two sentences are two passes
    assert float((asked[0][1] * asked[1][1]).sum()) == pytest.approx(1, abs=1e-5)
    assert float((asked[0][1] * asked[-1][1]).sum()) < 0.9999


def test_long_sentences_are_cut(reader: SpeechT5Hub, speech: Audio, monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[int] = []

    def short(ids: Any, voice: Any, vocoder: Any) -> Any:
        lengths.append(ids.shape[1])
        import torch

        return torch.full((1600,), 0.1)

    monkeypatch.setattr(reader._model, "generate_speech", short)
    say(reader, "and on and " * 60, speech)
    assert len(lengths) > 2
    assert max(lengths) <= 202


def test_a_recording_is_said_again_where_it_was_said(
    converter: SpeechT5ConversionHub, speech: Audio, monkeypatch: pytest.MonkeyPatch
) -> None:
    args = ConvertVoiceArgs(audio="a", reference="r")
    first = sound(converter, args, audio=speech, reference=speech)
    assert np.array_equal(first.samples, sound(converter, args, audio=speech, reference=speech).samples)
    import torch

    monkeypatch.setattr(converter._model, "generate_speech", lambda *_, **__: torch.full((8000,), 0.5))
    pause = np.zeros((1, 12 * speech.sample_rate), np.float32)
    twice = Audio(np.concatenate([speech.samples, pause, speech.samples], axis=1), speech.sample_rate)
    level = np.abs(sound(converter, args, audio=twice, reference=speech).samples[0]) > 0.1
    first_begin, first_end, second_begin = np.flatnonzero(np.diff(level.astype(int))) / 16_000
    assert first_begin < 0.5
    assert first_end == pytest.approx(first_begin + 0.5, abs=0.001)  # each stretch is said in half a second
    assert second_begin == pytest.approx(first_begin + speech.duration_s + 12, abs=0.2)


def test_it_refuses(reader: SpeechT5Hub, converter: SpeechT5ConversionHub, speech: Audio) -> None:
    with pytest.raises(BadInput, match="nothing to say"):
        say(reader, "...", speech)
    with pytest.raises(BadInput, match="I have: English"):
        say(reader, "Guten Morgen, wie geht es dir?", speech)
    with pytest.raises(BadInput, match="at least 3 seconds"):
        say(reader, "Good morning.", Audio(0.1 * pink(80_000, 0)[None], 16_000))
    with pytest.raises(BadInput, match="no speech"):
        sound(converter, ConvertVoiceArgs(audio="a", reference="r"), audio=SILENCE, reference=speech)


def test_without_weights_it_says_so(tiny: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    empty = Settings(_env_file=None, data_dir=tmp_path, hub_dir=tmp_path / "none")
    assert SpeechT5ConversionHub.missing(tiny) is None
    assert SpeechT5ConversionHub.source in (SpeechT5ConversionHub.missing(empty) or "")
    assert _xvector.HUB_ID in (_xvector.missing(empty) or "")
    for kind in (SpeechT5Hub, SpeechT5ConversionHub):
        with pytest.raises(NoModel, match="cannot run here"):
            kind(empty).load("cpu")
    with pytest.raises(NoModel, match="not on this machine"):
        _xvector.XVector(empty, "cpu")
    broken = tmp_path / "none" / _xvector.HUB_ID
    broken.mkdir(parents=True)
    (broken / _xvector.WEIGHTS).write_bytes(b"")
    with pytest.raises(NoModel, match="not whole"):
        _xvector.XVector(empty, "cpu")
