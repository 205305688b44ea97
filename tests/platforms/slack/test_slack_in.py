"""What people do in Slack reaches the bot, in both ways in which Slack tells of it."""

from __future__ import annotations

import asyncio

import pytest
from platforms.media import film, wav
from platforms.slack.product import MODES, answer, product, said, settled
from platforms.slack.server import Place, Slack, Upload

from core.artifacts import Kind
from core.settings import Settings

both = pytest.mark.parametrize("mode", MODES)


def place_of(slack: Slack, kind: str) -> Place:
    """A place of each kind, with Ann and Bob in it."""
    people = [slack.member("Ann"), slack.member("Bob")]
    if kind == "dm":
        return slack.dm(people[0])
    if kind == "group dm":
        return slack.group_dm(people)
    return slack.channel("talk", people, private=kind == "private channel")


@both
async def test_words_in_a_direct_message_are_answered_once(slack: Slack, settings: Settings, mode: str) -> None:
    dm = place_of(slack, "dm")
    async with product(slack, settings, mode) as stage:
        await slack.say(dm, "hi & <bye>, see https://example.org/a?b=1")
        assert (await answer(slack, dm)).text == "you said: hi & <bye>, see https://example.org/a?b=1"
        assert len(await settled(slack, stage, dm)) == 1


@pytest.mark.parametrize("kind", ["channel", "private channel", "group dm"])
async def test_elsewhere_a_mention_is_answered_in_its_thread_where_no_further_one_is_needed(
    slack: Slack, settings: Settings, kind: str
) -> None:
    room = place_of(slack, kind)
    async with product(slack, settings) as stage:
        await slack.say(room, "nothing for you")
        asked = await slack.say(room, f"{slack.mention} hello *you*")
        thread = room.in_thread(asked)
        assert (await answer(slack, thread)).text == "you said: hello *you*"
        await slack.say(thread, "and now")
        assert (await answer(slack, thread, 2)).text == "you said: and now"
        await settled(slack, stage, room)
        assert said(slack, room) == [], "an answer went beside the thread"
        assert len(said(slack, thread)) == 2


async def test_a_mention_in_a_thread_of_others_means_the_clip_there(slack: Slack, settings: Settings) -> None:
    room = place_of(slack, "channel")
    async with product(slack, settings) as stage:
        root = await slack.say(room, "listen", files=[Upload("song.wav", wav(2))])
        thread = room.in_thread(root)
        await slack.say(thread, "nice")
        await slack.say(thread, f"{slack.mention} transcribe")
        assert (await answer(slack, thread)).text == "say 2.0 seconds"
        await settled(slack, stage, thread)


async def test_a_later_file_of_the_thread_is_meant_rather_than_its_root(slack: Slack, settings: Settings) -> None:
    room = place_of(slack, "channel")
    async with product(slack, settings):
        root = await slack.say(room, "listen", files=[Upload("song.wav", wav(2))])
        thread = room.in_thread(root)
        await slack.say(thread, "or this", files=[Upload("other.wav", wav(3))])
        await slack.say(thread, f"{slack.mention} transcribe")
        assert (await answer(slack, thread)).text == "say 3.0 seconds"


async def test_words_of_a_thread_are_quoted_to_who_comes_late(slack: Slack, settings: Settings) -> None:
    room = place_of(slack, "channel")
    async with product(slack, settings):
        root = await slack.say(room, "The train leaves at nine.")
        await slack.say(room.in_thread(root), f"{slack.mention} what?")
        assert (await answer(slack, room.in_thread(root))).text == "you said: what? <The train leaves at nine.>"


async def test_an_answer_to_the_bots_own_clip_means_that_clip(slack: Slack, settings: Settings) -> None:
    dm = place_of(slack, "dm")
    async with product(slack, settings):
        await slack.say(dm, "speak one two three four")
        await answer(slack, dm, 2)
        clip = next(s for s in said(slack, dm) if s.files)
        thread = dm.in_thread(clip.id)
        await slack.say(thread, "transcribe")
        await slack.until(lambda: any(s.text == "say 1.0 seconds" for s in said(slack, thread)), "the transcript")


