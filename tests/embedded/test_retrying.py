"""Messages that go back: once more, the other one, the original, something else instead."""

from __future__ import annotations

from typing import Any

import pytest

from core.artifacts import Kind
from core.embedded.retrying import asks_again
from core.errors import RefusalKind
from core.plans import Item, Line

FAILED = Line("bot", "That did not work this time. Please try again, or with another file.")


def clip(name: str, *, current: bool = False, **more: Any) -> Item:
    return Item(name, Kind.AUDIO, name, current=current, **more)


def asked(text: str, *artifacts: str) -> Line:
    return Line("user", text, artifacts=artifacts)


def plan(decision: Any) -> list[tuple[str, dict[str, Any]]]:
    return [(step.capability, dict(step.args)) for step in decision.steps]


AGAIN = [
    "try that again",
    "hm, again please",
    "one more time",
    "versuch es bitte noch einmal",
    "probier's nochmal",
    "réessaie s'il te plaît",
    "encore une fois",
    "prueba otra vez",
    "de nuevo, por favor",
    "riprova",
    "ancora una volta, per favore",
    "tenta de novo",
    "outra vez",
    "попробуй ещё раз",
    "重试",
    "请再来一次",
    "もう一度お願いします",
    "nog een keer",
]


@pytest.mark.parametrize("text", AGAIN)
async def test_what_failed_is_done_once_more(ask: Any, text: str) -> None:
    first = await ask("draw a lighthouse at night")
    again = await ask(text, history=(asked("draw a lighthouse at night"), FAILED))
    assert plan(again) == plan(first) != []
    twice = (asked("draw a lighthouse at night"), FAILED, asked("again"), FAILED)
    assert plan(await ask(text, history=twice)) == plan(first)


@pytest.mark.parametrize(
    "text",
    ["again and again I think of home", "I try to be kind", "noch einmal Urlaub wäre schön", "otra vez lunes", "more"],
)
def test_other_words_with_again_in_them_ask_for_nothing_again(text: str) -> None:
    assert not asks_again(text)


async def test_again_without_anything_before_asks_for_nothing(ask: Any) -> None:
    assert (await ask("try again")).steps == ()


@pytest.mark.parametrize(
    "text", ["and the other one?", "und die andere?", "et l'autre ?", "y la otra?", "e l'altra?", "а другую?"]
)
async def test_the_other_of_two_is_taken(ask: Any, text: str) -> None:
    items = (clip("east.ogg"), clip("west.ogg"))
    history = (asked("transcribe west.ogg", "east.ogg", "west.ogg"), Line("bot", "The tide is in."))
    assert plan(await ask(text, *items, history=history)) == [("speech_recognition", {"audio": "east.ogg"})]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("the shorter one", "short.ogg"),
        ("the long one", "tall.ogg"),
        ("die kürzere", "short.ogg"),
        ("长的", "tall.ogg"),
    ],
)
async def test_one_is_picked_by_its_length(ask: Any, text: str, name: str) -> None:
    items = (clip("short.ogg", duration_s=3.0), clip("tall.ogg", duration_s=40.0))
    history = (asked("transcribe it", "short.ogg", "tall.ogg"), Line("bot", "Which one?"))
    assert plan(await ask(text, *items, history=history)) == [("speech_recognition", {"audio": name})]


@pytest.mark.parametrize(
    "text", ["make the original louder", "mach das Original lauter", "mets l'original plus fort", "把原来的调大声"]
)
async def test_the_original_is_what_was_sent(ask: Any, text: str) -> None:
    items = (clip("made.wav", made="audio_editing"), clip("sent.wav", mine=True))
    (step,) = (await ask(text, *items)).steps
    assert step.args["audios"] == ("sent.wav",)


async def test_what_was_meant_is_done_to_what_was_sent(ask: Any) -> None:
    items = (clip("cut.wav", made="audio_editing", duration_s=5.0), clip("talk.wav", duration_s=60.0, mine=True))
    history = (asked("keep 4 to 9 seconds", "talk.wav"), Line("bot", "Done.", artifacts=("cut.wav",)))
    (step,) = (await ask("sorry, i meant keep 3 to 9 seconds", *items, history=history)).steps
    assert (step.args["start_s"], step.args["end_s"], step.args["audios"]) == (3.0, 9.0, ("talk.wav",))


