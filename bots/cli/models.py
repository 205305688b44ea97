"""`audiogpt models`: what serves what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bots.cli.stack import queue_url
from core.errors import QueueLost
from core.jobs.jetstream import JetStreamJobs
from core.models.choosing import ModelClass, told
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


def spoken(model: ModelClass) -> list[str]:
    """The languages of a model in short, a line each: "en→pt", "98→en" (98 of them), "ja, en"."""
    if model.pairs:
        return [f"{_few(p.sources, but=p.targets)}→{_few(p.targets, but=p.sources)}" for p in model.pairs]
    return [_few(model.languages)] if model.languages else []


def _few(codes: Sequence[str], but: Sequence[str] = ()) -> str:
    """Codes, or how many they are; without the one that is the whole other side of a pair."""
    named = [code for code in codes if len(but) != 1 or code not in but]
    return ", ".join(named) if len(named) <= _FEW else str(len(named))


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
