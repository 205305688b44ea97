"""Puts the parts together, once, for every process that answers messages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from core.artifacts import ArtifactStore, open_store
from core.conversation import Conversation
from core.embedded.planner import EmbeddedPlanner
from core.jobs import Jobs
from core.library import Library
from core.llm import LanguageModelPlanner
from core.plans import Planner
from core.policy import Policy
from core.registry import Registry, registry
from core.router import Router
from core.settings import Settings
from core.steps import Steps
from core.store import Store
from core.worker import Worker


@dataclass(frozen=True)
class App:
    """The parts of a process that answers messages."""

    settings: Settings
    registry: Registry
    store: Store
    bytes: ArtifactStore
    library: Library
    jobs: Jobs
    steps: Steps
    planner: Planner
    router: Router


@asynccontextmanager
async def open_planner(settings: Settings, files: ArtifactStore | None = None) -> AsyncIterator[Planner]:
    """The language model where an endpoint is set, else the embedded router; `files` are what it may look at."""
    if not settings.llm_base_url:
        yield EmbeddedPlanner(registry(settings).capabilities)
        return
    planner = LanguageModelPlanner(settings, files)
    try:
        yield planner
    finally:
        await planner.close()


@asynccontextmanager
async def open_app(settings: Settings, jobs: Jobs) -> AsyncIterator[App]:
    """Everything on top of a queue. The queue stays the caller's to close.

    Raises:
        StoreLost: the database cannot be reached.
    """
    store = await Store.open(settings.database)
    try:
        files = open_store(settings)
        library = Library(store, files)
        steps = Steps(settings, jobs, Policy(settings), store)
        async with open_planner(settings, files) as planner:
            router = Router(settings, planner, steps, Conversation(store, settings.memory_tokens), library)
            yield App(settings, registry(settings), store, files, library, jobs, steps, planner, router)
    finally:
        await store.close()


@asynccontextmanager
async def inline_worker(settings: Settings, jobs: Jobs) -> AsyncIterator[Worker]:
    """A worker inside this process, for a script that found no running stack."""
    worker = Worker(settings, jobs, inline=True, name="inline")
    await worker.announce()
    task = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        worker.stop()
        await task
