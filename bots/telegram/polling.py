"""Long polling that confirms an update to Telegram only when the message in it is safely kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from telegram.error import Conflict, InvalidToken, TelegramError

from bots.telegram.connection import Connection
from bots.telegram.inbox import Inbox

log = logging.getLogger("audiogpt.telegram")

_POLL_S = 45
"""How long Telegram holds a request when there is nothing; it allows 50."""
_AGAIN_S = 0.6
"""Between two requests while an update is worked on. Telegram slows down who asks the same sooner."""
_WAITS_S: Sequence[float] = (0.5, 1.0, 2.0, 5.0, 15.0, 30.0)
"""After the first, second, ... failure in a row."""


class Poller:
    """Asks for updates. The library's own updater confirms an update before anybody has looked at it; this does not."""

    def __init__(self, connection: Connection, inbox: Inbox, wanted: Sequence[str]) -> None:
        self._bot = connection.bot
        self._inbox = inbox
        self._wanted = list(wanted)
        self._after = 0

    async def run(self) -> None:
        """Put updates into the inbox until cancelled.

        Raises:
            InvalidToken: the token is no longer good.
        """
        faults = 0
        while True:
            oldest = self._inbox.oldest
            try:
                updates = await self._bot.get_updates(
                    offset=self._after if oldest is None else oldest,
                    timeout=_POLL_S if oldest is None else 0,
                    allowed_updates=self._wanted,
                )
            except TelegramError as error:
                await self._explain(error, faults)
                await asyncio.sleep(_WAITS_S[min(faults, len(_WAITS_S) - 1)])
                faults += 1
                continue
            faults = 0
            for update in updates:
                self._inbox.put(update)
                self._after = update.update_id + 1
            await self._inbox.rest(_AGAIN_S)

    async def confirm(self) -> None:
        """Tell Telegram what is done, before a stop. It would tell it again otherwise, which does no harm."""
        if not self._after:
            return
        try:
            await self._bot.get_updates(offset=self._after, timeout=0, limit=1, allowed_updates=self._wanted)
        except TelegramError as error:
            log.info("the last updates are not confirmed: %s", type(error).__name__)

    async def _explain(self, error: TelegramError, faults: int) -> None:
        if isinstance(error, InvalidToken):
            try:
                await self._bot.get_me()  # a proxy on the way says 404 too; this asks about the token itself
            except InvalidToken:
                raise
            except TelegramError:
                pass  # it is the line that is broken, and the line is tried again anyway
        if isinstance(error, Conflict):
            log.error(
                "another process asks Telegram for updates with the same token, or a webhook is set: each update "
                "reaches only one of them. Stop the other one; I go on trying"
            )
        elif faults == 0 or faults % 20 == 0:
            log.warning("Telegram cannot be asked for updates, trying again: %s", type(error).__name__)
