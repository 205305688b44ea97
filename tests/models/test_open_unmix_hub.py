"""Open-Unmix on tiny checkpoints in the published layout: the network and the filter against plain numpy, the stems."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from core.capabilities import AudioArgs
from core.errors import BadInput, Cancelled, NoModel
from core.media import Audio, Samples
from core.models.base import Call, Output, Tier
from core.models.music import _open_unmix, open_unmix_hub
from core.models.music._open_unmix import filtered, read
from core.models.music.open_unmix_hub import OpenUnmixHub
from core.settings import Settings

RATE, BINS = 44_100, 2049
HIDDEN, CROP = 6, 40
NAMES = {
    "vocals": "vocals-bccbd9aa.pth",
    "drums": "drums-69e0ebd4.pth",
    "bass": "bass-2ca1ce51.pth",
    "other": "other-c8c5b3e6.pth",
}
ALL = tuple(NAMES)
State = dict[str, torch.Tensor]


def tiny(seed: int = 0) -> State:
    """A whole state dict with weights of its own for every part, three layers; older files hold the last two too."""
    random = torch.Generator().manual_seed(seed)

    def around(centre: float, spread: float, *shape: int) -> torch.Tensor:
        return centre + spread * torch.randn(shape, generator=random)

    state = {
        "input_mean": around(-0.5, 0.2, CROP),
        "input_scale": around(0.5, 0.1, CROP),
        "output_mean": around(0.4, 0.3, BINS),
        "output_scale": around(0.5, 0.2, BINS),
        "fc1.weight": around(0, 0.2, HIDDEN, 2 * CROP),
        "fc2.weight": around(0, 0.5, HIDDEN, 2 * HIDDEN),
        "fc3.weight": around(0, 0.5, 2 * BINS, HIDDEN),
    }
    for number, size in ((1, HIDDEN), (2, HIDDEN), (3, 2 * BINS)):
        state[f"bn{number}.weight"] = around(1, 0.2, size)
        state[f"bn{number}.bias"] = around(0, 0.2, size)
        state[f"bn{number}.running_mean"] = around(0, 0.2, size)
        state[f"bn{number}.running_var"] = around(1, 0.1, size).abs()
        state[f"bn{number}.num_batches_tracked"] = torch.tensor(7)
    for layer in range(3):
        for way in ("", "_reverse"):
            state[f"lstm.weight_ih_l{layer}{way}"] = around(0, 0.5, 4 * HIDDEN // 2, HIDDEN)
            state[f"lstm.weight_hh_l{layer}{way}"] = around(0, 0.5, 4 * HIDDEN // 2, HIDDEN // 2)
            for kind in ("ih", "hh"):
                state[f"lstm.bias_{kind}_l{layer}{way}"] = around(0, 0.2, 4 * HIDDEN // 2)
    return {**state, "stft.window": torch.hann_window(4096), "sample_rate": torch.tensor(44_100.0)}


def passing(share: float) -> State:
    """One that lets the same share of every bin through, whatever it hears."""
    state = {name: torch.zeros_like(weights) for name, weights in tiny().items()}
    for number in (1, 2, 3):
        state[f"bn{number}.running_var"] += 1
    state["output_mean"] += share
    return state


def saved(folder: Path, states: dict[str, State]) -> Settings:
    home = folder / "sigsep" / "umxl"
    home.mkdir(parents=True)
    for target, state in states.items():
        torch.save(state, home / NAMES[target])
    return Settings(_env_file=None, hub_dir=folder, data_dir=folder / "data")


def loaded(folder: Path, states: dict[str, State]) -> OpenUnmixHub:
    model = OpenUnmixHub(saved(folder, states))
    model.load("cpu")
    return model


@pytest.fixture(scope="module")
def umxl(tmp_path_factory: pytest.TempPathFactory) -> OpenUnmixHub:
    return loaded(tmp_path_factory.mktemp("hub"), {name: tiny(seed) for seed, name in enumerate(ALL)})


def song(seconds: float, rate: int = RATE, channels: int = 2) -> Samples:
    """Tones that come and go, and noise; peak about 0.5."""
    rng = np.random.default_rng(3)
    t = np.arange(round(seconds * rate)) / rate
    tones = [np.sin(2 * np.pi * hz * t) * (1 + np.sin(2 * np.pi * t / n)) for n, hz in ((2, 220), (3, 554), (5, 3300))]
    mixed = rng.uniform(0.02, 0.08, (channels, 3)) @ np.stack(tones) + 0.03 * rng.standard_normal((channels, len(t)))
    return np.asarray(mixed, np.float32)


def split(
    model: OpenUnmixHub, samples: Samples, rate: int = RATE, progress: Callable[[float], None] = lambda fraction: None
) -> tuple[Samples, Samples]:
    output = model.run(Call(AudioArgs(audio="song"), {"audio": (Audio(samples, rate),)}, progress=progress))
    return _stem(output, "vocals", rate), _stem(output, "accompaniment", rate)


def _stem(output: Output, name: str, rate: int) -> Samples:
    (media,) = (made.media for made in output.media if made.name == name)
    assert isinstance(media, Audio) and media.sample_rate == rate
    return media.samples


# The network


def _sigmoid(x: NDArray[Any]) -> NDArray[Any]:
    return 1 / (1 + np.exp(-x))


def _recurrent(state: dict[str, NDArray[Any]], x: NDArray[Any], layer: int, way: str) -> NDArray[Any]:
    """One direction of one layer of the textbook's LSTM: (frames, HIDDEN) to (frames, HIDDEN / 2)."""
    hidden = cell = np.zeros(HIDDEN // 2)
    out = []
    for frame in x[::-1] if way else x:
        gates = sum(
            state[f"lstm.weight_{kind}_l{layer}{way}"] @ given + state[f"lstm.bias_{kind}_l{layer}{way}"]
            for kind, given in (("ih", frame), ("hh", hidden))
        )
        taken, kept, new, shown = np.split(np.asarray(gates), 4)
        cell = _sigmoid(kept) * cell + _sigmoid(taken) * np.tanh(new)
        hidden = _sigmoid(shown) * np.tanh(cell)
        out.append(hidden)
    return np.stack(out[::-1] if way else out)


def _norm(state: dict[str, NDArray[Any]], name: str, x: NDArray[Any]) -> NDArray[Any]:
    centred = (x - state[f"{name}.running_mean"]) / np.sqrt(state[f"{name}.running_var"] + 1e-5)
    return np.asarray(centred * state[f"{name}.weight"] + state[f"{name}.bias"])


def masked(weights: State, mix: NDArray[Any]) -> NDArray[Any]:
    """The paper's network: magnitudes (frames, 2, BINS) of one target."""
    state = {name: tensor.double().numpy() for name, tensor in weights.items()}
    heard = (mix[:, :, :CROP] + state["input_mean"]) * state["input_scale"]
    inner = np.tanh(_norm(state, "bn1", heard.reshape(len(mix), -1) @ state["fc1.weight"].T))
    around = inner
    for layer in range(3):
        around = np.concatenate([_recurrent(state, around, layer, way) for way in ("", "_reverse")], axis=1)
    both = np.concatenate([inner, around], axis=1)
    inner = np.maximum(_norm(state, "bn2", both @ state["fc2.weight"].T), 0)
    out = _norm(state, "bn3", inner @ state["fc3.weight"].T).reshape(mix.shape)
    return np.asarray(np.maximum(out * state["output_scale"] + state["output_mean"], 0) * mix)


def test_the_network_is_the_papers(tmp_path: Path) -> None:
    mix = np.random.default_rng(0).uniform(0, 4, (30, 2, BINS))
    torch.save(tiny(), tmp_path / "vocals.pth")
    network = read(tmp_path / "vocals.pth")
    found = network(torch.from_numpy(mix).float()).numpy()
    expected = masked(tiny(), mix)
    assert 0.01 < (expected == 0).mean() < 0.9 and expected.std() > 0.5
    np.testing.assert_allclose(found, expected, atol=2e-5)
    beyond = mix.copy()
    beyond[:, :, CROP:] *= 2
    mask = network(torch.from_numpy(beyond).float()).numpy() / beyond  # what is beyond is masked, but not listened to
    np.testing.assert_allclose(mask, found / mix, atol=1e-5)


# The filter


def wiener(mix: NDArray[Any], parts: Sequence[NDArray[Any]], rest: bool) -> list[NDArray[Any]]:
    """One step of expectation and maximisation with whole matrices, every target's spectrum (frames, 2, bins)."""
    scale = max(1.0, np.abs(mix).max() / 10)
    mix = mix / scale
    estimates = [part / scale * np.exp(1j * np.angle(mix)) for part in parts]
    if rest:
        estimates.append(mix - np.sum(estimates, axis=0))
    powers = [(np.abs(y) ** 2).mean(axis=1) for y in estimates]
    spread = [
        np.einsum("tcf,tdf->fcd", y, y.conj()) / (1e-10 + power.sum(axis=0))[:, None, None]
        for y, power in zip(estimates, powers, strict=True)
    ]
    models = [power[:, :, None, None] * own[None] for power, own in zip(powers, spread, strict=True)]
    inverse = np.linalg.inv(np.sum(models, axis=0) + 1e-5 * np.eye(2))
    return [np.einsum("tfcd,tfde,tef->tcf", model, inverse, mix) * scale for model in models]


@pytest.mark.parametrize(("targets", "rest"), [(4, False), (1, True), (2, True)])
def test_the_filter_is_one_step_of_expectation_and_maximisation(targets: int, rest: bool) -> None:
    rng = np.random.default_rng(targets)
    mix = 40 * (rng.standard_normal((9, 2, 30)) + 1j * rng.standard_normal((9, 2, 30)))
    mix[0], mix[1, 0], mix[2, :, 5] = 0, 0, 1e-3
    parts = [rng.uniform(0, 1.2, mix.shape) * np.abs(mix) for _ in range(targets)]
    parts[0][3] = 0
    voice = filtered(torch.from_numpy(mix).to(torch.complex64), torch.from_numpy(np.stack(parts)).float(), rest).numpy()
    np.testing.assert_allclose(voice, wiener(mix, parts, rest)[0], atol=2e-3)
    assert not voice[0].any() and not voice[3].any()


@pytest.mark.parametrize("states", [{"vocals": 0.25}, {"vocals": 0.6, "drums": 0.2, "bass": 0.3, "other": 0.0}])
def test_where_all_is_of_one_place_the_power_is_shared(tmp_path: Path, states: dict[str, float]) -> None:
    model = loaded(tmp_path, {name: passing(share) for name, share in states.items()})
    powers = [share**2 for share in states.values()] + ([0.75**2] if len(states) == 1 else [])
    for samples in (song(3), song(3, channels=1)):
        vocals, rest = split(model, samples)
        np.testing.assert_allclose(vocals, powers[0] / sum(powers) * samples, atol=2e-3)
        np.testing.assert_allclose(vocals + rest, samples, atol=1e-6)


# The model


def test_stems_are_what_the_whole_clip_gives_in_plain_numpy(umxl: OpenUnmixHub) -> None:
    samples = song(2.3)
    padded = np.pad(samples.astype(np.float64), ((0, 0), (2048, 2048)), "reflect")
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(4096) / 4096)
    starts = range(0, samples.shape[1] + 1, 1024)
    spectrum = np.stack([np.fft.rfft(padded[:, at : at + 4096] * window) for at in starts])
    parts = [masked(tiny(seed), np.abs(spectrum)) for seed in range(4)]
    frames = np.fft.irfft(wiener(spectrum, parts, rest=False)[0], 4096) * window
    total, weight = np.zeros_like(padded), np.full(padded.shape[1], 1e-12)
    for at, frame in zip(starts, frames, strict=True):
        total[:, at : at + 4096] += frame
        weight[at : at + 4096] += window**2
    expected = (total / weight)[:, 2048:-2048]
    vocals, rest = split(umxl, samples)
    assert expected.std() > 0.01 and (samples - expected).std() > 0.01
    np.testing.assert_allclose(vocals, expected, atol=1e-5)
    np.testing.assert_allclose(vocals + rest, samples, atol=1e-6)


