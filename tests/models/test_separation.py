"""Two talkers apart: the network against the paper's layers, both kinds of weights, order, levels, bands, refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tones import Say, other_voice, pink, si_sdr_db, tone
from torch import nn

from core.capabilities import SeparateArgs
from core.errors import BadInput, Cancelled, NoModel, OverLimit
from core.media import Audio
from core.models import hub
from core.models.base import Call, Output
from core.models.speech import _unmixing, convtasnet_separation
from core.models.speech._spectral_tasnet import Spectral, SpectralTasNet
from core.models.speech._tasnet import Shape, TasNet
from core.models.speech._tasnet_weights import published, read, write
from core.models.speech._unmixing import full_band, unmixed
from core.models.speech.convtasnet_separation import HUB_ID, ConvTasNetLibri2Mix, ConvTasNetSeparation
from core.settings import Settings

RATE = 16_000
SMALL = Shape(filters=8, bottleneck=6, hidden=10, skip=4, blocks=2, repeats=2)
SPECTRAL = Spectral(bottleneck=8, hidden=16, blocks=2, repeats=1)


@pytest.fixture(scope="session")
def separation(local: Settings) -> ConvTasNetSeparation:
    model = ConvTasNetSeparation(local)
    model.load("cpu")
    return model


@pytest.fixture(scope="session")
def talkers(say: Say) -> np.ndarray:
    """A woman and a man who say different things at once, shape (2, frames), 24 kHz."""
    woman = say("The children were playing in the garden when it started to rain, so they all ran inside.")
    man = other_voice(say("My brother is cooking soup for the whole family tonight, and nobody may help him."))
    frames = min(woman.samples.shape[1], man.samples.shape[1])
    return np.stack([clip.samples[0, :frames] / clip.samples[0, :frames].std() for clip in (woman, man)]) * 0.05


def separate(model: Any, clip: Audio, speakers: int | None = None, **more: Any) -> Output:
    return model.run(Call(SeparateArgs(audio="clip", speakers=speakers), {"audio": (clip,)}, **more))


def stems(output: Output) -> np.ndarray:
    made = [made.media for made in output.media]
    assert all(isinstance(clip, Audio) and clip.samples.shape[0] == 1 for clip in made)
    return np.concatenate([clip.samples for clip in made if isinstance(clip, Audio)])


def improvement_db(sources: np.ndarray, estimates: np.ndarray) -> float:
    """Mean SI-SDR over that of the mix, the estimates in the better order."""
    mix = sources.sum(axis=0)
    before = np.mean([si_sdr_db(source, mix) for source in sources])
    pairs = (estimates, estimates[::-1])
    return float(max(np.mean([si_sdr_db(s, e) for s, e in zip(sources, pair, strict=True)]) for pair in pairs) - before)


# The model


def test_a_woman_and_a_man_are_told_apart(separation: ConvTasNetSeparation, talkers: np.ndarray) -> None:
    output = separate(separation, Audio(talkers.sum(axis=0)[None], 24_000))
    assert [made.name for made in output.media] == ["voice-1", "voice-2"]
    assert improvement_db(talkers, stems(output)) > 4
    assert output.facts["speakers"] == 2
    assert output.facts["level_db"][0] >= output.facts["level_db"][1]
    assert "two voices" in (output.text or "")
    assert "one person" not in (output.text or "")


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (16_000, 2), (48_000, 2)])
def test_rate_length_and_level_come_back(
    separation: ConvTasNetSeparation, talkers: np.ndarray, rate: int, channels: int
) -> None:
    import soxr

    pair = soxr.resample(talkers.T, 24_000, rate).T.astype(np.float32)
    mix = pair.sum(axis=0)
    output = separate(separation, Audio(np.stack([mix] * channels), rate))
    made = [made.media for made in output.media]
    assert all(isinstance(clip, Audio) and clip.sample_rate == rate for clip in made)
    assert stems(output).shape == (2, len(mix))
    assert improvement_db(pair, stems(output)) > 3
    assert stems(output).sum(axis=0) @ mix == pytest.approx(mix @ mix, rel=0.25)


def test_levels_beyond_full_scale_are_brought_down(separation: ConvTasNetSeparation, talkers: np.ndarray) -> None:
    loud = stems(separate(separation, Audio(20 * talkers.sum(axis=0)[None], 24_000)))
    assert np.abs(loud).max() == pytest.approx(0.99, abs=0.01)
    assert improvement_db(talkers, loud) > 4


def test_it_tells_how_far_it_is_and_stops(separation: ConvTasNetSeparation, talkers: np.ndarray) -> None:
    clip = Audio(np.tile(talkers.sum(axis=0), 4)[None], 24_000)
    fractions: list[float] = []
    separate(separation, clip, progress=fractions.append)
    assert fractions == sorted(fractions)
    assert len(fractions) >= 3
    assert fractions[-1] == 1

    def stop(fraction: float) -> None:
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        separate(separation, clip, progress=stop)


def test_what_holds_no_voice_is_refused(separation: ConvTasNetSeparation) -> None:
    with pytest.raises(BadInput, match="empty"):
        separate(separation, Audio(np.zeros((1, 0), np.float32), RATE))
    for nobody in (np.zeros(3 * RATE, np.float32), 0.1 * pink(3 * RATE, 0), tone(440, 3, RATE).samples[0]):
        with pytest.raises(BadInput, match="no speech"):
            separate(separation, Audio(np.asarray(nobody, np.float32)[None], RATE))


def test_what_is_left_of_one_voice_is_no_second_one(
    separation: ConvTasNetSeparation, speech: Audio, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Leaving(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.zeros(1))

        def forward(self, waveforms: torch.Tensor) -> torch.Tensor:
            return torch.stack([waveforms, 0.01 * waveforms.roll(7, 1)], dim=1)

    monkeypatch.setattr(separation, "_network", Leaving())
    with pytest.raises(BadInput, match="only one voice"):
        separate(separation, speech)


def test_more_than_two_are_refused_and_two_are_not(separation: ConvTasNetSeparation, talkers: np.ndarray) -> None:
    clip = Audio(talkers.sum(axis=0)[None], 24_000)
    with pytest.raises(OverLimit, match="two voices apart, not 3"):
        separate(separation, clip, speakers=3)
    assert len(separate(separation, clip, speakers=2).media) == 2


def test_only_the_known_weights_are_opened(local: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    model = ConvTasNetSeparation(local)
    assert model.weights_sha256 == ""
    monkeypatch.setattr(convtasnet_separation, "_SHA256", "0" * 64)
    with pytest.raises(NoModel, match="damaged"):
        model.load("cpu")
    assert convtasnet_separation.WEIGHTS.stat().st_size < 5_000_000


# Clips longer than a chunk


class Swapping(nn.Module):
    """A network that knows the two talkers, and gives them in the other order every second time."""

    def __init__(self, talkers: np.ndarray) -> None:
        super().__init__()
        self.talkers = nn.Parameter(torch.from_numpy(talkers.astype(np.float32)), requires_grad=False)
        self.calls = 0

    def forward(self, waveforms: torch.Tensor) -> torch.Tensor:
        mix, length = self.talkers.sum(0), waveforms.shape[1]
        places = (mix[: len(mix) - length + 1] == waveforms[0, 0]).nonzero()[:, 0].tolist()
        start = next(i for i in places if torch.equal(mix[i : i + length], waveforms[0]))
        self.calls += 1
        part = -3 * self.talkers[:, start : start + length]  # its level and sign mean nothing
        return (part if self.calls % 2 else part.flip(0))[None]


@pytest.fixture
def short_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_unmixing, "CHUNK_S", 2.0)
    monkeypatch.setattr(_unmixing, "OVERLAP_S", 0.5)


@pytest.mark.usefixtures("short_chunks")
def test_chunks_keep_the_order_of_the_talkers() -> None:
    pair = np.stack([pink(9 * RATE + 123, 1), np.sin(np.arange(9 * RATE + 123) * 0.05)]).astype(np.float32)
    network = Swapping(pair)
    found = unmixed(network, pair.sum(axis=0), RATE, lambda fraction: None)
    assert network.calls > 4
    np.testing.assert_allclose(found, pair, atol=0.1)


@pytest.mark.usefixtures("short_chunks")
def test_where_both_are_silent_in_the_overlap_the_voices_say_who_is_who(talkers: np.ndarray) -> None:
    import soxr

    pair = soxr.resample(talkers.T, 24_000, RATE).T[:, : 4 * RATE].astype(np.float32)
    pair[:, round(1.45 * RATE) : round(2.05 * RATE)] = 0
    found = unmixed(Swapping(pair), pair.sum(axis=0), RATE, lambda fraction: None)
    np.testing.assert_allclose(found, pair, atol=0.02)


class LowAndHigh(nn.Module):
    """Parts what is below 1 kHz from what is above: into another order every time, and with other noise."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))
        self.lengths: list[int] = []

    def forward(self, waveforms: torch.Tensor) -> torch.Tensor:
        self.lengths.append(length := waveforms.shape[1])
        spectrum = torch.fft.rfft(waveforms[0])
        below = torch.fft.rfftfreq(length, 1 / RATE) < 1000
        parts = torch.stack([torch.fft.irfft(spectrum * part, length) for part in (below, ~below)])
        noise = torch.from_numpy(np.stack([pink(length, 2 * len(self.lengths) + n) for n in range(2)]))
        parts = parts + 0.05 * noise.float() / noise.std()
        return (parts if len(self.lengths) % 2 else parts.flip(0))[None]


