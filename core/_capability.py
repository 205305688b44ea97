"""What a capability is, and how an argument says that it holds an artifact."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field

from core.artifacts import Kind


@dataclass(frozen=True, slots=True)
class Ref:
    """Marks an argument as the id of an artifact of one kind."""

    kind: Kind
    voice: bool = False
    """It is a recording of somebody whose voice is imitated: that person must have agreed."""
    face: bool = False
    """It is a picture of somebody who is made to talk: whoever sent it must have agreed."""


AudioRef = Annotated[str, Ref(Kind.AUDIO)]
VoiceRef = Annotated[str, Ref(Kind.AUDIO, voice=True)]
ImageRef = Annotated[str, Ref(Kind.IMAGE)]
FaceRef = Annotated[str, Ref(Kind.IMAGE, face=True)]
Seconds = Annotated[float, Field(ge=0)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$", description="ISO 639-1 code")]


class Args(BaseModel):
    """Base of every capability's arguments."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


@dataclass(frozen=True)
class RefField:
    """One artifact argument of a capability."""

    name: str
    kind: Kind
    many: bool
    required: bool
    voice: bool
    face: bool


@dataclass(frozen=True)
class Capability:
    """A task with a standard name."""

    id: str
    title: str
    """Two or three words for a person: "clean up speech"."""
    summary: str
    """One sentence: what it does. The LLM's tool description."""
    args: type[Args]
    gives: tuple[Kind, ...]
    enable: str
    """What would make it work where no model serves it, one clause."""

    @cached_property
    def refs(self) -> tuple[RefField, ...]:
        """The artifact arguments, in order."""
        return tuple(_ref_fields(self.args))


def _ref_fields(args: type[Args]) -> list[RefField]:
    found = []
    for name, info in args.model_fields.items():
        direct = next((m for m in info.metadata if isinstance(m, Ref)), None)
        nested, many = _ref_in(info.annotation)
        ref = direct or nested
        if ref:
            found.append(RefField(name, ref.kind, many, info.is_required(), ref.voice, ref.face))
    return found


def _ref_in(annotation: Any) -> tuple[Ref | None, bool]:
    """The Ref inside `Annotated`, `tuple[Annotated, ...]` or `Annotated | None`, and whether it is many."""
    if get_origin(annotation) is Annotated:
        return next((m for m in get_args(annotation)[1:] if isinstance(m, Ref)), None), False
    if get_origin(annotation) is tuple:
        return _ref_in(get_args(annotation)[0])[0], True
    if get_origin(annotation) in (Union, UnionType):
        for part in get_args(annotation):
            ref, many = _ref_in(part)
            if ref:
                return ref, many
    return None, False
