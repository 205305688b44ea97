"""One suite for both queues: what `core.jobs.Jobs` promises."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from core import wire
from core.errors import Refusal, RefusalKind
from core.jobs import MAX_ATTEMPTS, Event, Job, Jobs, Lease, Priority, Result, State, Want, WorkerState

Connect = Callable[[], Awaitable[Jobs]]
MakeJob = Callable[..., Job]


def quiet(event: Event) -> None:
    return None


async def lease_one(jobs: Jobs, job: Job, timeout_s: float = 8.0) -> Lease:
    """As a worker does: look, wait for something to come, look again."""
    async with asyncio.timeout(timeout_s):
        while True:
            found = await jobs.lease([Want(job.priority, job.capability, job.model)])
            if found:
                return found[0]
            await jobs.work(0.5)


async def test_a_job_reaches_a_worker_and_its_result_comes_back(connect: Connect, job: MakeJob) -> None:
    bot, worker = await connect(), await connect()
    one = job(args={"text": "hé"}, seed=7, person="ann")
    waiting = asyncio.create_task(bot.run(one, quiet))
    lease = await lease_one(worker, one)
    assert lease.job == one
    assert lease.attempt == 1
    await lease.finish(Result(job=one.id, model=one.model, text="done", facts={"n": 1}))
    assert await waiting == Result(job=one.id, model=one.model, text="done", facts={"n": 1})


async def test_the_same_job_twice_runs_once_and_both_get_the_result(connect: Connect, job: MakeJob) -> None:
    bot, other, worker = await connect(), await connect(), await connect()
    one = job()
    first = asyncio.create_task(bot.run(one, quiet))
    lease = await lease_one(worker, one)
    second = asyncio.create_task(other.run(one, quiet))
    await asyncio.sleep(0.1)
    assert await worker.lease([Want(one.priority, one.capability, one.model)]) == []
    await lease.finish(Result(job=one.id, model=one.model, text="once"))
    assert (await first).text == (await second).text == "once"
    third = await bot.run(one, quiet)  # and again after the end: the kept result
    assert third.text == "once"


async def test_a_silent_worker_loses_the_job_to_another(connect: Connect, job: MakeJob) -> None:
    bot, lost, other = await connect(), await connect(), await connect()
    one = job()
    waiting = asyncio.create_task(bot.run(one, quiet))
    await lease_one(lost, one)  # and never renews
    again = await lease_one(other, one)
    assert again.attempt == 2
    await again.finish(Result(job=one.id, model=one.model, attempt=2))
    assert (await waiting).attempt == 2


async def test_a_renewed_lease_is_kept(connect: Connect, job: MakeJob) -> None:
    bot, worker, other = await connect(), await connect(), await connect()
    one = job()
    waiting = asyncio.create_task(bot.run(one, quiet))
    lease = await lease_one(worker, one)
    for _ in range(8):
        await asyncio.sleep(0.25)
        await lease.renew()
        assert await other.lease([Want(one.priority, one.capability, one.model)]) == []
    await lease.finish(Result(job=one.id, model=one.model))
    assert (await waiting).refusal is None


async def test_a_job_that_breaks_every_time_is_told_and_not_run_a_fourth_time(connect: Connect, job: MakeJob) -> None:
    bot, worker = await connect(), await connect()
    one = job()
    waiting = asyncio.create_task(bot.run(one, quiet))
    for attempt in range(1, MAX_ATTEMPTS + 1):
        lease = await lease_one(worker, one)
        assert lease.attempt == attempt
        await lease.retry()
    leased: list[Lease] = []
    async with asyncio.timeout(8):
        while not waiting.done():
            leased += await worker.lease([Want(one.priority, one.capability, one.model)])
            await worker.work(0.3)
    assert leased == []
    result = await waiting
    assert result.refusal is not None
    assert result.refusal.kind is RefusalKind.MODEL_FAILED


async def test_cancel_while_queued(connect: Connect, job: MakeJob) -> None:
    bot, worker = await connect(), await connect()
    one = job()
    waiting = asyncio.create_task(bot.run(one, quiet))
    await asyncio.sleep(0.2)
    await bot.cancel(one.id)
    result = await waiting
    assert result.refusal is not None
    assert result.refusal.kind is RefusalKind.CANCELLED
    await asyncio.sleep(0.1)
    assert await worker.lease([Want(one.priority, one.capability, one.model)]) == []


async def test_cancel_while_running_reaches_the_worker(connect: Connect, job: MakeJob) -> None:
    bot, worker = await connect(), await connect()
    one = job()
    waiting = asyncio.create_task(bot.run(one, quiet))
    lease = await lease_one(worker, one)
    await bot.cancel(one.id)
    async with asyncio.timeout(3):
        await lease.cancelled.wait()
    assert (await waiting).refusal is not None


async def test_progress_and_place_are_told(connect: Connect, job: MakeJob) -> None:
    bot, worker = await connect(), await connect()
    told: dict[int, list[Event]] = {0: [], 1: [], 2: []}
    jobs = [job(number) for number in range(3)]
    waiting = []
    for number, one in enumerate(jobs):
        waiting.append(asyncio.create_task(bot.run(one, told[number].append)))
        await asyncio.sleep(0.15)
    assert [e.place for e in told[2]][0] == 3
    first = await lease_one(worker, jobs[0])
    await first.progress(None)
    await first.progress(0.5)
    for _ in range(3):
        await asyncio.sleep(0.45)
        await first.renew()
    assert Event(jobs[0].id, State.RUNNING, fraction=0.5) in told[0]
    assert told[2][-1].place == 2
    await first.finish(Result(job=jobs[0].id, model=jobs[0].model))
    for one in jobs[1:]:
        lease = await lease_one(worker, one)
        await lease.finish(Result(job=lease.job.id, model=one.model))
    await asyncio.gather(*waiting)


async def test_a_batch_takes_what_is_there_and_waits_for_no_more(connect: Connect, job: MakeJob) -> None:
    bot, worker = await connect(), await connect()
    waiting = [asyncio.create_task(bot.run(job(n), quiet)) for n in range(5)]
    await asyncio.sleep(0.3)
    one = job()
    want = Want(one.priority, one.capability, one.model, batch=4)
    loop = asyncio.get_running_loop()
    before = loop.time()
    first, second = await worker.lease([want]), await worker.lease([want])
    assert loop.time() - before < 0.5
    assert [len(first), len(second)] == [4, 1]
    for lease in first + second:
        await lease.finish(Result(job=lease.job.id, model=one.model))
    await asyncio.gather(*waiting)


async def test_wants_are_served_in_their_order(connect: Connect, job: MakeJob) -> None:
    bot, worker = await connect(), await connect()
    slow, quick = job(0, priority=Priority.BATCH), job(1)
    waiting = [asyncio.create_task(bot.run(one, quiet)) for one in (slow, quick)]
    await asyncio.sleep(0.3)
    wants = [Want(p, quick.capability, quick.model) for p in (Priority.INTERACTIVE, Priority.BATCH)]
    order = [(await worker.lease(wants))[0] for _ in range(2)]
    assert [lease.job.id for lease in order] == [quick.id, slow.id]
    for lease in order:
        await lease.finish(Result(job=lease.job.id, model=quick.model))
    await asyncio.gather(*waiting)


async def test_a_job_that_nobody_takes_ends_at_its_deadline(connect: Connect, job: MakeJob) -> None:
    bot, worker = await connect(), await connect()
    one = job(deadline_s=0.4)
    result = await bot.run(one, quiet)
    assert result.refusal is not None
    assert result.refusal.kind is RefusalKind.MODEL_FAILED
    assert await worker.lease([Want(one.priority, one.capability, one.model)]) == []


async def test_workers_are_known_while_they_speak(connect: Connect) -> None:
    worker = await connect()
    state = WorkerState("w1", models=("a", "b"), capabilities=("c",), hot=("a",), device="cpu", busy=1)
    await worker.announce(state)
    bot = await connect()
    async with asyncio.timeout(3):
        while state not in await bot.workers():
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("refused", [False, True])
def test_results_survive_the_wire(refused: bool) -> None:
    refusal = Refusal(RefusalKind.BAD_INPUT, "no") if refused else None
    result = Result("j", "m", text="t", facts={"a": [1]}, refusal=refusal, model_ms=1.5)
    assert wire.load(Result, wire.dump(result)) == result
