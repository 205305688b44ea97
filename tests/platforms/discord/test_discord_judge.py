"""A second client sends a voice message to the same server: what went over the wire is compared field by field."""

from __future__ import annotations

import base64
from pathlib import Path

from platforms import media, stage
from platforms.discord.server import Call, DiscordServer
from platforms.judges.run import judged
from pydantic import SecretStr

from bots.discord.adapter import DiscordAdapter
from core.settings import Settings

VOICE = 1 << 13


def voice_posts(server: DiscordServer) -> list[Call]:
    posts = server.asked("POST /channels/{channel_id}/messages")
    return [call for call in posts if isinstance(call.payload, dict) and call.payload.get("flags") == VOICE]


async def test_our_voice_message_is_what_pycord_sends(settings: Settings, tmp_path: Path) -> None:
    async with DiscordServer.running() as server:
        ann = server.person("Ann")
        own = stage.staged(
            settings,
            discord_token=SecretStr(server.token),
            discord_api_url=server.api_url,
            discord_gateway_url=server.gateway_url,
        )
        async with stage.playing(own, DiscordAdapter):
            await ann.say(ann.dm, "speak one two three four")
            (ours,) = await server.until(lambda: [c for c in voice_posts(server) if c.status == 200])
        assert server.violations == []
        (upload,) = ours.uploads
        (tmp_path / "voice.ogg").write_bytes(upload.content)
        (said,) = ours.payload["attachments"]
        await judged(
            "pycord_voice.py",
            server.api_url,
            server.gateway_url,
            server.token,
            ann.id,
            str(tmp_path / "voice.ogg"),
            str(said["duration_secs"]),
            said["waveform"],
        )
        theirs = voice_posts(server)[-1]
        assert theirs is not ours
    (judge,) = theirs.payload["attachments"]
    assert theirs.route == ours.route
    assert theirs.ids == ours.ids
    assert {k: v for k, v in judge.items() if v is not None} == {k: v for k, v in said.items() if v is not None}
    assert [(u.index, u.name, u.content) for u in theirs.uploads] == [
        (u.index, u.name, u.content) for u in ours.uploads
    ]
    assert not ours.payload.get("content"), "a voice message carries no words"
    assert not ours.payload.get("components"), "nor buttons"
    assert {"nonce", "enforce_nonce"} <= set(ours.payload), "a repeated request would post twice"
    assert ours.uploads[0].part_type == "audio/ogg"
    assert abs(said["duration_secs"] - (media.facts(upload.content)[1].duration_s or 0)) < 0.05
    assert 0 < len(base64.b64decode(said["waveform"])) <= 256
