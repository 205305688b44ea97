from __future__ import annotations

from typing import Any

import pytest

from core.artifacts import Kind
from core.capabilities import EditArgs
from core.embedded.editing import edits
from core.embedded.effects import effect
from core.plans import Item

CLIP = Item("a", Kind.AUDIO, "voice.wav", duration_s=30.0)
SECOND = Item("b", Kind.AUDIO, "music.mp3", duration_s=60.0)

EFFECTS: list[tuple[str, dict[str, Any]]] = [
    ("loop it 4 times", {"operation": "loop", "times": 4}),
    ("repeat it three times", {"operation": "loop", "times": 3}),
    ("loop it for a minute", {"operation": "loop", "seconds": 60.0}),
    ("play it twice in a row", {"operation": "loop", "times": 2}),
    ("wiederhole es dreimal", {"operation": "loop", "times": 3}),
    ("als Schleife, 30 Sekunden", {"operation": "loop", "seconds": 30.0}),
    ("mets-le en boucle", {"operation": "loop", "times": 2}),
    ("repítelo tres veces", {"operation": "loop", "times": 3}),
    ("循环三次", {"operation": "loop", "times": 3}),
    ("循环播放一分钟", {"operation": "loop", "seconds": 60.0}),
    ("3回繰り返して", {"operation": "loop", "times": 3}),
    ("повтори три раза", {"operation": "loop", "times": 3}),
    ("herhaal het drie keer", {"operation": "loop", "times": 3}),
    ("powtórz trzy razy", {"operation": "loop", "times": 3}),
    ("add reverb", {"operation": "reverb", "space": "hall", "amount": 0.3}),
    ("a lot of reverb please", {"operation": "reverb", "amount": 0.6}),
    ("a touch of plate reverb", {"operation": "reverb", "space": "plate", "amount": 0.15}),
    ("make it sound like a church", {"operation": "reverb", "space": "cathedral"}),
    ("as if in a small room", {"operation": "reverb", "space": "room"}),
    ("wie in einer Kirche", {"operation": "reverb", "space": "cathedral"}),
    ("加混响", {"operation": "reverb"}),
    ("with an echo of half a second", {"operation": "echo", "delay_s": 0.5}),
    ("ajoute un écho", {"operation": "echo", "delay_s": 0.3}),
    ("more bass", {"operation": "equalise", "bass_db": 6.0, "treble_db": 0.0}),
    ("a bit more bass", {"operation": "equalise", "bass_db": 3.0}),
    ("boost the bass by 4 dB", {"operation": "equalise", "bass_db": 4.0}),
    ("more bass and less treble", {"operation": "equalise", "bass_db": 6.0, "treble_db": -6.0}),
    ("weniger Höhen", {"operation": "equalise", "treble_db": -6.0}),
    ("más graves", {"operation": "equalise", "bass_db": 6.0}),
    ("高音を下げて", {"operation": "equalise", "treble_db": -6.0}),
    ("cut everything below 100 Hz", {"operation": "equalise", "low_cut_hz": 100.0}),
    ("low-pass at 4 kHz", {"operation": "equalise", "high_cut_hz": 4000.0}),
    ("make it sound like a phone call", {"operation": "equalise", "preset": "telephone"}),
    ("muffled, as if from the next room", {"operation": "equalise", "preset": "muffled"}),
    ("make the quiet parts louder", {"operation": "compress"}),
    ("remove the silences", {"operation": "remove_silence"}),
    ("entferne die Pausen", {"operation": "remove_silence"}),
    ("убери паузы", {"operation": "remove_silence"}),
    ("mix it down to mono", {"operation": "mono"}),
    ("pan it to the left", {"operation": "pan", "pan": -1.0}),
    ("pan it half right", {"operation": "pan", "pan": 0.5}),
    ("join them with a 2 second crossfade", {"operation": "join", "crossfade_s": 2.0}),
    ("überblende die beiden", {"operation": "join", "crossfade_s": 2.0}),
]
NOT_EFFECTS = [
    "remove the reverb",
    "get rid of the echo",
    "speed it up 2 times",
    "make it louder",
    "fade out",
    "put it before my recording",
    "isolate the bass guitar",
    "cut out the phone ringing",
]


@pytest.mark.parametrize(("text", "wanted"), EFFECTS, ids=[case[0] for case in EFFECTS])
def test_an_effect_and_its_settings_are_read(text: str, wanted: dict[str, Any]) -> None:
    (given,) = edits(text, 30.0)
    args = EditArgs(**given, audios=("a" * 24, "b" * 24)).model_dump()
    assert {key: args[key] for key in wanted} == wanted


@pytest.mark.parametrize("text", NOT_EFFECTS)
def test_what_only_sounds_like_an_effect_is_none(text: str) -> None:
    assert effect(text) is None


@pytest.mark.parametrize(
    "text", ["add some reverb to it", "a lot more bass", "loop it ten times", "mit mehr Bass bitte"]
)
async def test_an_effect_is_an_edit(ask: Any, text: str) -> None:
    assert [s.capability for s in (await ask(text, CLIP)).steps] == ["audio_editing"]


@pytest.mark.parametrize(
    ("text", "capability", "seconds"),
    [
        ("a seamless loop of ocean waves, 8 seconds", "text_to_audio", 8.0),
        ("make a loop of birds singing", "text_to_audio", None),
        ("a loop of soft piano music, 20 seconds", "text_to_music", 20.0),
        ("eine nahtlose Schleife aus Regen", "text_to_audio", None),
        ("une boucle de vagues", "text_to_audio", None),
        ("un bucle de lluvia, 12 segundos", "text_to_audio", 12.0),
        ("做一段雨声的无缝循环", "text_to_audio", None),
        ("雨のループを作って", "text_to_audio", None),
    ],
)
async def test_a_loop_of_something_new_is_made_whatever_is_at_hand(
    ask: Any, text: str, capability: str, seconds: float | None
) -> None:
    for items in ((), (CLIP,)):
        (step,) = (await ask(text, *items)).steps
        assert (step.capability, step.args.get("seconds")) == (capability, seconds)


@pytest.mark.parametrize("text", ["a loop of this", "make a loop of it", "mach daraus eine Schleife", "loop it"])
async def test_a_loop_of_what_is_there_is_an_edit(ask: Any, text: str) -> None:
    (step,) = (await ask(text, CLIP)).steps
    assert (step.capability, step.args["operation"]) == ("audio_editing", "loop")


async def test_removing_reverb_is_cleaning_up(ask: Any) -> None:
    assert [s.capability for s in (await ask("remove the room echo from my voice", CLIP)).steps] == [
        "speech_enhancement"
    ]


async def test_a_looped_clip_is_as_long_as_it_is_heard(ask: Any) -> None:
    decision = await ask("loop it 2 times and then remove the last 10 seconds", CLIP)
    assert [s.args["operation"] for s in decision.steps] == ["loop", "trim"]
    assert decision.steps[1].args["end_s"] == 50.0


async def test_two_clips_fade_into_each_other(ask: Any) -> None:
    (step,) = (await ask("join them with a 3 second crossfade", CLIP, SECOND)).steps
    assert (step.args["operation"], step.args["audios"], step.args["crossfade_s"]) == ("join", ("a", "b"), 3.0)


async def test_both_fades_have_their_own_length(ask: Any) -> None:
    decision = await ask("Fade in over 2 seconds and fade out over 3", CLIP)
    fades = [{k: v for k, v in s.args.items() if k.startswith("fade")} for s in decision.steps]
    assert {k: v for f in fades for k, v in f.items()} == {"fade_in_s": 2.0, "fade_out_s": 3.0}
