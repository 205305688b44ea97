"""Who watches which room, and what is under way in it. Kept events lie in the store; only signs of life lie here."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bots.web.schemas import ReadyEvent, SoundEvent, StatusEvent
from core.store import Store

HEARTBEAT_S = 15.0
POLL_S = 3.0
"""How often a watcher looks for events that another process appended."""
PAGE = 100
RECENT = 200
"""Kept events that a newcomer is sent; the page asks for earlier ones when the person wants them."""
_MOST_STATUSES = 64
_MOST_SOUND = 16 << 20
"""Characters of sound in base64 that are held for one answer, half an hour of speech: what is more comes with it."""


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """One event of a stream."""

    name: str
    json: str
    id: int | None = None

    def encode(self) -> bytes:
        """The wire form of a server-sent event (WHATWG HTML, section 9.2)."""
        number = f"id: {self.id}\n" if self.id is not None else ""
        return f"{number}event: {self.name}\ndata: {self.json}\n\n".encode()


@dataclass(slots=True)
class _Room:
    watchers: set[asyncio.Event] = field(default_factory=set)
    statuses: dict[str, tuple[int, StatusEvent]] = field(default_factory=dict)
    """By message id: the newest status of each turn and its version."""
    sounds: dict[str, list[tuple[int, SoundEvent]]] = field(default_factory=dict)
    """By message id: all that can be heard of an answer, with versions; a newcomer hears it from the beginning."""
    version: int = 0


class Rooms:
    """Wakes watchers. A slow watcher skips statuses, never kept events."""

    def __init__(self, store: Store, *, heartbeat_s: float = HEARTBEAT_S, poll_s: float = POLL_S) -> None:
        self._store = store
        self._heartbeat_s = heartbeat_s
        self._poll_s = poll_s
        self._rooms: dict[str, _Room] = {}
        self._closing = False
        self._arriving: dict[str, asyncio.Event] = {}

    @contextmanager
    def arriving(self, message_id: str) -> Iterator[None]:
        """While the block runs, a message is taken in; `arrived` waits for its end."""
        done = self._arriving.setdefault(message_id, asyncio.Event())
        try:
            yield
        finally:
            done.set()
            self._arriving.pop(message_id, None)

    async def arrived(self, message_id: str) -> None:
        """Wait until a message that is just taken in stands in its room, so that no answer stands before it."""
        if message_id in self._arriving:
            await self._arriving[message_id].wait()

    def close(self) -> None:
        """End every stream."""
        self._closing = True
        for room in list(self._rooms):
            self.wake(room)

    def wake(self, name: str) -> None:
        """Something was appended to the room."""
        for watcher in self._room(name).watchers:
            watcher.set()
        self._drop_empty(name)

    def show(self, name: str, status: StatusEvent) -> None:
        """Replace the status of a turn."""
        room = self._room(name)
        room.version += 1
        room.statuses.pop(status.message_id, None)
        room.statuses[status.message_id] = (room.version, status)
        if len(room.statuses) > _MOST_STATUSES:
            del room.statuses[next(iter(room.statuses))]
        self.wake(name)

    def play(self, name: str, sound: SoundEvent) -> None:
        """Let the room hear a stretch of an answer that is being made."""
        room = self._room(name)
        known = [one for one in room.sounds.get(sound.message_id, []) if one[1].job == sound.job]
        if sound.number != len(known) + 1 or sum(len(one.mp3) for _, one in known) + len(sound.mp3) > _MOST_SOUND:
            return  # one that was told before, by an attempt that broke, or after one that was lost
        room.version += 1
        room.sounds[sound.message_id] = [*known, (room.version, sound)]
        self.wake(name)

    def finish(self, name: str, message_id: str) -> None:
        """The turn is over: it has no status now."""
        self._room(name).statuses.pop(message_id, None)
        self._room(name).sounds.pop(message_id, None)
        self.wake(name)

    async def follow(self, name: str, after: int | None) -> AsyncGenerator[ServerEvent | None]:
        """Kept events after a number (None: the recent ones), `ready`, then news without end; None is a heartbeat.

        Raises:
            StoreLost: the database cannot be reached.
        """
        room = self._room(name)
        news = asyncio.Event()
        room.watchers.add(news)
        try:
            if after is None:
                after = max(0, await self._store.last_event(name) - RECENT)
            version, greeted, said = 0, False, time.monotonic()
            while not self._closing:
                news.clear()
                async for event in self._kept(name, after):
                    after, said = event.id or after, time.monotonic()
                    yield event
                if not greeted:
                    greeted = True
                    yield ServerEvent("ready", ReadyEvent(last=after).model_dump_json())
                seen, version = version, room.version
                for count, status in list(room.statuses.values()):
                    if seen < count <= version:
                        said = time.monotonic()
                        yield ServerEvent("status", status.model_dump_json())
                for count, sound in [one for sounds in room.sounds.values() for one in sounds]:
                    if seen < count <= version:
                        said = time.monotonic()
                        yield ServerEvent("sound", sound.model_dump_json())
                if time.monotonic() - said >= self._heartbeat_s:
                    said = time.monotonic()
                    yield None
                await self._wait(news)
        finally:
            room.watchers.discard(news)
            self._drop_empty(name)

    async def _kept(self, name: str, after: int) -> AsyncIterator[ServerEvent]:
        while events := await self._store.events(name, after, PAGE):
            for number, data in events:
                yield ServerEvent(data["type"], json.dumps(data, ensure_ascii=False), number)
            after = events[-1][0]

    async def _wait(self, news: asyncio.Event) -> None:
        try:
            async with asyncio.timeout(min(self._poll_s, self._heartbeat_s)):
                await news.wait()
        except TimeoutError:
            return

    def _room(self, name: str) -> _Room:
        return self._rooms.setdefault(name, _Room())

    def _drop_empty(self, name: str) -> None:
        room = self._rooms.get(name)
        if room and not room.watchers and not room.statuses and not room.sounds:
            del self._rooms[name]
