"""One status line a turn: shown when a turn takes longer than a moment, edited in place, gone when the answer is there.

Edits are as rare as the platform wants them and never take what the chat's budget keeps for answers. The line's id is
in the ledger, so that a bot that starts again goes on with the same line.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bots.adapter import Gone, Unclear
from bots.wording import status_line
from core.errors import Broken
from core.messages import ConversationKey, Stage, Status
from core.store import Store

log = logging.getLogger("audiogpt.progress")

PART = "status"
"""The status line's name in the ledger."""
FIRST_S = 0.6
"""A turn that is answered sooner gets no status line; the platform's typing sign is there at once."""
_LANDING_S = 5.0


class Surface(Protocol):
    """What a platform gives for status lines."""

    platform: str
    edit_every_s: float
    """Seconds between two edits of one line."""

    async def hint(self, key: ConversationKey, message_id: str) -> None:
        """Show at once that the message was seen: typing, a reaction. May do nothing."""

    async def post_status(self, key: ConversationKey, message_id: str, text: str) -> str:
        """Post the line with a Stop button; returns the platform's id.

        Raises:
            Broken, Gone: it did not work; nothing depends on it.
        """

    async def edit_status(self, key: ConversationKey, post: str, text: str) -> None:
        """Replace the line's text. The same faults."""

    async def clear_status(self, key: ConversationKey, post: str) -> None:
        """Take the line away. The same faults."""

    async def find_status(self, key: ConversationKey, message_id: str, since: datetime) -> str | None:
        """Look for a line whose posting nobody noted, begun at `since`; None where it is not there. The same faults."""

    def spare(self, key: ConversationKey) -> bool:
        """Whether the chat's budget has a place for a sign of life now; takes it."""


@dataclass
class _Line:
    text: str = ""
    shown: str = ""
    post: str | None = None
    news: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None
    posting: asyncio.Task[str] | None = None
    """The line itself on its way."""


class Progress:
    """The status lines of a platform."""

    def __init__(
        self, surface: Surface, store: Store, titles: Mapping[str, str], first_s: Callable[[], float] = lambda: FIRST_S
    ) -> None:
        self._surface = surface
        self._store = store
        self._titles = titles
        self._first_s = first_s
        self._lines: dict[str, _Line] = {}

    def show(self, key: ConversationKey, message_id: str, status: Status) -> None:
        """Take note of where a turn is. Returns at once."""
        name = f"{key}#{message_id}"
        line = self._lines.get(name)
        if line is None:
            line = self._lines[name] = _Line()
            line.task = asyncio.create_task(self._run(key, message_id, line))
        if status.stage is Stage.RECEIVED and line.text:
            return
        line.text = status_line(status, self._titles)
        line.news.set()

    async def finish(self, key: ConversationKey, message_id: str) -> None:
        """The answer is there: take the line away."""
        name = f"{key}#{message_id}"
        await self._end(self._lines.pop(name, None))
        post = await self._known(key, message_id, name)
        if post is not None:
            await self._quietly(self._surface.clear_status(key, post))
        await self._store.drop_post(name, PART)

    async def _known(self, key: ConversationKey, message_id: str, name: str) -> str | None:
        """The line's id. One whose posting was cut short, by a crash or a lost connection, is looked for."""
        row = next((post for post in await self._store.posts_of(name) if post.part == PART), None)
        if row is None or row.id is not None:
            return row.id if row else None
        try:
            return await self._surface.find_status(key, message_id, row.begun_at)
        except (Broken, Gone) as fault:
            log.info("a status line is not looked for: %s", type(fault).__name__)
            return None

    async def close(self) -> None:
        """Stop editing. Lines stay as they are: their turns are taken up at the next start."""
        lines, self._lines = list(self._lines.values()), {}
        for line in lines:
            await self._end(line)

    @staticmethod
    async def _end(line: _Line | None) -> None:
        """Follow a turn no more. A line that is on its way lands first: it then takes itself away."""
        if line is not None and line.task is not None:
            line.task.cancel()
            await asyncio.gather(line.task, return_exceptions=True)
            if line.posting is not None:
                await asyncio.wait({line.posting}, timeout=_LANDING_S)

    async def _run(self, key: ConversationKey, message_id: str, line: _Line) -> None:
        try:
            await self._follow(key, message_id, line)
        except Broken as broken:
            log.warning("a status line ends early: %s", broken)

    async def _follow(self, key: ConversationKey, message_id: str, line: _Line) -> None:
        name = f"{key}#{message_id}"
        hint = asyncio.create_task(self._quietly(self._surface.hint(key, message_id)))
        try:
            line.post = await self._known(key, message_id, name)
            await asyncio.sleep(self._first_s())
            while True:
                await line.news.wait()
                line.news.clear()
                if line.text != line.shown and (line.post is None or self._surface.spare(key)):
                    await self._put(key, message_id, name, line)
                elif line.text != line.shown:
                    line.news.set()  # said later, when there is room
                await asyncio.sleep(self._surface.edit_every_s)
        finally:
            hint.cancel()

    async def _put(self, key: ConversationKey, message_id: str, name: str, line: _Line) -> None:
        text = line.text
        if line.post is not None:
            await self._quietly(self._surface.edit_status(key, line.post, text))
            line.shown = text
            return
        await self._store.begin_post(self._surface.platform, str(key), name, PART)
        try:
            line.posting = asyncio.create_task(self._posted(key, message_id, name, text))
            line.posting.add_done_callback(lambda task: task.cancelled() or task.exception())  # else it is warned of
            line.post = await asyncio.shield(line.posting)
            line.shown = text
        except (Broken, Gone) as fault:
            log.info("no status line: %s", type(fault).__name__)
            if not isinstance(fault, Unclear):
                await self._store.drop_post(name, PART)
            await asyncio.sleep(self._surface.edit_every_s)
            line.news.set()

    async def _posted(self, key: ConversationKey, message_id: str, name: str, text: str) -> str:
        """Post and note the id in one go: an answer that comes meanwhile must find the line to take it away."""
        post = await self._surface.post_status(key, message_id, text)
        await self._store.end_post(name, PART, post)
        if name not in self._lines:  # the answer or the end overtook it
            await self._quietly(self._surface.clear_status(key, post))
            await self._store.drop_post(name, PART)
        return post

    @staticmethod
    async def _quietly(work: object) -> None:
        try:
            await work  # type: ignore[misc]  # a coroutine of the surface
        except (Broken, Gone) as fault:
            log.info("a sign of life is left out: %s", type(fault).__name__)
