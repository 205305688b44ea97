"""Discord at its worst, one fault at a time: one answer or one clear refusal, nothing lost, nothing doubled."""

from __future__ import annotations

import asyncio
import logging

import pytest
from platforms import media
from platforms.discord.faults import Cut, CutDownload, Fault, Held, Limited, Page, Refusal, Slow, Status
from platforms.discord.person import Sent
from platforms.discord.play import POST, Play, Town
from platforms.discord.state import DM, PUBLIC_THREAD

from bots.discord import sending
from core.settings import Settings


def words(call: object) -> bool:
    """A request that posts words."""
    return bool(getattr(call, "payload", None)) and "you said" in str(getattr(call, "payload", ""))


def uploads(call: object) -> bool:
    """A request that posts a file."""
    return bool(getattr(call, "uploads", None))


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Limited(0.2), id="429"),
        pytest.param(Limited(0.2, everywhere=True), id="429 global"),
        pytest.param(Limited(banned=True), id="429 of Cloudflare"),
        pytest.param(Status(500), id="500"),
        pytest.param(Status(502), id="502"),
        pytest.param(Status(503), id="503"),
        pytest.param(Status(504), id="504"),
        pytest.param(Status(502, accepted=True), id="502 and accepted"),
        pytest.param(Status(503, accepted=True), id="503 and accepted"),
        pytest.param(Status(504, accepted=True), id="504 and accepted"),
        pytest.param(Cut(), id="cut"),
        pytest.param(Cut(accepted=True), id="cut and accepted"),
        pytest.param(Slow(1.0), id="slow"),
    ],
)
async def test_words_arrive_once(play: Play, fault: Fault) -> None:
    town = play.town
    town.server.faults.on(POST, fault, when=words)
    await town.ann.say(town.general, "hello", mention=True)
    await play.only(town.general, "you said: hello")


@pytest.mark.parametrize(
    ("request_", "fault", "conditional"),
    [
        pytest.param("speak one two", Cut(1000), False, id="voice, cut in mid-upload"),
        pytest.param("speak one two", Cut(accepted=True), True, id="voice, cut and accepted"),
        pytest.param("speak one two", Status(502, accepted=True), True, id="voice, 502 and accepted"),
        pytest.param("speak one two", Limited(0.2), True, id="voice, 429"),
        pytest.param("speak one two", Slow(1.0), True, id="voice, slow"),
        pytest.param("film 1", Cut(20_000), False, id="video, cut in mid-upload"),
        pytest.param("film 1", Cut(accepted=True), True, id="video, cut and accepted"),
    ],
)
async def test_media_arrive_once(play: Play, request_: str, fault: Fault, conditional: bool) -> None:
    town = play.town
    town.server.faults.on(POST, fault, when=uploads if conditional else None)
    await town.ann.say(town.dm, request_)
    await play.hears(town.dm, "done:")
    assert len(await play.media(town.dm)) == 1
    assert sum("done:" in s.text for s in play.said(town.dm)) == 1


