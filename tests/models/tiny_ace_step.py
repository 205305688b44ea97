"""All parts of ACE-Step, tiny and untrained."""

from __future__ import annotations

from pathlib import Path

RATE = 4000


def save_tiny(folder: Path) -> None:
    """All parts of the real one at 4 kHz, untrained, as `save_pretrained` writes them."""
    import torch
    from diffusers import (
        AceStepConditionEncoder,
        AceStepPipeline,
        AceStepTransformer1DModel,
        AutoencoderOobleck,
        FlowMatchEulerDiscreteScheduler,
    )
    from transformers import Qwen2Tokenizer, Qwen3Config, Qwen3Model
    from transformers.convert_slow_tokenizer import bytes_to_unicode

    torch.manual_seed(0)
    vocab = {sign: i for i, sign in enumerate([*bytes_to_unicode().values(), "<|endoftext|>"])}
    heads = {"num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 8}
    sizes = {"hidden_size": 16, "intermediate_size": 16, **heads}
    condition_encoder = AceStepConditionEncoder(
        **sizes, text_hidden_dim=16, timbre_hidden_dim=8, num_lyric_encoder_hidden_layers=1,
        num_timbre_encoder_hidden_layers=1,
    )  # fmt: skip
    transformer = AceStepTransformer1DModel(
        **sizes, num_hidden_layers=2, in_channels=24, audio_acoustic_hidden_dim=8, is_turbo=True
    )
    torch.nn.init.normal_(transformer.condition_embedder.weight)  # untrained it hardly hears the words
    AceStepPipeline(
        vae=AutoencoderOobleck(
            encoder_hidden_size=16, downsampling_ratios=[4, 4, 10], decoder_channels=4, decoder_input_channels=8,
            channel_multiples=[1, 2, 4], sampling_rate=RATE,
        ),
        text_encoder=Qwen3Model(Qwen3Config(vocab_size=len(vocab), num_hidden_layers=1, **sizes)),
        tokenizer=Qwen2Tokenizer(vocab=vocab, merges=[]),
        transformer=transformer,
        condition_encoder=condition_encoder,
        scheduler=FlowMatchEulerDiscreteScheduler(num_train_timesteps=1, shift=1.0),
    ).save_pretrained(folder)  # fmt: skip
