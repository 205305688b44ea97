"""Starts the product's real processes and talks to its page as a browser would."""

from __future__ import annotations

import asyncio
import io
import json
import os
import secrets
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from paths import ROOT


async def start(command: str, data: Path, *args: str, **settings: str) -> asyncio.subprocess.Process:
    environment = {**os.environ, "AUDIOGPT_DATA_DIR": str(data), "AUDIOGPT_WEB_PORT": "0", **settings}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bots.cli", command, *args, cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE
    )


async def ready(process: asyncio.subprocess.Process) -> str:
    """Wait for the one line that says where the page is."""
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), 90)
    assert line.startswith(b"ready http://127.0.0.1:"), line
    return line.decode().split()[1].rstrip("/")


async def end(process: asyncio.subprocess.Process, how: signal.Signals = signal.SIGINT) -> int:
    if process.returncode is None:
        process.send_signal(how)
    return await asyncio.wait_for(process.wait(), 40)


def share_weights(weights_dir: Path, data: Path) -> None:
    """A data folder of its own with the weights that are put together already."""
    (weights_dir / "weights").mkdir(exist_ok=True)
    (data / "weights").symlink_to(weights_dir / "weights")


class Room:
    """One room, by HTTP and server-sent events."""

    def __init__(self, session: aiohttp.ClientSession, url: str, room: str = "") -> None:
        self._session = session
        self.url = url
        self.id = room or secrets.token_urlsafe(18)
        self.statuses: list[dict[str, Any]] = []
        self.sounds: list[dict[str, Any]] = []

    async def send(self, text: str = "", **files: tuple[str, bytes, str]) -> str:
        """Post a message; `voice=` or `files=` as (name, content, type). Returns its id."""
        form = aiohttp.MultipartWriter("form-data")
        form.append(text).set_content_disposition("form-data", name="text")
        form.append("Ann").set_content_disposition("form-data", name="author")
        for field, (name, content, kind) in files.items():
            part = form.append(io.BytesIO(content), {"Content-Type": kind})
            part.set_content_disposition("form-data", name=field, filename=name)
        async with self._session.post(f"{self.url}/api/rooms/{self.id}/messages", data=form) as answer:
            assert answer.status == 202, await answer.text()
            message: str = (await answer.json())["message_id"]
            return message

    async def reply(self, message: str, timeout_s: float = 90) -> dict[str, Any]:
        """Follow the room from its beginning until the answer to a message."""
        async with asyncio.timeout(timeout_s):
            async with self._session.get(f"{self.url}/api/rooms/{self.id}/events?after=0") as events:
                async for line in events.content:
                    if line.startswith(b"data:"):
                        event: dict[str, Any] = json.loads(line[5:])
                        if event.get("message_id") == message and event["type"] == "status":
                            self.statuses.append(event)
                        if event.get("message_id") == message and event["type"] == "sound":
                            self.sounds.append(event)
                        if event.get("message_id") == message and event["type"] == "reply":
                            return event
        raise AssertionError("the stream ended before the answer")

    async def ask(self, text: str = "", **files: tuple[str, bytes, str]) -> dict[str, Any]:
        return await self.reply(await self.send(text, **files))

    async def fetch(self, artifact: str) -> bytes:
        async with self._session.get(f"{self.url}/api/artifacts/{artifact}") as answer:
            assert answer.status == 200
            return await answer.read()


@asynccontextmanager
async def room(url: str, name: str = "") -> AsyncIterator[Room]:
    async with aiohttp.ClientSession() as session:
        yield Room(session, url, name)
