"""`ask`, `do` and `route`: one message, one capability, or planning only."""

from __future__ import annotations

import json
import secrets
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bots.cli.borrow import borrowed
from bots.cli.output import answer_json, export, refusal_json
from core.app import open_app, open_planner
from core.artifacts import Artifact, ArtifactStore, Kind, open_store
from core.capabilities import Capability
from core.errors import BadInput, MissingInput, Refused, WrongUse
from core.ingest import FileAttachment, ingest
from core.library import Library
from core.messages import ConversationKey, Incoming, Person, Status
from core.plans import Item, Line, Request, Step
from core.policy import Policy
from core.registry import registry
from core.settings import Settings
from core.steps import Steps
from core.store import Store

_PERSON = Person("me", "me")
_ME = f"cli:{_PERSON.id}"


class _Own:
    """Without a conversation only the terminal's own person is known, in the recordings that are said to be theirs."""

    def __init__(self, own: Sequence[Artifact]) -> None:
        self._own = {artifact.id for artifact in own}

    async def speaker(self, artifact: str) -> str | None:
        """Who speaks in it."""
        return _ME if artifact in self._own else None

    async def allowed(self, asker: str, place: str) -> frozenset[str]:
        """Nobody else can be asked here."""
        return frozenset()


async def _quiet(status: Status) -> None:
    """A script wants the answer, not the way there."""


def _check(files: list[Path]) -> None:
    for file in files:
        if not file.is_file():
            raise WrongUse(f"there is no file {file}")


async def _take(files: list[Path], settings: Settings, store: ArtifactStore) -> list[Artifact]:
    return [await ingest(FileAttachment(f), settings, store, person=_ME) for f in files]


async def ask(
    settings: Settings, text: str, files: list[Path], voices: list[Path], speak: bool, folder: Path
) -> dict[str, Any]:
    """One message through the router, answered as JSON-ready data. Nothing of it is remembered.

    `voices` are recordings of the person who asks: the message is as if it answered them.
    """
    _check([*files, *voices])
    started = time.perf_counter()
    key = ConversationKey("cli", secrets.token_hex(8), "ask")
    async with borrowed(settings) as (own, jobs), open_app(own, jobs) as app:
        incoming = Incoming(key, "1", _PERSON, text, speak=speak)
        try:
            artifacts = await _take(files, own, app.bytes)
            quoted = await _take(voices, own, app.bytes)
        except Refused as refused:
            incoming = replace(incoming, fault=refused.refusal)
        else:
            for artifact in (*artifacts, *quoted):
                await app.library.keep(artifact, str(key))
            for artifact in quoted:
                await app.store.heard_voice(artifact.id, _ME)
            incoming = replace(incoming, artifacts=tuple(artifacts), quoted=tuple(quoted))
        reply = await app.router.answer(incoming, _quiet)
        made = [shown.artifact for shown in reply.shown]
        paths = await export(made, app.bytes, folder)
        await app.library.forget(str(incoming.key))
    ms = (time.perf_counter() - started) * 1e3
    return answer_json(reply.text, made, paths, reply.refusal, list(reply.plan), ms)


async def do(
    settings: Settings, name: str, given: list[str], files: list[Path], voices: list[Path], folder: Path
) -> dict[str, Any]:
    """One capability without the router. `voices` are recordings of the person who asks."""
    _check([*files, *voices])
    capability = registry(settings).capabilities.get(name)
    if capability is None:
        known = ", ".join(sorted(registry(settings).capabilities))
        raise WrongUse(f"there is no capability {name!r}; there are: {known}")
    args = _arguments(capability, given)
    started = time.perf_counter()
    made: list[Artifact] = []
    plan, text, refusal = [], "", None
    async with borrowed(settings) as (own, jobs):
        store = open_store(own)
        uploads: list[Artifact] = []
        paths: list[Path] = []
        try:
            spoken = await _take(voices, own, store)
            uploads = [*await _take(files, own, store), *spoken]
            args |= _attached(capability, uploads, spoken, args)
            steps = Steps(own, jobs, Policy(own), _Own(spoken))

            async def find(artifact_id: str) -> Artifact | None:
                return next((a for a in uploads if a.id == artifact_id), None)

            outcome = await steps.run(
                [Step(name, args)], [], turn=secrets.token_hex(8), person=_ME, place="cli", find=find, show=_quiet
            )
            (result,) = outcome.results
            plan, text, refusal, made = outcome.ran, result.text or "", result.refusal, list(result.artifacts)
        except Refused as refused:
            refusal = refused.refusal
        try:
            paths = await export(made, store, folder)
        finally:
            if own is settings:  # else the whole store is temporary
                await _let_go([*uploads, *made], own, store)
    ms = (time.perf_counter() - started) * 1e3
    return answer_json(text or (refusal.message if refusal else ""), made, paths, refusal, plan, ms)


