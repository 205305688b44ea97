"""Trains the separator: `python -m training.separation.train VOICES OUT`.

Permutation-invariant training (Yu et al. 2017, arXiv:1607.00325) on SI-SDR, AdamW, averaged weights. Matrix products
are in bfloat16, which a CPU with AMX takes ten times as fast; a GPU works as well. The same seed gives the same mixes.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from core.models.speech._tasnet import Shape, TasNet
from training.separation.mixes import Mixer

SECONDS = 3.2
BATCH = 5
RATE, WARM_UP = 1e-3, 300
WEIGHT_DECAY = 0.01
LARGEST_GRADIENT = 5.0
AVERAGE = 0.999
BEST_DB = 30.0
"""Mixes that are told apart better than that teach nothing more."""
EVERY = 200


def si_sdr_db(estimates: Tensor, sources: Tensor) -> Tensor:
    """Scale-invariant signal-to-distortion ratio over the last axis (Le Roux et al. 2019, arXiv:1811.02508)."""
    energy = sources.square().sum(-1, keepdim=True)
    target = (estimates * sources).sum(-1, keepdim=True) / (energy + 1e-8) * sources
    error = (estimates - target).square().sum(-1)
    wanted = target.square().sum(-1)
    return 10 * torch.log10((wanted + 1e-8) / (error + 10 ** (-BEST_DB / 10) * wanted + 1e-8))


def loss(estimates: Tensor, sources: Tensor) -> Tensor:
    """Negative SI-SDR in dB with the talkers in the better order."""
    straight = si_sdr_db(estimates, sources).mean(1)
    crossed = si_sdr_db(estimates.flip(1), sources).mean(1)
    return -torch.maximum(straight, crossed).mean()


def learning_rate(step: int, steps: int, decay_from: int) -> float:
    """Up over the first steps, level, then down to nothing."""
    return RATE * min(1.0, (step + 1) / WARM_UP, max(0.0, (steps - step) / max(1, steps - decay_from)))


class Trainer:
    """The network, its optimiser and its averaged weights; kept on disk together."""

    def __init__(self, mixer: Mixer, out: Path, seed: int, device: str) -> None:
        torch.manual_seed(seed)
        self._mixer, self._out, self._seed, self._device = mixer, out, seed, device
        self._network = TasNet(Shape()).to(device)
        self._optimiser = torch.optim.AdamW(self._network.parameters(), RATE, weight_decay=WEIGHT_DECAY)
        self._average = {name: p.detach().clone() for name, p in self._network.state_dict().items()}
        self._step = 0
        if out.exists():
            self._restore(torch.load(out, map_location=device, weights_only=True))

    def _restore(self, kept: dict[str, Any]) -> None:
        self._network.load_state_dict(kept["network"])
        self._optimiser.load_state_dict(kept["optimiser"])
        self._average, self._step = kept["average"], kept["step"]

    def _keep(self) -> None:
        kept = {"network": self._network.state_dict(), "optimiser": self._optimiser.state_dict()}
        part = self._out.with_suffix(".part")
        torch.save({**kept, "average": self._average, "step": self._step}, part)
        part.replace(self._out)

    def run(self, steps: int, decay_from: int) -> Iterator[tuple[int, float]]:
        """Train to that many steps in all; now and then gives the step and the mean loss since the last time."""
        forward = torch.compile(self._network)
        losses: list[float] = []
        while self._step < steps:
            for group in self._optimiser.param_groups:
                group["lr"] = learning_rate(self._step, steps, decay_from)
            mixes, talkers = (
                torch.from_numpy(x).to(self._device) for x in self._mixer.batch(self._step, BATCH, self._seed)
            )
            with torch.autocast(self._device.split(":")[0], torch.bfloat16):
                estimates = forward(mixes)
            value = loss(estimates.float(), talkers)
            self._optimiser.zero_grad(set_to_none=True)
            value.backward()
            torch.nn.utils.clip_grad_norm_(self._network.parameters(), LARGEST_GRADIENT)
            self._optimiser.step()
            self._step += 1
            share = min(AVERAGE, self._step / (self._step + 10))
            for name, weights in self._network.state_dict().items():
                self._average[name].lerp_(weights, 1 - share)
            losses.append(float(value.detach()))
            if self._step % EVERY == 0 or self._step == steps:
                self._keep()
                yield self._step, sum(losses) / len(losses)
                losses.clear()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("voices", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=16_000)
    parser.add_argument("--decay-from", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cpu")
    args = parser.parse_args()
    started = time.monotonic()
    trainer = Trainer(Mixer(args.voices, SECONDS), args.out, args.seed, args.device)
    for step, mean in trainer.run(args.steps, args.decay_from):
        print(f"{time.monotonic() - started:.0f} s, step {step}: {-mean:.2f} dB", flush=True)


if __name__ == "__main__":
    main()
