"""A worker: leases what it can serve now, keeps the leases alive, hands in results. It never runs a model itself."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from typing import Any

from core.errors import Broken, QueueLost
from core.executor import ChildExecutor, Executor, InlineExecutor
from core.jobs import MAX_ATTEMPTS, Jobs, Lease, Priority, Result, Want, WorkerState
from core.jobs._words import CANCELLED, refused
from core.messages import Piece
from core.registry import ModelClass, registry
from core.settings import Settings

log = logging.getLogger("audiogpt.worker")

ANNOUNCE_S = 2.0
_LOOK_S = 0.1
_MOST_SKIPS = 8
"""How often a cold model's turn may be passed over for a hot one."""


class Worker:
    """Pulls jobs into slots; each slot is one executor that runs one set of jobs at a time."""

    def __init__(
        self, settings: Settings, jobs: Jobs, *, serve: Sequence[str] = (), inline: bool = False, name: str = ""
    ) -> None:
        self._settings = settings
        self._jobs = jobs
        self._models = [
            m for m in registry(settings).runnable(settings) if not serve or m.capability.id in serve or m.id in serve
        ]
        make = InlineExecutor if inline else ChildExecutor
        self._leases: dict[str, Lease] = {}
        self._slots: list[Executor] = [make(settings, self._tell) for _ in range(settings.worker_slots)]
        self._busy = 0
        self._skipped: dict[str, int] = {}
        self._stopping = asyncio.Event()
        self._asides: set[asyncio.Task[None]] = set()
        self.id = name or secrets.token_hex(6)

    @property
    def models(self) -> list[ModelClass]:
        """What it serves."""
        return self._models

    @property
    def executors(self) -> list[Executor]:
        """Where its models run."""
        return self._slots

    async def run(self) -> None:
        """Serve until `stop` is called, then finish what is running."""
        for slot in self._slots:
            await slot.start()
        announcing = asyncio.create_task(self._announce())
        try:
            await asyncio.gather(*(self._serve(slot) for slot in self._slots))
        finally:
            announcing.cancel()
            await asyncio.gather(announcing, return_exceptions=True)
            for slot in self._slots:
                await slot.stop()

    def stop(self) -> None:
        """Take nothing new; `run` returns when what is running is done."""
        self._stopping.set()

    async def announce(self) -> None:
        """Say once what it serves."""
        await self._jobs.announce(
            WorkerState(
                self.id,
                models=tuple(m.id for m in self._models),
                capabilities=tuple(dict.fromkeys(m.capability.id for m in self._models)),
                hot=tuple(dict.fromkeys(name for slot in self._slots for name in slot.hot)),
                device=self._settings.device,
                busy=self._busy,
            )
        )

    async def _announce(self) -> None:
        while True:
            await self.announce()
            await asyncio.sleep(ANNOUNCE_S)

    async def _serve(self, slot: Executor) -> None:
        while not self._stopping.is_set():
            try:
                leases = await self._jobs.lease(self._wants(slot))
            except QueueLost as error:
                log.warning("no lease: %s", error)
                leases = []
            if leases:
                await self._carry_out(slot, leases)
            else:
                await self._idle()

    async def _idle(self) -> None:
        waits = [asyncio.create_task(self._jobs.work(1.0)), asyncio.create_task(self._stopping.wait())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    def _wants(self, slot: Executor) -> list[Want]:
        """Interactive before batch; within each hot models first, but a cold one that waited its skips comes first."""
        hot = set(slot.hot)

        def rank(model: ModelClass) -> int:
            if self._skipped.get(model.id, 0) >= _MOST_SKIPS:
                return 0
            return 1 if model.id in hot else 2

        models = sorted(self._models, key=rank)
        return [Want(p, m.capability.id, m.id, m.batch) for p in Priority for m in models]

    async def _carry_out(self, slot: Executor, leases: list[Lease]) -> None:
        model = leases[0].job.model
        for other in self._models:
            self._skipped[other.id] = 0 if other.id == model else self._skipped.get(other.id, 0) + 1
        self._leases.update({lease.job.id: lease for lease in leases})
        self._busy += len(leases)
        guard = asyncio.create_task(self._guard(slot, leases))
        try:
            for lease in leases:
                await lease.progress(None)
            outcomes = await slot.run(model, [lease.job for lease in leases])
        finally:
            self._busy -= len(leases)
            guard.cancel()
            await asyncio.gather(guard, return_exceptions=True)
            for lease in leases:
                del self._leases[lease.job.id]
        await asyncio.gather(*(self._settle(lease, out) for lease, out in zip(leases, outcomes, strict=True)))

    async def _settle(self, lease: Lease, outcome: Result | Exception) -> None:
        try:
            if isinstance(outcome, Result):
                await lease.finish(replace(outcome, attempt=lease.attempt))
            elif not lease.cancelled.is_set():
                log.warning(
                    "job %s (%s) attempt %d of %d broke: %s",
                    lease.job.id,
                    lease.job.model,
                    lease.attempt,
                    MAX_ATTEMPTS,
                    outcome,
                    exc_info=None if isinstance(outcome, Broken) else outcome,
                )
                await lease.retry()
            else:
                await lease.finish(refused(lease.job, CANCELLED))
        except QueueLost as error:
            log.warning("job %s: its result could not be handed in: %s", lease.job.id, error)

    async def _guard(self, slot: Executor, leases: Sequence[Lease]) -> None:
        """Renew the leases three times a term; pass cancels on. A short look at all costs less than a task for each."""
        loop = asyncio.get_running_loop()
        renewed = loop.time()
        stopped: set[str] = set()
        while True:
            await asyncio.sleep(_LOOK_S)
            for lease in leases:
                if lease.cancelled.is_set() and lease.job.id not in stopped:
                    stopped.add(lease.job.id)
                    self._aside(slot.cancel(lease.job.id))
            if loop.time() - renewed >= self._settings.lease_s / 3:
                renewed = loop.time()
                for lease in leases:
                    self._aside(lease.renew())

    def _tell(self, job_id: str, fraction: float | None, piece: Piece | None) -> None:
        lease = self._leases.get(job_id)
        if lease is not None:
            self._aside(lease.progress(fraction, piece))

    def _aside(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that nobody waits for; that it failed is said in the log."""
        task = asyncio.create_task(work)
        self._asides.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._asides.discard(task)
        if not task.cancelled() and task.exception():
            log.warning("the queue did not hear of a lease: %s", task.exception())
