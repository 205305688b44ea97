"""The refusals that a queue itself gives, worded once for both queues."""

from __future__ import annotations

from core.errors import Refusal, RefusalKind
from core.jobs.port import MAX_ATTEMPTS, Job, Result

CANCELLED = Refusal(RefusalKind.CANCELLED, "Stopped.")
LATE = Refusal(
    RefusalKind.MODEL_FAILED, "That took longer than I may work on one thing, so I stopped. Try a shorter clip."
)
DEAD = Refusal(RefusalKind.MODEL_FAILED, "The model broke several times on this one, so I stopped. It may be the file.")


def refused(job: Job, refusal: Refusal, attempt: int = 1) -> Result:
    """A job's result when no model gave one."""
    return Result(job=job.id, model=job.model, refusal=refusal, attempt=attempt)


def worn_out(attempt: int) -> bool:
    """Whether a job has had all its attempts."""
    return attempt > MAX_ATTEMPTS
