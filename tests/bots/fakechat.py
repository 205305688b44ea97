"""A chat platform in memory, behind the same port as the real ones. It fails in every way that it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime

from bots.budget import Rate
from bots.chat import Chat
from bots.delivery import CannotTell, Posting
from bots.desk import Desk
from bots.layout import Limits
from core.messages import Attachment, ConversationKey, Source, Way
from core.settings import Settings

KEY = ConversationKey("fake", "s", "c")


class Fetched(Attachment):
    """A file that stays on the platform: each fetch gives the next of what was planned, the last one for ever."""

    def __init__(self, source: Source, planned: list[bytes | Exception]) -> None:
        self.name, self.claimed_type, self.size, self.voice = source.name, "", source.size, source.voice
        self.source = source
        self._planned = planned

    async def chunks(self) -> AsyncIterator[bytes]:
        now = self._planned.pop(0) if len(self._planned) > 1 else self._planned[0]
        if isinstance(now, Exception):
            raise now
        yield now


@dataclass
class Posted:
    """A message as it stands in the chat."""

    id: str
    text: str
    way: Way | None
    content: bytes
    buttons: tuple[str, ...]
    token: str


@dataclass
class Plan:
    """What happens to the next post: an exception before it arrives, or after."""

    before: BaseException | None = None
    after: BaseException | None = None


@dataclass
class Room:
    """What a person sees, and what happened."""

    posted: list[Posted] = field(default_factory=list)
    statuses: dict[str, list[str]] = field(default_factory=dict)
    cleared: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    hints: int = 0


class FakeChat(Chat):
    platform = "fake"
    limits = Limits(
        text=200, caption=60, captioned=frozenset({Way.AUDIO, Way.IMAGE}), plays=frozenset({"audio/mpeg", "image/png"})
    )
    edit_every_s = 0.02
    can_find = True
    most = 1 << 20
    fast = Rate(1000, 1000)

    def __init__(self, desk: Desk, settings: Settings) -> None:
        super().__init__(desk, settings)
        self.room = Room()
        self.plans: list[Plan] = []
        self.files: dict[str, list[bytes | Exception]] = {}
        self.status_fault: BaseException | None = None
        self.changed = asyncio.Event()

    async def start(self) -> None:
        return None

    async def stop(self) -> None:
        return None

    async def disconnect(self) -> None:
        return None

    def open(self, source: Source) -> Attachment:
        return Fetched(source, self.files[source.name])

    def rate(self, key: ConversationKey) -> Rate:
        return self.fast

    async def max_bytes(self, key: ConversationKey) -> int:
        return self.most

    async def post(self, posting: Posting) -> str:
        plan = self.plans.pop(0) if self.plans else Plan()
        if plan.before:
            raise plan.before
        made = posting.media
        content = made.path.read_bytes() if made else b""
        buttons = tuple(str(b.verb) for b in posting.buttons)
        self.room.posted.append(
            Posted(
                f"p{len(self.room.posted)}", posting.text, made.way if made else None, content, buttons, posting.token
            )
        )
        self.changed.set()
        if plan.after:
            raise plan.after
        return self.room.posted[-1].id

    async def find(self, posting: Posting, since: datetime) -> str | None:
        if not self.can_find:
            raise CannotTell
        return next((p.id for p in self.room.posted if p.token == posting.token), None)

    async def hint(self, key: ConversationKey, message_id: str) -> None:
        self.room.hints += 1

    async def post_status(self, key: ConversationKey, message_id: str, text: str) -> str:
        if self.status_fault:
            raise self.status_fault
        name = f"s{len(self.room.statuses)}"
        self.room.statuses[name] = [text]
        self.changed.set()
        return name

    async def edit_status(self, key: ConversationKey, post: str, text: str) -> None:
        self.room.statuses[post].append(text)
        self.changed.set()

    async def clear_status(self, key: ConversationKey, post: str) -> None:
        self.room.cleared.append(post)

    async def tell(self, key: ConversationKey, message_id: str, text: str) -> None:
        self.room.told.append(text)
        self.changed.set()

    async def until(self, count: int, timeout_s: float = 20.0) -> list[Posted]:
        """Wait until so many messages are posted."""
        async with asyncio.timeout(timeout_s):
            while len(self.room.posted) < count:
                self.changed.clear()
                if len(self.room.posted) < count:
                    await self.changed.wait()
        return self.room.posted
