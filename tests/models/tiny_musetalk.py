"""Tiny networks of MuseTalk's real classes, untrained, as an operator has the files; and what they are tried on."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from paths import ROOT
from PIL import Image
from tones import tone

from core.media import Audio, Picture
from core.settings import Settings

PORTRAIT = ROOT / "tests" / "data" / "astronaut.jpg"
"""Eileen Collins, NASA 1995: in the public domain."""
RATE = 16_000
SIDE, STRETCH_S, LAYERS, WIDTH = 64, 2, 2, 16
"""Pixels of a face; seconds that the ears take at once; their layers, and the width of each."""


def tiny_musetalk(folder: Path) -> None:
    """Write all three into what `AUDIOGPT_HUB_DIR` would be.

    The config of the U-Net has the entries of diffusers' own that the published one has.
    """
    import torch
    from diffusers import UNet2DConditionModel

    torch.manual_seed(0)
    _ears(folder / "openai/whisper-tiny")
    _vae(folder / "stabilityai/sd-vae-ft-mse")
    config = {
        "_class_name": "UNet2DConditionModel", "_diffusers_version": "0.6.0.dev0", "attention_head_dim": 2,
        "block_out_channels": [8, 16], "layers_per_block": 1, "sample_size": 8, "in_channels": 8, "out_channels": 4,
        "norm_num_groups": 4, "down_block_types": ["CrossAttnDownBlock2D", "DownBlock2D"],
        "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D"], "cross_attention_dim": WIDTH,
    }  # fmt: skip
    network = UNet2DConditionModel(**config)
    target = folder / "TMElyralab/MuseTalk/musetalkV15"
    target.mkdir(parents=True)
    (target / "musetalk.json").write_text(json.dumps(config))
    torch.save(network.state_dict(), target / "unet.pth")


def _ears(folder: Path) -> None:
    import torch
    from transformers import WhisperConfig, WhisperFeatureExtractor, WhisperModel

    marks = dict.fromkeys(("pad_token_id", "bos_token_id", "eos_token_id", "decoder_start_token_id"), 0)
    config = WhisperConfig(
        vocab_size=8, d_model=WIDTH, encoder_layers=LAYERS, decoder_layers=1, encoder_attention_heads=2,
        decoder_attention_heads=2, encoder_ffn_dim=16, decoder_ffn_dim=16, max_source_positions=50 * STRETCH_S, **marks,
    )  # fmt: skip
    model = WhisperModel(config)
    with torch.no_grad():
        model.encoder.conv1.weight *= 20  # untrained they hear the time far better than the sound
    model.save_pretrained(folder)
    WhisperFeatureExtractor(chunk_length=STRETCH_S).save_pretrained(folder)


def _vae(folder: Path) -> None:
    from diffusers import AutoencoderKL

    AutoencoderKL(
        block_out_channels=(8, 8, 8, 8), norm_num_groups=4, latent_channels=4, sample_size=SIDE, scaling_factor=0.25,
        down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4,
    ).save_pretrained(folder)  # fmt: skip


def placed(local: Settings, folder: Path) -> Settings:
    return local.model_copy(update={"hub": True, "hub_dir": folder})


def photograph(side: int = 512) -> Picture:
    return Picture(np.asarray(Image.open(PORTRAIT).convert("RGB").resize((side, side)), np.uint8))


def hum(seconds: float, hz: float = 200.0) -> Audio:
    return tone(hz, seconds, RATE, 0.3)


class Trap:
    """What would run when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[[str], Any], tuple[str]]:
        return os.mkdir, (str(self.path),)