def test_what_is_heard_at_several_speeds_is_nearer_to_the_talkers() -> None:
    time = np.arange(3 * RATE + 7) / RATE
    pair = np.stack([np.sin(2 * np.pi * 300 * time), 0.5 * np.sin(2 * np.pi * 2500 * time)]).astype(np.float32)
    off = {}
    for speeds in ((1.0,), (1.0, 0.93, 1.07)):
        network = LowAndHigh()
        found = unmixed(network, pair.sum(axis=0), RATE, lambda fraction: None, speeds)
        assert network.lengths == [round(len(time) / speed) for speed in speeds]
        off[len(speeds)] = float(np.mean(np.square(found - pair)[:, 400:-400]))
    assert off[3] < 0.6 * off[1]


def test_a_silent_stretch_is_silent_in_both() -> None:
    silent = unmixed(Swapping(np.ones((2, 5), np.float32)), np.zeros(RATE, np.float32), RATE, lambda fraction: None)
    assert silent.shape == (2, RATE)
    assert not silent.any()


def test_what_is_above_the_band_goes_to_whoever_has_more_just_below() -> None:
    halves = np.repeat([[1.0, 0.0], [0.0, 1.0]], RATE, axis=1)
    below = (halves * [tone(6000, 2, RATE).samples[0], tone(6500, 2, RATE).samples[0]]).astype(np.float32)
    above = 0.3 * tone(15_000, 2, 48_000).samples[0]
    first, second = full_band(below, above, RATE, 48_000)
    heard = np.abs(np.fft.rfft(np.stack([first[2000:46_000], second[2000:46_000]])))
    bin_of_15_khz = round(15_000 * 44_000 / 48_000)
    assert heard[0, bin_of_15_khz] > 100 * heard[1, bin_of_15_khz]
    late = np.abs(np.fft.rfft(np.stack([first[50_000:94_000], second[50_000:94_000]])))
    assert late[1, bin_of_15_khz] > 100 * late[0, bin_of_15_khz]


