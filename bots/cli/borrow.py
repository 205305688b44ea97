"""How a command gets a queue with workers: the running stack's, or one of its own for a moment."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bots.cli.stack import queue_url
from core.app import inline_worker
from core.jobs import Jobs
from core.jobs.jetstream import JetStreamJobs
from core.jobs.memory import MemoryJobs
from core.settings import Settings


@asynccontextmanager
async def borrowed(settings: Settings) -> AsyncIterator[tuple[Settings, Jobs]]:
    """A queue with workers: the running stack's, else one in this process whose files vanish at the end.

    Raises:
        QueueLost: a NATS URL is set and nothing answers there.
    """
    url = queue_url(settings)
    if url:
        jobs = await JetStreamJobs.connect(url, settings.lease_s)
        try:
            yield settings, jobs
        finally:
            await jobs.close()
        return
    with tempfile.TemporaryDirectory(prefix="audiogpt-") as folder:
        own = settings.model_copy(
            update={
                "artifacts_url": Path(folder, "artifacts").as_uri(),
                "database_url": f"sqlite+aiosqlite:///{folder}/audiogpt.db",
            }
        )
        memory = MemoryJobs(own.lease_s)
        async with inline_worker(own, memory):
            yield own, memory
        await memory.close()
