"""The error tree, and how a foreign error becomes one of ours.

    AudioGPTError
    + Refused              the person is told why, in one sentence; never retried
      - NoModel            nothing serves the capability
      - MissingInput       an attachment or a word is missing
      - Ambiguous          more than one thing could be meant
      - BadInput           the file or the text cannot be used
      - OverLimit          too long, too big, too many
      - NotAllowed         policy says no
      - ConsentNeeded      somebody else must agree first
      - Unsafe             we will not make this
      - ModelFailed        the model broke, after its retries
      - Cancelled          the person stopped it
    + Broken               our own fault or the machine's; retried, then told as ModelFailed
      - QueueLost          the job queue cannot be reached
      - StoreLost          the database or the artifact store cannot be reached
    + WrongUse             a command or a setting that cannot be carried out

A refusal travels as the frozen `Refusal`; `Refused.refusal` and `Refusal.error` convert. Its words are English, and
where they are a `Saying` they keep its name: the router puts them into the language of who asked (`core/wording.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

from core.sayings import Saying


class RefusalKind(StrEnum):
    """Why a person is not given what they asked for. Stable: part of the JSON output."""

    NO_MODEL = "no_model"
    MISSING_INPUT = "missing_input"
    AMBIGUOUS = "ambiguous"
    BAD_INPUT = "bad_input"
    OVER_LIMIT = "over_limit"
    NOT_ALLOWED = "not_allowed"
    CONSENT_NEEDED = "consent_needed"
    UNSAFE = "unsafe"
    MODEL_FAILED = "model_failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A typed refusal: what the chat shows and what JSON output carries."""

    kind: RefusalKind
    message: str
    """One friendly sentence for the person. Holds no path, no stack, no secret."""
    who: str = ""
    """Whose agreement would change it, `platform:id`; empty where nobody's would."""
    saying: str = field(default="", compare=False)
    """The name that the message has among `core.sayings`, for other languages; empty where it has none."""
    places: dict[str, Any] = field(default_factory=dict, compare=False)
    """What stands in the saying's places, JSON-ready."""

    @property
    def error(self) -> Refused:
        """The exception that carries this refusal."""
        message = Saying(self.message, self.saying, self.places) if self.saying else self.message
        return _BY_KIND[self.kind](message, self.who)


class AudioGPTError(Exception):
    """Root of everything this project raises on purpose."""


class Refused(AudioGPTError):
    """A person is told no, in one sentence."""

    kind: ClassVar[RefusalKind]

    def __init__(self, message: str, who: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.who = who

    @property
    def refusal(self) -> Refusal:
        """The frozen form, for messages and JSON."""
        if isinstance(self.message, Saying):
            return Refusal(self.kind, str(self.message), self.who, self.message.name, self.message.places)
        return Refusal(self.kind, self.message, self.who)


class NoModel(Refused):
    """Nothing that runs now serves the capability."""

    kind = RefusalKind.NO_MODEL


class MissingInput(Refused):
    """The request lacks an attachment or a word that the capability needs."""

    kind = RefusalKind.MISSING_INPUT


class Ambiguous(Refused):
    """More than one thing could be meant; the message asks which."""

    kind = RefusalKind.AMBIGUOUS


class BadInput(Refused):
    """The file or the text cannot be used as it is."""

    kind = RefusalKind.BAD_INPUT


class OverLimit(Refused):
    """Too long, too big or too many; the message names the limit."""

    kind = RefusalKind.OVER_LIMIT


class NotAllowed(Refused):
    """Policy forbids it for this person or here."""

    kind = RefusalKind.NOT_ALLOWED


class ConsentNeeded(Refused):
    """Somebody else's agreement is needed first."""

    kind = RefusalKind.CONSENT_NEEDED


class Unsafe(Refused):
    """A request that we will not serve."""

    kind = RefusalKind.UNSAFE


class ModelFailed(Refused):
    """The model broke and its retries are used up."""

    kind = RefusalKind.MODEL_FAILED


class Cancelled(Refused):
    """The person stopped it."""

    kind = RefusalKind.CANCELLED


class Broken(AudioGPTError):
    """A fault of the machine or of ours. Worth a retry."""


class QueueLost(Broken):
    """The job queue cannot be reached."""


class StoreLost(Broken):
    """The database or the artifact store cannot be reached."""


class WrongUse(AudioGPTError):
    """A command line or a setting that cannot be carried out (exit code 2)."""


_BY_KIND: dict[RefusalKind, type[Refused]] = {c.kind: c for c in Refused.__subclasses__()}
