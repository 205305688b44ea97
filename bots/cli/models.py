"""`audiogpt models`: what serves what."""

from __future__ import annotations

from typing import Any

from bots.cli.stack import queue_url
from core.errors import QueueLost
from core.jobs.jetstream import JetStreamJobs
from core.languages import name
from core.models.choosing import told
from core.registry import registry, why_not
from core.settings import Settings

_FEW = 6
"""Languages that are named one by one."""


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
                    "voices": [voice.name for voice in model.voices],
                    "pairs": [line for line in told(model.pairs).split("; ") if line],
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
                    "voices": [],
                    "pairs": [],
                    "source": "",
                    "installed": False,
                    "missing": f"needs {capability.enable}",
                    "served": False,
                }
            )
    return rows


def spoken(row: dict[str, Any]) -> str:
    """The languages of a row, each on a line of a narrow column: pairs, else few names, else how many."""
    if row["pairs"]:
        return "\n".join(f"  {line}" for line in row["pairs"])
    codes = row["languages"]
    if len(codes) > _FEW:
        return f"  {len(codes)} languages"
    return "\n".join(f"  {name(code)}" for code in codes)


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
