"""Telegram as a platform."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from telegram import BotCommand
from telegram.error import BadRequest, InvalidToken, TelegramError

from bots.budget import Rate
from bots.chat import Chat
from bots.commands import COMMANDS
from bots.delivery import CannotTell, Posting
from bots.desk import Desk
from bots.layout import STOP, Limits
from bots.telegram.connection import Connection
from bots.telegram.events import WANTED, Events
from bots.telegram.files import TelegramAttachment
from bots.telegram.inbox import Inbox, Recent
from bots.telegram.names import PLATFORM, is_group
from bots.telegram.polling import Poller
from bots.telegram.sending import CAPTION, TEXT, UPLOAD_BYTES, Sender
from bots.telegram.webhook import Webhook, secret_of
from bots.telegram.words import length
from core.artifacts import Kind
from core.errors import Broken, WrongUse
from core.messages import Attachment, ConversationKey, Source, Stage, Status, Way
from core.registry import registry
from core.settings import Settings

log = logging.getLogger("audiogpt.telegram")

_ACTION_S = 4.0
"""Clients show a chat action for five seconds."""
_ACTIONS = {
    Kind.AUDIO: "record_voice",
    Kind.VIDEO: "record_video",
    Kind.IMAGE: "upload_photo",
    Kind.MIDI: "upload_document",
}
_GROUP = Rate(per_s=20 / 60, burst=15, kept=5)
_PRIVATE = Rate(per_s=1.0, burst=8, kept=2)
_WAITS_S: Sequence[float] = (1.0, 2.0, 5.0, 15.0, 30.0)
_GOODBYE_S = 10.0
"""How long messages that came in may take to be kept when the bot stops."""
_NAME = "AudioGPT"


class TelegramAdapter(Chat):
    """A bot on Telegram, by long polling or by webhook.

    Raises:
        WrongUse: the token cannot be one.
    """

    platform = PLATFORM
    limits = Limits(
        text=TEXT,
        caption=CAPTION,
        captioned=frozenset({Way.VOICE, Way.AUDIO, Way.IMAGE, Way.VIDEO, Way.FILE}),
        plays=frozenset({"audio/mpeg", "audio/mp4", "video/mp4", "image/jpeg", "image/png"}),
        audio="mp3",
        video_note=True,
        length=length,
    )
    edit_every_s = 1.5

    def __init__(self, desk: Desk, settings: Settings) -> None:
        super().__init__(desk, settings)
        self._gives = {c.id: c.gives for c in registry(settings).capabilities.values()}
        self._actions = Recent()
        self._connection = Connection(settings)
        self._sender = Sender(self._connection)
        self._events = Events(self, self._connection, self._sender)
        self._inbox = Inbox(self._events.handle, self._events.take)
        self._poller = Poller(self._connection, self._inbox, WANTED)
        self._webhook = Webhook(self._connection, self._inbox, settings) if settings.telegram_webhook_url else None
        self._running: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Ask who the bot is, then listen. Where Telegram cannot be reached, go on trying.

        Raises:
            WrongUse: Telegram does not know the token, or the webhook's address cannot be used.
        """
        secure = urlsplit(self.settings.telegram_webhook_url).scheme in ("", "https")
        if not secure and not self.settings.telegram_api_url:  # a Bot API server of one's own takes http too
            await self.disconnect()
            raise WrongUse("AUDIOGPT_TELEGRAM_WEBHOOK_URL must begin with https://")
        try:
            await self._connection.greet()
        except InvalidToken as error:
            await self.disconnect()
            raise WrongUse("AUDIOGPT_TELEGRAM_TOKEN: Telegram does not know this token") from error
        except TelegramError as error:
            log.warning("Telegram cannot be reached, trying again: %s", type(error).__name__)
        if self._webhook is not None:
            try:
                await self._webhook.start()
            except WrongUse:
                await self.disconnect()
                raise
        self._running = asyncio.create_task(self._run(), name="telegram")

    async def _run(self) -> None:
        try:
            await self._prepare()
            if self._webhook is None:
                await self._poller.run()
        except InvalidToken:
            log.error(
                "Telegram does not take the token any more: no message comes in or goes out. "
                "Put a new one from @BotFather into AUDIOGPT_TELEGRAM_TOKEN and start again"
            )
        except BadRequest as error:
            log.error("Telegram refuses the webhook: %s", error)
        except Exception:  # nobody awaits this task: the log must have it
            log.exception("Telegram stopped working")

    async def _prepare(self) -> None:
        """Say how updates shall come and which commands there are; as often as it takes."""
        faults = 0
        while True:
            try:
                me = self._connection.me if self._connection.known else await self._connection.greet()
                if self._webhook is None:
                    await self._connection.bot.delete_webhook()
                else:
                    await self._connection.bot.set_webhook(
                        self.settings.telegram_webhook_url,
                        secret_token=secret_of(self.settings),
                        allowed_updates=list(WANTED),
                    )
                await self._connection.bot.set_my_commands([BotCommand(n, says) for n, says in COMMANDS.items()])
            except (InvalidToken, BadRequest):
                raise
            except TelegramError as error:
                if faults == 0:
                    log.warning("Telegram cannot be reached, trying again: %s", type(error).__name__)
                await asyncio.sleep(_WAITS_S[min(faults, len(_WAITS_S) - 1)])
                faults += 1
            else:
                break
        log.info("@%s is on Telegram", me.username)
        if not me.can_read_all_group_messages:
            log.info("privacy mode is on: in groups I hear only what mentions me, replies to me or is a command")

    @property
    def busy(self) -> bool:
        """Whether something that came in is still worked on, beside the desk's turns."""
        return self._inbox.oldest is not None or self._events.busy

    async def stop(self) -> None:
        """Take no more updates; what came in is kept first, and Telegram is told so."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
            self._running = None
            if self._webhook is not None:
                await self._webhook.stop()
            if await self._inbox.finish(_GOODBYE_S) and self._webhook is None:
                await self._poller.confirm()

    async def disconnect(self) -> None:
        """Close every connection. Twice does no harm."""
        await self._inbox.close()
        await self._events.close()
        await self._connection.close()

    def open(self, source: Source) -> Attachment:
        """A file that Telegram keeps."""
        return TelegramAttachment(source, self._connection)

    def rate(self, key: ConversationKey) -> Rate:
        """20 messages a minute in a group, one a second elsewhere."""
        return _GROUP if is_group(key) else _PRIVATE

    async def max_bytes(self, key: ConversationKey) -> int:
        """The same everywhere."""
        return UPLOAD_BYTES

    async def post(self, posting: Posting) -> str:
        """Post one message of a reply."""
        key, about = posting.key, posting.outgoing.message_id
        if posting.media is None:
            return await self._sender.text(key, about, posting.text, posting.buttons)
        performer = self._connection.me.first_name if self._connection.known else _NAME
        media = posting.media
        return await self._sender.media(key, about, media, posting.text, posting.buttons, performer)

    async def find(self, posting: Posting, since: datetime) -> str | None:
        """Bots cannot read a chat's history.

        Raises:
            CannotTell: always.
        """
        raise CannotTell

    async def show(self, key: ConversationKey, message_id: str, status: Status) -> None:
        """Show a sign of life of a turn; the chat action follows what is made."""
        if status.stage is Stage.RUNNING:
            gives = self._gives.get(status.capability, ())
            self._actions.note((key, message_id), next((_ACTIONS[k] for k in gives if k in _ACTIONS), "typing"))
        await super().show(key, message_id, status)

    async def hint(self, key: ConversationKey, message_id: str) -> None:
        """Renew the chat action until cancelled."""
        while True:
            try:
                await self._sender.act(key, str(self._actions.get((key, message_id), "typing")))
            except Broken as fault:
                log.info("a chat action is left out: %s", type(fault).__name__)
            await asyncio.sleep(_ACTION_S)

    async def post_status(self, key: ConversationKey, message_id: str, text: str) -> str:
        """Post the status line, without a sound, where the chat's budget has a place to spare."""
        if not self.spare(key):
            raise Broken("the chat's budget is for answers now")
        return await self._sender.text(key, message_id, text[:TEXT], (STOP,), quietly=True)

    async def edit_status(self, key: ConversationKey, post: str, text: str) -> None:
        """Replace its words."""
        await self._sender.edit(post, text)

    async def clear_status(self, key: ConversationKey, post: str) -> None:
        """Delete it."""
        await self._sender.remove(post)

    async def tell(self, key: ConversationKey, message_id: str, text: str) -> None:
        """Post a plain line in answer to a message."""
        await self.slot(key)
        await self._sender.lines(key, message_id, text)
