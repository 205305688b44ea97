"""Voices that are computed: Kokoro's styles and blends of them, and the programs flite and espeak-ng."""

from __future__ import annotations

import io
import json
import re
import subprocess
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from shutil import which

import numpy as np
import soxr

from bench.sentences import SENTENCES
from core.models.speech import _kokoro
from training.separation.mixes import SAMPLE_RATE, Samples
from training.separation.recordings import Speech

HELD_OUT = {
    "af_heart", "am_michael", "bf_emma", "bm_george", "em_alex", "hm_omega", "if_sara", "jf_alpha", "jf_gongitsune",
    "jf_nezumi", "jf_tebukuro", "jm_kumo", "zf_xiaoyi", "zm_yunjian",
}  # fmt: skip
"""Never trained on, nor blended: among them the voices that this project speaks with."""
LINES, BLENDS = 4, 15
_FURTHER = {
    "es": "Mañana iremos al mercado a comprar fruta y pescado fresco para toda la familia.",
    "fr": "Les enfants jouaient dans le jardin quand il a commencé à pleuvoir très fort.",
    "it": "Mia nonna mi raccontava che nel suo paese c'era un mulino molto antico vicino al fiume.",
    "de": "Könnten Sie bitte das Fenster schließen? Heute Abend ist es ziemlich kalt.",
    "pt-br": "O trem das oito sempre sai atrasado, mas hoje chegou antes da hora.",
}
_VARIANTS = (
    "f1", "f2", "f3", "f4", "f5", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "klatt2", "klatt4", "Andrea",
    "Alicia", "Demonic", "Diogo", "Gene", "Lee", "Mario", "Michael", "Quincy", "Steph", "Storm", "Tweaky", "Zac",
    "anika", "robosoft", "norbert",
)  # fmt: skip


def kokoro(styles: Path, weights: Path, seed: int = 1) -> Iterator[tuple[str, bool, list[Samples]]]:
    """Name, whether it is held out, and lines, of each style in a folder and of blends.

    `weights` is the network that the model `kokoro` joins in the data folder.
    """
    from hibari.g2p import G2P

    rng = np.random.default_rng(seed)
    found = {path.stem: np.fromfile(path, np.float32).reshape(-1, 256) for path in sorted(styles.glob("*.bin"))}
    phonemes = [G2P()(sentence) for sentence in SENTENCES]
    further = [_espeak_phonemes(language, text) for language, text in _FURTHER.items()] if which("espeak-ng") else []
    network = _Network(weights)
    blends = [(f"bl{n:03}", _blend(found, rng)) for n in range(BLENDS)]
    for name, style in [*found.items(), *blends]:
        held_out = name in HELD_OUT
        half = phonemes[:50] if held_out else phonemes[50:]
        pool = [half, further or half]
        lines = [pool[n % 2][rng.integers(len(pool[n % 2]))] for n in range(LINES)]
        yield name, held_out, [network.say(line, style, float(rng.uniform(0.9, 1.2))) for line in lines]


def machines() -> Iterator[Speech]:
    """flite's four voices and espeak-ng's variants, each in one language."""
    rng = np.random.default_rng(5)
    for voice in ("awb", "rms", "slt", "kal16") if which("flite") else ():
        yield (
            f"flite_{voice}",
            [_run(["flite", "-voice", voice, "-t", s, "-o", "/dev/stdout"]) for s in SENTENCES[50:80]],
        )
    languages = ("en-us", "en-gb", "es", "fr-fr", "it", "pt-br", "de", "en-gb-scotland")
    for number, variant in enumerate(_VARIANTS if which("espeak-ng") else ()):
        language = languages[number % len(languages)]
        text = _FURTHER.get(language.removesuffix("-fr"))
        texts = [text or SENTENCES[50 + rng.integers(50)] for _ in range(5)]
        manner = ["-s", str(rng.integers(140, 190)), "-p", str(rng.integers(20, 80)), "--stdout"]
        yield f"espeak_{variant}", [_run(["espeak-ng", "-v", f"{language}+{variant}", *manner, line]) for line in texts]


class _Network:
    """Kokoro with any style; the product's own class knows those of its package alone."""

    def __init__(self, weights: Path) -> None:
        import onnxruntime

        self._session = onnxruntime.InferenceSession(str(weights), providers=["CPUExecutionProvider"])
        vocabulary = (files(_kokoro.PACKAGE) / "data" / "vocab.json").read_text(encoding="utf-8")
        self._ids: dict[str, int] = json.loads(vocabulary)["vocab"]

    def say(self, phonemes: str, style: Samples, speed: float) -> Samples:
        tokens = [self._ids[sign] for sign in phonemes if sign in self._ids][: len(style) - 2]
        inputs = {"tokens": np.array([[0, *tokens, 0]]), "style": style[[len(tokens)]], "speed": np.float32([speed])}
        (samples,) = self._session.run(None, inputs)[:1]
        return np.asarray(soxr.resample(np.ravel(samples), _kokoro.SAMPLE_RATE, SAMPLE_RATE), np.float32)


def _blend(styles: dict[str, Samples], rng: np.random.Generator) -> Samples:
    """Two or three styles, mostly of one sex, in shares that may go a little beyond them."""
    sex = rng.choice(["f", "m", ""], p=[0.35, 0.35, 0.3])
    names = [name for name in styles if name not in HELD_OUT and (not sex or name[1] == sex)]
    chosen = rng.choice(names, rng.integers(2, 4), replace=False)
    shares = rng.dirichlet(np.full(len(chosen), 1.5))
    shares += rng.uniform(0, 0.35) * (shares - shares.mean())
    return np.asarray(sum(s * styles[name] for s, name in zip(shares / shares.sum(), chosen, strict=True)), np.float32)


def _espeak_phonemes(language: str, text: str) -> str:
    command = ["espeak-ng", "-q", "--ipa", "-v", language, text]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return re.sub(r"\([a-z-]+\)|_", "", said.replace("\n", ", ")).strip(" ,") + "."


def _run(command: list[str]) -> Samples:
    """A WAV file on standard output, at 16 kHz."""
    import soundfile

    content = subprocess.run(command, capture_output=True, check=True).stdout
    samples, rate = soundfile.read(io.BytesIO(content), dtype="float32")
    return np.asarray(soxr.resample(samples, rate, SAMPLE_RATE), np.float32)
