"""What a model asks, and how people answer it."""

from __future__ import annotations

from typing import Any

import pytest

from core import sayings
from core.artifacts import Kind
from core.embedded.languages import languages
from core.languages import NAMES
from core.models.speech._transcript import unsure_language
from core.plans import Decision, Item, Line
from core.wording import worded


def question(tongue: str = "en") -> str:
    """As we ask it of a clip that may be Croatian or Italian."""
    return worded(unsure_language([("hr", 0.36), ("it", 0.3)]).refusal, tongue).message


def conversation(request: str, asked: str, *attached: str) -> tuple[Line, ...]:
    return Line("user", request, artifacts=attached or ("note.ogg",)), Line("bot", asked)


def clip(name: str = "note.ogg", *, current: bool = False) -> Item:
    return Item(name, Kind.AUDIO, name, duration_s=2.0, current=current)


def plan(decision: Decision) -> list[tuple[str, dict[str, Any]]]:
    assert decision.refusal is None
    return [(s.capability, s.args) for s in decision.steps]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("Italian", "it"),
        ("it's Italian", "it"),
        ("It is in Italian.", "it"),
        ("from Italian", "it"),
        ("Croatian I think", "hr"),
        ("the second one", "it"),
        ("the first", "hr"),
        ("Serbian, not Croatian", "sr"),
        ("not Croatian, Serbian", "sr"),
        ("no, it's Swahili", "sw"),
        ("none of these, that was Welsh", "cy"),
    ],
)
async def test_the_language_is_taken_from_the_answer(ask: Any, answer: str, code: str) -> None:
    history = conversation("What is said here?", f"{question()}\n\nNo language model is connected.")
    decision = await ask(answer, clip(), history=history)
    assert plan(decision) == [("speech_recognition", {"audio": "note.ogg", "language": code})]


@pytest.mark.parametrize(
    ("tongue", "request_", "answer", "code"),
    [
        ("de", "Was wird hier gesagt?", "das ist Kroatisch", "hr"),
        ("de", "Was wird hier gesagt?", "aus dem Italienischen", "it"),
        ("fr", "Qu'est-ce qui est dit ici ?", "c'est de l'italien", "it"),
        ("es", "¿Qué se dice aquí?", "es croata", "hr"),
        ("it", "Cosa si dice qui?", "è italiano", "it"),
        ("pt", "O que ele diz aqui?", "é o segundo", "it"),
        ("ru", "Что здесь говорят?", "это по-итальянски", "it"),
        ("zh", "这里说了什么？", "克罗地亚语", "hr"),
        ("ja", "ここで何と言っていますか？", "イタリア語です", "it"),
    ],
)
async def test_the_question_is_known_in_every_language(
    ask: Any, tongue: str, request_: str, answer: str, code: str
) -> None:
    decision = await ask(answer, clip(), history=conversation(request_, question(tongue)))
    assert plan(decision) == [("speech_recognition", {"audio": "note.ogg", "language": code})]


async def test_a_file_that_came_without_words_is_recognised_in_it(ask: Any) -> None:
    decision = await ask("Italian", clip(), history=conversation("", question()))
    assert plan(decision) == [("speech_recognition", {"audio": "note.ogg", "language": "it"})]


async def test_the_rest_of_the_request_stays(ask: Any) -> None:
    history = conversation("Make subtitles for this", question())
    (step,) = plan(await ask("Italian", clip(), history=history))
    assert step == ("speech_recognition", {"audio": "note.ogg", "format": "srt", "language": "it"})
    history = conversation("Translate what he says into German", question())
    (step,) = plan(await ask("it's Italian", clip(), history=history))
    assert step == ("speech_translation", {"audio": "note.ogg", "target_language": "de", "source_language": "it"})


async def test_a_text_of_an_unsure_language(ask: Any) -> None:
    said = sayings.saying("language_unsure_text")
    history = (Line("user", 'Translate "no no no" into German'), Line("bot", said))
    (step,) = plan(await ask("from Spanish", history=history))
    assert step == (
        "text_translation",
        {"text": "no no no", "target_language": "de", "source_language": "es"},
    )


async def test_a_request_of_its_own_is_no_answer(ask: Any) -> None:
    history = conversation("What is said here?", question())
    (step,) = plan(await ask("Never mind that, say “buona notte” in Italian", clip(), history=history))
    assert step[0] == "text_to_speech"
    (step,) = plan(await ask("Italian", clip("other.ogg", current=True), history=history))
    assert step[1]["audio"] == "other.ogg"


async def test_nobody_asked(ask: Any) -> None:
    history = conversation("What is said here?", "Sixteen.")
    decision = await ask("it's Italian", clip(), history=history)
    assert "language" not in dict(decision.steps[0].args if decision.steps else {})


async def test_who_does_not_know_either_names_none(ask: Any) -> None:
    decision = await ask("no idea", clip(), history=conversation("What is said here?", question()))
    assert decision.steps == ()


@pytest.mark.parametrize("tongue", sayings.LANGUAGES)
def test_what_languages_are_called_is_understood(tongue: str) -> None:
    terms = {code: sayings.language(tongue).term(name) for code, name in NAMES.items()}
    assert {code: [c for c, _ in languages(f"– {name}!")] for code, name in terms.items()} == {c: [c] for c in terms}
    if tongue != sayings.SOURCE:
        assert set(NAMES.values()) <= set(sayings.language(tongue).terms)


@pytest.mark.parametrize("asked", ["face_which", "face_unknown"])
@pytest.mark.parametrize(
    ("words", "face"),
    [
        ("the second", "second"),
        ("the left one", "left"),
        ("second from the right, please", "second from the right"),
        ("the biggest one", "largest"),
        ("das mittlere", "middle"),
        ("celui de gauche", "left"),
        ("el de la derecha", "right"),
        ("вторая слева", "second from the left"),
        ("右边的那个", "right"),
    ],
)
async def test_the_face_that_shall_talk_is_picked(ask: Any, asked: str, words: str, face: str) -> None:
    places = {"count": 3, "places": "left, middle or right"} if asked == "face_which" else {"places": "left or right"}
    history = (
        Line("user", "Make this picture say hello to everyone", artifacts=("us.jpg",)),
        Line("bot", sayings.saying(asked, **places)),
    )
    (step,) = plan(await ask(words, Item("us.jpg", Kind.IMAGE, "us.jpg", current=False), history=history))
    assert step == ("talking_head", {"image": "us.jpg", "text": "hello to everyone", "face": face})


@pytest.mark.parametrize("asked", ["picture_soundless", "picture_unclear"])
async def test_the_sounds_of_a_picture_are_told(ask: Any, asked: str) -> None:
    places = {"thing": "an accordion"} if asked == "picture_soundless" else {}
    said = Line("bot", sayings.saying(asked, **places))
    history = (Line("user", "What would this sound like?", artifacts=("it.jpg",)), said)
    picture = Item("it.jpg", Kind.IMAGE, "it.jpg", current=False)
    made = [("text_to_audio", {"description": "rain and distant thunder"})]
    assert plan(await ask("rain and distant thunder", picture, history=history)) == made
    assert (await ask("I don't know", picture, history=history)).steps == ()
