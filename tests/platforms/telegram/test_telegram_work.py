"""While the bot works: signs of life, the status line, buttons, commands; and what they never do to an answer."""

from __future__ import annotations

import pytest
from platforms import media
from platforms.telegram.play import idle, known, on_stage, status_line, words, working
from platforms.telegram.server import TelegramServer

from bots.budget import Rate
from bots.commands import COMMANDS
from bots.layout import Verb
from bots.telegram import adapter as telegram_adapter
from bots.wording import NOT_YOURS
from core.settings import Settings


async def test_a_chat_action_comes_first_and_is_renewed_as_what_is_made(
    settings: Settings, telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_adapter, "_ACTION_S", 0.01)
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram):
        await telegram.say(dm, "film 3")
        assert await words(telegram, dm) == ["done: film"]
    made = [c.method for c in telegram.calls if c.method not in ("deleteWebhook", "setMyCommands")]
    assert made[0] == "sendChatAction"
    actions = [c.params["action"] for c in telegram.called("sendChatAction")]
    assert actions[0] == "typing"
    assert "record_video" in actions
    assert len(actions) > 3


@pytest.mark.usefixtures("status_lines")
async def test_one_status_line_is_edited_and_gone_with_the_answer(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        await telegram.say(dm, "sleep 60")
        line = await known(stage, dm, await status_line(telegram, dm))
        assert [b.label for b in line.buttons] == ["Stop"]
        await telegram.until(lambda: telegram.answers(dm)[0].edits > 1)
        text = telegram.answers(dm)[0].text
        assert text.startswith("Working: sleep (toy-sleeper), ")
        assert text.endswith(" %")
        await telegram.press(dm, line.id, "Stop")
        assert await words(telegram, dm) == ["Stopped."]
        await idle(stage, telegram)
    assert len(telegram.called("sendMessage")) == 2
    assert telegram.called("sendMessage")[0].params["disable_notification"] == "true"


@pytest.mark.usefixtures("status_lines")
async def test_stop_stops_for_its_person_and_for_nobody_else(settings: Settings, telegram: TelegramServer) -> None:
    ann, bob = telegram.person("Ann"), telegram.person("Bob")
    group = telegram.group("Band", ann, bob)
    async with on_stage(settings, telegram) as stage:
        await telegram.say(group, telegram.mention("sleep 60"))
        line = await known(stage, group, await status_line(telegram, group))
        press = await telegram.press(group, line.id, "Stop", by=bob)
        await telegram.until(lambda: press.answer == NOT_YOURS)
        await telegram.press(group, line.id, "Stop")
        assert await words(telegram, group) == ["Stopped."]
        await idle(stage, telegram)


async def test_again_and_why(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        await telegram.say(dm, "speak hello")
        await words(telegram, dm)
        await idle(stage, telegram)
        await telegram.press(dm, telegram.answers(dm)[0].id, "Why?")
        assert "toy-mouth" in (await words(telegram, dm, 2))[1]
        assert (await words(telegram, dm, 3))[2] == "", "the plan as a picture"
        assert [f.shown_as for f in telegram.answers(dm)[2].files] == ["image"]
        await telegram.press(dm, telegram.answers(dm)[0].id, "Again")
        assert (await words(telegram, dm, 4))[3] == "done: text_to_speech"
        await idle(stage, telegram)
    assert len(telegram.called("sendVoice")) == 2


async def test_again_with_a_change_as_a_command_and_as_words_in_answer_to_a_result(
    settings: Settings, telegram: TelegramServer
) -> None:
    ann = telegram.person("Ann")
    group = telegram.group("Band", ann)
    async with on_stage(settings, telegram) as stage:
        await telegram.say(group, telegram.mention("speak hello"))
        await telegram.until(lambda: [m for m in telegram.answers(group) if m.files])
        await idle(stage, telegram)
        spoken = telegram.answers(group)[0]
        await telegram.say(group, "/again slower", reply_to=spoken.id)
        await telegram.until(lambda: sum(len(m.files) for m in telegram.answers(group)) == 2)
        await idle(stage, telegram)
        await telegram.say(group, "again, faster", reply_to=spoken.id)
        await telegram.until(lambda: sum(len(m.files) for m in telegram.answers(group)) == 3)
        await idle(stage, telegram)
    assert sum("Here it is: spoken." in m.text for m in telegram.answers(group)) == 2


async def test_a_failed_turn_can_be_tried_again(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        await telegram.say(dm, "break")
        (said,) = await words(telegram, dm)
        assert "broke" in said
        await idle(stage, telegram)
        await telegram.press(dm, telegram.answers(dm)[0].id, "Try again")
        assert len(await words(telegram, dm, 2)) == 2
        await idle(stage, telegram)


async def test_a_button_from_before_is_answered(settings: Settings, telegram: TelegramServer) -> None:
    ann = telegram.person("Ann")
    dm = telegram.dm(ann)
    async with on_stage(settings, telegram) as stage:
        await telegram.say(dm, "speak hello")
        await words(telegram, dm)
        message = telegram.message(dm, telegram.answers(dm)[0].id)
        message.buttons = [[{"text": "Old", "callback_data": "audiogpt:gone"}, {"text": "Other", "callback_data": "x"}]]
        old = await telegram.press(dm, message.id, "Old")
        other = await telegram.press(dm, message.id, "Other")
        await telegram.until(lambda: old.answer is not None and other.answer is not None)
        await idle(stage, telegram)
    assert "another version" in (old.answer or "")
    assert other.answer == ""


@pytest.mark.parametrize("name", COMMANDS)
async def test_every_command_in_a_group(settings: Settings, telegram: TelegramServer, name: str) -> None:
    group = telegram.group("Band", telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        await telegram.command(group, name, "hello" if name == "ask" else "")
        (said,) = await words(telegram, group)
        await idle(stage, telegram)
    assert said.strip()
    assert telegram.answers(group)[0].reply_to == "1"


async def test_the_commands_menu_is_set(settings: Settings, telegram: TelegramServer) -> None:
    async with on_stage(settings, telegram):
        menu = telegram.commands["default", ""]
    assert {c["command"]: c["description"] for c in menu} == COMMANDS


async def test_start_is_help_and_an_unknown_command_too(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram):
        await telegram.say(dm, "/start abc")
        await telegram.say(dm, "/frobnicate")
        first, second = await words(telegram, dm, 2)
    assert first == second
    assert "I can:" in first


async def test_a_command_takes_its_files_and_the_message_it_answers(
    settings: Settings, telegram: TelegramServer
) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram):
        clip = await telegram.say(dm, "/ask halve", files=[("a.mp3", media.mp3(2.0))])
        assert await words(telegram, dm) == ["done: halve"]
        await telegram.say(dm, "/ask transcribe", reply_to=clip)
        assert (await words(telegram, dm, 2))[1] == "say 2.0 seconds"


async def test_forget_asks_first_and_then_erases(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        await telegram.say(dm, "hello")
        await words(telegram, dm)
        await idle(stage, telegram)
        await telegram.command(dm, "forget")
        asked = (await telegram.until(lambda: telegram.answers(dm)[1:]))[0]
        assert [b.label for b in asked.buttons] == ["Yes, erase it", "No, keep it"]
        await telegram.press(dm, asked.id, "No, keep it")
        await telegram.until(lambda: telegram.answers(dm)[1].text == "Nothing is erased.")
        assert telegram.answers(dm)[1].buttons == []
        await telegram.command(dm, "forget")
        asked = (await telegram.until(lambda: telegram.answers(dm)[2:]))[0]
        await telegram.press(dm, asked.id, "Yes, erase it")
        await telegram.until(lambda: telegram.answers(dm)[2].text == "Erased.")
        await idle(stage, telegram)
        assert await stage.app.store.conversations(f"telegram/{dm.chat}/{dm.chat}/") == []


@pytest.mark.usefixtures("status_lines")
async def test_a_busy_group_is_never_told_to_slow_down(
    settings: Settings, telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    telegram.limits.group = (10, 4.0)
    monkeypatch.setattr(telegram_adapter, "_GROUP", Rate(per_s=4.0, burst=4, kept=2))
    people = [telegram.person(f"P{n}") for n in range(14)]
    group = telegram.group("Band", *people)
    async with on_stage(settings, telegram) as stage:
        for person in people:
            await telegram.say(group, telegram.mention("sleep 0.2"), by=person)
        await telegram.until(lambda: [m.text for m in telegram.answers(group)].count("slept") == len(people))
        await idle(stage, telegram)
    assert [c for c in telegram.calls if c.status == 429] == []
    assert not any(map(working, telegram.answers(group)))
    assert [c for c in telegram.called("sendMessage") if "stop" in c.text("reply_markup")]


async def test_a_press_by_who_is_not_admitted(settings: Settings, telegram: TelegramServer) -> None:
    ann, bob = telegram.person("Ann"), telegram.person("Bob")
    group = telegram.group("Band", ann, bob)
    async with on_stage(settings, telegram, people=f"telegram:{ann.id}") as stage:
        await telegram.say(group, telegram.mention("speak hello"))
        await telegram.until(lambda: [m for m in telegram.answers(group) if m.files])
        await idle(stage, telegram)
        press = await telegram.press(group, telegram.answers(group)[0].id, "Again", by=bob)
        await telegram.until(lambda: press.answer is not None)
        await idle(stage, telegram)
    assert "certain people" in (press.answer or "")
    assert len(telegram.answers(group)) == 1


def test_what_a_button_carries_fits_into_it() -> None:
    assert all(len(f"audiogpt:{verb}") <= 64 for verb in Verb)
