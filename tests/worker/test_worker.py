"""Workers over both queues, with models in a child process: what happens when things break."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sys
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import soundfile
from paths import ROOT

from core import media
from core.artifacts import Artifact, Facts, Kind, open_store
from core.errors import RefusalKind
from core.executor import ChildExecutor
from core.jobs import Event, Job, Jobs, Result, State
from core.jobs.jetstream import JetStreamJobs
from core.jobs.memory import MemoryJobs
from core.jobs.server import NatsServer
from core.settings import Settings
from core.worker import Worker


def quiet(event: Event) -> None:
    return None


def toy(model: str, number: str, **args: object) -> Job:
    return Job(id=f"{model}{number}", capability="toy", model=model, args=args)


@asynccontextmanager
async def working(settings: Settings, jobs: Jobs, *serve: str) -> AsyncIterator[Worker]:
    worker = Worker(settings, jobs, serve=serve or ["toy", "clip"])
    task = asyncio.create_task(worker.run())
    await worker.announce()
    try:
        yield worker
    finally:
        worker.stop()
        await task


@pytest.fixture(params=["memory", "jetstream"])
async def jobs(request: pytest.FixtureRequest, nats_server: NatsServer, settings: Settings) -> AsyncIterator[Jobs]:
    opened: Jobs
    if request.param == "memory":
        opened = MemoryJobs(settings.lease_s)
    else:
        opened = await JetStreamJobs.connect(nats_server.url, settings.lease_s)
    yield opened
    await opened.close()


async def test_a_model_runs_in_a_process_of_its_own(jobs: Jobs, settings: Settings, tmp_path: Path) -> None:
    async with working(settings, jobs):
        result = await jobs.run(toy("echo", tmp_path.name, text="hello"), quiet)
    assert result.text == "hello"
    assert result.facts["pid"] != os.getpid()
    assert (result.model, result.device, result.attempt) == ("echo", "cpu", 1)


async def test_refusals_are_results_and_spare_their_neighbours(jobs: Jobs, settings: Settings, tmp_path: Path) -> None:
    texts = ["good", "bad", "fine"]
    waiting = [
        asyncio.create_task(jobs.run(toy("refuser", f"{tmp_path.name}{n}", text=t), quiet)) for n, t in enumerate(texts)
    ]
    await asyncio.sleep(0.2)  # so that they are there together and make one batch
    async with working(settings, jobs):
        good, bad, fine = await asyncio.gather(*waiting)
    assert (good.text, fine.text) == ("good", "fine")
    assert bad.refusal is not None
    assert (bad.refusal.kind, bad.refusal.message) == (RefusalKind.BAD_INPUT, "I don't like that.")


async def test_arguments_that_do_not_fit_are_refused(jobs: Jobs, settings: Settings, tmp_path: Path) -> None:
    async with working(settings, jobs):
        result = await jobs.run(toy("echo", tmp_path.name, seconds="many"), quiet)
    assert result.refusal is not None
    assert "seconds" in result.refusal.message


async def test_a_killed_model_costs_one_attempt_not_the_worker(jobs: Jobs, settings: Settings, tmp_path: Path) -> None:
    async with working(settings, jobs):
        result = await jobs.run(toy("crash", tmp_path.name, mark=str(tmp_path / "mark")), quiet)
        assert (result.text, result.attempt) == ("survived", 2)
        assert (await jobs.run(toy("echo", tmp_path.name, text="still here"), quiet)).text == "still here"


async def test_a_model_that_always_kills_its_process_ends_in_a_refusal(
    jobs: Jobs, settings: Settings, tmp_path: Path
) -> None:
    async with working(settings, jobs):
        result = await jobs.run(toy("crash", tmp_path.name), quiet)
    assert result.refusal is not None
    assert result.refusal.kind is RefusalKind.MODEL_FAILED


async def test_an_output_that_cannot_be_kept_is_told_too(jobs: Jobs, settings: Settings, tmp_path: Path) -> None:
    async with working(settings, jobs):
        result = await jobs.run(toy("liar", tmp_path.name), quiet)
    assert result.refusal is not None
    assert result.refusal.kind is RefusalKind.MODEL_FAILED


async def test_progress_reaches_who_waits(jobs: Jobs, settings: Settings, tmp_path: Path) -> None:
    events: list[Event] = []
    async with working(settings, jobs):
        await jobs.run(toy("sleepy", tmp_path.name, seconds=0.5), events.append)
    fractions = [e.fraction for e in events if e.state is State.RUNNING and e.fraction is not None]
    assert fractions == sorted(fractions)
    assert len(fractions) >= 5


@pytest.mark.parametrize("model", ["sleepy", "deaf"])
async def test_a_cancel_stops_a_running_model(jobs: Jobs, settings: Settings, tmp_path: Path, model: str) -> None:
    """Also one that does not listen: its process is ended."""
    running = asyncio.Event()

    def on_event(event: Event) -> None:
        if event.state is State.RUNNING:
            running.set()

    loop = asyncio.get_running_loop()
    async with working(settings, jobs):
        mark = tmp_path / "mark"
        args = {"seconds": 30, "mark": str(mark)}
        waiting = asyncio.create_task(jobs.run(toy(model, tmp_path.name, **args), on_event))
        await asyncio.wait_for(running.wait(), 15)
        before = loop.time()
        await jobs.cancel(f"{model}{tmp_path.name}")
        result = await waiting
        after = await jobs.run(toy("echo", tmp_path.name + "b", text="free again"), quiet)
        assert loop.time() - before < 10
    assert result.refusal is not None
    assert result.refusal.kind is RefusalKind.CANCELLED
    assert after.text == "free again"
    assert not mark.exists()


async def test_sound_of_a_live_job_is_told_as_it_is_made(jobs: Jobs, settings: Settings, tmp_path: Path) -> None:
    told: dict[bool, list[Event]] = {True: [], False: []}
    texts = {"many": "One. Two, three. Four.", "single": "One and only."}
    results: dict[tuple[str, bool], Result] = {}
    async with working(settings, jobs, "hibari"):
        for (name, text), live in product(texts.items(), told):
            number = f"{tmp_path.name}-{name}-{live}"
            one = Job(f"hibari{number}", "text_to_speech", "hibari", {"text": text}, live=live)
            results[name, live] = await jobs.run(one, told[live].append)
    pieces = [e.piece for e in told[True] if e.piece is not None]
    assert [(p.job.split("-")[1], p.number) for p in pieces] == [("many", 1), ("many", 2), ("many", 3)]
    lengths = [soundfile.info(io.BytesIO(b64decode(p.mp3))).duration for p in pieces]
    assert lengths == pytest.approx([p.seconds for p in pieces], abs=0.1)
    (made,) = results["many", True].artifacts
    assert made.facts.duration_s == pytest.approx(sum(p.seconds for p in pieces))
    assert not [e for e in told[False] if e.piece is not None]
    assert made.id == results["many", False].artifacts[0].id  # to be heard changes nothing


async def test_a_long_job_keeps_its_lease(jobs: Jobs, settings: Settings, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    async with working(settings, jobs), working(settings, jobs):
        result = await jobs.run(toy("sleepy", tmp_path.name, seconds=3.5, mark=str(mark)), quiet)
    assert (result.text, result.attempt) == ("slept", 1)
    assert mark.read_text() == "ran\n"


async def test_media_goes_in_and_comes_out_measured(jobs: Jobs, settings: Settings, tmp_path: Path) -> None:
    tone = (0.5 * np.sin(2 * np.pi * 440 * np.arange(16000) / 16000)).astype(np.float32)
    path = tmp_path / "tone.wav"
    media.write_wav(media.Audio(tone[None], 16000), path)
    store = open_store(settings)
    artifact = Artifact(await store.put(path), Kind.AUDIO, "tone.wav", Facts("audio/wav", path.stat().st_size))
    job = Job(
        id=f"halve{tmp_path.name}",
        capability="clip",
        model="halver",
        args={"audio": artifact.id},
        inputs={"audio": (artifact,)},
        person="ann",
    )
    async with working(settings, jobs):
        result = await jobs.run(job, quiet)
    (made,) = result.artifacts
    assert (made.facts.duration_s, made.facts.sample_rate_hz, made.facts.channels) == (1.0, 16000, 1)
    assert made.recipe.parents == (artifact.id,)
    assert (made.recipe.model, made.recipe.person) == ("halver", "ann")
    async with store.local(made.id) as file:
        assert np.abs(media.decode(file).samples).max() == pytest.approx(0.25, abs=0.01)


async def _worker_process(settings: Settings, url: str) -> asyncio.subprocess.Process:
    environment = {
        **os.environ,
        "AUDIOGPT_NATS_URL": url,
        "AUDIOGPT_DATA_DIR": str(settings.data_dir),
        "AUDIOGPT_ARTIFACTS_URL": settings.artifacts_url,
        "AUDIOGPT_MODELS": settings.models,
        "AUDIOGPT_LEASE_S": "1",
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bots.cli", "worker", "--serve", "toy", env=environment, cwd=ROOT
    )


async def _ended(process: asyncio.subprocess.Process, how: signal.Signals = signal.SIGKILL) -> None:
    if process.returncode is None:
        process.send_signal(how)
    await asyncio.wait_for(process.wait(), 20)


async def test_kill_9_of_a_worker_gives_its_job_to_another(
    nats_server: NatsServer, settings: Settings, tmp_path: Path
) -> None:
    jobs = await JetStreamJobs.connect(nats_server.url, settings.lease_s)
    running = asyncio.Event()

    def on_event(event: Event) -> None:
        if event.fraction:
            running.set()

    mark = tmp_path / "mark"
    first = await _worker_process(settings, nats_server.url)
    waiting = asyncio.create_task(jobs.run(toy("sleepy", tmp_path.name, seconds=3, mark=str(mark)), on_event))
    await asyncio.wait_for(running.wait(), 30)
    second = await _worker_process(settings, nats_server.url)
    try:
        await _ended(first)
        result = await asyncio.wait_for(waiting, 60)
    finally:
        await _ended(second, signal.SIGTERM)
        await jobs.close()
    assert (result.text, result.attempt) == ("slept", 2)
    assert mark.read_text() == "ran\n", "the first worker's model went on after its worker was killed"


async def test_kill_9_of_the_nats_server_loses_nothing(settings: Settings, tmp_path: Path) -> None:
    server = NatsServer(tmp_path / "nats")
    await server.start()
    watching = asyncio.create_task(server.watch())
    jobs = await JetStreamJobs.connect(server.url, settings.lease_s)
    worker_jobs = await JetStreamJobs.connect(server.url, settings.lease_s)
    mark = tmp_path / "mark"
    try:
        async with working(settings, worker_jobs, "toy"):
            slow = asyncio.create_task(jobs.run(toy("sleepy", tmp_path.name, seconds=2, mark=str(mark)), quiet))
            queued = [asyncio.create_task(jobs.run(toy("echo", f"q{n}", text=str(n)), quiet)) for n in range(20)]
            await asyncio.sleep(0.7)
            os.kill(server.pid, signal.SIGKILL)
            late = asyncio.create_task(jobs.run(toy("echo", "late", text="late"), quiet))
            results: list[Result] = await asyncio.wait_for(asyncio.gather(slow, *queued, late), 60)
    finally:
        watching.cancel()
        await jobs.close()
        await worker_jobs.close()
        await server.stop()
    assert [r.text for r in results] == ["slept", *map(str, range(20)), "late"]


async def test_an_executor_outlives_its_child(settings: Settings) -> None:
    told: list[float] = []
    executor = ChildExecutor(settings, lambda job, fraction: told.append(fraction))
    await executor.start()
    child = executor.pid
    os.kill(child, signal.SIGKILL)
    outcomes = [(await executor.run("echo", [toy("echo", "x", text=text)]))[0] for text in "abc"]
    await executor.stop()
    assert isinstance(outcomes[-1], Result), outcomes
    assert outcomes[-1].text == "c"
    assert executor.pid == 0