async def test_an_answer_that_is_accepted_and_never_confirmed_is_found(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = play.town
    monkeypatch.setattr(sending, "ANSWER_S", 2.0)
    held = town.server.faults.on(POST, Held(accepted=True), when=words)
    await town.ann.say(town.dm, "hello")
    await held.reached.wait()
    await play.only(town.dm, "you said: hello")
    held.released.set()
    assert await play.stage.app.store.undelivered("discord") == []


async def test_it_is_found_in_the_history_too_where_the_gateway_told_nothing(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two people ask for the same; the answer of one is unclear: that of the other is not taken for it."""
    town = play.town
    bob = town.server.person("Bob", town.studio)
    monkeypatch.setattr(sending, "ANSWER_S", 2.0)
    monkeypatch.setattr(play.adapter.sending, "arrived", lambda message: None)
    await town.ann.say(town.general, "hello", mention=True)
    await play.hears(town.general, "you said: hello")
    held = town.server.faults.on(POST, Held(accepted=True), when=words)
    await bob.say(town.general, "hello", mention=True)
    await held.reached.wait()
    await town.server.until(lambda: town.server.asked("GET /channels/{channel_id}/messages"))
    found = await play.all(town.general)
    assert [s.text for s in found] == ["you said: hello"] * 2
    assert len({s.reply_to for s in found}) == 2
    held.released.set()


async def test_an_answer_that_was_not_accepted_is_posted_again(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    town = play.town
    monkeypatch.setattr(sending, "ANSWER_S", 2.0)
    held = town.server.faults.on(POST, Held(), when=words)
    await town.ann.say(town.dm, "hello")
    await held.reached.wait()
    await play.only(town.dm, "you said: hello")
    town.server.world.token = "gone"  # whatever the late request does now, it is refused
    held.released.set()
    await asyncio.sleep(0)


async def test_nothing_a_status_line_suffers_reaches_the_answer(play: Play) -> None:
    town = play.town
    town.server.faults.on("PATCH /channels/{channel_id}/messages/{message_id}", Refusal(404, 10008, "Unknown Message"))
    town.server.faults.on("DELETE /channels/{channel_id}/messages/{message_id}", Refusal(404, 10008, "Unknown Message"))
    town.server.faults.on("POST /channels/{channel_id}/typing", Refusal(403, 50013, "Missing Permissions"))
    await town.ann.say(town.dm, "sleep 2")
    await play.hears(town.dm, "slept")
    await town.server.until(lambda: not play.stage.desk.busy)
    assert sum(s.text == "slept" for s in play.said(town.dm)) == 1


async def test_an_event_told_twice_is_answered_once(play: Play) -> None:
    town = play.town
    for name in ("MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_REACTION_ADD"):
        town.server.gateway.twice(name)
    said = await town.ann.say(town.dm, "sleep 60")
    await play.status(town.dm)
    await town.ann.edit(said, "speak one")
    await play.hears(town.dm, "done: text_to_speech")
    assert len(await play.all(town.dm)) == 2
    await town.ann.delete(said)
    assert len(await play.all(town.dm)) == 2


async def test_events_out_of_order_come_to_the_same(play: Play) -> None:
    town = play.town
    async with town.server.gateway.reordered():
        taken_back = await town.ann.say(town.dm, "one")
        await town.ann.delete(taken_back)
    async with town.server.gateway.reordered():
        changed = await town.ann.say(town.dm, "two")
        await town.ann.edit(changed, "three")
    await play.only(town.dm, "you said: three")


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Page(), id="a web page"),
        pytest.param(CutDownload(), id="cut"),
        pytest.param(Cut(), id="no answer"),
        pytest.param(Status(500), id="500"),
        pytest.param(Refusal(404, 0, "This content is no longer available."), id="expired"),
    ],
)
async def test_a_file_is_fetched_in_the_end(play: Play, fault: Fault) -> None:
    town = play.town
    town.server.faults.on("CDN", fault)
    await town.ann.say(town.dm, "transcribe", Sent("a.ogg", media.opus(2.0)))
    await play.only(town.dm, "say 2.0 seconds")


async def test_an_address_that_expired_is_asked_for_anew(play: Play) -> None:
    """A voice note of last week, replied to today."""
    town = play.town
    bob = town.server.person("Bob", town.studio)
    note = await bob.say(town.general, voice=media.opus(2.0))
    held = town.server.faults.on("CDN", Held())
    await town.ann.say(town.general, "transcribe", reply_to=note, mention=True)
    await held.reached.wait()
    town.server.world.expire_urls()
    held.released.set()
    await play.only(town.general, "say 2.0 seconds")


async def test_a_file_that_is_gone_is_one_clear_refusal(play: Play) -> None:
    town = play.town
    town.server.faults.on("CDN", Refusal(404, 0, "This content is no longer available."), times=2)
    await town.ann.say(town.dm, "transcribe", Sent("a.ogg", media.opus()))
    await play.only(town.dm, "That file is no longer on Discord. Please send it again.")


async def test_the_thread_is_deleted_meanwhile(play: Play) -> None:
    """Who deleted it wants no answer, and nobody else gets it."""
    town = play.town
    thread = await town.ann.open_thread(town.general, "a topic")
    await town.ann.say(thread, "sleep 1", mention=True)
    await play.status(thread)
    await town.server.remove(thread)
    await town.server.until(lambda: not play.stage.desk.busy)
    assert await play.all(town.general) == []
    assert await play.stage.app.store.undelivered("discord") == []


async def test_the_thread_is_archived_meanwhile(play: Play) -> None:
    town = play.town
    thread = await town.ann.open_thread(town.general, "a topic")
    await town.ann.say(thread, "sleep 1", mention=True)
    await play.status(thread)
    await town.server.archive(thread)
    await play.hears(thread, "slept")
    await play.all(thread)
    assert thread.kind == PUBLIC_THREAD
    assert not thread.archived


async def test_the_bot_is_thrown_out_meanwhile(play: Play) -> None:
    town = play.town
    await town.ann.say(town.general, "sleep 1", mention=True)
    await play.status(town.general)
    await town.server.kick(town.studio)
    await town.server.until(lambda: not play.stage.desk.busy)
    assert await play.stage.app.store.undelivered("discord") == []
    await town.ann.say(town.dm, "hello")
    await play.only(town.dm, "you said: hello")


async def test_a_person_who_closed_their_direct_messages_is_no_fault(play: Play) -> None:
    town = play.town
    await town.ann.say(town.dm, "sleep 1")
    town.ann.user.dms_closed = True
    await town.server.until(lambda: not play.stage.desk.busy)
    assert town.dm.kind == DM
    assert await play.stage.app.store.undelivered("discord") == []


async def test_voice_messages_are_forbidden_without_a_word_before(play: Play) -> None:
    """What the client knows of permissions may be old: the platform's answer decides."""
    town = play.town
    town.server.faults.on(POST, Refusal(400, 50173, "Cannot send voice messages in this channel"), when=uploads)
    await town.ann.say(town.general, "speak one", mention=True)
    await play.hears(town.general, "done:")
    assert [f.shown_as for f in await play.media(town.general)] == ["audio"]


async def test_no_log_line_has_what_people_write_or_a_token(
    town: Town, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="audiogpt")
    caplog.set_level(logging.WARNING, logger="discord")
    async with town.product(settings) as play:
        town.server.faults.on(POST, Cut(accepted=True), when=words)
        town.server.faults.on(POST, Limited(0.1), when=words)
        await town.ann.say(town.dm, "my secret plan")
        await play.only(town.dm, "you said: my secret plan")
        await town.ann.command(town.general, "ask", text="my secret plan")
        await play.hears(town.general, "you said: my secret plan")
    assert "audiogpt" in caplog.text
    assert "secret" not in caplog.text
    assert town.server.token not in caplog.text
