"""What the chat platforms share: how a message comes in with patience, how a turn shows, how a reply goes out.

A platform's adapter inherits from `Chat`, turns its library's events into `Message`s and `Call`s, and gives the few
requests that differ: `post`, `find`, the status line's three, `hint`, `max_bytes`.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bots.adapter import Gone
from bots.admission import Admission, Heard, Verdict
from bots.budget import Budget, Rate
from bots.commands import Commands, Drawing
from bots.delivery import Delivery, Posting, Rejected
from bots.desk import Desk
from bots.layout import Limits
from bots.links import Links
from bots.progress import Progress
from bots.renditions import drawn
from bots.wording import KEEPING
from core.errors import Broken, StoreLost
from core.messages import Attachment, ConversationKey, Message, Outgoing, Reply, Source, Status
from core.registry import registry
from core.settings import Settings

log = logging.getLogger("audiogpt.chat")

DRAWING = "how.png"
"""What the picture of a plan is called."""
_DRAWN = "drawing"
"""Where a reply's parts have their number: the picture is none of them."""
_KEEP_WAITS_S: Sequence[float] = (0.2, 1.0, 3.0)


async def _noted_nowhere(note: str) -> None:
    """The ledger knows nothing of a picture that goes with a command's words."""


class Chat(ABC):
    """One chat platform. See `bots.adapter.Adapter` for what the desk calls."""

    platform: str
    limits: Limits
    edit_every_s: float

    def __init__(self, desk: Desk, settings: Settings) -> None:
        self.desk = desk
        self.settings = settings
        self.admission = Admission(settings, desk.store)
        self._budget = Budget()
        self._links = Links(settings)
        titles = {c.id: c.title for c in registry(settings).capabilities.values()}
        self._progress = Progress(self, desk.store, titles)
        self._delivery = Delivery(self, desk.store, desk.bytes, self._links)
        self.commands = Commands(desk, self._delivery.resend)

    # What a platform gives

    @abstractmethod
    async def start(self) -> None:
        """Connect or listen. Raises `WrongUse` for a wrong token or address."""

    @abstractmethod
    async def stop(self) -> None:
        """Take no more messages. Replies are delivered until `close`."""

    @abstractmethod
    async def disconnect(self) -> None:
        """Let go of the connection. Twice does no harm."""

    @abstractmethod
    def open(self, source: Source) -> Attachment:
        """A file that this platform keeps."""

    @abstractmethod
    def rate(self, key: ConversationKey) -> Rate:
        """What may be sent to this chat."""

    @abstractmethod
    async def max_bytes(self, key: ConversationKey) -> int:
        """The largest file that this place takes."""

    @abstractmethod
    async def post(self, posting: Posting) -> str:
        """Post one message; see `bots.delivery.Poster`."""

    @abstractmethod
    async def find(self, posting: Posting, since: datetime) -> str | None:
        """Look for an unclear message; see `bots.delivery.Poster`."""

    @abstractmethod
    async def hint(self, key: ConversationKey, message_id: str) -> None:
        """Show that the message was seen, until this is cancelled; see `bots.progress.Surface`."""

    @abstractmethod
    async def post_status(self, key: ConversationKey, message_id: str, text: str) -> str:
        """Post the status line with a Stop button."""

    @abstractmethod
    async def edit_status(self, key: ConversationKey, post: str, text: str) -> None:
        """Replace its text."""

    @abstractmethod
    async def clear_status(self, key: ConversationKey, post: str) -> None:
        """Take it away."""

    async def find_status(self, key: ConversationKey, message_id: str, since: datetime) -> str | None:
        """Look for a status line whose posting nobody noted. Not every platform offers a way."""
        return None

    @abstractmethod
    async def tell(self, key: ConversationKey, message_id: str, text: str) -> None:
        """Post a plain line that no ledger knows of, in answer to a message. Raises `Broken` or `Gone`."""

    # What is the same everywhere

    def chat_of(self, key: ConversationKey) -> str:
        """What the platform's limits count for: the channel with all its threads."""
        return f"{key.space}/{key.channel}"

    async def slot(self, key: ConversationKey) -> None:
        """Wait until the chat's budget lets an answer through."""
        await self._budget.answer(self.chat_of(key), self.rate(key))

    def spare(self, key: ConversationKey) -> bool:
        """Take a place of the chat's budget for a sign of life, if one is spare."""
        return self._budget.spare(self.chat_of(key), self.rate(key))

    async def verdict(self, heard: Heard) -> Verdict:
        """What to do with a message; before any file of it is touched. A database that is away means: take it."""
        try:
            return await self.admission.verdict(heard)
        except StoreLost:
            return Verdict.ANSWER if heard.private or heard.addressed else Verdict.IGNORE

    async def take(self, message: Message, stamp: str = "") -> None:
        """Hand a message to the desk, or its edited version with a `stamp`; patiently, and never losing it silently."""
        for wait in (*_KEEP_WAITS_S, None):
            try:
                await (self.desk.edited(message, stamp) if stamp else self.desk.receive(message))
                return
            except StoreLost as lost:
                log.error("a message could not be kept: %s", lost)
                if wait is not None:
                    await asyncio.sleep(wait)
        try:
            await self.tell(message.key, message.id, KEEPING)
        except (Broken, Gone) as fault:
            log.error("nor could its person be told: %s", fault)

    async def illustrate(self, drawing: Drawing | None) -> None:
        """Post the picture that goes with a command's words. They are there: that it fails is only noted."""
        if drawing is None:
            return
        outgoing = Outgoing(f"{drawing.key}#{drawing.message_id}", drawing.key, drawing.message_id, Reply(""))
        try:
            with tempfile.TemporaryDirectory(prefix="audiogpt-") as folder:
                picture = Path(folder) / DRAWING
                await asyncio.to_thread(picture.write_bytes, drawing.png)
                await self.slot(drawing.key)
                await self.post(Posting(outgoing, _DRAWN, "", (), drawn(picture), "", _noted_nowhere))
        except (Broken, Gone, Rejected) as fault:
            log.warning("a picture could not be shown: %s", type(fault).__name__)

    async def show(self, key: ConversationKey, message_id: str, status: Status) -> None:
        """Show a sign of life of a turn."""
        self._progress.show(key, message_id, status)

    async def withdrawn(self, key: ConversationKey, message_id: str) -> None:
        """A turn will not be answered: its status line goes."""
        await self._progress.finish(key, message_id)

    async def deliver(self, outgoing: Outgoing) -> tuple[str, ...]:
        """Post a reply, then take the turn's status line away."""
        try:
            ids = await self._delivery.deliver(outgoing)
        except Gone:
            await self._progress.finish(outgoing.key, outgoing.message_id)
            raise
        await self._progress.finish(outgoing.key, outgoing.message_id)
        return ids

    async def close(self) -> None:
        """Stop the status lines, then let go of the connection."""
        await self._progress.close()
        await self.disconnect()
