"""What compose.yaml starts, as plain processes: its commands, its settings, its health check of a worker."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import signal
import subprocess
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml
from paths import ROOT

from core.jobs.server import NatsServer

SERVICES = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text())["services"]
PROGRAM = (sys.executable, "-m", "bots.cli")


@dataclass
class Topology:
    """The processes of the services."""

    queue: str
    data: Path
    running: list[Process] = field(default_factory=list)

    def environment(self, service: str) -> dict[str, str]:
        """What the service is given, with this machine's addresses and folders in place of the containers'."""
        said = {name: str(value) for name, value in SERVICES[service]["environment"].items()}
        here = {
            "AUDIOGPT_NATS_URL": self.queue,
            "AUDIOGPT_DATA_DIR": str(self.data),
            "AUDIOGPT_HUB_DIR": str(self.data / "hub"),
            "AUDIOGPT_WEB_HOST": "127.0.0.1",
            "AUDIOGPT_WEB_PORT": "0",
        }
        assert set(said) <= set(here)
        return {**os.environ, **{name: here[name] for name in said}}

    async def start(self, service: str) -> Process:
        """One more process of a service."""
        process = await asyncio.create_subprocess_exec(
            *PROGRAM,
            *SERVICES[service]["command"],
            cwd=ROOT,
            env=self.environment(service),
            stdout=PIPE if service == "bot" else DEVNULL,
            stderr=DEVNULL,
        )
        self.running.append(process)
        return process

    async def worker_is_healthy(self) -> bool:
        """What the worker's own health check says."""
        kind, line = SERVICES["worker"]["healthcheck"]["test"]
        assert kind == "CMD-SHELL"
        done = await asyncio.to_thread(
            subprocess.run,
            ["/bin/sh", "-c", line.replace("audiogpt", " ".join(PROGRAM))],
            cwd=ROOT,
            env=self.environment("worker"),
        )
        return done.returncode == 0

    async def until_healthy(self) -> None:
        """Wait for the first worker."""
        async with asyncio.timeout(30):
            while not await self.worker_is_healthy():
                await asyncio.sleep(0.2)


@pytest.fixture
async def topology(tmp_path: Path) -> AsyncIterator[Topology]:
    server = NatsServer(tmp_path / "queue")
    await server.start()
    found = Topology(server.url, tmp_path / "data")
    try:
        yield found
    finally:
        for process in found.running:
            if process.returncode is None:
                process.kill()
            await process.communicate()
        await server.stop()


async def address(bot: Process) -> str:
    """Where the bot serves, from its one line."""
    assert bot.stdout is not None
    async with asyncio.timeout(40):
        word, url = (await bot.stdout.readline()).decode().split()
    assert word == "ready"
    return url.rstrip("/")


async def asked(session: aiohttp.ClientSession, url: str, text: str) -> dict[str, Any]:
    """The reply to one message in a room of its own."""
    room = f"{url}/api/rooms/{secrets.token_urlsafe(24)}"
    form = aiohttp.FormData({"text": text}, default_to_multipart=True)
    async with session.post(f"{room}/messages", data=form) as answer:
        assert answer.status == 202
    async with asyncio.timeout(60), session.get(f"{room}/events") as events:
        async for line in events.content:
            if line.startswith(b"data: "):
                event: dict[str, Any] = json.loads(line[6:])
                if event["type"] == "reply":
                    return event
    raise AssertionError("the stream ended without a reply")


async def test_the_services_work_together_and_end_cleanly(topology: Topology) -> None:
    bot = await topology.start("bot")
    url = await address(bot)
    assert not await topology.worker_is_healthy()
    worker = await topology.start("worker")
    await topology.until_healthy()
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{url}/api/health") as answer:
            assert answer.status == 200
        reply = await asked(session, url, "Read this aloud: The first train leaves at nine.")
        assert reply["refusal"] is None
        (voice,) = reply["shown"]
        async with session.get(f"{url}/api/artifacts/{voice['id']}") as answer:
            assert (await answer.read()).startswith(b"RIFF")
    for process in (worker, bot):
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(20):
            assert await process.wait() == 0
