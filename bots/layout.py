"""A reply laid out as messages of a platform: which media, which words, which buttons, in which order. Pure data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bots.splitting import split
from core.artifacts import Artifact
from core.errors import RefusalKind
from core.media import Form
from core.messages import Reply, Way


class Verb(StrEnum):
    """What a button does. Its value travels to the platform and back."""

    STOP = "stop"
    AGAIN = "again"
    WHY = "why"
    FORGET = "forget"
    KEEP = "keep"
    RESEND = "resend"
    ALLOW = "allow"


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message."""

    verb: Verb
    label: str


STOP = Button(Verb.STOP, "Stop")
AGAIN = Button(Verb.AGAIN, "Again")
RETRY = Button(Verb.AGAIN, "Try again")
WHY = Button(Verb.WHY, "Why?")
RESEND = Button(Verb.RESEND, "Send again")
ALLOW = Button(Verb.ALLOW, "Allow")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one message of a platform can hold."""

    text: int
    """The longest text, by `length`."""
    caption: int
    """The most words beside a file; 0: none."""
    captioned: frozenset[Way]
    """Which media may carry words and buttons in their own message."""
    plays: frozenset[str]
    """Media types that are shown natively as they are; others are re-encoded."""
    audio: Form = "mp3"
    """What audio is re-encoded as."""
    voice: bool = True
    """Whether there are native voice messages."""
    video_note: bool = False
    image_bytes: int = 10 << 20
    length: Callable[[str], int] = len


@dataclass(frozen=True, slots=True)
class Part:
    """One message of a reply."""

    name: str
    """`0`, `1`, ...: with the reply's id the key of the ledger's row."""
    text: str = ""
    artifact: Artifact | None = None
    way: Way = Way.FILE
    buttons: tuple[Button, ...] = ()


_TRY_AGAIN = (RefusalKind.MODEL_FAILED, RefusalKind.CANCELLED)


def buttons_of(reply: Reply) -> tuple[Button, ...]:
    """What can be done with a reply: made media again, or told why; what failed, tried again; words need none.

    What waits for somebody's agreement can be allowed by them.
    """
    if reply.refusal is not None and reply.refusal.who:
        return (ALLOW,)
    if reply.refusal is not None:
        return (RETRY,) if reply.refusal.kind in _TRY_AGAIN else ()
    return (AGAIN, WHY) if reply.shown else (WHY,) if reply.plan else ()


def lay_out(reply: Reply, limits: Limits) -> tuple[Part, ...]:
    """The messages of a reply: media first, then the words, with the buttons under the last one.

    One piece of media takes the words as its caption where the platform has such and they fit.
    """
    buttons = buttons_of(reply)
    media = [Part(str(n), "", s.artifact, s.way) for n, s in enumerate(reply.shown)]
    if len(media) == 1 and media[0].way in limits.captioned and limits.length(reply.text) <= limits.caption:
        one = media[0]
        return (Part(one.name, reply.text, one.artifact, one.way, buttons),)
    texts = split(reply.text, limits.text, limits.length)
    words = [Part(str(n), text) for n, text in enumerate(texts, start=len(media))]
    parts = [*media, *words]
    if parts and buttons and (words or parts[-1].way in limits.captioned):
        last = parts[-1]
        parts[-1] = Part(last.name, last.text, last.artifact, last.way, buttons)
    return tuple(parts)
