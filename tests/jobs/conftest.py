from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from core.jobs import Job, Jobs
from core.jobs.jetstream import JetStreamJobs
from core.jobs.memory import MemoryJobs
from core.jobs.server import NatsServer

LEASE_S = 1.0

Connect = Callable[[], Awaitable[Jobs]]


@pytest.fixture(params=["memory", "jetstream"])
async def connect(request: pytest.FixtureRequest, nats_server: NatsServer) -> AsyncIterator[Connect]:
    """Makes bots' and workers' views of one queue: the same object in memory, a connection each on NATS."""
    opened: list[Jobs] = []
    shared = MemoryJobs(LEASE_S)

    async def make() -> Jobs:
        jobs: Jobs = shared if request.param == "memory" else await JetStreamJobs.connect(nats_server.url, LEASE_S)
        opened.append(jobs)
        return jobs

    yield make
    for jobs in opened:
        await jobs.close()


@pytest.fixture
def job(request: pytest.FixtureRequest) -> Callable[..., Job]:
    """Jobs of a model that belongs to one test alone."""
    model = "m" + str(abs(hash(request.node.nodeid)))

    def make(number: int = 0, **fields: object) -> Job:
        return Job(id=f"{model}-{number}", capability="noop", model=model, **fields)  # type: ignore[arg-type]

    return make