def test_looks_fit_together(umxl: OpenUnmixHub, monkeypatch: pytest.MonkeyPatch) -> None:
    samples = song(7)
    monkeypatch.setattr(_open_unmix, "_WINDOW", 30)
    whole, _ = split(umxl, samples)
    monkeypatch.setattr(_open_unmix, "_STEP", 60)
    monkeypatch.setattr(_open_unmix, "_MARGIN", 60)
    fractions: list[float] = []
    parts, rest = split(umxl, samples, progress=fractions.append)
    assert fractions == sorted(fractions) and len(fractions) > 20 and fractions[0] == 0 and fractions[-1] == 1
    np.testing.assert_allclose(parts, whole, atol=1e-5)
    np.testing.assert_allclose(parts + rest, samples, atol=1e-6)


@pytest.mark.parametrize(
    ("rate", "channels", "seconds"),
    [(22_050, 1, 1.5), (48_000, 2, 1.5), (RATE, 3, 1.0), (RATE, 1, 0.02), (8_000, 2, 1)],
)
def test_rate_channels_and_length_stay(umxl: OpenUnmixHub, rate: int, channels: int, seconds: float) -> None:
    samples = song(seconds, rate, channels)
    vocals, rest = split(umxl, samples, rate)
    assert vocals.shape == rest.shape == samples.shape
    np.testing.assert_allclose(vocals + rest, samples, atol=1e-6)


