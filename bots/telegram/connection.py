"""The line to Telegram: the library's bot with its limiter and time limits, and the download of files."""

from __future__ import annotations

import functools
import logging
import os
import re
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import httpx
from telegram import User
from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from bots.addresses import completed
from bots.telegram.faults import translated
from core.errors import WrongUse
from core.settings import Settings

os.environ.setdefault("PTB_TIMEDELTA", "true")  # how the library gives times from its next version on; else it warns
for _name in ("httpx", "httpcore", "telegram"):  # their lines hold addresses, which hold the token, and what people say
    logging.getLogger(_name).setLevel(logging.WARNING)

API_URL = "https://api.telegram.org/bot"
_FILE_URL = "https://api.telegram.org/file/bot"
_TOKEN = re.compile(r"\d+:[\w-]{20,}", re.ASCII)

CONNECT_S = 15.0
READ_S = 30.0
"""How long an answer may take: long, because one that comes too late leaves the message unclear."""
UPLOAD_READ_S = 180.0
"""The same for an upload, which Telegram digests before it answers."""
_WRITE_S = 60.0
_POOL_S = 30.0
_RETRIES = 3
"""How often a request that is refused by flood control is sent again, after the time that Telegram asks for."""

_UNCOUNTED = frozenset({"sendChatAction", "answerCallbackQuery", "getChat", "getFile", "deleteMessage"})
"""What takes nothing of a group's 20 messages a minute."""


class Limiter(AIORateLimiter):
    """The library's limiter, without counting what shows no message: signs of life leave the minute to answers."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, bool | dict[str, Any] | list[dict[str, Any]]]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> bool | dict[str, Any] | list[dict[str, Any]]:
        """Send a request when it is its turn."""
        counted = {} if endpoint in _UNCOUNTED else data  # without a chat it waits only where Telegram asks for that
        return await super().process_request(callback, args, kwargs, endpoint, counted, rate_limit_args)


@dataclass
class _Body:
    """How far a request got."""

    whole: bool = False


_body: ContextVar[_Body | None] = ContextVar("body", default=None)


async def _watch(request: httpx.Request) -> None:
    """Have the transport tell how far a request got: the client itself forgets it when the connection ends."""
    body = _body.get()
    if body is None:
        return

    async def note(event: str, _: object) -> None:
        if event.endswith("send_request_headers.started"):
            body.whole = False
        elif event.endswith("send_request_body.complete"):
            body.whole = True

    request.extensions["trace"] = note


@asynccontextmanager
async def asking(*, media: bool = False) -> AsyncIterator[None]:
    """A block with one request that posts something; its errors become ours.

    Raises:
        Gone, Rejected, Broken, Unclear: see `faults.translated`.
    """
    body = _Body()
    before = _body.set(body)
    try:
        yield
    except TelegramError as error:
        raise translated(error, handed_over=body.whole, media=media) from error
    finally:
        _body.reset(before)


@functools.cache
def _trusted() -> ssl.SSLContext:
    """The certificates that are trusted, read once: every connection would read them anew."""
    return httpx.create_ssl_context()


class Connection:
    """One bot's line to Telegram, or to the server that stands in for it.

    Raises:
        WrongUse: there is no token, or it cannot be one.
    """

    def __init__(self, settings: Settings) -> None:
        token = settings.telegram_token.get_secret_value()
        if not _TOKEN.fullmatch(token):
            raise WrongUse("AUDIOGPT_TELEGRAM_TOKEN is not a token; @BotFather gives it out: 123456789:AA...")
        api = completed(settings.telegram_api_url, API_URL, "/bot")
        beside = f"{api.removesuffix('/bot')}/file/bot" if settings.telegram_api_url else _FILE_URL
        file = completed(settings.telegram_file_url, beside, "/file/bot")
        limits: dict[str, Any] = {"write_timeout": _WRITE_S, "connect_timeout": CONNECT_S, "pool_timeout": _POOL_S}
        polls = {"verify": _trusted()}
        calls = {"verify": _trusted(), "event_hooks": {"request": [_watch]}}
        self._requests = (
            HTTPXRequest(connection_pool_size=4, read_timeout=READ_S, httpx_kwargs=polls, **limits),
            HTTPXRequest(read_timeout=READ_S, media_write_timeout=_WRITE_S, httpx_kwargs=calls, **limits),
        )
        self.bot: ExtBot[int] = ExtBot(
            token,
            base_url=api,
            base_file_url=file,
            request=self._requests[1],
            get_updates_request=self._requests[0],
            rate_limiter=Limiter(max_retries=_RETRIES),
        )
        self._me: User | None = None
        self.files = httpx.AsyncClient(verify=_trusted(), timeout=httpx.Timeout(READ_S, connect=CONNECT_S))

    @property
    def known(self) -> bool:
        """Whether Telegram has told who the bot is."""
        return self._me is not None

    @property
    def me(self) -> User:
        """The bot itself, once it is known."""
        assert self._me is not None, "Telegram has not been asked yet"
        return self._me

    async def greet(self) -> User:
        """Ask who the bot is.

        Raises:
            TelegramError: of the library; `InvalidToken` where the token is no good.
        """
        self._me = await self.bot.get_me()
        return self._me

    async def close(self) -> None:
        """Close every connection. Twice does no harm."""
        for request in self._requests:
            await request.shutdown()
        await self.files.aclose()
