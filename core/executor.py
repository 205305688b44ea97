"""Where a worker's models run: in a supervised child process, or in this process for a script.

The child speaks JSON lines over a socket of its own; it ends when that socket closes, so it never outlives its worker.
A segfault or an out-of-memory kill of the child costs one attempt of the jobs in it, never the worker.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Protocol

from core import logs, media, wire
from core.artifacts import open_store
from core.errors import Broken
from core.jobs import Job, Result
from core.jobs.server import die_with_parent
from core.messages import Piece
from core.runner import Runner, Tell
from core.settings import Settings

LINE_LIMIT = 64 << 20
"""Bytes of one message: text, facts, and a few seconds of sound at most."""
_HARD_STOP_S = 3.0
_END_S = 3.0


class Executor(Protocol):
    """Runs one set of jobs at a time."""

    @property
    def hot(self) -> tuple[str, ...]:
        """Ids of the models in memory."""

    async def start(self) -> None:
        """Get ready; may be called again after a fault."""

    async def run(self, model_id: str, jobs: Sequence[Job]) -> list[Result | Exception]:
        """A result for each job, or the exception that wants another attempt."""

    async def cancel(self, job_id: str) -> None:
        """Stop a running job, by force if it does not stop by itself."""

    async def stop(self) -> None:
        """End it."""


class InlineExecutor:
    """Models in this process, in a thread: no start-up cost, no protection."""

    def __init__(self, settings: Settings, tell: Tell) -> None:
        self._runner = Runner(settings, open_store(settings), tell)

    @property
    def hot(self) -> tuple[str, ...]:
        """Ids of the models in memory."""
        return self._runner.hot

    async def start(self) -> None:
        """Nothing to do."""

    async def run(self, model_id: str, jobs: Sequence[Job]) -> list[Result | Exception]:
        """A result for each job, or the exception that wants another attempt."""
        return await self._runner.serve(model_id, jobs)

    async def cancel(self, job_id: str) -> None:
        """Stop a running job at its next sign of progress."""
        self._runner.stop(job_id)

    async def stop(self) -> None:
        """Nothing to do."""


class ChildExecutor:
    """Models in a child process of their own."""

    def __init__(self, settings: Settings, tell: Tell) -> None:
        self._settings = settings
        self._tell = tell
        self._process: asyncio.subprocess.Process | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self._answer: asyncio.Future[list[Result | Exception]] | None = None
        self._hot: tuple[str, ...] = ()

    @property
    def hot(self) -> tuple[str, ...]:
        """Ids of the models in memory."""
        return self._hot

    @property
    def pid(self) -> int:
        """Of the child; 0 when there is none."""
        return self._process.pid if self._process else 0

    async def start(self) -> None:
        """Start the child, unless it runs."""
        if self._reading is not None and not self._reading.done():
            return  # the socket closes before the process's end is noticed, so it is what tells
        await self.stop()
        ours, theirs = socket.socketpair()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "core.executor",
            str(theirs.fileno()),
            pass_fds=(theirs.fileno(),),
            stdin=asyncio.subprocess.PIPE,
            preexec_fn=die_with_parent,
            process_group=0,  # Ctrl-C is the worker's to handle
        )
        theirs.close()
        assert self._process.stdin is not None
        self._process.stdin.write(self._settings.model_dump_json().encode() + b"\n")
        self._process.stdin.close()
        reader, self._writer = await asyncio.open_connection(sock=ours, limit=LINE_LIMIT)
        self._hot = ()
        self._reading = asyncio.create_task(self._read(reader))

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            with suppress(ConnectionError):
                while line := await reader.readline():
                    self._take(json.loads(line))
        finally:
            if self._answer is not None and not self._answer.done():
                self._answer.set_exception(Broken("the model's process ended"))

    def _take(self, message: dict[str, Any]) -> None:
        if message["op"] == "progress":
            self._tell(
                message["job"], message["fraction"], message["piece"] and wire.from_json(Piece, message["piece"])
            )
            return
        self._hot = tuple(message["hot"])
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(
                [Broken(r["broken"]) if "broken" in r else wire.from_json(Result, r) for r in message["results"]]
            )

    async def run(self, model_id: str, jobs: Sequence[Job]) -> list[Result | Exception]:
        """A result for each job, or the exception that wants another attempt."""
        message = {"op": "run", "model": model_id, "jobs": [wire.to_json(job) for job in jobs]}
        try:
            await self._send_alive(message)
            assert self._answer is not None
            return await self._answer
        except (Broken, ConnectionError) as error:
            return [Broken(str(error)) for _ in jobs]
        finally:
            self._answer = None

    async def _send_alive(self, message: dict[str, Any]) -> None:
        """Send to a living child: that it died before it got the jobs is no attempt of theirs."""
        for last in (False, True):
            await self.start()
            self._answer = asyncio.get_running_loop().create_future()
            try:
                await self._send(message)
                return
            except (Broken, ConnectionError):
                if not self._answer.cancel():
                    self._answer.exception()  # looked at, so that nobody warns of it
                if last:
                    raise
                await self.stop()

    async def _send(self, message: dict[str, Any]) -> None:
        if self._writer is None:
            raise Broken("the model's process is not there")
        self._writer.write(json.dumps(message).encode() + b"\n")
        await self._writer.drain()

    async def cancel(self, job_id: str) -> None:
        """Stop a running job: ask, and end the child when it does not listen."""
        running = self._answer
        if running is None:
            return
        with suppress(Broken, ConnectionError):
            await self._send({"op": "cancel", "job": job_id})
        done, _ = await asyncio.wait([running], timeout=_HARD_STOP_S)
        if not done and self._process is not None and self._process.returncode is None:
            self._process.kill()

    async def stop(self) -> None:
        """End the child."""
        if self._writer is not None:
            self._writer.close()
            with suppress(ConnectionError):
                await self._writer.wait_closed()
            self._writer = None
        if self._process is not None:
            try:
                async with asyncio.timeout(_END_S):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
            self._process = None
        if self._reading is not None:
            await self._reading
            self._reading = None


async def _child(fd: int, settings: Settings) -> None:
    """The child's loop: commands come in, progress and results go out, until the socket closes."""
    reader, writer = await asyncio.open_connection(sock=socket.socket(fileno=fd), limit=LINE_LIMIT)

    def send(message: dict[str, Any]) -> None:
        writer.write(json.dumps(message).encode() + b"\n")

    def tell(job_id: str, fraction: float | None, piece: Piece | None) -> None:
        send({"op": "progress", "job": job_id, "fraction": fraction, "piece": piece and wire.to_json(piece)})

    runner = Runner(settings, open_store(settings), tell)

    async def serve(message: dict[str, Any]) -> None:
        results = await runner.serve(message["model"], [wire.from_json(Job, job) for job in message["jobs"]])
        send({"op": "done", "hot": runner.hot, "results": [_wire(r) for r in results]})
        await writer.drain()

    tasks: set[asyncio.Task[None]] = set()
    with suppress(ConnectionError):
        while line := await reader.readline():
            message = json.loads(line)
            if message["op"] == "cancel":
                runner.stop(message["job"])
            else:
                task = asyncio.create_task(serve(message))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
    os._exit(0)  # a model in a thread cannot be stopped, and nobody waits for it any more


def _wire(result: Result | Exception) -> dict[str, Any]:
    if isinstance(result, Result):
        packed: dict[str, Any] = wire.to_json(result)
        return packed
    return {"broken": f"{type(result).__name__}: {result}"}


def main() -> None:
    """Entry of the child: `python -m core.executor FD`, settings as JSON on standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    settings = Settings.model_validate_json(sys.stdin.readline())
    logs.set_up(settings.log_level)
    threading.Thread(target=media.warm, daemon=True).start()
    asyncio.run(_child(int(sys.argv[1]), settings))


if __name__ == "__main__":
    main()
