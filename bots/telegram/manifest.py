"""What `audiogpt manifest telegram` prints: how a bot is made at @BotFather."""

from __future__ import annotations

from bots.commands import COMMANDS
from core.settings import Settings


def manifest(settings: Settings) -> str:
    """The steps in order, with the texts to paste."""
    commands = "\n".join(f"{name} - {says}" for name, says in COMMANDS.items())
    if settings.telegram_webhook_url:
        comes = (
            f"Updates come by webhook, to {settings.telegram_webhook_url}.\n"
            f"   Have your proxy pass them on to {settings.telegram_host}:{settings.telegram_port}; Telegram sends to\n"
            "   the ports 443, 80, 88 and 8443 only. The bot sets the webhook itself when it starts."
        )
    else:
        comes = (
            "Updates are polled: the bot needs no open port. For a webhook set AUDIOGPT_TELEGRAM_WEBHOOK_URL\n"
            "   (https, on port 443, 80, 88 or 8443), and AUDIOGPT_TELEGRAM_HOST and _PORT, where it shall listen."
        )
    return f"""\
Open https://t.me/BotFather and send:

1. /newbot, then a name and a user name that ends in "bot". BotFather answers with the token:
   AUDIOGPT_TELEGRAM_TOKEN=123456789:AA...      (or AUDIOGPT_TELEGRAM_TOKEN_FILE=/run/secrets/telegram)

2. /setprivacy, the bot, Disable: only if it shall hear voice messages in groups that are no replies to it,
   and topics without a mention. With it on (as it is at first) it hears mentions, replies and commands.
   Afterwards add it to its groups anew: Telegram looks only then.

3. /setjoingroups, the bot, Enable: if people may add it to groups.

The commands need no step: the bot tells Telegram itself when it starts. They are:

{commands}

4. {comes}

Then: https://t.me/YOUR_BOT starts a chat, https://t.me/YOUR_BOT?startgroup=true adds it to a group.
Reactions to its messages in groups (👎 stops, 🤔 asks why) reach it only where it is an administrator.
"""
