"""Slash commands, commands on messages and buttons: acknowledged at once, answered where they belong."""

from __future__ import annotations

import pytest
from platforms import media
from platforms.discord.faults import Cut, Status
from platforms.discord.person import Sent
from platforms.discord.play import Play, Town
from platforms.discord.state import EPHEMERAL, SEND_MESSAGES, VIEW_CHANNEL

from bots.commands import COMMANDS, SHORTCUTS
from core.errors import StoreLost
from core.settings import Settings

CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"


async def test_every_command_is_registered(play: Play) -> None:
    registered = {(c["type"], c["name"]): c for c in play.town.server.world.commands}
    assert registered.keys() == {(1, name) for name in COMMANDS} | {(3, name) for name in SHORTCUTS}
    assert all(c["contexts"] == [0, 1] and c["integration_types"] == [0] for c in registered.values())
    assert all(registered[1, name]["description"] == text for name, text in COMMANDS.items())


@pytest.mark.parametrize("place", ["dm", "general"])
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("help", "In groups, mention me"),
        ("models", "toy-mouth"),
        ("privacy", "/forget erases"),
        ("stop", "nothing of yours under way"),
        ("why", "no result of mine"),
        ("voice", "Spoken answers: auto"),
    ],
)
async def test_a_question_is_answered_for_who_asks_only(play: Play, place: str, name: str, words: str) -> None:
    town = play.town
    where = town.dm if place == "dm" else town.general
    asked = await town.ann.command(where, name)
    said = await play.only(where, words)
    assert bool(where.posts[said.id].flags & EPHEMERAL) is (place == "general")
    assert asked.answered == 5
    assert play.posts() == []


@pytest.mark.parametrize("place", ["dm", "general", "thread"])
async def test_ask_shows_what_was_asked_and_answers_it_there(play: Play, place: str) -> None:
    town = play.town
    thread = await town.ann.open_thread(town.general, "a topic")
    where = {"dm": town.dm, "general": town.general, "thread": thread}[place]
    asked = await town.ann.command(where, "ask", text="halve", file=Sent("tune.mp3", media.mp3()))
    answer = await play.hears(where, "done: halve")
    shown, found = await play.all(where)
    assert found == answer
    assert shown.text == "> halve\n📎 tune.mp3"
    assert asked.answered == 4
    assert answer.files[0].shown_as == "audio"
    assert answer.reply_to == ("" if place == "dm" else shown.id)


async def test_voice_reads_aloud_and_sets_how_to_answer(play: Play) -> None:
    town = play.town
    await town.ann.command(town.dm, "voice", text="On")
    await play.hears(town.dm, "I will answer you in speech too")
    await town.ann.say(town.dm, "hello")
    await play.hears(town.dm, "you said: hello")
    assert [f.shown_as for f in await play.media(town.dm)] == ["voice"]
    await town.ann.command(town.dm, "voice", text="read this")
    await play.hears(town.dm, "> read this")
    await play.hears(town.dm, "you said: Read this aloud: read this")


async def test_commands_on_messages_mean_that_message(play: Play) -> None:
    town = play.town
    bob = town.server.person("Bob", town.studio)
    note = await bob.say(town.general, voice=media.opus(2.0))
    await town.ann.context("Transcribe", note)
    said = await play.hears(town.general, "say 2.0 seconds")
    shown = next(s for s in await play.all(town.general) if s.text == "> Transcribe this")
    assert said.reply_to == shown.id
    await town.ann.context("Clean up", note)
    cleaned = await play.hears(town.general, "done: halve")
    assert media.facts(cleaned.files[0].content)[1].duration_s == pytest.approx(2.0, abs=0.2)


async def test_a_command_on_an_answer_of_the_bot_means_that_answer(play: Play) -> None:
    town = play.town
    await town.ann.say(town.dm, "speak one two three four")
    await play.hears(town.dm, "done: text_to_speech")
    spoken = next(s for s in await play.all(town.dm) if s.files)
    await town.ann.say(town.dm, "speak one")
    await town.server.until(lambda: sum(bool(s.files) for s in play.said(town.dm)) == 2)
    await town.ann.context("Transcribe", spoken.id, town.dm)
    await play.hears(town.dm, "say 1.0 seconds")


async def test_stop_by_command_and_by_button(play: Play) -> None:
    town = play.town
    bob = town.server.person("Bob", town.studio)
    await town.ann.say(town.general, "sleep 60", mention=True)
    line = await play.status(town.general)
    await bob.command(town.general, "stop")
    await play.hears(town.general, "nothing of yours under way")
    await bob.press(town.general, line.id, "Stop")
    await play.hears(town.general, "Only who asked for it can stop it.")
    pressed = await town.ann.press(town.general, line.id, "Stop")
    answer = await play.hears(town.general, "Stopped.")
    assert pressed.answered == 6
    await play.all(town.general)
    await town.ann.press(town.general, answer.id, "Try again")
    await play.status(town.general)
    await town.ann.command(town.general, "stop")
    await play.hears(town.general, "Stopping.")
    await town.server.until(lambda: sum(s.text == "Stopped." for s in play.said(town.general)) == 2)


