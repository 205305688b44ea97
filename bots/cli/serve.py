"""`run` and `bot`: the processes that answer people."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import webbrowser
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager

from bots.cli import stack
from bots.cli.work import set_queue, stop_signal
from bots.desk import Desk
from bots.platforms import check_rights, chosen
from bots.web.adapter import WebAdapter
from core.app import open_app
from core.errors import Broken, WrongUse
from core.jobs import Jobs
from core.jobs.jetstream import JetStreamJobs
from core.jobs.server import NatsServer, die_with_parent
from core.settings import Settings

log = logging.getLogger("audiogpt.run")

_WORKER_UP_S = 60.0
_WORKER_DOWN_S = 20.0
_RESTART_S = 1.0


async def run_stack(settings: Settings, open_browser: bool) -> None:
    """Everything on one machine, until Ctrl-C.

    Raises:
        WrongUse: it runs already on this data folder, the port is taken, or AUDIOGPT_RIGHTS cannot be followed.
    """
    check_rights(settings)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    found = stack.running(settings)
    if found:
        raise WrongUse(f"audiogpt is running already at {found.web_url} (process {found.pid})")
    stopping = stop_signal()
    async with AsyncExitStack() as parts:
        url = settings.nats_url
        if not url:
            server = NatsServer(settings.data_dir / "queue")
            await server.start()
            parts.push_async_callback(server.stop)
            url = server.url
            await parts.enter_async_context(_task(server.watch()))
        settings = settings.model_copy(update={"nats_url": url})
        await parts.enter_async_context(_task(_keep_worker(settings)))
        jobs = await JetStreamJobs.connect(url, settings.lease_s)
        parts.push_async_callback(jobs.close)
        web = await parts.enter_async_context(_bot(settings, jobs))
        await _worker_is_up(jobs)
        stack.note(settings, stack.Stack(os.getpid(), url, web.url))
        parts.callback(stack.forget, settings)
        _ready(web.url)
        if open_browser and sys.stdout.isatty():
            webbrowser.open(web.url)
        await stopping.wait()


async def run_bot(settings: Settings) -> None:
    """Adapters and router against a queue that is there, until Ctrl-C.

    Raises:
        WrongUse: AUDIOGPT_RIGHTS cannot be followed.
    """
    check_rights(settings)
    stopping = stop_signal()
    jobs = await JetStreamJobs.connect(set_queue(settings), settings.lease_s)
    try:
        async with _bot(settings, jobs) as web:
            _ready(web.url)
            await stopping.wait()
    finally:
        await jobs.close()


@asynccontextmanager
async def _bot(settings: Settings, jobs: Jobs) -> AsyncIterator[WebAdapter]:
    async with open_app(settings, jobs) as app:
        await app.library.sweep()
        desk = Desk(app)
        web = WebAdapter(desk, settings)
        try:
            await desk.start([web, *(platform.adapter(desk, settings) for platform in chosen(settings))])
            yield web
        finally:
            await desk.stop()


async def _keep_worker(settings: Settings) -> None:
    """A worker process of its own, started again when it dies."""
    process: asyncio.subprocess.Process | None = None
    environment = {**os.environ, "AUDIOGPT_NATS_URL": settings.nats_url, "AUDIOGPT_DATA_DIR": str(settings.data_dir)}
    try:
        while True:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bots.cli",
                "worker",
                env=environment,
                preexec_fn=die_with_parent,
                process_group=0,
            )
            code = await process.wait()
            log.error("the worker ended with %d; starting another", code)
            await asyncio.sleep(_RESTART_S)
    finally:
        if process is not None and process.returncode is None:
            process.terminate()
            try:
                async with asyncio.timeout(_WORKER_DOWN_S):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()


async def _worker_is_up(jobs: Jobs) -> None:
    try:
        async with asyncio.timeout(_WORKER_UP_S):
            while not await jobs.workers():
                await asyncio.sleep(0.05)
    except TimeoutError as error:
        raise Broken("the worker did not start; its log is above") from error


@asynccontextmanager
async def _task(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _ready(url: str) -> None:
    sys.stdout.write(f"ready {url}\n")
    sys.stdout.flush()
