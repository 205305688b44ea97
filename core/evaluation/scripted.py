"""A queue whose models are scripted: they give what a script says, at once, and break when it says so.

Everything in front of it is real: the router, the choice of a model, the checks of arguments, consent, memory.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.artifacts import Artifact, ArtifactStore, Facts, Kind, Recipe
from core.capabilities import Capability
from core.embedded.editing import edited_length
from core.errors import QueueLost, Refusal, RefusalKind
from core.evaluation.cases import Fault
from core.jobs import Job, OnEvent, Result, WorkerState
from core.jobs.memory import MemoryJobs
from core.registry import Registry

_SECONDS = 3.0
_SIDE_PX = 512
_TYPES = {
    Kind.AUDIO: ("audio/wav", ".wav"),
    Kind.IMAGE: ("image/png", ".png"),
    Kind.VIDEO: ("video/mp4", ".mp4"),
    Kind.MIDI: ("audio/midi", ".mid"),
    Kind.TEXT: ("text/plain", ".txt"),
}
_PARTS = {"speech_separation": 2, "music_separation": 2, "sound_extraction": 2}
"""How many clips a capability gives, where it is not one."""
_SAID = {
    "speech_recognition": "See you at the harbour on Sunday morning.",
    "speaker_diarization": "Speaker 1: 0.0 to 4.0 s. Speaker 2: 4.0 to 9.0 s.",
    "sound_detection": "Rain from 0.0 to 12.0 s, a dog from 4.0 to 5.0 s.",
    "target_sound_detection": "It is heard from 4.0 to 5.0 s.",
    "audio_captioning": "A dog barks while it rains.",
    "image_captioning": "It looks like a lighthouse at the sea.",
    "speech_translation": "Nos vemos el domingo en el puerto.",
    "text_translation": "Nos vemos el domingo en el puerto.",
}
WORDED = tuple(_SAID)
"""The capabilities that give words."""
_FAULTS = {
    "model_failed": Refusal(RefusalKind.MODEL_FAILED, "The model broke several times on this one, so I stopped."),
    "over_limit": Refusal(RefusalKind.OVER_LIMIT, "That is longer than I may work on."),
    "bad_input": Refusal(RefusalKind.BAD_INPUT, "I can't read that file."),
    "cancelled": Refusal(RefusalKind.CANCELLED, "Stopped."),
}


@dataclass
class Script:
    """What the models of one dialogue do."""

    says: Mapping[str, str] = field(default_factory=dict)
    unserved: frozenset[str] = frozenset()
    heard: dict[str, str] = field(default_factory=dict)
    """By artifact id: what is said in it."""
    faults: Mapping[str, Fault] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    """Ids of all media that were sent or made."""


class ScriptedJobs(MemoryJobs):
    """`core.jobs.Jobs` whose jobs are done by a script as they are submitted."""

    def __init__(self, registry: Registry, store: ArtifactStore, script: Script) -> None:
        super().__init__()
        self._registry, self._store, self.script = registry, store, script

    async def workers(self) -> tuple[WorkerState, ...]:
        """One worker that serves every model, hub ones too, except what the script leaves out."""
        served = [c for c in self._registry.capabilities if c not in self.script.unserved]
        models = [m.id for m in self._registry.models.values() if m.capability.id in served]
        return (WorkerState("script", tuple(models), tuple(served)),)

    async def run(self, job: Job, on_event: OnEvent) -> Result:
        """What the script says that becomes of it."""
        fault = self.script.faults.get(job.capability)
        if fault == "queue_lost":
            raise QueueLost("as scripted")
        if fault == "nothing":
            return Result(job.id, job.model)
        if fault is not None:
            return Result(job.id, job.model, refusal=_FAULTS[fault])
        given = [artifact for artifacts in job.inputs.values() for artifact in artifacts]
        if not all([await self._store.exists(artifact.id) for artifact in given]):
            lost = Refusal(RefusalKind.BAD_INPUT, "That file is no longer kept here. Please send it again.")
            return Result(job.id, job.model, refusal=lost)
        capability = self._registry.capabilities[job.capability]
        made = tuple([await self._made(job, kind, n, given) for n, kind in enumerate(_gives(capability, job), start=1)])
        return Result(job.id, job.model, self._words(job), made, model_ms=1.0, device="script")

    def _words(self, job: Job) -> str | None:
        heard = [self.script.heard[a.id] for a in job.inputs.get("audio", ()) if a.id in self.script.heard]
        if heard and job.capability in ("speech_recognition", "speech_translation"):
            return heard[0]
        return self.script.says.get(job.capability, _SAID.get(job.capability))

    async def _made(self, job: Job, kind: Kind, number: int, given: list[Artifact]) -> Artifact:
        media_type, suffix = _TYPES[kind]
        content = f"{job.id} {number}".encode()
        lengths = [a.facts.duration_s for a in given if a.facts.duration_s is not None]
        seconds = None if kind in (Kind.IMAGE, Kind.TEXT) else _seconds(job, lengths)
        parents = tuple(a.id for a in given)
        key = await keep(self._store, content)
        self.script.held.add(key)
        return Artifact(
            key,
            kind,
            f"{job.capability}-{number}{suffix}",
            facts(kind, media_type, len(content), seconds, audible=kind is not Kind.IMAGE),
            recipe=Recipe(job.capability, job.model, args=dict(job.args), parents=parents, person=job.person),
        )


def facts(kind: Kind, media_type: str, size: int, seconds: float | None, *, audible: bool) -> Facts:
    """What is measured of a scripted piece; pictures and videos have a side of `_SIDE_PX`."""
    side = _SIDE_PX if kind in (Kind.IMAGE, Kind.VIDEO) else None
    return Facts(media_type, size, seconds, width=side, height=side, has_audio=audible)


def _gives(capability: Capability, job: Job) -> list[Kind]:
    if job.capability == "speech_translation":
        return [Kind.AUDIO] if job.args.get("output") == "speech" else []
    if job.capability == "speech_recognition":
        return [] if job.args.get("format", "text") == "text" else [Kind.TEXT]
    if job.capability in _PARTS:
        return [Kind.AUDIO] * _PARTS[job.capability]
    return [kind for kind in capability.gives if kind is not Kind.TEXT]


def _seconds(job: Job, lengths: list[float]) -> float:
    if job.capability == "audio_editing" and lengths and (job.args["operation"] != "speed" or job.args.get("factor")):
        return edited_length(job.args, lengths)
    return float(job.args.get("seconds") or (lengths[0] if lengths else _SECONDS))


async def keep(store: ArtifactStore, content: bytes) -> str:
    """Put some bytes; returns their artifact id."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        return await store.put(Path(file.name))