async def test_who_would_rather_have_something_else_in_life_changes_no_request(ask: Any) -> None:
    history = (asked("reverse this", "talk.wav"), Line("bot", "Done."))
    assert (await ask("my sister would like tea instead", clip("talk.wav"), history=history)).steps == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('sing "the moon is low" with a man\'s voice', "male"),
        ('zing "happy new year" met een mannenstem', "male"),
        ('canta "la luna è bassa" con voce maschile', "male"),
        ('sing "the moon is low"', None),
    ],
)
async def test_songs_have_the_voice_that_is_asked_for(ask: Any, text: str, expected: str | None) -> None:
    (step,) = (await ask(text)).steps
    assert step.args.get("voice") == expected


async def test_the_bots_own_voice_is_nobodys(ask: Any) -> None:
    (step,) = (await ask('say "good night" in your normal voice', clip("me.ogg", own=True))).steps
    assert step.capability == "text_to_speech"


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("slow it to 0.6", {"operation": "speed", "factor": 0.6}),
        ("speed it up to 1.4", {"operation": "speed", "factor": 1.4}),
        ("bájalo 3 db", {"operation": "gain", "gain_db": -3.0}),
    ],
)
async def test_amounts_of_edits(ask: Any, text: str, args: dict[str, Any]) -> None:
    (step,) = (await ask(text, clip("a.wav", current=True))).steps
    assert dict(step.args) == {**args, "audios": ("a.wav",)}


async def test_the_same_text_is_what_was_said_last(ask: Any) -> None:
    history = (asked("write down what she says", "a.wav"), Line("bot", "The kettle is on."))
    (step,) = (await ask("now the same text in french", clip("a.wav"), history=history)).steps
    assert (step.capability, step.args["text"]) == ("text_translation", "The kettle is on.")


@pytest.mark.parametrize(
    ("text", "capability"),
    [
        ("ok, just the clean-up then", "speech_enhancement"),
        ("só a transcrição então", "speech_recognition"),
        ("dann nur der text davon", "speech_recognition"),
    ],
)
async def test_what_alone_is_wanted_is_about_what_was_asked_about(ask: Any, text: str, capability: str) -> None:
    history = (asked("clean up the noise and transcribe it", "talk.wav"), FAILED)
    (step,) = (await ask(text, clip("talk.wav"), history=history)).steps
    assert (step.capability, step.args["audio"]) == (capability, "talk.wav")


async def test_what_was_done_to_a_piece_tells_which_one_is_meant(ask: Any) -> None:
    cleaned = clip("clean.wav", made="speech_enhancement", mine=True)
    (step,) = (await ask("and the cleaned one, fade it in over 2 seconds", clip("porch.wav", mine=True), cleaned)).steps
    assert dict(step.args) == {"operation": "fade", "fade_in_s": 2.0, "audios": ("clean.wav",)}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("glue these together, the short one first", "jingle.mp3"),
        ("join them starting with main.mp3", "main.mp3"),
        ("join these, jingle first", "jingle.mp3"),
        ("füge die beiden zusammen, die kurze zuerst", "jingle.mp3"),
        ("join these two", "main.mp3"),
    ],
)
async def test_what_comes_first_is_said(ask: Any, text: str, first: str) -> None:
    clips = clip("main.mp3", current=True, duration_s=90.0), clip("jingle.mp3", current=True, duration_s=5.0)
    (step,) = (await ask(text, *clips)).steps
    assert (step.args["operation"], step.args["audios"][0], len(step.args["audios"])) == ("join", first, 2)


async def test_a_place_that_nothing_has_is_not_taken_for_another(ask: Any) -> None:
    decision = await ask("now reverse the fifth recording", clip("solo.wav"))
    assert decision.refusal.kind is RefusalKind.MISSING_INPUT


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("cut it after 10 seconds", {"start_s": 0.0, "end_s": 10.0}),
        ("coupe ça après 10 secondes", {"start_s": 0.0, "end_s": 10.0}),
        ("keep everything after 10 seconds", {"start_s": 10.0}),
        ("keep only what comes after the first minute", {"start_s": 60.0}),
        ("get rid of all that comes after the first 40 seconds", {"start_s": 0.0, "end_s": 40.0}),
    ],
)
async def test_where_a_clip_ends(ask: Any, text: str, args: dict[str, float]) -> None:
    (step,) = (await ask(text, clip("a.wav", current=True, duration_s=300.0))).steps
    assert dict(step.args) == {"operation": "trim", **args, "audios": ("a.wav",)}
