"""What a planner is asked and what it decides. The LLM and the embedded router both sit behind `Planner`."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from core.artifacts import Artifact, Kind
from core.errors import Refusal

STEP_PREFIX = "$"
"""An argument value `$1` is the result of step 1 of the plan: its artifact or its text, as the argument needs.
`$1.2` is the second of its artifacts of that kind."""
_POINTER = re.compile(re.escape(STEP_PREFIX) + r"([1-9][0-9]?)(?:\.([1-9]))?")


def pointed(value: object) -> tuple[int, int | None] | None:
    """The step that an argument value points at, and which of its artifacts if it names one; None for other values."""
    match = _POINTER.fullmatch(value) if isinstance(value, str) else None
    return (int(match[1]), int(match[2]) if match[2] else None) if match else None


def pointed_at(args: Mapping[str, Any]) -> frozenset[int]:
    """The steps whose results some arguments need."""
    values = (v for given in args.values() for v in (given if isinstance(given, list | tuple) else (given,)))
    return frozenset(found[0] for found in map(pointed, values) if found)


@dataclass(frozen=True, slots=True)
class Item:
    """Media that the request can be about, as facts and never as bytes."""

    id: str
    """Artifact id; where only a name is known (planning without bytes), the name."""
    kind: Kind
    name: str = ""
    caption: str = ""
    duration_s: float | None = None
    text: str = ""
    """What is known to be in it: what was asked for, said with it, heard or seen in it; the head of it."""
    current: bool = True
    """Attached to this very message or to the message that it replies to; False: from earlier in the conversation."""
    voice: bool = False
    """The voice note in which the request itself was spoken."""
    own: bool = False
    """A voice note of the person who asks."""
    who: str = ""
    """Display name of who sent it; empty where we made it, or nobody is known."""
    asked_by: str = ""
    """Display name of who had it made; empty for what a person sent."""
    mine: bool = False
    """The person who asks sent it, or had it made."""
    made: str = ""
    """The capability that made it; empty for what a person sent."""
    how: str = ""
    """The operation of the edit that made it, with a sign where that has a direction: `reverse`, `speed-`, `gain+`."""
    parents: tuple[str, ...] = ()
    """Ids of the media that it was made from, of those that were shown."""
    given: tuple[str, ...] = ()
    """Ids of what the step that made it was given, which may be what a step before it in the same turn gave."""
    at: datetime | None = None
    """When it was sent or made, with its time zone."""
    elsewhere: bool = False
    """From another thread of the channel: meant only where words name it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One earlier line of the conversation."""

    who: str
    """`user` or `bot`."""
    text: str
    name: str = ""
    """Display name of the person, in a group."""
    artifacts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Objection:
    """Words that a person is not shown, as they are not true."""

    said: str
    why: str
    """One English sentence, for the planner."""


@dataclass(frozen=True, slots=True)
class Request:
    """One message to plan for."""

    text: str
    items: tuple[Item, ...] = ()
    """What is attached first, then earlier media, the newest first."""
    history: tuple[Line, ...] = ()
    """Oldest first."""
    served: frozenset[str] = frozenset()
    """Ids of the capabilities that something serves now, and that who asks may use."""
    models: frozenset[str] = frozenset()
    """Ids of the models that a living worker serves, and that who asks may use; empty where that is not known."""
    barred: Mapping[str, Refusal] = field(default_factory=dict)
    """What who asks may not use, by capability, and the refusal that says so."""
    locale: str = ""
    spoken: bool = False
    """The text was recognised from a voice note."""
    first: bool = False
    """The conversation's first message."""
    person: str = ""
    at: datetime | None = None
    """When it was sent: what "yesterday" is told from."""
    quoted: str = ""
    """Words of the message that this one replies to: "this" and "it" may mean them."""
    meant: frozenset[str] = frozenset()
    """Ids of the earlier media that the words single out, as far as rules tell."""
    objection: Objection | None = None
    """The planner was asked this before, with the same results, and its words were not true."""


@dataclass(frozen=True, slots=True)
class Step:
    """One capability call. Arguments hold plain values, artifact ids, or `$n`."""

    capability: str
    args: dict[str, Any] = field(default_factory=dict)
    call: str = ""
    """The planner's own id of the call, handed back with its result."""
    seed: int | None = None
    """Of a step that is repeated: the seed that it had."""
    model: str = ""
    """Of a step that is repeated: the model that carried it out, taken again where it is served."""


@dataclass(frozen=True, slots=True)
class StepResult:
    """What became of a step."""

    step: Step
    model: str = ""
    text: str | None = None
    artifacts: tuple[Artifact, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    refusal: Refusal | None = None
    round: int = 0
    """The decision of the turn that it was part of; the first is 1."""
    ms: float = 0.0
    """Time inside the model itself, milliseconds."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Either steps to carry out now, or the words that end the turn (perhaps with a refusal)."""

    steps: tuple[Step, ...] = ()
    text: str = ""
    refusal: Refusal | None = None
    tokens: int = 0
    """What deciding took of a language model, prompts and answers together."""


Words = Callable[[str], Awaitable[None]]
"""Called with all the words so far while they stream."""


class Planner(Protocol):
    """Decides what to do next in a turn."""

    async def decide(self, request: Request, results: Sequence[StepResult], words: Words) -> Decision:
        """The next decision, given what the steps so far gave.

        Called first with no results. Steps whose arguments do not point at each other may run in parallel.

        Raises:
            Refused: the turn ends with this refusal.
            Broken: the planner cannot be reached.
        """
