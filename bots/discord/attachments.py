"""Files that people send on Discord, fetched from its CDN."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import discord

from core.errors import BadInput, Broken
from core.messages import Attachment, Source
from core.sayings import saying

log = logging.getLogger("audiogpt.discord")

_CHUNK = 1 << 18
_TIMEOUT = aiohttp.ClientTimeout(total=None, connect=15, sock_read=60)

Refresh = Callable[[Source], Awaitable[str | None]]
"""Asks Discord for a file's address anew: the signature in an address works for about a day."""


def source(
    file: discord.Attachment, *, channel: int | None = None, message: int | None = None, voice: bool = False
) -> Source:
    """Where a file lies. Without a message it cannot be looked up again: an option of a command."""
    where: dict[str, Any] = {"url": file.url, "id": file.id}
    if channel is not None and message is not None:
        where |= {"channel": channel, "message": message}
    extension = file.filename.rpartition(".")[2]
    name = f"{file.title}.{extension}" if file.title else file.filename
    return Source(name, file.content_type or "", file.size, voice, where=where)


class CdnAttachment(Attachment):
    """One file."""

    def __init__(self, origin: Source, session: Callable[[], aiohttp.ClientSession], refresh: Refresh) -> None:
        self.source = origin
        self.name = origin.name
        self.claimed_type = origin.claimed_type
        self.size = origin.size
        self.voice = origin.voice
        self._origin = origin
        self._session = session
        self._refresh = refresh

    async def chunks(self) -> AsyncIterator[bytes]:
        """The bytes. The CDN wants no token and gets none.

        Raises:
            BadInput: it is no longer there.
            Broken: it cannot be fetched just now.
        """
        url: str = self._origin.where["url"]
        for fresh in (False, True):
            try:
                async with self._session().get(url, timeout=_TIMEOUT, allow_redirects=False) as answer:
                    if answer.status == 200:
                        self._no_page(answer)
                        async for chunk in answer.content.iter_chunked(_CHUNK):
                            yield chunk
                        return
                    if answer.status not in (401, 403, 404, 410):
                        raise Broken(f"the CDN answered {answer.status}")
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                raise Broken(f"a download broke off: {type(error).__name__}") from error
            renewed = None if fresh else await self._refresh(self._origin)
            if renewed is None:
                raise BadInput(saying("discord_gone"))
            url = renewed

    def _no_page(self, answer: aiohttp.ClientResponse) -> None:
        """A web page where a file should be is the CDN's trouble, not the person's file."""
        if answer.content_type == "text/html" and not self.claimed_type.startswith("text/html"):
            raise Broken(f"a web page came from {urlsplit(str(answer.url)).hostname} instead of a file")
