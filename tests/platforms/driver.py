"""How the conformance matrix drives a platform: the same steps on each, as a person would do them."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from platforms.seen import Seen

from core.settings import Settings


class Place(StrEnum):
    """Where something is said."""

    DIRECT = "direct message"
    GROUP = "group"
    THREAD = "thread"


class Driver(Protocol):
    """One way to reach one platform, with its protocol server. An async context manager from `start` to `stop`."""

    name: str
    """`Discord`, `Slack HTTP`, `Slack socket`, `Telegram polling`, `Telegram webhook`, `Web`."""
    not_offered: dict[tuple[str, Place | None], str]
    """(what, place; None: any) -> why the platform has no such thing, for the docs: one short sentence. `what` is one
    of the methods below: `delete`, `command`, ..."""

    async def start(self, settings: Settings) -> None:
        """Start the server, then the product with this one adapter (`stage.playing` with `staged` settings)."""

    async def stop(self) -> None:
        """Stop both; raises AssertionError when the server saw a violation."""

    async def say(
        self, place: Place, text: str, file: tuple[str, bytes] | None = None, voice: bool = False, reply_to: str = ""
    ) -> str:
        """Write something there as a person (mentioning the bot where a group wants it), with a file (name, content);
        as a voice note with `voice`, where the place wants a mention by replying to a message of the bot. Returns its
        id as `Seen.id`. `reply_to` is a `Seen.id`."""

    async def edit(self, place: Place, message: str, text: str) -> None:
        """Change a message that `say` wrote."""

    async def delete(self, place: Place, message: str) -> None:
        """Delete a message that `say` wrote."""

    async def command(self, place: Place, name: str, text: str = "") -> None:
        """Run a slash command."""

    async def press(self, place: Place, message: str, label: str) -> None:
        """Press the button with this label under a message of the bot."""

    async def answers(self, place: Place, count: int, timeout_s: float = 30.0) -> list[Seen]:
        """Wait until the place shows at least `count` messages of the bot that are no status lines, then return all of
        them, oldest first; ephemeral ones count. Fails with a readable dump."""

    async def settled(self, place: Place) -> list[Seen]:
        """Every message of the bot there once nothing is under way any more: no turn, no status line, no request in
        flight. For asserting that nothing was said twice."""
