"""The topology of docker/compose.yaml with plain processes: a nats-server, a bot, two workers; commands beside them."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from e2e.stack import end, ready, room, share_weights, start
from paths import ROOT

from core.jobs.server import NatsServer


async def test_a_bot_and_two_workers_share_a_queue(nats_server: NatsServer, weights_dir: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    share_weights(weights_dir, data)
    own = {"AUDIOGPT_NATS_URL": nats_server.url}
    speaking = await start("worker", data, "--serve", "text_to_speech", **own)
    listening = await start("worker", data, "--serve", "speech_recognition", **own)
    bot = await start("bot", data, **own)
    try:
        url = await ready(bot)
        await _served(url, {"text_to_speech", "speech_recognition"})
        async with room(url) as talk:
            said = await talk.ask("say 'many hands make light work'")
            wav = await talk.fetch(said["shown"][0]["id"])
            written = await talk.ask("transcribe this", files=("a.wav", wav, "audio/wav"))
            assert "light work" in written["text"]
            refused = await talk.ask("remove the noise", files=("a.wav", wav, "audio/wav"))
            assert refused["refusal"]["kind"] == "no_model"
        asked = await _command("ask", "say 'from the command line'", "--json", "--out", str(tmp_path), data=data, **own)
        assert asked["artifacts"][0]["model"] == "hibari"
        kept = [p for p in (data / "artifacts").rglob("*") if p.is_file()]
        assert asked["artifacts"][0]["id"] not in {p.name for p in kept}, "a script's files stay in the store"
        await end(speaking, signal.SIGKILL)
        third = await start("worker", data, "--serve", "text_to_speech", **own)
        async with room(url) as talk:
            again = await talk.ask("say 'the show goes on'")
        await end(third, signal.SIGTERM)
        assert again["refusal"] is None, again
    finally:
        for process in (bot, listening, speaking):
            await end(process, signal.SIGTERM)


async def _served(url: str, wanted: set[str]) -> None:
    async with asyncio.timeout(30), room(url) as talk:
        while True:
            async with talk._session.get(f"{url}/api/capabilities") as answer:
                if {c["id"] for c in (await answer.json())["capabilities"]} >= wanted:
                    return
            await asyncio.sleep(0.2)


async def _command(*args: str, data: Path, **settings: str) -> dict[str, list[dict[str, str]]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bots.cli", *args,
        cwd=ROOT, env={**os.environ, "AUDIOGPT_DATA_DIR": str(data), **settings}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    printed, _ = await asyncio.wait_for(process.communicate(), 90)
    assert process.returncode == 0
    answer: dict[str, list[dict[str, str]]] = json.loads(printed)
    return answer
