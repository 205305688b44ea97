"""One thing changed in a plan that was carried out, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from core import capabilities
from core.artifacts import Kind
from core.changes import Past, changed
from core.errors import BadInput
from core.plans import Step
from core.repeating import wished

KNOWN = {c.id: c for c in capabilities.BUILT_IN}
CLIP = "a" * 24
SOUND, TEXT = frozenset({Kind.AUDIO}), frozenset[Kind]()


def past(*steps: tuple[str, dict[str, Any]], facts: dict[str, Any] | None = None, seconds: float = 8.0) -> Past:
    made = tuple(Step(name, args, seed=7 + n, model=f"model-{n + 1}") for n, (name, args) in enumerate(steps))
    gave = tuple(SOUND if Kind.AUDIO in KNOWN[s.capability].gives and s.capability != "text_translation" else TEXT
                 for s in made)  # fmt: skip
    voices = {"model-1": ("heart", "kumo", "puck")}
    return Past(made, gave, ((facts or {}),) * len(made), (seconds,) * len(made), voices)


SAY = ("text_to_speech", {"text": "Good morning"})
MUSIC = ("text_to_music", {"description": "calm piano"})
HALL = ("audio_editing", {"operation": "reverb", "audios": ["$1"], "space": "hall"})


@pytest.mark.parametrize(
    ("plan", "words", "step", "args"),
    [
        (past(SAY), "slower", 0, {"speed": 0.8}),
        (past(("text_to_speech", {"text": "Hi", "speed": 0.8})), "faster", 0, {"speed": 1.0}),
        (past(SAY, HALL), "twice as fast", 0, {"speed": 2.0}),
        (past(SAY), "langsamer", 0, {"speed": 0.8}),
        (past(SAY), "in a woman's voice", 0, {"voice": "female"}),
        (past(SAY, facts={"voice": "kumo"}), "with a different voice", 0, {"voice": "puck"}),
        (past(SAY, facts={"voice": "puck"}), "mit einer anderen Stimme", 0, {"voice": "heart"}),
        (
            past(("text_translation", {"text": "Hi", "target_language": "de"})),
            "in French",
            0,
            {"target_language": "fr"},
        ),
        (past(MUSIC, seconds=20.0), "longer", 0, {"seconds": 30.0}),
        (past(MUSIC, seconds=30.0), "shorter", 0, {"seconds": 20.0}),
        (past(MUSIC), "20 seconds long", 0, {"seconds": 20.0}),
        (past(("text_to_audio", {"description": "rain", "seconds": 5.0})), "for one minute", 0, {"seconds": 60.0}),
        (past(MUSIC, facts={"tempo_bpm": 100.0}), "slower", 0, {"description": "calm piano, 80 bpm"}),
        (past(("text_to_sing", {"lyrics": "la"}), facts={"tempo_bpm": 100.0}), "slower", 0, {"tempo_bpm": 80.0}),
        (past(MUSIC), "with a cello", 0, {"description": "calm piano, with a cello"}),
    ],
)
def test_the_argument_that_is_meant_changes(plan: Past, words: str, step: int, args: dict[str, Any]) -> None:
    steps = changed(plan, words, KNOWN)
    assert steps is not None
    before = plan.steps[step]
    assert steps[step].args == {**before.args, **args}
    assert [s.seed for s in steps] == [s.seed for s in plan.steps], "chance plays the same again"
    assert [s.args for n, s in enumerate(steps) if n != step] == [s.args for n, s in enumerate(plan.steps) if n != step]


def test_an_edit_goes_behind_the_last_sound_and_what_was_made_of_that_is_made_of_it() -> None:
    plan = past(SAY, ("audiogram", {"audio": "$1", "captions": True}))
    steps = changed(plan, "but louder", KNOWN)
    assert steps is not None
    assert [s.capability for s in steps] == ["text_to_speech", "audio_editing", "audiogram"]
    assert (steps[1].args["operation"], steps[1].args["audios"]) == ("gain", ["$1"])
    assert steps[1].args["gain_db"] > 0
    assert steps[2].args == {"audio": "$2", "captions": True}


def test_an_edit_that_is_there_already_goes_on() -> None:
    plan = past(("audio_editing", {"operation": "speed", "audios": [CLIP], "factor": 1.5}))
    steps = changed(plan, "twice as fast", KNOWN)
    assert steps is not None
    assert [s.args for s in steps] == [{"operation": "speed", "audios": [CLIP], "factor": 3.0}]


def test_what_is_said_in_another_language_is_translated_first() -> None:
    steps = changed(past(SAY, HALL), "in French", KNOWN)
    assert steps is not None
    assert [(s.capability, s.args) for s in steps] == [
        ("text_translation", {"text": "Good morning", "target_language": "fr"}),
        ("text_to_speech", {"text": "$1", "language": "fr"}),
        ("audio_editing", {"operation": "reverb", "audios": ["$2"], "space": "hall"}),
    ]
    assert steps[1].model == "", "another voice may be needed"
    assert steps[2].model == "model-2"


def test_a_translation_that_is_said_changes_both() -> None:
    plan = past(
        ("text_translation", {"text": "Hi", "target_language": "de"}),
        ("text_to_speech", {"text": "$1", "language": "de"}),
    )
    steps = changed(plan, "in Spanish", KNOWN)
    assert steps is not None
    assert [s.args.get("target_language") or s.args.get("language") for s in steps] == ["es", "es"]


def test_several_things_change_at_once() -> None:
    steps = changed(past(SAY), "slower and in a man's voice", KNOWN)
    assert steps is not None
    assert steps[0].args == {"text": "Good morning", "speed": 0.8, "voice": "male"}


@pytest.mark.parametrize(
    ("words", "args"),
    [
        ("with the last 3 seconds louder", {"operation": "gain", "gain_db": 6.0, "start_s": 5.0}),
        ("slow down the first 2 seconds", {"operation": "speed", "factor": 0.8, "start_s": 0.0, "end_s": 2.0}),
        ("mute it from 2 to 4 seconds", {"operation": "mute", "start_s": 2.0, "end_s": 4.0}),
    ],
)
def test_a_change_of_a_stretch_is_put_behind(words: str, args: dict[str, Any]) -> None:
    louder = ("audio_editing", {"operation": "gain", "audios": ["$1"], "gain_db": 3.0})
    steps = changed(past(SAY, louder), words, KNOWN)
    assert steps is not None
    assert [s.args for s in steps[:2]] == [SAY[1], louder[1]]
    assert steps[2].args == {**args, "audios": ["$2"]}


@pytest.mark.parametrize(
    ("words", "args"),
    [
        ("in thirds", {"harmony": "thirds"}),
        ("as a choir, with a band", {"harmony": "choir", "backing": True}),
        ("in G minor", {"key": "G minor"}),
        ("at 80 bpm", {"tempo_bpm": 80.0}),
        ("als Chor", {"harmony": "choir"}),
    ],
)
def test_a_song_is_sung_in_another_manner(words: str, args: dict[str, Any]) -> None:
    song = ("text_to_sing", {"lyrics": "la la la", "voice": "male"})
    steps = changed(past(song, HALL), words, KNOWN)
    assert steps is not None
    assert [s.args for s in steps] == [{**song[1], **args}, HALL[1]]


def test_a_change_that_lacks_something_is_no_change() -> None:
    assert changed(past(("text_to_speech", {"text": "Hi"})), "mute it", KNOWN) is None


@pytest.mark.parametrize("words", ["another one", "different", "eine andere", "something else"])
def test_another_one_is_left_to_chance(words: str) -> None:
    steps = changed(past(MUSIC), words, KNOWN)
    assert steps is not None
    assert [(s.seed, s.args) for s in steps] == [(None, MUSIC[1])]


@pytest.mark.parametrize(
    ("plan", "words", "why"),
    [
        (past(("text_to_speech", {"text": "Hi", "speed": 0.5})), "slower", "cannot be slower"),
        (past(MUSIC), "in a woman's voice", "no voice"),
        (past(("audio_editing", {"operation": "reverb", "audios": [CLIP]})), "in French", "no words"),
        (past(SAY), "20 seconds long", "cut it"),
        (past(MUSIC), "3000 seconds long", "600 seconds"),
        (past(("image_captioning", {"image": CLIP})), "louder", "no sound"),
    ],
)
def test_what_cannot_change_is_refused_plainly(plan: Past, words: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        changed(plan, words, KNOWN)


def test_what_is_not_understood_changes_nothing() -> None:
    assert changed(past(SAY), "with more feeling", KNOWN) is None


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("again", ""),
        ("Again!", ""),
        ("again, slower", "slower"),
        ("again but louder", "louder"),
        ("Do it again, in French.", "in French"),
        ("the same, but longer", "longer"),
        ("once more with a different voice", "with a different voice"),
        ("Noch einmal, langsamer bitte", "langsamer bitte"),
        ("otra vez, más lento", "más lento"),
        ("try again, but slower", "slower"),
        ("réessaie, plus lentement", "plus lentement"),
        ("重试", ""),
        ("もう一度、ゆっくり", "ゆっくり"),
        ("another one", ""),
        ("Can you do another one, please?", ""),
        ("one more take", ""),
        ("another version, but slower", "slower"),
        ("a different one please", ""),
        ("noch eins", ""),
        ("eine andere Version", ""),
        ("encore un", ""),
        ("une autre version", ""),
        ("otra versión", ""),
        ("un'altra", ""),
        ("mais um", ""),
        ("ещё один", ""),
        ("换一个", ""),
        ("もう一つ", ""),
        ("jeszcze jeden", ""),
    ],
)
def test_the_words_that_ask_for_it_again(text: str, change: str) -> None:
    assert wished(text) == change


@pytest.mark.parametrize(
    "text",
    [
        "read this aloud again and again",
        "against all odds",
        "the same song in French",
        "",
        "another dog barks",
        "I have another question",
        "another file is coming",
        "the other one",
        "noch ein Hund",
        "otra canción",
        "new version",  # of the bot, of a song: said of what they have
    ],
)
def test_words_that_ask_for_something_else(text: str) -> None:
    assert wished(text) is None
