"""MusicGen on a tiny network that is built here; it is loaded and called in the real way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyloudnorm
import pytest

from core.capabilities import MusicArgs
from core.errors import BadInput, Cancelled, NoModel, OverLimit
from core.media import Audio
from core.models.base import Call, Output
from core.models.music.musicgen_hub import MusicGenHub
from core.settings import Settings

RATE, FRAME_RATE = 3_200, 50


@pytest.fixture(scope="module")
def musicgen(tmp_path_factory: pytest.TempPathFactory) -> MusicGenHub:
    folder = tmp_path_factory.mktemp("hub")
    _tiny(folder / MusicGenHub.source)
    model = MusicGenHub(Settings(_env_file=None, hub_dir=folder, data_dir=folder / "data"))
    model.load("cpu")
    return model


def _tiny(folder: Path) -> None:
    """All parts of the real one, untrained, as `save_pretrained` writes them."""
    import torch
    from transformers import (
        EncodecConfig,
        GenerationConfig,
        MusicgenConfig,
        MusicgenDecoderConfig,
        MusicgenForConditionalGeneration,
        T5Config,
        T5Tokenizer,
    )

    torch.manual_seed(0)
    pieces = ["<pad>", "</s>", "<unk>", "▁", *"abcdefghijklmnopqrstuvwxyz0123456789"]
    tokenizer = T5Tokenizer(vocab=[(p, -float(i)) for i, p in enumerate(pieces)], extra_ids=0, model_max_length=64)
    text = T5Config(vocab_size=len(tokenizer), d_model=16, d_kv=8, d_ff=16, num_layers=1, num_heads=2)
    codec = EncodecConfig(
        sampling_rate=RATE, target_bandwidths=[2.2], upsampling_ratios=[8, 8], num_filters=4, hidden_size=8,
        codebook_size=16, codebook_dim=8, num_lstm_layers=1, norm_type="weight_norm",
    )  # fmt: skip
    decoder = MusicgenDecoderConfig(
        vocab_size=16, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, ffn_dim=16, num_codebooks=2,
        pad_token_id=16, bos_token_id=16, max_position_embeddings=256, initializer_factor=1.0,
    )  # fmt: skip
    assert codec.frame_rate == FRAME_RATE
    config = MusicgenConfig(text_encoder=text.to_dict(), audio_encoder=codec.to_dict(), decoder=decoder.to_dict())
    model = MusicgenForConditionalGeneration(config)
    for name, codes in model.audio_encoder.named_buffers():
        if name.endswith("codebook.embed"):  # untrained they are all zero, and every token sounds the same
            codes.normal_()
    model.generation_config = GenerationConfig(decoder_start_token_id=16, pad_token_id=16, bos_token_id=16)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def made(model: MusicGenHub, words: str = "happy jazz", seed: int = 1, seconds: float | None = 2.0) -> Output:
    return model.run(Call(MusicArgs(description=words, seconds=seconds), seed=seed))


def sound(output: Output) -> Audio:
    media = output.media[0].media
    assert isinstance(media, Audio)
    return media


def test_music_of_the_asked_length_and_loudness(musicgen: MusicGenHub) -> None:
    clip = sound(made(musicgen))
    assert clip.sample_rate == RATE
    assert clip.duration_s == pytest.approx(2.0, abs=0.05)
    peak = float(np.abs(clip.samples).max())
    loudness = pyloudnorm.Meter(RATE).integrated_loudness(clip.samples.T.astype(np.float64))
    assert loudness <= -17.5
    assert 0.8 < peak < 0.9  # no louder than its peaks allow


def test_the_length_may_stand_in_the_words(musicgen: MusicGenHub) -> None:
    assert sound(made(musicgen, "3 seconds of jazz", seconds=None)).duration_s == pytest.approx(3.0, abs=0.05)


def test_words_and_seed_decide(musicgen: MusicGenHub) -> None:
    first = sound(made(musicgen)).samples
    assert np.array_equal(first, sound(made(musicgen)).samples)
    assert not np.array_equal(first, sound(made(musicgen, seed=2)).samples)
    assert not np.array_equal(first, sound(made(musicgen, "a slow waltz")).samples)


def test_it_says_how_far_it_is_and_stops(musicgen: MusicGenHub) -> None:
    fractions: list[float] = []
    musicgen.run(Call(MusicArgs(description="jazz", seconds=2.0), progress=fractions.append))
    assert fractions == sorted(fractions)
    assert len(fractions) > 50
    assert fractions[-1] == 1

    def stop(fraction: float) -> None:
        if fraction > 0.3:
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        musicgen.run(Call(MusicArgs(description="jazz", seconds=2.0), progress=stop))


@pytest.mark.parametrize(
    ("words", "seconds", "error"),
    [
        ("a song with lyrics about love", None, BadInput),
        ("jazz", 31.0, OverLimit),
        ("play happy birthday", 5, BadInput),
    ],
)
def test_what_it_cannot_do_is_refused(
    musicgen: MusicGenHub, words: str, seconds: float | None, error: type[Exception]
) -> None:
    with pytest.raises(error):
        made(musicgen, words, seconds=seconds)


def test_without_weights_there_is_no_model(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, hub_dir=tmp_path, data_dir=tmp_path)
    assert "hf download facebook/musicgen-medium" in (MusicGenHub.missing(settings) or "")
    with pytest.raises(NoModel, match="cannot run here"):
        MusicGenHub(settings).load("cpu")
    assert not MusicGenHub.commercial
