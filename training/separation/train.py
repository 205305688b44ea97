"""Trains the separator: `python -m training.separation.train VOICES OUT`.

Permutation-invariant training (Yu et al. 2017, arXiv:1607.00325) on SI-SDR, averaged weights. Matrix
products are in bfloat16, which a CPU with AMX takes ten times as fast; a GPU works as well. The same seed gives the
same mixes. The weights in core/models/speech are those after 21,000 steps: half as many mixes with one talker alone in
the first 1,600, the rate let down to nothing by steps 4,500, 10,000, 13,000 and 21,000, and up again in between.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from core.models.speech._spectral_tasnet import Spectral, SpectralTasNet
from training.separation.mixes import Mixer

SECONDS = 2.4
BATCH = 8
RATE, MATRIX_RATE, WARM_UP = 1.5e-3, 8e-3, 50
WEIGHT_DECAY = 0.01
LARGEST_GRADIENT = 5.0
AVERAGE, AVERAGED = 0.99, 8
"""What stays of the averaged weights every so many steps."""
BEST_DB = 30.0
"""Mixes that are told apart better than that teach nothing more."""
CLUSTERED_BINS, CLUSTERED_FRAMES, CLUSTER_SIZE, CLUSTER_WEIGHT = 112, 2, 16, 20.0
EVERY = 100


def si_sdr_db(estimates: Tensor, sources: Tensor) -> Tensor:
    """Scale-invariant signal-to-distortion ratio over the last axis (Le Roux et al. 2019, arXiv:1811.02508)."""
    energy = sources.square().sum(-1, keepdim=True)
    target = (estimates * sources).sum(-1, keepdim=True) / (energy + 1e-8) * sources
    error = (estimates - target).square().sum(-1)
    wanted = target.square().sum(-1)
    return 10 * torch.log10((wanted + 1e-8) / (error + 10 ** (-BEST_DB / 10) * wanted + 1e-8))


def loss(estimates: Tensor, sources: Tensor) -> Tensor:
    """Negative SI-SDR in dB with the talkers in the better order. Of one talker alone it wants one good estimate."""
    there = (sources.abs().amax(2) > 0).float()
    share = there / there.sum(1, keepdim=True)
    straight = (si_sdr_db(estimates, sources) * share).sum(1)
    crossed = (si_sdr_db(estimates.flip(1), sources) * share).sum(1)
    return -torch.maximum(straight, crossed).mean()


class Clusters(nn.Module):
    """Deep clustering (Hershey et al. 2016, arXiv:1508.04306), beside the masks: thrown away after training.

    Every point of time and frequency gets a vector; those that one talker dominates shall be close. It tells the
    network from the first step on what belongs together, which the loss of whole waveforms does late.
    """

    def __init__(self, shape: Spectral) -> None:
        super().__init__()
        self.vectors = nn.Linear(shape.bottleneck, CLUSTERED_BINS * CLUSTER_SIZE)

    def forward(self, stream: Tensor, mix: Tensor, talkers: Tensor) -> Tensor:
        """The loss, 0 to 1, by the spectra of mixes, (batch, frames, bins), and talkers, (batch, 2, frames, bins)."""
        part = (slice(None, None, CLUSTERED_FRAMES), slice(CLUSTERED_BINS))
        size = mix[:, *part].abs().flatten(1)
        heard = (size > 0.01 * size.amax(1, keepdim=True)).float()
        owner = (talkers[:, 0][:, *part].abs() > talkers[:, 1][:, *part].abs()).float().flatten(1)
        vectors = self.vectors(stream[:, ::CLUSTERED_FRAMES]).unflatten(2, (CLUSTERED_BINS, CLUSTER_SIZE)).flatten(1, 2)
        vectors = vectors * (heard * torch.rsqrt(vectors.float().square().sum(2) + 1e-6))[..., None].to(vectors.dtype)
        owners = (torch.stack([owner, 1 - owner], dim=2) * heard[..., None]).to(vectors.dtype)
        pairs = ((vectors, vectors), (vectors, owners), (owners, owners))
        norms = [(one.transpose(1, 2) @ other).float().square().sum((1, 2)) for one, other in pairs]
        return ((norms[0] - 2 * norms[1] + norms[2]) / heard.sum(1).square()).mean()


def learning_rate(step: int, steps: int, decay_from: int) -> float:
    """As a share of the full one: up over the first steps, level, then down to nothing."""
    return min(1.0, (step + 1) / WARM_UP, max(0.0, (steps - step) / max(1, steps - decay_from)))


def optimisers(network: SpectralTasNet, clusters: Clusters) -> list[torch.optim.Optimizer]:
    """Muon (Jordan et al. 2024) for the network's matrices, which it fits in half as many steps; AdamW for all else."""
    matrices = [p for p in network.parameters() if p.ndim == 2]
    others = [*(p for p in network.parameters() if p.ndim != 2), *clusters.parameters()]
    return [
        torch.optim.Muon(
            [{"params": matrices, "full": MATRIX_RATE}],
            lr=MATRIX_RATE,
            weight_decay=WEIGHT_DECAY,
            adjust_lr_fn="match_rms_adamw",
        ),
        torch.optim.AdamW([{"params": others, "full": RATE}], RATE, weight_decay=WEIGHT_DECAY, fused=True),
    ]


