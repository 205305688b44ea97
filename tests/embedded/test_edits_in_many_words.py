"""What is to go, how far down, what lies under what and stands before what: edits as people say them."""

from __future__ import annotations

from typing import Any

import pytest

from core.artifacts import Kind
from core.plans import Item

VOICE = Item("a", Kind.AUDIO, "voice.wav", duration_s=60.0)
BED = Item("b", Kind.AUDIO, "bed.mp3", duration_s=30.0)


async def edit(ask: Any, text: str, *items: Item) -> dict[str, Any]:
    decision = await ask(text, *items)
    assert decision.refusal is None
    (step,) = decision.steps
    assert step.capability == "audio_editing"
    args: dict[str, Any] = step.args
    return args


@pytest.mark.parametrize(
    ("text", "start_s", "end_s"),
    [
        ("take the first 4 seconds off", 4.0, None),
        ("chop off the first 5 seconds", 5.0, None),
        ("lop the last ten seconds off the end", 0.0, 50.0),
        ("最初の10秒切って", 10.0, None),
        ("最後の5秒をカットして", 0.0, 55.0),
        ("最初の10秒だけ残して", 0.0, 10.0),
        ("son 10 saniyesini at", 0.0, 50.0),
        ("ilk 3 saniyesini sil", 3.0, None),
        ("knip de eerste 8 seconden weg", 8.0, None),
        ("haal de laatste 4 seconden eraf", 0.0, 56.0),
        ("klipp bort de första 6 sekunderna", 6.0, None),
        ("掐掉前5秒", 5.0, None),
        ("앞에 5초 잘라줘", 5.0, None),
        ("keep the first 4 seconds", 0.0, 4.0),
        ("cut it to the first 5 seconds", 0.0, 5.0),
        ("只要前5秒", 0.0, 5.0),
    ],
)
async def test_what_goes_and_what_stays(ask: Any, text: str, start_s: float, end_s: float | None) -> None:
    args = await edit(ask, text, VOICE)
    assert (args["operation"], args["start_s"], args.get("end_s")) == ("trim", start_s, end_s)


@pytest.mark.parametrize(
    ("text", "semitones"),
    [
        ("drop it an octave", -12.0),
        ("take it up an octave", 12.0),
        ("portala giù di un tono", -2.0),
        ("un tono più su", 2.0),
        ("baja dos semitonos", -2.0),
        ("drop the pitch by a whole tone", -2.0),
        ("descends-le d'une octave", -12.0),
        ("einen Halbton tiefer", -1.0),
    ],
)
async def test_how_far_up_or_down(ask: Any, text: str, semitones: float) -> None:
    args = await edit(ask, text, VOICE)
    assert (args["operation"], args["semitones"]) == ("pitch", semitones)


@pytest.mark.parametrize(
    "text",
    [
        "lay voice.wav over bed.mp3",
        "put bed.mp3 underneath voice.wav",
        "leg voice.wav über bed.mp3",
        "mets voice.wav par-dessus bed.mp3",
        "подложи bed.mp3 под voice.wav",
        "metti voice.wav sopra bed.mp3",
        "pon bed.mp3 de fondo en voice.wav",
        "두 개 섞어줘",
    ],
)
async def test_one_lies_over_the_other(ask: Any, text: str) -> None:
    args = await edit(ask, text, VOICE, BED)
    assert (args["operation"], set(args["audios"])) == ("mix", {"a", "b"})


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("stick bed.mp3 in front of voice.wav", ("b", "a")),
        ("put bed.mp3 right before voice.wav", ("b", "a")),
        ("cola bed.mp3 na frente de voice.wav", ("b", "a")),
        ("colle bed.mp3 devant voice.wav", ("b", "a")),
        ("put bed.mp3 after voice.wav", ("a", "b")),
        ("put voice.wav after bed.mp3", ("b", "a")),
        ("plak bed.mp3 achter voice.wav", ("a", "b")),
        ("häng bed.mp3 hinten an voice.wav", ("a", "b")),
    ],
)
async def test_one_stands_before_the_other(ask: Any, text: str, order: tuple[str, str]) -> None:
    args = await edit(ask, text, VOICE, BED)
    assert (args["operation"], args["audios"]) == ("join", order)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("play it at 0.85 speed", {"operation": "speed", "factor": 0.85}),
        ("3x hintereinander", {"operation": "loop", "times": 3}),
        ("normalise to -20", {"operation": "normalise", "loudness_lufs": -20.0}),
        ("fade out the last 5", {"operation": "fade", "fade_out_s": 5.0}),
        ("pan it -0.4", {"operation": "pan", "pan": -0.4}),
        ("pan it 0.25 to the left", {"operation": "pan", "pan": -0.25}),
        ("drop it by 3 dB", {"operation": "gain", "gain_db": -3.0}),
        ("a bit of plate on it", {"operation": "reverb", "space": "plate", "amount": 0.15}),
    ],
)
async def test_numbers_without_units(ask: Any, text: str, wanted: dict[str, Any]) -> None:
    args = await edit(ask, text, VOICE)
    assert {name: args.get(name) for name in wanted} == wanted


async def test_a_sound_effect_is_no_music(ask: Any) -> None:
    decision = await ask("need a sword clash sfx for my mod, 6 sec")
    assert [(s.capability, s.args.get("seconds")) for s in decision.steps] == [("text_to_audio", 6.0)]
