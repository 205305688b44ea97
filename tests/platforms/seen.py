"""What a person sees in a chat: the common picture that every protocol server gives of its channels."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class SeenFile:
    """A file as it arrived: the bytes that the bot uploaded."""

    name: str
    content: bytes
    shown_as: str
    """`voice`, `audio`, `video`, `video_note`, `image` or `file`: how the platform's clients would show it."""


@dataclass(frozen=True)
class SeenButton:
    """A button under a message."""

    id: str
    """What the platform sends back when it is pressed."""
    label: str
    url: str = ""
    """Where a link button leads; empty for one that the bot hears of."""


@dataclass
class Seen:
    """One message as it stands now, after edits; deleted ones are gone."""

    id: str
    by_bot: bool
    text: str = ""
    files: list[SeenFile] = field(default_factory=list)
    buttons: list[SeenButton] = field(default_factory=list)
    reply_to: str = ""
    edits: int = 0
