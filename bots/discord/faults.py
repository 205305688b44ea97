"""The one boundary where the library's errors become ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from bots.adapter import Gone, Unclear
from bots.delivery import Rejected, Why
from core.errors import Broken

UNKNOWN_MESSAGE = 10008
NO_HISTORY = 160002
"""Replying wants the permission to read the history."""

_TOO_LARGE = frozenset({40005})
_NOBODY = frozenset(
    {
        10003,  # unknown channel: it, or the thread, is deleted
        10004,  # unknown guild
        50001,  # missing access: the bot was removed, or may not see the channel
        50007,  # cannot send messages to this person
        50278,  # no server in common with this person
        160005,  # the thread is locked
        200000,  # the server's own moderation blocked the words
        240000,  # a harmful link, says Discord
    }
)
_FORM = frozenset({50013, 50035, 50046, 50159, 50160, 50161, 50173})
"""Codes that speak of a file's form: with words alone the first means that nothing may be sent at all."""


@contextmanager
def told(*, media: bool = False) -> Iterator[None]:
    """Run a request to Discord. `media`: it carries a file, which another form may replace.

    Raises:
        Rejected: this file is not taken in this form.
        Broken: surely not carried out; worth another try.
        Unclear: perhaps carried out.
        Gone: nobody is there.
    """
    try:
        yield
    except discord.HTTPException as error:
        raise _meaning(error, media) from error
    except (discord.RateLimited, aiohttp.ClientConnectorError) as error:
        raise Broken(f"Discord cannot be asked just now: {type(error).__name__}") from error
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        raise Unclear(f"Discord did not answer: {type(error).__name__}") from error
    except RuntimeError as error:  # aiohttp's word for a session that was closed before the request began
        raise Broken("the connection to Discord is closed") from error


def _meaning(error: discord.HTTPException, media: bool) -> Exception:
    said = f"Discord answered {error.status}, code {error.code}"
    if error.status >= 500:
        return Unclear(said)
    if media and (error.status == 413 or error.code in _TOO_LARGE):
        return Rejected(Why.TOO_LARGE)
    if media and error.code in _FORM:
        return Rejected(Why.FORM)
    if error.code in _NOBODY or error.code == 50013:
        return Gone(said)
    return Broken(said)
