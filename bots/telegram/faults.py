"""What the library's errors mean for a message that is sent: the one place that reads Telegram's words."""

from __future__ import annotations

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bots.adapter import Gone, Unclear
from bots.delivery import Rejected, Why
from core.errors import Broken

_NOBODY = (
    "chat not found",
    "message thread not found",
    "topic_closed",
    "topic_deleted",
    "not enough rights to send text messages",
    "have no rights to send a message",
    "need administrator rights",
    "chat_write_forbidden",
    "chat_restricted",
    "chat was deleted",
    "chat was deactivated",
    "peer_id_invalid",
    "user is deactivated",
)
_TOO_LARGE = ("file is too big", "entity too large", "too big for")
_UNCHANGED = "message is not modified"
_MISSING = ("message to edit not found", "message to delete not found", "message can't be deleted")


def translated(error: TelegramError, *, handed_over: bool, media: bool = False) -> Exception:
    """Our word for an error of a request that posts something.

    Args:
        handed_over: the whole request was on its way before the error.
        media: it carried a file; what is refused is then its form.

    Returns:
        `Gone`, `Rejected` (only with `media`), `Unclear` or `Broken`.
    """
    words = str(error).lower()
    if isinstance(error, Forbidden):
        return Gone(words)
    if any(w in words for w in _TOO_LARGE):
        return Rejected(Why.TOO_LARGE) if media else Gone(words)
    if isinstance(error, BadRequest):
        if media and not any(w in words for w in _NOBODY):
            return Rejected(Why.FORM)
        return Gone(words)
    if isinstance(error, RetryAfter | InvalidToken | ChatMigrated):
        return Broken(f"Telegram does not take it now: {type(error).__name__}")
    if isinstance(error.__cause__, httpx.HTTPError) and not handed_over:
        return Broken(f"Telegram cannot be reached: {type(error.__cause__).__name__}")
    # A page in place of an answer (502, 504) may hide that the request was carried out; so may a lost connection.
    return Unclear(f"Telegram may have it: {type(error.__cause__ or error).__name__}")


def changes_nothing(error: TelegramError) -> bool:
    """Whether an edit failed only because the message says that already, or is no longer there."""
    words = str(error).lower()
    return _UNCHANGED in words or any(w in words for w in _MISSING)
