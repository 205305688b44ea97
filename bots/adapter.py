"""What a platform is to the rest: it hands messages to the desk, shows signs of life, delivers replies."""

from __future__ import annotations

from typing import Protocol

from core.errors import Broken
from core.messages import Attachment, ConversationKey, Outgoing, Source, Status


class Unclear(Broken):
    """A message was handed over and nobody knows whether it arrived: it must be looked for before it is sent again."""


class Gone(Exception):
    """There is nobody left to deliver to: the thread is deleted, the bot was removed or is blocked."""


class Adapter(Protocol):
    """One chat platform. Its folder in `bots/` holds nothing that another platform needs."""

    platform: str
    """The `platform` of every ConversationKey that it makes."""

    async def start(self) -> None:
        """Connect or listen; returns once messages can come in.

        Raises:
            WrongUse: a token or an address is wrong; the message says which setting.
        """

    async def stop(self) -> None:
        """Take no more messages. Replies are delivered until `close`."""

    async def close(self) -> None:
        """Let go of the connection. Twice does no harm."""

    def open(self, source: Source) -> Attachment:
        """A file that this platform keeps, as it was noted when its message came in."""

    async def deliver(self, outgoing: Outgoing) -> tuple[str, ...]:
        """Post a reply natively and return the platform's ids of what was posted.

        Called again with the same `outgoing.id` after a fault: it must not post twice.

        Raises:
            Broken: it did not arrive whole and may be tried again.
            Gone: nobody is there to read it.
        """

    async def show(self, key: ConversationKey, message_id: str, status: Status) -> None:
        """Show a sign of life of the turn of `message_id`. May drop any; never raises for the network."""

    async def withdrawn(self, key: ConversationKey, message_id: str) -> None:
        """The turn of `message_id` will not be answered: take its signs of life away."""
