"""`audiogpt doctor`: is this machine ready?"""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bots.cli.stack import queue_url, running
from bots.platforms import PLATFORMS, check_rights, chosen
from core import media
from core.artifacts import open_store
from core.errors import AudioGPTError
from core.jobs.jetstream import JetStreamJobs
from core.jobs.server import find_nats_server
from core.models.base import Tier
from core.registry import registry, why_not
from core.settings import Settings
from core.store import Store

_DISK_GB = 5.0


@dataclass(frozen=True)
class Check:
    """One line of the doctor."""

    name: str
    ok: bool
    message: str
    vital: bool = True
    """Whether nothing works while it is not OK."""


async def examine(settings: Settings) -> list[Check]:
    """All checks, in the order in which one would mend them."""
    checks: list[Check] = []
    for name, probe in _PROBES:
        try:
            checks.append(await probe(settings))
        except (AudioGPTError, OSError, RuntimeError) as error:
            checks.append(Check(name, False, str(error)))
    return [*checks, *await _platforms(settings)]


async def _ffmpeg(settings: Settings) -> Check:
    return Check("ffmpeg", True, await asyncio.to_thread(media.ffmpeg_version))


async def _disk(settings: Settings) -> Check:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.data_dir).free / 1e9
    advice = "" if free >= _DISK_GB else f"; make room: {_DISK_GB:.0f} GB are wanted, or set AUDIOGPT_DATA_DIR"
    return Check("disk", free >= _DISK_GB, f"{free:.1f} GB free for {settings.data_dir}{advice}", vital=False)


async def _port(settings: Settings) -> Check:
    stack = running(settings)
    if stack:
        return Check("web port", True, f"audiogpt is running at {stack.web_url}")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.web_host, settings.web_port))
        except OSError:
            message = f"{settings.web_host}:{settings.web_port} is taken; set AUDIOGPT_WEB_PORT to another"
            return Check("web port", False, message)
    return Check("web port", True, f"{settings.web_host}:{settings.web_port} is free")


async def _nats(settings: Settings) -> Check:
    url = queue_url(settings)
    if not url:
        return Check("job queue", True, f"`audiogpt run` will start {find_nats_server()}")
    jobs = await JetStreamJobs.connect(url, settings.lease_s)
    workers = await jobs.workers()
    await jobs.close()
    if not workers:
        return Check("job queue", False, f"{url} answers, but no worker is there: start `audiogpt worker`")
    return Check("job queue", True, f"{url}, {len(workers)} worker{'s' if len(workers) > 1 else ''}")


async def _database(settings: Settings) -> Check:
    store = await Store.open(settings.database)
    await store.close()
    return Check("database", True, settings.database.partition(":")[0])


async def _artifacts(settings: Settings) -> Check:
    await open_store(settings).exists("0" * 24)
    return Check("artifacts", True, settings.artifacts)


async def _gpu(settings: Settings) -> Check:
    def look() -> str:
        import torch

        if not torch.cuda.is_available():
            return ""
        return ", ".join(torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count()))

    found = await asyncio.to_thread(look)
    if found:
        return Check("GPU", True, f"{found}: `audiogpt worker --device cuda:0` uses it")
    return Check("GPU", True, "none: the bundled models run on the CPU")


async def _models(settings: Settings) -> Check:
    bundled = [m for m in registry(settings).models.values() if m.tier is Tier.BUNDLED and not m.optional]
    faults = [f"{m.id}: {why}" for m in bundled if (why := why_not(m, settings))]
    if faults:
        return Check("models", False, "; ".join(faults))
    return Check("models", True, ", ".join(m.id for m in bundled))


async def _rights(settings: Settings) -> Check:
    number = check_rights(settings)
    return Check("rights", True, f"{number} rules" if number else "everybody may use everything (AUDIOGPT_RIGHTS)")


async def _language_model(settings: Settings) -> Check:
    if settings.llm_base_url and not settings.llm_model:
        return Check("language model", False, "set AUDIOGPT_LLM_MODEL to the model's name", vital=False)
    if settings.llm_base_url:
        return Check("language model", True, f"{settings.llm_model} at {settings.llm_base_url}")
    return Check("language model", True, "none: the embedded router is used (set AUDIOGPT_LLM_BASE_URL for one)")


async def _platforms(settings: Settings) -> list[Check]:
    """What each platform's own look at its settings finds."""
    found: list[Check] = []
    for platform in chosen(settings):
        findings = await platform.examine(settings)
        found += [Check(platform.title, finding.ok, finding.message) for finding in findings]
    unused = [p.title for p in PLATFORMS if p not in chosen(settings)]
    if unused:
        found.append(Check("tokens", True, f"none set for {', '.join(unused)}: `audiogpt manifest NAME` says how"))
    return found


_PROBES: tuple[tuple[str, Callable[[Settings], Awaitable[Check]]], ...] = (
    ("ffmpeg", _ffmpeg),
    ("disk", _disk),
    ("web port", _port),
    ("job queue", _nats),
    ("database", _database),
    ("artifacts", _artifacts),
    ("models", _models),
    ("rights", _rights),
    ("GPU", _gpu),
    ("language model", _language_model),
)
