"""ACE-Step on a tiny pipeline that is built here; it is loaded and called in the real way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyloudnorm
import pytest
from tiny_ace_step import RATE, save_tiny

from core.capabilities import MusicArgs
from core.errors import BadInput, Cancelled, NoModel, OverLimit
from core.media import Audio
from core.models.base import Call, Output
from core.models.music.ace_step_hub import AceStepHub
from core.settings import Settings

pytestmark = pytest.mark.filterwarnings("ignore:.*weight_norm. is deprecated:FutureWarning")  # diffusers, of torch


@pytest.fixture(scope="module")
def ace_step(tmp_path_factory: pytest.TempPathFactory) -> AceStepHub:
    folder = tmp_path_factory.mktemp("hub")
    save_tiny(folder / AceStepHub.source)
    model = AceStepHub(Settings(_env_file=None, hub_dir=folder, data_dir=folder / "data"))
    model.load("cpu")
    return model


def made(model: AceStepHub, words: str = "happy jazz", seconds: float | None = 11.0, **more: Any) -> Output:
    return model.run(Call(MusicArgs(description=words, seconds=seconds), **more))


def sound(output: Output) -> Audio:
    media = output.media[0].media
    assert isinstance(media, Audio)
    return media


def asked(model: AceStepHub, words: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, dict[str, Any]]:
    """What the pipeline is called with."""
    calls: list[tuple[str, dict[str, Any]]] = []
    real = model._pipeline

    class Listening:
        sample_rate = real.sample_rate

        def __call__(self, prompt: str, **options: Any) -> Any:
            calls.append((prompt, options))
            return real(prompt, **options)

    with monkeypatch.context() as patch:
        patch.setattr(model, "_pipeline", Listening())
        made(model, words)
    return calls[0]


def test_music_of_the_asked_length_and_loudness(ace_step: AceStepHub) -> None:
    clip = sound(made(ace_step))
    assert (clip.samples.shape, clip.sample_rate) == ((2, 11 * RATE), RATE)
    peak = float(np.abs(clip.samples).max())
    loudness = pyloudnorm.Meter(RATE).integrated_loudness(clip.samples.T.astype(np.float64))
    assert loudness == pytest.approx(-18, abs=0.1) or (loudness < -18 and peak == pytest.approx(10 ** (-1 / 20), 0.05))


def test_a_short_piece_is_the_faded_beginning_of_a_longer_one(ace_step: AceStepHub) -> None:
    clip = sound(made(ace_step, "4 seconds of jazz", seconds=None))
    assert clip.duration_s == 4.0
    level = np.sqrt(np.mean(clip.samples**2, axis=0).reshape(-1, RATE // 10).mean(1))
    assert level[-1] < 0.2 * np.median(level)
    assert level[-10] > 0.5 * np.median(level)


def test_more_than_the_decoder_takes_at_once_is_decoded_in_parts(ace_step: AceStepHub) -> None:
    clip = sound(made(ace_step, seconds=40.0))
    assert ace_step._pipeline.vae.use_tiling
    assert ace_step._pipeline.vae.tile_latent_min_length < 40.0 * RATE / 160
    assert clip.samples.shape == (2, 40 * RATE)


def test_words_lyrics_key_tempo_and_seed_decide(ace_step: AceStepHub) -> None:
    first = sound(made(ace_step)).samples
    assert np.array_equal(first, sound(made(ace_step)).samples)
    for words in ("a slow waltz", "happy jazz in C minor", "happy jazz at 90 bpm", "happy jazz. Lyrics: la la la"):
        assert not np.array_equal(first, sound(made(ace_step, words)).samples), words
    assert not np.array_equal(first, sound(made(ace_step, seed=2)).samples)


@pytest.mark.parametrize(
    ("words", "description", "lyrics", "language"),
    [
        ("Soft piano", "Soft piano", "[Instrumental]", "unknown"),
        ("A pop song. Lyrics: We sing in the rain", "A pop song", "We sing in the rain", "en"),
        (
            "Sing a ballad\n[Verse 1]\nDer Mond ist aufgegangen\n[Chorus]\nund die Nacht ist still",
            "Sing a ballad",
            "[Verse 1]\nDer Mond ist aufgegangen\n[Chorus]\nund die Nacht ist still",
            "de",
        ),
        ("一首流行歌曲，歌词：我们在雨中唱歌", "一首流行歌曲，", "我们在雨中唱歌", "zh"),
        ("lyrics: oh oh oh", "a song", "oh oh oh", "unknown"),
    ],
)
def test_what_stands_behind_lyrics_is_sung(
    ace_step: AceStepHub, monkeypatch: pytest.MonkeyPatch, words: str, description: str, lyrics: str, language: str
) -> None:
    prompt, options = asked(ace_step, words, monkeypatch)
    assert (prompt, options["lyrics"], options["vocal_language"]) == (description, lyrics, language)


@pytest.mark.parametrize(
    ("words", "bpm", "key", "meter"),
    [
        ("a waltz in 3/4, F# minor, 96.5 bpm", 96, "F# minor", "3"),
        ("Jazz in B-Dur", None, "Bb major", None),
        ("folk in D dorian", None, None, None),
    ],
)
def test_key_tempo_and_metre_are_told_as_in_training(
    ace_step: AceStepHub, monkeypatch: pytest.MonkeyPatch, words: str, bpm: int | None, key: str, meter: str
) -> None:
    _, options = asked(ace_step, words, monkeypatch)
    assert (options["bpm"], options["keyscale"], options["timesignature"]) == (bpm, key, meter)


def test_every_step_tells_how_far_it_is_and_can_be_the_last(ace_step: AceStepHub) -> None:
    fractions: list[float] = []
    made(ace_step, progress=fractions.append)
    assert fractions == pytest.approx([n / AceStepHub.steps for n in range(AceStepHub.steps + 1)])

    def stop(fraction: float) -> None:
        if fraction > 0.3:
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        made(ace_step, progress=stop)


@pytest.mark.parametrize(
    ("words", "error", "told"),
    [
        ("a song with vocals about love", BadInput, "behind `lyrics:`"),
        ("play happy birthday", BadInput, "existing ones"),
        ("11 minutes of jazz", OverLimit, "up to 10 minutes"),
        ("jazz at 999 bpm", OverLimit, "tempi"),
    ],
)
def test_what_it_cannot_do_is_refused(ace_step: AceStepHub, words: str, error: type[Exception], told: str) -> None:
    with pytest.raises(error, match=told):
        made(ace_step, words, seconds=None)


def test_without_weights_there_is_no_model(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, hub_dir=tmp_path, data_dir=tmp_path)
    assert f"hf download {AceStepHub.source}" in (AceStepHub.missing(settings) or "")
    with pytest.raises(NoModel, match="cannot run here"):
        AceStepHub(settings).load("cpu")
