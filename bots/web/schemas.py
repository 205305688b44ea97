"""The JSON of the API as pydantic models: what the server writes, what OpenAPI documents, what the page reads."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from core.artifacts import Artifact
from core.errors import Refusal
from core.ingest import FileAttachment
from core.messages import Outgoing, Piece, Status, Way

TOKEN = r"^[A-Za-z0-9_-]{22,64}$"
"""Random url-safe text of at least 128 bits, made by the page: knowing it is what lets a person in."""

Binary = WithJsonSchema({"type": "string", "contentMediaType": "application/octet-stream"})


class _Schema(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Upload(FileAttachment):
    """A file of a form, streamed to disk, with the name that the sender gives it."""

    def __init__(self, path: Any, name: str, claimed_type: str, *, voice: bool) -> None:
        super().__init__(path, claimed_type, voice=voice)
        self.name = name
        self.path = path


def _without_default(schema: dict[str, Any]) -> None:
    """A part of a form is left out, never null."""
    del schema["default"]


class MessageForm(BaseModel):
    """The multipart form of a message. At least one of text, voice and files must be there."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    text: str = Field(default="", description="What the person typed.")
    client_id: str = Field(
        default="",
        pattern=r"^([A-Za-z0-9_-]{8,64})?$",
        description="Made by the client, once for each message: the same one again is the same message.",
    )
    author: str = Field(default="", max_length=60, description="The person's name, as others in the room see it.")
    author_key: str = Field(
        default="",
        pattern=r"^([A-Za-z0-9_-]{22,64})?$",
        description="The client's secret: the author's public id is derived from it.",
    )
    speak: bool = Field(default=False, description="Answer in speech too.")
    locale: str = Field(default="", pattern=r"^[A-Za-z0-9-]{0,35}$", description="BCP 47 tag, such as en-GB.")
    voice: Annotated[Upload | None, Binary] = Field(
        default=None,
        description="What the person said, as recorded.",
        json_schema_extra=_without_default,
    )
    files: list[Annotated[Upload, Binary]] = Field(default_factory=list, description="Attachments.")

    @property
    def uploads(self) -> tuple[Upload, ...]:
        """The voice note first, then the files."""
        return (*([self.voice] if self.voice else []), *self.files)


class Posted(_Schema):
    """A message was accepted; its answer comes through the room's events."""

    message_id: str
    author_id: str = Field(description="The author's public id, which the room's events carry.")
    duplicate: bool = Field(description="It had been accepted before.")


class Stopped(_Schema):
    """What became of the wish to stop."""

    stopped: bool = Field(description="False when that message is not being worked on.")


class ArtifactInfo(_Schema):
    """One piece of media, with measured facts."""

    id: str
    kind: Literal["audio", "image", "video", "midi", "text"]
    name: str
    media_type: str
    size: int = Field(description="Bytes.")
    duration_s: float | None = None
    sample_rate_hz: int | None = None
    channels: int | None = None
    loudness_lufs: float | None = Field(default=None, description="ITU-R BS.1770-4.")
    width: int | None = None
    height: int | None = None
    has_audio: bool = False
    caption: str = ""
    capability: str = Field(default="", description="What made it; empty for an upload.")
    model: str = ""

    @classmethod
    def of(cls, artifact: Artifact, **more: Any) -> Self:
        """What the page may know of an artifact: nothing of who sent it."""
        facts = artifact.facts
        return cls(
            id=artifact.id,
            kind=artifact.kind.value,
            name=artifact.name,
            media_type=facts.media_type,
            size=facts.size,
            duration_s=facts.duration_s,
            sample_rate_hz=facts.sample_rate_hz,
            channels=facts.channels,
            loudness_lufs=facts.loudness_lufs,
            width=facts.width,
            height=facts.height,
            has_audio=facts.has_audio,
            caption=artifact.caption,
            capability=artifact.recipe.capability,
            model=artifact.recipe.model,
            **more,
        )


ShownWay = Literal["voice", "audio", "image", "video", "file"]


class ShownInfo(ArtifactInfo):
    """A piece of media in an answer and the way to show it."""

    way: ShownWay


_SHOWN: dict[Way, ShownWay] = {
    Way.VOICE: "voice",
    Way.AUDIO: "audio",
    Way.IMAGE: "image",
    Way.VIDEO: "video",
    Way.VIDEO_NOTE: "video",
    Way.FILE: "file",
}


class AttachmentInfo(_Schema):
    """A file that a person sent."""

    name: str
    voice: bool
    artifact: ArtifactInfo | None = Field(description="None when it could not be taken; the reply says why.")


class Author(_Schema):
    """Who wrote a message."""

    id: str
    name: str


