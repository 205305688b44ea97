"""Carries out the steps of a plan: chooses models, makes jobs, follows them, passes results on."""

from __future__ import annotations

import asyncio
import hashlib
import json
import math
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import ValidationError

from core._foremost import Foremost
from core.artifacts import Artifact, Kind
from core.capabilities import Capability, RefField
from core.errors import BadInput, Broken, MissingInput, ModelFailed, NoModel, Refused
from core.jobs import Event, Job, Jobs, Result, State, WorkerState
from core.messages import Ran, Stage, Status
from core.models.choosing import chosen
from core.plans import Step, StepResult, pointed
from core.policy import Granted, Policy, may_animate, may_imitate
from core.registry import registry, why_not
from core.sayings import saying
from core.settings import Settings

Show = Callable[[Status], Awaitable[None]]
Find = Callable[[str], Awaitable[Artifact | None]]
"""Looks an artifact up by its id."""


class Voices(Protocol):
    """Knows whose voice is in a recording, and who agreed to what. People are `platform:id`."""

    async def speaker(self, artifact: str) -> str | None:
        """Who speaks in a voice note, by its artifact id; None when it is none."""

    async def allowed(self, asker: str, place: str) -> frozenset[str]:
        """Who lets a person have their voice imitated in a place."""


_WORKER_START_S = 10.0


@dataclass
class Outcome:
    """What became of the steps of one decision, in their order."""

    results: list[StepResult]
    ran: list[Ran]


