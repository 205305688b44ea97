"""Tiny networks of the real classes, untrained, as `save_pretrained` writes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.models.speech._transcript import LANGUAGES


def tiny_whisper(folder: Path) -> None:
    import torch
    from transformers import (
        GenerationConfig,
        WhisperConfig,
        WhisperFeatureExtractor,
        WhisperForConditionalGeneration,
        WhisperProcessor,
        WhisperTokenizer,
    )
    from transformers.convert_slow_tokenizer import bytes_to_unicode

    vocab = {sign: i for i, sign in enumerate(bytes_to_unicode().values())}
    tokenizer = WhisperTokenizer(vocab={**vocab, "<|endoftext|>": len(vocab)}, merges=[])
    special = ["<|startoftranscript|>", *(f"<|{code}|>" for code in (*LANGUAGES, "yue"))]
    special += [
        "<|translate|>",
        "<|transcribe|>",
        "<|startoflm|>",
        "<|startofprev|>",
        "<|nospeech|>",
        "<|notimestamps|>",
    ]
    tokenizer.add_tokens([*special, *(f"<|{i * 0.02:.2f}|>" for i in range(1501))], special_tokens=True)
    ids = tokenizer.convert_tokens_to_ids
    end, start = ids("<|endoftext|>"), ids("<|startoftranscript|>")
    torch.manual_seed(0)
    sizes = {"d_model": 16, "encoder_layers": 1, "decoder_layers": 1, "encoder_ffn_dim": 16, "decoder_ffn_dim": 16}
    heads = {"encoder_attention_heads": 2, "decoder_attention_heads": 2}
    marks = {"bos_token_id": end, "eos_token_id": end, "pad_token_id": end, "decoder_start_token_id": start}
    config = WhisperConfig(vocab_size=len(tokenizer), max_target_positions=64, **sizes, **heads, **marks)
    config.suppress_tokens = config.begin_suppress_tokens = None
    model = WhisperForConditionalGeneration(config)
    torch.nn.init.constant_(model.model.decoder.layer_norm.weight, 100.0)  # sure of itself: no temperature fallback
    model.generation_config = GenerationConfig(
        max_length=24,
        is_multilingual=True,
        lang_to_id={f"<|{code}|>": ids(f"<|{code}|>") for code in (*LANGUAGES, "yue")},
        task_to_id={task: ids(f"<|{task}|>") for task in ("translate", "transcribe")},
        no_timestamps_token_id=ids("<|notimestamps|>"),
        prev_sot_token_id=ids("<|startofprev|>"),
        max_initial_timestamp_index=50,
        **marks,
    )
    letters = ids([*"abcdefghijklmnopqrstuvwxyz", "Ġ"])
    others = [i for i in range(ids("<|notimestamps|>") + 1) if i not in (*letters, end)]
    model.generation_config.suppress_tokens = others  # whatever the untrained network wants, it spells
    model.save_pretrained(folder)
    WhisperProcessor(WhisperFeatureExtractor(feature_size=80), tokenizer).save_pretrained(folder)


def tiny_florence2(folder: Path) -> None:
    """Its pictures are 64 pixels square: one cell of features, whose mean over places and over time are two tokens."""
    import torch
    from transformers import (
        BartConfig,
        CLIPImageProcessor,
        Florence2Config,
        Florence2ForConditionalGeneration,
        Florence2Processor,
        Florence2VisionConfig,
        RobertaTokenizer,
    )
    from transformers.convert_slow_tokenizer import bytes_to_unicode

    torch.manual_seed(0)
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", "<image>"]
    vocab = {sign: i for i, sign in enumerate([*special, *bytes_to_unicode().values()])}
    tokenizer = RobertaTokenizer(vocab=vocab, merges=[], extra_special_tokens={"image_token": "<image>"})
    vision = Florence2VisionConfig(
        depths=(1,) * 4, embed_dim=(8,) * 4, num_heads=(2,) * 4, num_groups=(2,) * 4, window_size=4, projection_dim=16,
    )  # fmt: skip
    text = BartConfig(
        vocab_size=len(vocab), d_model=16, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
        decoder_attention_heads=2, encoder_ffn_dim=16, decoder_ffn_dim=16, max_position_embeddings=256,
        forced_eos_token_id=None,
    )  # fmt: skip
    config = Florence2Config(text_config=text.to_dict(), vision_config=vision.to_dict(), image_token_id=5)
    model = Florence2ForConditionalGeneration(config)
    spelling = {vocab[letter] for letter in "abcdefghijklmnopqrstuvwxyz"}  # whatever the network wants
    model.generation_config.suppress_tokens = [i for i in range(len(vocab)) if i not in spelling]
    model.save_pretrained(folder)
    eyes = CLIPImageProcessor(size={"height": 64, "width": 64}, do_center_crop=False)
    eyes.image_seq_length = 5
    Florence2Processor(eyes, tokenizer).save_pretrained(folder)


def _t5_tokenizer() -> Any:
    from transformers import T5Tokenizer

    pieces = ["<pad>", "</s>", "<unk>", "▁", *"abcdefghijklmnopqrstuvwxyz"]
    return T5Tokenizer(vocab=[(p, -float(i)) for i, p in enumerate(pieces)], extra_ids=0, model_max_length=32)


def _t5_encoder() -> Any:
    from transformers import T5Config, T5EncoderModel

    return T5EncoderModel(T5Config(vocab_size=40, d_model=8, d_kv=4, d_ff=16, num_layers=1, num_heads=2))


def _clap() -> tuple[Any, Any]:
    from transformers import ClapConfig, ClapModel, RobertaTokenizer
    from transformers.convert_slow_tokenizer import bytes_to_unicode

    vocab = {
        sign: i for i, sign in enumerate(["<s>", "<pad>", "</s>", "<unk>", "<mask>", *bytes_to_unicode().values()])
    }
    text = {
        "vocab_size": len(vocab), "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
        "intermediate_size": 16, "projection_dim": 8,
    }  # fmt: skip
    audio = {
        "hidden_size": 64, "patch_embeds_hidden_size": 8, "depths": [1, 1, 1, 1], "num_attention_heads": [1, 1, 2, 2],
        "num_mel_bins": 64, "spec_size": 256, "projection_dim": 8, "window_size": 8, "enable_fusion": False,
    }  # fmt: skip
    model = ClapModel(ClapConfig(text_config=text, audio_config=audio, projection_dim=8))
    return model, RobertaTokenizer(vocab=vocab, merges=[], model_max_length=32)


def tiny_audioldm2(folder: Path) -> None:
    """With the language model as it is published: without its head, and a scheduler that takes many steps."""
    import torch
    from diffusers import (
        AudioLDM2Pipeline,
        AudioLDM2ProjectionModel,
        AudioLDM2UNet2DConditionModel,
        AutoencoderKL,
        DDIMScheduler,
    )
    from transformers import ClapFeatureExtractor, GPT2Config, GPT2Model, SpeechT5HifiGan, SpeechT5HifiGanConfig

    torch.manual_seed(0)
    clap, tokenizer = _clap()
    marks = {"bos_token_id": 0, "eos_token_id": 0}
    language_model = GPT2Model(GPT2Config(n_embd=8, n_layer=1, n_head=2, vocab_size=16, n_positions=64, **marks))
    language_model.config.max_new_tokens = 8
    vocoder = SpeechT5HifiGanConfig(
        model_in_dim=8, sampling_rate=16_000, upsample_initial_channel=8, upsample_rates=[16, 10],
        upsample_kernel_sizes=[32, 20], resblock_kernel_sizes=[3], resblock_dilation_sizes=[[1]],
        normalize_before=False,
    )  # fmt: skip
    AudioLDM2Pipeline(
        vae=AutoencoderKL(
            in_channels=1, out_channels=1, block_out_channels=(8, 8), norm_num_groups=4,
            down_block_types=("DownEncoderBlock2D",) * 2, up_block_types=("UpDecoderBlock2D",) * 2,
        ),
        text_encoder=clap,
        text_encoder_2=_t5_encoder(),
        projection_model=AudioLDM2ProjectionModel(8, 8, 8),
        language_model=language_model,
        tokenizer=tokenizer,
        tokenizer_2=_t5_tokenizer(),
        feature_extractor=ClapFeatureExtractor(),
        unet=AudioLDM2UNet2DConditionModel(
            sample_size=8, block_out_channels=(8, 16), layers_per_block=1, norm_num_groups=4, attention_head_dim=4,
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"), cross_attention_dim=(8, 8),
            up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        ),
        scheduler=DDIMScheduler(clip_sample=False, steps_offset=1),
        vocoder=SpeechT5HifiGan(vocoder),
    ).save_pretrained(folder)  # fmt: skip


def tiny_stable_audio(folder: Path) -> None:
    """At 4 kHz, with a window of 8 s."""
    import torch
    from diffusers import (
        AutoencoderOobleck,
        EDMDPMSolverMultistepScheduler,
        StableAudioDiTModel,
        StableAudioPipeline,
        StableAudioProjectionModel,
    )

    torch.manual_seed(0)
    StableAudioPipeline(
        vae=AutoencoderOobleck(
            encoder_hidden_size=6, downsampling_ratios=[4, 4, 5], decoder_channels=3, decoder_input_channels=3,
            channel_multiples=[1, 2, 4], sampling_rate=4000,
        ),
        text_encoder=_t5_encoder(),
        projection_model=StableAudioProjectionModel(8, 8, 0, 512),
        tokenizer=_t5_tokenizer(),
        transformer=StableAudioDiTModel(
            sample_size=400, in_channels=3, out_channels=3, num_layers=1, attention_head_dim=4, num_attention_heads=2,
            num_key_value_attention_heads=2, cross_attention_dim=8, time_proj_dim=8, global_states_input_dim=16,
            cross_attention_input_dim=8,
        ),
        scheduler=EDMDPMSolverMultistepScheduler(prediction_type="v_prediction"),
    ).save_pretrained(folder)  # fmt: skip
