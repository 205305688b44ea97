"""One sound out of a mixture: the part and the rest, by which way, and that nothing is given where nothing is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soxr
from tones import pink, si_sdr_db, tone

from core.capabilities import SoundArgs, TargetArgs
from core.errors import BadInput, Cancelled, NoModel
from core.media import Audio, Samples
from core.models.base import Call, Output
from core.models.sound import _choosing_parts, _yamnet
from core.models.sound._choosing_parts import IN_TIME, MASKED
from core.models.sound._listening import listen
from core.models.sound._mask_network import MaskNetwork, read, write
from core.models.sound._matching import shared as matcher
from core.models.sound._parting import WEIGHTS, Masker, gated
from core.models.sound.extractor import Extractor
from core.models.sound.scene import SceneComposer
from core.models.speech.deepfilternet import DeepFilterNet
from core.settings import Settings

RATE = 24_000


def nobody(fraction: float) -> None:
    """Nobody watches."""


@pytest.fixture(scope="module")
def extractor(local: Settings) -> Extractor:
    model = Extractor(local)
    model.load("cpu")
    return model


@pytest.fixture(scope="module")
def masker() -> Masker:
    return Masker()


@pytest.fixture(scope="module")
def beeps() -> Samples:
    """Beeps of 1 kHz from 5 to 8 s of 8, shape (frames,)."""
    samples = np.zeros(8 * RATE, np.float32)
    on = np.arange(3 * RATE) // (RATE // 4) % 2 == 0
    samples[5 * RATE :] = tone(1000, 3, RATE, 0.3).samples[0] * on
    return samples


@pytest.fixture(scope="module")
def scene(speech: Audio, beeps: Samples) -> Audio:
    """Speech from 1 to 4 s, the beeps, quiet noise throughout; stereo."""
    samples = beeps + 0.003 * pink(8 * RATE, 3)
    samples[RATE : 4 * RATE] += speech.samples[0, : 3 * RATE]
    return Audio(np.stack([samples, samples]).astype(np.float32), RATE)


def extract(
    model: Extractor, clip: Audio, target: str, progress: Callable[[float], None] = lambda fraction: None
) -> Output:
    return model.run(Call(TargetArgs(audio="clip", target=target), {"audio": (clip,)}, progress=progress))


def parts(output: Output) -> tuple[Audio, Audio]:
    (sound, rest) = (made.media for made in output.media)
    assert isinstance(sound, Audio) and isinstance(rest, Audio)
    return sound, rest


@pytest.mark.parametrize("target", ["the beeping", "pitidos"])
def test_a_sound_comes_alone_and_the_rest_without_it(
    extractor: Extractor, scene: Audio, beeps: Samples, target: str
) -> None:
    fractions: list[float] = []
    output = extract(extractor, scene, target, fractions.append)
    sound, rest = parts(output)
    assert sound.sample_rate == rest.sample_rate == RATE
    assert sound.samples.shape == rest.samples.shape == scene.samples.shape
    np.testing.assert_allclose(sound.samples + rest.samples, scene.samples, atol=1e-5)
    assert si_sdr_db(beeps, sound.samples[0]) > si_sdr_db(beeps, scene.samples[0]) + 8
    assert output.facts["found"] is True
    assert output.facts["method"] in (IN_TIME, MASKED)
    assert output.facts["times"][0]["start_s"] == pytest.approx(5, abs=0.6)
    assert output.text is not None and output.text.startswith(f"“{target}” alone, heard at ")
    assert [made.name for made in output.media] == ["sound", "rest"]
    assert fractions == sorted(fractions) and fractions[-1] == 1


def test_a_sound_below_a_voice_comes_without_the_voice(extractor: Extractor, speech: Audio) -> None:
    talk = speech.samples[0, : 3 * RATE]
    beeps = tone(1000, len(talk) / RATE, RATE, 0.3).samples[0, : len(talk)] * (np.arange(len(talk)) // (RATE // 4) % 2)
    beeps = (beeps * talk.std() / beeps.std()).astype(np.float32)
    output = extract(extractor, Audio((talk + beeps)[None], RATE), "the beeping")
    sound, rest = parts(output)
    assert si_sdr_db(beeps, sound.samples[0]) > si_sdr_db(beeps, talk + beeps) + 10
    assert si_sdr_db(talk, rest.samples[0]) > si_sdr_db(talk, talk + beeps) + 10
    np.testing.assert_allclose(sound.samples[0] + rest.samples[0], talk + beeps, atol=1e-5)


def test_what_is_heard_only_without_the_voice_is_there(extractor: Extractor, speech: Audio, local: Settings) -> None:
    """Below a voice of twice its level the tagger hears no cow."""
    composer = SceneComposer(local)
    composer.load("cpu")
    made = composer.run(Call(SoundArgs(description="a cow", seconds=3))).media[0].media
    assert isinstance(made, Audio)
    talk = speech.samples[0, : 3 * RATE]
    cow = soxr.resample(made.mono(), made.sample_rate, RATE)[: len(talk)]
    cow = np.pad(cow, (0, len(talk) - len(cow)))
    cow = (0.5 * cow * talk.std() / cow.std()).astype(np.float32)
    clip = Audio((talk + cow)[None], RATE)
    assert float(extractor._listen("a cow", clip, nobody).scores.max()) < extractor.faint
    sound, _ = parts(extract(extractor, clip, "a cow"))
    assert si_sdr_db(cow, sound.samples[0]) > si_sdr_db(cow, clip.samples[0]) + 8


def test_speech_is_left_to_the_clean_up(extractor: Extractor, speech: Audio) -> None:
    noise = pink(speech.samples.shape[1], 5)
    noise *= speech.samples[0].std()
    clip = Audio((speech.samples + noise).astype(np.float32), speech.sample_rate)
    output = extract(extractor, clip, "die Stimme")
    sound, rest = parts(output)
    assert output.facts["method"] == "enhancer"
    assert output.text is not None and "speech clean-up" in output.text
    assert si_sdr_db(speech.samples[0], sound.samples[0]) > 6
    assert si_sdr_db(noise, rest.samples[0]) > 6


def test_vocals_and_music_are_left_to_the_stems(extractor: Extractor, speech: Audio) -> None:
    t = np.arange(speech.samples.shape[1]) / speech.sample_rate
    chord = sum(np.sin(2 * np.pi * hz * t) * np.exp(-(t % 0.5) * 4) for hz in (220, 277, 330, 110))
    clip = Audio((speech.samples + 0.1 * chord).astype(np.float32), speech.sample_rate)
    methods = {}
    for target in ("the singing", "the music"):
        methods[target] = extract(extractor, clip, target).facts.get("method")
    assert set(methods.values()) <= {"vocals", "accompaniment", None}  # or it is not there
    assert methods["the music"] == "accompaniment"


def test_without_the_other_models_the_mask_does_it(
    extractor: Extractor, scene: Audio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DeepFilterNet, "missing", classmethod(lambda cls, settings: "not installed"))
    output = extract(extractor, scene, "speech")
    assert output.facts["method"] in (IN_TIME, MASKED)
    assert output.facts["times"][0]["start_s"] == pytest.approx(1, abs=0.6)


@pytest.mark.parametrize("target", ["a cat", "applaudissements", "Donner", "сирена корабля"])
def test_what_is_not_there_is_not_given(extractor: Extractor, scene: Audio, target: str) -> None:
    output = extract(extractor, scene, target)
    assert not output.media
    assert output.text is not None and f"“{target}” is not there" in output.text
    assert output.facts["found"] is False


def test_words_that_mean_no_sound_and_silence_are_refused(extractor: Extractor, scene: Audio) -> None:
    with pytest.raises(BadInput, match="nearest sounds"):
        extract(extractor, scene, "the theory of relativity")
    with pytest.raises(BadInput, match="silent"):
        extract(extractor, Audio(np.zeros((1, RATE), np.float32), RATE), "a dog")


def test_what_was_only_cut_in_time_is_said_to_be(
    extractor: Extractor, scene: Audio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silence(self: Masker, clip: Audio, *more: Any) -> Samples:
        return np.zeros_like(clip.samples)

    monkeypatch.setattr(_choosing_parts.Masker, "masked", silence)
    monkeypatch.setattr(DeepFilterNet, "missing", classmethod(lambda cls, settings: "not installed"))
    output = extract(extractor, scene, "beeping")
    assert output.facts["method"] == IN_TIME
    assert output.text is not None and "only cut it out in time" in output.text
    sound, _ = parts(output)
    middle = slice(round(5.5 * RATE), 7 * RATE)
    np.testing.assert_array_equal(sound.samples[:, middle], scene.samples[:, middle])
    assert not sound.samples[:, : 4 * RATE].any()


def test_it_stops_when_it_is_told_to(extractor: Extractor, scene: Audio) -> None:
    def stop(fraction: float) -> None:
        if fraction > 0.3:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        extract(extractor, scene, "beeping", stop)


# The ways


def test_the_gate_fades_and_joins_what_touches() -> None:
    clip = Audio(np.ones((2, 4000), np.float32), 1000)
    made = gated(clip, [(1.0, 2.0, 0.9), (1.5, 2.5, 0.9), (3.9, 4.0, 0.5)])
    assert made.shape == clip.samples.shape
    assert (made[:, 1000:2500] == 1).all() and (made[:, 3900:] == 1).all()
    assert (made[:, 2600:3800] == 0).all() and (made[:, :900] == 0).all()
    assert (np.diff(made[0, 960:1001]) >= 0).all()
    assert np.abs(np.diff(made[0])).max() < 0.1
    assert not gated(clip, []).any()


@pytest.mark.parametrize(("rate", "channels", "frames"), [(8000, 1, 30_000), (44_100, 2, 44_100), (16_000, 3, 100)])
def test_a_mask_keeps_rate_channels_and_length(masker: Masker, rate: int, channels: int, frames: int) -> None:
    clip = Audio(np.stack([0.1 * pink(frames, c) for c in range(channels)]), rate)
    scores = np.full(max(2, int(frames / rate / _yamnet.STEP_S) + 2), 0.9, np.float32)
    made = masker.masked(clip, scores, np.zeros(512, np.float32), nobody)
    assert made.shape == clip.samples.shape
    assert np.isfinite(made).all()


def test_where_the_sound_is_nowhere_probable_nothing_is_kept(masker: Masker) -> None:
    clip = Audio((0.1 * pink(20 * RATE, 0))[None], RATE)
    scores = np.zeros(round(20 / _yamnet.STEP_S) + 1, np.float32)
    scores[: round(3 / _yamnet.STEP_S)] = 0.95
    made = masker.masked(clip, scores, np.zeros(512, np.float32), nobody)
    assert made[:, : 3 * RATE].any()
    assert not made[:, 9 * RATE :].any()


def test_chunks_fade_into_each_other(masker: Masker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Masker, "_chunk", lambda self, clip, scores, words: clip.samples.copy())
    clip = Audio((0.1 * pink(21 * RATE, 0))[None], RATE)
    made = masker.masked(clip, np.ones(90, np.float32), np.zeros(512, np.float32), nobody)
    np.testing.assert_allclose(made, clip.samples, atol=1e-4)


def test_what_is_listened_for_is_what_the_finder_listens_for(scene: Audio) -> None:
    found = listen(_yamnet.shared(), matcher(), "speech", scene, nobody)
    assert found.names[0] == "speech"
    assert found.scores.shape == (len(found.heard.scores),)
    ((start, _, confidence),) = found.times
    assert start == pytest.approx(1, abs=0.5)
    assert confidence > 0.8


def test_weights_are_kept_in_16_bits(tmp_path: Path) -> None:
    import torch

    assert WEIGHTS.stat().st_size < 5e6
    network = MaskNetwork()
    write(network.state_dict(), tmp_path / "weights.safetensors")
    same = read(tmp_path / "weights.safetensors")
    magnitude, evidence = torch.rand(1, 20, 513), torch.rand(1, 20)
    words = torch.zeros(1, 512)
    torch.testing.assert_close(
        network.eval().mask(magnitude, evidence, words), same.mask(magnitude, evidence, words), atol=5e-3, rtol=0
    )


def test_what_is_missing_is_named(local: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_yamnet, "_PACKAGE", "no_such_package")
    assert "no_such_package" in (Extractor.missing(local) or "")
    with pytest.raises(NoModel, match="not installed"):
        Extractor(local).load("cpu")
