"""The job queue as everything else sees it: one port, an in-memory twin and NATS JetStream behind it."""

from core.jobs.port import (
    MAX_ATTEMPTS,
    Event,
    Job,
    Jobs,
    Lease,
    OnEvent,
    Priority,
    Result,
    State,
    Want,
    WorkerState,
)

__all__ = [
    "MAX_ATTEMPTS",
    "Event",
    "Job",
    "Jobs",
    "Lease",
    "OnEvent",
    "Priority",
    "Result",
    "State",
    "Want",
    "WorkerState",
]
