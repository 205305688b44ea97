"""Hibari's network opened: how long each phoneme lasts and how high it is may be given instead of predicted.

The network is of the family of FastSpeech 2 (Ren et al. 2021): a text encoder, a predictor of durations whose result
stretches the text to frames, a predictor of F0, and a decoder that hears both. Its graph keeps durations and F0 to
itself; here they become inputs, and what it would have chosen itself becomes outputs.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

FRAME_S = 0.0125
"""Seconds of one frame of F0 and spectrum."""
FRAMES_PER_UNIT = 2
"""Durations count units of this many frames."""
UNIT_S = FRAME_S * FRAMES_PER_UNIT
VOICED_HZ = 40.0
"""F0 below it means unvoiced."""

_DURATIONS, _F0 = "/Clip_output_0", "f0"
_FREE = "free_"
_SPECTRA = ("lh", "theta", "ln", "lr", "phi")

Durations = NDArray[np.int64]
Curve = NDArray[np.float32]


class OpenNetwork:
    """The network of one voice. Symbols are those of `ids`: the phonemes between two pads."""

    sample_rate = 24000

    def __init__(self, voice: str = "heart") -> None:
        """Read the voice from its package.

        Raises:
            ImportError: hibari-tts is not installed.
        """
        import onnxruntime
        from hibari import Hibari
        from hibari.voices import sha256_of, voice_path

        path = voice_path(voice, download_missing=False)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.sha256: str = sha256_of(path)
        self._text = Hibari(voice=voice, model=path, threads=1)
        self._session = onnxruntime.InferenceSession(_opened(path), options, providers=["CPUExecutionProvider"])

    def phonemes(self, text: str) -> list[str]:
        """The phonemes of each sentence, in the alphabet of misaki."""
        return list(self._text.phonemize(text))

    def ids(self, phonemes: str) -> NDArray[np.int64]:
        """One symbol a phoneme and a pad on each side: shape (len(phonemes) + 2,).

        Raises:
            ValueError: a phoneme that the network does not know.
        """
        found = np.asarray(self._text.ids(phonemes), np.int64)
        if len(found) != len(phonemes) + 2:
            raise ValueError(f"phonemes that the voice does not know in {phonemes!r}")
        return found

    def durations(self, ids: NDArray[np.int64], speed: float = 1.0) -> Durations:
        """How long the voice itself would make each symbol, in units of `UNIT_S`."""
        once = np.ones(len(ids), np.int64)
        flat = np.full(len(ids) * FRAMES_PER_UNIT, 200.0, np.float32)
        return np.asarray(self._run([_FREE + _DURATIONS], ids, once, flat, speed)[0], np.int64)

    def f0(self, ids: NDArray[np.int64], durations: Durations) -> Curve:
        """The F0 in Hz that the voice itself would speak with, below `VOICED_HZ` where unvoiced: shape (frames,)."""
        flat = np.full(int(durations.sum()) * FRAMES_PER_UNIT, 200.0, np.float32)
        return np.asarray(self._run([_FREE + _F0], ids, durations, flat)[0][0], np.float32)

    def spectra(self, ids: NDArray[np.int64], durations: Durations, f0_hz: Curve) -> list[Any]:
        """What the decoder makes of them: harmonic magnitude and phase, noise, free magnitude and phase.

        Each of shape (frames, bins), as `sound` takes them.
        """
        return [part[0].T for part in self._run(list(_SPECTRA), ids, durations, f0_hz)]

    def _run(
        self, wanted: list[str], ids: NDArray[np.int64], durations: Durations, f0_hz: Curve, speed: float = 1.0
    ) -> list[Any]:
        given = {
            "ids": ids[None],
            "speed": np.asarray([speed], np.float32),
            _DURATIONS: durations.astype(np.float32),
            _F0: np.asarray(f0_hz, np.float32)[None],
        }
        return list(self._session.run(wanted, given))


def sound(spectra: list[Any], f0_hz: Curve, rng: np.random.Generator) -> NDArray[np.float32]:
    """Samples of spectra and an F0 in Hz, shape (frames * 300,) at 24 kHz."""
    from hibari import dsp

    parts = [np.ascontiguousarray(part.T, np.float32) for part in spectra]
    return np.asarray(dsp.synth(*parts, np.ascontiguousarray(f0_hz, np.float32), rng), np.float32)


def _opened(path: str) -> bytes:
    """The network with durations and F0 as inputs, and its own choice of both as outputs."""
    import onnx

    model = onnx.load(path)
    graph = model.graph
    kept = [output for output in graph.output if output.name != _F0]
    del graph.output[:]
    graph.output.extend(kept)
    for name, shape in ((_DURATIONS, ["symbols"]), (_F0, [1, "frames"])):
        (maker,) = (node for node in graph.node if name in node.output)
        maker.output[list(maker.output).index(name)] = _FREE + name
        floats = onnx.TensorProto.FLOAT
        graph.input.append(onnx.helper.make_tensor_value_info(name, floats, shape))
        graph.output.append(onnx.helper.make_tensor_value_info(_FREE + name, floats, shape))
    return bytes(model.SerializeToString())
