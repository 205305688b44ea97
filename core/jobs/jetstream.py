"""The queue on NATS JetStream: durable, leased, redelivered; results kept for a day.

Subjects: `jobs.<priority>.<capability>.<model>` (stream JOBS, work queue), `results.<job>` (stream RESULTS), and, core
NATS without storage: `wake.<capability>.<model>`, `progress.<job>`, `cancel.<job>`, `workers.<id>`. A worker pulls
without waiting, and only what it can serve at this moment, so it never hoards; the wake subject tells it when to look,
and a sweep each second finds what was given back. Core messages reach only who listens now, which is all they are for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from urllib.parse import urlsplit

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.api import ConsumerConfig, ConsumerInfo, PubAck, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import APIError, NotFoundError

from core import wire
from core.errors import Broken, QueueLost
from core.jobs._pull import Puller
from core.jobs._words import CANCELLED, DEAD, LATE, refused, worn_out
from core.jobs.port import Event, Job, Lease, OnEvent, Priority, Result, State, Want, WorkerState
from core.messages import Piece

_ALIVE_S = 6.0
_SWEEP_S = 1.0
_PLACE_S = 1.0
_SOON_S = 0.1
_SAME_TIME_S = 0.05
"""Shorter than `_SOON_S`, so that what is shared was asked after the job was published."""
_DEDUPLICATE_S = 3600.0
_KEEP_RESULTS_S = 24 * 3600.0
_RETRY_S = 0.2
_ANSWER_S = 0.5
_PATIENCE_S = 20.0
_CONNECT_S = 10.0

JOBS = StreamConfig(
    name="JOBS",
    subjects=["jobs.>"],
    retention=RetentionPolicy.WORK_QUEUE,
    storage=StorageType.FILE,
    duplicate_window=_DEDUPLICATE_S,
)
RESULTS = StreamConfig(
    name="RESULTS",
    subjects=["results.*"],
    storage=StorageType.FILE,
    max_age=_KEEP_RESULTS_S,
    duplicate_window=_DEDUPLICATE_S,
    allow_direct=True,
)


class JetStreamJobs:
    """`core.jobs.Jobs` over one NATS connection. Open it with `connect`."""

    def __init__(self, client: Client, lease_s: float) -> None:
        self._client = client
        self._js = client.jetstream()
        self._lease_s = lease_s
        self._waiting: dict[str, asyncio.Future[Result]] = {}
        self._watchers: dict[str, list[OnEvent]] = {}
        self._workers: dict[str, tuple[WorkerState, float]] = {}
        self._held: dict[str, _NatsLease] = {}
        self._cancelled: dict[str, None] = {}
        self._consumers: dict[str, Puller] = {}
        self._idle: set[tuple[str, str, str]] = set()
        self._state: WorkerState | None = None
        self._asked = False
        self._infos: dict[str, tuple[float, asyncio.Future[ConsumerInfo]]] = {}
        self._someone = asyncio.Event()
        self._swept = 0.0
        self._wake = asyncio.Event()

    @classmethod
    async def connect(cls, url: str, lease_s: float = 30.0) -> JetStreamJobs:
        """Connect, and make the streams where they are missing.

        Raises:
            QueueLost: no NATS server with JetStream answers there.
        """
        client = Client()
        jobs = cls(client, lease_s)
        try:
            async with asyncio.timeout(_CONNECT_S):  # the client itself would try for ever
                await client.connect(
                    url,
                    max_reconnect_attempts=-1,
                    reconnect_time_wait=1,
                    error_cb=_quiet,
                    reconnected_cb=jobs._on_reconnect,
                    connect_timeout=5,
                )
                await jobs._open()
        except (NatsError, OSError, TimeoutError) as error:
            with suppress(NatsError):
                await client.close()
            where = urlsplit(url)  # without the user and password that a URL may hold
            raise QueueLost(f"no job queue at {where.hostname}:{where.port}: {type(error).__name__}") from error
        return jobs

    async def _open(self) -> None:
        for stream in (JOBS, RESULTS):
            try:
                await self._js.stream_info(stream.name or "")
            except NotFoundError:
                await self._js.add_stream(stream)
        for subject, handler in (
            ("results.*", self._on_result),
            ("progress.*", self._on_progress),
            ("cancel.*", self._on_cancel),
            ("wake.>", self._on_wake),
            ("workers.*", self._on_worker),
            ("whosthere", self._on_who),
        ):
            await self._client.subscribe(subject, cb=_guarded(handler))
        await self._client.publish("whosthere", b"")
        await self._client.flush()

    # What comes in

    async def _on_result(self, msg: Msg) -> None:
        future = self._waiting.get(msg.subject.partition(".")[2])
        if future is not None and not future.done():
            future.set_result(wire.load(Result, msg.data))

    async def _on_progress(self, msg: Msg) -> None:
        job = msg.subject.partition(".")[2]
        if job in self._watchers:
            event = wire.load(Event, msg.data)
            for watcher in self._watchers[job]:
                watcher(event)

    async def _on_cancel(self, msg: Msg) -> None:
        job = msg.subject.partition(".")[2]
        self._cancelled[job] = None
        while len(self._cancelled) > 10_000:
            self._cancelled.pop(next(iter(self._cancelled)))
        if job in self._held:
            self._held[job].cancelled.set()

    async def _on_wake(self, msg: Msg) -> None:
        _, capability, model = msg.subject.split(".")
        self._idle -= {(priority, capability, model) for priority in Priority}
        self._wake.set()

    async def _on_worker(self, msg: Msg) -> None:
        state = wire.load(WorkerState, msg.data)
        self._workers[state.id] = (state, asyncio.get_running_loop().time())
        self._someone.set()

    async def _on_who(self, msg: Msg) -> None:
        if self._state is not None:
            await self.announce(self._state)

    async def _on_reconnect(self) -> None:
        """Look for the results that were handed in while nobody listened."""
        for job, future in list(self._waiting.items()):
            with suppress(NatsError, TimeoutError):
                result = await self._stored(job)
                if result is not None and not future.done():
                    future.set_result(result)

    # The bot's side

    async def run(self, job: Job, on_event: OnEvent) -> Result:
        """Submit a job and wait for its result."""
        future = self._waiting.setdefault(job.id, asyncio.get_running_loop().create_future())
        self._watchers.setdefault(job.id, []).append(on_event)
        watch: asyncio.Task[None] | None = None
        try:
            sequence = await self._submit(job, future)
            if not future.done():
                watch = asyncio.create_task(self._watch_place(job, on_event))
            async with asyncio.timeout(job.deadline_s):
                return await asyncio.shield(future)
        except TimeoutError:
            await self._end(job, sequence, refused(job, LATE))
            return await asyncio.wait_for(asyncio.shield(future), 10)
        finally:
            if watch is not None:
                watch.cancel()
            self._watchers[job.id].remove(on_event)
            if not self._watchers[job.id]:
                del self._watchers[job.id]
                self._waiting.pop(job.id, None)

    async def _submit(self, job: Job, future: asyncio.Future[Result]) -> int:
        """Publish the job durably; where it was published before, look whether its result is there already."""
        await self._consumer(job.priority, job.capability, job.model)
        subject = f"jobs.{job.priority}.{job.capability}.{job.model}"
        ack = await self._publish(subject, wire.dump(job), job.id)
        if ack.duplicate:
            result = await self._stored(job.id)
            if result is not None and not future.done():
                future.set_result(result)
        await self._client.publish(f"wake.{job.capability}.{job.model}", b"")
        return int(ack.seq)

    async def _publish(self, subject: str, body: bytes, key: str) -> PubAck:
        """Publish durably, through a restart of the server too: the key makes the repeats one."""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                while True:
                    try:
                        return await self._js.publish(subject, body, headers={"Nats-Msg-Id": key}, timeout=5)
                    except (NatsError, TimeoutError) as error:
                        if self._client.is_closed:
                            raise QueueLost("the job queue is closed") from error
                        await asyncio.sleep(_RETRY_S)
        except TimeoutError as error:
            raise QueueLost(f"the job queue took nothing for {_PATIENCE_S:.0f} s") from error

    async def _stored(self, job_id: str) -> Result | None:
        try:
            found = await self._js.get_last_msg("RESULTS", f"results.{job_id}", direct=True)
        except NotFoundError:
            return None
        return wire.load(Result, found.data or b"")

    async def _watch_place(self, job: Job, on_event: OnEvent) -> None:
        """Tell the place in the queue until the job runs: how many were before it, less how many went since."""
        name = _consumer_name(job.priority, job.model)
        started = False

        def stop_when_running(event: Event) -> None:
            nonlocal started
            started = started or event.state is State.RUNNING

        self._watchers[job.id].append(stop_when_running)
        before: int | None = None
        gone = 0
        try:
            await asyncio.sleep(_SOON_S)  # most jobs start at once and need no place
            while not started:
                try:
                    info = await self._queue_info(name)
                except (NatsError, APIError, TimeoutError):
                    await asyncio.sleep(_PLACE_S)
                    continue
                delivered = info.delivered.consumer_seq if info.delivered else 0
                if before is None:
                    before, gone = info.num_pending or 0, delivered
                place = before - (delivered - gone)
                if place > 0 and not started:
                    on_event(Event(job.id, State.QUEUED, place=place))
                await asyncio.sleep(_PLACE_S)
        finally:
            if job.id in self._watchers:
                self._watchers[job.id].remove(stop_when_running)

    async def _queue_info(self, consumer: str) -> ConsumerInfo:
        """Where a queue stands, asked once for all who want to know at about the same time."""
        now = asyncio.get_running_loop().time()
        asked = self._infos.get(consumer)
        if asked is None or now - asked[0] > _SAME_TIME_S:
            asked = (now, asyncio.ensure_future(self._js.consumer_info("JOBS", consumer)))
            self._infos[consumer] = asked
        return await asyncio.shield(asked[1])

    async def cancel(self, job_id: str) -> None:
        """Stop a job, queued or running."""
        await self._client.publish(f"cancel.{job_id}", b"")
        await self._publish_result(Result(job=job_id, model="", refusal=CANCELLED))

    async def _end(self, job: Job, sequence: int, result: Result) -> None:
        await self._client.publish(f"cancel.{job.id}", b"")
        with suppress(NatsError, APIError):
            await self._js.delete_msg("JOBS", sequence)
        await self._publish_result(result)

    async def _publish_result(self, result: Result) -> None:
        await self._publish(f"results.{result.job}", wire.dump(result), f"result-{result.job}")

    async def workers(self) -> tuple[WorkerState, ...]:
        """The workers that are alive."""
        if not self._workers and not self._asked:
            self._asked = True  # just connected: those that are there are about to say so
            with suppress(TimeoutError):
                async with asyncio.timeout(_ANSWER_S):
                    await self._someone.wait()
        now = asyncio.get_running_loop().time()
        return tuple(state for state, seen in self._workers.values() if now - seen < _ALIVE_S)

    # The worker's side

    async def announce(self, state: WorkerState) -> None:
        """Say that a worker is alive."""
        self._state = state
        await self._client.publish(f"workers.{state.id}", wire.dump(state))

    async def lease(self, wants: Sequence[Want]) -> list[Lease]:
        """Jobs of the first want that has any."""
        now = asyncio.get_running_loop().time()
        if now - self._swept > _SWEEP_S:
            self._swept = now
            self._idle.clear()
        self._wake.clear()
        for want in wants:
            key = (want.priority, want.capability, want.model)
            if key in self._idle:
                continue
            self._idle.add(key)
            leases = await self._pull(want)
            if leases:
                self._idle.discard(key)
                return leases
        return []

    async def _pull(self, want: Want) -> list[Lease]:
        puller = await self._consumer(want.priority, want.capability, want.model)
        try:
            messages = await puller.pull(want.batch)
        except (NatsError, TimeoutError):
            return []
        leases: list[Lease] = []
        for message in messages:
            lease = _NatsLease(self, message)
            if worn_out(lease.attempt):
                await lease.finish(refused(lease.job, DEAD, lease.attempt - 1))
            elif lease.job.id in self._cancelled:
                await message.ack()
            elif lease.attempt > 1 and await self._stored(lease.job.id) is not None:
                await message.ack()  # handed in by a worker that died before it could say so
            else:
                self._held[lease.job.id] = lease
                leases.append(lease)
        return leases

    async def _consumer(self, priority: str, capability: str, model: str) -> Puller:
        """The durable consumer that all workers of a model share; made where it is missing."""
        name = _consumer_name(priority, model)
        if name not in self._consumers:
            config = ConsumerConfig(
                durable_name=name,
                filter_subject=f"jobs.{priority}.{capability}.{model}",
                ack_wait=self._lease_s,
                max_ack_pending=100_000,
            )
            try:
                await self._js.add_consumer("JOBS", config)
            except (NatsError, TimeoutError) as error:
                raise QueueLost(f"the job queue has no room for {model}: {type(error).__name__}") from error
            self._consumers[name] = Puller(self._client, "JOBS", name)
        return self._consumers[name]

    async def work(self, timeout_s: float) -> None:
        """Wait until there may be something to lease."""
        with suppress(TimeoutError):
            async with asyncio.timeout(min(timeout_s, _SWEEP_S)):
                await self._wake.wait()

    async def close(self) -> None:
        """Let go of the connection."""
        with suppress(NatsError):
            await self._client.close()

    def let_go(self, lease: _NatsLease) -> None:
        """A lease has ended."""
        if self._held.get(lease.job.id) is lease:
            del self._held[lease.job.id]

    async def hand_in(self, lease: _NatsLease, result: Result, message: Msg) -> None:
        """The result first, then the ack: a death in between costs a second run, never a result."""
        await self._publish_result(result)
        await message.ack()
        self.let_go(lease)

    async def tell(self, event: Event) -> None:
        """Publish progress."""
        await self._client.publish(f"progress.{event.job}", wire.dump(event))


class _NatsLease(Lease):
    def __init__(self, jobs: JetStreamJobs, message: Msg) -> None:
        self.job = wire.load(Job, message.data)
        self.attempt = message.metadata.num_delivered or 1
        self.cancelled = asyncio.Event()
        self._jobs, self._message = jobs, message

    async def renew(self) -> None:
        await self._message.in_progress()

    async def progress(self, fraction: float | None, piece: Piece | None = None) -> None:
        await self._jobs.tell(Event(self.job.id, State.RUNNING, fraction=fraction, piece=piece))

    async def finish(self, result: Result) -> None:
        await self._jobs.hand_in(self, result, self._message)

    async def retry(self) -> None:
        self._jobs.let_go(self)
        await self._message.nak(delay=_RETRY_S)


def _consumer_name(priority: str, model: str) -> str:
    return f"{priority}-{model}"


def _guarded(handler: Callable[[Msg], Awaitable[None]]) -> Callable[[Msg], Awaitable[None]]:
    """A message that is not ours (another program on the same server) must not end the subscription."""

    async def guarded(msg: Msg) -> None:
        with suppress(ValueError, KeyError, TypeError, Broken):
            await handler(msg)

    return guarded


async def _quiet(error: Exception) -> None:
    """The client's own reconnect messages: calls that fail raise QueueLost where they are made."""
