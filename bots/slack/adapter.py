"""Slack: messages in direct messages, channels and threads; replies as messages and files with Slack's own player."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from yarl import URL

from bots.adapter import Gone, Unclear
from bots.budget import Rate
from bots.chat import Chat
from bots.delivery import CannotTell, Posting, token
from bots.desk import Desk, origin
from bots.layout import STOP, Limits
from bots.progress import PART
from bots.slack.connection import Connection
from bots.slack.events import Events
from bots.slack.files import SlackFile
from bots.slack.interactions import CALLBACKS, Interactions
from bots.slack.oauth import flow_of
from bots.slack.people import People
from bots.slack.places import PLATFORM, message_id
from bots.slack.reading import Reading
from bots.slack.sending import Sending
from bots.slack.texts import ACTION, MOST
from bots.slack.workspaces import TOKEN_SETTING, Workspaces, library_log
from core.errors import Broken, WrongUse
from core.messages import Attachment, ConversationKey, Source
from core.settings import Settings
from core.store import Post

log = logging.getLogger("audiogpt.slack")

Json = dict[str, Any]

_MOST_BYTES = 1 << 30
_GOODBYE_S = 5.0
"""How long commands that are being carried out may take when the bot stops."""
_LEDGER_WAITS_S = (0.2, 0.5, 1.0)
_RETRY_WAITS_S = (1.0, 2.0, 5.0, 10.0, 30.0)


class SlackAdapter(Chat):
    """One app on Slack, in one workspace or in many."""

    platform = PLATFORM
    limits = Limits(
        text=MOST,
        caption=0,
        captioned=frozenset(),
        plays=frozenset({"audio/mpeg", "audio/mp4", "video/mp4", "image/png", "image/jpeg", "image/gif"}),
        voice=False,
    )
    edit_every_s = 2.0

    def __init__(self, desk: Desk, settings: Settings) -> None:
        super().__init__(desk, settings)
        self.workspaces = Workspaces(settings, desk.store, self._lost)
        self.people = People(self.workspaces)
        self.reading = Reading(self.workspaces, self.people, desk.store, self.open)
        self.sending = Sending(self.workspaces)
        self.events = Events(self)
        self.interactions = Interactions(self)
        self._connection = Connection(settings, desk.store, self.workspaces, self._refused)
        self._tasks: set[asyncio.Task[None]] = set()
        self._answering: set[asyncio.Task[None]] = set()
        self._over = False

    @property
    def address(self) -> str:
        """Where Slack's requests come in, `http://host:port`; empty in Socket Mode."""
        return self._connection.address

    async def start(self) -> None:
        """Connect or listen. While Slack cannot be reached, this is tried on in the background."""
        self._over = False
        try:
            await self._open()
        except WrongUse:
            await self.disconnect()
            raise
        except Broken as broken:
            log.warning("Slack is not there yet: %s", broken)
            self._spawn(self._open_later(), self._tasks)

    async def _open(self) -> None:
        await self.workspaces.start()
        oauth = await flow_of(self.settings, self.desk.store, self.workspaces)
        await self._connection.open(self._bolt(oauth), oauth)

    async def _open_later(self) -> None:
        waits = iter(_RETRY_WAITS_S)
        wait = next(waits)
        while True:
            await asyncio.sleep(wait)
            wait = next(waits, wait)
            await self._connection.close()
            try:
                await self._open()
            except WrongUse as wrong:
                log.error("Slack stops: %s", wrong)
                return
            except Broken as broken:
                log.warning("Slack is not there yet: %s", broken)
            else:
                return

    async def stop(self) -> None:
        """Take no more events. Replies are delivered until `close`."""
        await self._connection.close()
        if self._answering:
            await asyncio.wait(self._answering, timeout=_GOODBYE_S)

    async def disconnect(self) -> None:
        """Let go of the connections. Twice does no harm."""
        tasks = [*self._tasks, *self._answering]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._connection.close()
        await self.workspaces.close()

    def _lost(self, why: str) -> None:
        self._end(f"{TOKEN_SETTING} is not valid any more ({why}); set the app's present token")

    def _refused(self, why: str) -> None:
        self._end(f"AUDIOGPT_SLACK_APP_TOKEN is not valid any more ({why}); set the app's present token")

    def _end(self, why: str) -> None:
        """The platform stops, the rest goes on."""
        if not self._over:
            self._over = True
            log.error("Slack stops: %s", why)
            self._spawn(self._connection.close(), self._tasks)

    @staticmethod
    def _spawn(work: Coroutine[Any, Any, None], among: set[asyncio.Task[None]]) -> None:
        task = asyncio.create_task(work)
        among.add(task)
        task.add_done_callback(among.discard)

    def _bolt(self, oauth: AsyncOAuthFlow | None) -> AsyncApp:
        """The library's app, with what listens. It answers Slack when a listener is through: then the event is kept."""
        bolt = AsyncApp(
            name=library_log.name,  # it sets the level of the logger of this name
            logger=library_log,
            client=self.workspaces.client(),
            authorize=self.workspaces,  # type: ignore[arg-type]  # it takes an AsyncAuthorize too
            oauth_flow=oauth,
            signing_secret=self.settings.slack_signing_secret.get_secret_value(),
            process_before_response=True,
        )
        events: dict[str, Callable[[str, Json], Awaitable[None]]] = {
            "message": self.events.message,
            "app_mention": self.events.message,
            "reaction_added": self.events.reaction,
            "app_uninstalled": self.events.removed,
            "tokens_revoked": self.events.removed,
        }
        for name, deal in events.items():
            bolt.event(name)(self._listener(deal))
        bolt.event(re.compile(".*"))(_nothing)
        bolt.command(re.compile("^/"))(self._interaction(self.interactions.command))
        bolt.message_shortcut(re.compile("|".join(CALLBACKS)))(self._interaction(self.interactions.shortcut))
        bolt.action(re.compile(f"^{ACTION}"))(self._interaction(self.interactions.press))
        bolt.error(_told_again)
        return bolt

    def _listener(self, deal: Callable[[str, Json], Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        async def listener(body: Json, event: Json) -> None:
            try:
                await deal(str(body["team_id"]), event)
            except Gone as gone:
                log.info("an event is of no use: %s", gone)

        return listener

    def _interaction(self, deal: Callable[[Json, AsyncRespond], Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        async def carried_out(body: Json, respond: AsyncRespond) -> None:
            try:
                await deal(body, respond)
            except Exception:
                log.exception("an interaction could not be dealt with")

        async def listener(ack: AsyncAck, body: Json, respond: AsyncRespond) -> None:
            await ack()
            self._spawn(carried_out(body, respond), self._answering)

        return listener

    def open(self, source: Source) -> Attachment:
        """A file in Slack."""
        return SlackFile(source, self.workspaces, URL(self.workspaces.api_url))

    def rate(self, key: ConversationKey) -> Rate:
        """One message a second in a channel, with short bursts."""
        return Rate(per_s=1.0, burst=4, kept=2)

    async def max_bytes(self, key: ConversationKey) -> int:
        """What Slack takes anywhere; a workspace may take less, and then says so."""
        return _MOST_BYTES

    async def ledger(self, about: str) -> Post | None:
        """The ledger's row of a message of ours. A person may be quicker than Slack's answer to the post."""
        for wait in (*_LEDGER_WAITS_S, None):
            post = await self.desk.store.post_as(PLATFORM, about)
            if post is not None or wait is None:
                return post
            await asyncio.sleep(wait)
        return None

    async def post(self, posting: Posting) -> str:
        """Post one message of a reply, in its thread."""
        key = posting.key
        if key.thread and self.events.vanished(key.channel, key.thread):
            raise Gone("the message that was to be answered is deleted")
        if posting.media is not None:
            return message_id(key.channel, await self.sending.upload(posting, posting.media))
        ts = await self.sending.plainly(key, posting.text, posting.buttons, posting.token)
        return message_id(key.channel, ts)

    async def find(self, posting: Posting, since: datetime) -> str | None:
        """Look for an unclear message."""
        ts = await self.sending.find(posting, since)
        return message_id(posting.key.channel, ts) if ts is not None else None

    async def hint(self, key: ConversationKey, message_id: str) -> None:
        """Slack shows no typing of apps; the status line is the first sign."""

    async def post_status(self, key: ConversationKey, message_id: str, text: str) -> str:
        """Post the status line, when the chat's budget has a place to spare."""
        if not self.spare(key):
            raise Broken("what may be sent here now is kept for answers")
        mark, began = token(f"{key}#{message_id}", PART), datetime.now(UTC)
        try:
            ts = await self.sending.plainly(key, text[:MOST], (STOP,), mark, waits=False)
        except Unclear:
            found = await self.find_status(key, message_id, began)
            if found is None:
                raise
            return found
        return f"{key.channel}:{ts}"

    async def find_status(self, key: ConversationKey, message_id: str, since: datetime) -> str | None:
        """Look for a status line whose posting nobody noted."""
        try:
            ts = await self.sending.look(key, token(f"{key}#{message_id}", PART), since)
        except CannotTell:
            return None
        return f"{key.channel}:{ts}" if ts is not None else None

    async def edit_status(self, key: ConversationKey, post: str, text: str) -> None:
        """Replace its text."""
        await self.sending.edit(key.space, key.channel, _ts(post), text[:MOST], (STOP,))

    async def clear_status(self, key: ConversationKey, post: str) -> None:
        """Take it away."""
        await self.sending.delete(key.space, key.channel, _ts(post))

    async def tell(self, key: ConversationKey, message_id: str, text: str) -> None:
        """Post a plain line."""
        await self.slot(key)
        await self.sending.plainly(key, text)

    async def say_quietly(self, key: ConversationKey, message_id: str, text: str) -> None:
        """`tell`, where a failure is only noted."""
        try:
            await self.tell(key, message_id, text)
        except (Broken, Gone) as fault:
            log.warning("a line could not be said: %s", fault)


def _ts(post: str) -> str:
    return origin(post).partition(":")[2]


async def _nothing() -> None:
    """An event that is of no use here is acknowledged, so that Slack does not tell it again."""


async def _told_again(error: Exception) -> None:
    """Slack gets no acknowledgement, and tells the event again."""
    log.error("an event could not be kept: %s", error, exc_info=None if isinstance(error, Broken) else error)