async def test_again_and_why(play: Play) -> None:
    town = play.town
    asked = await town.ann.say(town.general, "speak good morning", mention=True)
    answer = await play.hears(town.general, "done: text_to_speech")
    await town.ann.press(town.general, answer.id, "Why?")
    why = await play.hears(town.general, "toy-mouth")
    assert town.general.posts[why.id].only_for is town.ann.user
    assert [(f.name, f.shown_as) for f in why.files] == [("how.png", "image")]
    await town.ann.command(town.general, "why")
    await town.server.until(lambda: sum("toy-mouth" in s.text for s in play.said(town.general)) == 2)
    assert [len(s.files) for s in play.said(town.general) if "toy-mouth" in s.text] == [1, 1]
    await town.ann.press(town.general, answer.id, "Again")
    await town.server.until(lambda: sum("done:" in s.text for s in play.said(town.general)) == 2)
    assert {s.reply_to for s in await play.all(town.general) if s.text.startswith("done:")} == {asked.id}


async def test_again_takes_a_change_and_leaves_no_line_of_its_own(play: Play) -> None:
    town = play.town
    await town.ann.say(town.dm, "speak good morning")
    await play.hears(town.dm, "done: text_to_speech")
    await play.all(town.dm)
    await town.ann.command(town.dm, "again", change="slower")
    await play.hears(town.dm, "Here it is: spoken.")
    found = await play.all(town.dm)
    assert [s.text for s in found if s.text] == ["done: text_to_speech", "Here it is: spoken."]
    assert sum(len(s.files) for s in found) == 2
    await town.ann.command(town.dm, "again")
    await town.server.until(lambda: sum(len(s.files) for s in play.said(town.dm)) == 3)


async def test_forget_asks_first(play: Play) -> None:
    town = play.town
    await town.ann.say(town.dm, "paint")
    await play.hears(town.dm, "done: paint")
    await town.ann.command(town.dm, "forget")
    question = await play.hears(town.dm, "Shall I erase this conversation?")
    await town.ann.press(town.dm, question.id, "No, keep it")
    await play.hears(town.dm, "Nothing is erased.")
    assert await play.stage.app.bytes.ids() != []
    await town.ann.command(town.dm, "forget")
    question = await play.hears(town.dm, "Shall I erase this conversation?")
    await town.ann.press(town.dm, question.id, "Yes, erase it")
    said = await play.hears(town.dm, "Erased.")
    assert said.buttons == []
    await play.all(town.dm)
    assert await play.stage.app.bytes.ids() == []


async def test_an_interaction_told_twice_is_one(play: Play) -> None:
    town = play.town
    town.server.gateway.twice("INTERACTION_CREATE", 2)
    await town.ann.command(town.dm, "ask", text="hello")
    await play.hears(town.dm, "you said: hello")
    await town.ann.command(town.dm, "help")
    await play.hears(town.dm, "I can:")
    assert len(await play.all(town.dm)) == 3
    assert len(town.server.asked(CALLBACK)) == 2


async def test_a_command_that_could_not_be_acknowledged_in_time_is_carried_out_all_the_same(play: Play) -> None:
    town = play.town
    town.server.interaction_limit_s = -1.0
    await town.ann.command(town.general, "ask", text="hello")
    await play.only(town.general, "you said: hello")
    await town.ann.command(town.general, "models")
    await play.hears(town.general, "toy-mouth")
    assert len(await play.all(town.general)) == 2


@pytest.mark.parametrize("fault", [Status(502, accepted=True), Cut(accepted=True)])
async def test_an_acknowledgement_whose_answer_is_lost_doubles_nothing(play: Play, fault: Status | Cut) -> None:
    town = play.town
    town.server.faults.on(CALLBACK, fault)
    await town.ann.command(town.general, "ask", text="hello")
    await play.hears(town.general, "you said: hello")
    assert [s.text for s in await play.all(town.general)] == ["> hello", "you said: hello"]


async def test_a_question_whose_acknowledgement_was_told_to_have_failed_is_answered_in_its_place(play: Play) -> None:
    town = play.town
    town.server.faults.on(CALLBACK, Status(502, accepted=True))
    await town.ann.command(town.general, "models")
    said = await play.only(town.general, "toy-mouth")
    assert town.general.posts[said.id].only_for is town.ann.user


@pytest.mark.parametrize("gone", [SEND_MESSAGES, VIEW_CHANNEL])
async def test_where_the_bot_may_not_write_a_command_is_answered_all_the_same(play: Play, gone: int) -> None:
    town = play.town
    await town.server.deny(town.general, gone)
    await town.ann.command(town.general, "ask", text="speak one two")
    await play.hears(town.general, "done: text_to_speech")
    assert [f.shown_as for f in await play.media(town.general)] == ["audio"]
    assert [s.text for s in play.said(town.general)] == ["> speak one two", "", "done: text_to_speech"]


async def test_a_command_without_the_database_says_so(
    play: Play, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def lost(*args: object) -> None:
        raise StoreLost("away")

    town = play.town
    monkeypatch.setattr(play.stage.app.store, "accept", lost)
    await town.ann.command(town.general, "ask", text="secret words")
    await play.hears(town.general, "I could not keep that message just now")
    assert "secret words" not in caplog.text


async def test_a_command_and_a_button_of_another_version_are_told_kindly(town: Town, settings: Settings) -> None:
    """They are still there after an update."""
    async with town.product(settings) as play:
        await town.ann.say(town.dm, "speak one")
        answer = await play.hears(town.dm, "done: text_to_speech")
        for button in town.dm.posts[answer.id].buttons():
            button["custom_id"] = "audiogpt:dance"
        await town.ann.press(town.dm, answer.id, "audiogpt:dance")
        await play.hears(town.dm, "from another version of me")
        town.server.world.commands.append({"id": "1", "type": 1, "name": "sing"})
        await town.ann.command(town.dm, "sing")
        await play.hears(town.dm, "That command is from another version of me.")
