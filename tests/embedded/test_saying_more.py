"""A short message that says more exactly what was asked for, or what we asked back for."""

from __future__ import annotations

from typing import Any

import pytest

from core.artifacts import Kind
from core.errors import RefusalKind
from core.plans import Decision, Item, Line


def clip(name: str = "talk.wav", *, current: bool = True) -> Item:
    return Item(name, Kind.AUDIO, name, duration_s=12.0, current=current)


def plan(decision: Decision) -> list[tuple[str, dict[str, Any]]]:
    assert decision.refusal is None
    return [(s.capability, s.args) for s in decision.steps]


async def then(ask: Any, first: str, second: str, *, made: str = "", name: str = "talk.wav") -> Decision:
    """The plan for a message after another one, with which a clip came, except without a name."""
    before = await ask(first, *([clip(name)] if name else []))
    said = made or before.refusal.message
    history = (Line("user", first, artifacts=(name,) if name else ()), Line("bot", said))
    decision: Decision = await ask(second, *([clip(name, current=False)] if name else []), history=history)
    return decision


def trimmed(**args: float) -> list[tuple[str, dict[str, Any]]]:
    return [("audio_editing", {"operation": "trim", **args, "audios": ("talk.wav",)})]


@pytest.mark.parametrize(
    ("first", "second", "args"),
    [
        ("trim this", "from 2 to 4 seconds", {"start_s": 2.0, "end_s": 4.0}),
        ("trim this", "2 to 4", {"start_s": 2.0, "end_s": 4.0}),
        ("trim this", "0:02-0:04", {"start_s": 2.0, "end_s": 4.0}),
        ("trim this", "the last 5 seconds", {"start_s": 7.0}),
        ("trim this", "everything after 4 s", {"start_s": 4.0}),
        ("cut this please", "the first three seconds", {"start_s": 0.0, "end_s": 3.0}),
        ("Schneide das", "von 2 bis 4 Sekunden", {"start_s": 2.0, "end_s": 4.0}),
        ("coupe ça", "les trois premières secondes", {"start_s": 0.0, "end_s": 3.0}),
        ("corta esto", "de 2 a 4 segundos", {"start_s": 2.0, "end_s": 4.0}),
        ("taglia questo", "i primi tre secondi", {"start_s": 0.0, "end_s": 3.0}),
        ("обрежь это", "со 2 по 4 секунду", {"start_s": 2.0, "end_s": 4.0}),
        ("把这个剪一下", "从2秒到4秒", {"start_s": 2.0, "end_s": 4.0}),
    ],
)
async def test_the_times_that_we_asked_for_are_taken(ask: Any, first: str, second: str, args: dict[str, float]) -> None:
    assert plan(await then(ask, first, second)) == trimmed(**args)


async def test_what_is_to_go_is_asked_for_as_such(ask: Any) -> None:
    asked = await ask("cut something out", clip())
    assert "cut it out" in asked.refusal.message
    one, two, join = plan(await then(ask, "cut something out", "seconds 3 to 5"))
    assert [one, two] == [*trimmed(start_s=0.0, end_s=3.0), *trimmed(start_s=5.0)]
    assert join[1]["operation"] == "join"


@pytest.mark.parametrize("talk", ["never mind", "why?", "my boss is on holiday", "I ate three apples", "egal"])
async def test_talk_is_no_answer(ask: Any, talk: str) -> None:
    assert (await then(ask, "trim this", talk)).steps == ()


async def test_another_request_is_no_answer(ask: Any) -> None:
    ((capability, args),) = plan(await then(ask, "trim this", "make it louder"))
    assert (capability, args["operation"]) == ("audio_editing", "gain")
    ((capability, _),) = plan(await then(ask, "trim this", "what is said in it"))
    assert capability == "speech_recognition"


