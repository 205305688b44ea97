"""Scenes from words: the sounds that are named, as often, as loud, as far, in the order that is said."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pyloudnorm
import pytest

from core.capabilities import SoundArgs
from core.errors import BadInput, Cancelled, OverLimit
from core.media import Audio
from core.models.base import Call, Output
from core.models.sound import _yamnet
from core.models.sound._scene_reading import Layer, read
from core.models.sound._sound_library import library
from core.models.sound._yamnet import class_names
from core.models.sound.generators import GENERATORS, RATE, Take
from core.models.sound.scene import SceneComposer
from core.settings import Settings

ALWAYS_ALIKE = {"car horn", "beep", "alarm clock", "smoke alarm", "laser", "siren", "heartbeat"}
"""What a machine or a heart does, it does the same each time."""
NAMED = (
    *("rain", "thunder", "sea waves", "fire", "siren", "telephone", "church bell", "knock", "helicopter", "dog"),
    *("cow", "rooster", "birds", "explosion", "glass breaking", "typing", "doorbell", "heartbeat", "sawing", "snake"),
)


@pytest.fixture(scope="module")
def composer(local: Settings) -> SceneComposer:
    model = SceneComposer(local)
    model.load("cpu")
    return model


def made(composer: SceneComposer, description: str, seed: int = 1, seconds: float | None = None) -> Output:
    return composer.run(Call(SoundArgs(description=description, seconds=seconds), seed=seed))


def sound(output: Output) -> Audio:
    media = output.media[0].media
    assert isinstance(media, Audio)
    return media


def scene(output: Output) -> list[tuple[str, float]]:
    return [(part["sound"], part["start_s"]) for part in output.facts["scene"]]


def onsets(clip: Audio) -> list[float]:
    """Seconds at which the level jumps: an independent count of what happens."""
    mono = np.abs(clip.samples.mean(0))
    level = np.convolve(mono**2, np.ones(480) / 480, "same")[::240] ** 0.5
    loud = level > 0.25 * level.max()
    rises = np.flatnonzero(loud[1:] & ~loud[:-1]) * 240 / clip.sample_rate
    kept: list[float] = []
    for at in rises:
        if not kept or at - kept[-1] > 0.15:
            kept.append(float(at))
    return kept


def layers(text: str) -> list[Layer]:
    return list(read(text).layers)


@pytest.mark.parametrize("name", list(GENERATORS))
def test_every_generator_makes_a_clean_sound_that_its_seed_decides(name: str) -> None:
    made_once, again, other = (GENERATORS[name].sound(Take(np.random.default_rng(seed), 2.0)) for seed in (1, 1, 2))
    assert np.array_equal(made_once, again)
    same = len(made_once) == len(other) and np.allclose(made_once, other)
    assert same == (name in ALWAYS_ALIKE)
    assert np.isfinite(made_once).all()
    assert np.abs(made_once).max() == pytest.approx(1.0, abs=1e-3)
    assert abs(float(made_once.mean())) < 0.02
    assert abs(float(made_once[0])) < 0.01 and abs(float(made_once[-1])) < 0.01
    if GENERATORS[name].kind == "texture":
        assert len(made_once) == 2 * RATE
    else:
        assert 0.05 < len(made_once) / RATE < 8


@pytest.mark.parametrize("name", ["rain", "wind", "engine", "fan"])
def test_a_loop_runs_on_into_itself(name: str) -> None:
    loop = GENERATORS[name].loop(Take(np.random.default_rng(0), 3.0))
    assert len(loop) == 3 * RATE
    steps = np.abs(np.diff(loop))
    assert abs(float(loop[0] - loop[-1])) <= np.percentile(steps, 99.9)


def test_most_sounds_are_what_an_independent_tagger_hears(composer: SceneComposer) -> None:
    network, names = _yamnet.shared(), class_names()
    heard = 0
    for name in NAMED:
        scores = network.hear(sound(made(composer, name))).scores.max(0)
        scores[names.index("Silence")] = 0
        top = {names[i] for i in np.argsort(-scores)[:5]}
        heard += bool(top & set(library()[name].labels))
    assert heard >= 16


@pytest.mark.parametrize(("text", "count"), [("three knocks", 3), ("five knocks on the door", 5), ("7 slow knocks", 7)])
def test_counts_are_obeyed(composer: SceneComposer, text: str, count: int) -> None:
    assert len(onsets(sound(made(composer, text)))) == count


def test_order_and_times_are_obeyed(composer: SceneComposer) -> None:
    output = made(composer, "first a door slam, then two knocks, then glass breaking")
    assert [name for name, _ in scene(output)] == ["door slam", "knock", "knock", "glass breaking"]
    assert all(a < b for (_, a), (_, b) in pairwise(scene(output)))
    late = dict(scene(made(composer, "thunder, and after 4 seconds a car horn")))
    assert late["car horn"] == pytest.approx(4.0, abs=0.05)
    assert [n for n, _ in scene(made(composer, "a cat meows, a cow moos and a rooster crows"))] == [
        "cat",
        "cow",
        "rooster",
    ]


def test_loud_quiet_near_and_far_are_heard(composer: SceneComposer) -> None:
    def share(text: str) -> float:
        """How much of the sound is the horn: the level while it sounds against the rain alone."""
        output = made(composer, f"rain and {text}")
        clip, start = sound(output).samples.mean(0), dict(scene(output))["car horn"]
        during = clip[round((start + 0.1) * RATE) : round((start + 0.5) * RATE)]
        return float(during.std() / clip[-2 * RATE : -RATE].std())

    assert share("a loud car horn") > 1.3 * share("a car horn") > 1.3 * 1.3 * share("a quiet car horn")
    assert share("a car horn") > 1.5 * share("a distant car horn")


def test_sides_are_where_the_words_put_them(composer: SceneComposer) -> None:
    def lean(samples: np.ndarray) -> float:
        left, right = (float(side.std()) for side in samples)
        return (right - left) / (right + left)

    assert lean(sound(made(composer, "a dog on the left")).samples) < -0.3
    assert lean(sound(made(composer, "a dog on the right")).samples) > 0.3
    moved = sound(made(composer, "a helicopter from left to right")).samples
    third = moved.shape[1] // 3
    assert lean(moved[:, :third]) < -0.2 and lean(moved[:, -third:]) > 0.2


def test_lengths_are_obeyed_and_levels_even(composer: SceneComposer) -> None:
    for text, seconds in (("wind for 12 seconds", 12.0), ("half a minute of rain", 30.0), ("sea waves, 5 s", 5.0)):
        clip = sound(made(composer, text))
        assert clip.samples.shape == (2, round(seconds * RATE)), text
        assert pyloudnorm.Meter(RATE).integrated_loudness(clip.samples.T) == pytest.approx(-18, abs=1.5)
        assert np.abs(clip.samples).max() < 0.9
    assert sound(made(composer, "rain", seconds=7.5)).samples.shape[1] == 7.5 * RATE


def test_a_heavy_rain_is_not_a_light_one(composer: SceneComposer) -> None:
    heavy, light = (GENERATORS["rain"].make(Take(np.random.default_rng(0), 3.0, force=f)) for f in (1.7, 0.5))
    assert np.std(heavy) > 1.5 * np.std(light)
    assert [layer.force for layer in layers("heavy rain, light wind")] == [1.7, 0.5]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a dog barks twice in heavy rain", [("dog", 2), ("rain", None)]),
        ("ein hund bellt dreimal im regen", [("dog", 3), ("rain", None)]),
        ("un chien aboie deux fois sous la pluie", [("dog", 2), ("rain", None)]),
        ("un perro ladra y una sirena lejana", [("dog", None), ("siren", None)]),
        ("campane della chiesa e vento forte", [("church bell", None), ("wind", None)]),
        ("chuva forte com trovões", [("rain", None), ("thunder", None)]),
        ("hond blaft twee keer, regen", [("dog", 2), ("rain", None)]),
        ("pies szczeka trzy razy", [("dog", 3)]),
        ("собака лает два раза под дождём", [("dog", 2), ("rain", None)]),
        ("cozy fireplace with a ticking clock", [("fire", None), ("clock", None)]),
        ("the doggo woofs 4 times", [("dog", 4)]),
        ("footsteps on gravel", [("footstep", None)]),
    ],
)
def test_scenes_are_understood_in_many_languages(text: str, wanted: list[tuple[str, int | None]]) -> None:
    assert [(layer.sound.name, layer.times) for layer in layers(text)] == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a dog barks in the rain three times", [("dog", 3), ("rain", None)]),
        ("a dog in the rain barks three times", [("dog", 3), ("rain", None)]),
        ("犬が雨の中で3回吠える", [("dog", 3), ("rain", None)]),
        ("牛在雨中叫三声", [("cow", 3), ("rain", None)]),
        ("a clock ticks five times", [("clock", 5)]),
        ("a dog, rain and a dog on the left", [("dog", None), ("rain", None), ("dog", None)]),
        ("a gunshot every 5 seconds, three times", [("gunshot", 3)]),
    ],
)
def test_a_count_is_that_of_what_happens(text: str, wanted: list[tuple[str, int | None]]) -> None:
    assert [(layer.sound.name, layer.times) for layer in layers(text)] == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a car honks once", ["car horn"]),
        ("ein Auto hupt zweimal", ["car horn"]),
        ("a gun fires twice", ["gunshot"]),
        ("the hum of a fan", ["fan"]),
        ("alguien llama tres veces a la puerta", ["knock"]),
        ("alguém bate quatro vezes na porta", ["knock"]),
        ("ktoś puka trzy razy do drzwi", ["knock"]),
        ("cars honking", ["passing car", "car horn"]),
        ("cars, and a car horn", ["passing car", "car horn"]),
        ("fire and gunshots", ["fire", "gunshot"]),
    ],
)
def test_whose_a_sound_is_makes_no_sound_of_its_own(text: str, wanted: list[str]) -> None:
    assert [layer.sound.name for layer in layers(text)] == wanted


def test_a_clip_of_five_seconds_is_no_start_after_five() -> None:
    for text in ("a 5-second clip of birds", "a 5 second clip of birds", "a 5 seconds clip of birds"):
        assert read(text).seconds == 5 and layers(text)[0].start_s is None
    assert read("a 1-minute loop of rain").seconds == 60
    assert layers("un perro a 5 segundos, lluvia")[0].start_s == 5


def test_what_is_asked_at_an_interval_comes_as_often_as_is_said(composer: SceneComposer) -> None:
    at = [start for _, start in scene(made(composer, "a gunshot every 5 seconds, three times"))]
    assert at == pytest.approx([0.05, 5.05, 10.05], abs=0.01)


def test_floors_distances_and_rooms_are_understood() -> None:
    assert [layer.variant for layer in layers("footsteps in snow, footsteps on gravel")] == ["snow", "gravel"]
    assert layers("distant church bells")[0].distance > 0.6 > layers("church bells")[0].distance
    rooms = ("a gunshot in a cave", "hall"), ("rain under water", "muffled"), ("rain over the radio", "radio")
    for text, room in (*rooms, ("rain, loop", "loop"), ("rain", "")):
        assert read(text).rooms == ({room} if room else set())
    assert read("clock ticking for a minute").seconds == 60


@pytest.mark.parametrize(
    "text",
    [
        "a hot dog sizzling",
        "ping pong match",
        "a submarine sandwich being eaten",
        "a paper plane",
        "raincoat rustling",
        "someone barking orders",
        "waves of laughter",
        "Meerschweinchen",
    ],
)
def test_what_is_only_called_like_a_sound_is_none(composer: SceneComposer, text: str) -> None:
    with pytest.raises(BadInput, match="no sound"):
        made(composer, text)


@pytest.mark.parametrize(
    ("text", "sounds"),
    [
        ("a bulldog barking", ["dog"]),
        ("sea waves", ["sea waves"]),
        ("rain on my raincoat", ["rain"]),
        ("a car door slams", ["door slam"]),
        ("a dog barks and a hot dog sizzles", ["dog"]),
    ],
)
def test_beside_it_a_sound_is_heard(text: str, sounds: list[str]) -> None:
    assert [layer.sound.name for layer in read(text).layers] == sounds


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("the mating call of a capybara", "nearest that I can make"),
        ("a happy piano song", "music"),
        ('a voice that says "hello"', "speech"),
        ("xyzzy", "no sound"),
    ],
)
def test_what_it_has_not_is_refused_with_what_is_near(composer: SceneComposer, text: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        made(composer, text)


def test_a_part_that_is_unknown_is_left_out_and_said(composer: SceneComposer) -> None:
    output = made(composer, "rain and a xylophone concerto")
    assert output.facts["left_out"] == ["xylophone concerto"]
    assert "xylophone concerto" in (output.text or "")


def test_what_is_a_recording_is_said_with_its_credit(composer: SceneComposer) -> None:
    output = made(composer, "a dog barks in the rain")
    assert output.media[0].caption == "dog (recording), rain (synthesised)"
    assert output.facts["credits"] == ["dog: Joseph Sardin, bigsoundbank.com, CC0-1.0"]
    assert made(composer, "rain").facts["credits"] == []


def test_the_same_seed_is_the_same_scene_and_another_is_not(composer: SceneComposer) -> None:
    first, again, other = (sound(made(composer, "birds and a stream", seed)).samples for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_limits_and_stopping(composer: SceneComposer) -> None:
    with pytest.raises(OverLimit, match="10 minutes"):
        made(composer, "rain for 20 minutes")

    def stop(fraction: float) -> Any:
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        composer.run(Call(SoundArgs(description="rain"), progress=stop))