async def test_further_words_in_a_thread_mean_what_came_of_the_last(slack: Slack, settings: Settings) -> None:
    dm = place_of(slack, "dm")
    async with product(slack, settings) as stage:
        await slack.say(dm, "speak one two three four")
        await answer(slack, dm, 2)
        await settled(slack, stage, dm)
        thread = dm.in_thread(next(s.id for s in said(slack, dm) if s.files))
        await slack.say(thread, "hello")
        assert (await answer(slack, thread, 2)).text == "you said: hello (audio) <done: text_to_speech>"
        await slack.say(thread, "and now")
        assert (await answer(slack, thread, 3)).text == "you said: and now", "the root is quoted for ever"


async def test_a_thread_whose_root_is_deleted_goes_on(slack: Slack, settings: Settings) -> None:
    room = place_of(slack, "channel")
    async with product(slack, settings) as stage:
        ts = await slack.say(room, f"{slack.mention} hello")
        thread = room.in_thread(ts)
        await answer(slack, thread)
        await slack.delete(room, ts)
        assert slack.seen(thread)[0].text == "This message was deleted."
        await slack.say(thread, "still there?")
        assert (await answer(slack, thread, 2)).text == "you said: still there?"
        assert len(await settled(slack, stage, thread)) == 2


@both
async def test_a_clip_is_what_its_person_says_and_is_answered_in_speech(
    slack: Slack, settings: Settings, mode: str
) -> None:
    dm = place_of(slack, "dm")
    async with product(slack, settings, mode) as stage:
        await slack.say(dm, voice=wav(1.5))
        assert (await answer(slack, dm, 2)).text == "you said: say 1.5 seconds"
        spoken, words = await settled(slack, stage, dm)
    assert [f.shown_as for f in spoken.files] == ["audio"]
    assert words.files == []
    assert slack.called("download")[0].args["path"].startswith("/files-pri/")


@pytest.mark.parametrize(
    ("name", "claimed"),
    [("audio_message.mp4", "video/mp4"), ("audio_message.webm", "audio/webm"), ("audio_message", ""), ("a.ogg", "")],
)
async def test_a_clip_is_known_by_its_bytes(slack: Slack, settings: Settings, name: str, claimed: str) -> None:
    dm = place_of(slack, "dm")
    async with product(slack, settings):
        await slack.say(dm, voice=wav(2), voice_as=(name, claimed))
        assert (await answer(slack, dm, 2)).text == "you said: say 2.0 seconds"


async def test_files_of_all_kinds_come_with_their_words(slack: Slack, settings: Settings) -> None:
    dm = place_of(slack, "dm")
    png = b"\x89PNG\r\n\x1a\n" + bytes(30)
    async with product(slack, settings):
        await slack.say(dm, "transcribe", files=[Upload("a.wav", wav(2))])
        assert (await answer(slack, dm)).text == "say 2.0 seconds"
        await slack.say(dm, "look", files=[Upload("f.mp4", film(1.0)), Upload("../../b.wav", wav(1))])
        assert (await answer(slack, dm, 2)).text == "you said: look (audio, audio)"
        await slack.say(dm, "and this", files=[Upload("broken.png", png)])
        assert "you said" not in (await answer(slack, dm, 3)).text


async def test_a_recorded_video_is_a_video_whose_sound_can_be_worked_on(slack: Slack, settings: Settings) -> None:
    dm = place_of(slack, "dm")
    async with product(slack, settings) as stage:
        await slack.say(dm, "transcribe", voice=film(2.0), voice_as=("video_message.mp4", "video/mp4"), video=True)
        assert (await answer(slack, dm)).text == "say 2.0 seconds"
        [kept] = await stage.app.store.artifacts(f"slack/{dm.team}/{dm.channel}/", 5)
        assert kept.kind is Kind.VIDEO


async def test_a_file_of_another_organisation_is_asked_for(slack: Slack, settings: Settings) -> None:
    dm = place_of(slack, "dm")
    async with product(slack, settings):
        await slack.say(dm, "transcribe", files=[Upload("a.wav", wav(2), external=True)])
        assert (await answer(slack, dm)).text == "say 2.0 seconds"