@pytest.mark.parametrize(
    ("first", "second", "args"),
    [
        ("change the speed", "twice as fast", {"operation": "speed", "factor": 2.0}),
        ("change the speed", "0.75x", {"operation": "speed", "factor": 0.75}),
        ("make it louder", "by 10 dB", {"operation": "gain", "gain_db": 10.0}),
        ("make it louder", "not so much", {"operation": "gain", "gain_db": 3.0}),
        ("change the pitch", "down 3 semitones", {"operation": "pitch", "semitones": -3.0}),
        ("pan this", "to the left, please", {"operation": "pan", "pan": -1.0}),
        ("loop this", "4 times", {"operation": "loop", "times": 4}),
        ("add an echo", "only a touch", {"operation": "echo", "amount": 0.15}),
    ],
)
async def test_how_much_is_said_afterwards(ask: Any, first: str, second: str, args: dict[str, Any]) -> None:
    decision = await then(ask, first, second, made="Here it is.")
    assert plan(decision) == [("audio_editing", {**args, "audios": ("talk.wav",)})]


@pytest.mark.parametrize("talk", ["nice", "I like it", "left it at home", "that sounds funny", "thanks!"])
@pytest.mark.parametrize("first", ["make it louder", "pan this", "change the speed"])
async def test_a_word_about_what_was_made_changes_nothing(ask: Any, first: str, talk: str) -> None:
    assert (await then(ask, first, talk, made="Here it is.")).steps == ()


@pytest.mark.parametrize("second", ["from 3 to 3.4 seconds", "3.0 - 3.4 s", "3 bis 3,4 Sekunden"])
async def test_the_stretch_to_mend_is_told_when_it_was_not_found(ask: Any, second: str) -> None:
    asked = "I hear no “cough” near 3.00 s, so I changed nothing. From when to when shall I fill?"
    decision = await then(ask, "Remove the cough at 3 seconds and fill it", second, made=asked)
    assert plan(decision) == [("audio_inpainting", {"audio": "talk.wav", "start_s": 3.0, "end_s": 3.4})]
    decision = await then(ask, "Remove the cough at 3 seconds and fill it", "I don't know", made=asked)
    assert decision.steps == ()


@pytest.mark.parametrize(
    ("first", "second", "step"),
    [
        ("make a sound", "rain on a roof", ("text_to_audio", {"description": "rain on a roof"})),
        ("make a sound effect for me", "thunder", ("text_to_audio", {"description": "thunder"})),
        ("make a sound", "of a train", ("text_to_audio", {"description": "train"})),
        ("draw something", "a cat on a mat", ("text_to_image", {"description": "cat on a mat"})),
        ("zeichne etwas", "eine Katze", ("text_to_image", {"description": "Katze"})),
        ("extract the sound", "the dog", ("sound_extraction", {"audio": "talk.wav", "target": "dog"})),
        (
            "translate this text into German",
            "the house is big",
            ("text_translation", {"text": "the house is big", "target_language": "de"}),
        ),
    ],
)
async def test_what_was_left_open_is_asked_for_and_taken(ask: Any, first: str, second: str, step: Any) -> None:
    about = "talk.wav" if "audio" in step[1] else ""
    assert plan(await then(ask, first, second, name=about)) == [step]


@pytest.mark.parametrize("first", ["make a sound", "draw something"])
@pytest.mark.parametrize("talk", ["Hm, I don't know yet", "ok", "you choose", "what do you have?"])
async def test_who_names_nothing_gets_nothing_made(ask: Any, first: str, talk: str) -> None:
    assert (await then(ask, first, talk, name="")).steps == ()


async def test_quoted_words_are_no_greeting(ask: Any) -> None:
    history = (Line("user", "make this picture talk", artifacts=("us.jpg",)), Line("bot", "What should it say?"))
    (step,) = plan(await ask('"hello there"', Item("us.jpg", Kind.IMAGE, "us.jpg", current=False), history=history))
    assert step == ("talking_head", {"image": "us.jpg", "text": "hello there"})


async def test_an_edit_of_what_lacks_its_input_is_asked_for(ask: Any) -> None:
    decision = await ask("change my voice, then trim the last 3 seconds", clip())
    assert decision.refusal is not None


BLUE, RED = clip("cover_blue.wav"), clip("cover_red.wav")


