"""Plays a scripted dialogue through the real router: memory, choice of models, consent and all; only models are not."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from core.app import App, open_app
from core.artifacts import Artifact, Kind, Recipe
from core.conversation import Conversation
from core.evaluation.cases import Attached, Dialogue, Round
from core.evaluation.scripted import Script, ScriptedJobs, facts, keep
from core.ingest import BytesAttachment, ingest
from core.jobs import Jobs
from core.jobs.memory import MemoryJobs
from core.messages import ConversationKey, Incoming, Person, Reply, Status
from core.plans import Decision, Planner, Request, Step, StepResult, Words
from core.policy import Policy
from core.router import Router
from core.settings import Settings
from core.steps import Steps

EMBEDDED = "embedded"
PLATFORM = "evaluation"
_NOTE = "voice-message.ogg"
_EXIF_DESCRIPTION, _EXIF_COMMENT = 0x010E, 0x9286


@dataclass
class Noted:
    """A planner that notes what it decides."""

    planner: Planner
    steps: list[Step] = field(default_factory=list)
    """Of decisions that were to be carried out."""

    async def decide(self, request: Request, results: Sequence[StepResult], words: Words) -> Decision:
        """The planner's decision."""
        decision = await self.planner.decide(request, results, words)
        if decision.refusal is None:
            self.steps += decision.steps
        return decision


@dataclass(frozen=True)
class Played:
    """What came of one round."""

    round: Round
    steps: tuple[Step, ...]
    reply: Reply
    sent: tuple[Artifact, ...]
    """What the person attached."""
    held: frozenset[str]
    """Ids of all media that there were by the end of it."""
    ms: float


def settings_for(settings: Settings, planner: str) -> Settings:
    """The settings under which a planner thinks: `embedded`, or an endpoint's address, `#model` behind it.

    The key of the settings goes to the endpoint that the settings name, or where they name none, to any.
    """
    if planner == EMBEDDED:
        return settings.model_copy(update={"llm_base_url": ""})
    url, _, model = planner.partition("#")
    own = not settings.llm_base_url or settings.llm_base_url.rstrip("/") == url.rstrip("/")
    key = settings.llm_api_key if own else type(settings.llm_api_key)("")
    change = {"llm_base_url": url, "llm_model": model or settings.llm_model, "llm_api_key": key}
    return settings.model_copy(update=change)


@asynccontextmanager
async def open_stage(settings: Settings, planner: str, jobs: Jobs | None = None) -> AsyncIterator[App]:
    """An app for one planner, whose files vanish at the end; by itself it has no workers, and bars nobody."""
    with TemporaryDirectory(prefix="audiogpt-") as folder:
        own = settings_for(settings, planner).model_copy(
            update={
                "artifacts_url": Path(folder, "artifacts").as_uri(),
                "database_url": f"sqlite+aiosqlite:///{folder}/evaluation.db",
                "rights": "",
            }
        )
        queue = jobs or MemoryJobs()
        async with open_app(own, queue) as app:
            yield app


async def quiet(status: Status) -> None:
    """Nobody waits for signs of life."""


async def play(app: App, dialogue: Dialogue) -> list[Played]:
    """Every round in turn, in a conversation of its own."""
    script = Script(dialogue.says, frozenset(dialogue.unserved))
    jobs = ScriptedJobs(app.registry, app.bytes, script)
    steps = Steps(app.settings, jobs, Policy(app.settings), app.store)
    played: list[Played] = []
    for number, one in enumerate(dialogue.rounds, start=1):
        key = ConversationKey(PLATFORM, dialogue.id, "elsewhere" if one.elsewhere else "here")
        if one.forget:
            await app.library.forget(str(key))
        script.faults = one.faults
        incoming, sent = await _incoming(app, script, key, number, one, played)
        noted = Noted(app.planner)
        router = Router(app.settings, noted, steps, Conversation(app.store, app.settings.memory_tokens), app.library)
        started = time.perf_counter()
        reply = await router.answer(incoming, quiet)
        ms = (time.perf_counter() - started) * 1e3
        played.append(Played(one, tuple(noted.steps), reply, sent, frozenset(script.held), round(ms, 2)))
    await jobs.close()
    return played


async def _incoming(
    app: App, script: Script, key: ConversationKey, number: int, one: Round, played: Sequence[Played]
) -> tuple[Incoming, tuple[Artifact, ...]]:
    person = Person(one.who.lower(), one.who)
    me = f"{PLATFORM}:{person.id}"
    sent: list[Artifact] = []
    notes: list[Artifact] = []
    for index, attached in enumerate(one.attach):
        artifact = await _artifact(app, attached, f"{key}#{number}.{index}", me)
        if attached.says:
            script.heard[artifact.id] = attached.says
        (notes if attached.voice else sent).append(artifact)
        script.held.add(artifact.id)
        await _owned(app, artifact, key, me, gone=attached.gone)
    text = one.text
    if one.spoken:
        note = await _artifact(app, Attached(name=_NOTE, kind=Kind.AUDIO, voice=True), f"{key}#{number}.voice", me)
        script.heard[note.id] = text
        script.held.add(note.id)
        await _owned(app, note, key, me)
        sent, text = [*sent, note], ""
    answered = played[one.answers - 1] if one.answers else None
    replied = played[one.replies_to - 1] if one.replies_to else None
    quoted = [*notes, *(s.artifact for s in answered.reply.shown)] if answered else notes
    quoted += replied.sent if replied else ()
    words = one.quoted or (answered.reply.text if answered else replied.round.text if replied else "")
    incoming = Incoming(
        key,
        str(number),
        person,
        text,
        artifacts=tuple(sent),
        quoted=tuple(quoted),
        quoted_text=words,
        reply_to=str(one.replies_to) if one.replies_to else None,
        speak=False,  # the answer is judged as text; that it is spoken too is no plan
    )
    return incoming, (*notes, *(a for a in sent if a.name != _NOTE))


async def _artifact(app: App, attached: Attached, unique: str, person: str) -> Artifact:
    if attached.exif:
        photo = await asyncio.to_thread(_photo, attached.exif)
        return await ingest(BytesAttachment(attached.name, photo), app.settings, app.bytes, person=person)
    content = unique.encode()
    audible = attached.kind is Kind.AUDIO or (attached.kind is Kind.VIDEO and not attached.silent)
    seconds = attached.seconds if attached.kind in (Kind.AUDIO, Kind.VIDEO) else None
    known = facts(attached.kind, f"{attached.kind.value}/x-scripted", len(content), seconds, audible=audible)
    key = await keep(app.bytes, content)
    made = Artifact(key, attached.kind, attached.name, known, attached.caption, Recipe(person=person))
    return replace(made, voice=attached.voice)


async def _owned(app: App, artifact: Artifact, key: ConversationKey, person: str, *, gone: bool = False) -> None:
    await app.library.keep(artifact, str(key))
    if artifact.voice:
        await app.store.heard_voice(artifact.id, person)
    if gone:
        await app.bytes.delete(artifact.id)


def _photo(words: str) -> bytes:
    """A small JPEG whose metadata hold some words, where cameras and programs write theirs."""
    image = Image.new("RGB", (64, 48), (70, 110, 90))
    exif = Image.Exif()
    exif[_EXIF_DESCRIPTION] = words
    exif[_EXIF_COMMENT] = b"ASCII\0\0\0" + words.encode("ascii", "replace")
    file = io.BytesIO()
    image.save(file, "JPEG", exif=exif, comment=words.encode())
    return file.getvalue()