class Steps:
    """Runs steps over the queue. Steps that do not point at each other run in parallel."""

    def __init__(self, settings: Settings, jobs: Jobs, policy: Policy, voices: Voices) -> None:
        self._settings = settings
        self._voices = voices
        self._jobs = jobs
        self._policy = policy
        self._registry = registry(settings)
        self.handing_over = False
        """While a process ends: its jobs run on, and their results wait for the turn to be taken up again."""

    async def granted(self, person: str, place: str) -> Granted:
        """What a person (`platform:id`) may ask for now in a place (`ConversationKey.place`)."""
        return self._policy.granted(person, place, await self._alive())

    async def _alive(self) -> frozenset[str]:
        """Ids of the models that a living worker serves."""
        return frozenset(name for worker in await self._workers() for name in worker.models)

    async def _workers(self) -> tuple[WorkerState, ...]:
        """The living workers. Where there are none, one is probably starting: wait a while for it."""
        loop = asyncio.get_running_loop()
        until = loop.time() + _WORKER_START_S
        while not (workers := await self._jobs.workers()) and loop.time() < until:
            await asyncio.sleep(0.1)
        return workers

    async def pick(self, step: Step, args: dict[str, Any], person: str, place: str) -> str:
        """The model for a step: hub ones first, of those that have the voice and the languages that it names.

        A step that is repeated takes the one that it had, where that is served.

        Raises:
            NotAllowed: the capability is not for that person in that place.
            NoModel: no living worker serves it.
            BadInput: none of the models has such a voice, or speaks or translates such a language.
        """
        alive = await self._alive()
        granted = self._policy.granted(person, place, alive)
        granted.check(step.capability)
        if step.model in granted.models:
            return step.model
        allowed = self._policy.allowed(person, place)
        known = [m for m in self._registry.of(step.capability) if m.id in allowed]
        models = [m for m in known if m.id in alive]
        if not models:
            described = self._registry.capabilities[step.capability]
            raise NoModel(saying("unserved", task=described.title, enable=described.enable))
        absent = {m: why_not(m, self._settings) or "start a worker" for m in known if m.id not in alive}
        return chosen(models, args, absent).id

    async def run(
        self,
        steps: Sequence[Step],
        before: Sequence[StepResult],
        *,
        turn: str,
        person: str,
        place: str,
        find: Find,
        show: Show,
        deadline_s: float = math.inf,
        live: bool = False,
    ) -> Outcome:
        """Carry out steps; `before` are the turn's earlier results, which `$n` counts too.

        With `live` the sound of a step that is alone is shown while it is made; that of several goes into each other.
        `person` (`platform:id`) asks for them in `place` (`ConversationKey.place`). A job that is not done after
        `deadline_s` seconds, or those of the settings, is given up.

        A step that fails gives a result with a refusal, and so do those that needed it.
        """
        loop = asyncio.get_running_loop()
        done: list[asyncio.Future[StepResult]] = [loop.create_future() for _ in (*before, *steps)]
        for future, result in zip(done, before, strict=False):
            future.set_result(result)
        ran: dict[int, Ran] = {}
        foremost = Foremost(show)

        async def one(index: int, step: Step) -> None:
            try:
                alone = live and len(steps) == 1
                result, note = await self._one(
                    step, done[:index], turn, index, person, place, find, foremost.of(index), deadline_s, alone
                )
                ran[index] = note
            except Refused as refused:
                result = StepResult(step, refusal=refused.refusal)
            finally:
                foremost.end(index)
            done[index].set_result(result)

        try:
            async with asyncio.TaskGroup() as group:
                for index, step in enumerate(steps, start=len(before)):
                    group.create_task(one(index, step))
        except BaseExceptionGroup as group_error:
            raise group_error.exceptions[0] from group_error
        return Outcome([f.result() for f in done[len(before) :]], [ran[i] for i in sorted(ran)])

    async def _one(
        self,
        step: Step,
        earlier: Sequence[asyncio.Future[StepResult]],
        turn: str,
        index: int,
        person: str,
        place: str,
        find: Find,
        show: Show,
        deadline_s: float,
        live: bool,
    ) -> tuple[StepResult, Ran]:
        capability = self._registry.capabilities.get(step.capability)
        if capability is None:
            raise NoModel(saying("task_unknown", task=step.capability))
        (await self.granted(person, place)).check(capability.id)  # before anything is waited for
        args, inputs = await _resolve(capability, step.args, earlier, find)
        started = time.perf_counter()
        await self._consented(capability, inputs, person, place, find)
        model = await self.pick(step, args, person, place)
        seed = int(_digest(turn, args)[:8], 16) if step.seed is None else step.seed
        job = Job(
            id=_job_id(turn, index, capability.id, model, args),
            capability=capability.id,
            model=model,
            args=args,
            inputs=inputs,
            person=person,
            seed=seed,
            deadline_s=min(deadline_s, self._settings.job_deadline_s),
            live=live,
        )
        result = await self._follow(job, show)
        ms = (time.perf_counter() - started) * 1e3
        note = Ran(
            capability.id,
            model,
            args,
            round(ms, 1),
            round(result.model_ms, 1),
            number=index + 1,
            planned=step.args,
            seed=seed,
            device=result.device,
            made=tuple(a.id for a in result.artifacts),
        )
        done = StepResult(step, model, result.text, result.artifacts, result.facts, result.refusal, ms=note.model_ms)
        return done, note

    async def _consented(
        self, capability: Capability, inputs: dict[str, tuple[Artifact, ...]], person: str, place: str, find: Find
    ) -> None:
        """See that everybody agreed whose voice a step imitates, or whose picture it makes talk.

        Raises:
            ConsentNeeded: somebody did not, or nobody knows whose voice it is.
        """
        imitated = [a for ref in capability.refs if ref.voice for a in inputs.get(ref.name, ())]
        animated = [a for ref in capability.refs if ref.face for a in inputs.get(ref.name, ())]
        if not imitated and not animated:
            return
        allowed = await self._voices.allowed(person, place)
        speakers: set[str | None] = set()
        for artifact in imitated:
            speakers |= await self._speakers(artifact, find)
        senders: set[str] = set()
        for artifact in animated:
            senders |= await self._senders(artifact, find)
        refused = may_imitate(speakers, person, allowed) or may_animate(senders, person, allowed)
        if refused is not None:
            raise refused

    async def _senders(self, artifact: Artifact, find: Find) -> set[str]:
        """Who sent the pictures that an artifact is or was made from; nobody, of one that was drawn from words."""
        if not artifact.recipe.capability:
            return {artifact.recipe.person} - {""}
        found = [await find(parent) for parent in artifact.recipe.parents]
        pictures = [a for a in found if a is not None and a.kind in (Kind.IMAGE, Kind.VIDEO)]
        return {person for picture in pictures for person in await self._senders(picture, find)}

    async def _speakers(self, artifact: Artifact, find: Find) -> set[str | None]:
        """Whose voices an artifact may hold: of what was made, those of all that it was made from."""
        if not artifact.recipe.capability:
            return {await self._voices.speaker(artifact.id)}
        speakers: set[str | None] = set()
        for parent in artifact.recipe.parents:
            found = await find(parent)
            if found is None or found.kind in (Kind.AUDIO, Kind.VIDEO):
                speakers |= await self._speakers(found, find) if found else {None}
        return speakers

    async def _follow(self, job: Job, show: Show) -> Result:
        statuses: asyncio.Queue[Status] = asyncio.Queue()

        def queued(place: int) -> None:
            statuses.put_nowait(Status(Stage.QUEUED, job.capability, job.model, place=place))

        def on_event(event: Event) -> None:
            if event.state is State.QUEUED:
                queued(event.place or 1)
            else:
                told = Status(Stage.RUNNING, job.capability, job.model, fraction=event.fraction, piece=event.piece)
                statuses.put_nowait(told)

        async def tell() -> None:
            while True:
                await show(await statuses.get())

        telling = asyncio.create_task(tell())
        try:
            async with self._policy.turn_of(job.person, queued):
                return await self._jobs.run(job, on_event)
        except asyncio.CancelledError:
            if not self.handing_over:
                await self._jobs.cancel(job.id)
            raise
        except Broken as error:
            raise ModelFailed(saying("unreachable")) from error
        finally:
            telling.cancel()


