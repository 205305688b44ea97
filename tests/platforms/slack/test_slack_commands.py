"""Commands, shortcuts and buttons: acknowledged at once, answered to who asked, their work shown to all."""

from __future__ import annotations

import asyncio

import pytest
from platforms import media
from platforms.slack import faults
from platforms.slack.product import MODES, answer, product, said, settled
from platforms.slack.server import NotOffered, Slack, Upload

from bots.commands import COMMANDS
from bots.slack.interactions import CALLBACKS
from core.errors import StoreLost
from core.settings import Settings
from core.store import Store

both = pytest.mark.parametrize("mode", MODES)


@both
async def test_every_command_answers_at_once_and_to_who_asked_only(slack: Slack, settings: Settings, mode: str) -> None:
    ann, bob = slack.member("Ann"), slack.member("Bob")
    room = slack.channel("talk", [ann, bob])
    async with product(slack, settings, mode) as stage:
        told = await asyncio.gather(*(slack.command(room, f"/{name}", by=bob) for name in COMMANDS))
        assert [t.answer for t in told] == [{}] * len(COMMANDS), "an acknowledgement says nothing, so that it is quick"
        await answer(slack, room, len(COMMANDS))
        await settled(slack, stage, room)
    posts = slack.team.channels[room.channel].posts.values()
    assert {p.ephemeral_to for p in posts} == {bob.id}
    assert len(posts) == len(COMMANDS)
    assert slack.called("chat.postMessage") == []


@both
async def test_ask_shows_what_was_asked_and_answers_in_its_thread(slack: Slack, settings: Settings, mode: str) -> None:
    room = slack.channel("talk", [slack.member("Ann")])
    async with product(slack, settings, mode) as stage:
        await slack.command(room, "/ask how are you & yours?")
        shown = await answer(slack, room)
        assert shown.text == "Ann: /ask how are you & yours?"
        thread = room.in_thread(shown.id)
        assert (await answer(slack, thread, 2)).text == "you said: how are you & yours?"
        await slack.say(thread, "and now?")
        assert (await answer(slack, thread, 3)).text == "you said: and now?"
        await settled(slack, stage, room)
        assert len(said(slack, room)) == 1


async def test_ask_in_a_direct_message_is_answered_there(slack: Slack, settings: Settings) -> None:
    dm = slack.dm(slack.member("Ann"))
    async with product(slack, settings) as stage:
        await slack.command(dm, "/ask hello")
        await answer(slack, dm, 2)
        assert [s.text for s in await settled(slack, stage, dm)] == ["Ann: /ask hello", "you said: hello"]


async def test_voice_reads_aloud_or_is_switched(slack: Slack, settings: Settings) -> None:
    dm = slack.dm(slack.member("Ann"))
    async with product(slack, settings) as stage:
        await slack.command(dm, "/voice on")
        assert "in speech too" in (await answer(slack, dm)).text
        await slack.say(dm, "hello")
        await slack.until(lambda: [f for s in said(slack, dm) for f in s.files], "a spoken answer")
        await slack.command(dm, "/voice off")
        await settled(slack, stage, dm)
        await slack.command(dm, "/voice")
        assert (await answer(slack, dm, 5)).text.startswith("Spoken answers: off.")


async def test_a_command_where_the_bot_is_not_says_so(slack: Slack, settings: Settings) -> None:
    ann = slack.member("Ann")
    async with product(slack, settings) as stage:
        for private in (False, True):
            room = slack.channel("elsewhere", [ann], private=private, bot=False)
            await slack.command(room, "/ask hello")
            assert "Invite me" in (await answer(slack, room)).text
            await slack.command(room, "/help")
            assert "/privacy" in (await answer(slack, room, 2)).text
            await settled(slack, stage, room)


