"""What an operator sees: the doctor's look at Discord, and how to set the bot up there."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import discord
import pytest
from platforms.discord.driver import pointed
from platforms.discord.faults import Held
from platforms.discord.play import Town
from platforms.discord.server import DiscordServer
from platforms.discord.state import BOT_PERMISSIONS, SEND_VOICE
from pydantic import SecretStr

from bots.discord import check
from bots.discord.check import examine
from bots.discord.manifest import manifest
from core.settings import Settings


async def test_a_bot_that_is_set_up_is_found_so(town: Town, settings: Settings) -> None:
    found = await examine(pointed(settings, town.server))
    assert all(f.ok for f in found)
    said = "\n".join(f.message for f in found)
    assert "the token is audiogpt's" in said
    assert "it may read messages" in said
    assert "in 1 server" in said


async def test_what_is_missing_is_named_with_the_way_to_mend_it(town: Town, settings: Settings) -> None:
    town.server.world.message_content = False
    town.studio.permissions = BOT_PERMISSIONS & ~SEND_VOICE
    wrong = [f.message for f in await examine(pointed(settings, town.server)) if not f.ok]
    assert len(wrong) == 2
    assert f"discord.com/developers/applications/{town.server.world.bot.id}/bot" in wrong[0]
    assert wrong[1] == "in 'Studio' it lacks: Send Voice Messages"


async def test_a_bot_in_no_server_gets_its_invite_link(discord_server: DiscordServer, settings: Settings) -> None:
    (wrong,) = [f.message for f in await examine(pointed(settings, discord_server)) if not f.ok]
    assert f"client_id={discord_server.world.bot.id}" in wrong


async def test_a_wrong_token_and_a_network_that_is_down_are_findings(town: Town, settings: Settings) -> None:
    good = pointed(settings, town.server)
    (token,) = await examine(good.model_copy(update={"discord_token": SecretStr("secret.token")}))
    (down,) = await examine(good.model_copy(update={"discord_api_url": "http://127.0.0.1:1/api/v10"}))
    assert not token.ok
    assert "AUDIOGPT_DISCORD_TOKEN" in token.message
    assert "secret" not in token.message
    assert not down.ok
    assert "cannot be reached" in down.message


async def test_a_platform_that_does_not_answer_is_waited_for_only_so_long(
    town: Town, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "_LIMIT_S", 0.5)
    held = town.server.faults.on("GET /users/@me", Held())
    (found,) = await examine(pointed(settings, town.server))
    held.released.set()
    assert not found.ok


def test_the_manifest_has_the_invite_link_with_the_permissions_that_are_used(settings: Settings) -> None:
    server = DiscordServer()
    text = manifest(settings.model_copy(update={"discord_token": SecretStr(server.token)}))
    link = urlsplit(next(word for word in text.split() if word.startswith("https://discord.com/oauth2")))
    query = parse_qs(link.query)
    assert query["client_id"] == [server.world.bot.id]
    assert query["scope"] == ["bot applications.commands"]
    granted = {name for name, given in discord.Permissions(int(query["permissions"][0])) if given}
    assert granted == {
        "read_messages",
        "send_messages",
        "send_messages_in_threads",
        "attach_files",
        "read_message_history",
        "send_voice_messages",
    }
    assert "Message Content Intent" in text
    assert server.token not in text


def test_without_a_token_the_manifest_says_where_to_get_one(settings: Settings) -> None:
    text = manifest(settings)
    assert "AUDIOGPT_DISCORD_TOKEN" in text
    assert "YOUR_APPLICATION_ID" in text
