"""No-op jobs through submit, worker process, result and outbox: what the plumbing itself costs.

The nats-server syncs every message to disk (`sync_interval: always`); each job ends with its reply in the outbox.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

from bench._report import percentile, report
from core.jobs import Job, Jobs
from core.jobs.jetstream import JetStreamJobs
from core.jobs.server import NatsServer
from core.messages import ConversationKey, Outgoing, Reply
from core.store import Store

ONE_BY_ONE = 500
AT_ONCE = 256
MANY = 8000
KEY = ConversationKey("bench", "s", "c")


async def one(jobs: Jobs, store: Store, name: str) -> float:
    started = time.perf_counter()
    result = await jobs.run(Job(name, "noop", "noop", {"text": "x"}, person=name), lambda event: None)
    assert result.text == "x", result
    await store.post(Outgoing(name, KEY, name, Reply(result.text)))
    return (time.perf_counter() - started) * 1e3


async def measure(jobs: Jobs, store: Store) -> dict[str, float]:
    await one(jobs, store, "warm")
    alone = [await one(jobs, store, f"a{n}") for n in range(ONE_BY_ONE)]
    gate = asyncio.Semaphore(AT_ONCE)

    async def gated(n: int) -> float:
        async with gate:
            return await one(jobs, store, f"b{n}")

    started = time.perf_counter()
    loaded = await asyncio.gather(*(gated(n) for n in range(MANY)))
    rate = MANY / (time.perf_counter() - started)
    return {
        "p50_ms": percentile(alone, 50),
        "p99_ms": percentile(alone, 99),
        "jobs_per_s": rate,
        f"p50_ms_with_{AT_ONCE}_at_once": percentile(list(loaded), 50),
        f"p99_ms_with_{AT_ONCE}_at_once": percentile(list(loaded), 99),
    }


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = NatsServer(Path(folder) / "nats")
        await server.start()
        environment = {
            **os.environ,
            "AUDIOGPT_NATS_URL": server.url,
            "AUDIOGPT_DATA_DIR": folder,
            "AUDIOGPT_MODELS": "bench.noop:Noop",
        }
        worker = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bots.cli", "worker", "--serve", "noop", env=environment
        )
        jobs = await JetStreamJobs.connect(server.url)
        store = await Store.open(f"sqlite+aiosqlite:///{folder}/bench.db")
        try:
            figures = await measure(jobs, store)
        finally:
            worker.terminate()
            await worker.wait()
            await store.close()
            await jobs.close()
            await server.stop()
    report("plumbing", figures, {"p50_ms": "<= 10", "jobs_per_s": ">= 1000"})


if __name__ == "__main__":
    asyncio.run(main())