async def test_what_is_forwarded_is_what_is_meant(slack: Slack, settings: Settings) -> None:
    ann, bob = slack.member("Ann"), slack.member("Bob")
    room, dm = slack.channel("talk", [ann, bob]), slack.dm(ann)
    async with product(slack, settings):
        clip = await slack.say(room, "hear", voice=wav(2), by=bob)
        await slack.forward(room, clip, dm, "transcribe")
        assert (await answer(slack, dm)).text == "say 2.0 seconds"
        await slack.forward(room, clip, dm, "what is it")
        assert (await answer(slack, dm, 2)).text == "you said: what is it (audio) <hear>"


async def test_names_and_marks_are_plain_words(slack: Slack, settings: Settings) -> None:
    ann, bob = slack.member("Ann"), slack.member("Bob")
    room = slack.channel("talk", [ann, bob])
    async with product(slack, settings):
        asked = await slack.say(room, f"{slack.mention} say _hi_ to <@{bob.id}> at a < b")
        assert (await answer(slack, room.in_thread(asked))).text == "you said: say _hi_ to @Bob at a < b"


async def test_an_edit_is_a_new_request_and_other_changes_are_none(slack: Slack, settings: Settings) -> None:
    dm = place_of(slack, "dm")
    async with product(slack, settings) as stage:
        ts = await slack.say(dm, "sleep 60")
        await slack.until(lambda: stage.desk.busy, "the turn")
        await slack.touch(dm, ts)
        await slack.edit(dm, ts, "hello")
        assert (await answer(slack, dm)).text == "you said: hello"
        await slack.touch(dm, ts)
        [edit] = [d for d in slack.deliveries.events("message_changed") if "edited" in d.payload["event"]["message"]][
            :1
        ]
        await slack.deliveries.again(edit)
        assert [s.text for s in await settled(slack, stage, dm)] == ["you said: hello"]


@pytest.mark.parametrize("words", ["stop", "Cancel."])
async def test_an_edit_to_stop_takes_the_request_back(slack: Slack, settings: Settings, words: str) -> None:
    room = place_of(slack, "channel")
    async with product(slack, settings) as stage:
        ts = await slack.say(room, f"{slack.mention} sleep 60")
        await slack.until(lambda: stage.desk.busy, "the turn")
        await slack.edit(room, ts, f"{slack.mention} {words}")
        assert await settled(slack, stage, room.in_thread(ts)) == []


async def test_a_mention_that_is_added_later_is_heard(slack: Slack, settings: Settings) -> None:
    room = place_of(slack, "channel")
    async with product(slack, settings):
        ts = await slack.say(room, "hello")
        await slack.edit(room, ts, f"{slack.mention} hello")
        assert (await answer(slack, room.in_thread(ts))).text == "you said: hello"


@both
async def test_a_deleted_request_is_not_answered(slack: Slack, settings: Settings, mode: str) -> None:
    room = place_of(slack, "channel")
    async with product(slack, settings, mode) as stage:
        ts = await slack.say(room, f"{slack.mention} sleep 60")
        await slack.until(lambda: slack.answers(room.in_thread(ts)), "the status line")
        await slack.delete(room, ts)
        await slack.until(lambda: not stage.desk.busy, "the end")
        await settled(slack, stage, room)
        assert slack.answers(room) == []
        assert slack.answers(room.in_thread(ts)) == []


@pytest.mark.parametrize("emoji", ["octagonal_sign", "raised_hand::skin-tone-3", "x"])
async def test_an_emoji_stops_who_put_it_there_and_nobody_else(slack: Slack, settings: Settings, emoji: str) -> None:
    ann, bob = slack.member("Ann"), slack.member("Bob")
    room = slack.channel("talk", [ann, bob])
    async with product(slack, settings) as stage:
        ts = await slack.say(room, f"{slack.mention} sleep 60", by=ann)
        thread = room.in_thread(ts)
        line = (await slack.until(lambda: slack.answers(thread), "the status line"))[0]
        await slack.react(room, ts, emoji, by=bob)
        await slack.react(thread, line.id, "tada", by=ann)
        await slack.deliveries.quiet()
        assert stage.desk.busy, "somebody else's emoji, or one that means nothing, stopped it"
        await slack.react(room, ts, emoji, by=ann)
        assert (await answer(slack, thread)).text == "Stopped."
        assert len(await settled(slack, stage, thread)) == 1


