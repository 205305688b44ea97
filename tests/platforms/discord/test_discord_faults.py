"""Discord at its worst, one fault at a time: one answer or one clear refusal, nothing lost, nothing doubled."""

from __future__ import annotations

import asyncio
import logging
from functools import partial

import pytest
from platforms import media
from platforms.discord.driver import idle
from platforms.discord.faults import Cut, CutDownload, Fault, Held, Limited, Page, Refusal, Slow, Status
from platforms.discord.person import Person, Sent
from platforms.discord.play import POST, Play, Town
from platforms.discord.server import Call
from platforms.discord.state import DM, PUBLIC_THREAD, Channel, User

from bots.discord import sending
from core.settings import Settings


def words(call: object) -> bool:
    """A request that posts words."""
    return bool(getattr(call, "payload", None)) and "you said" in str(getattr(call, "payload", ""))


def uploads(call: object) -> bool:
    """A request that posts a file."""
    return bool(getattr(call, "uploads", None))


WORDS: dict[str, Fault] = {
    "429": Limited(0.2),
    "429 of everything": Limited(0.2, everywhere=True),
    "429 of Cloudflare": Limited(banned=True),
    "500": Status(500),
    "502": Status(502),
    "503": Status(503),
    "504": Status(504),
    "502 and accepted": Status(502, accepted=True),
    "503 and accepted": Status(503, accepted=True),
    "504 and accepted": Status(504, accepted=True),
    "cut": Cut(),
    "cut and accepted": Cut(accepted=True),
    "slow": Slow(0.5),
}

MEDIA: dict[str, Fault] = {
    "429": Limited(0.2),
    "502 and accepted": Status(502, accepted=True),
    "cut after the upload": Cut(),
    "cut and accepted": Cut(accepted=True),
    "slow": Slow(0.5),
}


async def test_words_arrive_once_whatever_goes_wrong(play: Play) -> None:
    """Each fault meets a person of its own, all at the same time."""
    town = play.town

    async def ask(name: str, fault: Fault) -> None:
        place = town.server.person(name).dm
        town.server.faults.on(POST, fault, when=lambda call: call.ids["channel_id"] == place.id)
        await Person(town.server, _recipient(place)).say(place, f"hello {name}")
        await play.hears(place, f"you said: hello {name}")

    await asyncio.gather(*(ask(name, fault) for name, fault in WORDS.items()))
    await idle(town.server, play.stage)
    counts = {str(c): len(play.said(c)) for c in town.server.world.channels.values() if c.recipient}
    assert counts == {f"@{name}": 1 for name in WORDS}


@pytest.mark.parametrize("request_", ["speak one two", "film 1"])
async def test_media_arrive_once_whatever_goes_wrong(play: Play, request_: str) -> None:
    town = play.town

    async def ask(name: str, fault: Fault) -> None:
        place = town.server.person(name).dm
        mine = partial(_uploads_to, place)
        town.server.faults.on(POST, fault, when=mine)
        await Person(town.server, _recipient(place)).say(place, request_)
        await play.hears(place, "done:")

    await asyncio.gather(*(ask(name, fault) for name, fault in MEDIA.items()))
    await idle(town.server, play.stage)
    for place in [c for c in town.server.world.channels.values() if c.recipient]:
        said = play.said(place)
        assert sum(len(s.files) for s in said) == 1, f"{place}\n{town.server.dump()}"
        assert sum("done:" in s.text for s in said) == 1, f"{place}\n{town.server.dump()}"


@pytest.mark.parametrize(("request_", "read"), [("speak one two", 1000), ("film 1", 20_000)])
async def test_an_upload_that_is_cut_in_its_middle_is_made_again(play: Play, request_: str, read: int) -> None:
    town = play.town
    town.server.faults.on(POST, Cut(read))
    await town.ann.say(town.dm, request_)
    await play.hears(town.dm, "done:")
    assert len(await play.media(town.dm)) == 1
    assert sum("done:" in s.text for s in play.said(town.dm)) == 1


def _recipient(place: Channel) -> User:
    assert place.recipient is not None
    return place.recipient


def _uploads_to(place: Channel, call: Call) -> bool:
    return call.ids["channel_id"] == place.id and bool(call.uploads)


async def test_an_answer_that_is_accepted_and_never_confirmed_is_found(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = play.town
    monkeypatch.setattr(sending, "ANSWER_S", 1.0)
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
    monkeypatch.setattr(sending, "ANSWER_S", 1.0)
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
    monkeypatch.setattr(sending, "ANSWER_S", 1.0)
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