class Trainer:
    """The network, its optimiser and its averaged weights; kept on disk together."""

    def __init__(self, mixer: Mixer, out: Path, seed: int, device: str) -> None:
        torch.manual_seed(seed)
        torch.set_flush_denormal(True)
        self._mixer, self._out, self._seed, self._device = mixer, out, seed, device
        self._network = SpectralTasNet(Spectral()).to(device)
        self._clusters = Clusters(self._network.shape).to(device)
        self._optimisers = optimisers(self._network, self._clusters)
        self._average = {name: p.detach().clone() for name, p in self._network.state_dict().items()}
        self._step = 0
        if out.exists():
            self._restore(torch.load(out, map_location=device, weights_only=True))

    def _restore(self, kept: dict[str, Any]) -> None:
        self._network.load_state_dict(kept["network"])
        for optimiser, state in zip(self._optimisers, kept["optimisers"], strict=True):
            optimiser.load_state_dict(state)
        self._clusters.load_state_dict(kept["clusters"])
        self._average, self._step = kept["average"], kept["step"]

    def _keep(self) -> None:
        kept = {
            "network": self._network.state_dict(),
            "clusters": self._clusters.state_dict(),
            "optimisers": [o.state_dict() for o in self._optimisers],
        }
        part = self._out.with_suffix(".part")
        torch.save({**kept, "average": self._average, "step": self._step}, part)
        part.replace(self._out)

    def run(self, steps: int, decay_from: int) -> Iterator[tuple[int, float, float]]:
        """Train to that many steps in all; now and then gives the step and the mean loss since the last time."""
        losses: list[tuple[float, float]] = []
        while self._step < steps:
            share = learning_rate(self._step, steps, decay_from)
            for optimiser in self._optimisers:
                for group in optimiser.param_groups:
                    group["lr"] = share * group["full"]
            mixes, talkers = (
                torch.from_numpy(x).to(self._device) for x in self._mixer.batch(self._step, BATCH, self._seed)
            )
            with torch.autocast(self._device.split(":")[0], torch.bfloat16):
                spectrum = self._network.spectrum(mixes)
                stream = self._network.stream(spectrum)
                value = loss(self._network.masked(spectrum, stream, mixes.shape[1]), talkers)
                grouped = self._clusters(stream, spectrum, self._network.spectrum(talkers))
            for optimiser in self._optimisers:
                optimiser.zero_grad(set_to_none=True)
            (value + CLUSTER_WEIGHT * grouped).backward()
            torch.nn.utils.clip_grad_norm_(self._network.parameters(), LARGEST_GRADIENT)
            for optimiser in self._optimisers:
                optimiser.step()
            self._step += 1
            if self._step % AVERAGED == 0:
                share = max(1 - AVERAGE, AVERAGED / self._step)
                for name, weights in self._network.state_dict().items():
                    self._average[name].lerp_(weights, share)
            losses.append((float(value.detach()), float(grouped.detach())))
            if self._step % EVERY == 0 or self._step == steps:
                self._keep()
                yield self._step, *np.mean(losses, axis=0)
                losses.clear()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("voices", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=4_500)
    parser.add_argument("--decay-from", type=int, default=1_800)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cpu")
    args = parser.parse_args()
    started = time.monotonic()
    trainer = Trainer(Mixer(args.voices, SECONDS), args.out, args.seed, args.device)
    for step, mean, grouped in trainer.run(args.steps, args.decay_from):
        print(f"{time.monotonic() - started:.0f} s, step {step}: {-mean:.2f} dB, clusters {grouped:.3f}", flush=True)


if __name__ == "__main__":
    main()
