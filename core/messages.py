"""The vocabulary between a platform and the core: what a person sent, and what goes back. Pure data."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from core.artifacts import Artifact
from core.errors import Refusal


@dataclass(frozen=True, slots=True, order=True)
class ConversationKey:
    """The identity of a conversation and of its memory."""

    platform: str
    space: str
    """Guild, workspace or chat."""
    channel: str
    thread: str = ""

    def __str__(self) -> str:
        return "/".join((self.platform, self.space, self.channel, self.thread))

    @property
    def place(self) -> str:
        """The channel with all its threads: what the text of every key in it begins with."""
        return "/".join((self.platform, self.space, self.channel, ""))


@dataclass(frozen=True, slots=True)
class Person:
    """Who wrote a message, as the platform names them."""

    id: str
    """Unique within the platform."""
    name: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a platform keeps a file: enough for its adapter to fetch it, also after a restart."""

    name: str
    claimed_type: str = ""
    size: int | None = None
    voice: bool = False
    where: dict[str, Any] = field(default_factory=dict)
    """The platform's own words for it: ids, an address. Never a token."""
    speaker: str = ""
    """Of a quoted file that is a voice note: the person who speaks in it, by their id on the platform."""
    sender: str = ""
    """Of a quoted file: who sent it; empty where the platform does not tell."""


class Attachment(ABC):
    """A file in a message, not yet downloaded."""

    name: str
    claimed_type: str
    """What the sender says it is. A hint for the log, never trusted."""
    size: int | None
    """Bytes, when the platform says."""
    voice: bool
    """True for a voice note: what the person *said*, not a file they ask something about."""
    kept: Artifact | None = None
    """What it was kept as, once it has been taken in."""
    source: Source | None = None
    """Where it can be fetched from again; None for bytes that come only once."""

    @abstractmethod
    def chunks(self) -> AsyncIterator[bytes]:
        """The bytes, as they come, from the beginning at every call. Whoever reads them enforces the limit.

        Raises:
            Refused: the platform will not hand it out (too large, gone).
            Broken: it could not be fetched just now.
        """


@dataclass(frozen=True, slots=True)
class Message:
    """What a person sent, normalised."""

    key: ConversationKey
    id: str
    """Unique on its platform, for deduplication: where a platform counts per chat, the adapter adds the chat."""
    author: Person
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    quoted: tuple[Attachment, ...] = ()
    """Files of the message that this one answers: what "this" means."""
    quoted_text: str = ""
    """Words of the message that this one answers."""
    reply_to: str | None = None
    """The platform id of the message that this one answers."""
    locale: str = ""
    speak: bool | None = None
    """Answer in speech: True always, False never, None as the person's own setting says."""
    sent_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    live: bool = False
    """Its platform plays sound while it is made."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """A message as it came, its files still on the platform: what the inbox keeps before anything is fetched."""

    key: ConversationKey
    id: str
    author: Person
    text: str = ""
    sources: tuple[Source, ...] = ()
    quoted: tuple[Source, ...] = ()
    quoted_text: str = ""
    reply_to: str | None = None
    locale: str = ""
    speak: bool | None = None
    sent_at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message whose attachments are safely kept: what the inbox remembers, so that a restart loses nothing."""

    key: ConversationKey
    id: str
    author: Person
    text: str = ""
    artifacts: tuple[Artifact, ...] = ()
    quoted: tuple[Artifact, ...] = ()
    """What the message that this one answers holds: "this" means it."""
    quoted_text: str = ""
    fault: Refusal | None = None
    """Why an attachment could not be taken; the whole answer is then this refusal."""
    reply_to: str | None = None
    locale: str = ""
    speak: bool | None = None
    """Answer in speech: True always, False never, None where the person spoke."""
    sent_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    live: bool = False
    """Its platform plays sound while it is made."""


class Way(StrEnum):
    """How an artifact is shown to the person."""

    VOICE = "voice"
    AUDIO = "audio"
    IMAGE = "image"
    VIDEO = "video"
    VIDEO_NOTE = "video_note"
    """A round, short video where the platform has such; else a video."""
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Shown:
    """An artifact and the way to show it."""

    artifact: Artifact
    way: Way


@dataclass(frozen=True, slots=True)
class Ran:
    """One step as it was really carried out, for `/why` and JSON output."""

    capability: str
    model: str
    args: dict[str, object]
    ms: float
    """Wall time from submit to result, milliseconds."""
    model_ms: float
    """Time inside the model itself, milliseconds."""
    number: int = 0
    """Which step of its plan it was; 1 is the first."""
    planned: dict[str, object] = field(default_factory=dict)
    """The arguments before they were resolved: `$n` points at the result of step n."""
    seed: int = 0
    device: str = ""
    """What the worker ran it on: `cpu`, `cuda:0`."""
    made: tuple[str, ...] = ()
    """Artifact ids of what it gave."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back to the person: words, media, or one typed refusal (with words)."""

    text: str
    shown: tuple[Shown, ...] = ()
    refusal: Refusal | None = None
    plan: tuple[Ran, ...] = ()
    heard: str = ""
    """What was recognised in the voice note, when the person spoke."""
    ms: float = 0.0


class Stage(StrEnum):
    """Where a turn is, for the status line."""

    RECEIVED = "received"
    LISTENING = "listening"
    THINKING = "thinking"
    QUEUED = "queued"
    RUNNING = "running"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the sound that a job is making, to be heard before the whole is there."""

    job: str
    number: int
    """1 is the first; they follow each other without a gap."""
    seconds: float
    mp3: str
    """MPEG layer III, in base64."""


@dataclass(frozen=True, slots=True)
class Status:
    """One sign of life while a turn is served."""

    stage: Stage
    capability: str = ""
    model: str = ""
    place: int | None = None
    """1 is next."""
    fraction: float | None = None
    """0 to 1, when known."""
    text: str = ""
    """Words streamed so far, with `Stage.WORDS`."""
    piece: Piece | None = None
    """Sound that can be heard already, with `Stage.RUNNING`; the rest follows. Only where the message is live."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One remembered message of a conversation: a person's or the bot's."""

    who: str
    """`user` or `bot`."""
    text: str
    artifacts: tuple[str, ...] = ()
    """Artifact ids, in the order shown."""
    person: Person | None = None
    message_id: str = ""
    """Of the person's message."""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    answers: str = ""
    """Id of the message that the bot's turn answers."""
    quoted: tuple[str, ...] = ()
    """Artifact ids of what the person's message answers."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One row of the outbox: written before the post, completed with the platform's ids after it."""

    id: str
    """Made from the message that it answers, so that the same turn twice is one row."""
    key: ConversationKey
    message_id: str
    reply: Reply
    attempts: int = 0
    platform_ids: tuple[str, ...] = ()
