"""Every route of the API, in one table: the server serves it and OpenAPI describes it, so they cannot drift apart."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from pydantic import BaseModel

from bots.web import about, files, talk
from bots.web.schemas import TOKEN, Capabilities, Health, History, MessageForm, Posted, Stopped, WaveformInfo

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

EXAMPLE_ROOM = "quiet-river-2Lq7ZpX9aB"
EXAMPLE_ARTIFACT = "b881a241e29c30a56772a80d"


@dataclass(frozen=True)
class Parameter:
    """One value in the address, the query or a header."""

    name: str
    where: str
    """`path`, `query` or `header`."""
    says: str
    schema: dict[str, Any]
    example: Any = None


@dataclass(frozen=True)
class Route:
    """One operation."""

    method: str
    path: str
    name: str
    """OpenAPI's operationId."""
    says: str
    handler: Handler
    gives: type[BaseModel] | tuple[str, ...]
    """The JSON that it answers, or the media types of what it sends."""
    status: int = 200
    parameters: tuple[Parameter, ...] = ()
    form: type[BaseModel] | None = None
    form_example: dict[str, Any] | None = None
    faults: tuple[int, ...] = ()


_ROOM = Parameter("room", "path", "The room's id.", {"type": "string", "pattern": TOKEN}, EXAMPLE_ROOM)
_ARTIFACT = Parameter(
    "artifact", "path", "The artifact's id.", {"type": "string", "pattern": "^[0-9a-f]{24}$"}, EXAMPLE_ARTIFACT
)
_MESSAGE = Parameter("message", "path", "The message's id.", {"type": "string"}, "0" * 32)
_IN_ROOM = Parameter(
    "room", "query", "As this room knows it: with the name it has there.", {"type": "string", "pattern": TOKEN}
)
_NUMBER = {"type": "integer", "minimum": 0}

_EVENTS = """Server-sent events of the room, without end. `message` (MessageEvent) and `reply` (ReplyEvent) are kept and
carry their number as `id`; `status` (StatusEvent) and `ready` (ReadyEvent) are not kept and carry none. A stream begins
with the last 200 kept events, or with those after the given number, then `ready`, then news. A comment comes every
15 seconds when there is nothing else."""

ROUTES: tuple[Route, ...] = (
    Route(
        "POST",
        "/api/rooms/{room}/messages",
        "postMessage",
        "Say something in a room. The answer comes through the room's events.",
        talk.post_message,
        Posted,
        202,
        (_ROOM,),
        MessageForm,
        {"text": "Say hello.", "client_id": "example-0001", "author": "Ada"},
        (400, 403, 413, 415, 503),
    ),
    Route(
        "GET",
        "/api/rooms/{room}/events",
        "followEvents",
        _EVENTS,
        talk.follow_events,
        ("text/event-stream",),
        parameters=(
            _ROOM,
            Parameter("after", "query", "Only events after this number.", _NUMBER, 0),
            Parameter("Last-Event-ID", "header", "The same, as browsers say it; it wins.", _NUMBER),
        ),
        faults=(400, 503),
    ),
    Route(
        "GET",
        "/api/rooms/{room}/history",
        "readHistory",
        "Earlier kept events of a room, oldest first.",
        talk.read_history,
        History,
        parameters=(
            _ROOM,
            Parameter("before", "query", "Only events before this number.", _NUMBER, 100),
            Parameter("limit", "query", "At most so many, 200 at most.", {"type": "integer", "minimum": 1}, 50),
        ),
        faults=(400, 503),
    ),
    Route(
        "POST",
        "/api/rooms/{room}/messages/{message}/stop",
        "stopMessage",
        "Stop working on a message.",
        talk.stop_message,
        Stopped,
        parameters=(_ROOM, _MESSAGE),
        faults=(400, 403, 503),
    ),
    Route(
        "GET",
        "/api/rooms/{room}/messages/{message}/plan.png",
        "readPlan",
        "How the answer to a message was made, as a picture: media, steps with models, licences, times and devices.",
        talk.read_plan,
        ("image/png",),
        parameters=(_ROOM, _MESSAGE),
        faults=(400, 404, 503),
    ),
    Route(
        "GET",
        "/api/artifacts/{artifact}",
        "readArtifact",
        "The bytes of an artifact, whole or by Range; with `form`, its sound in another format.",
        files.read_artifact,
        ("audio/*", "video/*", "image/*", "application/octet-stream"),
        parameters=(
            _ARTIFACT,
            _IN_ROOM,
            Parameter("form", "query", "Convert the sound.", {"type": "string", "enum": list(files.FORMS)}, "wav"),
            Parameter("download", "query", "Present: always as a download.", {"type": "string"}),
        ),
        faults=(400, 404, 503),
    ),
    Route(
        "GET",
        "/api/artifacts/{artifact}/waveform",
        "readWaveform",
        "The bars of a clip, for drawing it.",
        files.read_waveform,
        WaveformInfo,
        parameters=(
            _ARTIFACT,
            _IN_ROOM,
            Parameter("points", "query", "How many bars.", {"type": "integer", "minimum": 16, "maximum": 1000}, 160),
        ),
        faults=(400, 404, 503),
    ),
    Route(
        "GET",
        "/api/artifacts/{artifact}/spectrogram.png",
        "readSpectrogram",
        "A log-mel spectrogram of a clip.",
        files.read_spectrogram,
        ("image/png",),
        parameters=(
            _ARTIFACT,
            _IN_ROOM,
            Parameter("dark", "query", "1: for a dark page.", {"type": "string", "enum": ["0", "1"]}, "1"),
        ),
        faults=(400, 404, 503),
    ),
    Route(
        "GET",
        "/api/capabilities",
        "readCapabilities",
        "What can be asked for now, and the limits of one message.",
        about.read_capabilities,
        Capabilities,
        faults=(503,),
    ),
    Route(
        "GET",
        "/api/health",
        "readHealth",
        "Whether the server is well.",
        about.read_health,
        Health,
        faults=(503,),
    ),
)
