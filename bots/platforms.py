"""Which chat platforms there are, and which ones an operator has set up. Their libraries are imported at first use."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from bots.adapter import Adapter
from bots.desk import Desk
from bots.findings import Finding
from core.policy import Policy
from core.rights import EVERYBODY, rules
from core.settings import Settings


@dataclass(frozen=True, slots=True)
class Platform:
    """One folder of `bots/` that speaks to a chat platform."""

    name: str
    title: str
    is_set: Callable[[Settings], bool]
    """Whether the operator gave what it needs to start."""

    def adapter(self, desk: Desk, settings: Settings) -> Adapter:
        """Its adapter, not started yet."""
        made: Adapter = getattr(import_module(f"bots.{self.name}.adapter"), f"{self.title}Adapter")(desk, settings)
        return made

    async def examine(self, settings: Settings) -> list[Finding]:
        """What is right and wrong with its settings, asked of the platform itself."""
        found: list[Finding] = await import_module(f"bots.{self.name}.check").examine(settings)
        return found

    def manifest(self, settings: Settings) -> str:
        """What an operator needs to set the bot up there."""
        text: str = import_module(f"bots.{self.name}.manifest").manifest(settings)
        return text


PLATFORMS = (
    Platform("discord", "Discord", lambda s: bool(s.discord_token.get_secret_value())),
    Platform("slack", "Slack", lambda s: bool(s.slack_bot_token.get_secret_value() or s.slack_client_id)),
    Platform("telegram", "Telegram", lambda s: bool(s.telegram_token.get_secret_value())),
)


def chosen(settings: Settings) -> list[Platform]:
    """Those whose token is set."""
    return [platform for platform in PLATFORMS if platform.is_set(settings)]


def check_rights(settings: Settings) -> int:
    """See that AUDIOGPT_RIGHTS can be followed, and count its rules.

    Raises:
        WrongUse: it cannot, or it names a platform that there is not: nobody would be meant.
    """
    Policy(settings)
    known = (EVERYBODY, "cli", "web", *(platform.name for platform in PLATFORMS))
    found = rules(settings.rights)
    for rule in found:
        for platform in (re.split("[/:]", who)[0] for who in rule.who):
            if platform not in known:
                raise rule.wrong(f"there is no platform {platform!r}; there are: {', '.join(known[1:])}")
    return len(found)
