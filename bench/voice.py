"""Voice in, voice out: the wall time of a spoken turn against the pure model times inside it.

The whole way is real: Ogg/Opus as chat platforms send it, the desk, JetStream with every message synced to disk, a
worker with its model process, the outbox. What is not model time is ours. And a text of ten minutes: when the person
hears its first sound, and when all of it is there.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

from bench._report import percentile, report
from bench.memory import LONG
from bots.desk import Desk
from core import media
from core.app import open_app
from core.capabilities import SpeakArgs
from core.ingest import BytesAttachment
from core.jobs.jetstream import JetStreamJobs
from core.jobs.server import NatsServer
from core.messages import ConversationKey, Message, Outgoing, Person, Status, Way
from core.models.base import Call
from core.models.speech.hibari import Hibari
from core.settings import Settings

TURNS = 12
NOTES = (
    "Hello there, can you tell me what you are able to do for me today?",
    "Good evening. I was on the train this morning when I heard somebody talk about you, and I thought that I would "
    "try it out for myself before the weekend. So, what is it that you can do?",
    "Hi, it's me again. I have been thinking about what we said yesterday, and there are two things that I did not "
    "understand. The first one is how long a recording may be, because some of mine are rather long. The second one "
    "is whether my friends in the other room can hear what I send to you, or only I can. Thank you very much.",
)
"""Of about 4, 10 and 20 seconds, as voice notes are."""


class Listener:
    """An adapter that only notes when a reply came, and when its sound began."""

    platform = "bench"

    def __init__(self) -> None:
        self.replies: asyncio.Queue[Outgoing] = asyncio.Queue()
        self.sounds: list[float] = []

    async def start(self) -> None:
        return None

    async def stop(self) -> None:
        return None

    async def close(self) -> None:
        return None

    async def deliver(self, outgoing: Outgoing) -> tuple[str, ...]:
        self.replies.put_nowait(outgoing)
        return (outgoing.id,)

    async def show(self, key: ConversationKey, message_id: str, status: Status) -> None:
        if status.piece is not None:
            self.sounds.append(time.perf_counter())


def record(model: Hibari, text: str, folder: Path) -> bytes:
    """A voice note of these words, in Opus."""
    made = model.run(Call(SpeakArgs(text=text))).media[0].media
    assert isinstance(made, media.Audio)
    media.write_wav(made, folder / "said.wav")
    media.encode(folder / "said.wav", folder / "said.ogg", "ogg")
    return (folder / "said.ogg").read_bytes()


async def measure(desk: Desk, listener: Listener, notes: list[bytes]) -> dict[str, float]:
    walls, models, shares = [], [], []
    percents: dict[int, list[float]] = {n: [] for n in range(len(notes))}
    for turn in range(-2, TURNS):  # two to warm up: models load on first use
        key = ConversationKey("bench", "s", f"c{turn}")
        note = BytesAttachment("voice.ogg", notes[turn % len(notes)], voice=True)
        started = time.perf_counter()
        await desk.receive(Message(key, str(turn), Person("p", "P"), attachments=(note,)))
        reply = (await listener.replies.get()).reply
        wall = (time.perf_counter() - started) * 1e3
        assert reply.shown and reply.shown[0].way is Way.VOICE, reply
        model = sum(step.model_ms for step in reply.plan)
        if turn >= 0:
            walls.append(wall)
            models.append(model)
            shares.append(wall - model)
            percents[turn % len(notes)].append((wall - model) / model * 100)
    share = sum(shares) / sum(models) * 100
    return {
        "turns": TURNS,
        "wall_ms_p50": percentile(walls, 50),
        "model_ms_p50": percentile(models, 50),
        "overhead_ms_p50": percentile(shares, 50),
        "overhead_ms_max": max(shares),
        "overhead_percent": share,
        **{f"overhead_percent_note_{n + 1}": percentile(found, 50) for n, found in percents.items()},
    }


async def read_aloud(desk: Desk, listener: Listener) -> dict[str, float]:
    """A text of ten minutes, asked for where sound is played as it is made; the best of three turns."""
    firsts, wholes, seconds = [], [], 0.0
    for turn in range(3):
        listener.sounds.clear()
        started = time.perf_counter()
        key = ConversationKey("bench", "s", f"long{turn}")
        await desk.receive(Message(key, f"long{turn}", Person("p", "P"), f'say "{LONG}"', live=True))
        reply = (await listener.replies.get()).reply
        wholes.append(time.perf_counter() - started)
        firsts.append(listener.sounds[0] - started)
        seconds = reply.shown[0].artifact.facts.duration_s or 0.0
    return {
        "long_text_spoken_s": seconds,
        "long_text_first_sound_s": min(firsts),
        "long_text_whole_s": min(wholes),
    }


async def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(_env_file=None, data_dir=folder)  # type: ignore[call-arg]
        server = NatsServer(folder / "nats")
        await server.start()
        environment = {**os.environ, "AUDIOGPT_NATS_URL": server.url, "AUDIOGPT_DATA_DIR": name}
        worker = await asyncio.create_subprocess_exec(sys.executable, "-m", "bots.cli", "worker", env=environment)
        jobs = await JetStreamJobs.connect(server.url, settings.lease_s)
        listener = Listener()
        try:
            model = Hibari(settings)
            model.load("cpu")
            notes = [record(model, text, folder) for text in NOTES]
            while not await jobs.workers():
                await asyncio.sleep(0.1)
            async with open_app(settings, jobs) as app:
                desk = Desk(app)
                await desk.start([listener])
                figures = await measure(desk, listener, notes) | await read_aloud(desk, listener)
                await desk.stop()
        finally:
            worker.terminate()
            await worker.wait()
            await jobs.close()
            await server.stop()
    goals = {"overhead_ms_p50": "<= 150", "overhead_percent": "<= 10", "long_text_first_sound_s": "< 1"}
    report("voice", figures, goals)


if __name__ == "__main__":
    asyncio.run(main())
