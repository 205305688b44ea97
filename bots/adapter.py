"""What a platform is to the rest: it hands messages to the desk, shows signs of life, delivers replies."""

from __future__ import annotations

from typing import Protocol

from core.messages import ConversationKey, Outgoing, Status


class Adapter(Protocol):
    """One chat platform. Its folder in `bots/` holds nothing that another platform needs."""

    platform: str
    """The `platform` of every ConversationKey that it makes."""

    async def start(self) -> None:
        """Connect or listen; returns once messages can come in."""

    async def stop(self) -> None:
        """Take no more messages and let go of the connection."""

    async def deliver(self, outgoing: Outgoing) -> tuple[str, ...]:
        """Post a reply natively and return the platform's ids of what was posted.

        Called again with the same `outgoing.id` after a fault: it must not post twice.

        Raises:
            Broken: it did not arrive and may be tried again.
        """

    async def show(self, key: ConversationKey, message_id: str, status: Status) -> None:
        """Show a sign of life of the turn of `message_id`. May drop any; never raises for the network."""