async def _let_go(artifacts: list[Artifact], settings: Settings, files: ArtifactStore) -> None:
    """Delete the bytes, unless a conversation of the running stack refers to the same ones."""
    owner = f"cli/{secrets.token_hex(8)}/do/"
    store = await Store.open(settings.database)
    try:
        library = Library(store, files)
        for artifact in artifacts:
            await library.keep(artifact, owner)
        await library.forget(owner)
    finally:
        await store.close()


def _arguments(capability: Capability, given: list[str]) -> dict[str, Any]:
    args: dict[str, Any] = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals:
            raise WrongUse(f"--arg wants NAME=VALUE, not {pair!r}")
        if name not in capability.args.model_fields:
            known = ", ".join(capability.args.model_fields)
            raise WrongUse(f"{capability.id} has no argument {name!r}; it has: {known}")
        args[name] = _value(capability, name, value)
    return args


def _value(capability: Capability, name: str, value: str) -> Any:
    """Text stays text; numbers, lists and the like are JSON."""
    kinds = json.dumps(capability.args.model_json_schema()["properties"][name])
    if '"string"' in kinds and '"array"' not in kinds:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _attached(
    capability: Capability, uploads: list[Artifact], spoken: list[Artifact], given: dict[str, Any]
) -> dict[str, Any]:
    """Give attachments to the artifact arguments in order, by kind; the person's own voice first where one is wanted.

    Raises:
        BadInput: an attachment is left over.
    """
    left = list(uploads)
    args: dict[str, Any] = {}
    for ref in capability.refs:
        if ref.name in given:
            continue
        fitting = [a for a in left if a.kind is ref.kind or (ref.kind is Kind.AUDIO and a.kind is Kind.VIDEO)]
        fitting.sort(key=lambda a: (a in spoken) is not ref.voice)
        taken = fitting if ref.many else fitting[:1]
        left = [a for a in left if a not in taken]
        if taken:
            args[ref.name] = [a.id for a in taken] if ref.many else taken[0].id
        elif ref.required and not left:
            raise MissingInput(f"To {capability.title} I need one {ref.kind.value} file. Please attach one.")
    if left:
        raise BadInput(f"I have no use for {left[0].name} here: {capability.title} takes fewer files.")
    return args


async def route(settings: Settings, source: str) -> Iterator[dict[str, Any]]:
    """Plan every line of a JSON-lines file or of standard input."""
    lines = sys.stdin if source == "-" else _open(source)
    found = []
    async with open_planner(settings) as planner:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            request = _request(settings, line, number)
            started = time.perf_counter()
            try:
                decision = await planner.decide(request, [], _no_words)
                steps, refusal = decision.steps, decision.refusal
            except Refused as refused:
                steps, refusal = (), refused.refusal
            found.append(
                {
                    "plan": [{"capability": s.capability, "args": s.args} for s in steps],
                    "refusal": refusal_json(refusal),
                    "ms": round((time.perf_counter() - started) * 1e3, 2),
                }
            )
    return iter(found)


def _open(source: str) -> Iterable[str]:
    try:
        return Path(source).read_text().splitlines()
    except OSError as error:
        raise WrongUse(f"cannot read {source}: {error.strerror}") from error


async def _no_words(text: str) -> None:
    """Planning shows nothing on the way."""


def _request(settings: Settings, line: str, number: int) -> Request:
    try:
        data = json.loads(line)
        history = data.get("history", [])
        items = [_item(a, current=True) for a in data.get("attachments", [])]
        earlier = [_item(a, current=False) for t in history for a in t.get("attachments", t.get("artifacts", []))]
        lines = [
            Line(t["who"], t["text"], artifacts=tuple(a["name"] for a in t.get("attachments", t.get("artifacts", []))))
            for t in history
        ]
        text = data["text"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WrongUse(f"line {number} is not a message to plan for: {error}") from error
    served = frozenset(m.capability.id for m in registry(settings).runnable(settings))
    return Request(text, (*items, *reversed(earlier)), tuple(lines), served)


def _item(data: dict[str, Any], *, current: bool) -> Item:
    return Item(data["name"], Kind(data["kind"]), data["name"], current=current)