@pytest.mark.parametrize("words", ["the red one", "red", "das rote", "cover_red", "oh sorry, the red cover"])
async def test_one_is_picked_by_a_part_of_its_name(ask: Any, words: str) -> None:
    items = (clip("cover_blau.wav", current=False), clip("cover_rot.wav", current=False))
    if "red" in words:
        items = (clip("cover_blue.wav", current=False), clip("cover_red.wav", current=False))
    history = (Line("user", "reverse it", artifacts=tuple(i.id for i in items)), Line("bot", "Which one?"))
    (step,) = plan(await ask(words, *items, history=history))
    assert step[1]["audios"] == (items[1].id,)


async def test_a_part_that_both_have_picks_none(ask: Any) -> None:
    items = (clip("cover_blue.wav", current=False), clip("cover_red.wav", current=False))
    history = (Line("user", "reverse it", artifacts=tuple(i.id for i in items)), Line("bot", "Which one?"))
    assert (await ask("the cover", *items, history=history)).steps == ()


@pytest.mark.parametrize(
    ("text", "capability"),
    [
        ("clean both of these", "speech_enhancement"),
        ("nimm bei beiden das Rauschen raus", "speech_enhancement"),
        ("oczyść mi oba nagrania z szumu", "speech_enhancement"),
        ("reverse both", "audio_editing"),
        ("transcribe all of them", "speech_recognition"),
        ("transcris les deux", "speech_recognition"),
    ],
)
async def test_the_same_is_done_with_each(ask: Any, text: str, capability: str) -> None:
    steps = plan(await ask(text, BLUE, RED))
    assert [c for c, _ in steps] == [capability, capability]
    assert [args.get("audio") or args["audios"][0] for _, args in steps] == [BLUE.id, RED.id]


@pytest.mark.parametrize("text", ["join both", "mix both of these"])
async def test_what_takes_both_is_done_once(ask: Any, text: str) -> None:
    (step,) = plan(await ask(text, BLUE, RED))
    assert step[1]["audios"] == (BLUE.id, RED.id)


@pytest.mark.parametrize("text", ["clean it", "reverse it"])
async def test_without_such_a_word_it_is_asked_which(ask: Any, text: str) -> None:
    decision = await ask(text, BLUE, RED)
    assert decision.refusal.kind is RefusalKind.AMBIGUOUS


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("reverse the longer of these two", "long.wav"),
        ("reverse the short one", "brief.wav"),
        ("clean the longest clip", "long.wav"),
    ],
)
async def test_one_of_several_is_named_by_its_length(ask: Any, text: str, name: str) -> None:
    items = (
        Item("brief.wav", Kind.AUDIO, "b.wav", duration_s=5.0),
        Item("long.wav", Kind.AUDIO, "l.wav", duration_s=9.0),
    )
    (step,) = plan(await ask(text, *items))
    assert name in (step[1].get("audio"), *step[1].get("audios", ()))


async def test_to_make_it_longer_names_none(ask: Any) -> None:
    items = (
        Item("brief.wav", Kind.AUDIO, "b.wav", duration_s=5.0),
        Item("long.wav", Kind.AUDIO, "l.wav", duration_s=9.0),
    )
    assert (await ask("shorten it to 3 seconds", *items)).refusal.kind is RefusalKind.AMBIGUOUS