async def test_stop_and_why_in_a_channel_mean_its_threads(slack: Slack, settings: Settings) -> None:
    ann, bob = slack.member("Ann"), slack.member("Bob")
    room = slack.channel("talk", [ann, bob])
    async with product(slack, settings) as stage:
        mine = [await slack.say(room, f"{slack.mention} sleep 60", by=ann) for _ in range(2)]
        his = await slack.say(room, f"{slack.mention} sleep 1", by=bob)
        await slack.until(lambda: len(stage.desk.at_work("slack", ann.id)) == 2, "both turns")
        await slack.command(room, "/stop", by=ann)
        assert (await answer(slack, room)).text == "Stopping."
        for ts in mine:
            assert (await answer(slack, room.in_thread(ts))).text == "Stopped."
        assert (await answer(slack, room.in_thread(his))).text == "slept"
        await settled(slack, stage, room)
        await slack.command(room, "/why", by=bob)
        assert "toy-sleeper" in (await answer(slack, room, 2)).text


async def test_forget_asks_first_and_erases_on_yes(slack: Slack, settings: Settings) -> None:
    dm = slack.dm(slack.member("Ann"))
    async with product(slack, settings) as stage:
        await slack.say(dm, "speak one")
        await answer(slack, dm, 2)
        await settled(slack, stage, dm)
        await slack.command(dm, "/forget")
        asked = await answer(slack, dm, 3)
        assert [b.label for b in asked.buttons] == ["Yes, erase it", "No, keep it"]
        await slack.press(dm, asked.id, "Yes, erase it")
        await slack.until(lambda: any(s.text == "Erased." for s in said(slack, dm)), "it is done")
        await settled(slack, stage, dm)
        assert not any("Shall I erase" in s.text for s in said(slack, dm)), "the question stays"
        assert await stage.app.store.conversations(f"slack/{dm.team}/{dm.channel}/") == []


@both
async def test_a_shortcut_works_on_a_message_and_answers_in_its_thread(
    slack: Slack, settings: Settings, mode: str
) -> None:
    ann, bob = slack.member("Ann"), slack.member("Bob")
    room = slack.channel("talk", [ann, bob])
    assert list(CALLBACKS) == ["transcribe", "clean_up"]
    async with product(slack, settings, mode) as stage:
        clip = await slack.say(room, voice=media.m4a(2.0), by=bob)
        await slack.shortcut(room, clip, "transcribe", by=ann)
        thread = room.in_thread(clip)
        assert (await answer(slack, thread, 2)).text == "say 2.0 seconds"
        assert said(slack, thread)[0].text == "Ann: Transcribe"
        other = await slack.say(room, files=[Upload("n.wav", media.wav(2.0))], by=bob)
        await slack.shortcut(room, other, "clean_up", by=ann)
        await answer(slack, room.in_thread(other), 3)
        assert [f.shown_as for s in said(slack, room.in_thread(other)) for f in s.files] == ["audio"]
        await settled(slack, stage, room)
        assert said(slack, room) == []


async def test_a_shortcut_on_an_answer_means_what_the_bot_made(slack: Slack, settings: Settings) -> None:
    dm = slack.dm(slack.member("Ann"))
    async with product(slack, settings) as stage:
        await slack.say(dm, "speak one two three four")
        await answer(slack, dm, 2)
        await settled(slack, stage, dm)
        spoken = next(s for s in said(slack, dm) if s.files)
        await slack.shortcut(dm, spoken.id, "transcribe")
        assert (await answer(slack, dm, 4)).text == "say 1.0 seconds"


async def test_a_shortcut_where_the_bot_is_not_says_so(slack: Slack, settings: Settings) -> None:
    room = slack.channel("elsewhere", [slack.member("Ann")], bot=False)
    async with product(slack, settings) as stage:
        ts = await slack.say(room, "hello")
        await slack.shortcut(room, ts, "transcribe")
        await slack.until(lambda: any("Invite me" in s.text for s in slack.answers(room)), "the words")
        await settled(slack, stage, room)


