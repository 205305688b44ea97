"""`worker`: the process that serves models. It imports nothing of the bot's side, to stay small."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Sequence

from bots.cli import stack
from core.errors import WrongUse
from core.jobs.jetstream import JetStreamJobs
from core.settings import Settings
from core.worker import Worker

log = logging.getLogger("audiogpt.run")


async def run_worker(settings: Settings, serve: Sequence[str]) -> None:
    """One worker, until Ctrl-C; a second one ends it without waiting for what is running."""
    stopping = stop_signal()
    jobs = await JetStreamJobs.connect(set_queue(settings), settings.lease_s)
    try:
        worker = Worker(settings, jobs, serve=serve)
        if not worker.models:
            raise WrongUse(f"no model that can run here serves {', '.join(serve) or 'anything'}: see `audiogpt models`")
        working = asyncio.create_task(worker.run())
        log.info("worker %s serves %s", worker.id, ", ".join(m.id for m in worker.models))
        waiting = asyncio.create_task(stopping.wait())
        await asyncio.wait([working, waiting], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        worker.stop()
        await working
    finally:
        await jobs.close()


def set_queue(settings: Settings) -> str:
    """The NATS URL to dial.

    Raises:
        WrongUse: none is set and no stack runs here.
    """
    url = stack.queue_url(settings)
    if not url:
        raise WrongUse("set AUDIOGPT_NATS_URL, or start `audiogpt run` on this machine first")
    return url


def stop_signal() -> asyncio.Event:
    """Set by Ctrl-C or SIGTERM; the second one ends the process at once."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if stopping.is_set():
            os._exit(130)
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    return stopping
