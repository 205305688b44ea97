"""`audiogpt models`: what serves what."""

from __future__ import annotations

from typing import Any

from bots.cli.stack import queue_url
from core.errors import QueueLost
from core.jobs.jetstream import JetStreamJobs
from core.registry import registry, why_not
from core.settings import Settings


async def list_models(settings: Settings) -> list[dict[str, Any]]:
    """A row for each capability and model; a capability without a model has one row that says what it needs."""
    known = registry(settings)
    alive = await _served(settings)
    rows: list[dict[str, Any]] = []
    for capability in known.capabilities.values():
        models = known.of(capability.id)
        for model in models:
            missing = why_not(model, settings)
            rows.append(
                {
                    "capability": capability.id,
                    "model": model.id,
                    "tier": model.tier.value,
                    "licence": model.licence,
                    "languages": list(model.languages),
                    "source": model.source,
                    "installed": missing is None,
                    "missing": missing,
                    "served": model.id in alive,
                }
            )
        if not models:
            rows.append(
                {
                    "capability": capability.id,
                    "model": None,
                    "tier": None,
                    "licence": None,
                    "languages": [],
                    "source": "",
                    "installed": False,
                    "missing": f"needs {capability.enable}",
                    "served": False,
                }
            )
    return rows


async def _served(settings: Settings) -> set[str]:
    url = queue_url(settings)
    if not url:
        return set()
    try:
        jobs = await JetStreamJobs.connect(url, settings.lease_s)
    except QueueLost:
        return set()
    try:
        return {name for worker in await jobs.workers() for name in worker.models}
    finally:
        await jobs.close()
