"""How well unseen voices are told apart: `python -m training.separation.evaluate VOICES WEIGHTS`.

Mixes of two voices of the test part, 5 s, both speaking all the time, one up to 5 dB louder, nothing else changed.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch

from core.models.speech._spectral_tasnet import Spectral, SpectralTasNet
from training.separation.mixes import SAMPLE_RATE, Samples, Voice, rms, voices
from training.separation.train import si_sdr_db

SECONDS = 5.0
LEVEL_DB = 5.0


def mix(one: Voice, other: Voice, rng: np.random.Generator) -> Samples:
    """The two talkers, shape (2, frames)."""
    frames = round(SECONDS * SAMPLE_RATE)
    talkers = []
    for voice in (one, other):
        begin = int(rng.integers(max(1, len(voice.samples) - frames)))
        part = np.asarray(voice.samples[begin : begin + frames], np.float32)
        talkers.append(np.pad(part, (0, frames - len(part)), mode="wrap") / rms(part))
    talkers[1] *= 10 ** (rng.uniform(-LEVEL_DB, LEVEL_DB) / 20)
    return 0.05 * np.stack(talkers)


def improvement_db(network: SpectralTasNet, talkers: Samples) -> float:
    """Mean SI-SDR of both talkers above that of the mix itself."""
    sources = torch.from_numpy(talkers)
    heard = sources.sum(0)
    with torch.inference_mode():
        estimates = network(heard[None])[0].float()
    before = si_sdr_db(heard.expand_as(sources), sources).mean()
    after = max(si_sdr_db(estimates, sources).mean(), si_sdr_db(estimates.flip(0), sources).mean())
    return float(after - before)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("voices", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--mixes", type=int, default=100)
    args = parser.parse_args()
    torch.set_num_threads(1)
    network = SpectralTasNet(Spectral()).eval()
    network.load_state_dict(torch.load(args.weights, map_location="cpu", weights_only=True)["average"])
    found: dict[str, list[float]] = defaultdict(list)
    for kind in ("synthetic", "human"):
        rng = np.random.default_rng(1)
        people = [voice for voice in voices(args.voices, "test") if voice.kind == kind]
        while len(found[kind]) < args.mixes:
            one, other = (people[i] for i in rng.choice(len(people), 2, replace=False))
            value = improvement_db(network, mix(one, other, rng))
            found[kind].append(value)
            found[f"{kind}, {'same sex' if one.sex == other.sex else 'a woman and a man'}"].append(value)
    for name, values in found.items():
        worst = np.percentile(values, 10)
        print(f"{name}: {np.mean(values):.2f} dB over {len(values)} mixes, a tenth below {worst:.1f} dB")


if __name__ == "__main__":
    main()
