"""A second client beside ours: py-cord has voice messages built in, and sends one to the same server."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from platforms import media
from platforms.discord.play import Play
from platforms.discord.server import Call
from platforms.discord.state import VOICE
from platforms.judges.run import judged


async def test_our_voice_message_is_py_cords_field_by_field(play: Play, tmp_path: Path) -> None:
    town, server = play.town, play.town.server
    await town.ann.say(town.dm, "speak one two three four")
    await play.hears(town.dm, "done:")
    clip = tmp_path / "voice-message.ogg"
    clip.write_bytes(media.opus(1.0))
    waveform = base64.b64encode(bytes(range(10))).decode()
    args = (server.api_url, server.gateway_url, server.token, town.ann.id, str(clip), "1.0", waveform)
    await judged("pycord_voice.py", *args)
    ours, theirs = [_wire(call) for call in play.posts() if call.uploads]

    for name in ("method", "route", "query", "file"):
        assert ours[name] == theirs[name]
    assert (ours["type"], theirs["type"]) == ("audio/ogg", "application/octet-stream")
    assert server.violations == ["a voice message's part has the type application/octet-stream"]
    server.forgive()

    mine, other = ours["payload"], theirs["payload"]
    assert mine["flags"] == other["flags"] == VOICE
    assert mine["attachments"] == other["attachments"]
    assert mine["tts"] is False
    assert not other["tts"]
    assert mine.keys() - other.keys() == {"enforce_nonce", "allowed_mentions", "nonce"} - other.keys()
    assert all(not other[name] for name in other.keys() - mine.keys()), "theirs says nothing more"


def _wire(call: Call) -> dict[str, Any]:
    """A request to post a voice message; of numbers and texts that differ by nature, what kind they are."""
    (upload,) = call.uploads
    payload = json.loads(json.dumps(call.payload))
    (described,) = payload["attachments"]
    kinds = ("duration_secs", "waveform")
    described = {name: type(value).__name__ if name in kinds else value for name, value in described.items()}
    payload["attachments"] = [{name: value for name, value in described.items() if value is not None}]
    return {
        "method": call.method,
        "route": call.route,
        "query": call.query,
        "payload": payload,
        "file": (upload.index, upload.name),
        "type": upload.part_type,
    }
