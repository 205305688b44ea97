"""Edits of a stretch of a clip, while the rest stays as it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.artifacts import Artifact, Facts, Kind
from core.embedded.editing import edited_length, edits
from core.embedded.replies import after
from core.embedded.stretches import stretch
from core.errors import RefusalKind
from core.plans import Item, Line, Step, StepResult

MADE = Artifact("c" * 24, Kind.AUDIO, "made.wav", Facts("audio/wav", 10, duration_s=1.0))
CLIP = Item("a", Kind.AUDIO, "voice.wav", duration_s=60.0)

EDITS: list[tuple[str, dict[str, Any]]] = [
    ("make the first 3 seconds louder", {"operation": "gain", "gain_db": 6.0, "start_s": 0.0, "end_s": 3.0}),
    ("turn down 0:10 to 0:20 by 6 dB", {"operation": "gain", "gain_db": -6.0, "start_s": 10.0, "end_s": 20.0}),
    ("raise the volume between 0:30 and 0:45", {"operation": "gain", "gain_db": 6.0, "start_s": 30.0, "end_s": 45.0}),
    ("slow down the last 10 seconds", {"operation": "speed", "factor": 0.8, "start_s": 50.0}),
    ("make the second half quieter", {"operation": "gain", "gain_db": -6.0, "start_s": 30.0}),
    ("reverse the first half", {"operation": "reverse", "start_s": 0.0, "end_s": 30.0}),
    ("add echo to the last 5 seconds", {"operation": "echo", "start_s": 55.0}),
    ("boost the bass from 10 seconds on", {"operation": "equalise", "bass_db": 6.0, "start_s": 10.0}),
    ("louder until 0:10", {"operation": "gain", "gain_db": 6.0, "start_s": 0.0, "end_s": 10.0}),
    ("pitch up 0:05-0:08 by 3 semitones", {"operation": "pitch", "semitones": 3.0, "start_s": 5.0, "end_s": 8.0}),
    ("loop the first 4 seconds three times", {"operation": "loop", "times": 3, "start_s": 0.0, "end_s": 4.0}),
    ("loop seconds 2 to 5", {"operation": "loop", "times": 2, "start_s": 2.0, "end_s": 5.0}),
    ("loop 0:03 to 0:07 for a minute", {"operation": "loop", "seconds": 60.0, "start_s": 3.0, "end_s": 7.0}),
    ("mute the first 2 seconds", {"operation": "mute", "start_s": 0.0, "end_s": 2.0}),
    ("now mute the first second", {"operation": "mute", "start_s": 0.0, "end_s": 1.0}),
    ("make the last second quieter", {"operation": "gain", "gain_db": -6.0, "start_s": 59.0}),
    ("die letzte Sekunde leiser", {"operation": "gain", "gain_db": -6.0, "start_s": 59.0}),
    ("silence the part between 4 and 6 seconds", {"operation": "mute", "start_s": 4.0, "end_s": 6.0}),
    ("bleep out 0:12 to 0:14", {"operation": "bleep", "start_s": 12.0, "end_s": 14.0}),
    ("mach die ersten 3 Sekunden lauter", {"operation": "gain", "gain_db": 6.0, "start_s": 0.0, "end_s": 3.0}),
    ("schalte Sekunde 3 bis 5 stumm", {"operation": "mute", "start_s": 3.0, "end_s": 5.0}),
    ("les 3 premières secondes plus fort", {"operation": "gain", "gain_db": 6.0, "start_s": 0.0, "end_s": 3.0}),
    ("mets un bip entre 3 et 4 secondes", {"operation": "bleep", "start_s": 3.0, "end_s": 4.0}),
    ("los primeros 4 segundos más lento", {"operation": "speed", "factor": 0.8, "start_s": 0.0, "end_s": 4.0}),
    ("pon un pitido de 3 a 4 segundos", {"operation": "bleep", "start_s": 3.0, "end_s": 4.0}),
    ("i primi 5 secondi al contrario", {"operation": "reverse", "start_s": 0.0, "end_s": 5.0}),
    ("inverte os primeiros 5 segundos", {"operation": "reverse", "start_s": 0.0, "end_s": 5.0}),
    ("первые 3 секунды громче", {"operation": "gain", "gain_db": 6.0, "start_s": 0.0, "end_s": 3.0}),
    ("把3到5秒静音", {"operation": "mute", "start_s": 3.0, "end_s": 5.0}),
    ("前4秒倒放", {"operation": "reverse", "start_s": 0.0, "end_s": 4.0}),
    ("3秒から5秒までミュート", {"operation": "mute", "start_s": 3.0, "end_s": 5.0}),
    ("maak de eerste 5 seconden zachter", {"operation": "gain", "gain_db": -6.0, "start_s": 0.0, "end_s": 5.0}),
    ("od 3 do 5 sekundy ciszej", {"operation": "gain", "gain_db": -6.0, "start_s": 3.0, "end_s": 5.0}),
]
OF_ALL = [
    "an echo of half a second",
    "add an echo after 0.4 seconds",
    "speed it up to 1.5",
    "loop it for 30 seconds",
    "loop it so that it lasts 30 seconds",
    "fade out the last 5 seconds",
    "remove the pauses longer than 2 seconds",
    "normalise the last one",
    "pitch it up from 2 to 3 semitones",
]


@pytest.mark.parametrize(("text", "args"), EDITS, ids=[case[0] for case in EDITS])
async def test_an_edit_is_of_the_stretch_that_is_named(ask: Any, text: str, args: dict[str, Any]) -> None:
    (step,) = (await ask(text, CLIP)).steps
    assert step.capability == "audio_editing"
    assert {name: step.args[name] for name in args} == args
    assert ("start_s" in step.args, "end_s" in step.args) == ("start_s" in args, "end_s" in args)


@pytest.mark.parametrize("text", OF_ALL)
def test_times_that_say_something_else_are_no_stretch(text: str) -> None:
    (args,) = edits(text, 60.0)
    assert not {"start_s", "end_s"} & set(args)


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("keep the first 5 seconds", {"start_s": 0.0, "end_s": 5.0}),
        ("cut the first 5 seconds", {"start_s": 5.0}),
        ("wis de laatste 3 seconden", {"start_s": 0.0, "end_s": 57.0}),
    ],
)
async def test_cuts_stay_cuts(ask: Any, text: str, args: dict[str, float]) -> None:
    (step,) = (await ask(text, CLIP)).steps
    assert (step.args["operation"], {k: step.args[k] for k in args}) == ("trim", args)


@pytest.mark.parametrize("words", ["from 2 to 4 seconds", "2 to 4 s", "0:02-0:04", "between two and four seconds"])
async def test_what_to_mute_is_asked_and_the_answer_understood(ask: Any, words: str) -> None:
    first = await ask("mute it", CLIP)
    assert first.refusal is not None
    assert (first.refusal.kind, "From which second" in first.refusal.message) == (RefusalKind.MISSING_INPUT, True)
    history = (Line("user", "mute it", artifacts=("a",)), Line("bot", first.refusal.message))
    (step,) = (await ask(words, replace(CLIP, current=False), history=history)).steps
    assert {"operation": "mute", "start_s": 2.0, "end_s": 4.0}.items() <= step.args.items()


@pytest.mark.parametrize(
    ("text", "capability"),
    [
        ("Mute the crying baby in this one", "sound_extraction"),
        ("mute the dog", "sound_extraction"),
        ("Zwischen Sekunde 5 und 6 fehlt etwas, ergänze das", "audio_inpainting"),
        ("se cortó el audio del segundo 2 al 3, rellénalo", "audio_inpainting"),
        ("заделай пропуск с 10 по 11 секунду", "audio_inpainting"),
        ("there's a gap from 3 to 4 seconds, patch it", "audio_inpainting"),
    ],
)
async def test_sounds_are_taken_out_and_gaps_are_filled(ask: Any, text: str, capability: str) -> None:
    assert [step.capability for step in (await ask(text, CLIP)).steps] == [capability]


def test_other_numbers_keep_their_meaning() -> None:
    named, rest = stretch("slow it to half from 10 to 20 seconds, with 3 dB less", 60.0)
    assert named == (10.0, 20.0)
    assert "10" not in rest
    assert "3 dB" in rest


@pytest.mark.parametrize(
    ("args", "seconds"),
    [
        ({"operation": "loop", "times": 3, "start_s": 2.0, "end_s": 6.0}, 12.0),
        ({"operation": "speed", "factor": 2.0, "start_s": 10.0, "end_s": 20.0}, 55.0),
        ({"operation": "mute", "start_s": 10.0, "end_s": 20.0}, 60.0),
        ({"operation": "trim", "start_s": 10.0}, 50.0),
    ],
)
def test_how_long_the_result_is(args: dict[str, Any], seconds: float) -> None:
    assert edited_length(args, [60.0]) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({"operation": "mute", "start_s": 2.0, "end_s": 4.0}, "silent from 0:02 to 0:04"),
        ({"operation": "gain", "gain_db": 6.0, "start_s": 62.5}, "louder from 1:02.5 on"),
        ({"operation": "trim", "start_s": 2.0, "end_s": 4.0}, "Here it is: trimmed."),
    ],
)
def test_the_answer_says_what_was_edited(args: dict[str, Any], words: str) -> None:
    result = StepResult(Step("audio_editing", {**args, "audios": ("a",)}), artifacts=(MADE,))
    assert words in after([result], {}, "en")
