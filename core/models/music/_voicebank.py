"""A DiffSinger voicebank on disk: its phonemes, its dictionaries, its networks (Liu et al. 2021, arXiv:2105.02446).

The layout is that of OpenUtau's voicebanks: `dsconfig.yaml` beside the acoustic network, `dsdict.yaml` or
`dsdict-<language>.yaml`, a vocoder in `dsvocoder/` or in a folder of its name, and `dsvariance/` where the acoustic
network wants curves of energy, breathiness, voicing or tension.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import NoModel

CONFIG = "dsconfig.yaml"
SILENCE, BREATH = "SP", "AP"
CURVES = ("energy", "breathiness", "voicing", "tension")
_STEPS, _SPEEDUP = 20, 50
"""Of diffusion: as many steps, or every so manieth of a thousand."""
_LOG10 = math.log(10)
_SHIFT = 5.0
"""Semitones that the formants move by at a `gender` of one (the range of DiffSinger's augmentation)."""


@dataclass(frozen=True, slots=True)
class Phones:
    """What a voice is told of a phrase: token by token, and frame by frame."""

    names: tuple[str, ...]
    frames: NDArray[np.int64]
    """How long each token is."""
    f0: NDArray[np.float32]
    """Hz in every frame, also where nothing is voiced."""
    semitones: float = 0.0
    """By which the formants are moved."""


@dataclass(frozen=True)
class Dictionary:
    """How a language's words, or syllables, are said."""

    words: Mapping[str, tuple[str, ...]]
    vowels: frozenset[str]
    """Empty where the bank does not say: then the last phoneme of a syllable is its vowel."""


@dataclass
class _Part:
    """One of the bank's folders with networks: its settings, the numbers of its phonemes and languages."""

    folder: Path
    config: Mapping[str, Any]
    tokens: Mapping[str, int] = field(default_factory=dict)
    languages: Mapping[str, int] = field(default_factory=dict)

    def token(self, phone: str) -> int:
        if phone not in self.tokens:
            raise NoModel(f"The voicebank does not know the phoneme {phone!r} of its own dictionary.")
        return self.tokens[phone]


def dictionaries(folder: Path) -> dict[str, Path]:
    """The bank's dictionaries by language; one that is for no language in particular has the key ""."""
    named = {path.stem.removeprefix("dsdict-"): path for path in sorted(folder.glob("dsdict-*.yaml"))}
    plain = folder / "dsdict.yaml"
    return {**named, **({"": plain} if plain.is_file() else {})}


def missing(folder: Path, language: str) -> str | None:
    """None when a folder holds a voicebank that knows a language, else one sentence."""
    if not (folder / CONFIG).is_file():
        return f"there is no {CONFIG} in {folder}, which AUDIOGPT_VOICEBANK names"
    if _dictionary_of(folder, language) is None:
        return f"the voicebank in {folder} has no dictionary for it"
    return None


def _dictionary_of(folder: Path, language: str) -> Path | None:
    found = dictionaries(folder)
    if language in found:
        return found[language]
    return found.get("") if language_of_plain(folder) == language else None


def language_of_plain(folder: Path) -> str | None:
    """The language of `dsdict.yaml`, told by words that every dictionary of it has."""
    path = dictionaries(folder).get("")
    if path is None:
        return None
    words = _read_dictionary(path).words
    return next((code for code, known in _TELLING.items() if known <= set(words)), None)


_TELLING = {"zh": {"ni", "wo", "de"}, "ja": {"か", "の", "に"}, "en": {"the", "you", "and"}}


def read_dictionary(folder: Path, language: str) -> Dictionary:
    """The dictionary of a language.

    Raises:
        NoModel: there is none, or it cannot be read.
    """
    path = _dictionary_of(folder, language)
    if path is None:
        raise NoModel(f"The voicebank in {folder} has no dictionary for {language}.")
    return _read_dictionary(path)


def _read_dictionary(path: Path) -> Dictionary:
    content = _yaml(path)
    try:
        entries = {str(e["grapheme"]).lower(): tuple(map(str, e["phonemes"])) for e in content.get("entries") or ()}
        vowels = frozenset(str(s["symbol"]) for s in content.get("symbols") or () if s.get("type") == "vowel")
    except (KeyError, TypeError, AttributeError) as error:
        raise NoModel(f"The voicebank's dictionary {path.name} is damaged.") from error
    return Dictionary(entries, vowels)


def _yaml(path: Path) -> dict[str, Any]:
    import yaml

    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise NoModel(f"The voicebank's {path.name} cannot be read.") from error
    return content if isinstance(content, dict) else {}


def _part(folder: Path) -> _Part:
    """A folder's settings with its phonemes, one a line or by number."""
    config = _yaml(folder / CONFIG)
    listed = folder / str(config.get("phonemes", "phonemes.txt"))
    try:
        if listed.suffix == ".json":
            tokens = {str(name): int(number) for name, number in json.loads(listed.read_text("utf-8")).items()}
        else:
            tokens = {name.strip(): number for number, name in enumerate(listed.read_text("utf-8").splitlines())}
        names = folder / str(config.get("languages", "languages.json"))
        languages = json.loads(names.read_text("utf-8")) if config.get("use_lang_id") else {}
    except (OSError, ValueError) as error:
        raise NoModel(f"The voicebank's list {listed.name} cannot be read.") from error
    return _Part(folder, config, tokens, languages)


class Voicebank:
    """The networks of a bank: from phonemes and pitch to sound."""

    def __init__(self, folder: Path, language: str, device: str) -> None:
        """Read the networks.

        Raises:
            NoModel: something is missing or damaged.
        """
        self._language = language
        self._device = device
        self._acoustic = _part(folder)
        config = self._acoustic.config
        self._network = self._session(folder / str(config.get("acoustic", "acoustic.onnx")))
        vocoder = _vocoder_of(folder, str(config.get("vocoder", "")))
        about = _yaml(vocoder / "vocoder.yaml")
        self._vocoder = self._session(vocoder / str(about.get("model", "model.onnx")))
        self._mel_scale = _mel_scale(config, about)
        self.sample_rate = int(about.get("sample_rate", config.get("sample_rate", 44_100)))
        self.hop = int(about.get("hop_size", config.get("hop_size", 512)))
        own = (int(config.get("sample_rate", self.sample_rate)), int(config.get("hop_size", self.hop)))
        if own != (self.sample_rate, self.hop):
            raise NoModel("The voicebank's acoustic network and its vocoder do not fit each other.")
        wanted = {i.name for i in self._network.get_inputs()}
        self._curves = [curve for curve in CURVES if curve in wanted]
        self._variance = self._read_variance(folder / "dsvariance") if self._curves else None
        self._speaker = self._read_speaker(self._acoustic) if "spk_embed" in wanted else None

    def phone(self, name: str) -> str:
        """A phoneme of the dictionary under the name that the networks know it by.

        Raises:
            NoModel: they know it by none.
        """
        for known in (name, f"{self._language}/{name}"):
            if known in self._acoustic.tokens:
                return known
        raise NoModel(f"The voicebank does not know the phoneme {name!r} of its own dictionary.")

    def sound(self, phones: Phones) -> NDArray[np.float32]:
        """Sung: shape (frames * hop,) at `sample_rate`."""
        frames = int(phones.frames.sum())
        fed = {
            **self._told(self._acoustic, phones),
            "durations": phones.frames[None],
            "f0": phones.f0[None],
            "gender": np.full((1, frames), np.clip(phones.semitones / _SHIFT, -1, 1), np.float32),
            "velocity": np.ones((1, frames), np.float32),
            **self._pace(self._network, self._acoustic.config),
            **self._varied(phones),
        }
        if self._speaker is not None:
            fed["spk_embed"] = np.broadcast_to(self._speaker, (1, frames, len(self._speaker)))
        (mel, *_) = _ran(self._network, fed)
        heard = _ran(self._vocoder, {"mel": mel * np.float32(self._mel_scale), "f0": phones.f0[None]})[0]
        return np.nan_to_num(np.asarray(heard, np.float32).reshape(-1))

    def _told(self, part: _Part, phones: Phones) -> dict[str, NDArray[Any]]:
        ids = [part.token(name) for name in phones.names]
        spoken = [part.languages.get(name.partition("/")[0] if "/" in name else "", 0) for name in phones.names]
        return {"tokens": np.array([ids], np.int64), "languages": np.array([spoken], np.int64)}

    @staticmethod
    def _pace(network: Any, config: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
        """How many steps the diffusion takes, and from how deep, in the types that the network wants."""
        deepest = config.get("max_depth", 1.0)
        kinds = {i.name: i.type for i in network.get_inputs()}
        whole = kinds.get("depth") == "tensor(int64)"
        depth = np.array(
            int(deepest) // _SPEEDUP * _SPEEDUP if whole else float(deepest), np.int64 if whole else np.float32
        )
        return {"steps": np.array(_STEPS, np.int64), "speedup": np.array(_SPEEDUP, np.int64), "depth": depth}

    def _varied(self, phones: Phones) -> dict[str, NDArray[Any]]:
        """The curves that the acoustic network wants, as the bank's own network predicts them."""
        if self._variance is None:
            return {}
        part, linguistic, variance = self._variance
        frames, durations = int(phones.frames.sum()), phones.frames[None]
        told = {
            **self._told(part, phones),
            "ph_dur": durations,
            "word_div": np.ones_like(durations),
            "word_dur": durations,
        }
        encoded = _ran(linguistic, told)[0]
        pitch = 69 + 12 * np.log2(np.maximum(phones.f0, 1.0) / 440)
        fed = {
            "encoder_out": encoded,
            "ph_dur": durations,
            "pitch": pitch[None].astype(np.float32),
            "retake": np.ones((1, frames, sum(curve in _inputs(variance) for curve in CURVES)), bool),
            **{curve: np.zeros((1, frames), np.float32) for curve in CURVES},
            **self._pace(variance, part.config),
        }
        if "spk_embed" in _inputs(variance):
            speaker = self._read_speaker(part)
            fed["spk_embed"] = np.broadcast_to(speaker, (1, frames, len(speaker)))
        names = [output.name.removesuffix("_pred") for output in variance.get_outputs()]
        made = dict(zip(names, _ran(variance, fed), strict=True))
        return {curve: made[curve] for curve in self._curves if curve in made}

    def _read_variance(self, folder: Path) -> tuple[_Part, Any, Any]:
        part = _part(folder)
        linguistic = self._session(folder / str(part.config.get("linguistic", "linguistic.onnx")))
        return part, linguistic, self._session(folder / str(part.config.get("variance", "variance.onnx")))

    @staticmethod
    def _read_speaker(part: _Part) -> NDArray[np.float32]:
        """The first of the bank's speakers: raw floats."""
        names: Sequence[Any] = part.config.get("speakers") or ()
        path = part.folder / f"{names[0] if names else 'default'}.emb"
        try:
            return np.frombuffer(path.read_bytes(), np.float32)
        except (OSError, ValueError) as error:
            raise NoModel(f"The voicebank's speaker {path.name} is missing or damaged.") from error

    def _session(self, path: Path) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        cuda = ["CUDAExecutionProvider"] if self._device.startswith("cuda") else []
        providers = [p for p in (*cuda, "CPUExecutionProvider") if p in onnxruntime.get_available_providers()]
        try:
            return onnxruntime.InferenceSession(str(path), options, providers=providers)
        except Exception as error:  # onnxruntime has no error of its own that could be named
            raise NoModel(f"The voicebank's network {path.name} is missing or damaged.") from error


def _inputs(network: Any) -> set[str]:
    return {i.name for i in network.get_inputs()}


def _ran(network: Any, fed: Mapping[str, NDArray[Any]]) -> list[NDArray[Any]]:
    """What a network gives for those of the inputs that it has."""
    shapes = {i.name: i.shape for i in network.get_inputs()}
    given = {
        name: value.reshape(1) if value.ndim == 0 and shapes[name] else value
        for name, value in fed.items()
        if name in shapes
    }
    found: list[NDArray[Any]] = network.run(None, given)
    return found


def _vocoder_of(folder: Path, name: str) -> Path:
    places: list[Path] = [folder / "dsvocoder", *((folder / name, folder.parent / name) if name else ())]
    for place in places:
        if (place / "vocoder.yaml").is_file():
            return place
    raise NoModel(f"The voicebank's vocoder {name or 'dsvocoder'} is missing: put its folder into the bank's.")


def _mel_scale(acoustic: Mapping[str, Any], vocoder: Mapping[str, Any]) -> float:
    """From the logarithm of the acoustic network's mel spectrogram to that of the vocoder's."""
    bases = (str(acoustic.get("mel_base", "10")), str(vocoder.get("mel_base", "10")))
    return {("10", "e"): _LOG10, ("e", "10"): 1 / _LOG10}.get(bases, 1.0)