async def test_an_emoji_on_an_answer_asks_again_or_why(slack: Slack, settings: Settings) -> None:
    dm = place_of(slack, "dm")
    async with product(slack, settings) as stage:
        await slack.say(dm, "paint")
        words = await answer(slack, dm, 2)
        await slack.react(dm, words.id, "thinking_face")
        await slack.until(lambda: [a for a in slack.answers(dm) if "toy-painter" in a.text], "how it was made")
        await slack.until(lambda: [f for a in slack.answers(dm) for f in a.files if f.name == "how.png"], "its picture")
        await slack.react(dm, words.id, "repeat")
        await answer(slack, dm, 6)
        assert sum(f.name != "how.png" for s in await settled(slack, stage, dm) for f in s.files) == 2


async def test_bots_and_notices_are_not_answered(slack: Slack, settings: Settings) -> None:
    ann = slack.member("Ann")
    dm = slack.dm(ann)
    team = slack.team
    async with product(slack, settings) as stage:
        channel = team.channels[dm.channel]
        for more in ({"subtype": "channel_join"}, {"bot_id": "B0OTHER", "user": "U0OTHER"}, {"user": "USLACKBOT"}):
            ts = f"1{slack.post(dm, await slack.say(dm, 'x', wait=False)).ts[1:]}"
            event = {"type": "message", "user": ann.id, "text": "hello", "ts": ts, "channel": channel.id, **more}
            told = slack.world.tell(team, event | {"event_ts": ts, "channel_type": "im"})
            await told.done.wait()
            assert told.acknowledged
        await slack.until(lambda: len(said(slack, dm)) == 3, "answers to the three of Ann's")
        assert [s.text for s in await settled(slack, stage, dm)] == ["you said: x"] * 3


async def test_an_event_told_twice_or_backwards_is_dealt_with_once(slack: Slack, settings: Settings) -> None:
    room = place_of(slack, "channel")
    async with product(slack, settings) as stage:
        async with slack.deliveries.held() as held:
            one = await slack.say(room, f"{slack.mention} one")
            await slack.edit(room, one, f"{slack.mention} two")
            gone = await slack.say(room, f"{slack.mention} three")
            await slack.delete(room, gone)
            held.reverse()
        await answer(slack, room.in_thread(one))
        for delivery in slack.deliveries.events("message"):
            await slack.deliveries.again(delivery)
        assert [s.text for s in await settled(slack, stage, room.in_thread(one))] == ["you said: two"]
        assert said(slack, room) == []


async def test_many_at_once_are_all_answered_each_in_its_place(slack: Slack, settings: Settings) -> None:
    dms = [slack.dm(slack.member(f"P{n}")) for n in range(20)]
    async with product(slack, settings, jobs_in_flight=20) as stage:
        await asyncio.gather(*(slack.say(dm, f"number {n}") for n, dm in enumerate(dms)))
        for n, dm in enumerate(dms):
            assert (await answer(slack, dm)).text == f"you said: number {n}"
        for dm in dms:
            assert len(await settled(slack, stage, dm)) == 1


@pytest.mark.parametrize(
    ("rule", "heard"), [("all", True), ("off", False), ("mention", False)], ids=["all", "off", "mention"]
)
async def test_a_channel_is_heard_as_its_operator_says(
    slack: Slack, settings: Settings, rule: str, heard: bool
) -> None:
    room = place_of(slack, "channel")
    channels = f"slack/{room.team}/{room.channel}={rule}"
    async with product(slack, settings, channels=channels) as stage:
        ts = await slack.say(room, "hello")
        if heard:
            await answer(slack, room.in_thread(ts))
        assert bool(await settled(slack, stage, room.in_thread(ts))) is heard


async def test_strangers_are_told_so_before_anything_is_fetched(slack: Slack, settings: Settings) -> None:
    ann, bob = slack.member("Ann"), slack.member("Bob")
    async with product(slack, settings, people=f"slack:{ann.id}") as stage:
        await slack.say(slack.dm(bob), voice=wav(1), by=bob)
        assert "certain people only" in (await answer(slack, slack.dm(bob))).text
        await slack.say(slack.dm(ann), "hello")
        await answer(slack, slack.dm(ann))
        assert len(await settled(slack, stage, slack.dm(bob))) == 1
    assert slack.called("download") == []
