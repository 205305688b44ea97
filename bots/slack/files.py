"""Files that people send in Slack, fetched with the workspace's token from Slack's own hosts and from nowhere else."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from yarl import URL

from bots.adapter import Gone
from bots.slack.faults import Refuses, mapped
from bots.slack.workspaces import Workspace, Workspaces
from core.errors import BadInput, Broken
from core.messages import Attachment, Source
from core.sayings import saying

log = logging.getLogger("audiogpt.slack")

Json = dict[str, Any]

_HOSTS = ("slack.com", "slack-files.com", "slack-gov.com")
_CHUNK = 1 << 16
_MOST_REDIRECTS = 3
_READ_S = 60.0
"""Seconds without a byte after which a download is given up."""
_PAGE = (b"<!doctype", b"<html")

GONE = saying("slack_gone")
NO_SCOPE = saying("slack_unscoped")
ELSEWHERE = saying("slack_elsewhere")
HIDDEN = saying("slack_hidden")


def sources_of(team: str, files: list[Json], *, quoted: bool = False, author: str = "") -> tuple[Source, ...]:
    """What is noted of a message's files; of quoted ones none is what its author says now, but what they said then."""
    kept = [file for file in files if file.get("mode") != "tombstone" and file.get("id")]
    return tuple(_source(team, file, quoted, author) for file in kept)


def _source(team: str, file: Json, quoted: bool, author: str) -> Source:
    name = str(file.get("name") or "")
    clip = file.get("subtype") == "slack_audio" or name.startswith("audio_message")
    size = file.get("size")
    return Source(
        name=name or str(file.get("title") or "file"),
        claimed_type=str(file.get("mimetype") or ""),
        size=size if isinstance(size, int) and size > 0 else None,
        voice=clip and not quoted,
        speaker=author if clip and quoted else "",
        sender=author if quoted else "",
        where={"team": team, "file": str(file["id"]), "url": _address(file), "mode": str(file.get("mode") or "")},
    )


def _address(file: Json) -> str:
    """The original's: `url_private` of a clip leads to what Slack made of it."""
    return str(file.get("url_private_download") or file.get("url_private") or "")


class SlackFile(Attachment):
    """A file in Slack."""

    def __init__(self, source: Source, workspaces: Workspaces, api: URL) -> None:
        self.name = source.name
        self.claimed_type = source.claimed_type
        self.size = source.size
        self.voice = source.voice
        self.source = source
        self._workspaces = workspaces
        self._api = api

    async def chunks(self) -> AsyncIterator[bytes]:
        """The bytes, in parts.

        Raises:
            BadInput: it is gone, kept elsewhere, or the app may not read files.
            Broken: it could not be fetched just now.
        """
        assert self.source is not None
        where = self.source.where
        _refuse(str(where.get("mode")))
        try:
            workspace = await self._workspaces.of(str(where["team"]))
        except Gone as gone:
            raise BadInput(GONE) from gone
        address = str(where.get("url") or "") or await self._looked_up(workspace)
        with mapped():
            async with self._opened(workspace, URL(address)) as response:
                first = True
                async for chunk in response.content.iter_chunked(_CHUNK):
                    if first and chunk.lstrip()[:9].lower().startswith(_PAGE) and self.claimed_type != "text/html":
                        await self._explained(workspace)
                    first = False
                    yield chunk

    @asynccontextmanager
    async def _opened(self, workspace: Workspace, address: URL) -> AsyncIterator[aiohttp.ClientResponse]:
        for _ in range(_MOST_REDIRECTS):
            if not self._trusted(address):
                log.warning("a file is not fetched from %s: the token is for Slack only", address.host)
                break
            async with self._workspaces.session.get(
                address,
                headers={"Authorization": f"Bearer {workspace.token}"},
                allow_redirects=False,
                proxy=workspace.client.proxy,
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=_READ_S),
            ) as response:
                if response.status in (301, 302, 303, 307, 308):
                    address = address.join(URL(response.headers.get("Location", "")))
                    continue
                if response.status in (429, 500, 502, 503, 504):
                    raise Broken(f"Slack answered {response.status} in place of a file")
                if response.status != 200:
                    break
                yield response
                return
        await self._explained(workspace)

    def _trusted(self, address: URL) -> bool:
        host = address.host or ""
        if (address.scheme, host, address.port) == (self._api.scheme, self._api.host, self._api.port):
            return True
        return address.scheme == "https" and any(host == h or host.endswith(f".{h}") for h in _HOSTS)

    async def _explained(self, workspace: Workspace) -> None:
        """Slack gave a page, or nothing, in place of the file: find out why.

        Raises:
            BadInput: for a reason that a person can do something about.
            Broken: for none that can be seen.
        """
        await self._looked_up(workspace)
        raise Broken("Slack gave something else in place of a file")

    async def _looked_up(self, workspace: Workspace) -> str:
        """The address as `files.info` tells it: of a file from another organisation the message tells none."""
        assert self.source is not None
        try:
            async with self._workspaces.calling(workspace.team) as known:
                answer = await known.client.files_info(file=str(self.source.where["file"]))
        except Gone as gone:
            raise BadInput(GONE) from gone
        except Refuses as refuses:
            if refuses.error in ("file_deleted", "file_not_found", "not_visible"):
                raise BadInput(GONE) from refuses
            if refuses.error == "missing_scope":
                log.error("Slack: %s", refuses)
                raise BadInput(NO_SCOPE) from refuses
            raise
        file: Json = answer["file"]
        _refuse(str(file.get("mode")))
        address = _address(file)
        if not address:
            raise BadInput(GONE)
        return address


def _refuse(mode: str) -> None:
    if mode == "external":
        raise BadInput(ELSEWHERE)
    if mode == "hidden_by_limit":
        raise BadInput(HIDDEN)
