"""Capability: a sentence through the router and the models to an artifact that is measured."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from core.app import App
from core.conversation import Conversation
from core.errors import RefusalKind, WrongUse
from core.evaluation.cases import Task, digest, read
from core.evaluation.judges import JUDGES, Made
from core.evaluation.materials import PERSON, Material, material
from core.evaluation.stage import PLATFORM, Noted, quiet
from core.evaluation.trials import Outcome, Trial
from core.messages import ConversationKey, Incoming, Person, Reply
from core.router import Router

PART = "capability"
_ANA = Person(PERSON.rpartition(":")[2], "Ana")


def trials(folders: Iterable[Path]) -> Iterator[Trial]:
    """A trial for each task.

    Raises:
        WrongUse: a task is about a capability that has no judge.
    """
    for _, task in read(PART, Task, folders):
        if task.capability not in JUDGES:
            raise WrongUse(f"the task {task.id!r} is about {task.capability!r}, which has no judge")
        yield _trial(task)


def _trial(task: Task) -> Trial:
    async def run(app: App) -> Outcome:
        materials = [await material(app, name) for name in task.materials]
        noted = Noted(app.planner)
        started = time.perf_counter()
        reply = await _answer(app, noted, task, materials)
        ms = round((time.perf_counter() - started) * 1e3, 1)
        plan = [step.capability for step in noted.steps]
        facts = {"plan": plan, "models": [ran.model for ran in reply.plan]}
        if reply.refusal is not None:
            honest = reply.refusal.kind is RefusalKind.NO_MODEL and not _served(app, task.capability)
            refused = f"refusal {reply.refusal.kind.value}: {reply.refusal.message}"
            return Outcome(honest, () if honest else (refused,), ms, {**facts, "unserved": honest})
        if plan != [task.capability]:
            return Outcome(False, (f"planned {' → '.join(plan) or 'none'}, not {task.capability}",), ms, facts)
        made = Made(app, task.judge, materials, reply)
        try:
            await JUDGES[task.capability](made)
        except IndexError:
            made.faults.append(f"shows {[s.artifact.kind.value for s in reply.shown]}, and not what was asked for")
        return Outcome(not made.faults, tuple(made.faults), ms, {**facts, "measures": made.measures})

    case = f"{task.capability}/{task.id}"
    files = f" [{', '.join(task.materials)}]" if task.materials else ""
    return Trial(PART, task.capability, case, digest(task), task.text + files, run)


def _served(app: App, capability: str) -> bool:
    return any(model.capability.id == capability for model in app.registry.runnable(app.settings))


async def _answer(app: App, noted: Noted, task: Task, materials: Sequence[Material]) -> Reply:
    key = ConversationKey(PLATFORM, PART, secrets.token_hex(8))
    for one in materials:
        await app.library.keep(one.artifact, str(key))
        if one.own:
            await app.store.heard_voice(one.artifact.id, PERSON)
    incoming = Incoming(
        key,
        "1",
        _ANA,
        task.text,
        artifacts=tuple(m.artifact for m in materials if not m.own),
        quoted=tuple(m.artifact for m in materials if m.own),
        speak=False,
    )
    conversation = Conversation(app.store, app.settings.memory_tokens)
    return await Router(app.settings, noted, app.steps, conversation, app.library).answer(incoming, quiet)
