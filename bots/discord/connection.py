"""The connection to Discord: opened, kept, closed; told apart what an operator must mend and what passes by itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import HTTPClient, Route

from bots.addresses import completed
from core.errors import Broken, WrongUse
from core.settings import Settings

log = logging.getLogger("audiogpt.discord")

API_URL = "https://discord.com/api/v10"
GATEWAY_URL = "wss://gateway.discord.gg/"

HEARTBEAT_TIMEOUT_S = 60.0
"""A gateway that is silent for so long, heartbeats included, is taken for dead."""
_GUILDS_S = 2.0
"""A session whose servers come in slower than this, one after the other, counts as ready without the rest."""
_START_S = 20.0
"""How long a start waits for Discord before the rest goes on without it."""
_LOGIN_S = 20.0
"""How long a request waits for a login that is under way."""
_BACKOFF_S = (1.0, 60.0)
_RATE_LIMIT_S = 120.0
"""A rate limit longer than this is a fault, not a wait."""

_FATAL = {
    4004: "Discord does not accept AUDIOGPT_DISCORD_TOKEN any more; set the bot's present token",
    4010: "Discord does not accept the shards that this bot asked for",
    4011: "the bot is in too many servers for one connection; set AUDIOGPT_DISCORD_SHARDED=true",
    4012: "Discord does not speak this version of its gateway any more",
    4013: "Discord does not know the intents that this bot asked for",
}


def point(settings: Settings) -> None:
    """Direct the library to the configured addresses. It keeps them on its classes and offers no other way."""
    Route.BASE = completed(settings.discord_api_url, API_URL, "/api/v10").rstrip("/")
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.discord_gateway_url or GATEWAY_URL)


def intents() -> discord.Intents:
    """What is listened to: messages with their content, reactions, and which channels there are."""
    return discord.Intents(guilds=True, messages=True, message_content=True, reactions=True)


class Connection:
    """One bot on Discord.

    `dress` adds listeners to a client before it logs in; there is a new client after a failure. `connected` is called
    whenever events begin to come in on a new session: what happened before it is not told.
    """

    def __init__(
        self, settings: Settings, dress: Callable[[discord.Client], None], connected: Callable[[], None]
    ) -> None:
        self._settings = settings
        self._dress = dress
        self._connected = connected
        self._client: discord.Client | None = None
        self._logged_in = asyncio.Event()
        self._heard = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def now(self) -> discord.Client:
        """The present client, connected or not."""
        assert self._client is not None, "the connection is not opened"
        return self._client

    async def client(self) -> discord.Client:
        """The client, logged in.

        Raises:
            Broken: it is not, and did not become so in a while.
        """
        if self._task is not None and not self._task.done():
            try:
                async with asyncio.timeout(_LOGIN_S):
                    await self._logged_in.wait()
            except TimeoutError:
                pass  # said below
        if not self._logged_in.is_set() or self.now.is_closed():
            raise Broken("Discord is not connected")
        return self.now

    async def http(self) -> HTTPClient:
        """The library's requests. The same errors."""
        return (await self.client()).http

    async def open(self) -> None:
        """Connect; returns once events come in, or after a while if the network is down: it is then tried on and on.

        Raises:
            WrongUse: the token, an intent or the number of shards must be mended.
        """
        point(self._settings)
        self._task = asyncio.create_task(self._keep())
        heard = asyncio.create_task(self._heard.wait())
        try:
            await asyncio.wait({self._task, heard}, timeout=_START_S, return_when=asyncio.FIRST_COMPLETED)
        finally:
            heard.cancel()
        if self._task.done():
            await self._task
        elif not self._heard.is_set():
            log.warning("Discord cannot be reached yet; trying on")
        self._task.add_done_callback(_told_plainly)

    async def close(self) -> None:
        """Let go. Twice does no harm."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        self._logged_in.clear()

    async def _keep(self) -> None:
        """Log in and listen. The library mends what it can; what it gives up is begun anew, ever more slowly."""
        wait = _BACKOFF_S[0]
        while True:
            self._heard.clear()
            self._client = client = self._make()
            try:
                await client.start(self._settings.discord_token.get_secret_value())
            except discord.LoginFailure as error:
                raise WrongUse("AUDIOGPT_DISCORD_TOKEN is no token that Discord knows") from error
            except discord.PrivilegedIntentsRequired as error:
                raise WrongUse(_switch_on(client)) from error
            except discord.ConnectionClosed as error:
                if error.code in _FATAL:
                    raise WrongUse(_FATAL[error.code]) from error
                log.warning("Discord closed the connection with %s", error.code)
            except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
                log.warning("Discord cannot be reached: %s", type(error).__name__)
            except AttributeError:
                # the library looks at the first gateway connection although there was none yet
                log.warning("Discord's gateway cannot be reached", exc_info=client.ws is not None)
            finally:
                self._logged_in.clear()
                await client.close()
            if self._heard.is_set():
                wait = _BACKOFF_S[0]
            await asyncio.sleep(wait)
            wait = min(wait * 2, _BACKOFF_S[1])

    def _make(self) -> discord.Client:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # voice channels are not entered
        kind = discord.AutoShardedClient if self._settings.discord_sharded else discord.Client
        client = kind(
            intents=intents(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=_GUILDS_S,
            heartbeat_timeout=HEARTBEAT_TIMEOUT_S,
            max_ratelimit_timeout=_RATE_LIMIT_S,
        )

        async def setup_hook() -> None:
            self._logged_in.set()

        async def on_connect() -> None:
            self._heard.set()
            self._connected()

        client.event(setup_hook)
        client.event(on_connect)
        self._dress(client)
        return client


def _switch_on(client: discord.Client) -> str:
    page = f"https://discord.com/developers/applications/{client.application_id}/bot"
    return f"the bot may not read messages: switch on “Message Content Intent” at {page}"


def _told_plainly(task: asyncio.Task[None]) -> None:
    """What ends the connection while the rest of the process goes on."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("Discord is given up until the next start: %s", error)
