"""Handlers about the server itself: what can be asked for, whether it is well, its own description."""

from __future__ import annotations

from aiohttp import web

from bots.web.context import CONTEXT, PLATFORM, answer
from bots.web.schemas import Capabilities, CapabilityInfo, Health
from core import __version__


async def read_capabilities(request: web.Request) -> web.Response:
    """What anybody may ask for on the page now."""
    context = request.app[CONTEXT]
    served = (await context.desk.granted("", PLATFORM)).capabilities
    settings = context.settings
    found = [
        CapabilityInfo(id=c.id, title=c.title, summary=c.summary)
        for c in context.capabilities.values()
        if c.id in served
    ]
    return answer(
        Capabilities(
            capabilities=found,
            max_upload_mb=settings.max_upload_mb,
            max_attachments=settings.max_attachments,
            max_text_chars=settings.max_text_chars,
        )
    )


async def read_health(request: web.Request) -> web.Response:
    """200 when the server answers and reaches its database, else 503."""
    await request.app[CONTEXT].desk.store.last_event("health")
    return answer(Health(version=__version__))
