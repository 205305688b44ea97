"""What people do on Discord, and what comes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from platforms import media
from platforms.discord.faults import Held, Status
from platforms.discord.person import Sent
from platforms.discord.play import Play, Town
from platforms.discord.state import Post

from core.settings import Settings


async def test_in_a_direct_message_everything_is_meant_for_the_bot(play: Play) -> None:
    town = play.town
    await town.ann.say(town.dm, "hello")
    await play.only(town.dm, "you said: hello")


async def test_in_a_channel_a_mention_a_mention_of_its_role_and_a_reply_are(play: Play) -> None:
    town, general = play.town, play.town.general
    await town.ann.say(general, "not for you")
    await town.ann.say(general, "@everyone come")
    asked = await town.ann.say(general, "one", mention=True)
    answer = await play.hears(general, "you said: one")
    assert answer.reply_to == asked.id
    await town.ann.say(general, f"<@&{int(town.studio.id) + 1}> two")
    await play.hears(general, "you said: two")
    await town.ann.say(general, "three", reply_to=answer.id, ping=False)
    await play.hears(general, "you said: three <you said: one>")
    assert len(await play.all(general)) == 3


async def test_a_thread_goes_on_without_a_mention_and_other_threads_do_not(play: Play) -> None:
    town = play.town
    thread, other = [await town.ann.open_thread(town.general, name) for name in ("one", "two")]
    await town.ann.say(thread, "silence")
    await town.ann.say(thread, "first", mention=True)
    await play.hears(thread, "you said: first")
    await town.ann.say(other, "not this")
    await town.ann.say(thread, "second")
    await play.hears(thread, "you said: second")
    assert [s.text for s in await play.all(thread)] == ["you said: first", "you said: second"]
    assert await play.all(other) == []
    assert await play.all(town.general) == []


async def test_a_thread_from_a_message_and_an_archived_one_are_answered_there(play: Play) -> None:
    town = play.town
    origin = await town.ann.say(town.general, "a topic")
    thread = await town.ann.open_thread(town.general, "topic", origin)
    await town.ann.say(thread, "hello", mention=True)
    await play.only(thread, "you said: hello")
    await town.server.archive(thread)
    await town.ann.say(thread, "again", mention=True)
    await play.hears(thread, "you said: again")
    assert await play.all(town.general) == []


async def test_a_channel_can_be_open_or_off(town: Town, settings: Settings) -> None:
    off = await town.server.text_channel(town.studio, "off")
    rules = f"discord/{town.studio.id}/{town.general.id}=all, discord/{town.studio.id}/{off.id}=off"
    async with town.product(settings, channels=rules) as play:
        await town.ann.say(town.general, "hello")
        await play.only(town.general, "you said: hello")
        await town.ann.say(off, "hello", mention=True)
        asked = await town.ann.command(off, "help")
        await town.server.until(lambda: asked.answered)
        (told,) = await play.all(off)
        assert told.text == "I am switched off in this channel."


async def test_who_is_not_allowed_is_told_and_nothing_of_theirs_is_fetched(town: Town, settings: Settings) -> None:
    bob = town.server.person("Bob", town.studio)
    async with town.product(settings, people=f"discord:{town.ann.id}") as play:
        await bob.say(bob.dm, "transcribe", Sent("a.ogg", media.opus()))
        await play.only(bob.dm, "certain people only")
        await bob.say(town.general, "psst")
        await bob.command(town.general, "models")
        await play.only(town.general, "certain people only")
        await town.ann.say(town.dm, "hello")
        await play.only(town.dm, "you said: hello")
    assert town.server.downloads == []


async def test_mentions_links_and_marks_become_plain_words(play: Play) -> None:
    town = play.town
    bob = town.server.person("Bob", town.studio)
    text = f"tell <@{bob.id}> in <#{town.general.id}> <https://example.org/a> <:grin:12> </ask:34>  now <t:0:R>"
    await town.ann.say(town.general, text, mention=True)
    said = await play.only(town.general, "you said:")
    assert said.text == "you said: tell @Bob in #general https://example.org/a :grin: /ask now 1970-01-01 00:00 UTC"


async def test_a_voice_note_is_what_its_author_says(play: Play) -> None:
    town = play.town
    await town.ann.say(town.dm, voice=media.opus(1.0))
    await play.hears(town.dm, "you said: say 1.0 seconds")
    (spoken,) = await play.media(town.dm)
    assert spoken.shown_as == "voice"


async def test_a_voice_note_in_answer_to_the_bot_is_heard_in_a_channel(play: Play) -> None:
    town = play.town
    await town.ann.say(town.general, "hello", mention=True)
    answer = await play.hears(town.general, "you said: hello")
    await town.ann.say(town.general, voice=media.opus(1.0), reply_to=answer.id)
    await play.hears(town.general, "you said: say 1.0 seconds <you said: hello>")


@pytest.mark.parametrize(
    ("name", "kind"),
    [("song.mp3", "audio"), ("clip.m4a", "audio"), ("a.ogg", "audio"), ("film.mp4", "audio"), ("photo.png", "image")],
)
async def test_files_are_what_their_bytes_say(play: Play, name: str, kind: str) -> None:
    """Each comes under its own name and under a name and a type that are lies. Of a video the planner hears."""
    content = {"mp3": media.mp3, "m4a": media.m4a, "ogg": media.opus, "mp4": media.film, "png": media.png}
    made = content[name.rpartition(".")[2]]()
    dm = play.town.dm
    await play.town.ann.say(dm, "look", Sent(name, made))
    await play.town.ann.say(dm, "see", Sent("notes.txt", made, "text/plain"))
    await play.hears(dm, f"you said: look ({kind})")
    await play.hears(dm, f"you said: see ({kind})")
    assert len(await play.all(dm)) == 2


async def test_several_files_are_one_message(play: Play) -> None:
    dm = play.town.dm
    await play.town.ann.say(dm, "these", Sent("a.ogg", media.opus()), Sent("b.png", media.png()))
    await play.only(dm, "you said: these (audio, image)")


async def test_names_that_want_to_be_paths_are_only_names(play: Play) -> None:
    dm = play.town.dm
    await play.town.ann.say(dm, "halve", Sent("../../etc/passwd\n‮.mp3", media.mp3()))
    (made,) = (await play.hears(dm, "done: halve")).files
    assert "/" not in made.name
    assert "passwd" not in made.name or ".." not in made.name


async def test_a_reply_means_the_message_that_it_answers(play: Play) -> None:
    town = play.town
    bob = town.server.person("Bob", town.studio)
    note = await bob.say(town.general, voice=media.opus(2.0))
    await town.ann.say(town.general, "transcribe", reply_to=note, mention=True)
    await play.only(town.general, "say 2.0 seconds")
    words = await bob.say(town.general, "some words")
    await town.ann.say(town.general, "look", reply_to=words, mention=True)
    await play.hears(town.general, "you said: look <some words>")


async def test_a_forwarded_voice_note_is_a_clip_and_can_be_replied_to(play: Play) -> None:
    town = play.town
    bob = town.server.person("Bob", town.studio)
    note = await bob.say(town.general, voice=media.opus(2.0))
    forwarded = await town.ann.forward(note, town.dm)
    await play.hears(town.dm, "you said:  (audio)")
    await town.ann.say(town.dm, "transcribe", reply_to=forwarded)
    await play.hears(town.dm, "say 2.0 seconds")
    assert len(await play.all(town.dm)) == 2


async def test_bots_webhooks_and_notices_are_not_answered(play: Play) -> None:
    town = play.town
    robot = town.server.person("Robot", town.studio, bot=True)
    await robot.say(town.general, "hello", mention=True)
    await robot.say(robot.dm, "hello")
    await town.ann.open_thread(town.general, "a notice is posted")
    assert await play.all(town.general) == []
    assert await play.all(robot.dm) == []


async def test_an_edit_replaces_the_request_that_is_under_way(play: Play) -> None:
    town = play.town
    said = await town.ann.say(town.general, "sleep 60", mention=True)
    await play.status(town.general)
    await town.ann.edit(said, f"<@{town.server.world.bot.id}> hello")
    answer = await play.only(town.general, "you said: hello")
    assert answer.reply_to == said.id


async def test_an_edit_of_what_is_answered_is_answered_anew_and_a_preview_is_no_edit(play: Play) -> None:
    town = play.town
    said = await town.ann.say(town.dm, "one https://example.org")
    await play.hears(town.dm, "you said: one")
    await town.ann.unfurl(said)
    await town.ann.react(said, "👍")
    assert len(await play.all(town.dm)) == 1
    await town.ann.edit(said, "two")
    await play.hears(town.dm, "you said: two")
    await town.ann.unfurl(said)
    assert [s.text for s in await play.all(town.dm)][1:] == ["you said: two"]


async def test_a_preview_under_what_was_edited_long_ago_is_no_request(play: Play) -> None:
    town = play.town
    said = Post(town.server.world.snowflake(), town.dm, town.ann.user, "old words")
    town.dm.posts[said.id] = said
    said.edited_at = datetime.now(UTC) - timedelta(days=400)
    await town.ann.unfurl(said)
    assert await play.all(town.dm) == []


async def test_an_edit_that_adds_the_mention_is_a_request(play: Play) -> None:
    town = play.town
    said = await town.ann.say(town.general, "hello")
    assert await play.all(town.general) == []
    await town.ann.edit(said, f"<@{town.server.world.bot.id}> hello")
    await play.only(town.general, "you said: hello")


@pytest.mark.parametrize("word", ["stop", "Cancel.", ""])
async def test_an_edit_can_take_the_request_back(play: Play, word: str) -> None:
    town = play.town
    said = await town.ann.say(town.dm, "sleep 60", *([Sent("a.png", media.png())] if not word else []))
    await play.status(town.dm)
    await town.ann.edit(said, word)
    assert await play.all(town.dm) == []


async def test_an_edit_that_takes_the_mention_away_ends_the_request(play: Play) -> None:
    town = play.town
    said = await town.ann.say(town.general, "sleep 60", mention=True)
    await play.status(town.general)
    await town.ann.edit(said, "nothing, sorry")
    assert await play.all(town.general) == []


async def test_a_deletion_ends_the_request_and_its_status_line(play: Play) -> None:
    town = play.town
    said = await town.ann.say(town.dm, "sleep 60")
    await play.status(town.dm)
    await town.ann.delete(said)
    assert await play.all(town.dm) == []


async def test_a_request_deleted_while_its_file_is_fetched_is_not_answered(play: Play) -> None:
    town = play.town
    held = town.server.faults.on("CDN", Held())
    said = await town.ann.say(town.dm, "transcribe", Sent("a.ogg", media.opus()))
    await held.reached.wait()
    await town.ann.delete(said)
    await town.server.gateway.heard()
    held.released.set()
    assert await play.all(town.dm) == []


async def test_an_answer_to_a_request_deleted_meanwhile_still_arrives(play: Play) -> None:
    """Once the answer is on its way it is delivered, only not as a reply."""
    town = play.town
    held = town.server.faults.on("POST /channels/{channel_id}/messages", Held())
    said = await town.ann.say(town.general, "hello", mention=True)
    await held.reached.wait()
    await town.ann.delete(said)
    held.released.set()
    answer = await play.only(town.general, "you said: hello")
    assert answer.reply_to == ""


@pytest.mark.parametrize(("emoji", "stops"), [("🛑", True), ("✋🏽", True), ("👍", False)])
async def test_a_reaction_of_its_author_stops_a_request(play: Play, emoji: str, stops: bool) -> None:
    town = play.town
    bob = town.server.person("Bob", town.studio)
    said = await town.ann.say(town.general, "sleep 1", mention=True)
    await play.status(town.general)
    await bob.react(said, "🛑")
    await town.ann.react(said, emoji)
    await play.only(town.general, "Stopped." if stops else "slept")


async def test_a_reaction_on_the_status_line_stops_too(play: Play) -> None:
    town = play.town
    await town.ann.say(town.dm, "sleep 60")
    line = await play.status(town.dm)
    await town.ann.react(line.id, "❌", town.dm)
    await play.only(town.dm, "Stopped.")


async def test_reactions_ask_again_and_ask_why(play: Play) -> None:
    town = play.town
    bob = town.server.person("Bob", town.studio)
    asked = await town.ann.say(town.general, "speak one", mention=True)
    answer = await play.hears(town.general, "done: text_to_speech")
    await bob.react(answer.id, "🔁", town.general)
    await bob.react(answer.id, "❓", town.general)
    await town.ann.react(answer.id, "🤔", town.general)
    await play.hears(town.general, "toy-mouth")
    await town.ann.react(asked, "🔁")
    await town.server.until(lambda: sum("done:" in s.text for s in play.said(town.general)) == 2)
    texts = [s.text for s in await play.all(town.general) if s.text]
    assert len(texts) == 3


async def test_a_file_that_is_too_large_is_refused_before_it_is_fetched(town: Town, settings: Settings) -> None:
    async with town.product(settings, max_upload_mb=1) as play:
        await town.ann.say(town.dm, "transcribe", Sent("long.wav", bytes(2 << 20)))
        await play.only(town.dm, "larger than 1 MB")
    assert town.server.downloads == []


async def test_an_empty_file_and_a_text_are_refused_in_words(play: Play) -> None:
    dm = play.town.dm
    await play.town.ann.say(dm, "transcribe", Sent("notes.mp3", b"these are only words\n" * 50))
    await play.only(dm, "That is a text file.")


async def test_a_fault_of_ours_is_told_with_a_button_to_try_again(play: Play) -> None:
    dm = play.town.dm
    await play.town.ann.say(dm, "break")
    said = await play.only(dm, "Something on my side broke")
    assert [b.label for b in said.buttons] == ["Try again"]


async def test_a_download_that_fails_is_tried_again(play: Play) -> None:
    town = play.town
    town.server.faults.on("CDN", Status(503))
    await town.ann.say(town.dm, "transcribe", Sent("a.ogg", media.opus()))
    await play.only(town.dm, "say 1.0 seconds")