class MessageEvent(_Schema):
    """Event `message`: what a person sent."""

    type: Literal["message"] = "message"
    message_id: str
    client_id: str
    author: Author
    text: str
    attachments: list[AttachmentInfo]
    at: datetime


class RefusalInfo(_Schema):
    """Why a person is not given what they asked for."""

    kind: str
    message: str

    @classmethod
    def of(cls, refusal: Refusal) -> RefusalInfo:
        """The JSON of a refusal."""
        return cls(kind=refusal.kind.value, message=refusal.message)


class RanInfo(_Schema):
    """One step as it was carried out."""

    capability: str
    title: str
    model: str
    args: dict[str, Any]
    ms: float = Field(description="From submit to result.")
    model_ms: float = Field(description="Inside the model.")


class ReplyEvent(_Schema):
    """Event `reply`: the answer to a message."""

    type: Literal["reply"] = "reply"
    message_id: str = Field(description="The message that it answers.")
    text: str
    heard: str = Field(description="What was recognised in the voice note.")
    shown: list[ShownInfo]
    refusal: RefusalInfo | None
    plan: list[RanInfo]
    pictured: str = Field(default="", description="/why: the message whose answer's plan is shown, see readPlan.")
    ms: float
    at: datetime

    @classmethod
    def of(cls, outgoing: Outgoing, titles: dict[str, str], at: datetime) -> ReplyEvent:
        """The event that delivers a reply."""
        reply = outgoing.reply
        return cls(
            message_id=outgoing.message_id,
            text=reply.text,
            heard=reply.heard,
            shown=[ShownInfo.of(s.artifact, way=_SHOWN[s.way]) for s in reply.shown],
            refusal=RefusalInfo.of(reply.refusal) if reply.refusal else None,
            plan=[
                RanInfo(
                    capability=r.capability,
                    title=titles.get(r.capability, r.capability),
                    model=r.model,
                    args=r.args,
                    ms=r.ms,
                    model_ms=r.model_ms,
                )
                for r in reply.plan
            ],
            ms=reply.ms,
            at=at,
        )


class StatusEvent(_Schema):
    """Event `status`: a sign of life. It has no id and is not kept."""

    type: Literal["status"] = "status"
    message_id: str
    stage: str
    capability: str
    title: str
    model: str
    place: int | None = Field(description="In the queue; 1 is next.")
    fraction: float | None = Field(description="0 to 1, when known.")
    text: str = Field(description="The words of the answer so far.")

    @classmethod
    def of(cls, message_id: str, status: Status, titles: dict[str, str]) -> StatusEvent:
        """The event that shows a status."""
        return cls(
            message_id=message_id,
            stage=status.stage.value,
            capability=status.capability,
            title=titles.get(status.capability, status.capability),
            model=status.model,
            place=status.place,
            fraction=status.fraction,
            text=status.text,
        )


class SoundEvent(_Schema):
    """Event `sound`: a stretch of what an answer will sound like, while the rest is made. No id, not kept."""

    type: Literal["sound"] = "sound"
    message_id: str
    job: str = Field(description="Stretches of one job follow each other; another job begins anew.")
    number: int = Field(description="1 is the first.")
    seconds: float
    mp3: str = Field(description="MPEG layer III, in base64.")

    @classmethod
    def of(cls, message_id: str, piece: Piece) -> SoundEvent:
        """The event that lets a room hear a piece."""
        return cls(
            message_id=message_id, job=piece.job, number=piece.number, seconds=round(piece.seconds, 6), mp3=piece.mp3
        )


class ReadyEvent(_Schema):
    """Event `ready`: all that was kept has been sent, what follows is news. It has no id."""

    type: Literal["ready"] = "ready"
    last: int = Field(description="The number of the last event sent.")


class PastEvent(_Schema):
    """One kept event of a room with its number."""

    id: int
    event: MessageEvent | ReplyEvent = Field(discriminator="type")


class History(_Schema):
    """Earlier events of a room, oldest first."""

    events: list[PastEvent]


class WaveformInfo(_Schema):
    """The bars of a clip."""

    points: list[int] = Field(description="RMS of equal parts, 0 to 255, the loudest being 255; all 0 when silent.")


class CapabilityInfo(_Schema):
    """Something that can be asked for now."""

    id: str
    title: str
    summary: str


class Capabilities(_Schema):
    """What can be asked for now, and the limits of one message."""

    capabilities: list[CapabilityInfo]
    max_upload_mb: int
    max_attachments: int
    max_text_chars: int


class Health(_Schema):
    """The server answers and reaches its database."""

    status: Literal["ok"] = "ok"
    version: str


class Fault(_Schema):
    """What went wrong."""

    kind: str
    message: str


class FaultBody(_Schema):
    """Every error answer."""

    error: Fault