async def rounds(ask: Any, *texts: str) -> Decision:
    """The plan for the last of several messages about one clip, each answered."""
    history: tuple[Line, ...] = ()
    decision: Decision | None = None
    for number, text in enumerate(texts):
        decision = await ask(text, clip(current=number == 0), history=history)
        said = decision.refusal.message if decision.refusal else "Here it is."
        history = (*history, Line("user", text, artifacts=() if number else ("talk.wav",)), Line("bot", said))
    assert decision is not None
    return decision


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        (("cut it from 2 to 8 seconds", "ugh sorry till 10"), {"operation": "trim", "start_s": 2.0, "end_s": 10.0}),
        (("trim this", "from 2 to 8 seconds", "sorry, till 10"), {"operation": "trim", "start_s": 2.0, "end_s": 10.0}),
        (("keep the first 5 seconds", "no, 7"), {"operation": "trim", "start_s": 0.0, "end_s": 7.0}),
        (("pitch it down 2 semitones", "make that three, my voice is shot"), {"semitones": -3.0}),
        (("pitch it down 2 semitones", "make that three", "no, 5"), {"semitones": -5.0}),
        (("zwei Halbtöne tiefer", "nein, drei"), {"semitones": -3.0}),
        (("due semitoni più in alto", "no scusa, tre"), {"semitones": 3.0}),
        (("pitch it down 2 semitones", "no, 2 up"), {"semitones": 2.0}),
        (("pan it to the left", "no, the other side"), {"operation": "pan", "pan": 1.0}),
        (("passe-le à gauche", "non, de l'autre côté"), {"operation": "pan", "pan": 1.0}),
        (("loop it 3 times", "wait, 4"), {"operation": "loop", "times": 4}),
        (("fade out over 2 seconds", "oops, 5 seconds"), {"operation": "fade", "fade_out_s": 5.0}),
        (("make it 4 dB louder", "umgekehrt"), {"operation": "gain", "gain_db": -4.0}),
    ],
)
async def test_a_number_or_a_side_is_corrected(ask: Any, texts: tuple[str, ...], wanted: dict[str, Any]) -> None:
    (step,) = plan(await rounds(ask, *texts))
    assert step[0] == "audio_editing"
    assert {name: step[1].get(name) for name in wanted} == wanted
    assert step[1]["audios"] == ("talk.wav",), "not what was made of it"


async def test_another_request_that_begins_with_no_is_none_of_it(ask: Any) -> None:
    texts = ("pitch it down 2 semitones", "no, compose me 3 minutes of calm jazz instead please")
    (step,) = plan(await rounds(ask, *texts))
    assert step[0] == "text_to_music"
    assert (await rounds(ask, "pitch it down 2 semitones", "no, wait 5 minutes")).steps == ()


async def test_a_movement_is_turned_round(ask: Any) -> None:
    (step,) = plan(await rounds(ask, "make it move from left to right around me", "andersom"))
    assert step == ("mono_to_binaural", {"audio": "talk.wav", "motion": "right_to_left"})


async def test_clips_are_joined_the_other_way_round(ask: Any) -> None:
    both = (clip("one.wav"), clip("two.wav"))
    history = (Line("user", "join these", artifacts=("one.wav", "two.wav")), Line("bot", "Here it is."))
    earlier = (clip("one.wav", current=False), clip("two.wav", current=False))
    (was,) = plan(await ask("join these", *both))
    (step,) = plan(await ask("no, the other way round", *earlier, history=history))
    assert step[1]["audios"] == tuple(reversed(was[1]["audios"]))


@pytest.mark.parametrize("talk", ["no, I ate three apples and 2 pears", "sorry, I was away", "no way!", "wait what"])
async def test_talk_corrects_nothing(ask: Any, talk: str) -> None:
    assert (await rounds(ask, "pitch it down 2 semitones", talk)).steps == ()


@pytest.mark.parametrize(
    ("before", "said", "expected"),
    [
        ("sing happy birthday dear lola", "as a choir omg please", {"harmony": "choir"}),
        ("sing happy birthday dear lola", "in a man's voice", {"voice": "male"}),
        ("say good morning everyone", "in a man's voice", {"text": "good morning everyone", "voice": "male"}),
        ("sing happy birthday dear lola", "but with a band", {"backing": True}),
        ("compose a calm piano piece, 20 seconds", "in D minor", {"description": "calm piano piece, in D minor"}),
        ("compose a calm piano piece, 20 seconds", "with a cello", {"description": "calm piano piece, with a cello"}),
        ("sing happy birthday dear lola", "als Chor", {"harmony": "choir"}),
    ],
)
async def test_a_fragment_changes_what_was_made(ask: Any, before: str, said: str, expected: dict[str, Any]) -> None:
    (first,) = (await ask(before)).steps
    (step,) = (await ask(said, history=(Line("user", before), Line("bot", "Here it is.")))).steps
    assert step.capability == first.capability
    assert step.args == {**first.args, **expected}


@pytest.mark.parametrize(
    "said", ["what a lovely man's voice", "it's a bit sad", "for my brother", "nice one", "in a minute"]
)
async def test_a_remark_changes_nothing(ask: Any, said: str) -> None:
    history = (Line("user", "sing happy birthday dear lola"), Line("bot", "Here it is."))
    assert (await ask(said, history=history)).steps == ()
