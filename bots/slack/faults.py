"""What goes wrong between us and Slack, as our own errors: the one boundary where its library's errors are known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
from slack_sdk.errors import SlackApiError

from bots.adapter import Gone, Unclear
from bots.delivery import Rejected, Why
from core.errors import Broken

_NOBODY = frozenset(
    {
        "cannot_reply_to_message",
        "channel_not_found",
        "ekm_access_denied",
        "is_archived",
        "messages_tab_disabled",
        "no_permission",
        "not_in_channel",
        "posting_to_channel_denied",
        "restricted_action",
        "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel",
        "restricted_action_thread_locked",
        "restricted_action_thread_only_channel",
        "team_access_not_granted",
        "thread_not_found",
        "user_not_found",
        "user_not_in_channel",
    }
)
"""Nobody can be told anything there."""

NO_TOKEN = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "not_allowed_token_type", "token_expired", "token_revoked"}
)
"""The token is worth nothing, or nothing any more."""

_NOT_THIS_FILE = frozenset(
    {
        "blocked_file_type",
        "file_type_not_allowed",
        "file_uploads_disabled",
        "file_uploads_except_images_disabled",
        "storage_limit_reached",
    }
)
_HALF_WAY = frozenset({"fatal_error", "file_update_failed", "internal_error", "service_unavailable"})
"""Slack says of these that some of it may have been done."""


class TokenLost(Broken):
    """The token is not valid any more. What waits is delivered once there is another."""


class Refuses(Broken):
    """Slack says no for a reason of its own, which `error` names; nothing was done."""

    def __init__(self, error: str, message: str) -> None:
        super().__init__(message)
        self.error = error


@contextmanager
def mapped(*, posts: bool = False) -> Iterator[None]:
    """Turn what slack_sdk and aiohttp raise into our errors.

    Args:
        posts: the request makes something that must not be made twice.

    Raises:
        Gone: nobody can be told anything there.
        Rejected: a file is too large, or of a kind that is not taken.
        TokenLost: the token is not valid any more.
        Unclear: with `posts`: perhaps done.
        Broken: not done.
    """
    try:
        yield
    except SlackApiError as error:
        raise _of_answer(error, posts) from error
    except aiohttp.ClientConnectorError as error:
        raise Broken(f"Slack cannot be reached: {type(error).__name__}") from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        kind = Unclear if posts else Broken
        raise kind(f"Slack did not answer: {type(error).__name__}") from error


def name_of(error: SlackApiError) -> str:
    """The error as Slack names it; empty when the answer was not Slack's."""
    data = getattr(error.response, "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def _of_answer(error: SlackApiError, posts: bool) -> Exception:
    status = int(getattr(error.response, "status_code", 0) or 0)
    name = name_of(error)
    if status == 429 or name in ("ratelimited", "rate_limited"):
        return Broken("Slack asks to wait")
    if not name or name in _HALF_WAY:
        said = f"Slack answered {name or status}"
        return Unclear(said) if posts else Broken(said)
    if name in _NOBODY:
        return Gone(f"Slack says {name}")
    if name in NO_TOKEN:
        return TokenLost(f"Slack says {name}")
    if name == "file_upload_size_restricted":
        return Rejected(Why.TOO_LARGE)
    if name in _NOT_THIS_FILE:
        return Rejected(Why.FORM)
    needed = error.response.get("needed") if name == "missing_scope" else None
    more = f"; the app needs the scope {needed}" if needed else ""
    return Refuses(name, f"Slack says {name}{more}")