@both
async def test_the_stop_button_stops_for_who_asked_only(slack: Slack, settings: Settings, mode: str) -> None:
    ann, bob = slack.member("Ann"), slack.member("Bob")
    room = slack.channel("talk", [ann, bob])
    async with product(slack, settings, mode) as stage:
        thread = room.in_thread(await slack.say(room, f"{slack.mention} sleep 60", by=ann))
        line = (await slack.until(lambda: slack.answers(thread), "the status line"))[0]
        await slack.press(thread, line.id, "Stop", by=bob)
        assert (await answer(slack, thread)).text == "Only who asked for it can stop it."
        await slack.press(thread, line.id, "Stop", by=ann)
        assert (await answer(slack, thread, 2)).text == "Stopped."
        assert len(await settled(slack, stage, thread)) == 2
        assert [b.label for b in said(slack, thread)[1].buttons] == ["Try again"]


async def test_again_makes_it_once_more(slack: Slack, settings: Settings) -> None:
    room = slack.channel("talk", [slack.member("Ann")])
    async with product(slack, settings) as stage:
        thread = room.in_thread(await slack.say(room, f"{slack.mention} paint"))
        words = await answer(slack, thread, 2)
        await slack.press(thread, words.id, "Again")
        await answer(slack, thread, 4)
        await settled(slack, stage, thread)
        assert sum(len(s.files) for s in said(slack, thread)) == 2
        await slack.press(thread, words.id, "Why?")
        assert "toy-painter" in (await answer(slack, thread, 5)).text
        await answer(slack, thread, 6)
        assert [f.name for s in said(slack, thread)[4:] for f in s.files] == ["how.png"]
        await settled(slack, stage, room)
        assert said(slack, room) == []


async def test_again_in_a_channel_changes_the_last_result_in_its_thread(slack: Slack, settings: Settings) -> None:
    room = slack.channel("talk", [slack.member("Ann")])
    async with product(slack, settings) as stage:
        thread = room.in_thread(await slack.say(room, f"{slack.mention} speak good morning"))
        await answer(slack, thread, 2)
        await settled(slack, stage, thread)
        await slack.command(room, "/again slower")
        await answer(slack, thread, 4)
        await settled(slack, stage, thread)
        assert [s.text for s in said(slack, thread) if s.text][-1] == "Here it is: spoken."
        assert said(slack, room) == []


async def test_a_press_that_comes_before_our_own_news_of_the_post_is_understood(
    slack: Slack, settings: Settings
) -> None:
    dm = slack.dm(slack.member("Ann"))
    slack.faults.add("chat.postMessage", gate := faults.hang_after())
    async with product(slack, settings) as stage:
        await slack.say(dm, "paint")
        words = await answer(slack, dm, 2)
        await slack.press(dm, words.id, "Why?")
        gate.gate.set()
        assert "toy-painter" in (await answer(slack, dm, 3)).text
        await settled(slack, stage, dm)


async def test_strangers_are_told_so_and_a_channel_may_be_switched_off(slack: Slack, settings: Settings) -> None:
    ann, bob = slack.member("Ann"), slack.member("Bob")
    room = slack.channel("talk", [ann, bob])
    async with product(slack, settings, people=f"slack:{ann.id}") as stage:
        await slack.command(room, "/ask hello", by=bob)
        assert "certain people only" in (await answer(slack, room)).text
        await settled(slack, stage, room)
    async with product(slack, settings, channels=f"slack/{room.team}/{room.channel}=off") as stage:
        await slack.command(room, "/ask hello", by=ann)
        assert (await answer(slack, room, 2)).text == "I am switched off in this channel."
        await settled(slack, stage, room)


async def test_a_database_that_is_away_is_told_of(
    slack: Slack, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    dm = slack.dm(slack.member("Ann"))

    async def away(self: Store, *given: object) -> bool:
        raise StoreLost("away")

    async with product(slack, settings):
        monkeypatch.setattr(Store, "accept", away)
        await slack.command(dm, "/ask hello")
        assert "could not keep that message" in (await answer(slack, dm, 2)).text


async def test_slack_has_no_commands_in_threads(slack: Slack) -> None:
    dm = slack.dm(slack.member("Ann"))
    with pytest.raises(NotOffered):
        await slack.command(dm.in_thread("1.2"), "/help")