# The network and its weights


class Reference(nn.Module):
    """The paper's network with convolutions, its parts under the names of Asteroid's files."""

    def __init__(self, args: dict[str, int]) -> None:
        super().__init__()
        filters, bottleneck, hidden, skip = (args[k] for k in ("n_filters", "bn_chan", "hid_chan", "skip_chan"))
        self.stride = args["stride"]
        self.encoder = nn.Module()
        self.encoder.filterbank = nn.Module()
        self.encoder.filterbank._filters = nn.Parameter(torch.randn(filters, 1, 2 * self.stride))
        self.decoder = nn.Module()
        self.decoder.filterbank = nn.Module()
        self.decoder.filterbank._filters = nn.Parameter(torch.randn(filters, 1, 2 * self.stride))
        self.masker = nn.Module()
        self.masker.bottleneck = nn.Sequential(Norm(filters), nn.Conv1d(filters, bottleneck, 1))
        self.masker.TCN = nn.ModuleList()
        for dilation in [2**block for _ in range(args["n_repeats"]) for block in range(args["n_blocks"])]:
            block = nn.Module()
            block.shared_block = nn.Sequential(
                nn.Conv1d(bottleneck, hidden, 1),
                nn.PReLU(),
                Norm(hidden),
                nn.Conv1d(hidden, hidden, 3, padding=dilation, dilation=dilation, groups=hidden),
                nn.PReLU(),
                Norm(hidden),
            )
            block.res_conv = nn.Conv1d(hidden, bottleneck, 1)
            if skip:
                block.skip_conv = nn.Conv1d(hidden, skip, 1)
            self.masker.TCN.append(block)
        self.masker.mask_net = nn.Sequential(nn.PReLU(), nn.Conv1d(skip or bottleneck, 2 * filters, 1))

    def forward(self, waveforms: torch.Tensor) -> torch.Tensor:
        encoded = nn.functional.conv1d(waveforms[:, None], self.encoder.filterbank._filters, stride=self.stride)
        stream, total = self.masker.bottleneck(encoded), 0
        for block in self.masker.TCN:
            wide = block.shared_block(stream)
            stream = stream + block.res_conv(wide)
            total = total + block.skip_conv(wide) if hasattr(block, "skip_conv") else stream
        masks = torch.relu(self.masker.mask_net(total)).view(len(waveforms), 2, *encoded.shape[1:])
        masked = (masks * encoded[:, None]).flatten(0, 1)
        decoded = nn.functional.conv_transpose1d(masked, self.decoder.filterbank._filters, stride=self.stride)
        return decoded.view(len(waveforms), 2, -1)


