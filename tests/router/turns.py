"""A router with a scripted planner, toy models and a queue in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from router import broken_toys

from core.app import App, inline_worker, open_app
from core.conversation import Conversation
from core.jobs.memory import MemoryJobs
from core.messages import ConversationKey, Incoming, Person, Reply, Stage, Status
from core.plans import Decision, Request, Step, StepResult, Words
from core.router import Router
from core.settings import Settings

ANN = Person("ann", "Ann")
KEY = ConversationKey("test", "s", "c")


@dataclass
class Script:
    """A planner that says its lines, streaming their words, and keeps what it was asked."""

    lines: list[Decision]
    asked: list[Request] = field(default_factory=list)
    seen: list[list[StepResult]] = field(default_factory=list)

    async def decide(self, request: Request, results: Sequence[StepResult], words: Words) -> Decision:
        self.asked.append(request)
        self.seen.append(list(results))
        line = self.lines.pop(0)
        for end in range(1, len(line.text) + 1):
            await words(line.text[:end])
        return line


@dataclass
class Heard:
    """What a person saw while the turn went on."""

    words: list[str] = field(default_factory=list)

    async def show(self, status: Status) -> None:
        if status.stage is Stage.WORDS:
            self.words.append(status.text)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[App]:
    own = settings.model_copy(update={"models": f"{settings.models},{broken_toys.ALL}"})
    jobs = MemoryJobs()
    async with inline_worker(own, jobs), open_app(own, jobs) as app:
        yield app
    await jobs.close()


async def turn(app: App, text: str, *lines: Decision, **update: object) -> tuple[Reply, Script, Heard]:
    """One message, answered by the lines; `update` are settings."""
    script, heard = Script(list(lines)), Heard()
    settings = app.settings.model_copy(update=update)
    router = Router(settings, script, app.steps, Conversation(app.store), app.library)
    return await router.answer(Incoming(KEY, "1", ANN, text), heard.show), script, heard


def step(capability: str, **args: object) -> Step:
    return Step(capability, args)
