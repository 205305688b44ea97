"""Tiny networks of the real classes, untrained, as `save_pretrained` writes them."""

from __future__ import annotations

from pathlib import Path

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
