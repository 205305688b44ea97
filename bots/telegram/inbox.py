"""Updates in order: one chat's after the other, chats beside each other, each update once, albums as one message."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from telegram import Message, Update

log = logging.getLogger("audiogpt.telegram")

ALBUM_S = 0.7
"""How long after an album's last part it is taken to be whole."""
_ALBUM_PARTS = 10
_REMEMBERED = 4096
"""Updates, albums: how many of them are known again."""

Takes = Callable[[Sequence[Message]], Awaitable[None]]


class Recent(OrderedDict[object, object]):
    """The last things that were noted."""

    def note(self, name: object, value: object = True) -> None:
        """Remember one more, and forget the oldest."""
        self[name] = value
        self.move_to_end(name)
        while len(self) > _REMEMBERED:
            self.popitem(last=False)


@dataclass
class _Album:
    parts: list[Message]
    news: asyncio.Event = field(default_factory=asyncio.Event)
    whole: bool = False
    taken: asyncio.Event = field(default_factory=asyncio.Event)


class Inbox:
    """Hands each update to `handle`, and each new message or whole album to `take`. Neither may raise."""

    def __init__(self, handle: Callable[[Update], Awaitable[None]], take: Takes) -> None:
        self._handle = handle
        self._take = take
        self._seen = Recent()
        self._albums: dict[tuple[int, str], _Album] = {}
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def put(self, update: Update) -> asyncio.Task[None] | None:
        """Begin to work on an update; None when it is known. Call it in the order of the updates."""
        if update.update_id in self._seen:
            return self._tasks.get(update.update_id)
        self._seen.note(update.update_id)
        task = asyncio.create_task(self._work(update))
        self._tasks[update.update_id] = task
        task.add_done_callback(lambda _: self._tasks.pop(update.update_id, None))
        return task

    @property
    def oldest(self) -> int | None:
        """The lowest id of the updates that are worked on."""
        return min(self._tasks, default=None)

    @staticmethod
    async def finished(task: asyncio.Task[None]) -> None:
        """Wait for an update; who waits may be cancelled, the work goes on."""
        await asyncio.wait([task])

    async def rest(self, timeout_s: float) -> None:
        """Wait until nothing is worked on, or until the time is up."""
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()), timeout=timeout_s)

    async def finish(self, timeout_s: float) -> bool:
        """Take open albums as they are and finish what is worked on, for that long; whether it all was finished."""
        self._close_albums()
        await self.rest(timeout_s)
        return not self._tasks

    async def close(self) -> None:
        """Drop what is still worked on."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _close_albums(self, chat: int | None = None) -> None:
        for (where, _), album in self._albums.items():
            if chat in (None, where):
                album.whole = True
                album.news.set()

    async def _work(self, update: Update) -> None:
        message = update.message
        if message is not None and message.media_group_id:
            await self._part(message, (message.chat.id, message.media_group_id))
            return
        chat = update.effective_chat
        where = chat.id if chat is not None else 0
        if message is not None:
            self._close_albums(where)  # Telegram tells a chat's messages in order
        lock = self._lock(where)
        async with lock:
            await (self._take([message]) if message is not None else self._handle(update))

    async def _part(self, message: Message, name: tuple[int, str]) -> None:
        album = self._albums.get(name)
        if album is not None:
            album.parts.append(message)
            album.whole = album.whole or len(album.parts) >= _ALBUM_PARTS
            album.news.set()
            await album.taken.wait()
            return
        album = self._albums[name] = _Album([message])
        lock = self._lock(name[0])
        async with lock:
            while not album.whole:
                album.news.clear()
                try:
                    await asyncio.wait_for(album.news.wait(), ALBUM_S)
                except TimeoutError:
                    break
            del self._albums[name]
            try:
                await self._take(sorted(album.parts, key=lambda part: part.message_id))
            finally:
                album.taken.set()

    def _lock(self, chat: int) -> asyncio.Lock:
        lock = self._locks.get(chat)
        if lock is None:
            lock = self._locks[chat] = asyncio.Lock()
        return lock
