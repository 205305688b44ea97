"""What `audiogpt doctor` finds out about Telegram."""

from __future__ import annotations

from urllib.parse import urlsplit

from telegram import User, WebhookInfo
from telegram.error import InvalidToken, TelegramError

from bots.findings import Finding
from bots.telegram.connection import API_URL, Connection
from bots.telegram.names import PLATFORM
from core.errors import WrongUse
from core.settings import Settings

WEBHOOK_PORTS = (443, 80, 88, 8443)
"""The only ports that Telegram sends updates to."""


async def examine(settings: Settings) -> list[Finding]:
    """Ask Telegram about the token, what the bot may hear in groups, and how updates reach it. Changes nothing."""
    if not settings.telegram_token.get_secret_value():
        return [Finding(False, "Telegram: AUDIOGPT_TELEGRAM_TOKEN is not set; `audiogpt manifest telegram` says how")]
    try:
        connection = Connection(settings)
    except WrongUse as wrong:
        return [Finding(False, f"Telegram: {wrong}")]
    try:
        me = await connection.greet()
        found = [Finding(True, f"Telegram: the token is that of @{me.username}")]
        return [*found, *_groups(me, settings), *updates(await connection.bot.get_webhook_info(), settings)]
    except InvalidToken:
        told = "Telegram does not know AUDIOGPT_TELEGRAM_TOKEN; @BotFather shows it with /token"
        return [Finding(False, f"Telegram: {told}")]
    except TelegramError as error:
        where = urlsplit(settings.telegram_api_url or API_URL).netloc
        return [Finding(False, f"Telegram: {where} cannot be reached ({type(error).__name__})")]
    finally:
        await connection.close()


def _groups(me: User, settings: Settings) -> list[Finding]:
    rules = [rule.strip() for rule in settings.channels.split(",")]
    everything = any(rule.startswith(PLATFORM) and rule.endswith("=all") for rule in rules)
    found = []
    if not me.can_join_groups:
        found.append(
            Finding(True, "Telegram: the bot cannot be added to groups; /setjoingroups at @BotFather allows it")
        )
    if me.can_read_all_group_messages:
        found.append(Finding(True, "Telegram: privacy mode is off: the bot hears every message in its groups"))
    elif everything:
        mend = "turn it off with /setprivacy at @BotFather, then add the bot to the group anew"
        found.append(
            Finding(False, f"Telegram: AUDIOGPT_CHANNELS wants every message, and privacy mode keeps them back; {mend}")
        )
    else:
        found.append(
            Finding(
                True,
                "Telegram: privacy mode is on: in groups the bot hears mentions, replies to it and commands, no voice "
                "message that is no reply; /setprivacy at @BotFather changes that",
            )
        )
    return found


def updates(info: WebhookInfo, settings: Settings) -> list[Finding]:
    """How updates come, by what Telegram knows of the webhook."""
    wanted = settings.telegram_webhook_url
    if not wanted:
        if not info.url:
            return [Finding(True, "Telegram: updates are polled")]
        other = f"a webhook at {urlsplit(info.url).netloc} gets the updates; a start takes it away and polls"
        return [Finding(True, f"Telegram: {other}")]
    split = urlsplit(wanted)
    reachable = split.scheme == "https" and (split.port or 443) in WEBHOOK_PORTS
    if not reachable and not settings.telegram_api_url:  # a Bot API server of one's own takes any address
        ports = ", ".join(map(str, WEBHOOK_PORTS))
        return [Finding(False, f"Telegram: AUDIOGPT_TELEGRAM_WEBHOOK_URL must be https:// on one of the ports {ports}")]
    if info.url == wanted and info.last_error_message:
        late = f"{info.pending_update_count} updates wait; the last could not be delivered: {info.last_error_message}"
        return [Finding(False, f"Telegram: {late}")]
    done = "is set" if info.url == wanted else "is set at the next start"
    return [Finding(True, f"Telegram: the webhook at {split.netloc} {done}")]
