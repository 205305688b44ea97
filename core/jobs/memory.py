"""The queue in one process: for a script that needs no server, and for tests in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.jobs._words import CANCELLED, DEAD, LATE, refused, worn_out
from core.jobs.port import Event, Job, Lease, OnEvent, Priority, Result, State, Want, WorkerState
from core.messages import Piece

_ALIVE_S = 6.0


@dataclass(eq=False)
class _Entry:
    """A job and where it is."""

    job: Job
    done: asyncio.Future[Result]
    watchers: list[OnEvent] = field(default_factory=list)
    attempt: int = 0
    lease: _MemoryLease | None = None

    def tell(self, event: Event) -> None:
        for watcher in self.watchers:
            watcher(event)

    def finish(self, result: Result) -> None:
        if not self.done.done():
            self.done.set_result(result)


class MemoryJobs:
    """`core.jobs.Jobs` without a server: same leases, attempts and cancels, nothing kept on disk."""

    def __init__(self, lease_s: float = 30.0) -> None:
        self._lease_s = lease_s
        self._queues: dict[tuple[Priority, str, str], list[_Entry]] = {}
        self._entries: dict[str, _Entry] = {}
        self._workers: dict[str, tuple[WorkerState, float]] = {}
        self._wake = asyncio.Event()

    async def run(self, job: Job, on_event: OnEvent) -> Result:
        """Submit a job and wait for its result."""
        entry = self._entries.get(job.id)
        if entry is None:
            entry = _Entry(job, asyncio.get_running_loop().create_future())
            self._entries[job.id] = entry
            self._put(entry)
        entry.watchers.append(on_event)
        self._tell_places(job)
        try:
            async with asyncio.timeout(job.deadline_s):
                return await asyncio.shield(entry.done)
        except TimeoutError:
            await self._end(entry, refused(job, LATE))
            return entry.done.result()
        finally:
            entry.watchers.remove(on_event)

    async def cancel(self, job_id: str) -> None:
        """Stop a job, queued or running."""
        entry = self._entries.get(job_id)
        if entry is not None:
            await self._end(entry, refused(entry.job, CANCELLED))

    async def _end(self, entry: _Entry, result: Result) -> None:
        queue = self._queue(entry.job)
        if entry in queue:
            queue.remove(entry)
        if entry.lease is not None:
            entry.lease.cancelled.set()
        entry.finish(result)

    async def workers(self) -> tuple[WorkerState, ...]:
        """The workers that are alive."""
        now = asyncio.get_running_loop().time()
        return tuple(state for state, seen in self._workers.values() if now - seen < _ALIVE_S)

    async def announce(self, state: WorkerState) -> None:
        """Say that a worker is alive."""
        self._workers[state.id] = (state, asyncio.get_running_loop().time())

    async def lease(self, wants: Sequence[Want]) -> list[Lease]:
        """Jobs of the first want that has any."""
        for want in wants:
            queue = self._queues.get((want.priority, want.capability, want.model), [])
            leases: list[Lease] = []
            while queue and len(leases) < want.batch:
                entry = queue.pop(0)
                entry.attempt += 1
                if worn_out(entry.attempt):
                    entry.finish(refused(entry.job, DEAD, entry.attempt - 1))
                    continue
                leases.append(_MemoryLease(self, entry, self._lease_s))
            if leases:
                self._tell_places(leases[0].job)
                return leases
        self._wake.clear()
        return []

    async def work(self, timeout_s: float) -> None:
        """Wait until there may be something to lease."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._wake.wait()
        except TimeoutError:
            return

    async def close(self) -> None:
        """Drop everything."""
        for entry in self._entries.values():
            if entry.lease is not None:
                entry.lease.drop()

    def _queue(self, job: Job) -> list[_Entry]:
        return self._queues.setdefault((job.priority, job.capability, job.model), [])

    def _put(self, entry: _Entry, first: bool = False) -> None:
        queue = self._queue(entry.job)
        queue.insert(0 if first else len(queue), entry)
        self._wake.set()

    def give_back(self, entry: _Entry) -> None:
        """A lease that came to nothing: the job goes to the head of its queue, or is dead."""
        entry.lease = None
        if entry.done.done():
            return
        if worn_out(entry.attempt + 1):
            entry.finish(refused(entry.job, DEAD, entry.attempt))
            return
        self._put(entry, first=True)

    def _tell_places(self, job: Job) -> None:
        for place, entry in enumerate(self._queue(job), start=1):
            entry.tell(Event(entry.job.id, State.QUEUED, place=place))


class _MemoryLease(Lease):
    def __init__(self, jobs: MemoryJobs, entry: _Entry, lease_s: float) -> None:
        self.job, self.attempt = entry.job, entry.attempt
        self.cancelled = asyncio.Event()
        self._jobs, self._entry, self._lease_s = jobs, entry, lease_s
        self._timer = asyncio.get_running_loop().call_later(lease_s, self._expire)
        entry.lease = self

    def drop(self) -> None:
        self._timer.cancel()

    def _expire(self) -> None:
        if self._held():
            self._jobs.give_back(self._entry)

    def _held(self) -> bool:
        return self._entry.lease is self

    async def renew(self) -> None:
        if self._held():
            self.drop()
            self._timer = asyncio.get_running_loop().call_later(self._lease_s, self._expire)

    async def progress(self, fraction: float | None, piece: Piece | None = None) -> None:
        if self._held():
            self._entry.tell(Event(self.job.id, State.RUNNING, fraction=fraction, piece=piece))

    async def finish(self, result: Result) -> None:
        self.drop()
        if self._held():
            self._entry.lease = None
        self._entry.finish(result)

    async def retry(self) -> None:
        self.drop()
        if self._held():
            self._jobs.give_back(self._entry)
