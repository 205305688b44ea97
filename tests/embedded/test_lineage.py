"""Earlier clips by how they came to be: "the backwards one", "before the echo", "the other one"."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.artifacts import Kind
from core.embedded.lineage import root, settled_by_lineage, the_other
from core.embedded.lineage_words import HOW
from core.errors import RefusalKind
from core.plans import Item, Line, Request

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def clip(name: str, minute: int, *parents: str, **more: Any) -> Item:
    return Item(name, Kind.AUDIO, name, current=False, at=NOON + timedelta(minutes=minute), parents=parents, **more)


SENT = clip("harp.wav", 0, duration_s=20.0, text="here is my harp")
BACK = clip("back.wav", 1, "harp.wav", made="audio_editing", how="reverse")
SLOW = clip("slow.wav", 2, "back.wav", made="audio_editing", how="speed-")
WET = clip("wet.wav", 3, "slow.wav", made="audio_editing", how="reverb")
CLEAN = clip("clean.wav", 4, "harp.wav", made="speech_enhancement")
ITEMS = (CLEAN, WET, SLOW, BACK, SENT)

CALLED = [
    ("the backwards one, fade it in over 2 seconds", "back.wav"),
    ("make the reversed version 3 dB louder", "back.wav"),
    ("mach die umgedrehte Version 3 dB lauter", "back.wav"),
    ("monte la version inversée de 3 dB", "back.wav"),
    ("fade out the slow one", "slow.wav"),
    ("die langsame bitte 4 dB leiser", "slow.wav"),
    ("loop the slowed-down clip 3 times", "slow.wav"),
    ("the cleaned one, trim it to the first 4 seconds", "clean.wav"),
    ("die entrauschte Aufnahme bitte auf die ersten 4 Sekunden kürzen", "clean.wav"),
    ("reverse the one before the reverb", "slow.wav"),
    ("my quiet original, reverse that", "harp.wav"),
    ("loop the harp from the very start 3 times", "harp.wav"),
]


@pytest.mark.parametrize(("text", "name"), CALLED)
async def test_a_clip_is_called_by_what_was_done_to_it(ask: Any, text: str, name: str) -> None:
    decision = await ask(text, *ITEMS, history=(Line("user", "here is my harp"), Line("bot", "Done.")))
    assert [step.capability for step in decision.steps] == ["audio_editing"], decision
    assert tuple(decision.steps[0].args["audios"]) == (name,)


@pytest.mark.parametrize("how", sorted(HOW))
def test_every_edit_can_be_named(how: str) -> None:
    """No pattern of the table is dead: each knows the word for its own edit in English."""
    words = {
        "speed-": "slow", "speed+": "fast", "gain+": "louder", "gain-": "quieter", "pitch+": "higher",
        "pitch-": "lower", "reverse": "reversed", "trim": "trimmed", "loop": "looped", "fade": "faded", "reverb": "wet",
        "echo": "echoing",
        "equalise": "telephone", "normalise": "normalised", "join": "joined", "mix": "mixed", "bleep": "bleeped",
        "remove_silence": "tightened", "mute": "muted", "speech_enhancement": "cleaned", "sound_extraction": "cleaned",
        "mono_to_binaural": "3d",
    }  # fmt: skip
    found = HOW[how].search(f"take the {words[how]} version and send it")
    assert found is not None and found[0] == f"the {words[how]} version"
    assert HOW[how].search("say hello to the people in the hall tonight and wait") is None


def test_words_for_an_edit_are_left_where_nothing_was_made_so() -> None:
    request = Request("fade out the slow part", (SENT,))
    assert settled_by_lineage(request) == (request, None)


async def test_two_of_a_kind_are_joined_in_the_order_that_is_said(ask: Any) -> None:
    horn = clip("horn.wav", 5, text="this war horn")
    dark = [
        clip("b.wav", 6, "horn.wav", made="audio_editing", how="pitch-", text="the same for this war horn"),
        horn,
        clip("a.wav", 2, "sword.wav", made="audio_editing", how="pitch-", text="drop it an octave"),
        clip("sword.wav", 0, text="sword clash"),
    ]
    decision = await ask("stitch the two dark versions together, horn first", *dark)
    assert [(s.capability, s.args["operation"], tuple(s.args["audios"])) for s in decision.steps] == [
        ("audio_editing", "join", ("b.wav", "a.wav"))
    ]


async def test_what_is_attached_goes_with_one_that_is_called_so(ask: Any) -> None:
    jingle = Item("jingle.wav", Kind.AUDIO, "jingle.wav")
    decision = await ask("put this jingle in front of the slow version", jingle, *ITEMS)
    assert [(s.args["operation"], tuple(s.args["audios"])) for s in decision.steps] == [
        ("join", ("jingle.wav", "slow.wav"))
    ]


def test_what_a_clip_was_made_of_is_followed_to_its_end() -> None:
    assert root(WET, ITEMS) is SENT
    assert root(SENT, ITEMS) is SENT
    turned = clip("loop.wav", 1, "loop.wav")
    assert root(turned, (turned,)) is turned
    there, back = clip("there.wav", 1, "back.wav"), clip("back.wav", 2, "there.wav")  # reversed twice: the same bytes
    assert root(there, (back, there)) is back


def test_the_other_one_is_the_one_that_nothing_was_done_to_last() -> None:
    other = clip("drum.wav", 0)
    assert the_other((*ITEMS, other)) is other
    assert the_other((BACK, other, clip("third.wav", 0), SENT)) is None  # there are two
    assert the_other((BACK, SENT)) is None
    assert the_other(()) is None


async def test_the_other_of_three_is_asked_about(ask: Any) -> None:
    kick, snare, hat = (clip(f"{name}.wav", 0, duration_s=2.0) for name in ("kick", "snare", "hat"))
    loop = clip("loop.wav", 1, "kick.wav", made="audio_editing", how="loop")
    decision = await ask("reverse the other one", loop, kick, snare, hat)
    assert decision.refusal is not None and decision.refusal.kind is RefusalKind.AMBIGUOUS
    assert "snare" in decision.refusal.message and "hat" in decision.refusal.message
    assert "kick" not in decision.refusal.message


async def test_the_shorter_of_what_was_sent_is_no_wish_to_shorten(ask: Any) -> None:
    long, short = clip("a.wav", 0, duration_s=30.0), clip("b.wav", 0, duration_s=4.0)
    turned = clip("c.wav", 1, "a.wav", made="audio_editing", how="reverse", duration_s=30.0)
    decision = await ask("and the shorter one at double speed", turned, long, short)
    assert [(s.args["operation"], tuple(s.args["audios"])) for s in decision.steps] == [("speed", ("b.wav",))]


async def test_both_as_they_were_are_those_that_were_sent(ask: Any) -> None:
    one, two = clip("a.wav", 0, duration_s=3.0), clip("b.wav", 0, duration_s=4.0)
    turned = clip("c.wav", 1, "a.wav", made="audio_editing", how="reverse", duration_s=3.0)
    decision = await ask("join the two I uploaded as they were", turned, one, two)
    assert sorted(decision.steps[0].args["audios"]) == ["a.wav", "b.wav"]


async def test_dry_is_what_had_no_room_put_around_it_yet(ask: Any) -> None:
    decision = await ask("take the dry mix and make it 3 dB louder", *ITEMS)
    assert [tuple(s.args["audios"]) for s in decision.steps] == [("slow.wav",)]
