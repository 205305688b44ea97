"""The embedded nats-server: a child process on loopback with JetStream on disk."""

from __future__ import annotations

import asyncio
import ctypes
import os
import shutil
import signal
import socket
import sys
from pathlib import Path

from core.errors import QueueLost

_START_S = 10.0
_STOP_S = 5.0


def find_nats_server() -> Path:
    """The nats-server to run: the operator's own on PATH, else the one that the package brings.

    Raises:
        QueueLost: there is none.
    """
    packaged = Path(sys.executable).parent / "nats-server"
    found = shutil.which("nats-server") or (str(packaged) if packaged.is_file() else None)
    if found is None:
        raise QueueLost("no nats-server found: run `make setup`, or set AUDIOGPT_NATS_URL")
    return Path(found)


def free_port() -> int:
    """A TCP port on loopback that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def die_with_parent() -> None:
    """In a child, before exec: be ended when the parent is, even by kill -9. Linux only; elsewhere nothing happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


class NatsServer:
    """Runs one nats-server child; `url` is where it listens."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self._folder = folder
        self._port = port or free_port()
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """`nats://127.0.0.1:<port>`."""
        return f"nats://127.0.0.1:{self._port}"

    @property
    def pid(self) -> int:
        """Of the child; 0 when it does not run."""
        return self._process.pid if self._process else 0

    async def start(self) -> None:
        """Start the child and wait until it accepts connections.

        Raises:
            QueueLost: it did not come up.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        config = self._folder / "nats.conf"
        config.write_text(
            f'listen: "127.0.0.1:{self._port}"\n'
            f'log_file: "{self._folder / "nats.log"}"\n'
            "log_size_limit: 10MB\n"
            "max_payload: 8MB\n"  # a transcript of some hours with its times has more than the usual megabyte
            f'jetstream {{ store_dir: "{self._folder}", sync_interval: always }}\n'
        )
        self._process = await asyncio.create_subprocess_exec(
            find_nats_server(),
            "-c",
            config,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            preexec_fn=die_with_parent,
            process_group=0,  # so that Ctrl-C reaches only us, and we stop it last
        )
        await self._listening()

    async def _listening(self) -> None:
        assert self._process is not None
        try:
            async with asyncio.timeout(_START_S):
                while self._process.returncode is None:
                    try:
                        _, writer = await asyncio.open_connection("127.0.0.1", self._port)
                    except OSError:
                        await asyncio.sleep(0.02)
                        continue
                    writer.close()
                    await writer.wait_closed()
                    return
        except TimeoutError:
            await self.stop()
        raise QueueLost(f"nats-server did not start; see {self._folder / 'nats.log'}")

    async def watch(self) -> None:
        """Start the child again whenever it ends by itself, on the same port. Runs until cancelled."""
        while self._process is not None:
            await self._process.wait()
            await asyncio.sleep(0.2)
            await self.start()

    async def stop(self) -> None:
        """End the child cleanly, then by force."""
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(_STOP_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


def alive(pid: int) -> bool:
    """Whether a process of ours with this id runs."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True
