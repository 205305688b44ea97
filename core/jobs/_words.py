"""The refusals that a queue itself gives, worded once for both queues."""

from __future__ import annotations

from core.errors import Cancelled, ModelFailed, Refusal
from core.jobs.port import MAX_ATTEMPTS, Job, Result
from core.sayings import saying

CANCELLED = Cancelled(saying("stopped")).refusal
LATE = ModelFailed(saying("late")).refusal
DEAD = ModelFailed(saying("worn_out")).refusal


def refused(job: Job, refusal: Refusal, attempt: int = 1) -> Result:
    """A job's result when no model gave one."""
    return Result(job=job.id, model=job.model, refusal=refusal, attempt=attempt)


def worn_out(attempt: int) -> bool:
    """Whether a job has had all its attempts."""
    return attempt > MAX_ATTEMPTS
