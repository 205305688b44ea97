"""The most memory that one call takes above its loaded model: each figure from a process of its own, two at a time."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from core.capabilities import Args
from core.media import Audio, Picture
from core.models.base import Call, Model
from core.settings import load_settings

MINUTES = 10
_REFERENCE_S = 30
"""Of the clip, where a model wants a recording of a voice beside it."""

Calls = Mapping[str, tuple[type[Model[Any]], Args]]
"""Models and arguments by the name of the figure."""


def peaks(calls: Calls, clip: Audio) -> tuple[dict[str, float], dict[str, str]]:
    """Figures and goals, in MB, of calls on a clip of ten minutes, which is in memory beforehand."""
    assert round(clip.duration_s) == 60 * MINUTES, clip.duration_s
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        path = Path(folder) / "clip.npy"
        np.save(path, clip.samples)
        rate = str(clip.sample_rate)
        found = {
            name: pool.submit(_peak_elsewhere, kind, args, str(path), rate) for name, (kind, args) in calls.items()
        }
        figures = {f"{name}_mb_per_{MINUTES}_min": mb.result() for name, mb in found.items()}
    return figures, dict.fromkeys(figures, "<= 600")


def _peak_elsewhere(kind: type[Model[Any]], args: Args, clip: str, rate: str) -> float:
    command = [sys.executable, "-m", "bench._memory", f"{kind.__module__}:{kind.__name__}"]
    done = subprocess.run([*command, args.model_dump_json(), clip, rate], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return float(done.stdout.split()[-1])


def _peak(kind: type[Model[Any]], args: Args, clip: Audio) -> float:
    model = kind(load_settings())
    model.load("cpu")
    reference = Audio(clip.samples[:, : _REFERENCE_S * clip.sample_rate].copy(), clip.sample_rate)
    given = [ref for ref in kind.capability.refs if getattr(args, ref.name)]
    inputs: dict[str, tuple[Audio | Picture, ...]] = {r.name: (reference if r.voice else clip,) for r in given}
    Path("/proc/self/clear_refs").write_text("5")  # the high-water mark starts anew
    before = _resident_mb("VmRSS")
    model.run(Call(args, inputs))
    return _resident_mb("VmHWM") - before


def _resident_mb(which: str) -> float:
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith(f"{which}:"))


def main() -> int:
    name, args, clip, rate = sys.argv[1:]
    module, _, attribute = name.partition(":")
    kind = getattr(import_module(module), attribute)
    sound = Audio(np.load(clip), int(rate))
    print(_peak(kind, kind.capability.args(**json.loads(args)), sound))
    return 0


if __name__ == "__main__":
    sys.exit(main())
