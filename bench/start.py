"""`audiogpt run`: how long until it is ready, and how much memory it holds, idle and after one of each request.

Memory is the sum of the proportional set sizes (PSS) of all its processes, so shared pages count once.
"""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import signal
import sys
import tempfile
import time
from pathlib import Path

import aiohttp
import psutil

from bench._report import report

REQUESTS = (
    ("Say 'the train leaves at seven'", False),
    ("transcribe this", True),
    ("clean up the noise in this recording", True),
    ("reverse this clip", True),
)


def memory_mb(pid: int) -> float:
    root = psutil.Process(pid)
    return sum(p.memory_full_info().pss for p in (root, *root.children(recursive=True))) / 1e6


async def speak(folder: Path) -> Path:
    """A clip to send along, made by the product itself."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bots.cli", "do", "text_to_speech",
        "--arg", "text=Good morning, this is a short recording.", "--out", str(folder),
        stdout=asyncio.subprocess.DEVNULL, env={**os.environ, "AUDIOGPT_DATA_DIR": str(folder / "own")},
    )  # fmt: skip
    assert await process.wait() == 0
    return next(folder.glob("*.wav"))


async def ask(url: str, text: str, clip: Path | None) -> None:
    room = secrets.token_urlsafe(18)
    async with aiohttp.ClientSession() as session:
        form = aiohttp.FormData(default_to_multipart=True)
        form.add_field("text", text)
        form.add_field("client_id", re.sub(r"\W", "", text))
        if clip:
            form.add_field("files", clip.read_bytes(), filename=clip.name, content_type="audio/wav")
        async with session.get(f"{url}/api/rooms/{room}/events") as events:
            async with session.post(f"{url}/api/rooms/{room}/messages", data=form, headers={"Origin": url}) as answer:
                assert answer.status == 202, await answer.text()
                message = (await answer.json())["message_id"]
            kind = ""
            async for line in events.content:
                if line.startswith(b"event:"):
                    kind = line.split(b":", 1)[1].strip().decode()
                if kind == "reply" and line.startswith(b"data:") and message in line.decode():
                    assert '"refusal": null' in line.decode() or '"refusal":null' in line.decode(), line
                    return


async def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clip = await speak(folder)
        starts, idle, busy = [], 0.0, 0.0
        for _ in range(3):
            environment = {**os.environ, "AUDIOGPT_DATA_DIR": str(folder / "data"), "AUDIOGPT_WEB_PORT": "0"}
            started = time.perf_counter()
            stack = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bots.cli", "run", "--no-open", stdout=asyncio.subprocess.PIPE, env=environment
            )
            assert stack.stdout is not None
            url = (await stack.stdout.readline()).decode().split()[1]
            starts.append(time.perf_counter() - started)
            await asyncio.sleep(3)
            idle = memory_mb(stack.pid)
            for text, with_clip in REQUESTS:
                await asyncio.wait_for(ask(url.rstrip("/"), text, clip if with_clip else None), 120)
            busy = memory_mb(stack.pid)
            stack.send_signal(signal.SIGINT)
            await stack.wait()
    report(
        "start", {"first_start_s": starts[0], "start_s": sorted(starts)[1], "idle_mb": idle, "after_requests_mb": busy}
    )


if __name__ == "__main__":
    asyncio.run(main())
