"""The model interface: what a file in `core/models` holds.

A model is a pure function from arrays and arguments to arrays and facts. It knows no queue, no database, no chat.
Importing its file is cheap: the runtime and the weights are imported in `load`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Generic, Literal, Protocol, TypeVar

from core.capabilities import Args, Capability
from core.media import Audio, Picture
from core.settings import Settings

A = TypeVar("A", bound=Args)


class Tier(StrEnum):
    """Where a model's weights come from."""

    BUNDLED = "bundled"
    """They ship inside a package and run on a CPU."""
    HUB = "hub"
    """They come from a model hub, and most want a GPU."""
    ENDPOINT = "endpoint"
    """There are none here: a service that the operator has set up is asked."""


class Progress(Protocol):
    """How a model says how far it is, and learns that it should stop."""

    def __call__(self, fraction: float, /) -> None:
        """Report 0 to 1.

        Raises:
            Cancelled: the person stopped it; let it pass through.
        """


class Heard(Protocol):
    """How a model lets a person hear what is finished, while it makes the rest."""

    def __call__(self, audio: Audio, /) -> None:
        """The next stretch of the one clip that `run` will give. What is never called loses nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class File:
    """Media that a model made in its final form (a video, MIDI, subtitles)."""

    content: bytes
    media_type: str
    extension: str
    """With the dot: `.mid`."""


Media = Audio | Picture | File


@dataclass(frozen=True, slots=True, eq=False)
class Call(Generic[A]):
    """One request to a model."""

    args: A
    inputs: Mapping[str, tuple[Audio | Picture, ...]] = field(default_factory=dict)
    """Decoded media by argument name, e.g. `{"audio": (clip,)}`."""
    seed: int = 0
    progress: Progress = lambda fraction: None
    heard: Heard | None = None
    """None where nobody listens before the whole is there."""

    def audio(self, name: str = "audio") -> Audio:
        """The one clip of an argument."""
        (clip,) = self.inputs[name]
        assert isinstance(clip, Audio)
        return clip


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """One piece of media that a model made."""

    media: Media
    name: str = ""
    """What it is, in one or two words for a file name: `speech`, `vocals`."""
    caption: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Output:
    """What a model gives back: text, media, facts."""

    text: str | None = None
    media: tuple[Made, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    """JSON-ready measurements and choices: language, voice, probability."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice that a model speaks with."""

    name: str
    """Lower case, without spaces."""
    sex: Literal["female", "male", "either"]
    """What it sounds like; `either` where it changes from text to text."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """From which languages into which a model translates: each with each, ISO 639-1 codes."""

    sources: tuple[str, ...]
    targets: tuple[str, ...]


class Model(ABC, Generic[A]):
    """One way to do a capability. Subclass it in a file of its own and register the class."""

    id: ClassVar[str]
    """Short, lower case, unique: `whisper-base`."""
    capability: ClassVar[Capability]
    tier: ClassVar[Tier]
    licence: ClassVar[str]
    """SPDX expression of the weights."""
    version: ClassVar[str] = "1"
    languages: ClassVar[tuple[str, ...]] = ()
    """ISO 639-1 codes; empty when language does not matter."""
    voices: ClassVar[tuple[Voice, ...]] = ()
    """Those that a person may ask for; the first is taken when nobody does."""
    pairs: ClassVar[tuple[Pairs, ...]] = ()
    """What a translating model translates."""
    memory_bytes: ClassVar[int]
    """What it holds once loaded, rounded up."""
    batch: ClassVar[int] = 1
    """The most calls that `run_batch` takes at once."""
    commercial: ClassVar[bool] = True
    """False when the weights forbid commercial use."""
    optional: ClassVar[bool] = False
    """Whether it wants what the set-up does not install: then its absence is no fault."""
    source: ClassVar[str] = ""
    """Where the weights come from: a package and version, or a hub id."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None when the model can run here, else one sentence that says what would enable it. Cheap."""
        return None

    @property
    def weights_sha256(self) -> str:
        """Hash of the weights file, once loaded; empty when there is none."""
        return ""

    @abstractmethod
    def load(self, device: str) -> None:
        """Bring the weights into memory on `cpu` or `cuda:0`.

        Raises:
            NoModel: the weights are not there.
        """

    @abstractmethod
    def run(self, call: Call[A]) -> Output:
        """Serve one call.

        Raises:
            Refused: with one sentence for the person (no speech, unknown voice, too long).
        """

    def run_batch(self, calls: Sequence[Call[A]]) -> list[Output | Exception]:
        """Serve several calls at once; one bad call must not fail the others."""
        outputs: list[Output | Exception] = []
        for call in calls:
            try:
                outputs.append(self.run(call))
            except Exception as error:  # each call's fate is its own
                outputs.append(error)
        return outputs
