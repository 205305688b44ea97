"""Messages that leave something unsaid take it from the messages before, and those that do not, do not."""

from __future__ import annotations

from typing import Any

import pytest

from core.artifacts import Kind
from core.errors import RefusalKind
from core.plans import Decision, Item, Line


def clip(name: str, *, current: bool = True, **more: Any) -> Item:
    return Item(name, Kind.AUDIO, name, duration_s=12.0, current=current, **more)


def picture(name: str, *, current: bool = True) -> Item:
    return Item(name, Kind.IMAGE, name, current=current)


def asked(text: str, *attached: str) -> Line:
    return Line("user", text, artifacts=attached)


def answered(text: str, *made: str) -> Line:
    return Line("bot", text, artifacts=made)


def plan(decision: Decision) -> list[tuple[str, dict[str, Any]]]:
    assert decision.refusal is None
    return [(s.capability, s.args) for s in decision.steps]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("transcribe this", "and this one?"),
        ("transcribe this", "mine too please"),
        ("Transkribiere diese Aufnahme", "und diese auch"),
        ("transcris cet enregistrement", "et celui-ci ?"),
        ("transcribe este audio", "y este también"),
        ("把这段录音转成文字", "这个也要"),
    ],
)
async def test_the_same_is_done_with_what_is_attached_next(ask: Any, before: str, now: str) -> None:
    history = (asked(before, "monday.ogg"), answered("We open at ten."))
    decision = await ask(now, clip("tuesday.ogg"), clip("monday.ogg", current=False), history=history)
    assert plan(decision) == [("speech_recognition", {"audio": "tuesday.ogg"})]


async def test_a_whole_request_is_repeated_with_its_numbers(ask: Any) -> None:
    history = (asked("make this louder by 5 dB", "left.wav"), answered("Here it is: louder.", "out"))
    decision = await ask("the same for right.wav", clip("right.wav"), clip("left.wav", current=False), history=history)
    gain = {"operation": "gain", "gain_db": 5.0, "audios": ("right.wav",)}
    assert plan(decision) == [("audio_editing", gain)]


@pytest.mark.parametrize("now", ["and the other, barn.jpg?", "and now barn.jpg", "und barn.jpg?"])
async def test_a_named_file_is_enough(ask: Any, now: str) -> None:
    items = (picture("mill.jpg", current=False), picture("barn.jpg", current=False))
    history = (asked("describe mill.jpg", "mill.jpg", "barn.jpg"), answered("An old mill."))
    assert plan(await ask(now, *items, history=history)) == [("image_captioning", {"image": "barn.jpg"})]


@pytest.mark.parametrize(("now", "code"), [("and in Dutch?", "nl"), ("now into Polish please", "pl")])
async def test_a_named_language_is_enough(ask: Any, now: str, code: str) -> None:
    history = (asked('translate "the barn is red" into Greek'), answered("Ο αχυρώνας είναι κόκκινος"))
    args = {"text": "the barn is red", "target_language": code}
    assert plan(await ask(now, history=history)) == [("text_translation", args)]


async def test_a_named_thing_is_enough(ask: Any) -> None:
    history = (asked("isolate the violin", "trio.wav"), answered("Here it is.", "violin"))
    decision = await ask("and the cello", clip("trio.wav", current=False), history=history)
    assert plan(decision) == [("sound_extraction", {"audio": "trio.wav", "target": "cello"})]


@pytest.mark.parametrize("talk", ["and you?", "how about you", "and what about your holidays?", "now I am tired"])
async def test_small_talk_goes_on_with_nothing(ask: Any, talk: str) -> None:
    history = (asked("draw a barn"), answered("Here is the picture.", "barn"))
    decision = await ask(talk, picture("barn", current=False), history=history)
    assert (decision.steps, decision.refusal) == ((), None)


@pytest.mark.parametrize("words", ["", "here it is", "sorry, forgot the file", "voilà"])
async def test_what_was_missing_is_taken_when_it_comes(ask: Any, words: str) -> None:
    history = (asked("reverse this"), answered("To edit audio I need an audio recording."))
    decision = await ask(words, clip("late.wav"), history=history)
    assert plan(decision) == [("audio_editing", {"operation": "reverse", "audios": ("late.wav",)})]


@pytest.mark.parametrize("words", ["south.ogg", "the second one"])
async def test_one_of_several_is_picked(ask: Any, words: str) -> None:
    items = (clip("north.ogg", current=False), clip("south.ogg", current=False))
    history = (asked("transcribe it", "north.ogg", "south.ogg"), answered("Which one?"))
    assert plan(await ask(words, *items, history=history)) == [("speech_recognition", {"audio": "south.ogg"})]


async def test_words_that_were_missing_are_taken(ask: Any) -> None:
    history = (asked("make this face talk", "queen.jpg"), answered("What should the portrait say?"))
    decision = await ask('say "the crown is heavy"', picture("queen.jpg", current=False), history=history)
    assert plan(decision) == [("talking_head", {"image": "queen.jpg", "text": "the crown is heavy"})]


@pytest.mark.parametrize("before", ["read it aloud", "transcribe this"])
@pytest.mark.parametrize("words", ["never mind", "why?", "egal", "I am so tired today", "my boss is on holiday"])
async def test_who_just_talks_on_is_not_spoken(ask: Any, before: str, words: str) -> None:
    history = (asked(before), answered("What should I say?"))
    assert (await ask(words, history=history)).steps == ()


@pytest.mark.parametrize(
    "text", ["transcribe choir.mp3", "reverse choir.flac", "translate choir.m4a into English", "describe choir.png"]
)
async def test_no_other_file_is_taken_for_one_that_is_not_there(ask: Any, text: str) -> None:
    decision = await ask(text, clip("organ.wav", current=False), picture("organ.jpg", current=False))
    assert decision.refusal.kind is RefusalKind.MISSING_INPUT
    assert "choir." in decision.refusal.message


async def test_a_file_is_known_by_its_name_however_it_is_spelled(ask: Any) -> None:
    decision = await ask("transcribe town_hall.m4a", clip("Town Hall.m4a", current=False))
    assert plan(decision) == [("speech_recognition", {"audio": "Town Hall.m4a"})]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("make the hail quieter", "hail"),
        ("reverse the owl", "owl"),
        ("mach den Hagel leiser", "hagel"),
        ("ralentis la pluie", "pluie"),
    ],
)
async def test_what_was_made_is_meant_by_what_is_in_it(ask: Any, text: str, meant: str) -> None:
    made = {"hail": "the sound of hail", "owl": "an owl", "hagel": "Hagel auf dem Dach", "pluie": "la pluie"}
    items = [clip(n, current=False, made="text_to_audio", mine=True, text=said) for n, said in made.items()]
    ((capability, args),) = plan(await ask(text, *items))
    assert (capability, args["audios"]) == ("audio_editing", (meant,))


@pytest.mark.parametrize("text", ["read this out to the whole class", "lies das bitte allen vor", "léelo para todos"])
async def test_what_is_answered_is_read_aloud(ask: Any, text: str) -> None:
    ((capability, args),) = plan(await ask(text, quoted="The museum is closed today."))
    assert (capability, args["text"]) == ("text_to_speech", "The museum is closed today.")