async def _resolve(
    capability: Capability, given: dict[str, Any], earlier: Sequence[asyncio.Future[StepResult]], find: Find
) -> tuple[dict[str, Any], dict[str, tuple[Artifact, ...]]]:
    """Final arguments and their artifacts: pointers become what they point at, ids are looked up, all is checked."""
    args = dict(given)
    inputs: dict[str, tuple[Artifact, ...]] = {}
    refs = {ref.name: ref for ref in capability.refs}
    for name, value in given.items():
        if name in refs and value is not None:
            artifacts = await _artifacts(refs[name], value, earlier, find)
            inputs[name] = tuple(artifacts)
            args[name] = [a.id for a in artifacts] if refs[name].many else artifacts[0].id
        elif found := pointed(value):
            args[name] = _text_of(await _result(found[0], earlier))
    missing = next((r for r in capability.refs if r.required and r.name not in inputs), None)
    if missing is not None:
        raise MissingInput(saying("file_needed", task=capability.title, file=_article(missing.kind.value)))
    try:
        capability.args.model_validate(args)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the request"
        wrong = saying("arguments_wrong", task=capability.title, where=where, fault=first["msg"].lower())
        raise BadInput(wrong) from error
    return args, inputs


async def _artifacts(
    ref: RefField, value: Any, earlier: Sequence[asyncio.Future[StepResult]], find: Find
) -> list[Artifact]:
    found: list[Artifact] = []
    for item in value if isinstance(value, list | tuple) else [value]:
        if pointer := pointed(item):
            number, part = pointer
            result = await _result(number, earlier)
            fitting = [a for a in result.artifacts if a.kind is ref.kind]
            fitting = fitting if part is None else fitting[part - 1 : part]
            if not fitting:
                raise MissingInput(saying("step_without", kind=ref.kind.value))
            found += fitting if ref.many else fitting[:1]
            continue
        artifact = await find(str(item))
        if artifact is None:
            raise BadInput(saying("file_unfound"))
        soundtrack = ref.kind.value == "audio" and artifact.kind.value == "video"
        if artifact.kind is not ref.kind and not soundtrack:
            given, needed = _article(artifact.kind.value), _article(ref.kind.value)
            raise BadInput(saying("file_wrong", name=artifact.name, given=given, needed=needed))
        found.append(artifact)
    return found


async def _result(number: int, earlier: Sequence[asyncio.Future[StepResult]]) -> StepResult:
    if number > len(earlier):
        raise BadInput(saying("step_missing"))
    result = await asyncio.shield(earlier[number - 1])
    if result.refusal is not None:
        raise result.refusal.error
    return result


def _text_of(result: StepResult) -> str:
    if not result.text:
        raise MissingInput(saying("step_wordless"))
    return result.text


def _digest(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def _job_id(turn: str, index: int, capability: str, model: str, args: dict[str, Any]) -> str:
    """The same step of the same turn is the same job, also after a restart of the bot."""
    return _digest(turn, index, capability, model, args)[:32]


def _article(kind: str) -> str:
    return {"audio": "an audio file", "image": "a picture", "video": "a video"}.get(kind, f"a {kind} file")
