"""The connection comes and goes, the product too: what was said meanwhile is answered, once."""

from __future__ import annotations

import asyncio
import logging

import pytest
from platforms import media
from platforms.discord.driver import is_status, pointed
from platforms.discord.faults import Held, Status
from platforms.discord.person import Sent
from platforms.discord.play import POST, Play, Town
from platforms.discord.server import Call, DiscordServer
from platforms.stage import playing
from pydantic import SecretStr

from bots import progress
from bots.discord import connection
from bots.discord.adapter import DiscordAdapter
from core.errors import WrongUse
from core.jobs.memory import MemoryJobs
from core.settings import Settings

ME = "GET /users/@me"


async def test_it_resumes_after_a_reconnect(play: Play) -> None:
    town, gateway = play.town, play.town.server.gateway
    await gateway.reconnect()
    await town.ann.say(town.dm, "hello")
    await play.only(town.dm, "you said: hello")
    assert gateway.counts["RESUME"] == 1


async def test_it_resumes_after_the_line_broke(play: Play) -> None:
    town, gateway = play.town, play.town.server.gateway
    gateway.cut()
    await town.ann.say(town.dm, "hello")
    await play.only(town.dm, "you said: hello")
    assert gateway.counts["RESUME"] == 1


async def test_a_gateway_that_is_silent_is_left_for_another_connection(
    town: Town, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No heartbeat is acknowledged any more."""
    monkeypatch.setattr(connection, "HEARTBEAT_TIMEOUT_S", 1.0)
    town.server.gateway.heartbeat_ms = 300
    async with town.product(settings) as play:
        town.server.gateway.deafen()
        await town.ann.say(town.dm, "hello")
        await play.only(town.dm, "you said: hello")
    assert town.server.gateway.counts["RESUME"] >= 1


@pytest.mark.parametrize("resumable", [True, False])
async def test_what_was_said_while_the_session_was_invalid_is_answered(play: Play, resumable: bool) -> None:
    """A new session is told nothing of the past: known conversations are looked through."""
    town, gateway = play.town, play.town.server.gateway
    thread = await town.ann.open_thread(town.general, "a topic")
    for where in (town.dm, thread):
        await town.ann.say(where, "before", mention=where is thread)
        await play.only(where, "you said: before")
    await gateway.invalidate(resumable=resumable)
    for where in (town.dm, thread):
        await town.ann.say(where, "meanwhile")
        await play.hears(where, "you said: meanwhile")
        assert len(await play.all(where)) == 2
    assert gateway.counts["IDENTIFY"] == (1 if resumable else 2)


async def test_what_was_said_while_it_was_down_is_answered_at_the_next_start(town: Town, settings: Settings) -> None:
    async with town.product(settings) as play:
        await town.ann.say(town.dm, "before")
        await play.only(town.dm, "you said: before")
    await town.ann.say(town.dm, "meanwhile")
    async with town.product(settings) as play:
        await play.hears(town.dm, "you said: meanwhile")
        assert len(await play.all(town.dm)) == 2


async def test_what_was_not_meant_for_it_then_is_not_answered_at_the_next_start(town: Town, settings: Settings) -> None:
    """A thread is kept alive from the first mention on; nobody is refused a second time."""
    bob = town.server.person("Bob", town.studio)
    thread = await town.ann.open_thread(town.general, "a topic")
    async with town.product(settings, people=f"discord:{town.ann.id}") as play:
        await town.ann.say(thread, "among ourselves")
        await town.ann.say(thread, "hello", mention=True)
        await play.only(thread, "you said: hello")
        await bob.say(thread, "me too", mention=True)
        await play.hears(thread, "certain people only")
    await town.ann.say(thread, "meanwhile")
    async with town.product(settings, people=f"discord:{town.ann.id}") as play:
        await play.hears(thread, "you said: meanwhile")
        assert len(await play.all(thread)) == 3


async def test_a_turn_that_a_restart_cut_is_answered_once_and_its_status_line_goes(
    town: Town, settings: Settings
) -> None:
    jobs = MemoryJobs()
    async with town.product(settings, jobs) as play:
        await town.ann.say(town.general, "sleep 1", mention=True)
        await play.status(town.general)
    assert [s.text for s in play.said(town.general)] == []
    async with town.product(settings, jobs) as play:
        await play.only(town.general, "slept")
    await jobs.close()


async def test_a_file_that_was_not_fetched_before_a_restart_is_fetched_after_it(town: Town, settings: Settings) -> None:
    """Its address is no longer good by then."""
    held = town.server.faults.on("CDN", Held())
    async with town.product(settings):
        await town.ann.say(town.dm, "transcribe", Sent("a.ogg", media.opus(2.0)))
        await held.reached.wait()
    held.released.set()
    town.server.world.expire_urls()
    async with town.product(settings) as play:
        await play.only(town.dm, "say 2.0 seconds")


@pytest.mark.parametrize("asked", ["hello", "speak one two"])
async def test_an_answer_that_was_posted_and_not_entered_before_a_restart_is_not_posted_again(
    town: Town, settings: Settings, asked: str
) -> None:
    held = town.server.faults.on(POST, Held(accepted=True), when=lambda call: not _is_status_line(call))
    async with town.product(settings):
        await town.ann.say(town.dm, asked)
        await held.reached.wait()
    held.released.set()
    town.server.world.forget_nonces()
    async with town.product(settings) as play:
        await town.server.until(lambda: not play.stage.desk.busy)
        found = await play.all(town.dm)
    assert len(found) == (1 if asked == "hello" else 2)
    assert len([s for s in found if s.files]) == (0 if asked == "hello" else 1)


async def test_a_status_line_that_was_posted_and_not_entered_before_a_restart_is_taken_away(
    town: Town, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "_LANDING_S", 0.1)
    jobs = MemoryJobs()
    held = town.server.faults.on(POST, Held(accepted=True), when=_is_status_line)
    async with town.product(settings, jobs):
        await town.ann.say(town.general, "sleep 1", mention=True)
        await held.reached.wait()
    held.released.set()
    town.server.world.forget_nonces()
    async with town.product(settings, jobs) as play:
        await play.only(town.general, "slept")
    await jobs.close()


def _is_status_line(call: Call) -> bool:
    return "audiogpt:stop" in str(call.payload)


async def test_it_starts_without_the_network_and_goes_on_when_it_is_there(
    town: Town, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(connection, "_START_S", 0.5)
    monkeypatch.setattr(connection, "_BACKOFF_S", (0.05, 0.1))
    before = town.server.world.base
    town.server.world.base = "http://127.0.0.1:1"
    settings = pointed(settings, town.server)
    async with playing(settings, DiscordAdapter) as stage:
        assert "Discord cannot be reached yet" in caplog.text
        town.server.world.base = before
        connection.point(pointed(settings, town.server))
        await town.server.until(lambda: town.server.world.commands)
        await town.ann.say(town.dm, "hello")
        await Play(town, stage).only(town.dm, "you said: hello")


async def test_a_wrong_token_is_named(town: Town, settings: Settings) -> None:
    wrong = pointed(settings, town.server).model_copy(update={"discord_token": SecretStr("wrong")})
    with pytest.raises(WrongUse, match="AUDIOGPT_DISCORD_TOKEN"):
        async with playing(wrong, DiscordAdapter):
            pass


async def test_a_missing_intent_is_named_with_the_page_to_switch_it_on(town: Town, settings: Settings) -> None:
    town.server.world.message_content = False
    with pytest.raises(WrongUse, match=f"Message Content Intent.*applications/{town.server.world.bot.id}/bot"):
        async with town.product(settings):
            pass


@pytest.mark.parametrize(("code", "words"), [(4004, "AUDIOGPT_DISCORD_TOKEN"), (4011, "AUDIOGPT_DISCORD_SHARDED=true")])
async def test_what_the_gateway_closes_for_good_is_said(town: Town, settings: Settings, code: int, words: str) -> None:
    town.server.gateway.closing_code = code
    with pytest.raises(WrongUse, match=words):
        async with town.product(settings):
            pass


async def test_a_token_that_is_revoked_ends_the_platform_and_not_the_process(
    play: Play, caplog: pytest.LogCaptureFixture
) -> None:
    town = play.town
    await town.ann.say(town.dm, "sleep 1")
    await play.status(town.dm)
    await town.server.revoke_token()
    await town.server.until(lambda: "Discord is given up until the next start" in caplog.text)
    assert "AUDIOGPT_DISCORD_TOKEN" in caplog.text
    assert [r.levelno for r in caplog.records if "given up" in r.message] == [logging.ERROR]
    await town.server.until(lambda: "delivery attempt 1 failed" in caplog.text)
    assert len(await play.stage.app.store.undelivered("discord")) == 1


async def test_an_intent_that_is_switched_off_at_work_ends_the_platform_plainly(
    play: Play, caplog: pytest.LogCaptureFixture
) -> None:
    town = play.town
    town.server.world.message_content = False
    await town.server.gateway.close(4014)
    await town.server.until(lambda: "switch on “Message Content Intent”" in caplog.text)


async def test_it_answers_in_a_server_that_it_was_invited_to_a_moment_ago(play: Play) -> None:
    town = play.town
    fresh = town.server.guild("Fresh")
    lobby = await town.server.text_channel(fresh, "lobby")
    cid = town.server.person("Cid", fresh)
    await town.server.invite(fresh)
    await cid.say(lobby, "hello", mention=True)
    await play.only(lobby, "you said: hello")


async def test_shards_share_the_work(discord_server: DiscordServer, settings: Settings) -> None:
    discord_server.gateway.shards = 2
    guilds = [discord_server.guild("even"), discord_server.guild("odd")]
    channels = [await discord_server.text_channel(g, g.name) for g in guilds]
    ann = discord_server.person("Ann", *guilds)
    town = Town(discord_server, guilds[0], channels[0], ann)
    async with town.product(settings, discord_sharded=True) as play:
        await discord_server.until(lambda: len(discord_server.gateway.sessions) == 2)
        for place in (*channels, ann.dm):
            await ann.say(place, "hello", mention=True)
            await play.only(place, "you said: hello")


async def test_commands_that_could_not_be_registered_are_registered_later(
    town: Town, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bots.discord.adapter._SYNC_WAITS_S", (0.05,))
    town.server.faults.on("PUT /applications/{application_id}/commands", Status(503))
    async with town.product(settings):
        assert town.server.world.commands


async def test_stopping_takes_no_more_messages_and_leaves_no_status_line_behind(town: Town, settings: Settings) -> None:
    """What is under way may finish; what comes after is answered at the next start."""
    async with town.product(settings, goodbye_s=20) as play:
        await town.ann.say(town.dm, "sleep 1")
        await play.status(town.dm)
        ending = asyncio.create_task(play.stage.desk.stop())
        await asyncio.sleep(0)
        await town.ann.say(town.dm, "too late")
        await ending
    assert [s.text for s in play.said(town.dm)] == ["slept"]
    assert not [s for s in town.server.seen(town.dm) if is_status(s)]
    async with town.product(settings) as play:
        await play.hears(town.dm, "you said: too late")
