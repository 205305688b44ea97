"""Which messages are for the bot, and from whom it takes any: decided before anything is downloaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from core.errors import WrongUse
from core.messages import ConversationKey
from core.settings import Settings
from core.store import Store


class Mode(StrEnum):
    """When the bot answers in a channel. In direct messages it always does, unless it is `off`."""

    MENTION = "mention"
    """When it is mentioned or replied to."""
    THREAD = "thread"
    """The same, and in a thread for a while after that without a mention. The default."""
    ALL = "all"
    """Always."""
    OFF = "off"
    """Never."""


class Verdict(StrEnum):
    """What to do with a message."""

    ANSWER = "answer"
    IGNORE = "ignore"
    REFUSE = "refuse"
    """It is meant for the bot, by somebody whom the operator has not allowed."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known of a message before its files are touched."""

    key: ConversationKey
    person: str
    """Their id on the platform."""
    private: bool = False
    """A direct message."""
    addressed: bool = False
    """A mention of the bot, a reply to it, a command."""


class Admission:
    """Applies the settings `channels`, `people` and `keep_alive_min`.

    Raises:
        WrongUse: a rule does not parse.
    """

    def __init__(self, settings: Settings, store: Store) -> None:
        self._store = store
        self._alive = timedelta(minutes=settings.keep_alive_min)
        self._modes = dict(_rule(text) for text in _listed(settings.channels))
        self._people = frozenset(_listed(settings.people))

    async def verdict(self, heard: Heard) -> Verdict:
        """What to do with a message.

        Raises:
            StoreLost: whether a thread is alive cannot be looked up.
        """
        mode = self.mode(heard.key)
        if mode is Mode.OFF or not (
            heard.private or heard.addressed or mode is Mode.ALL or await self._kept(heard, mode)
        ):
            return Verdict.IGNORE
        if self.allowed(heard.key, heard.person):
            return Verdict.ANSWER
        return Verdict.REFUSE if heard.private or heard.addressed else Verdict.IGNORE

    def allowed(self, key: ConversationKey, person: str) -> bool:
        """Whether the operator lets this person use the bot here."""
        mine = {f"{key.platform}:{person}", f"{key.platform}/{key.space}", key.platform}
        return not self._people or not self._people.isdisjoint(mine)

    def mode(self, key: ConversationKey) -> Mode:
        """The most specific rule's."""
        for name in (
            f"{key.platform}/{key.space}/{key.channel}",
            f"{key.platform}/{key.space}",
            key.platform,
        ):
            if name in self._modes:
                return self._modes[name]
        return Mode.THREAD

    async def _kept(self, heard: Heard, mode: Mode) -> bool:
        """Whether the bot answered in this thread a short while ago."""
        if mode is not Mode.THREAD or not heard.key.thread:
            return False
        turns = await self._store.turns(heard.key, 1)
        return bool(turns) and datetime.now(UTC) - turns[-1].at.astimezone(UTC) < self._alive


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _rule(text: str) -> tuple[str, Mode]:
    name, equals, mode = text.rpartition("=")
    try:
        return name.strip(), Mode(mode.strip())
    except ValueError as error:
        modes = ", ".join(Mode)
        raise WrongUse(f"AUDIOGPT_CHANNELS: {text!r} is not PLATFORM/SPACE/CHANNEL=MODE; modes are {modes}") from error
