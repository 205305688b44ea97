"""A job, its result, and the queue's port.

At least once: a job whose worker falls silent is given to another, at most `MAX_ATTEMPTS` times. Submitting a job id
twice runs it once. A result is kept for a day, so that a restarted bot finds what its jobs became.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from core.artifacts import Artifact
from core.errors import Refusal
from core.messages import Piece

MAX_ATTEMPTS = 3


class Priority(StrEnum):
    """A person who waits goes before work that nobody watches."""

    INTERACTIVE = "interactive"
    BATCH = "batch"


@dataclass(frozen=True, slots=True)
class Job:
    """One step of a plan on its way to a worker."""

    id: str
    """Hex; the same step of the same turn always has the same id."""
    capability: str
    model: str
    args: dict[str, Any] = field(default_factory=dict)
    """As the capability's Args, artifact arguments as ids."""
    inputs: dict[str, tuple[Artifact, ...]] = field(default_factory=dict)
    """The artifacts of each artifact argument: a worker needs no database."""
    priority: Priority = Priority.INTERACTIVE
    person: str = ""
    seed: int = 0
    deadline_s: float = 1800.0
    """Seconds from submission after which nobody waits any more."""
    live: bool = False
    """Somebody listens while it runs: sound is told as it is made, by models that can."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a job became: text, artifacts and facts, or a refusal."""

    job: str
    model: str
    text: str | None = None
    artifacts: tuple[Artifact, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    refusal: Refusal | None = None
    model_ms: float = 0.0
    """Inside the model."""
    load_ms: float = 0.0
    """Bringing its weights into memory, when they were not there."""
    device: str = ""
    attempt: int = 1


class State(StrEnum):
    """Where a job is."""

    QUEUED = "queued"
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class Event:
    """A sign of life of a job."""

    job: str
    state: State
    place: int | None = None
    """1 is next, while queued."""
    fraction: float | None = None
    """0 to 1, while running and known."""
    piece: Piece | None = None
    """What it has just made, of a job that is live."""


OnEvent = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Want:
    """What a worker would take now."""

    priority: Priority
    capability: str
    model: str
    batch: int = 1
    """The most jobs at once."""


@dataclass(frozen=True, slots=True)
class WorkerState:
    """What a worker says of itself, every few seconds."""

    id: str
    models: tuple[str, ...]
    """Model ids that it serves."""
    capabilities: tuple[str, ...] = ()
    hot: tuple[str, ...] = ()
    """Those in memory now."""
    device: str = ""
    busy: int = 0
    """Jobs running now."""


class Lease(ABC):
    """One job in a worker's hands. Renew it or lose it."""

    job: Job
    attempt: int
    """1 is the first."""
    cancelled: asyncio.Event
    """Set when the person stopped it."""

    @abstractmethod
    async def renew(self) -> None:
        """Keep the lease for another full term."""

    @abstractmethod
    async def progress(self, fraction: float | None, piece: Piece | None = None) -> None:
        """Tell whoever waits how far it is, and what of its sound can be heard already."""

    @abstractmethod
    async def finish(self, result: Result) -> None:
        """Hand in the result; the first one counts."""

    @abstractmethod
    async def retry(self) -> None:
        """Give the job back: this attempt came to nothing."""


class Jobs(Protocol):
    """The queue. `run`, `cancel` and `workers` are the bot's side; the rest is the worker's."""

    async def run(self, job: Job, on_event: OnEvent) -> Result:
        """Submit a job and wait for its result. The same id again waits for the same run.

        A job that nobody finished by its deadline ends as a `ModelFailed` refusal.

        Raises:
            QueueLost: the queue cannot be reached.
        """

    async def cancel(self, job_id: str) -> None:
        """Stop a job, queued or running; its result becomes a `Cancelled` refusal."""

    async def workers(self) -> tuple[WorkerState, ...]:
        """The workers that are alive."""

    async def announce(self, state: WorkerState) -> None:
        """Say that a worker is alive; forgotten after a few seconds of silence."""

    async def lease(self, wants: Sequence[Want]) -> list[Lease]:
        """Jobs of the first of the wants that has any, at most its batch; empty when there are none."""

    async def work(self, timeout_s: float) -> None:
        """Wait until there may be something to lease, or the time is over."""

    async def close(self) -> None:
        """Let go of the queue. Leases that are still held expire."""
