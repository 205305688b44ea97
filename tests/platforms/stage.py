"""The whole product around one adapter, with toy models and a planner that does what simple words say."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from platforms import toyshop

from bots.adapter import Adapter
from bots.desk import Desk
from core.app import App, open_app
from core.artifacts import Kind
from core.conversation import Conversation
from core.jobs.memory import MemoryJobs
from core.plans import Decision, Item, Request, Step, StepResult, Words
from core.router import Router
from core.settings import Settings
from core.worker import Worker

MAKE: dict[str, str] = {"paint": "paint", "film": "film", "sleep": "sleep"}
"""First word of a request: the capability that it runs. A number behind it is `seconds`."""


class Script:
    """Does what the first word says; else says what it was told and which media it sees.

    `speak WORDS` gives a voice message, `paint` a picture, `film N` a video of N seconds, `sleep N` works for N
    seconds, `halve` makes the meant clip quieter, `transcribe` writes it down, `long N` answers N sentences,
    `break` is a fault of ours. Anything else is answered with `you said: ...`, the media that "this" means in brackets
    and the quoted words in angles: `you said: hi (audio, image) <words>`.
    """

    async def decide(self, request: Request, results: Sequence[StepResult], words: Words) -> Decision:
        if results:
            last = results[-1]
            return Decision(text=last.refusal.message if last.refusal else last.text or f"done: {last.step.capability}")
        first, _, rest = request.text.strip().partition(" ")
        now = [item for item in request.items if item.current and not item.voice]
        first = first.lower().strip(":,.!")
        if first == "break":
            raise RuntimeError("a fault of ours")
        if first == "long":
            return Decision(text=" ".join(f"This is sentence number {n}." for n in range(1, int(rest) + 1)))
        step = _step(first, rest, now)
        return Decision((step,)) if step else Decision(text=_seen(request, now))


def _step(first: str, rest: str, now: list[Item]) -> Step | None:
    if first == "speak":
        return Step("text_to_speech", {"text": rest})
    if first in MAKE:
        return Step(MAKE[first], {"seconds": float(rest.split()[0])} if rest else {})
    clip = next((item.id for item in now if item.kind is Kind.AUDIO), "")
    if first == "halve":
        return Step("halve", {"audio": clip} if clip else {})
    if first == "transcribe":
        return Step("speech_recognition", {"audio": clip} if clip else {})
    if first == "clean":
        return Step("halve", {"audio": clip} if clip else {})
    return None


def _seen(request: Request, now: list[Item]) -> str:
    kinds = f" ({', '.join(item.kind.value for item in now)})" if now else ""
    quoted = f" <{request.quoted}>" if request.quoted else ""
    return f"you said: {request.text}{kinds}{quoted}"


@dataclass(frozen=True)
class Stage:
    """What stands around the adapter."""

    app: App
    desk: Desk
    adapter: Adapter
    settings: Settings


def staged(settings: Settings, **changes: object) -> Settings:
    """Settings with the toy models, and whatever a test changes."""
    return settings.model_copy(update={"models": toyshop.ALL, **changes})


@asynccontextmanager
async def playing(
    settings: Settings, make: Callable[[Desk, Settings], Adapter], jobs: MemoryJobs | None = None
) -> AsyncIterator[Stage]:
    """The product with one adapter, started; ended in order at the end. With `jobs`, a queue that outlives it."""
    queue = jobs or MemoryJobs()
    worker = Worker(settings, queue, inline=True, name="toys", serve=[model.id for model in toyshop.MODELS])
    await worker.announce()
    working = asyncio.create_task(worker.run())
    try:
        async with open_app(settings, queue) as opened:
            router = Router(settings, Script(), opened.steps, Conversation(opened.store), opened.library)
            app = replace(opened, router=router)
            desk = Desk(app)
            adapter = make(desk, settings)
            try:
                await desk.start([adapter])
                yield Stage(app, desk, adapter, settings)
            finally:
                await desk.stop()
    finally:
        worker.stop()
        await working
        if jobs is None:
            await queue.close()