def test_mono_is_as_the_left_of_the_same_in_both_channels(umxl: OpenUnmixHub) -> None:
    mono = song(2, channels=1)
    both, _ = split(umxl, np.repeat(mono, 2, axis=0))
    alone, _ = split(umxl, mono)
    np.testing.assert_allclose(alone, both[:1], atol=1e-7)
    assert 0.05 < alone.std() / mono.std() < 0.95


def test_a_quiet_clip_is_split_as_a_loud_one(umxl: OpenUnmixHub) -> None:
    samples = song(2) / 4
    loud, quiet = split(umxl, samples)[0], split(umxl, samples / 100)[0]
    np.testing.assert_allclose(100 * quiet, loud, atol=1e-5)


def test_only_the_voice_is_needed(umxl: OpenUnmixHub, tmp_path: Path) -> None:
    samples = song(2)
    alone = loaded(tmp_path / "one", {"vocals": tiny(0)})
    two = loaded(tmp_path / "two", {"vocals": tiny(0), "drums": tiny(1)})
    found = [split(model, samples)[0] for model in (umxl, two, alone)]
    assert len({model.weights_sha256 for model in (umxl, two, alone)}) == 3
    assert all(np.abs(one - other).max() > 1e-3 for one, other in zip(found, found[1:], strict=False))


