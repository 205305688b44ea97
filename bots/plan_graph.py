"""How a reply came to be, as data: pieces of media and words, and the steps between them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core import languages
from core.artifacts import ID_LENGTH, Artifact, Kind
from core.messages import Outgoing, Ran
from core.plans import STEP_PREFIX, pointed
from core.registry import Registry
from core.store import Store

VALUE_CHARS = 60
_UNITS = {"s": "s", "db": "dB", "hz": "Hz", "lufs": "LUFS", "deg": "°", "bpm": "BPM"}
"""The end of an argument's name that is the unit of its value."""
_NOUNS = {
    Kind.AUDIO: "a recording",
    Kind.IMAGE: "a picture",
    Kind.VIDEO: "a video",
    Kind.MIDI: "notes",
    Kind.TEXT: "a text file",
}


@dataclass(frozen=True, slots=True)
class Thing:
    """A piece of media, or the words that a step gave."""

    id: str
    """Artifact id; of words, the step's number behind `STEP_PREFIX`."""
    kind: Kind
    name: str
    noun: str
    """What it is, where its name cannot be shown."""
    duration_s: float | None = None
    made: bool = False
    """By a step of this reply or of an earlier one, rather than sent by a person."""
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Action:
    """A step as it was carried out."""

    title: str
    model: str
    licence: str
    model_ms: float
    ms: float
    device: str
    args: tuple[tuple[str, str], ...]
    """Name and value of each argument but those that hold media, ready to be read."""
    took: tuple[str, ...]
    """Ids of the things that it was given."""
    gave: tuple[str, ...]
    """Ids of the things that it gave."""


@dataclass(frozen=True)
class Graph:
    """All of a reply's plan, in the order in which it was carried out."""

    actions: tuple[Action, ...]
    things: dict[str, Thing] = field(default_factory=dict)


def plan_graph(outgoing: Outgoing, known: Registry, artifacts: Mapping[str, Artifact]) -> Graph:
    """The graph of a reply; `artifacts` are those that `kept_of` gives."""
    plan = outgoing.reply.plan
    shown = {s.artifact.id: s.artifact for s in outgoing.reply.shown}
    everything = {**artifacts, **shown}
    made = {one for ran in plan for one in ran.made} | set(shown)
    things: dict[str, Thing] = {}
    words: dict[int, str] = {}
    actions = []
    for index, ran in enumerate(plan):
        took = [value for value in _flat(ran.args.values()) if _is_id(value)]
        took += [words[n] for n in _pointers(ran) if n in words]
        gave = list(ran.made)
        if not gave and outgoing.reply.refusal is None:
            words[ran.number] = gave_words = f"{STEP_PREFIX}{index + 1}"
            gave = [gave_words]
            things[gave_words] = Thing(gave_words, Kind.TEXT, "words", "words", made=True)
        for one in (*took, *ran.made):
            things.setdefault(one, _thing(one, everything.get(one), one in made))
        actions.append(_action(ran, known, tuple(dict.fromkeys(took)), tuple(gave)))
    return Graph(tuple(actions), things)


async def kept_of(outgoing: Outgoing, store: Store) -> dict[str, Artifact]:
    """What a reply's plan was given and what it made, by id, as far as it is still kept.

    Raises:
        StoreLost: the database cannot be reached.
    """
    plan = outgoing.reply.plan
    named = dict.fromkeys(v for ran in plan for v in (*_flat(ran.args.values()), *ran.made) if _is_id(v))
    return await store.described(list(named), str(outgoing.key))


def seconds(ms: float) -> str:
    """A time for a person: "0.4 s", "12 ms"."""
    return f"{ms / 1000:.1f} s" if ms >= 100 else f"{ms:.0f} ms"


def _action(ran: Ran, known: Registry, took: tuple[str, ...], gave: tuple[str, ...]) -> Action:
    capability, model = known.capabilities.get(ran.capability), known.models.get(ran.model)
    refs = {ref.name for ref in capability.refs} if capability else set()
    args = [
        _readable(name, value) for name, value in ran.args.items() if value not in (None, "", ()) and name not in refs
    ]
    return Action(
        title=capability.title if capability else ran.capability.replace("_", " "),
        model=ran.model,
        licence=model.licence if model else "",
        model_ms=ran.model_ms,
        ms=ran.ms,
        device=ran.device,
        args=tuple(args),
        took=took,
        gave=gave,
    )


def _readable(name: str, value: Any) -> tuple[str, str]:
    stem, _, unit = name.rpartition("_")
    if stem and unit in _UNITS and isinstance(value, int | float):
        return stem.replace("_", " "), f"{value:g} {_UNITS[unit]}".replace(" °", "°")
    if name == "language" or name.endswith("_language"):
        return name.replace("_", " "), languages.name(str(value))
    if isinstance(value, bool):
        return name.replace("_", " "), "yes" if value else "no"
    if isinstance(value, int | float):
        return name.replace("_", " "), f"{value:g}"
    text = " ".join((value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)).split())
    return name.replace("_", " "), text if len(text) <= VALUE_CHARS else f"{text[: VALUE_CHARS - 1]}…"


def _thing(id: str, artifact: Artifact | None, made: bool) -> Thing:
    if artifact is None:
        return Thing(id, Kind.TEXT, "a file", "a file", made=made, kept=False)
    noun = "a voice note" if artifact.voice else _NOUNS[artifact.kind]
    made = made or bool(artifact.recipe.capability)
    return Thing(id, artifact.kind, artifact.name, noun, artifact.facts.duration_s, made)


def _pointers(ran: Ran) -> list[int]:
    """Numbers of the steps whose words a step was given."""
    found = [(name, pointed(value)) for name, value in ran.planned.items()]
    return [pointer[0] for name, pointer in found if pointer and not _is_id(ran.args.get(name))]


def _flat(values: Any) -> list[Any]:
    return [part for value in values for part in (value if isinstance(value, list | tuple) else [value])]


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and len(value) == ID_LENGTH and set(value) <= set("0123456789abcdef")
