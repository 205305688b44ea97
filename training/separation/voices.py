"""Gathers the voices: `python -m training.separation.voices PACKAGES STYLES KOKORO OUT`.

PACKAGES is the folder of recordings (see `recordings`), STYLES the folder `voices` of the npm package kokoro-js 1.2.1,
KOKORO the file model.onnx in the data folder. OUT gets an .npy a voice, int16 at 16 kHz, and voices.json, which lists
them with kind, part, pitch and speaker vector. A training voice that may be somebody of the test is left out.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyworld

from core.models.speech._speaker import shared
from training.separation.mixes import SAMPLE_RATE, Samples
from training.separation.recordings import people, spoken
from training.separation.synthetic import kokoro, machines

TEST_PEOPLE = {
    "ast_it", "ast_ru", "prompt_fr_armelle", "prompt_it_menardi", "fillets_nl_m", "fillets_nl_v", "moon_beckett",
    "moon_two_cities", "festvox_ru", "kt_da", "kl_da", "kt_lt", "kl_lt", "kt_ca", "kl_hu",
}  # fmt: skip
_SHORTEST_S = 7
_MAYBE_THE_SAME = 0.86


def gathered(packages: Path, styles: Path, weights: Path) -> Iterator[tuple[str, str, str, Samples]]:
    """Name, kind, part, speech."""
    for name, lines in people(packages):
        yield name, "human", "test" if name in TEST_PEOPLE else "train", spoken(lines)
    for name, held_out, lines in kokoro(styles, weights):
        yield name, "synthetic", "test" if held_out else "train", spoken(lines)
    for name, lines in machines():
        yield name, "machine", "train", spoken(lines)


def described(name: str, kind: str, part: str, speech: Samples) -> dict[str, Any]:
    """A row of voices.json."""
    pitch, _ = pyworld.dio(speech[: 20 * SAMPLE_RATE].astype(np.float64), SAMPLE_RATE)
    vector = shared().embed(speech[: 60 * SAMPLE_RATE], SAMPLE_RATE)
    return {
        "name": name,
        "kind": kind,
        "part": part,
        "seconds": round(len(speech) / SAMPLE_RATE, 1),
        "f0_hz": round(float(np.median(pitch[pitch > 0]))),
        "vector": [round(float(x), 4) for x in vector],
    }


def apart(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the people of the training part who sound like one of the test's."""
    tested = np.array([row["vector"] for row in rows if row["part"] == "test" and row["kind"] == "human"])

    def near(row: dict[str, Any]) -> bool:
        own = row["part"] == "train" and row["kind"] == "human"
        return bool(own and len(tested) and (tested @ np.array(row["vector"])).max() > _MAYBE_THE_SAME)

    return [row for row in rows if not near(row)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("packages", "styles", "kokoro", "out"):
        parser.add_argument(name, type=Path)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    rows = []
    for name, kind, part, speech in gathered(args.packages, args.styles, args.kokoro):
        if len(speech) < _SHORTEST_S * SAMPLE_RATE:
            continue
        np.save(args.out / f"{name}.npy", (np.clip(0.9 * speech, -1, 1) * 32767).astype(np.int16))
        rows.append(described(name, kind, part, speech))
        print(name, kind, part, rows[-1]["seconds"], "s", rows[-1]["f0_hz"], "Hz", flush=True)
    (args.out / "voices.json").write_text(json.dumps(apart(rows)))


if __name__ == "__main__":
    main()
