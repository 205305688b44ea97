"""Trains the extraction network: `python -m training.extraction.train MIXES OUT.safetensors`.

The loss is the error of the masked spectrum in decibels below the sound that is meant, and that of the rest; no phase
is estimated. Matrix products are in bfloat16, which a CPU with AMX takes ten times as fast; a GPU works as well.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from core.models.sound._mask_network import MaskNetwork, on_frames, spectrum, write
from core.models.sound._yamnet import STEP_S
from training.extraction.mixes import IN_PART

BATCH = 12
RATE, WARM_UP = 1.5e-3, 100
WEIGHT_DECAY = 0.02
LARGEST_GRADIENT = 1.0
AVERAGE = 0.997
BEST = 1e-3
"""30 dB: what is told apart better teaches nothing more."""
_WORD_NOISE = 0.03
_WORDLESS = 0.1
"""How often there are no words: the tagger alone must do."""
EVERY = 100


def loss(mask: Tensor, mixture: Tensor, wanted: Tensor) -> Tensor:
    """Mean over the batch; spectra of shape (batch, frames, bins)."""
    whole, alike = mixture.abs().square(), (mixture * wanted.conj()).real
    power = wanted.abs().square().sum((1, 2))
    rest = (mixture - wanted).abs().square().sum((1, 2))
    error = (mask * (mask * whole - 2 * alike)).sum((1, 2)) + power
    of_wanted = torch.log10((error.clamp(min=0) + BEST * power) / (power + 1e-6))
    of_rest = torch.log10((error.clamp(min=0) + BEST * rest) / (rest + 1e-6))
    return 10 * (of_wanted + 0.5 * of_rest).mean() / 1.5


def batches(folder: Path, seed: int, device: str) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """Without end: sources as float (batch, 2, length), evidence, words; other levels and colours each time."""
    rng = np.random.default_rng(seed)
    while True:
        for path in rng.permutation(sorted(folder.glob("[0-9][0-9][0-9].npz"))):
            with np.load(path) as kept:
                part = {name: kept[name] for name in ("sources", "evidence", "words")}
            for chosen in rng.permutation(IN_PART)[: IN_PART // BATCH * BATCH].reshape(-1, BATCH):
                sources = part["sources"][chosen].astype(np.float32) / 32768
                words = part["words"][chosen] + _WORD_NOISE * rng.standard_normal((BATCH, 512)).astype(np.float32)
                words[rng.random(BATCH) < _WORDLESS] = 0
                yield tuple(torch.from_numpy(x).to(device) for x in (sources, part["evidence"][chosen], words))  # type: ignore[misc]  # of three


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mixes", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=2600)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cpu")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    network = MaskNetwork().to(args.device)
    masked = torch.compile(network.mask)
    optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=WEIGHT_DECAY)
    average = {name: weights.detach().clone() for name, weights in network.state_dict().items()}
    losses: list[float] = []
    started = time.monotonic()
    for step, (sources, evidence, words) in enumerate(batches(args.mixes, args.seed, args.device), 1):
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(step / WARM_UP, 1.0, 1.5 * (1 - (step - 1) / args.steps))
        wanted, rest = spectrum(sources).unbind(1)
        mixture = wanted + rest
        with torch.autocast(args.device.split(":")[0], torch.bfloat16):
            mask = masked(mixture.abs(), on_frames(evidence, mixture.shape[1], STEP_S), words)
        value = loss(mask.float(), mixture, wanted)
        optimiser.zero_grad(set_to_none=True)
        value.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), LARGEST_GRADIENT)
        optimiser.step()
        share = min(AVERAGE, step / (step + 10))
        for name, weights in network.state_dict().items():
            average[name].lerp_(weights, 1 - share)
        losses.append(float(value.detach()))
        if step % EVERY == 0 or step == args.steps:
            write(average, args.out)
            print(f"{time.monotonic() - started:.0f} s, step {step}: {-np.mean(losses):.2f} dB", flush=True)
            losses.clear()
        if step == args.steps:
            return


if __name__ == "__main__":
    main()