class Norm(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.gamma = nn.Parameter(1 + 0.1 * torch.randn(channels))
        self.beta = nn.Parameter(0.1 * torch.randn(channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        flat = x.flatten(1)
        normed = (x - flat.mean(1)[:, None, None]) / (flat.var(1, unbiased=False)[:, None, None] + 1e-8).sqrt()
        return self.gamma[:, None] * normed + self.beta[:, None]


def asteroid(skip: int = 4) -> tuple[dict[str, Any], Reference]:
    """What such a file holds, with a tiny network."""
    torch.manual_seed(0)
    args = {
        "n_filters": 8, "kernel_size": 32, "stride": 16, "bn_chan": 6, "hid_chan": 10, "skip_chan": skip,
        "conv_kernel_size": 3, "n_blocks": 2, "n_repeats": 2, "n_src": 2, "norm_type": "gLN", "mask_act": "relu",
        "in_chan": 8, "out_chan": 8, "causal": False, "encoder_activation": None, "fb_name": "free",
    }  # fmt: skip
    network = Reference(args)  # type: ignore[arg-type]  # the sizes are all that it looks at
    return {"model_name": "ConvTasNet", "model_args": args, "state_dict": network.state_dict()}, network


@pytest.mark.parametrize("skip", [0, 4])
def test_published_weights_give_what_the_papers_network_gives(tmp_path: Path, skip: int) -> None:
    kept, reference = asteroid(skip)
    torch.save(kept, tmp_path / "pytorch_model.bin")
    network, rate = published(tmp_path / "pytorch_model.bin")
    assert rate == RATE
    waveforms = torch.randn(2, 50 * 16)
    with torch.inference_mode():
        theirs, ours = reference(waveforms), network(waveforms)
    np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=1e-3, atol=1e-4 * float(theirs.abs().max()))


def test_other_networks_and_damaged_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "pytorch_model.bin"
    kept, _ = asteroid()
    changed = ({"norm_type": "cLN"}, {"mask_act": "sigmoid"}, {"causal": True}, {"stride": 8}, {"n_filters": 9})
    for change in changed:
        torch.save({**kept, "model_args": {**kept["model_args"], **change}}, path)
        with pytest.raises(NoModel, match="another kind"):
            published(path)
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(NoModel, match="damaged"):
        published(path)


def test_the_public_network_serves_from_the_folder_of_hub_weights(
    tmp_path: Path, talkers: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(_env_file=None, hub_dir=tmp_path, data_dir=tmp_path / "data")
    assert HUB_ID in (ConvTasNetLibri2Mix.missing(settings) or "")
    with pytest.raises(NoModel, match=HUB_ID):
        ConvTasNetLibri2Mix(settings).load("cpu")
    (tmp_path / HUB_ID).mkdir(parents=True)
    torch.save(asteroid()[0], tmp_path / HUB_ID / "pytorch_model.bin")
    assert hub.located(settings, HUB_ID, "pytorch_model.bin") is not None
    assert ConvTasNetLibri2Mix.missing(settings) is None
    model = ConvTasNetLibri2Mix(settings)
    model.load("cpu")
    assert len(model.weights_sha256) == 64
    mix = talkers.sum(axis=0)
    monkeypatch.setattr(convtasnet_separation, "_FAINT_DB", 200)  # untrained, it may leave one of the two empty
    assert stems(separate(model, Audio(mix[None], 24_000))).shape == (2, len(mix))


def test_eight_bits_change_little(tmp_path: Path) -> None:
    torch.manual_seed(1)
    network = SpectralTasNet(SPECTRAL).eval()
    write(network, tmp_path / "weights.safetensors")
    kept = read(tmp_path / "weights.safetensors")
    assert kept.shape == network.shape
    waveforms = torch.randn(1, 8000)
    with torch.inference_mode():
        exact, rough = network(waveforms)[0].numpy(), kept(waveforms)[0].numpy()
    for one, other in zip(exact, rough, strict=True):
        assert si_sdr_db(one, other) > 25


@pytest.mark.parametrize("frames", [1, 15, 16, 17, 255, 256, 257, 999])
@pytest.mark.parametrize("network", [TasNet(SMALL), SpectralTasNet(SPECTRAL)])
def test_every_length_comes_back(network: nn.Module, frames: int) -> None:
    with torch.inference_mode():
        found = network(torch.randn(2, frames))
    assert found.shape == (2, 2, frames)
    assert bool(found.isfinite().all())


def test_the_level_of_the_mix_is_that_of_the_talkers() -> None:
    network, waveforms = SpectralTasNet(SPECTRAL).eval(), torch.randn(1, 5000)
    with torch.inference_mode():
        torch.testing.assert_close(network(0.01 * waveforms), 0.01 * network(waveforms), rtol=1e-3, atol=1e-5)


def test_a_part_of_the_mix_is_cut_out_to_the_sample() -> None:
    network, waveforms = SpectralTasNet(SPECTRAL).eval(), torch.randn(1, 5000)
    torch.nn.init.zeros_(network.masks.weight)
    network.masks.bias.data = torch.cat([torch.tensor([0.25, 0.0]).repeat(257), torch.tensor([0.75, 0.0]).repeat(257)])
    with torch.inference_mode():
        found = network(waveforms)
    torch.testing.assert_close(found, torch.stack([0.25 * waveforms, 0.75 * waveforms], dim=1), rtol=1e-4, atol=1e-5)
