"""The same as before: with another clip, with one thing changed, and sound videos that are to look otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from core.artifacts import Kind
from core.embedded.framing import framing
from core.embedded.likewise import change_to_the_same, means_the_same, with_another
from core.plans import Item, Line, Step

ASKED = "reverse it and then drop it an octave"
DONE = Line("bot", "Done.", artifacts=("made.wav",))


def clip(name: str, *, current: bool = False, **more: Any) -> Item:
    return Item(name, Kind.AUDIO, name, current=current, **more)


OLD = clip("sword.wav", duration_s=4.0)
MADE = clip("made.wav", made="audio_editing", how="pitch-", parents=("sword.wav",))
HORN = clip("horn.wav", current=True, duration_s=5.0)
BEFORE = (Line("user", ASKED, artifacts=("sword.wav",)), DONE)

SAME = [
    "ok now the exact same treatment for this war horn",
    "same here please",
    "do the same with this one",
    "und mit der hier bitte genau dasselbe",
    "la même chose avec celui-ci",
    "pareil pour celui-là",
    "haz lo mismo con este",
    "fai lo stesso con questo",
    "faz o mesmo com este",
    "i z tym dokładnie to samo",
    "hetzelfde met deze",
    "то же самое с этой записью",
    "这个也一样处理",
    "これも同じ処理で",
]


@pytest.mark.parametrize("text", SAME)
async def test_the_same_is_done_with_what_is_attached(ask: Any, text: str) -> None:
    decision = await ask(text, HORN, MADE, OLD, history=BEFORE)
    assert [(s.capability, s.args["operation"]) for s in decision.steps] == [
        ("audio_editing", "reverse"),
        ("audio_editing", "pitch"),
    ]
    assert tuple(decision.steps[0].args["audios"]) == ("horn.wav",)
    assert tuple(decision.steps[1].args["audios"]) == ("$1",)


@pytest.mark.parametrize(
    "text", ["say the same words again please", "in the same voice", "what time is it", "she said the same as me"]
)
async def test_other_sentences_with_the_word_repeat_nothing(ask: Any, text: str) -> None:
    decision = await ask(text, MADE, OLD, history=BEFORE)
    assert [s.args.get("operation") for s in decision.steps if s.capability == "audio_editing"] == []


def test_a_plan_about_two_clips_is_not_turned_to_one() -> None:
    both = (Step("audio_editing", {"operation": "join", "audios": ("a.wav", "b.wav")}),)
    assert with_another(both, HORN) == ()
    one = (Step("speech_recognition", {"audio": "a.wav"}), Step("text_to_speech", {"text": "$1"}))
    assert [dict(s.args) for s in with_another(one, HORN)] == [{"audio": "horn.wav"}, {"text": "$1"}]
    assert with_another((Step("speech_recognition", {"audio": "horn.wav"}),), HORN) == ()


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("same video again but no captions on it", "no captions on it"),
        ("pareil mais son radio", "son radio"),
        ("about the cloud sentence, again but by a woman", "by a woman"),
        ("das gleiche, nur langsamer", "langsamer"),
        ("lo mismo pero más lento", "más lento"),
    ],
)
def test_what_is_to_be_otherwise_stands_behind_but(text: str, change: str) -> None:
    assert means_the_same(text)
    assert change_to_the_same(text) == change


VIDEO = Line("user", "make a vertical video of this", artifacts=("talk.mp3",))
TALK = clip("talk.mp3", duration_s=20.0)
SHOWN = clip("video.mp4", made="audiogram", parents=("talk.mp3",))

FRAMED = [
    ("same video again but no captions on it", {"shape": "vertical", "captions": False}),
    ("die untertitel weg", {"shape": "vertical", "captions": False}),
    ("字幕去掉", {"shape": "vertical", "captions": False}),
    ("sans sous-titres", {"shape": "vertical", "captions": False}),
    ("can it be square instead?", {"shape": "square"}),
    ("quadratisch bitte", {"shape": "square"}),
]


@pytest.mark.parametrize(("text", "args"), FRAMED)
async def test_a_sound_video_is_made_otherwise(ask: Any, text: str, args: dict[str, Any]) -> None:
    decision = await ask(text, SHOWN, TALK, history=(VIDEO, Line("bot", "Done.", artifacts=("video.mp4",))))
    assert [(s.capability, dict(s.args)) for s in decision.steps] == [("audiogram", {"audio": "talk.mp3", **args})]


def test_only_told_framing_is_taken() -> None:
    assert framing("make a video of this") == {}
    assert framing("a square one with captions") == {"shape": "square", "captions": True}
    assert framing("hochkant, ohne Untertitel") == {"shape": "vertical", "captions": False}
    assert framing("縦長で字幕なし") == {"shape": "vertical", "captions": False}
    assert framing("transcribe it as subtitles") == {}


async def test_a_cover_that_was_drawn_before_is_taken(ask: Any) -> None:
    tram = Item("tram.png", Kind.IMAGE, "tram.png", current=False, made="text_to_image", text="paint a yellow tram")
    decision = await ask("make a video of this clip with the tram as its cover", clip("a.mp3", current=True), tram)
    assert [dict(s.args) for s in decision.steps] == [{"audio": "a.mp3", "image": "tram.png"}]


@pytest.mark.parametrize(
    ("text", "voice"),
    [
        ('say "Mind the step" as a man', "male"),
        ('say "Mind the step" like an old lady', "female"),
        ("lies „Achtung Stufe“ als Frau vor", "female"),
        ("dis « attention » comme un homme", "male"),
    ],
)
async def test_a_voice_is_told_by_whose_it_is(ask: Any, text: str, voice: str) -> None:
    decision = await ask(text)
    assert [(s.capability, s.args.get("voice")) for s in decision.steps] == [("text_to_speech", voice)]


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        (
            "ok so for ep 12: take out the background noise, cut the long pauses and then make a video of it",
            ["speech_enhancement", "audio_editing", "audiogram"],
        ),
        (
            "Quita el ruido, sube el volumen 3 dB y luego transcríbelo",
            ["speech_enhancement", "audio_editing", "speech_recognition"],
        ),
    ],
)
async def test_lists_of_requests_lose_none(ask: Any, text: str, plan: list[str]) -> None:
    decision = await ask(text, clip("ep12.wav", current=True, duration_s=60.0))
    assert [s.capability for s in decision.steps] == plan


async def test_only_the_end_of_a_plan_is_done_again_where_only_that_changes(ask: Any) -> None:
    """Its denoised sound is there still: an hour of it is not denoised again for another shape of the video."""
    asked = Line("user", "take out the background noise and make a square video of it", artifacts=("ep.wav",))
    made = Item(
        "v.mp4", Kind.AUDIO, "v.mp4", current=False, made="audiogram", parents=("ep.wav",), given=("between.wav",)
    )
    history = (asked, Line("bot", "Done.", artifacts=("v.mp4",)))
    decision = await ask("can it be vertical instead?", made, clip("ep.wav", duration_s=60.0), history=history)
    assert [(s.capability, dict(s.args)) for s in decision.steps] == [
        ("audiogram", {"audio": "between.wav", "shape": "vertical"})
    ]


async def test_what_was_asked_before_is_about_what_there_was_then(ask: Any) -> None:
    """ "8, not 4" is said of the drum, and not of the loop that was made of it since."""
    drum, loop = clip("drum.wav", duration_s=2.0), clip("loop.wav", made="audio_editing", how="loop")
    history = (
        Line("user", "put this drum on a loop, 4 times", artifacts=("drum.wav",)),
        Line("bot", "Here it is.", artifacts=("loop.wav",)),
    )
    decision = await ask("no, make that 8", loop, drum, history=history)
    assert [(s.args["times"], tuple(s.args["audios"])) for s in decision.steps] == [(8, ("drum.wav",))]


async def test_a_wish_of_ones_own_about_ones_own_clip_is_no_repetition(ask: Any) -> None:
    mine = clip("mine.wav", mine=True, who="Ana", duration_s=3.0)
    history = (Line("user", "reverse it", artifacts=("sword.wav",)), DONE)
    decision = await ask("quita el ruido de la mía", MADE, OLD, mine, history=history)
    assert [s.capability for s in decision.steps] == ["speech_enhancement"]
    decision = await ask("translate this into the same language as before", HORN, MADE, OLD, history=history)
    assert "reverse" not in [s.args.get("operation") for s in decision.steps]
    decision = await ask("mine as well then", MADE, OLD, mine, history=history)
    assert [(s.args["operation"], tuple(s.args["audios"])) for s in decision.steps] == [("reverse", ("mine.wav",))]
