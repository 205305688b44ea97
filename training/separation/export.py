"""Writes the trained network as the model reads it: `python -m training.separation.export OUT`; prints its SHA-256."""

from __future__ import annotations

import argparse
from hashlib import sha256
from pathlib import Path

import torch

from core.models.speech._spectral_tasnet import Spectral, SpectralTasNet
from core.models.speech._tasnet_weights import write
from core.models.speech.convtasnet_separation import WEIGHTS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kept", type=Path, help="what training has written")
    parser.add_argument("--to", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    network = SpectralTasNet(Spectral())
    network.load_state_dict(torch.load(args.kept, map_location="cpu", weights_only=True)["average"])
    write(network, args.to)
    print(sha256(args.to.read_bytes()).hexdigest(), args.to.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