def test_silence_and_an_empty_clip_are_refused(umxl: OpenUnmixHub) -> None:
    for silent in (np.zeros((2, RATE), np.float32), np.zeros((1, 0), np.float32)):
        with pytest.raises(BadInput):
            split(umxl, silent)
    half = np.concatenate([song(1), np.zeros((2, RATE), np.float32)])
    vocals, _ = split(umxl, half)
    assert vocals[:2].any() and not vocals[2:].any()


def test_it_stops_when_it_is_told_to(umxl: OpenUnmixHub, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[float] = []

    def stop(fraction: float) -> None:
        told.append(fraction)
        if len(told) == 4:
            raise Cancelled("Stopped.")

    monkeypatch.setattr(_open_unmix, "_STEP", 30)
    with pytest.raises(Cancelled):
        split(umxl, song(3), progress=stop)
    assert len(told) == 4 and told[-1] < 0.5


# The files


def test_says_what_it_is() -> None:
    assert (OpenUnmixHub.tier, OpenUnmixHub.commercial, OpenUnmixHub.licence) == (Tier.HUB, False, "CC-BY-NC-SA-4.0")


def test_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = Settings(_env_file=None, hub_dir=None, data_dir=tmp_path)
    others = saved(tmp_path, {"drums": tiny(1)})
    for settings in (nowhere, others):
        reason = OpenUnmixHub.missing(settings) or ""
        assert all(name in reason for name in (*NAMES.values(), "zenodo", "AUDIOGPT_HUB_DIR", "sigsep/umxl"))
        with pytest.raises(NoModel, match="cannot run here"):
            OpenUnmixHub(settings).load("cpu")
    torch.save(tiny(), tmp_path / "sigsep" / "umxl" / "vocals.pth")
    assert OpenUnmixHub.missing(others) is None
    monkeypatch.setattr(open_unmix_hub, "find_spec", lambda name: None)
    assert OpenUnmixHub.missing(others) == "install torch"


def test_what_is_damaged_or_of_another_kind_is_refused(tmp_path: Path) -> None:
    settings = saved(tmp_path, {"vocals": tiny(), "bass": tiny(2)})
    path = tmp_path / "sigsep" / "umxl" / NAMES["bass"]
    whole = path.read_bytes()
    wide = {**tiny(), "input_mean": torch.zeros(CROP + 1)}
    mono = {**tiny(), "fc1.weight": torch.zeros(HIDDEN, CROP)}
    other_spectrum = {**tiny(), "output_mean": torch.zeros(513)}
    lacking = {name: weights for name, weights in tiny().items() if name != "fc3.weight"}
    flat = {name: weights for name, weights in tiny().items() if "lstm" not in name}
    beyond = {
        **tiny(),
        **{f"input_{kind}": torch.zeros(BINS + 1) for kind in ("mean", "scale")},
        "fc1.weight": torch.zeros(HIDDEN, 2 * BINS + 2),
    }
    for state in (wide, mono, other_spectrum, lacking, flat, beyond, {}, [1, 2], tiny()["fc1.weight"]):
        torch.save(state, path)
        with pytest.raises(NoModel, match=f"{path.name} are damaged"):
            OpenUnmixHub(settings).load("cpu")
    for content in (whole[: len(whole) // 2], b"", b"version https://git-lfs.github.com/spec/v1\n", bytes(4_000)):
        path.write_bytes(content)
        with pytest.raises(NoModel, match=f"{path.name} are damaged"):
            OpenUnmixHub(settings).load("cpu")
    path.write_bytes(whole)
    OpenUnmixHub(settings).load("cpu")


class Surprise:
    """What a pickle would run."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (Path("surprise"),))


def test_no_code_in_a_checkpoint_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = saved(tmp_path, {"vocals": {**tiny(), "more": Surprise()}})  # type: ignore[dict-item]
    with pytest.raises(NoModel, match="damaged"):
        OpenUnmixHub(settings).load("cpu")
    assert not (tmp_path / "surprise").exists()


def test_a_layout_beside_the_weights_is_heeded(tmp_path: Path) -> None:
    settings = saved(tmp_path, {"vocals": tiny()})
    layout = {"sample_rate": 44_100.0, "nfft": 4096, "nhop": 1024, "nb_channels": 2}
    path = tmp_path / "sigsep" / "umxl" / "separator.json"
    path.write_text(json.dumps(layout))
    OpenUnmixHub(settings).load("cpu")
    for content in ("{", "[]", "{}", json.dumps({**layout, "nhop": None}), json.dumps({**layout, "nhop": 2048})):
        path.write_text(content)
        with pytest.raises(NoModel, match=r"separator\.json"):
            OpenUnmixHub(settings).load("cpu")


def test_a_checkpoint_without_the_training_count_is_read(tmp_path: Path) -> None:
    state = {name: weights for name, weights in tiny().items() if not name.endswith("num_batches_tracked")}
    assert loaded(tmp_path, {"vocals": state}).weights_sha256
