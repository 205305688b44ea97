"""How answers look in Slack: players, order, threads, buttons, one status line, and words that call nobody."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest
from platforms import media
from platforms.slack import faults
from platforms.slack.product import answer, product, said, settled
from platforms.slack.server import Slack, Upload

from core.artifacts import Kind
from core.settings import Settings


async def test_speech_is_an_mp3_with_slacks_player_and_its_words_and_buttons_come_after_it(
    slack: Slack, settings: Settings
) -> None:
    dm = slack.dm(slack.member("Ann"))
    slack.world.file_delay_s = 0.5  # words that do not wait for it would be there first
    async with product(slack, settings) as stage:
        await slack.say(dm, "speak one two three four five six")
        await answer(slack, dm, 2)
        spoken, words = await settled(slack, stage, dm)
    (file,) = spoken.files
    assert (file.name, file.shown_as) == ("speech.mp3", "audio")
    kind, facts = media.facts(file.content)
    assert (kind, facts.media_type) == (Kind.AUDIO, "audio/mpeg")
    assert facts.duration_s == pytest.approx(1.5, abs=0.1)
    assert facts.loudness_lufs is not None
    assert -40 < facts.loudness_lufs < -5
    assert words.text == "done: text_to_speech"
    assert [b.label for b in words.buttons] == ["Again", "Why?"]
    assert spoken.text == ""


async def test_audio_video_and_pictures_are_shown_as_such(slack: Slack, settings: Settings) -> None:
    wishes = {"halve": [Upload("tune.ogg", media.opus(2.0))], "film 1": [], "paint": []}
    dms = [slack.dm(slack.member(wish)) for wish in wishes]
    async with product(slack, settings) as stage:
        for dm, (wish, files) in zip(dms, wishes.items(), strict=True):
            await slack.say(dm, wish, files=files)
        for dm in dms:
            await answer(slack, dm, 2)
        made = [file for dm in dms for seen in await settled(slack, stage, dm) for file in seen.files]
    assert [f.shown_as for f in made] == ["audio", "video", "image"]
    assert [media.facts(f.content)[0] for f in made] == [Kind.AUDIO, Kind.VIDEO, Kind.IMAGE]
    assert media.rms(made[0].content) == pytest.approx(media.rms(media.opus(2.0)) / 2, rel=0.1)
    assert media.facts(made[1].content)[1].media_type == "video/mp4"


async def test_in_a_channel_everything_of_an_answer_is_in_its_thread(slack: Slack, settings: Settings) -> None:
    room = slack.channel("talk", [slack.member("Ann")])
    async with product(slack, settings) as stage:
        asked = await slack.say(room, f"{slack.mention} speak one two")
        await answer(slack, room.in_thread(asked), 2)
        await settled(slack, stage, room)
        assert [s.id for s in slack.seen(room)] == [asked]
        assert len(said(slack, room.in_thread(asked))) == 2


async def test_long_words_are_cut_at_sentences_and_nothing_of_them_is_lost(slack: Slack, settings: Settings) -> None:
    dm = slack.dm(slack.member("Ann"))
    async with product(slack, settings) as stage:
        await slack.say(dm, "long 300")
        await slack.until(lambda: any("number 300." in s.text for s in said(slack, dm)), "the end")
        texts = [s.text for s in await settled(slack, stage, dm)]
    assert len(texts) > 1
    assert all(len(t) <= 3000 and t.endswith(".") for t in texts)
    assert " ".join(texts) == " ".join(f"This is sentence number {n}." for n in range(1, 301))


@pytest.mark.parametrize(
    "words",
    [
        "<!channel> <!here> @everyone <@U000000001|x> <#C1|general>",
        "a_b_c *not bold* ~not struck~ `code` 2 < 3 & 4 > 1 &lt;",
        "line one\n\n• line two",
    ],
)
async def test_words_are_shown_as_they_are_and_call_nobody(slack: Slack, settings: Settings, words: str) -> None:
    dm = slack.dm(slack.member("Ann"))
    async with product(slack, settings):
        await slack.command(dm, f"/ask {words}")
        await answer(slack, dm, 2)
    shown = said(slack, dm)[-1].text
    assert shown.removeprefix("you said: ") == words.replace("`", "")
    for call in slack.called("chat.postMessage"):
        assert "<" not in call.args["text"], "mrkdwn could find a mention in it"
        assert {b["type"] for b in call.args["blocks"]} <= {"rich_text", "actions"}
        assert call.args["unfurl_links"] is False


async def test_a_turn_has_one_status_line_that_is_edited_in_place_and_goes(slack: Slack, settings: Settings) -> None:
    room = slack.channel("talk", [slack.member("Ann")])
    async with product(slack, settings) as stage:
        asked = await slack.say(room, f"{slack.mention} sleep 4")
        thread = room.in_thread(asked)
        line = (await slack.until(lambda: slack.answers(thread), "a first sign"))[0]
        assert [b.label for b in line.buttons] == ["Stop"]
        edited = await slack.until(
            lambda: [s for s in slack.answers(thread) if s.id == line.id and s.edits and "%" in s.text], "a percentage"
        )
        assert edited[0].text.startswith("Working: sleep (toy-sleeper)")
        assert [b.label for b in edited[0].buttons] == ["Stop"]
        assert (await answer(slack, thread)).text == "slept"
        await settled(slack, stage, thread)
    assert len(slack.called("chat.postMessage")) == 2
    edits = [call.at for call in slack.called("chat.update")]
    assert all(later - sooner > 1.5 for sooner, later in pairwise(edits))


async def test_a_quick_answer_has_no_status_line(slack: Slack, settings: Settings) -> None:
    dm = slack.dm(slack.member("Ann"))
    async with product(slack, settings) as stage:
        await slack.say(dm, "hello")
        await answer(slack, dm)
        await settled(slack, stage, dm)
    assert len(slack.called("chat.postMessage")) == 1


async def test_many_answers_in_one_channel_keep_to_one_a_second(slack: Slack, settings: Settings) -> None:
    room = slack.channel("talk", [slack.member("Ann")])
    async with product(slack, settings) as stage:
        asked = [await slack.say(room, f"{slack.mention} number {n}") for n in range(7)]
        for n, ts in enumerate(asked):
            assert (await answer(slack, room.in_thread(ts))).text == f"you said: number {n}"
        for ts in asked:
            assert len(await settled(slack, stage, room.in_thread(ts))) == 1


async def test_names_of_files_are_safe_and_have_the_right_extension(slack: Slack, settings: Settings) -> None:
    names = ("../../etc/passwd", "a" * 300 + ".wav", "x\n.mp3.exe", "..")
    dms = [slack.dm(slack.member(f"P{n}")) for n in range(len(names))]
    async with product(slack, settings) as stage:
        for dm, name in zip(dms, names, strict=True):
            await slack.say(dm, "halve", files=[Upload(name, media.wav(1.0))])
        for dm in dms:
            await answer(slack, dm, 2)
        files = [file for dm in dms for seen in await settled(slack, stage, dm) for file in seen.files]
    assert len(files) == 4
    assert all(f.name.endswith(".mp3") and "/" not in f.name and len(f.name) < 90 for f in files)


async def test_what_is_too_large_for_a_workspace_is_made_smaller_or_told(slack: Slack, settings: Settings) -> None:
    dm, other = slack.dm(slack.member("Ann")), slack.dm(slack.member("Bob"))
    slack.faults.add("files.getUploadURLExternal", faults.error("file_upload_size_restricted"))
    async with product(slack, settings) as stage:
        await slack.say(dm, "speak one two")
        await answer(slack, dm, 2)
        spoken, _ = await settled(slack, stage, dm)
        assert spoken.files[0].shown_as == "audio"
        slack.faults.add("files.getUploadURLExternal", faults.error("file_upload_size_restricted"), times=2)
        await slack.say(other, "film 1")
        assert (await answer(slack, other, 2)).text == "done: film"
        assert "too large for this chat" in (await settled(slack, stage, other))[0].text


async def test_where_files_are_switched_off_a_link_or_words_take_their_place(slack: Slack, settings: Settings) -> None:
    dm = slack.dm(slack.member("Ann"))
    slack.faults.add("files.getUploadURLExternal", faults.error("file_uploads_disabled"), times=-1)
    async with product(slack, settings) as stage:
        await slack.say(dm, "speak one two")
        await answer(slack, dm, 2)
        assert "does not let me send it" in (await settled(slack, stage, dm))[0].text
    async with product(slack, settings, public_url="https://audio.example.org") as stage:
        await slack.say(dm, "speak one two three")
        await answer(slack, dm, 4)
        assert "https://audio.example.org/f/" in (await settled(slack, stage, dm))[2].text


async def test_a_form_that_slack_refuses_is_posted_as_plain_words(slack: Slack, settings: Settings) -> None:
    dm = slack.dm(slack.member("Ann"))
    slack.faults.add("chat.postMessage", faults.error("invalid_blocks"))
    async with product(slack, settings) as stage:
        await slack.say(dm, "a < b")
        assert (await answer(slack, dm)).text == "you said: a < b"
        assert len(await settled(slack, stage, dm)) == 1


async def test_the_first_sign_comes_within_a_second_for_everybody(slack: Slack, settings: Settings) -> None:
    dms = [slack.dm(slack.member(f"P{n}")) for n in range(10)]
    async with product(slack, settings, jobs_in_flight=10):
        await asyncio.gather(*(slack.say(dm, "sleep 2") for dm in dms))
        for dm in dms:
            await slack.until(lambda dm=dm: slack.answers(dm), "a sign")  # type: ignore[misc]
            assert slack.answers(dm)[0].buttons[0].label == "Stop", "the first sign is the status line"
